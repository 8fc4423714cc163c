package io.ringfence.engine.command;

import io.ringfence.engine.budget.Micros;
import io.ringfence.engine.policy.Bps;
import io.ringfence.engine.policy.Policy.UseCase;
import io.ringfence.schemas.AdmissionRequestDecoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.OrderRequestDecoder;
import io.ringfence.schemas.Substitution;
import org.agrona.DirectBuffer;

/**
 * An admission request or an order as the engine reads it, once: the fields as sent, then with what the use case fills in.
 *
 * <p>The two messages share their first eighteen fields. An order's units follow from its terms: units in are its notional in whole
 * currency units, rounded up, at most 2^32 - 2; units out are 1. u32 is carried as long by value, u64 by its bits. Mutable and
 * reused; not thread safe.
 */
public final class Request {
    private static final int BODY_OFFSET = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final long ONE_UNIT = 1_000_000L;
    private static final long UNITS_MAX = 0xFFFF_FFFEL;
    private static final long NO_PARENT = AdmissionRequestDecoder.parentSequenceNullValue();
    private static final int BPS_NULL = AdmissionRequestDecoder.riskBpsNullValue();

    private final AdmissionRequestDecoder core = new AdmissionRequestDecoder();
    private final OrderRequestDecoder order = new OrderRequestDecoder();
    private boolean isOrder;
    private long accountId;
    private int useCase;
    private long requestedCandidateId;
    private int substitution;
    private long inputUnits;
    private long outputUnits;
    private long valueMicros;
    private long costLimitMicros;
    private int riskBps;
    private int confidenceBps;
    private int minimumQualityBps;
    private long maxP95LatencyMs;
    private long requiredCapabilities;
    private long allowedProviderMask;
    private long requiredRegionMask;
    private long exposureMicros;
    private long timeToLiveNs;
    private long parentSequence;
    private long instrumentId;
    private short side;
    private long quantity;
    private long limitPriceMicros;
    private long notionalMicros;
    private boolean hasOutputUnits;
    private boolean hasValue;
    private boolean hasRisk;
    private boolean hasConfidence;
    private boolean hasLatencyCap;

    /**
     * Reads a command whose header begins at 0 and whose block is whole; takes any value of any field.
     *
     * @param type {@link CommandType#ADMISSION} or {@link CommandType#ORDER}.
     */
    public void read(CommandType type, DirectBuffer command) {
        isOrder = type == CommandType.ORDER;
        core.wrap(command, BODY_OFFSET, AdmissionRequestDecoder.BLOCK_LENGTH, AdmissionRequestDecoder.SCHEMA_VERSION);
        accountId = core.accountId();
        useCase = core.useCase();
        requestedCandidateId = core.requestedCandidateId();
        substitution = core.substitutionRaw();
        valueMicros = core.businessValueMicros();
        hasValue = valueMicros != AdmissionRequestDecoder.businessValueMicrosNullValue();
        costLimitMicros = core.costLimitMicros();
        riskBps = core.riskBps();
        hasRisk = riskBps != BPS_NULL;
        confidenceBps = core.confidenceBps();
        hasConfidence = confidenceBps != BPS_NULL;
        minimumQualityBps = core.minimumQualityBps();
        maxP95LatencyMs = core.maxP95LatencyMs();
        hasLatencyCap = maxP95LatencyMs != AdmissionRequestDecoder.maxP95LatencyMsNullValue();
        requiredCapabilities = core.requiredCapabilities();
        allowedProviderMask = core.allowedProviderMask();
        requiredRegionMask = core.requiredRegionMask();
        long exposure = core.exposureMicros();
        exposureMicros = exposure == AdmissionRequestDecoder.exposureMicrosNullValue() ? 0 : exposure;
        if (isOrder) {
            readOrder(command);
        } else {
            inputUnits = core.inputUnits();
            outputUnits = core.outputUnits();
            hasOutputUnits = outputUnits != AdmissionRequestDecoder.outputUnitsNullValue();
            timeToLiveNs = core.timeToLiveNs();
            parentSequence = core.parentSequence();
            notionalMicros = 0;
        }
    }

    private void readOrder(DirectBuffer command) {
        order.wrap(command, BODY_OFFSET, OrderRequestDecoder.BLOCK_LENGTH, OrderRequestDecoder.SCHEMA_VERSION);
        instrumentId = order.instrumentId();
        side = order.sideRaw();
        quantity = order.quantity();
        limitPriceMicros = order.limitPriceMicros();
        timeToLiveNs = AdmissionRequestDecoder.timeToLiveNsNullValue();
        parentSequence = NO_PARENT;
        notionalMicros = hasBoundedTerms() ? Micros.cappedMicros(quantity, limitPriceMicros) : 0;
        long units = notionalMicros / ONE_UNIT;
        inputUnits = Math.min(units * ONE_UNIT == notionalMicros ? units : units + 1, UNITS_MAX);
        outputUnits = 1;
        hasOutputUnits = true;
    }

    /** Does it retry an earlier decision? An order never does. */
    public boolean hasParent() {
        return parentSequence != NO_PARENT;
    }

    /** The decision that it retries, as sent; SBE null for none. */
    public long parentSequence() {
        return parentSequence;
    }

    /** Are the proportions at most one, and an order's quantity and limit price positive? */
    public boolean isInRange() {
        return (!hasRisk || riskBps <= Bps.ONE)
                && (!hasConfidence || confidenceBps <= Bps.ONE)
                && (!hasMinimumQuality() || minimumQualityBps <= Bps.ONE)
                && (!isOrder || hasBoundedTerms());
    }

    private boolean hasBoundedTerms() {
        return quantity > 0 && limitPriceMicros > 0;
    }

    /** Fills what the client left null, but for the floor, from its use case. */
    public void fill(UseCase rules) {
        UseCase.Defaults defaults = rules.defaults();
        if (!hasOutputUnits) {
            outputUnits = defaults.outputUnits();
        }
        if (!hasValue) {
            valueMicros = isOrder ? defaults.orderValueMicros(notionalMicros) : defaults.businessValueMicros();
        }
        if (!hasRisk) {
            riskBps = defaults.riskBps();
        }
        if (!hasConfidence) {
            confidenceBps = defaults.confidenceBps();
        }
        if (!hasLatencyCap) {
            maxP95LatencyMs = defaults.maxP95LatencyMs();
        }
    }

    /** An order, or an admission request? */
    public boolean isOrder() {
        return isOrder;
    }

    public long accountId() {
        return accountId;
    }

    /** 0..255 as sent; the policy says which are defined. */
    public int useCase() {
        return useCase;
    }

    /** u32; 0 asks for any. */
    public long requestedCandidateId() {
        return requestedCandidateId;
    }

    /** May another candidate than the requested one act? Not if the code of its substitution is unknown. */
    public boolean mayBeSubstituted() {
        return substitution == Substitution.ALLOWED.value();
    }

    /** The raw code of its substitution, which may be unknown. */
    public int substitution() {
        return substitution;
    }

    /** u32. */
    public long inputUnits() {
        return inputUnits;
    }

    /** u32. */
    public long outputUnits() {
        return outputUnits;
    }

    /** Are the units out given? Always for an order. */
    public boolean hasOutputUnits() {
        return hasOutputUnits;
    }

    /** What success is worth. */
    public long valueMicros() {
        return valueMicros;
    }

    /** Did the client say what success is worth? */
    public boolean hasValue() {
        return hasValue;
    }

    /** u64 bits; all ones: no limit. */
    public long costLimitMicros() {
        return costLimitMicros;
    }

    public int riskBps() {
        return riskBps;
    }

    /** Did the client give the risk? */
    public boolean hasRisk() {
        return hasRisk;
    }

    public int confidenceBps() {
        return confidenceBps;
    }

    /** Did the client give the confidence? */
    public boolean hasConfidence() {
        return hasConfidence;
    }

    /** The client's floor, where {@link #hasMinimumQuality()}. */
    public int minimumQualityBps() {
        return minimumQualityBps;
    }

    /** Did the client give a floor? */
    public boolean hasMinimumQuality() {
        return minimumQualityBps != BPS_NULL;
    }

    /** 0: no cap. */
    public long maxP95LatencyMs() {
        return maxP95LatencyMs;
    }

    /** Did the client give a latency cap? */
    public boolean hasLatencyCap() {
        return hasLatencyCap;
    }

    public long requiredCapabilities() {
        return requiredCapabilities;
    }

    public long allowedProviderMask() {
        return allowedProviderMask;
    }

    public long requiredRegionMask() {
        return requiredRegionMask;
    }

    /** The client's own figure of what to hold; 0 when not given. */
    public long exposureMicros() {
        return exposureMicros;
    }

    /** How long the hold may stand; SBE null, which is below 0, for an order and for a hold that stands until settled. */
    public long timeToLiveNs() {
        return timeToLiveNs;
    }

    /** Of an order: u32. */
    public long instrumentId() {
        return instrumentId;
    }

    /** Of an order: the raw code of its side, which may be no side at all. */
    public short side() {
        return side;
    }

    /** Of an order: in 1e-8 units. */
    public long quantity() {
        return quantity;
    }

    /** Of an order: micros a unit. */
    public long limitPriceMicros() {
        return limitPriceMicros;
    }

    /** Of an order: quantity times limit price, rounded up, at most the largest i64; 0 for what is no order. */
    public long notionalMicros() {
        return notionalMicros;
    }
}
