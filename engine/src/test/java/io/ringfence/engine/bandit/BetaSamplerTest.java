package io.ringfence.engine.bandit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BetaSamplerTest {
    private static final long SEED = 20_261_121;
    private static final long U32_MAX = 0xFFFF_FFFFL;

    /** Shapes from 1/256 to the end of u32, so that every branch of the sampler is in the pinned draws. */
    private static final long[] COUNTS = {1, 100, 255, 256, 257, 2_000, 5_000, 100_000, U32_MAX};

    private final BetaSampler sampler = new BetaSampler(SEED);

    @Test
    void shouldDrawTheSameMillionOnEveryMachine() throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (int draw = 0; draw < 1_000_000; draw++) {
            int sample = sampler.sample(draw, 1, draw & 7, COUNTS[draw % 9], COUNTS[draw / 9 % 9]);
            digest.update((byte) sample);
            digest.update((byte) (sample >>> 8));
        }

        assertEquals(
                "b60a64a7bf916b9747fdcf44294db81ab3422e9d9d5034b205fce9d2f9a76fcd",
                HexFormat.of().formatHex(digest.digest()));
    }

    @ParameterizedTest
    @CsvSource({
        "0.25, 0.25",
        "0.5, 3",
        "3, 0.5",
        "1, 1",
        "1, 4",
        "2, 3",
        "14, 11",
        "18, 7",
        "230, 20",
        "2000, 100",
        "100000, 5"
    })
    void shouldHaveTheMeanAndVarianceOfItsDistribution(double a, double b) {
        int draws = 200_000;
        double sum = 0;
        double sumOfSquares = 0;
        for (int draw = 0; draw < draws; draw++) {
            double sample =
                    (sampler.sample(draw, 1, 0, Math.round(a * 256), Math.round(b * 256)) + 0.5) / BetaSampler.ONE;
            sum += sample;
            sumOfSquares += sample * sample;
        }
        double mean = sum / draws;
        double variance = sumOfSquares / draws - mean * mean;

        double expectedVariance = a * b / ((a + b) * (a + b) * (a + b + 1));
        assertEquals(a / (a + b), mean, 5 * Math.sqrt(expectedVariance / draws) + 1e-9);
        // The rounding to 1/65,536 adds a twelfth of its square; 3 % is above five deviations of any variance here.
        double rounding = 1.0 / 12 / BetaSampler.ONE / BetaSampler.ONE;
        assertEquals(expectedVariance + rounding, variance, 0.03 * expectedVariance);
    }

    @Test
    void shouldSplitTheUniformCaseEvenly() {
        int[] bins = new int[64];
        int draws = 640_000;
        for (int draw = 0; draw < draws; draw++) {
            bins[sampler.sample(draw, 1, 0, 256, 256) >>> 10]++;
        }

        double chiSquare = 0;
        for (int bin : bins) {
            chiSquare += Math.pow(bin - draws / 64.0, 2) / (draws / 64.0);
        }
        assertTrue(chiSquare < 63 + 5 * Math.sqrt(2 * 63), "chiSquare=" + chiSquare);
    }

    @Test
    void shouldNotDependOnOtherDraws() {
        int alone = new BetaSampler(SEED).sample(500, 1, 2, 700, 900);

        for (int other = 0; other < 100; other++) {
            sampler.sample(other, 1, other & 7, 300 + other, 5_000);
            assertEquals(alone, sampler.sample(500, 1, 2, 700, 900));
        }
    }

    @Test
    void shouldDrawEachArmAndSequenceOnItsOwn() {
        int draws = 200_000;
        double products = 0;
        double nextProducts = 0;
        double before = 0;
        for (int draw = 0; draw < draws; draw++) {
            double first = sampler.sample(draw, 1, 0, 512, 512) / (double) BetaSampler.ONE - 0.5;
            double second = sampler.sample(draw, 1, 1, 512, 512) / (double) BetaSampler.ONE - 0.5;
            products += first * second;
            nextProducts += first * before;
            before = first;
        }

        double variance = 0.05;
        assertEquals(0, products / draws / variance, 5 / Math.sqrt(draws));
        assertEquals(0, nextProducts / draws / variance, 5 / Math.sqrt(draws));
    }

    @Test
    void shouldStayInRangeForTheSmallestAndTheLargestCounts() {
        for (long alpha : COUNTS) {
            for (long beta : COUNTS) {
                for (int sequence = 1; sequence < 500; sequence++) {
                    int sample = sampler.sample(sequence, 1, 0, alpha, beta);
                    assertTrue(sample >= 0 && sample < BetaSampler.ONE);
                }
            }
        }
        assertEquals(BetaSampler.ONE - 1, sampler.sample(1, 1, 0, U32_MAX, 1));
        assertEquals(0, sampler.sample(1, 1, 0, 1, U32_MAX));
    }
}
