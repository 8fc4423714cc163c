package io.ringfence.engine.regime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.AllocatedBytes;
import io.ringfence.engine.regime.RegimeEstimator.Log2;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.RegimeCellEncoder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegimeEstimatorTest {
    private static final long THRESHOLD_MICROS = 1_000_000;
    private static final int WINDOW = 100;

    private final RegimeEstimator estimator = usual();

    @ParameterizedTest
    @CsvSource({ // value, risk, regime
        "999999, 0, 0",
        "1000000, 0, 1",
        "-9223372036854775808, 2499, 0",
        "9223372036854775807, 2499, 1",
        "0, 2500, 2",
        "1000000, 4999, 3",
        "0, 5000, 4",
        "0, 7499, 4",
        "0, 7500, 6",
        "0, 10000, 6",
        "1000000, 65535, 7"
    })
    void shouldCrossRiskQuartileWithValue(long valueMicros, int riskBps, int regime) {
        estimator.observe(1, valueMicros, riskBps);

        assertEquals(regime, estimator.regime());
    }

    @Test
    void shouldJudgeNothingBeforeItsWindowIsFull() {
        for (int request = 0; request < WINDOW; request++) {
            estimator.observe(request % 2 == 0 ? 1 : 1 << 30, 10, 100);
            assertEquals(0, estimator.severity());
            assertEquals(0, estimator.floorStepBps());
        }

        estimator.observe(1, THRESHOLD_MICROS, 100);
        assertEquals(0, estimator.severity()); // Another regime, which has seen nothing.
    }

    @ParameterizedTest
    @CsvSource({ // size, value, risk; the usual spread is one log2 of size and of value and 64 bps of risk
        "1024, 4096, 1000, -1, -100",
        "2047, 8191, 1063, -1, -100", // Within one deviation.
        "4096, 4096, 1000, 0, 0", // Two.
        "1024, 4096, 800, 0, 0", // A good three.
        "32768, 4096, 1000, 1, 250", // Five: beyond four.
        "1024, 4096, 1320, 1, 250",
        "32768, 131072, 1000, 2, 500", // Two features.
        "1048576, 4096, 1000, 2, 500", // One feature ten: beyond eight.
        "16777216, 4096, 1000, 3, 750", // Fourteen: beyond twelve.
        "1, 4096, 2000, 3, 750", // Ten and fifteen: bounded.
        "4294967295, 999999, 2499, 3, 750"
    })
    void shouldStepByHowUnusualARequestIs(long size, long valueMicros, int riskBps, int severity, int stepBps) {
        for (int request = 0; request < WINDOW; request++) {
            int sign = request % 2 == 0 ? 1 : -1;
            estimator.observe(sign > 0 ? 2_048 : 512, sign > 0 ? 8_192 : 2_048, 1_000 + 64 * sign);
        }

        estimator.observe(size, valueMicros, riskBps);

        assertEquals(severity, estimator.severity());
        assertEquals(stepBps, estimator.floorStepBps());
    }

    @Test
    void shouldJudgeByDoublesAsByIntegers() {
        Random random = new Random(11);
        DoubleTwin twin = new DoubleTwin(WINDOW);
        int[] seen = new int[5];
        for (int request = 0; request < 60_000; request++) {
            long size = (long) Math.exp(11 + random.nextGaussian() * (random.nextInt(100) == 0 ? 5 : 0.5)) + 1;
            long valueMicros = (long) Math.exp(9 + random.nextGaussian() * 0.7) + 1;
            int riskBps = (int) Math.max(0, Math.min(2_499, 1_200 + 150 * random.nextGaussian()));
            if (valueMicros >= THRESHOLD_MICROS) {
                continue;
            }
            double[] features = {log2(size), log2(valueMicros), riskBps};
            int expected = twin.severity(features);
            twin.add(features);

            estimator.observe(size, valueMicros, riskBps);

            if (expected != DoubleTwin.TOO_CLOSE) {
                assertEquals(expected, estimator.severity(), "request=" + request);
                seen[expected + 1]++;
            }
        }
        assertFalse(Arrays.stream(seen).anyMatch(count -> count < 20), Arrays.toString(seen));
    }

    @ParameterizedTest
    @CsvSource({"2, 400, 100", "3, 400, 100", "100, 1, 0", "256, 400, 100", "256, 65534, 65534", "65536, 100, 100"})
    void shouldKeepTheBitsAndJudgeAsThePlainTwin(int window, int anomalyZ, int commonZ) {
        Random random = new Random(window + anomalyZ);
        RegimeEstimator tested = new RegimeEstimator(THRESHOLD_MICROS, window, anomalyZ, commonZ, 250, 100);
        RollingMoments[] twins = new RollingMoments[24];
        Arrays.setAll(twins, cell -> new RollingMoments(window));
        int[] seen = new int[5];
        for (int request = 0; request < 400_000; request++) {
            long size = random.nextLong() >>> 1 >>> random.nextInt(63);
            long valueMicros = random.nextLong() >> random.nextInt(64);
            int riskBps = window == 65_536 ? random.nextInt(2_500) : random.nextInt(10_001);

            tested.observe(size, valueMicros, riskBps);

            long[] features = {Log2.q16(size), Log2.q16(valueMicros), riskBps << 8};
            int first = 3 * tested.regime();
            int severity = severity(Arrays.copyOfRange(twins, first, first + 3), features, anomalyZ, commonZ);
            assertEquals(severity, tested.severity(), "request=" + request);
            seen[severity + 1]++;
            for (int feature = 0; feature < 3; feature++) {
                twins[first + feature].add(features[feature]);
            }
        }
        assertArrayEquals(state(twins), state(tested));
        assertTrue(Arrays.stream(seen).filter(count -> count > 100).count() >= 2, Arrays.toString(seen));
    }

    private static int severity(RollingMoments[] moments, long[] features, int anomalyZ, int commonZ) {
        if (!moments[0].isFull()) {
            return 0;
        }
        int severity = 0;
        boolean isCommon = true;
        for (int feature = 0; feature < 3; feature++) {
            for (long times = 1; times <= 3; times++) {
                severity += moments[feature].isBeyond(features[feature], times * anomalyZ) ? 1 : 0;
            }
            isCommon &= !moments[feature].isBeyond(features[feature], commonZ);
        }
        return severity > 0 ? Math.min(severity, 3) : isCommon ? -1 : 0;
    }

    private static byte[] state(RollingMoments[] twins) {
        StateWriter writer = new StateWriter();
        RegimeCellEncoder encoder = new RegimeCellEncoder();
        for (int cell = 0; cell < twins.length; cell++) {
            if (twins[cell].count() != 0) {
                encoder.wrapAndApplyHeader(writer.buffer(), writer.position(), new MessageHeaderEncoder())
                        .regime((short) (cell / 3))
                        .feature((short) (cell % 3))
                        .count(twins[cell].count())
                        .mean(twins[cell].mean())
                        .sumOfSquares(0)
                        .sumOfSquaresLow(twins[cell].sumOfSquares());
                writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
            }
        }
        return Arrays.copyOf(writer.byteArray(), writer.position());
    }

    @Test
    void shouldBoundTheStepWhateverTheSettings() {
        RegimeEstimator steep = new RegimeEstimator(0, 2, 1, 0, 10_000, 10_000);
        steep.observe(1, -1, 0);
        steep.observe(1, -1, 0);

        steep.observe(1, -1, 0);
        assertEquals(-10_000, steep.floorStepBps());

        steep.observe(1L << 62, Long.MIN_VALUE, 2_499);
        assertEquals(3, steep.severity());
        assertEquals(10_000, steep.floorStepBps());
    }

    @Test
    void shouldGoOnAfterARestoreAsIfNothingHappened() {
        Random random = new Random(6);
        for (int request = 0; request < 5_000; request++) {
            observeAtRandom(estimator, random);
        }
        byte[] state = state(estimator);
        RegimeEstimator restored = usual();
        restored.observe(1, 1, 1);

        restored.readState(new StateReader(state, 0, state.length));

        assertArrayEquals(state, state(restored));
        for (int request = 0; request < 1_000; request++) {
            long seed = random.nextLong();
            observeAtRandom(estimator, new Random(seed));
            observeAtRandom(restored, new Random(seed));
            assertEquals(estimator.severity(), restored.severity());
            assertEquals(estimator.regime(), restored.regime());
        }
        assertArrayEquals(state(estimator), state(restored));
    }

    @Test
    void shouldWriteOnlyCellsThatHaveSeenSomething() {
        assertEquals(0, state(estimator).length);

        estimator.observe(0, 0, 0);

        assertEquals(3 * (8 + 2 + 8 + 8 + 8 + 8), state(estimator).length);
    }

    @Test
    void shouldAllocateNothingWhenWarm() {
        long allocated = AllocatedBytes.leastOf(() -> {
            for (int request = 0; request < 100_000; request++) {
                estimator.observe(request, request * 31L, request % 10_001);
            }
        });

        assertEquals(0, allocated);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 400, 100, 0, 0",
        "65537, 400, 100, 0, 0",
        "2, 0, 0, 0, 0",
        "2, 65536, 0, 0, 0",
        "2, 400, 401, 0, 0",
        "2, 400, 100, 10001, 0",
        "2, 400, 100, 0, 10001"
    })
    void shouldRefuseSettingsOutsideTheirRanges(
            int window, int anomalyZ, int commonZ, int anomalyStep, int commonStep) {
        assertThrows(
                IllegalArgumentException.class,
                () -> new RegimeEstimator(0, window, anomalyZ, commonZ, anomalyStep, commonStep));
    }

    private static void observeAtRandom(RegimeEstimator estimator, Random random) {
        long valueMicros = random.nextLong() >> random.nextInt(64);
        estimator.observe(random.nextLong() >>> 32 >>> random.nextInt(32), valueMicros, random.nextInt(10_001));
    }

    private static RegimeEstimator usual() {
        return new RegimeEstimator(THRESHOLD_MICROS, WINDOW, 400, 100, 250, 100);
    }

    private static double log2(long value) {
        return Math.log(value) / Math.log(2);
    }

    private static byte[] state(RegimeEstimator estimator) {
        StateWriter writer = new StateWriter();
        estimator.writeState(writer);
        return Arrays.copyOf(writer.byteArray(), writer.position());
    }
}
