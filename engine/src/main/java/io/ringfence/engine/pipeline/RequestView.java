package io.ringfence.engine.pipeline;

import io.ringfence.engine.budget.Notional;
import io.ringfence.engine.kernel.KernelInput;
import io.ringfence.schemas.AdmissionRequestDecoder;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.OrderRequestDecoder;
import io.ringfence.schemas.Substitution;

/**
 * Reads an admission request or an order request, whose decided-upon fields are the same, from a slot.
 *
 * <p>An order's units follow from its terms: units in are its notional in whole currency units, units out are 1. A flyweight;
 * each stage that needs one owns one.
 */
final class RequestView {
    private static final long MICROS = 1_000_000L;
    private static final long UNITS_MAX = 0xFFFF_FFFEL;

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final AdmissionRequestDecoder admission = new AdmissionRequestDecoder();
    private final OrderRequestDecoder order = new OrderRequestDecoder();
    private boolean isOrder;

    RequestView wrap(CommandSection command) {
        isOrder = command.kind() == CommandKind.ORDER;
        if (isOrder) {
            order.wrapAndApplyHeader(command.buffer(), 0, header);
        } else {
            admission.wrapAndApplyHeader(command.buffer(), 0, header);
        }
        return this;
    }

    boolean isOrder() {
        return isOrder;
    }

    long accountId() {
        return isOrder ? order.accountId() : admission.accountId();
    }

    int useCase() {
        return isOrder ? order.useCase() : admission.useCase();
    }

    long requestedCandidateId() {
        return isOrder ? order.requestedCandidateId() : admission.requestedCandidateId();
    }

    boolean mayBeSubstituted() {
        return (isOrder ? order.substitution() : admission.substitution()) == Substitution.ALLOWED;
    }

    /** Size of the request in whole units: the notional of an order, rounded up and saturating, else units in. */
    long inputUnits() {
        if (!isOrder) {
            return admission.inputUnits();
        }
        long notionalMicros = notionalMicros();
        long units = notionalMicros / MICROS + (notionalMicros % MICROS == 0 ? 0 : 1);
        return Math.min(units, UNITS_MAX);
    }

    /** Quantity times limit price of an order in micros, rounded up, saturating at the largest long; 0 for no order. */
    long notionalMicros() {
        if (!isOrder) {
            return 0;
        }
        long micros = Notional.ceilMicros(order.quantity(), order.limitPriceMicros());
        return micros == Notional.OVERFLOW ? Long.MAX_VALUE : micros;
    }

    boolean hasOutputUnits() {
        return isOrder || admission.outputUnits() != AdmissionRequestDecoder.outputUnitsNullValue();
    }

    long outputUnits() {
        return isOrder ? 1 : admission.outputUnits();
    }

    boolean hasBusinessValue() {
        return rawBusinessValueMicros() != AdmissionRequestDecoder.businessValueMicrosNullValue();
    }

    long rawBusinessValueMicros() {
        return isOrder ? order.businessValueMicros() : admission.businessValueMicros();
    }

    /** All ones: no limit. */
    long costLimitMicros() {
        return isOrder ? order.costLimitMicros() : admission.costLimitMicros();
    }

    boolean hasRisk() {
        return rawRiskBps() != AdmissionRequestDecoder.riskBpsNullValue();
    }

    int rawRiskBps() {
        return isOrder ? order.riskBps() : admission.riskBps();
    }

    boolean hasConfidence() {
        return rawConfidenceBps() != AdmissionRequestDecoder.confidenceBpsNullValue();
    }

    int rawConfidenceBps() {
        return isOrder ? order.confidenceBps() : admission.confidenceBps();
    }

    boolean hasMinimumQuality() {
        return rawMinimumQualityBps() != AdmissionRequestDecoder.minimumQualityBpsNullValue();
    }

    int rawMinimumQualityBps() {
        return isOrder ? order.minimumQualityBps() : admission.minimumQualityBps();
    }

    boolean hasLatencyCap() {
        return rawMaxP95LatencyMs() != AdmissionRequestDecoder.maxP95LatencyMsNullValue();
    }

    long rawMaxP95LatencyMs() {
        return isOrder ? order.maxP95LatencyMs() : admission.maxP95LatencyMs();
    }

    long requiredCapabilities() {
        return isOrder ? order.requiredCapabilities() : admission.requiredCapabilities();
    }

    long allowedProviderMask() {
        return isOrder ? order.allowedProviderMask() : admission.allowedProviderMask();
    }

    long requiredRegionMask() {
        return isOrder ? order.requiredRegionMask() : admission.requiredRegionMask();
    }

    /** The client's own figure; 0 when not given. */
    long exposureMicros() {
        long raw = isOrder ? order.exposureMicros() : admission.exposureMicros();
        return raw == AdmissionRequestDecoder.exposureMicrosNullValue() ? 0 : raw;
    }

    /** Time to live of a hold that is no order's; SBE null when it stands until settled. */
    long timeToLiveNs() {
        return isOrder ? AdmissionRequestDecoder.timeToLiveNsNullValue() : admission.timeToLiveNs();
    }

    /** Are quantity and limit price of an order positive? True for what is no order. */
    boolean hasBoundedTerms() {
        return !isOrder || order.quantity() > 0 && order.limitPriceMicros() > 0;
    }

    OrderRequestDecoder order() {
        return order;
    }

    /** Copies what needs no default into the kernel input. */
    void copyPlainFields(KernelInput input) {
        input.requestedCandidateId(requestedCandidateId());
        input.inputUnits(inputUnits());
        input.costLimitMicros(costLimitMicros());
        input.requiredCapabilities(requiredCapabilities());
        input.allowedProviderMask(allowedProviderMask());
        input.requiredRegionMask(requiredRegionMask());
    }
}
