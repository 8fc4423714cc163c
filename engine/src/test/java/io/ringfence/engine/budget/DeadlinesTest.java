package io.ringfence.engine.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private static final int ACCOUNTS = 7;

    private record Due(long deadlineNs, long id) {}

    private final Holds holds = new Holds(new Accounts(1), 4, Integer.MAX_VALUE);
    private final TreeSet<Due> plain =
            new TreeSet<>(Comparator.comparingLong(Due::deadlineNs).thenComparingLong(Due::id));

    @Test
    void shouldNameTheEarliestDeadlineThenTheLowestIdWhateverWasRemoved() {
        long seed = 99;
        Random random = new Random(seed);

        for (int step = 1; step < 20_000; step++) {
            if (random.nextInt(5) < 3) {
                add(step, random.nextInt(50));
            } else if (!plain.isEmpty()) {
                remove(random.nextBoolean() ? plain.first() : plain.ceiling(some(random)));
            }
            assertFirst(seed, step);
        }
    }

    /** Ticks with few turns each, between holds that come and go. */
    @Test
    void shouldGiveEachAccountItsTurnAsATwinDoes() {
        long seed = 7;
        Random random = new Random(seed);
        List<TreeSet<Due>> twin = new ArrayList<>();
        for (int slot = 0; slot < ACCOUNTS; slot++) {
            twin.add(new TreeSet<Due>(plain.comparator()));
        }
        for (int step = 1; step < 20_000; step++) {
            int slot = Math.min(random.nextInt(ACCOUNTS), random.nextInt(ACCOUNTS));
            TreeSet<Due> ofAccount = twin.get(slot);
            if (random.nextInt(20) < 13) {
                Due due = new Due(step + random.nextInt(100), step);
                holds.deadline(holds.add(due.id(), Positions.plainKey(slot), 0), due.deadlineNs());
                ofAccount.add(due);
            } else if (random.nextBoolean() && !ofAccount.isEmpty()) {
                Due gone = random.nextBoolean() ? ofAccount.first() : ofAccount.last();
                holds.remove(holds.find(gone.id()));
                ofAccount.remove(gone);
            } else if (random.nextInt(8) == 0) {
                assertEquals(plainTick(twin, step, 25), tick(step, 25), "seed=" + seed + ", step=" + step);
            }
        }
    }

    private List<Long> tick(long nowNs, int limit) {
        List<Long> ended = new ArrayList<>();
        int row = holds.deadlines().nextDue(nowNs);
        while (row != Holds.NONE) {
            ended.add(holds.id(row));
            holds.remove(row);
            row = ended.size() < limit ? holds.deadlines().nextDue(nowNs) : Holds.NONE;
        }
        holds.deadlines().endTurns();
        return ended;
    }

    private List<Long> plainTick(List<TreeSet<Due>> twin, long nowNs, int limit) {
        List<Long> ended = new ArrayList<>();
        Set<TreeSet<Due>> had = Collections.newSetFromMap(new IdentityHashMap<>());
        while (ended.size() < limit) {
            Optional<TreeSet<Due>> next = twin.stream()
                    .filter(due -> !due.isEmpty() && due.first().deadlineNs() <= nowNs)
                    .filter(due -> !had.contains(due))
                    .min((one, other) -> plain.comparator().compare(one.first(), other.first()));
            if (next.isEmpty() && had.isEmpty()) {
                break;
            }
            if (next.isEmpty()) {
                had.clear();
                continue;
            }
            ended.add(next.get().pollFirst().id());
            had.add(next.get());
        }
        return ended;
    }

    private Due some(Random random) {
        Due due = new Due(random.nextInt(50), 0);
        return plain.ceiling(due) == null ? plain.first() : due;
    }

    private void add(long id, long deadlineNs) {
        holds.deadline(holds.add(id, Positions.plainKey(0), 0), deadlineNs);
        plain.add(new Due(deadlineNs, id));
    }

    private void remove(Due due) {
        holds.remove(holds.find(due.id()));
        plain.remove(due);
    }

    private void assertFirst(long seed, int step) {
        if (plain.isEmpty()) {
            assertEquals(Holds.NONE, firstDue(Long.MAX_VALUE));
            return;
        }
        Due due = plain.first();
        assertTrue(firstDue(due.deadlineNs() - 1) == Holds.NONE, "seed=" + seed + ", step=" + step);
        assertEquals(due.id(), holds.id(firstDue(due.deadlineNs())), "seed=" + seed + ", step=" + step);
    }

    private int firstDue(long nowNs) {
        int row = holds.deadlines().nextDue(nowNs);
        holds.deadlines().endTurns();
        return row;
    }
}
