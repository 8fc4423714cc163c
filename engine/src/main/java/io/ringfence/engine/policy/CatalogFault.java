package io.ringfence.engine.policy;

import java.util.List;
import java.util.Optional;
import org.agrona.collections.LongHashSet;

/**
 * The first rule that a catalog breaks.
 *
 * @param rule        that is broken.
 * @param candidateId of the first candidate that breaks it; {@link #NO_CANDIDATE} when the rule is about the whole catalog.
 * @param value       that breaks it: a field, an id, a count or a length in bytes, as {@link Rule} says.
 */
public record CatalogFault(Rule rule, long candidateId, long value) implements Checked.Fault {
    /** Candidate id of a fault that is about the whole catalog. */
    public static final long NO_CANDIDATE = -1;

    /** Rules in the order of checking: bytes, trust, validity. */
    public enum Rule {
        /** Bytes only: a head, then whole candidates. Value: the length. */
        LENGTH_UNEVEN("the length must be that of a head and whole candidates"),
        /** Bytes only: ascending by id. Value: the id. */
        NOT_ASCENDING("candidates must stand in ascending order of id"),
        /** Trusted only. Value: how many there are. */
        TOO_MANY_CANDIDATES("there must be at most 65535 candidates"),
        /** Trusted only. Value: the id. */
        ID_RESERVED("the id 0 is reserved"),
        /** Trusted only. Value: the flag. */
        ENABLED_NOT_BOOLEAN("enabled must be 0 or 1"),
        /** Value: the limit. */
        HARD_RISK_LIMIT_ABOVE_ONE("the hard risk limit must be at most 10000 bps"),
        /** Value: the minimum. */
        MINIMUM_CONFIDENCE_ABOVE_ONE("the minimum confidence must be at most 10000 bps"),
        /** Value: the multiplier. */
        RISK_PENALTY_MULTIPLIER_ABOVE_FIVE("the risk penalty multiplier must be at most 50000 bps"),
        /** Value: 0. */
        NO_CANDIDATES("there must be a candidate"),
        /** Value: the id. */
        ID_DUPLICATE("each id must stand once"),
        /** Value: the provider. */
        PROVIDER_ABOVE_63("the provider must be at most 63"),
        /** Value: the quality. */
        QUALITY_ABOVE_ONE("the quality must be at most 10000 bps"),
        /** Value: the ceiling. */
        RISK_CEILING_ABOVE_ONE("the risk ceiling must be at most 10000 bps"),
        /** Value: 0. */
        NONE_ENABLED("at least one candidate must be enabled");

        private final String text;

        Rule(String text) {
            this.text = text;
        }

        /** What must hold, as a clause. */
        public String text() {
            return text;
        }
    }

    private static final int CANDIDATES_MAX = 65_535;

    private static final int FIVE_BPS = 5 * Bps.ONE;

    static CatalogFault of(Rule rule, Candidate candidate, long value) {
        return new CatalogFault(rule, candidate.id(), value);
    }

    static CatalogFault ofWhole(Rule rule, long value) {
        return new CatalogFault(rule, NO_CANDIDATE, value);
    }

    @Override
    public String text() {
        String where = candidateId == NO_CANDIDATE ? "" : "candidateId=" + candidateId + ", ";
        return rule.text() + ": " + where + "value=" + value;
    }

    /** The first rule that keeps a catalog from being trusted, before it is sorted and validated. */
    static Optional<CatalogFault> firstOfTrust(List<Candidate> candidates) {
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

    /** The first rule of validity that a catalog breaks. */
    static Optional<CatalogFault> firstOfValidity(Catalog.Head head, List<Candidate> candidates) {
        if (head.hardRiskLimitBps() > Bps.ONE) {
            return whole(Rule.HARD_RISK_LIMIT_ABOVE_ONE, head.hardRiskLimitBps());
        }
        if (head.minimumConfidenceBps() > Bps.ONE) {
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
            if (candidate.providerId() > Candidate.PROVIDER_MAX) {
                return one(Rule.PROVIDER_ABOVE_63, candidate, candidate.providerId());
            }
            if (candidate.qualityBps() > Bps.ONE) {
                return one(Rule.QUALITY_ABOVE_ONE, candidate, candidate.qualityBps());
            }
            if (candidate.riskCeilingBps() > Bps.ONE) {
                return one(Rule.RISK_CEILING_ABOVE_ONE, candidate, candidate.riskCeilingBps());
            }
            isAnyEnabled |= candidate.isEnabled();
        }
        return isAnyEnabled ? Optional.empty() : whole(Rule.NONE_ENABLED, 0);
    }

    private static Optional<CatalogFault> whole(Rule rule, long value) {
        return Optional.of(ofWhole(rule, value));
    }

    private static Optional<CatalogFault> one(Rule rule, Candidate candidate, long value) {
        return Optional.of(of(rule, candidate, value));
    }
}
