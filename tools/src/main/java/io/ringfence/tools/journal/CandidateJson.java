package io.ringfence.tools.journal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.engine.kernel.CandidateVerdict;
import io.ringfence.engine.kernel.KernelDecision.Gate;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.policy.Catalog;
import io.ringfence.gateway.config.Names.NameKind;
import io.ringfence.gateway.replay.PolicyHistory;
import io.ringfence.gateway.replay.RecordedDecision;
import java.util.Comparator;
import java.util.List;

/** Writes how every candidate of the catalog fared in one decision: the eligible ones first, best first, then by id. */
final class CandidateJson {
    /** Verdict of a candidate that passed every gate. */
    static final String ELIGIBLE = "ELIGIBLE";

    private CandidateJson() {}

    /** Puts {@code candidates}, what the request required, and limits of the policy; nothing where the kernel did not decide. */
    static void put(RecordedDecision decision, PolicyHistory names, ObjectNode object) {
        DecisionEvent event = decision.event();
        if (!event.isDecided() || decision.difference() != null) {
            return;
        }
        object.put(
                "target_success_bps",
                event.policy().useCase(event.request().useCase()).targetSuccessBps());
        object.put("hard_risk_limit_bps", event.policy().catalog().head().hardRiskLimitBps())
                .put("minimum_confidence_bps", event.policy().catalog().head().minimumConfidenceBps());
        putRequired(event, names, object.putObject("requires"));
        ArrayNode candidates = object.putArray("candidates");
        Catalog catalog = event.policy().catalog();
        List<CandidateVerdict> verdicts = CandidateVerdict.ofAll(catalog, event.input());
        verdicts.stream()
                .sorted(bestFirst(catalog))
                .forEach(verdict -> put(verdict, event, names, candidates.addObject()));
    }

    /** What the request requires by name; null where it does not matter. */
    private static void putRequired(DecisionEvent event, PolicyHistory names, ObjectNode node) {
        putRequired(event.input().requiredCapabilities(), NameKind.CAPABILITY, names, node, "capabilities");
        putRequired(event.input().requiredRegionMask(), NameKind.REGION, names, node, "one_of_regions");
        long providers = event.request().allowedProviderMask();
        putRequired(providers == -1 ? 0 : providers, NameKind.PROVIDER, names, node, "one_of_providers");
    }

    private static void putRequired(long mask, NameKind kind, PolicyHistory names, ObjectNode node, String field) {
        if (mask == 0) {
            node.putNull(field);
        } else {
            putNames(mask, kind, names, node.putArray(field));
        }
    }

    /** The order in which the kernel ranks, behind it those that stopped at a gate. */
    private static Comparator<CandidateVerdict> bestFirst(Catalog catalog) {
        Comparator<CandidateVerdict> ofEligible = Comparator.<CandidateVerdict>comparingLong(
                        verdict -> -verdict.terms().utility())
                .thenComparing(verdict -> verdict.terms().cost())
                .thenComparingInt(verdict -> -catalog.candidate(verdict.index()).qualityBps());
        return (one, other) -> {
            if (one.gate().isEmpty() && other.gate().isEmpty()) {
                int order = ofEligible.compare(one, other);
                return order != 0 ? order : Integer.compare(one.index(), other.index());
            }
            return one.gate().isEmpty() ? -1 : other.gate().isEmpty() ? 1 : Integer.compare(one.index(), other.index());
        };
    }

    private static void put(CandidateVerdict verdict, DecisionEvent event, PolicyHistory names, ObjectNode node) {
        node.put("candidate_id", verdict.candidateId())
                .put("candidate", names.name(NameKind.CANDIDATE, verdict.candidateId()))
                .put("verdict", verdict.gate().map(gate -> gate.reason().name()).orElse(ELIGIBLE));
        if (verdict.terms() == null) {
            node.put("measured", verdict.measured()).put("limit", verdict.limit());
            putMissing(verdict, event, names, node);
        } else {
            node.put("utility_micros", verdict.terms().utility())
                    .put("gain_micros", verdict.terms().gain())
                    .put("risk_penalty_micros", verdict.terms().riskPenalty())
                    .put("cost_micros", verdict.terms().cost())
                    .put("latency_penalty_micros", verdict.terms().latencyPenalty());
        }
    }

    /** The names behind a mask: what the candidate lacks, where it does not serve, whose it is. */
    private static void putMissing(
            CandidateVerdict verdict, DecisionEvent event, PolicyHistory names, ObjectNode node) {
        Gate gate = verdict.gate().orElseThrow();
        switch (gate) {
            case CAPABILITY ->
                putNames(
                        verdict.limit().andNot(verdict.measured()).longValue(),
                        NameKind.CAPABILITY,
                        names,
                        node.putArray("lacks"));
            case REGION ->
                putNames(verdict.limit().longValue(), NameKind.REGION, names, node.putArray("serves_none_of"));
            case PROVIDER -> {
                int provider = verdict.measured().intValue();
                long withheld =
                        event.request().allowedProviderMask() & ~event.input().allowedProviderMask();
                node.put("provider", names.name(NameKind.PROVIDER, provider))
                        .put("is_withheld", provider < Long.SIZE && (withheld >>> provider & 1) != 0);
            }
            default -> {
                // The figures say it.
            }
        }
    }

    private static void putNames(long mask, NameKind kind, PolicyHistory names, ArrayNode array) {
        for (long left = mask; left != 0; left &= left - 1) {
            array.add(names.name(kind, Long.numberOfTrailingZeros(left)));
        }
    }
}
