package io.ringfence.engine.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SortRoomTest {
    private final SortRoom room = new SortRoom();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 2_047, 2_048, 2_049, 4_096, 6_145, 100_000})
    void shouldSortInUnsignedOrderWhateverTheNumberOfRuns(int count) {
        long[] keys = new SplittableRandom(count).longs(count).toArray();
        long[] expected = Arrays.stream(keys)
                .boxed()
                .sorted(Long::compareUnsigned)
                .mapToLong(Long::longValue)
                .toArray();
        room.reserve(count);
        System.arraycopy(keys, 0, room.keys(), 0, count);

        long[] sorted = room.sort(count, StateWriter.NO_REST);

        assertArrayEquals(expected, Arrays.copyOf(sorted, count));
    }

    @Test
    void shouldLetItsThreadRestOftenAndKeepItsArrays() {
        int count = 1 << 17;
        room.reserve(count);
        long[] first = room.keys();
        int[] rests = {0};

        long[] sorted = room.sort(count, () -> rests[0]++);
        room.reserve(count);
        room.sort(count, StateWriter.NO_REST);

        assertTrue(rests[0] >= count / 2_048, "rests=" + rests[0]);
        assertTrue(first == sorted || first == room.sort(count, StateWriter.NO_REST));
    }
}
