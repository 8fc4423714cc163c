package io.ringfence.gateway.answers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SequenceIndexTest {
    @Test
    void shouldFindNothingWhenEmpty() {
        SequenceIndex index = new SequenceIndex(8);

        assertEquals(SequenceIndex.NONE, index.find(1));
        assertEquals(Long.MAX_VALUE, index.oldestSequence());
    }

    /** The twin is a list of all sequences ever added. */
    @Test
    void shouldFindWhatAPlainListFinds() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        SequenceIndex index = new SequenceIndex(100);
        List<Long> added = new ArrayList<>();
        long sequence = 0;
        for (int i = 0; i < 2_000; i++) {
            sequence += 1 + random.nextInt(5);
            index.add(sequence);
            added.add(sequence);
            long asked = Math.max(0, sequence - random.nextInt(700)) + random.nextInt(3);
            int position = added.indexOf(asked);
            boolean isKept = position >= added.size() - index.capacity() && position >= 0;

            assertEquals(isKept ? position : SequenceIndex.NONE, index.find(asked), "seed=" + seed);
        }
        assertEquals(128, index.capacity());
        assertEquals(added.get(added.size() - 128), index.oldestSequence());
        assertTrue(index.isKept(1_999));
        assertFalse(index.isKept(2_000));
        assertFalse(index.isKept(1_999 - 128));
    }
}
