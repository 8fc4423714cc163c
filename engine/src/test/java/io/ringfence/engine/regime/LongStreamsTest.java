package io.ringfence.engine.regime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.regime.RegimeEstimator.Log2;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.RegimeCellDecoder;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Mean and spread of long, drifting and extreme streams beside a twin in doubles, within bounds that follow from the roundings.
 *
 * <p>A unit is 1/65,536 of a log2, or 1/256 bps. With window w:
 *
 * <ul>
 *   <li>the mean is rounded to 1/65,536 of a unit at each value, and what is off fades by 1/w: it is off by at most w / 2^17 units;
 *   <li>so a deviation is off by at most d = 1/2 + w / 2^17 units, and a term of M2 by at most d (|x - m| + |x - m'|) + d^2, to which the
 *       floor of M2/w adds less than 1. The sum of these, fading by 1/w like M2 itself, bounds what M2 is off by;
 *   <li>hence the standard deviation s is off by at most d + (d^2 + 1) / 2s units or so: less than 2.
 * </ul>
 */
@Tag("model")
class LongStreamsTest {
    private static final int REQUESTS = 1_000_000;
    private static final int LOOK_EVERY = 9_973;
    private static final int CELLS = 3;

    private final Random random = new Random(20_261_127);
    private long size;
    private long valueMicros;
    private int riskBps;

    @ParameterizedTest
    @CsvSource({
        "2, STEADY", "100, STEADY", "256, STEADY", "65536, STEADY",
        "2, DRIFTING", "100, DRIFTING", "256, DRIFTING", "65536, DRIFTING",
        "2, STEPS", "100, STEPS", "256, STEPS", "65536, STEPS",
        "2, EXTREME", "100, EXTREME", "256, EXTREME", "65536, EXTREME",
        "100, SPIKES", "256, SPIKES", "65536, SPIKES", "256, CONSTANT"
    })
    void shouldStayWithinTheBoundsOfItsRoundings(int window, Stream stream) {
        RegimeEstimator estimator = new RegimeEstimator(Long.MAX_VALUE, window, 400, 100, 250, 100);
        Twin[] twins = {new Twin(window), new Twin(window), new Twin(window)};
        for (int request = 0; request < REQUESTS; request++) {
            next(stream, request);
            estimator.observe(size, valueMicros, riskBps);
            long[] features = {Log2.q16(size), Log2.q16(valueMicros), (long) riskBps << 8};
            for (int cell = 0; cell < CELLS; cell++) {
                twins[cell].add(features[cell]);
            }
            if (request % LOOK_EVERY == 0 || request == REQUESTS - 1) {
                compare(estimator, twins, window, stream + ", window=" + window + ", request=" + request);
            }
        }
    }

    private enum Stream {
        STEADY,
        DRIFTING,
        STEPS,
        EXTREME,
        SPIKES,
        CONSTANT
    }

    /** The risk stays within the lowest quartile, so that all requests are of one regime. */
    private void next(Stream stream, int request) {
        double gaussian = random.nextGaussian();
        switch (stream) {
            case STEADY -> put(10 + gaussian, 20 + 2 * random.nextGaussian(), 1_200 + 200 * gaussian);
            case DRIFTING -> {
                double phase = request / (double) REQUESTS;
                put(
                        2 + 28 * phase + gaussian / 4,
                        30 + 20 * Math.sin(40 * phase) + gaussian,
                        2_400 * phase + 10 * gaussian);
            }
            case STEPS -> {
                boolean isHigh = request / 50_000 % 2 == 1;
                put(isHigh ? 28 : 3, isHigh ? 5 : 50, (isHigh ? 2_300 : 100) + gaussian);
            }
            case EXTREME -> {
                boolean isHigh = (request & 1) == 1;
                size = isHigh ? 0xFFFF_FFFFL : 0;
                valueMicros = isHigh ? Long.MAX_VALUE - 1 : Long.MIN_VALUE;
                riskBps = isHigh ? 2_499 : 0;
            }
            case SPIKES -> {
                boolean isSpike = random.nextInt(5_000) == 0;
                put(isSpike ? 31.9 : 4, isSpike ? 62.9 : 10 + gaussian / 100, isSpike ? 2_499 : 300);
            }
            default -> put(7.5, 33.3, 777);
        }
    }

    private void put(double log2OfSize, double log2OfValue, double risk) {
        size = (long) Math.pow(2, Math.max(0, Math.min(31.99, log2OfSize)));
        valueMicros = (long) Math.pow(2, Math.max(0, Math.min(62.9, log2OfValue)));
        riskBps = (int) Math.max(0, Math.min(2_499, risk));
    }

    private static void compare(RegimeEstimator estimator, Twin[] twins, int window, String when) {
        StateWriter writer = new StateWriter();
        estimator.writeState(writer);
        StateReader reader = new StateReader(writer.byteArray(), 0, writer.position());
        RegimeCellDecoder decoder = new RegimeCellDecoder();
        for (Twin twin : twins) {
            decoder.wrapAndApplyHeader(reader.buffer(), reader.position(), new MessageHeaderDecoder());
            reader.advance(MessageHeaderDecoder.ENCODED_LENGTH + decoder.encodedLength());
            double mean = decoder.mean() / 65_536.0;
            double sum = decoder.sumOfSquaresLow();
            assertEquals(twin.mean, mean, window / 131_072.0 + 1e-6, when + ": mean");
            assertEquals(twin.sum, sum, twin.sumBound * (1 + 1e-9) + 1e-9 * twin.sum, when + ": M2");
            if (twin.count >= window) {
                assertEquals(Math.sqrt(twin.sum / window), Math.sqrt(sum / window), 2, when + ": deviation");
            }
        }
        assertTrue(!reader.hasRemaining(), "one regime");
    }

    /** Welford in doubles, until the window is full; from then on exponentially weighted. */
    private static final class Twin {
        private final int window;
        private final double off; // Most that a deviation is off by.
        private long count;
        private double mean;
        private double sum;
        private double sumBound;

        Twin(int window) {
            this.window = window;
            off = 0.5 + window / 131_072.0;
        }

        void add(long x) {
            boolean wasFull = count >= window;
            count++;
            double before = x - mean;
            mean += before / (wasFull ? window : count);
            double after = x - mean;
            if (wasFull) {
                sum -= sum / window;
                sumBound -= sumBound / window;
            }
            sum += before * after;
            sumBound += off * (Math.abs(before) + Math.abs(after)) + off * off + (wasFull ? 1 : 0);
        }
    }
}
