package io.ringfence.engine.policy;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.agrona.BitUtil.SIZE_OF_BYTE;
import static org.agrona.BitUtil.SIZE_OF_INT;
import static org.agrona.BitUtil.SIZE_OF_LONG;
import static org.agrona.BitUtil.SIZE_OF_SHORT;

import io.ringfence.engine.policy.Adaptive.TierPrior;
import io.ringfence.engine.policy.Policy.UseCase;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Encodes the adaptive part of a policy: the {@code ADAPTIVE} section. Equal parts have equal bytes.
 *
 * <p>All integers little endian, no padding; t = tier count, u = use case count:
 * <pre>
 *  head, 7 + 2 t bytes
 *  +--------+------------+----------------+-------------------+---------------------+
 *  | layout | tier count | use case count | half-life minutes | t x tier floor bps  |
 *  | u8 = 5 | u8 1..8    | u8 0..64       | u32               | u16, ascending      |
 *  +--------+------------+----------------+-------------------+---------------------+
 *  then u use cases, ascending by code, 102 + 8 t bytes each
 *  +------+--------------+-----------+------+------------+--------+---------+
 *  | code | value micros | value bps | risk | confidence | output | latency |
 *  | u8   | i64          | u32       | u16  | u16        | u32    | u32     |
 *  +------+------+-------+-----------+------+-+----------+--------+---------+
 *  | hard floor  | recommended floor | target |
 *  | u16         | u16               | u16    |
 *  +--------+----+--+-------------+--+--------+--+-----------+--------------+
 *  | method | rate  | near micros | period in ns | decisions | spend micros |
 *  | u8     | u16   | i64         | i64          | u32       | i64          |
 *  +--------+-------+-------------+--------------+-----------+--------------+
 *  | weights  | cost micros | latency ms | threshold |
 *  | 5 x u16  | i64         | u32        | u16       |
 *  +----------+-------------+------------+-----------+
 *  | past | slack | drift | tolerated | divergence |
 *  | u32  | u16   | u32   | u16       | u32        |  of alarms; window, and thresholds in outcomes
 *  +------+-------+-------+---------+-+------------+
 *  | t x prior                    |
 *  | u32 successes, u32 failures  |
 *  +------------------------------+
 * </pre>
 *
 * <p>Safe from any thread; allocates.
 */
public final class AdaptiveCodec {
    private static final int LAYOUT = 5;

    private static final int LAYOUT_OFFSET = 0;
    private static final int TIER_COUNT_OFFSET = LAYOUT_OFFSET + SIZE_OF_BYTE;
    private static final int USE_CASE_COUNT_OFFSET = TIER_COUNT_OFFSET + SIZE_OF_BYTE;
    private static final int HALF_LIFE_OFFSET = USE_CASE_COUNT_OFFSET + SIZE_OF_BYTE;
    private static final int TIER_FLOORS_OFFSET = HALF_LIFE_OFFSET + SIZE_OF_INT;

    private static final int CODE_OFFSET = 0;
    private static final int VALUE_OFFSET = CODE_OFFSET + SIZE_OF_BYTE;
    private static final int VALUE_OF_NOTIONAL_OFFSET = VALUE_OFFSET + SIZE_OF_LONG;
    private static final int RISK_OFFSET = VALUE_OF_NOTIONAL_OFFSET + SIZE_OF_INT;
    private static final int CONFIDENCE_OFFSET = RISK_OFFSET + SIZE_OF_SHORT;
    private static final int OUTPUT_UNITS_OFFSET = CONFIDENCE_OFFSET + SIZE_OF_SHORT;
    private static final int LATENCY_OFFSET = OUTPUT_UNITS_OFFSET + SIZE_OF_INT;
    private static final int HARD_FLOOR_OFFSET = LATENCY_OFFSET + SIZE_OF_INT;
    private static final int RECOMMENDED_FLOOR_OFFSET = HARD_FLOOR_OFFSET + SIZE_OF_SHORT;
    private static final int TARGET_OFFSET = RECOMMENDED_FLOOR_OFFSET + SIZE_OF_SHORT;
    private static final int METHOD_OFFSET = TARGET_OFFSET + SIZE_OF_SHORT;
    private static final int RATE_OFFSET = METHOD_OFFSET + SIZE_OF_BYTE;
    private static final int NEAR_OFFSET = RATE_OFFSET + SIZE_OF_SHORT;
    private static final int PERIOD_OFFSET = NEAR_OFFSET + SIZE_OF_LONG;
    private static final int DECISIONS_OFFSET = PERIOD_OFFSET + SIZE_OF_LONG;
    private static final int SPEND_OFFSET = DECISIONS_OFFSET + SIZE_OF_INT;
    private static final int QUALITY_WEIGHT_OFFSET = SPEND_OFFSET + SIZE_OF_LONG;
    private static final int COST_WEIGHT_OFFSET = QUALITY_WEIGHT_OFFSET + SIZE_OF_SHORT;
    private static final int LATENCY_WEIGHT_OFFSET = COST_WEIGHT_OFFSET + SIZE_OF_SHORT;
    private static final int RETRY_WEIGHT_OFFSET = LATENCY_WEIGHT_OFFSET + SIZE_OF_SHORT;
    private static final int ESCALATION_WEIGHT_OFFSET = RETRY_WEIGHT_OFFSET + SIZE_OF_SHORT;
    private static final int REWARD_COST_OFFSET = ESCALATION_WEIGHT_OFFSET + SIZE_OF_SHORT;
    private static final int REWARD_LATENCY_OFFSET = REWARD_COST_OFFSET + SIZE_OF_LONG;
    private static final int THRESHOLD_OFFSET = REWARD_LATENCY_OFFSET + SIZE_OF_INT;
    private static final int WINDOW_OFFSET = THRESHOLD_OFFSET + SIZE_OF_SHORT;
    private static final int SLACK_OFFSET = WINDOW_OFFSET + SIZE_OF_INT;
    private static final int DRIFT_OFFSET = SLACK_OFFSET + SIZE_OF_SHORT;
    private static final int TOLERATED_OFFSET = DRIFT_OFFSET + SIZE_OF_INT;
    private static final int DIVERGENCE_OFFSET = TOLERATED_OFFSET + SIZE_OF_SHORT;
    private static final int PRIORS_OFFSET = DIVERGENCE_OFFSET + SIZE_OF_INT;

    private static final int PRIOR_SUCCESSES_OFFSET = 0;
    private static final int PRIOR_FAILURES_OFFSET = PRIOR_SUCCESSES_OFFSET + SIZE_OF_INT;
    private static final int PRIOR_LENGTH = PRIOR_FAILURES_OFFSET + SIZE_OF_INT;

    private static final ExplorationRule.Method[] METHODS = ExplorationRule.Method.values();

    private static final long U32_MASK = 0xFFFF_FFFFL;

    private AdaptiveCodec() {}

    /** The canonical bytes. */
    public static byte[] encode(Adaptive adaptive) {
        int tierCount = adaptive.tierCount();
        byte[] bytes = new byte[length(tierCount, adaptive.useCases().size())];
        UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        buffer.putByte(LAYOUT_OFFSET, (byte) LAYOUT);
        buffer.putByte(TIER_COUNT_OFFSET, (byte) tierCount);
        buffer.putByte(USE_CASE_COUNT_OFFSET, (byte) adaptive.useCases().size());
        putU32(buffer, HALF_LIFE_OFFSET, adaptive.halfLifeMinutes());
        for (int tier = 0; tier < tierCount; tier++) {
            putU16(buffer, TIER_FLOORS_OFFSET + tier * SIZE_OF_SHORT, adaptive.tierFloorBps(tier));
        }
        int offset = headLength(tierCount);
        for (UseCase useCase : adaptive.useCases()) {
            encode(buffer, offset, useCase);
            offset += useCaseLength(tierCount);
        }
        return bytes;
    }

    private static void encode(UnsafeBuffer buffer, int offset, ExplorationRule rule) {
        buffer.putByte(offset + METHOD_OFFSET, (byte) rule.method().ordinal());
        putU16(buffer, offset + RATE_OFFSET, rule.rateBps());
        buffer.putLong(offset + NEAR_OFFSET, rule.nearMicros(), LITTLE_ENDIAN);
        buffer.putLong(offset + PERIOD_OFFSET, rule.periodNs(), LITTLE_ENDIAN);
        putU32(buffer, offset + DECISIONS_OFFSET, rule.decisionsMax());
        buffer.putLong(offset + SPEND_OFFSET, rule.spendMaxMicros(), LITTLE_ENDIAN);
    }

    private static void encode(UnsafeBuffer buffer, int offset, RewardRule rule) {
        putU16(buffer, offset + QUALITY_WEIGHT_OFFSET, rule.qualityWeight());
        putU16(buffer, offset + COST_WEIGHT_OFFSET, rule.costWeight());
        putU16(buffer, offset + LATENCY_WEIGHT_OFFSET, rule.latencyWeight());
        putU16(buffer, offset + RETRY_WEIGHT_OFFSET, rule.retryWeight());
        putU16(buffer, offset + ESCALATION_WEIGHT_OFFSET, rule.escalationWeight());
        buffer.putLong(offset + REWARD_COST_OFFSET, rule.costMicros(), LITTLE_ENDIAN);
        putU32(buffer, offset + REWARD_LATENCY_OFFSET, rule.latencyMs());
        putU16(buffer, offset + THRESHOLD_OFFSET, rule.thresholdBps());
    }

    private static void encode(UnsafeBuffer buffer, int offset, AlarmRule rule) {
        putU32(buffer, offset + WINDOW_OFFSET, rule.window());
        putU16(buffer, offset + SLACK_OFFSET, rule.slackBps());
        putU32(buffer, offset + DRIFT_OFFSET, rule.driftOutcomes());
        putU16(buffer, offset + TOLERATED_OFFSET, rule.toleratedBps());
        putU32(buffer, offset + DIVERGENCE_OFFSET, rule.divergenceOutcomes());
    }

    /**
     * Reads an adaptive part. Bad bytes never throw.
     *
     * @param offset of the first byte; the range must lie within the buffer.
     * @param length of the section in bytes.
     * @return the adaptive part, or the first rule it breaks.
     */
    public static Checked<Adaptive, AdaptiveFault> decode(DirectBuffer buffer, int offset, int length) {
        if (length < TIER_FLOORS_OFFSET) {
            return truncated(TIER_FLOORS_OFFSET);
        }
        int layout = u8(buffer, offset + LAYOUT_OFFSET);
        if (layout != LAYOUT) {
            return Checked.refused(AdaptiveFault.of(AdaptiveFault.Rule.LAYOUT_UNKNOWN, layout));
        }
        int tierCount = u8(buffer, offset + TIER_COUNT_OFFSET);
        if (tierCount < 1 || tierCount > Adaptive.TIERS_MAX) {
            return Checked.refused(AdaptiveFault.of(AdaptiveFault.Rule.TIER_COUNT, tierCount));
        }
        int useCaseCount = u8(buffer, offset + USE_CASE_COUNT_OFFSET);
        if (useCaseCount > Adaptive.USE_CASES_MAX) {
            return Checked.refused(AdaptiveFault.of(AdaptiveFault.Rule.USE_CASE_COUNT, useCaseCount));
        }
        int expectedLength = length(tierCount, useCaseCount);
        if (length < expectedLength) {
            return truncated(expectedLength);
        }
        if (length > expectedLength) {
            return Checked.refused(AdaptiveFault.of(AdaptiveFault.Rule.TRAILING_BYTES, length - expectedLength));
        }
        int useCases = offset + headLength(tierCount);
        for (int index = 0; index < useCaseCount; index++) {
            int at = useCases + index * useCaseLength(tierCount);
            int method = u8(buffer, at + METHOD_OFFSET);
            if (method >= METHODS.length) {
                int code = u8(buffer, at + CODE_OFFSET);
                return Checked.refused(AdaptiveFault.ofUseCase(AdaptiveFault.Rule.EXPLORATION_METHOD, code, method));
            }
        }
        return Adaptive.of(
                tierFloors(buffer, offset + TIER_FLOORS_OFFSET, tierCount),
                useCases(buffer, useCases, useCaseCount, tierCount),
                u32(buffer, offset + HALF_LIFE_OFFSET));
    }

    private static void encode(UnsafeBuffer buffer, int offset, UseCase useCase) {
        UseCase.Defaults defaults = useCase.defaults();
        buffer.putByte(offset + CODE_OFFSET, (byte) useCase.code());
        buffer.putLong(offset + VALUE_OFFSET, defaults.businessValueMicros(), LITTLE_ENDIAN);
        putU32(buffer, offset + VALUE_OF_NOTIONAL_OFFSET, defaults.valueBpsOfNotional());
        putU16(buffer, offset + RISK_OFFSET, defaults.riskBps());
        putU16(buffer, offset + CONFIDENCE_OFFSET, defaults.confidenceBps());
        putU32(buffer, offset + OUTPUT_UNITS_OFFSET, defaults.outputUnits());
        putU32(buffer, offset + LATENCY_OFFSET, defaults.maxP95LatencyMs());
        putU16(buffer, offset + HARD_FLOOR_OFFSET, useCase.hardFloorBps());
        putU16(buffer, offset + RECOMMENDED_FLOOR_OFFSET, useCase.recommendedFloorBps());
        putU16(buffer, offset + TARGET_OFFSET, useCase.targetSuccessBps());
        encode(buffer, offset, useCase.exploration());
        encode(buffer, offset, useCase.reward());
        encode(buffer, offset, useCase.alarms());
        int priorOffset = offset + PRIORS_OFFSET;
        for (TierPrior prior : useCase.priors()) {
            putU32(buffer, priorOffset + PRIOR_SUCCESSES_OFFSET, prior.successes());
            putU32(buffer, priorOffset + PRIOR_FAILURES_OFFSET, prior.failures());
            priorOffset += PRIOR_LENGTH;
        }
    }

    private static int[] tierFloors(DirectBuffer buffer, int offset, int tierCount) {
        int[] floorsBps = new int[tierCount];
        for (int tier = 0; tier < tierCount; tier++) {
            floorsBps[tier] = u16(buffer, offset + tier * SIZE_OF_SHORT);
        }
        return floorsBps;
    }

    private static List<UseCase> useCases(DirectBuffer buffer, int offset, int useCaseCount, int tierCount) {
        List<UseCase> useCases = new ArrayList<>(useCaseCount);
        for (int index = 0; index < useCaseCount; index++) {
            useCases.add(useCase(buffer, offset + index * useCaseLength(tierCount), tierCount));
        }
        return useCases;
    }

    private static UseCase useCase(DirectBuffer buffer, int offset, int tierCount) {
        UseCase.Defaults defaults = new UseCase.Defaults(
                buffer.getLong(offset + VALUE_OFFSET, LITTLE_ENDIAN),
                u32(buffer, offset + VALUE_OF_NOTIONAL_OFFSET),
                u16(buffer, offset + RISK_OFFSET),
                u16(buffer, offset + CONFIDENCE_OFFSET),
                u32(buffer, offset + OUTPUT_UNITS_OFFSET),
                u32(buffer, offset + LATENCY_OFFSET));
        List<TierPrior> priors = new ArrayList<>(tierCount);
        for (int tier = 0; tier < tierCount; tier++) {
            int priorOffset = offset + PRIORS_OFFSET + tier * PRIOR_LENGTH;
            priors.add(new TierPrior(
                    u32(buffer, priorOffset + PRIOR_SUCCESSES_OFFSET),
                    u32(buffer, priorOffset + PRIOR_FAILURES_OFFSET)));
        }
        return new UseCase(
                u8(buffer, offset + CODE_OFFSET),
                defaults,
                u16(buffer, offset + HARD_FLOOR_OFFSET),
                u16(buffer, offset + RECOMMENDED_FLOOR_OFFSET),
                u16(buffer, offset + TARGET_OFFSET),
                priors,
                exploration(buffer, offset),
                reward(buffer, offset),
                alarms(buffer, offset));
    }

    private static AlarmRule alarms(DirectBuffer buffer, int offset) {
        return new AlarmRule(
                u32(buffer, offset + WINDOW_OFFSET),
                u16(buffer, offset + SLACK_OFFSET),
                u32(buffer, offset + DRIFT_OFFSET),
                u16(buffer, offset + TOLERATED_OFFSET),
                u32(buffer, offset + DIVERGENCE_OFFSET));
    }

    private static RewardRule reward(DirectBuffer buffer, int offset) {
        return new RewardRule(
                u16(buffer, offset + QUALITY_WEIGHT_OFFSET),
                u16(buffer, offset + COST_WEIGHT_OFFSET),
                u16(buffer, offset + LATENCY_WEIGHT_OFFSET),
                u16(buffer, offset + RETRY_WEIGHT_OFFSET),
                u16(buffer, offset + ESCALATION_WEIGHT_OFFSET),
                buffer.getLong(offset + REWARD_COST_OFFSET, LITTLE_ENDIAN),
                u32(buffer, offset + REWARD_LATENCY_OFFSET),
                u16(buffer, offset + THRESHOLD_OFFSET));
    }

    private static ExplorationRule exploration(DirectBuffer buffer, int offset) {
        return new ExplorationRule(
                METHODS[u8(buffer, offset + METHOD_OFFSET)],
                u16(buffer, offset + RATE_OFFSET),
                buffer.getLong(offset + NEAR_OFFSET, LITTLE_ENDIAN),
                buffer.getLong(offset + PERIOD_OFFSET, LITTLE_ENDIAN),
                u32(buffer, offset + DECISIONS_OFFSET),
                buffer.getLong(offset + SPEND_OFFSET, LITTLE_ENDIAN));
    }

    private static Checked<Adaptive, AdaptiveFault> truncated(int expectedLength) {
        return Checked.refused(AdaptiveFault.of(AdaptiveFault.Rule.TRUNCATED, expectedLength));
    }

    private static int length(int tierCount, int useCaseCount) {
        return headLength(tierCount) + useCaseCount * useCaseLength(tierCount);
    }

    private static int headLength(int tierCount) {
        return TIER_FLOORS_OFFSET + tierCount * SIZE_OF_SHORT;
    }

    private static int useCaseLength(int tierCount) {
        return PRIORS_OFFSET + tierCount * PRIOR_LENGTH;
    }

    private static int u8(DirectBuffer buffer, int offset) {
        return buffer.getByte(offset) & 0xFF;
    }

    private static int u16(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset, LITTLE_ENDIAN) & 0xFFFF;
    }

    private static long u32(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset, LITTLE_ENDIAN) & U32_MASK;
    }

    private static void putU16(UnsafeBuffer buffer, int offset, int value) {
        buffer.putShort(offset, (short) value, LITTLE_ENDIAN);
    }

    private static void putU32(UnsafeBuffer buffer, int offset, long value) {
        buffer.putInt(offset, (int) value, LITTLE_ENDIAN);
    }
}
