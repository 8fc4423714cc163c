package io.ringfence.engine.selection;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringfence.engine.AllocatedBytes;
import io.ringfence.engine.bandit.Lesson;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CandidatePosteriorsTest {
    private final CandidatePosteriors posteriors = new CandidatePosteriors();

    @Test
    void shouldAddUpLessonsPerCandidate() {
        posteriors.learn(7, 256);
        posteriors.learn(7, -256);
        posteriors.learn(7, 128);
        posteriors.learn(0xFFFF_FFFFL, -256);

        assertEquals(256 + 192, posteriors.successes(7));
        assertEquals(256 + 64, posteriors.failures(7));
        assertEquals(256, posteriors.failures(0xFFFF_FFFFL));
        assertEquals(0, posteriors.successes(8));
    }

    @Test
    void shouldLearnNothingOfNobodyNorFromNothing() {
        posteriors.learn(0, 256);
        posteriors.learn(7, Lesson.NOTHING);

        assertEquals(0, state(posteriors).length);
    }

    @Test
    void shouldHalveBothCountsWhenOneIsFull() {
        int full = Integer.MAX_VALUE / 256;
        for (int lesson = 0; lesson < full; lesson++) {
            posteriors.learn(7, 256);
        }
        posteriors.learn(7, -256);
        assertEquals(full * 256L, posteriors.successes(7));

        posteriors.learn(7, 256);

        assertEquals(full * 256L / 2 + 256, posteriors.successes(7));
        assertEquals(128, posteriors.failures(7));
    }

    @Test
    void shouldRestoreWhatItWroteWhateverTheOrderOfLearning() {
        Random random = new Random(9);
        long[] ids = random.longs(1_000, 1, 1L << 32).toArray();
        CandidatePosteriors backwards = new CandidatePosteriors();
        for (int index = 0; index < ids.length; index++) {
            posteriors.learn(ids[index], (int) (ids[index] % 257));
            backwards.learn(ids[ids.length - 1 - index], (int) (ids[ids.length - 1 - index] % 257));
        }
        byte[] state = state(posteriors);
        CandidatePosteriors restored = new CandidatePosteriors();
        restored.learn(5, 256);

        restored.readState(new StateReader(state, 0, state.length));

        assertArrayEquals(state, state(backwards));
        assertArrayEquals(state, state(restored));
    }

    @Test
    void shouldAllocateNothingForCandidatesItKnows() {
        for (long id = 1; id <= 22; id++) {
            posteriors.learn(id, 256);
        }

        long allocated = AllocatedBytes.leastOf(() -> {
            for (int round = 0; round < 100_000; round++) {
                posteriors.learn(1 + round % 22, round % 256);
            }
        });

        assertEquals(0, allocated);
    }

    private static byte[] state(CandidatePosteriors posteriors) {
        StateWriter writer = new StateWriter();
        posteriors.writeState(writer);
        return Arrays.copyOf(writer.byteArray(), writer.position());
    }
}
