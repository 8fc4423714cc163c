package io.ringfence.engine.bandit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.bandit.BetaSampler.CounterRandom;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CounterRandomTest {
    private static final long SEED = 0x0123_4567_89AB_CDEFL;

    @Test
    void shouldDrawAsSplitMixFromItsKey() {
        CounterRandom random = new CounterRandom(SEED);
        SplittableRandom splitMix = new SplittableRandom(CounterRandom.key(SEED, 77, 1, 3));

        random.rewind(77, 1, 3);

        for (int counter = 0; counter < 1_000; counter++) {
            assertEquals(splitMix.nextLong(), random.next());
        }
    }

    @Test
    void shouldRecomputeAnyDrawAlone() {
        CounterRandom random = new CounterRandom(SEED);

        for (long sequence = 1; sequence < 100; sequence++) {
            for (int arm = 0; arm < 8; arm++) {
                random.rewind(sequence, 1, arm);
                for (int counter = 0; counter < sequence % 7; counter++) {
                    assertEquals(CounterRandom.draw(SEED, sequence, 1, arm, counter), random.next());
                }
            }
        }
    }

    @Test
    void shouldKeepItsDraws() {
        assertEquals(0x533B_698C_EB10_5121L, CounterRandom.draw(0, 1, 1, 0, 0));
        assertEquals(0xF610_0EF5_E4E7_63F6L, CounterRandom.draw(-1, -1, -1, -1, -1));
    }

    @Test
    void shouldFlipHalfOfTheDrawWhenOneBitOfAnyArgumentFlips() {
        int trials = 2_000;
        for (int bit = 0; bit < 64 * 5; bit++) {
            long flipped = 0;
            for (int trial = 0; trial < trials; trial++) {
                flipped += Long.bitCount(drawWith(trial, -1) ^ drawWith(trial, bit));
            }
            double mean = (double) flipped / trials;
            // 32 bits of 64 flip; one mean of 2,000 has a deviation of 0.09; the seven of them are for 320 means.
            assertTrue(Math.abs(mean - 32) < 7 * 4 / Math.sqrt(trials), "bit=" + bit + ", mean=" + mean);
        }
    }

    @Test
    void shouldNotReachTheEndsOfTheUnitInterval() {
        CounterRandom random = new CounterRandom(SEED);
        random.rewind(1, 1, 1);
        double sum = 0;
        double sumSigned = 0;
        int draws = 1_000_000;

        for (int counter = 0; counter < draws; counter++) {
            double uniform = random.nextUniform();
            assertTrue(uniform > 0 && uniform < 1);
            sum += uniform;
            double signed = BetaSampler.CounterRandom.signed(random.next());
            assertTrue(signed >= -1 && signed < 1);
            sumSigned += signed;
        }

        assertEquals(0.5, sum / draws, 5 * 0.2887 / Math.sqrt(draws));
        assertEquals(0, sumSigned / draws, 5 * 0.5774 / Math.sqrt(draws));
    }

    /** The draw of a trial with one bit flipped: 64 of the seed, the sequence and the counter each, 32 of purpose and arm each. */
    private static long drawWith(int trial, int bit) {
        long seed = 1_000 + trial;
        long sequence = 1 + trial;
        int purpose = 1;
        int arm = trial & 7;
        long counter = trial % 5;
        long mask = 1L << (bit & 63);
        return switch (bit < 0 ? -1 : bit >> 6) {
            case 0 -> CounterRandom.draw(seed ^ mask, sequence, purpose, arm, counter);
            case 1 -> CounterRandom.draw(seed, sequence ^ mask, purpose, arm, counter);
            case 2 -> CounterRandom.draw(seed, sequence, purpose, arm, counter ^ mask);
            case 3 -> CounterRandom.draw(seed, sequence, purpose ^ (1 << (bit & 31)), arm, counter);
            case 4 -> CounterRandom.draw(seed, sequence, purpose, arm ^ (1 << (bit & 31)), counter);
            default -> CounterRandom.draw(seed, sequence, purpose, arm, counter);
        };
    }
}
