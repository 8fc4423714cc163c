package io.ringfence.engine.bandit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.policy.RewardRule;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.FollowUp;
import io.ringfence.schemas.OutcomeContentDecoder;
import io.ringfence.schemas.OutcomeContentEncoder;
import io.ringfence.schemas.Tristate;
import java.math.BigInteger;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RewardTest {
    private static final int NO_QUALITY = OutcomeContentEncoder.qualityBpsNullValue();
    private static final long NO_COST = OutcomeContentEncoder.realizedCostMicrosNullValue();
    private static final long NO_LATENCY = OutcomeContentEncoder.realizedLatencyMsNullValue();

    /** Costs count to 1,000 micros, latency to 200 ms. */
    private static final RewardRule RULE = new RewardRule(4, 2, 1, 2, 1, 1_000, 200, 6_000);

    private final RetryCharge charge = new RetryCharge();

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
        assertEquals(bps, Reward.bps(RULE, report(quality, success, cost, latency, followUp), charge));
    }

    @ParameterizedTest
    @CsvSource({"6000, 256", "5999, -256"})
    void shouldCallItASuccessFromTheThresholdOn(int quality, int lesson) {
        RewardRule rule = new RewardRule(1, 0, 0, 0, 0, 0, 0, 6_000);

        assertEquals(lesson, Reward.lesson(rule, report(quality, Tristate.UNKNOWN, null, null, FollowUp.NONE), charge));
    }

    @Test
    void shouldTeachAsBeforeWithoutARule() {
        assertEquals(
                256,
                Reward.lesson(
                        RewardRule.NONE, report(null, Tristate.YES, 9_999_999L, 9L, FollowUp.ESCALATION), charge));
        assertEquals(0, Reward.lesson(RewardRule.NONE, report(5_000, Tristate.NO, null, null, FollowUp.RETRY), charge));
    }

    @Test
    void shouldTeachOnlyWhatWasDoneAndMeasured() {
        assertEquals(
                Lesson.NOTHING,
                Reward.lesson(RULE, report(null, Tristate.UNKNOWN, null, null, FollowUp.RETRY), charge));
        assertEquals(
                Lesson.NOTHING,
                Reward.lesson(RULE, content(Disposition.ABANDONED, 9_000, 2, 0, 0, FollowUp.NONE), charge));
        RewardRule onRetryAlone = new RewardRule(0, 0, 0, 1, 0, 0, 0, 1);
        assertEquals(
                -256, Reward.lesson(onRetryAlone, report(null, Tristate.UNKNOWN, null, null, FollowUp.RETRY), charge));
        assertEquals(
                256, Reward.lesson(onRetryAlone, report(null, Tristate.UNKNOWN, null, null, FollowUp.NONE), charge));
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

            int bps = Reward.bps(rule, report(null, Tristate.UNKNOWN, cost, null, FollowUp.NONE), charge);

            boolean isSmall = reference <= Long.MAX_VALUE / 10_000; // Above, one bps may be lost.
            assertTrue(
                    bps <= exact && bps >= exact - (isSmall ? 0 : 1),
                    "reference=" + reference + ", cost=" + Long.toUnsignedString(cost) + ", bps=" + bps + ", exact="
                            + exact);
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = { // own cost and latency, those of the retries, what must be reported instead
                "100, 50, 400, 50,  500, 100",
                "100, -,  400, 50,  500, -", // What the decision itself does not tell stays unknown.
                "-,   50, 400, 50,  -,   100",
                "100, 50, 0,   0,   100, 50",
                "900, 50, 9223372036854775807, 4294967294, 5000, 5000"
            })
    void shouldCountRetriesAsIfTheDecisionsOwnOutcomeHadTold(
            Long cost, Long latency, long retryCost, long retryLatency, Long costInAll, Long latencyInAll) {
        int told = Reward.bps(RULE, report(8_000, Tristate.NO, costInAll, latencyInAll, FollowUp.RETRY), charge);
        charge.read(content(Disposition.APPLIED, 0, 0, retryCost, retryLatency, FollowUp.NONE));

        assertEquals(told, Reward.bps(RULE, report(8_000, Tristate.NO, cost, latency, FollowUp.NONE), charge));
        assertEquals(told, Reward.bps(RULE, report(8_000, Tristate.NO, cost, latency, FollowUp.RETRY), charge), "once");
    }

    @Test
    void shouldTeachOfARetryAloneOnlyWhereNothingElseIsWeighed() {
        OutcomeContentEncoder encoder = new OutcomeContentEncoder().wrap(new UnsafeBuffer(new byte[17]), 0);
        Revision.writeNotReported(encoder);
        OutcomeContentDecoder nothing = new OutcomeContentDecoder().wrap(encoder.buffer(), 0);
        RewardRule onRetryAlone = new RewardRule(0, 0, 0, 1, 0, 0, 0, 1);
        assertEquals(Lesson.NOTHING, Reward.lesson(onRetryAlone, nothing, charge), "nothing was retried");
        charge.read(content(Disposition.APPLIED, 0, 0, 5, 5, FollowUp.NONE));

        assertEquals(-256, Reward.lesson(onRetryAlone, nothing, charge));
        assertEquals(Lesson.NOTHING, Reward.lesson(RULE, nothing, charge));
        assertEquals(Lesson.NOTHING, Reward.lesson(RewardRule.NONE, nothing, charge));
    }

    @Test
    void shouldNeverRewardADecisionForItsRetries() {
        Random random = new Random(12);
        for (int round = 0; round < 100_000; round++) {
            RewardRule rule = new RewardRule(
                    random.nextInt(3),
                    random.nextInt(3),
                    random.nextInt(3),
                    random.nextInt(3),
                    1 + random.nextInt(3),
                    1 + random.nextInt(1_000),
                    1 + random.nextInt(1_000),
                    5_000);
            OutcomeContentDecoder outcome = content(
                    Disposition.APPLIED,
                    random.nextBoolean() ? NO_QUALITY : random.nextInt(10_001),
                    random.nextInt(3),
                    random.nextInt(4) == 0 ? NO_COST : random.nextInt(1_000),
                    random.nextInt(4) == 0 ? NO_LATENCY : random.nextInt(1_000),
                    FollowUp.get((short) random.nextInt(3)));
            charge.clear();
            int without = Reward.bps(rule, outcome, charge);
            charge.read(
                    content(Disposition.APPLIED, 0, 0, random.nextInt(1_000), random.nextInt(1_000), FollowUp.NONE));

            assertTrue(Reward.bps(rule, outcome, charge) <= without, "round " + round);
        }
    }

    @Test
    void shouldTakeNoMoreThanHasRoomAndGiveBackThatMuch() {
        RetryCharge first = new RetryCharge();
        RetryCharge second = new RetryCharge();
        RetryCharge due = new RetryCharge();
        due.read(content(Disposition.APPLIED, 0, 0, Long.MAX_VALUE - 5, 7, FollowUp.NONE));
        assertTrue(charge.replace(first, due));
        due.read(content(Disposition.APPLIED, 0, 0, -2, RetryCharge.LATENCY_MAX, FollowUp.NONE));
        assertTrue(charge.replace(second, due));

        assertEquals(RetryCharge.COST_MAX, charge.costMicros());
        assertEquals(RetryCharge.LATENCY_MAX, charge.latencyMs());
        assertEquals(5, second.costMicros());
        due.read(content(Disposition.ABANDONED, 0, 0, 9, 9, FollowUp.NONE));
        assertTrue(charge.replace(second, due));
        assertFalse(charge.replace(second, due), "it charges nothing already");
        assertEquals(Long.MAX_VALUE - 5, charge.costMicros());
        assertEquals(7, charge.latencyMs());
        assertEquals(1, charge.retries());
    }

    private static OutcomeContentDecoder report(
            Integer quality, Tristate success, Long cost, Long latency, FollowUp followUp) {
        return content(
                Disposition.APPLIED,
                quality == null ? NO_QUALITY : quality,
                success.value(),
                cost == null ? NO_COST : cost,
                latency == null ? NO_LATENCY : latency,
                followUp);
    }

    private static OutcomeContentDecoder content(
            Disposition disposition, int quality, int success, long cost, long latency, FollowUp followUp) {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[OutcomeContentEncoder.ENCODED_LENGTH]);
        new OutcomeContentEncoder()
                .wrap(buffer, 0)
                .realizedCostMicros(cost)
                .realizedLatencyMs(latency)
                .qualityBps(quality)
                .disposition(disposition.value())
                .success((short) success)
                .followUp(followUp.value());
        return new OutcomeContentDecoder().wrap(buffer, 0);
    }
}
