package io.ringfence.engine.bandit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.apache.commons.numbers.gamma.RegularizedBeta;
import org.apache.commons.numbers.gamma.RegularizedGamma;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Kolmogorov and Smirnov's test of the doubles that the sampler draws, before they are rounded, 10^6 of each shape.
 *
 * <p>The distribution function is evaluated at every 32nd of the sorted draws. Between two of these both functions can only rise, so
 * the largest distance is bounded by theirs: what passes here passes the whole test. Of right draws one set in 1,000 is further from its
 * distribution than the bound; the seed is fixed, so a set passes always or never.
 */
@Tag("model")
class BetaDistributionTest {
    private static final long SEED = 20_261_127;
    private static final int DRAWS = 1_000_000;
    private static final int STRIDE = 32;

    /** Distance that right draws exceed once in 1,000 times: sqrt(ln(2 / 0.001) / 2n). */
    private static final double BOUND = Math.sqrt(Math.log(2 / 0.001) / 2 / DRAWS);

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "1, 2",
        "4, 1",
        "2, 3",
        "9.59375, 6.40625",
        "30, 2",
        "1.00390625, 1000",
        "250, 20",
        "1000, 1000",
        "5, 100000",
        "100000, 10000",
        "1000000, 10",
        "10, 1000000",
        "1000000, 1000000",
        "0.5, 0.5",
        "0.25, 3",
        "3, 0.25"
    })
    void shouldDrawExactlyThisDistribution(double a, double b) {
        double[] draws = draws(a, b);

        double distance = distance(draws, a, b);
        double distanceOfAnother = distance(draws, a, b * 1.02);

        assertTrue(distance < BOUND, "distance=" + distance + ", bound=" + BOUND);
        assertTrue(distanceOfAnother > BOUND, "the test must tell Beta(a, 1.02 b) apart: " + distanceOfAnother);
    }

    /** A normal has its distribution over all layers and in both tails. */
    @Test
    void shouldDrawExactlyNormals() {
        BetaSampler sampler = new BetaSampler(SEED);
        int[] beyond = new int[2]; // Of the last edge of the layers, below and above.
        double[] squares = new double[DRAWS];
        double sum = 0;
        for (int draw = 0; draw < DRAWS; draw++) {
            double normal = sampler.nextNormal();
            sum += normal;
            squares[draw] = normal * normal;
            if (Math.abs(normal) > 3.442619855899) {
                beyond[normal < 0 ? 0 : 1]++;
            }
        }
        Arrays.sort(squares);

        double distance = 0;
        double distanceOfAnother = 0;
        for (int draw = 0; draw < DRAWS; draw++) {
            double at = (draw + 0.5) / DRAWS;
            distance = Math.max(distance, Math.abs(at - RegularizedGamma.P.value(0.5, squares[draw] / 2)));
            distanceOfAnother =
                    Math.max(distanceOfAnother, Math.abs(at - RegularizedGamma.P.value(0.5, squares[draw] / 2 * 1.02)));
        }
        assertTrue(distance < BOUND, "distance=" + distance);
        assertTrue(distanceOfAnother > BOUND, "the test must tell a deviation of one percent apart");
        assertEquals(0, sum / DRAWS, 5 / Math.sqrt(DRAWS));
        double tail = RegularizedGamma.Q.value(0.5, 3.442619855899 * 3.442619855899 / 2) / 2 * DRAWS;
        assertEquals(tail, beyond[0], 5 * Math.sqrt(tail));
        assertEquals(tail, beyond[1], 5 * Math.sqrt(tail));
        double median = Math.sqrt(squares[DRAWS - (int) tail]); // Of all beyond the edge: half of both tails.
        assertEquals(0.5, RegularizedGamma.Q.value(0.5, median * median / 2) / (2 * tail / DRAWS), 0.1);
    }

    private static double[] draws(double a, double b) {
        BetaSampler sampler = new BetaSampler(SEED);
        double[] draws = new double[DRAWS];
        for (int draw = 0; draw < DRAWS; draw++) {
            draws[draw] = sampler.exactly(draw, 1, 0, Math.round(a * 256), Math.round(b * 256));
        }
        Arrays.sort(draws);
        return draws;
    }

    private static double distance(double[] sorted, double a, double b) {
        double distance = 0;
        int before = 0; // Draws up to the point before, and the distribution there.
        double atBefore = 0;
        for (int draw = STRIDE - 1; draw < DRAWS; draw += STRIDE) {
            double at = RegularizedBeta.value(sorted[draw], a, b);
            int upTo = draw + 1;
            distance = Math.max(distance, (double) upTo / DRAWS - atBefore);
            distance = Math.max(distance, at - (double) before / DRAWS);
            before = upTo;
            atBefore = at;
        }
        return Math.max(distance, 1 - (double) before / DRAWS);
    }
}
