package io.ringfence.engine.regime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Random;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RollingMomentsTest {
    private static final long X_MAX = (1L << 22) - 1;

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 100, 65_536})
    void shouldBeTheMeanAndSpreadOfAllValuesUntilTheWindowIsFull(int window) {
        Random random = new Random(window);
        RollingMoments moments = new RollingMoments(window);
        BigInteger sum = BigInteger.ZERO;
        BigInteger squares = BigInteger.ZERO;
        for (int n = 1; n <= window; n++) {
            long x = random.nextInt(1 << (1 + random.nextInt(22)));
            moments.add(x);
            sum = sum.add(BigInteger.valueOf(x));
            squares = squares.add(BigInteger.valueOf(x * x));

            double exactMean = sum.doubleValue() / n;
            double exactSpread = squares.multiply(BigInteger.valueOf(n))
                            .subtract(sum.multiply(sum))
                            .doubleValue()
                    / n;
            assertEquals(exactMean, moments.mean() / 65_536.0, 0.5);
            // Each term is off by up to half a unit in either factor, so by at most the sum of both deviations,
            // roughly.
            double tolerance = 1 + 2 * Math.sqrt(exactSpread * n) + n;
            assertEquals(exactSpread, moments.sumOfSquares(), tolerance);
        }
        assertTrue(moments.isFull());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 100, 65_536})
    void shouldFadeByOneWindowthOnceTheWindowIsFull(int window) {
        Random random = new Random(window);
        RollingMoments moments = new RollingMoments(window);
        for (int n = 0; n < window; n++) {
            moments.add(1_000_000 + random.nextInt(500_000));
        }
        double mean = moments.mean() / 65_536.0;
        double spread = moments.sumOfSquares();

        for (int n = 0; n < 200_000; n++) {
            long x = 2_000_000 + random.nextInt(1_000_000);
            moments.add(x);
            double before = x - mean;
            mean += before / window;
            spread += before * (x - mean) - spread / window;
        }

        assertEquals(mean, moments.mean() / 65_536.0, 1);
        assertEquals(spread, moments.sumOfSquares(), 1e-5 * spread);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 65_536})
    void shouldHoldTheWidestSpreadForever(int window) {
        RollingMoments moments = new RollingMoments(window);
        long[] n = {0};
        LongSupplier alternating = () -> (n[0]++ & 1) == 0 ? 0 : X_MAX;

        for (int round = 0; round < 10 * window; round++) {
            moments.add(alternating.getAsLong());
            assertTrue(moments.sumOfSquares() >= 0 && moments.sumOfSquares() < 1L << 61);
            assertTrue(moments.mean() >= 0 && moments.mean() >> 16 <= X_MAX);
        }
        for (int round = 0; round < window; round++) { // One after the other end: the largest single terms.
            moments.add(round < window / 2 ? 0 : X_MAX);
            assertTrue(moments.sumOfSquares() >= 0 && moments.sumOfSquares() < 1L << 61);
        }
    }

    @Test
    void shouldTestAsExactNumbersDo() {
        Random random = new Random(5);
        int window = 65_536;
        RollingMoments moments = new RollingMoments(window);
        int beyond = 0;
        for (int round = 0; round < 200_000; round++) {
            long mean = random.nextLong(X_MAX << 16);
            long spread = random.nextLong() >>> 3 >>> random.nextInt(40);
            long x = random.nextInt((int) X_MAX + 1);
            long z = random.nextInt(1 << random.nextInt(1, 19));
            moments.restore(window, mean, spread);

            BigInteger deviation = BigInteger.valueOf(((x << 16) - mean + 32_768) >> 16);
            BigInteger left = deviation.pow(2).multiply(BigInteger.valueOf(10_000L * window));
            BigInteger right = BigInteger.valueOf(z).pow(2).multiply(BigInteger.valueOf(spread));
            assertEquals(left.compareTo(right) > 0, moments.isBeyond(x, z));
            beyond += moments.isBeyond(x, z) ? 1 : 0;
        }
        assertTrue(beyond > 20_000 && beyond < 180_000, "both answers must be met: " + beyond);
    }

    @Test
    void shouldFindNoDeviationInAConstant() {
        RollingMoments moments = new RollingMoments(16);
        for (int round = 0; round < 1_000; round++) {
            moments.add(12_345);
        }

        assertEquals(12_345L << 16, moments.mean());
        assertEquals(0, moments.sumOfSquares());
        assertTrue(!moments.isBeyond(12_345, 0) && moments.isBeyond(12_346, 196_605));
    }
}
