package io.ringfence.engine.policy;

/**
 * The first rule that the adaptive part of a policy breaks.
 *
 * @param rule    that is broken; names the field.
 * @param useCase code of the use case it is about; {@link #NO_INDEX} if none.
 * @param tier    it is about; {@link #NO_INDEX} if none.
 * @param value   found there.
 */
public record AdaptiveFault(AdaptiveRule rule, int useCase, int tier, long value) {
    /** Stands where a fault is about no single use case or tier. */
    public static final int NO_INDEX = -1;

    static AdaptiveFault of(AdaptiveRule rule, long value) {
        return new AdaptiveFault(rule, NO_INDEX, NO_INDEX, value);
    }

    static AdaptiveFault ofTier(AdaptiveRule rule, int tier, long value) {
        return new AdaptiveFault(rule, NO_INDEX, tier, value);
    }

    static AdaptiveFault ofUseCase(AdaptiveRule rule, int useCase, long value) {
        return new AdaptiveFault(rule, useCase, NO_INDEX, value);
    }

    /** One line: where, the rule, then the value that breaks it. */
    public String text() {
        StringBuilder line = new StringBuilder();
        if (useCase != NO_INDEX) {
            line.append("use case ").append(useCase).append(": ");
        }
        if (tier != NO_INDEX) {
            line.append("tier ").append(tier).append(": ");
        }
        return line.append(rule.field())
                .append(' ')
                .append(rule.text())
                .append(": ")
                .append(value)
                .toString();
    }
}
