package io.ringfence.tools.evaluation;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What a target policy would have earned, estimated from the logged acts of another: inverse propensity scoring (IPS) and its
 * self-normalised form (SNIPS).
 *
 * <p>{@code w = 1 / probability} where the logged act is the target's, else 0. {@code IPS = sum(w * reward) / n} and {@code SNIPS =
 * sum(w * reward) / sum(w)}. All sums are IEEE doubles in the order of the records, so that every machine computes the same bits.
 *
 * @param used           records with a finite reward: n.
 * @param excluded       records without one.
 * @param matched        used records whose act is the target's.
 * @param unsupported    used records whose act was certain while the target acts otherwise: the log says nothing of them.
 * @param ips            estimate of the mean reward.
 * @param ipsLow         lower end of its 95 % interval, by the normal approximation.
 * @param ipsHigh        upper end.
 * @param snips          the self-normalised estimate; empty when nothing matched.
 * @param effectiveSize  {@code sum(w)^2 / sum(w^2)}: how many equally weighted records would say as much; 0 when nothing matched.
 * @param maxWeight      largest weight, after clipping.
 * @param warnings       why the figures may mislead, in the order of {@link Warning}.
 */
public record OffPolicyEstimate(
        long used,
        long excluded,
        long matched,
        long unsupported,
        double ips,
        double ipsLow,
        double ipsHigh,
        OptionalDouble snips,
        double effectiveSize,
        double maxWeight,
        Set<Warning> warnings) {
    private static final double NORMAL_95 = 1.96;
    private static final int SIZE_MIN = 30;
    private static final double EFFECTIVE_SIZE_MIN = 10;
    private static final long NO_CANDIDATE = 0;

    /** Why an estimate may mislead. */
    public enum Warning {
        /** Fewer than 30 records were used. */
        LOW_SAMPLE_SIZE,
        /** The effective sample size is below 10. */
        LOW_EFFECTIVE_SAMPLE_SIZE,
        /** The target acts where the log could not. */
        UNSUPPORTED_POLICY,
        /** Weights were clipped: the estimate is biased towards 0. */
        CLIPPED_WEIGHTS
    }

    /** Why there is no estimate. */
    public enum Fault {
        /** The clip is not a finite number above 0. */
        INVALID_CLIP,
        /** No record has a finite reward. */
        NO_USABLE_RECORDS,
        /** A sum or a result is not finite. */
        NUMERIC_OVERFLOW
    }

    /** Thrown when there is no estimate. */
    public static final class EstimateException extends Exception {
        private static final long serialVersionUID = 1;

        private final Fault fault;

        private EstimateException(Fault fault, String text) {
            super(text);
            this.fault = fault;
        }

        /** Why there is none. */
        public Fault fault() {
            return fault;
        }
    }

    /**
     * One logged act.
     *
     * @param actedId     candidate that acted, u32.
     * @param numerator   of the probability with which it was chosen: u64 bits, above 0.
     * @param denominator of it: u64 bits, at least the numerator.
     * @param reward      what it earned; not finite: unknown.
     * @param targetId    candidate that the target policy chooses for the same request; 0: it rejects.
     */
    public record LoggedAct(long actedId, long numerator, long denominator, double reward, long targetId) {
        public LoggedAct {
            if (numerator == 0 || Long.compareUnsigned(numerator, denominator) > 0) {
                throw new IllegalArgumentException("a probability must be above 0 and at most 1: numerator="
                        + Long.toUnsignedString(numerator) + ", denominator=" + Long.toUnsignedString(denominator));
            }
        }

        boolean isMatched() {
            return targetId != NO_CANDIDATE && targetId == actedId;
        }

        boolean isUnsupported() {
            return numerator == denominator && targetId != NO_CANDIDATE && targetId != actedId;
        }

        private double weight() {
            return isMatched() ? unsigned(denominator) / unsigned(numerator) : 0;
        }
    }

    /**
     * Estimates the mean reward of the target policy.
     *
     * @param clip largest weight: finite and above 0; empty for none.
     * @throws EstimateException where there is no estimate.
     */
    public static OffPolicyEstimate of(List<LoggedAct> acts, OptionalDouble clip) throws EstimateException {
        if (clip.isPresent() && !(clip.getAsDouble() > 0 && Double.isFinite(clip.getAsDouble()))) {
            throw new EstimateException(
                    Fault.INVALID_CLIP, "a clip must be finite and above 0: clip=" + clip.getAsDouble());
        }
        List<LoggedAct> used =
                acts.stream().filter(act -> Double.isFinite(act.reward())).toList();
        if (used.isEmpty()) {
            throw new EstimateException(
                    Fault.NO_USABLE_RECORDS, "no record has a finite reward: records=" + acts.size());
        }
        return of(used, acts.size() - used.size(), clip);
    }

    private static OffPolicyEstimate of(List<LoggedAct> used, long excluded, OptionalDouble clip)
            throws EstimateException {
        double clipWeight = clip.orElse(Double.POSITIVE_INFINITY);
        List<Double> terms = new ArrayList<>(used.size());
        double termSum = 0;
        double weightSum = 0;
        double squareSum = 0;
        double maxWeight = 0;
        for (LoggedAct act : used) {
            double weight = Math.min(act.weight(), clipWeight);
            double term = finite(weight * act.reward());
            terms.add(term);
            termSum = finite(termSum + term);
            weightSum = finite(weightSum + weight);
            squareSum = finite(squareSum + finite(weight * weight));
            maxWeight = Math.max(maxWeight, weight);
        }
        double ips = finite(termSum / used.size());
        double half = finite(NORMAL_95 * Math.sqrt(finite(variance(terms, ips) / used.size())));
        double effectiveSize = squareSum == 0 ? 0 : finite(finite(weightSum * weightSum) / squareSum);
        long unsupported = used.stream().filter(LoggedAct::isUnsupported).count();
        return new OffPolicyEstimate(
                used.size(),
                excluded,
                used.stream().filter(LoggedAct::isMatched).count(),
                unsupported,
                ips,
                finite(ips - half),
                finite(ips + half),
                weightSum == 0 ? OptionalDouble.empty() : OptionalDouble.of(finite(termSum / weightSum)),
                effectiveSize,
                maxWeight,
                warnings(used.size(), effectiveSize, unsupported, clip));
    }

    private static double variance(List<Double> terms, double mean) throws EstimateException {
        if (terms.size() == 1) {
            return 0;
        }
        double sum = 0;
        for (double term : terms) {
            double difference = finite(term - mean);
            sum = finite(sum + finite(difference * difference));
        }
        return finite(sum / (terms.size() - 1));
    }

    private static Set<Warning> warnings(long used, double effectiveSize, long unsupported, OptionalDouble clip) {
        Set<Warning> warnings = EnumSet.noneOf(Warning.class);
        if (used < SIZE_MIN) {
            warnings.add(Warning.LOW_SAMPLE_SIZE);
        }
        if (effectiveSize < EFFECTIVE_SIZE_MIN) {
            warnings.add(Warning.LOW_EFFECTIVE_SAMPLE_SIZE);
        }
        if (unsupported > 0) {
            warnings.add(Warning.UNSUPPORTED_POLICY);
        }
        if (clip.isPresent()) {
            warnings.add(Warning.CLIPPED_WEIGHTS);
        }
        return warnings;
    }

    private static double finite(double value) throws EstimateException {
        if (!Double.isFinite(value)) {
            throw new EstimateException(Fault.NUMERIC_OVERFLOW, "a sum left the range of a double");
        }
        return value;
    }

    /** The double nearest to u64 bits, ties to even. */
    private static double unsigned(long bits) {
        return bits >= 0
                ? (double) bits
                : 2 * (double) (bits >>> 1 | bits & 1); // The last bit is kept for the rounding.
    }
}
