package io.ringfence.engine.policy;

import io.ringfence.engine.policy.CatalogFault.Rule;
import java.util.List;
import java.util.Optional;
import org.agrona.collections.LongHashSet;

/** Says what is wrong with a catalog: the first rule broken, in the order of {@link Rule}. */
final class CatalogRules {
    static final int CANDIDATES_MAX = 65_535;

    private static final int ONE_BPS = 10_000;
    private static final int FIVE_BPS = 50_000;
    private static final int PROVIDER_MAX = 63;

    private CatalogRules() {}

    /** What a trusted catalog needs before it is sorted and validated. */
    static Optional<CatalogFault> trustFault(List<Candidate> candidates) {
        if (candidates.size() > CANDIDATES_MAX) {
            return whole(Rule.TOO_MANY_CANDIDATES, candidates.size());
        }
        for (Candidate candidate : candidates) {
            if (candidate.id() == 0) {
                return one(Rule.ID_RESERVED, candidate, 0);
            }
        }
        for (Candidate candidate : candidates) {
            if (candidate.enabled() > 1) {
                return one(Rule.ENABLED_NOT_BOOLEAN, candidate, candidate.enabled());
            }
        }
        return Optional.empty();
    }

    /** What every valid catalog needs. */
    static Optional<CatalogFault> fault(CatalogHead head, List<Candidate> candidates) {
        if (head.hardRiskLimitBps() > ONE_BPS) {
            return whole(Rule.HARD_RISK_LIMIT_ABOVE_ONE, head.hardRiskLimitBps());
        }
        if (head.minimumConfidenceBps() > ONE_BPS) {
            return whole(Rule.MINIMUM_CONFIDENCE_ABOVE_ONE, head.minimumConfidenceBps());
        }
        if (head.riskPenaltyMultiplierBps() > FIVE_BPS) {
            return whole(Rule.RISK_PENALTY_MULTIPLIER_ABOVE_FIVE, head.riskPenaltyMultiplierBps());
        }
        if (candidates.isEmpty()) {
            return whole(Rule.NO_CANDIDATES, 0);
        }
        return candidateFault(candidates);
    }

    private static Optional<CatalogFault> candidateFault(List<Candidate> candidates) {
        LongHashSet ids = new LongHashSet(-1);
        boolean isAnyEnabled = false;
        for (Candidate candidate : candidates) {
            if (!ids.add(candidate.id())) {
                return one(Rule.ID_DUPLICATE, candidate, candidate.id());
            }
            if (candidate.providerId() > PROVIDER_MAX) {
                return one(Rule.PROVIDER_ABOVE_63, candidate, candidate.providerId());
            }
            if (candidate.qualityBps() > ONE_BPS) {
                return one(Rule.QUALITY_ABOVE_ONE, candidate, candidate.qualityBps());
            }
            if (candidate.riskCeilingBps() > ONE_BPS) {
                return one(Rule.RISK_CEILING_ABOVE_ONE, candidate, candidate.riskCeilingBps());
            }
            isAnyEnabled |= candidate.isEnabled();
        }
        return isAnyEnabled ? Optional.empty() : whole(Rule.NONE_ENABLED, 0);
    }

    private static Optional<CatalogFault> whole(Rule rule, long value) {
        return Optional.of(CatalogFault.ofWhole(rule, value));
    }

    private static Optional<CatalogFault> one(Rule rule, Candidate candidate, long value) {
        return Optional.of(CatalogFault.of(rule, candidate, value));
    }
}
