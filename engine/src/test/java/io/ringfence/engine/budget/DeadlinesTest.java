package io.ringfence.engine.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Comparator;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
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
            assertEquals(Holds.NONE, holds.firstDue(Long.MAX_VALUE));
            return;
        }
        Due due = plain.first();
        assertTrue(holds.firstDue(due.deadlineNs() - 1) == Holds.NONE, "seed=" + seed + ", step=" + step);
        assertEquals(due.id(), holds.id(holds.firstDue(due.deadlineNs())), "seed=" + seed + ", step=" + step);
    }
}
