package io.ringfence.gateway.config;

import io.ringfence.engine.kernel.Kernel;
import io.ringfence.engine.kernel.KernelDecision;
import io.ringfence.engine.kernel.KernelInput;
import io.ringfence.engine.policy.Adaptive;
import io.ringfence.engine.policy.Candidate;
import io.ringfence.engine.policy.Catalog;
import io.ringfence.engine.policy.Policy.UseCase;
import io.ringfence.gateway.config.Names.NameKind;
import io.ringfence.schemas.ReasonCode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds mistakes in a policy that break no rule, by evaluating typical requests with the kernel. */
final class PolicyCheck {
    private static final long[] NOTIONALS = {10, 100, 1_000, 10_000, 100_000};
    private static final long[] INPUT_UNITS = {100, 1_000, 10_000, 100_000};
    private static final long MICROS = 1_000_000;
    private static final long ANY_PROVIDER = -1L;
    private static final long NO_COST_LIMIT = -1L;

    private final Kernel kernel = new Kernel();
    private final KernelInput input = new KernelInput();
    private final KernelDecision decision = new KernelDecision();
    private final CompiledPolicy policy;
    private final Catalog catalog;

    PolicyCheck(CompiledPolicy policy) {
        this.policy = policy;
        this.catalog = policy.catalog();
    }

    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        Adaptive adaptive = policy.adaptive();
        for (UseCase useCase : adaptive.useCases()) {
            deadEnd(useCase).ifPresent(warnings::add);
        }
        for (int tier = 0; tier < adaptive.tierCount(); tier++) {
            if (adaptive.tierFloorBps(tier) > bestQualityBps()) {
                warnings.add("tiers." + policy.names().name(NameKind.TIER, tier) + ": no enabled candidate reaches its"
                        + " floor of " + adaptive.tierFloorBps(tier) + " bps");
            }
        }
        return warnings;
    }

    private Optional<String> deadEnd(UseCase useCase) {
        Set<ReasonCode> reasons = EnumSet.noneOf(ReasonCode.class);
        if (policy.target() != CompiledPolicy.Target.CALLS) {
            for (long notional : NOTIONALS) {
                ask(useCase, notional, 1, useCase.defaults().orderValueMicros(notional * MICROS));
                reasons.add(decision.reason());
            }
        }
        if (policy.target() != CompiledPolicy.Target.ORDERS) {
            for (long units : INPUT_UNITS) {
                ask(
                        useCase,
                        units,
                        useCase.defaults().outputUnits(),
                        useCase.defaults().businessValueMicros());
                reasons.add(decision.reason());
            }
        }
        if (reasons.contains(ReasonCode.BETTER_CANDIDATE)) {
            return Optional.empty();
        }
        return Optional.of("use_cases." + policy.names().name(NameKind.USE_CASE, useCase.code())
                + ": its defaults let no candidate reach a positive utility, for " + tried() + ": " + reasons);
    }

    /** Evaluates a request that names no candidate: any candidate that can be selected gives BETTER_CANDIDATE. */
    private void ask(UseCase useCase, long inputUnits, long outputUnits, long valueMicros) {
        input.requestSequence(1);
        input.requestedCandidateId(0);
        input.inputUnits(inputUnits);
        input.outputUnits(outputUnits);
        input.businessValueMicros(valueMicros);
        input.costLimitMicros(NO_COST_LIMIT);
        input.riskBps(useCase.defaults().riskBps());
        input.confidenceBps(useCase.defaults().confidenceBps());
        input.minimumQualityBps(Math.max(useCase.hardFloorBps(), useCase.recommendedFloorBps()));
        input.maxP95LatencyMs(useCase.defaults().maxP95LatencyMs());
        input.requiredCapabilities(0);
        input.allowedProviderMask(ANY_PROVIDER);
        input.requiredRegionMask(0);
        kernel.evaluate(catalog, input, decision);
    }

    private String tried() {
        return switch (policy.target()) {
            case ORDERS -> "orders of 10 to 100000";
            case CALLS -> "inputs of 100 to 100000 units";
            case BOTH -> "orders of 10 to 100000 and inputs of 100 to 100000 units";
        };
    }

    private int bestQualityBps() {
        int best = 0;
        for (int index = 0; index < catalog.count(); index++) {
            Candidate candidate = catalog.candidate(index);
            best = candidate.isEnabled() ? Math.max(best, candidate.qualityBps()) : best;
        }
        return best;
    }
}
