package io.ringfence.engine.recent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringfence.engine.AllocatedBytes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecentRowsTest {
    private static final int KEY = 0;
    private static final int VALUE = 1;

    private final RecentRows full = RecentRows.full(50_000, 2);

    private RecentRows rows;

    private long hashMask;

    @ParameterizedTest
    @Tag("model")
    @CsvSource({ // bound, keys, mask of the hash: all of it, a few buckets, one bucket without a mark.
        "1, 3, -1",
        "7, 40, -1",
        "1500, 4000, -1",
        "4096, 4096, -1",
        "1500, 4000, 7",
        "300, 900, 0"
    })
    void shouldFindWhatAPlainListOfTheLastFinds(int bound, int keys, long mask) {
        for (long seed = 20261121; seed < 20261124; seed++) {
            Random random = new Random(seed);
            hashMask = mask;
            rows = seed % 2 == 0
                    ? RecentRows.full(bound, 2)
                    : new RecentRows(bound, 2, row -> hash(rows.cell(row, KEY)));
            Deque<long[]> twin = new ArrayDeque<>();
            for (int step = 0; step < 6 * bound + 100; step++) {
                int dice = random.nextInt(1_000);
                if (dice == 0) {
                    rows.clear();
                    twin.clear();
                } else if (dice < 100 && !twin.isEmpty()) {
                    rows.dropOldest();
                    twin.removeFirst();
                } else {
                    add(random.nextInt(keys), step, twin, bound);
                }
                long key = random.nextInt(keys);
                assertEquals(newestFirst(twin, key), found(key), "seed=" + seed + ", step=" + step);
            }
            assertEquals(twin.stream().map(row -> row[VALUE]).toList(), kept(), "seed=" + seed);
        }
    }

    @Test
    void shouldAllocateNothingOnceFull() {
        long allocated = AllocatedBytes.leastOf(() -> {
            for (int key = 0; key < 100_000; key++) {
                full.set(full.add(RecentRows.hash(key)), KEY, key);
            }
        });

        assertEquals(0, allocated);
        assertEquals(50_000, full.size());
    }

    private void add(long key, long value, Deque<long[]> twin, int bound) {
        int row = rows.add(hash(key));
        rows.set(row, KEY, key);
        rows.set(row, VALUE, value);
        if (twin.size() == bound) {
            twin.removeFirst();
        }
        twin.addLast(new long[] {key, value});
    }

    private List<Long> found(long key) {
        List<Long> values = new ArrayList<>();
        long hash = hash(key);
        for (int row = rows.find(hash); row != RecentRows.NONE; row = rows.findOlder(row, hash)) {
            if (rows.cell(row, KEY) == key) {
                values.add(rows.cell(row, VALUE));
            }
        }
        return values;
    }

    private static List<Long> newestFirst(Deque<long[]> twin, long key) {
        List<Long> values = new ArrayList<>();
        twin.descendingIterator().forEachRemaining(row -> {
            if (row[KEY] == key) {
                values.add(row[VALUE]);
            }
        });
        return values;
    }

    private List<Long> kept() {
        List<Long> values = new ArrayList<>();
        for (int index = 0; index < rows.size(); index++) {
            values.add(rows.cell(rows.row(index), VALUE));
        }
        return values;
    }

    private long hash(long key) {
        return RecentRows.hash(key) & hashMask;
    }

    @Test
    void shouldRefuseToKeepNothing() {
        assertThrows(IllegalArgumentException.class, () -> new RecentRows(0, 1, row -> 0));
    }
}
