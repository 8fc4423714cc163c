package io.ringfence.engine.pipeline;

import io.ringfence.engine.kernel.KernelInput;
import io.ringfence.schemas.RecordSectionsDecoder.EffectiveDecoder;

/** Rebuilds the kernel's input of a record: what the request says, changed where the record tells a difference. */
final class RecordedInput {
    private final RequestView request = new RequestView();

    /** Writes the whole input of an event whose command is a request. */
    void read(DecisionEvent event, EffectiveDecoder recorded) {
        KernelInput input = event.effective().input();
        request.wrap(event.command()).copyPlainFields(input);
        input.requestSequence(event.sequence());
        input.minimumQualityBps(recorded.minimumQualityBps());
        readUnits(recorded, input);
        readProportions(recorded, input);
    }

    private void readUnits(EffectiveDecoder recorded, KernelInput input) {
        if (recorded.inputUnits() != EffectiveDecoder.inputUnitsNullValue()) {
            input.inputUnits(recorded.inputUnits());
        }
        input.outputUnits(
                recorded.outputUnits() == EffectiveDecoder.outputUnitsNullValue()
                        ? request.outputUnits()
                        : recorded.outputUnits());
        input.businessValueMicros(
                recorded.businessValueMicros() == EffectiveDecoder.businessValueMicrosNullValue()
                        ? request.rawBusinessValueMicros()
                        : recorded.businessValueMicros());
        if (recorded.allowedProviderMask() != EffectiveDecoder.allowedProviderMaskNullValue()) {
            input.allowedProviderMask(recorded.allowedProviderMask());
        }
    }

    private void readProportions(EffectiveDecoder recorded, KernelInput input) {
        input.riskBps(
                recorded.riskBps() == EffectiveDecoder.riskBpsNullValue() ? request.rawRiskBps() : recorded.riskBps());
        input.confidenceBps(
                recorded.confidenceBps() == EffectiveDecoder.confidenceBpsNullValue()
                        ? request.rawConfidenceBps()
                        : recorded.confidenceBps());
        input.maxP95LatencyMs(
                recorded.maxP95LatencyMs() == EffectiveDecoder.maxP95LatencyMsNullValue()
                        ? request.rawMaxP95LatencyMs()
                        : recorded.maxP95LatencyMs());
    }
}
