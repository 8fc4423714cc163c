package io.ringfence.engine.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowIndexTest {
    private static final int ROWS = 300;

    private final long[] keys = new long[ROWS];

    @Test
    void shouldFindWhatStandsThroughCollisionsRemovalsAndGrowth() {
        long seed = 7;
        Random random = new Random(seed);
        RowIndex index = new RowIndex(1, row -> colliding(keys[row]));
        Map<Long, Integer> plain = new HashMap<>();

        for (int step = 0; step < 50_000; step++) {
            int row = random.nextInt(ROWS);
            if (plain.containsValue(row) && keys[row] != 0) {
                index.remove(colliding(keys[row]), row);
                plain.remove(keys[row]);
                keys[row] = 0;
            } else if (keys[row] == 0) {
                keys[row] = step + 1;
                index.add(colliding(keys[row]), row);
                plain.put(keys[row], row);
            }
            long key = 1 + random.nextInt(step + 1);
            assertEquals(plain.getOrDefault(key, RowIndex.NONE), find(index, key), "seed=" + seed + ", step=" + step);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "1, 1", "1, 3", "0, 1", "1000, 0", "1048576, 1", "65537, 1000003"})
    void shouldSpreadKeysThatGrowTogether(long firstStep, long secondStep) {
        int positions = 1 << 16;
        int[] taken = new int[positions];
        int most = 0;
        for (int key = 0; key < positions; key++) {
            long hash = RowIndex.hash(key * firstStep, key * secondStep);
            most = Math.max(most, ++taken[(int) (hash >>> 48)]);
        }

        assertTrue(most < 16, "keys on one position: " + most);
    }

    private int find(RowIndex index, long key) {
        long hash = colliding(key);
        int position = index.first(hash);
        int row = index.row(position, hash);
        while (row == RowIndex.STRANGER || row != RowIndex.NONE && keys[row] != key) {
            position = index.next(position);
            row = index.row(position, hash);
        }
        return row;
    }

    private static long colliding(long key) {
        return key % 16 << 60 | key % 5 << 29;
    }
}
