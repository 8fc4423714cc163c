package io.ringfence.engine.policy;

/**
 * The first rule that a catalog breaks.
 *
 * @param rule        that is broken.
 * @param candidateId of the first candidate that breaks it, or {@link #NO_CANDIDATE} when the rule is about the whole.
 * @param value       that breaks it: a field, an id, a count, a length in bytes; what {@link Rule} says.
 */
public record CatalogFault(Rule rule, long candidateId, long value) {
    /** The fault is about no single candidate. */
    public static final long NO_CANDIDATE = -1;

    /** The rules in the order in which they are checked: bytes, then what trust asks for, then validity. */
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

    static CatalogFault of(Rule rule, Candidate candidate, long value) {
        return new CatalogFault(rule, candidate.id(), value);
    }

    static CatalogFault ofWhole(Rule rule, long value) {
        return new CatalogFault(rule, NO_CANDIDATE, value);
    }

    /** One line: the rule, then where it is broken, then the value. */
    public String text() {
        String where = candidateId == NO_CANDIDATE ? "" : "candidateId=" + candidateId + ", ";
        return rule.text() + ": " + where + "value=" + value;
    }
}
