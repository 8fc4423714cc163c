package io.ringfence.tools.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringfence.engine.kernel.CandidateVerdict;
import io.ringfence.engine.kernel.KernelDecision.Gate;
import io.ringfence.engine.policy.Candidate;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;

/** Checks the verdict of each candidate, and how many failed at each gate. */
public final class ExplainVectors extends KernelCases.Suite {
    /** @param files all that are checked together; the kernel vectors are among them, or beside the one that is checked. */
    public ExplainVectors(List<Path> files) {
        super("explain", files);
    }

    @Override
    void check(JsonNode vector, KernelCases.Decided of, ExpectedResults results) {
        List<CandidateVerdict> verdicts = CandidateVerdict.ofAll(of.catalog(), of.input());
        results.expect(
                "verdicts",
                vector.path("verdicts"),
                verdicts.stream().map(ExplainVectors::row).toList());
        results.expect("histogram_1x", vector.path("histogram_1x"), KernelVectors.histogram(of.decision()));
    }

    /** Terms that may be wider than 64 bits stand as text in the vectors. */
    private static List<Object> row(CandidateVerdict verdict) {
        String word = verdict.gate().map(gate -> word(gate, verdict)).orElse("Eligible");
        CandidateVerdict.Terms terms = verdict.terms();
        if (terms == null) {
            return List.of(verdict.candidateId(), verdict.index(), word, verdict.measured(), verdict.limit());
        }
        return List.of(
                verdict.candidateId(),
                verdict.index(),
                word,
                terms.gain().toString(),
                terms.riskPenalty().toString(),
                terms.cost(),
                terms.latencyPenalty().toString(),
                terms.utility());
    }

    private static String word(Gate gate, CandidateVerdict verdict) {
        return switch (gate) {
            case DISABLED -> "Disabled";
            case QUALITY -> "Quality";
            case LATENCY -> "Latency";
            case CAPABILITY -> "Capability";
            case PROVIDER ->
                verdict.measured().compareTo(BigInteger.valueOf(Candidate.PROVIDER_MAX)) > 0
                        ? "ProviderUnrepresentable"
                        : "ProviderNotAllowed";
            case REGION -> "Region";
            case RISK_CEILING -> "RiskCeiling";
            case COST_LIMIT -> "OverBudget";
            case UTILITY -> "NonPositiveUtility";
        };
    }
}
