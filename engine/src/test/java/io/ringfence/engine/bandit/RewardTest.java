package io.ringfence.engine.bandit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.policy.RewardRule;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.FollowUp;
import io.ringfence.schemas.OutcomeReportDecoder;
import io.ringfence.schemas.OutcomeReportEncoder;
import io.ringfence.schemas.Tristate;
import java.math.BigInteger;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RewardTest {
    private static final int NO_QUALITY = OutcomeReportEncoder.qualityBpsNullValue();
    private static final long NO_COST = OutcomeReportEncoder.realizedCostMicrosNullValue();
    private static final long NO_LATENCY = OutcomeReportEncoder.realizedLatencyMsNullValue();

    /** Costs count to 1,000 micros, latency to 200 ms. */
    private static final RewardRule RULE = new RewardRule(4, 2, 1, 2, 1, 1_000, 200, 6_000);

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[OutcomeReportEncoder.BLOCK_LENGTH]);

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = { // quality, success, cost, latency, follow-up, bps
                "10000, UNKNOWN, 0,    0,   NONE,       10000",
                "0,     UNKNOWN, 1000, 200, NONE,       3000",
                "8000,  NO,      500,  100, NONE,       7700",
                "8000,  NO,      500,  100, RETRY,      5700",
                "8000,  NO,      500,  100, ESCALATION, 6700",
                "-,     YES,     500,  100, NONE,       8500",
                "-,     NO,      500,  100, NONE,       4500",
                "-,     UNKNOWN, 500,  100, NONE,       7500", // Quality takes its weight with it.
                "8000,  NO,      -,    -,   NONE,       8857",
                "8000,  NO,      5000, -,   RETRY,      4666",
                "-,     UNKNOWN, -,    -,   RETRY,      -1",
                "-,     UNKNOWN, -,    100, RETRY,      3750"
            })
    void shouldWeighWhatIsKnown(
            Integer quality, Tristate success, Long cost, Long latency, FollowUp followUp, int bps) {
        assertEquals(bps, Reward.bps(RULE, report(quality, success, cost, latency, followUp)));
    }

    @ParameterizedTest
    @CsvSource({"6000, 256", "5999, -256"})
    void shouldCallItASuccessFromTheThresholdOn(int quality, int lesson) {
        RewardRule rule = new RewardRule(1, 0, 0, 0, 0, 0, 0, 6_000);

        assertEquals(lesson, Reward.lesson(rule, report(quality, Tristate.UNKNOWN, null, null, FollowUp.NONE)));
    }

    @Test
    void shouldTeachAsBeforeWithoutARule() {
        assertEquals(
                256, Reward.lesson(RewardRule.NONE, report(null, Tristate.YES, 9_999_999L, 9L, FollowUp.ESCALATION)));
        assertEquals(0, Reward.lesson(RewardRule.NONE, report(5_000, Tristate.NO, null, null, FollowUp.RETRY)));
    }

    @Test
    void shouldTeachOnlyWhatWasDoneAndMeasured() {
        OutcomeReportDecoder report = report(null, Tristate.UNKNOWN, null, null, FollowUp.RETRY);
        assertEquals(Lesson.NOTHING, Reward.lesson(RULE, report));
        new OutcomeReportEncoder()
                .wrap(buffer, 0)
                .disposition(Disposition.ABANDONED)
                .qualityBps(9_000);
        assertEquals(Lesson.NOTHING, Reward.lesson(RULE, report));
        RewardRule onRetryAlone = new RewardRule(0, 0, 0, 1, 0, 0, 0, 1);
        assertEquals(-256, Reward.lesson(onRetryAlone, report(null, Tristate.UNKNOWN, null, null, FollowUp.RETRY)));
        assertEquals(256, Reward.lesson(onRetryAlone, report(null, Tristate.UNKNOWN, null, null, FollowUp.NONE)));
    }

    @Test
    void shouldComeToThePlainMeanWhateverTheSizeOfAmounts() {
        Random random = new Random(11);
        for (int round = 0; round < 100_000; round++) {
            long reference = 1 + (random.nextLong() >>> 1 + random.nextInt(62));
            long cost = random.nextLong() >>> random.nextInt(64);
            RewardRule rule = new RewardRule(0, 1, 0, 0, 0, reference, 0, 1);
            BigInteger rest = BigInteger.valueOf(reference).subtract(new BigInteger(Long.toUnsignedString(cost)));
            int exact = rest.signum() < 0
                    ? 0
                    : rest.multiply(BigInteger.valueOf(10_000))
                            .divide(BigInteger.valueOf(reference))
                            .intValueExact();
            if (cost == NO_COST) {
                continue;
            }

            int bps = Reward.bps(rule, report(null, Tristate.UNKNOWN, cost, null, FollowUp.NONE));

            boolean isSmall = reference <= Long.MAX_VALUE / 10_000; // Above, one bps may be lost.
            assertTrue(
                    bps <= exact && bps >= exact - (isSmall ? 0 : 1),
                    "reference=" + reference + ", cost=" + Long.toUnsignedString(cost) + ", bps=" + bps + ", exact="
                            + exact);
        }
    }

    private OutcomeReportDecoder report(Integer quality, Tristate success, Long cost, Long latency, FollowUp followUp) {
        new OutcomeReportEncoder()
                .wrap(buffer, 0)
                .disposition(Disposition.APPLIED)
                .success(success)
                .qualityBps(quality == null ? NO_QUALITY : quality)
                .realizedCostMicros(cost == null ? NO_COST : cost)
                .realizedLatencyMs(latency == null ? NO_LATENCY : latency)
                .followUp(followUp);
        return new OutcomeReportDecoder()
                .wrap(buffer, 0, OutcomeReportDecoder.BLOCK_LENGTH, OutcomeReportDecoder.SCHEMA_VERSION);
    }
}
