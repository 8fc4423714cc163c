package io.ringfence.gateway.config;

import io.ringfence.engine.policy.PriorPattern;
import io.ringfence.engine.policy.UseCase;

/** Reads one use case of a policy file. */
final class UseCaseReader {
    private static final long U32_MAX = 0xFFFF_FFFFL;

    private final int tierCount;

    UseCaseReader(int tierCount) {
        this.tierCount = tierCount;
    }

    UseCase read(String name, YamlValue value, Names.Builder names) {
        YamlMapping keys = value.mapping();
        YamlValue code = keys.value("code");
        PriorPattern pattern = keys.value("pattern").word(PriorPattern.class);
        UseCase useCase = new UseCase(
                code.wholeInt(0, NumberedNames.NUMBER_MAX),
                defaults(value, keys),
                keys.find("hard_floor_bps").map(YamlValue::bps).orElse(0),
                keys.find("recommended_floor_bps").map(YamlValue::bps).orElse(0),
                keys.find("target_success_bps").map(YamlValue::bps).orElse(pattern.targetSuccessBps()),
                pattern.priors(tierCount));
        keys.refuseUnknown();
        if (!names.add(NameKind.USE_CASE, useCase.code(), NumberedNames.checked(name, value))) {
            throw code.fault("must stand once among the use cases", code.shown());
        }
        return useCase;
    }

    private static UseCase.Defaults defaults(YamlValue value, YamlMapping keys) {
        boolean hasValue = keys.find("value").isPresent();
        boolean hasValueOfNotional = keys.find("value_bps_of_notional").isPresent();
        if (!hasValue && !hasValueOfNotional) {
            throw value.fault("must have value or value_bps_of_notional", "neither");
        }
        return new UseCase.Defaults(
                keys.find("value")
                        .map(amount -> amount.micros(0, Long.MAX_VALUE))
                        .orElse(0L),
                keys.find("value_bps_of_notional")
                        .map(bps -> bps.wholeNumber(0, U32_MAX))
                        .orElse(0L),
                keys.value("risk_bps").bps(),
                keys.value("confidence_bps").bps(),
                keys.find("output_units")
                        .map(units -> units.wholeNumber(0, U32_MAX - 1))
                        .orElse(0L),
                keys.find("max_p95_latency_ms")
                        .map(ms -> ms.wholeNumber(0, U32_MAX - 1))
                        .orElse(0L));
    }
}
