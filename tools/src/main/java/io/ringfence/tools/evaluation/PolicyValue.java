package io.ringfence.tools.evaluation;

import io.ringfence.tools.evaluation.OffPolicyEstimate.Warning;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * What a target policy that acts at random would have earned, estimated from the logged acts of another: inverse propensity scoring (IPS), its
 * self-normalised form (SNIPS), and doubly robust (DR).
 *
 * <p>With {@code w = target probability / logged probability} of the logged act, reward {@code r} and a model {@code m} of rewards that was
 * fitted on other records: {@code IPS = mean(w r)}, {@code SNIPS = sum(w r) / sum(w)}, {@code DR = mean(m of the target + w (r - m of the
 * act))}. DR is right when either the probabilities or the model are. All intervals are of 95 %, by the normal approximation; that of SNIPS by the
 * delta method. For a target that always takes one act, {@link OffPolicyEstimate} computes the first two bit by bit as other implementations do.
 *
 * @param records       used.
 * @param ips           the first.
 * @param snips         the second; not a number when no weight is above 0.
 * @param dr            the third.
 * @param effectiveSize {@code sum(w)^2 / sum(w^2)}: how many equally weighted records would say as much; 0 when no weight is above 0.
 * @param maxWeight     largest weight.
 * @param meanWeight    mean weight: 1 but for chance, less where the log cannot act as the target does.
 * @param warnings      why the figures may mislead, in the order of {@link Warning}.
 * @see <a href="https://arxiv.org/abs/1103.4601">Dudik, Langford, Li: Doubly robust policy evaluation and learning, ICML 2011</a>
 */
public record PolicyValue(
        long records,
        Estimate ips,
        Estimate snips,
        Estimate dr,
        double effectiveSize,
        double maxWeight,
        double meanWeight,
        Set<Warning> warnings) {
    private static final double NORMAL_95 = 1.96;
    private static final int SIZE_MIN = 30;
    private static final double EFFECTIVE_SIZE_MIN = 10;

    /** A value with the ends of its 95 % interval. */
    public record Estimate(double value, double low, double high) {
        static Estimate of(double value, double standardError) {
            double half = NORMAL_95 * standardError;
            return new Estimate(value, value - half, value + half);
        }

        /** Is a value within the interval, its ends included? */
        public boolean holds(double truth) {
            return truth >= low && truth <= high;
        }

        /** Width of the interval. */
        public double width() {
            return high - low;
        }
    }

    /**
     * One logged act.
     *
     * @param probability       with which the log chose it, above 0 and at most 1.
     * @param targetProbability with which the target chooses it, 0 to 1.
     * @param reward            what it earned.
     * @param modelOfAct        what a model expects of it.
     * @param modelOfTarget     what that model expects of the target on the same request.
     */
    public record LoggedChoice(
            double probability, double targetProbability, double reward, double modelOfAct, double modelOfTarget) {
        public LoggedChoice {
            if (!(probability > 0 && probability <= 1)) {
                throw new IllegalArgumentException(
                        "a logged probability must be above 0 and at most 1: probability=" + probability);
            }
            if (!(targetProbability >= 0 && targetProbability <= 1 + 1e-9)) {
                throw new IllegalArgumentException(
                        "a target probability must be from 0 to 1: targetProbability=" + targetProbability);
            }
        }

        double weight() {
            return targetProbability / probability;
        }
    }

    /**
     * Estimates.
     *
     * @param choices   one at least.
     * @param targetAbsent share of the target's acts that the log never takes; above 0 is warned of.
     */
    public static PolicyValue of(List<LoggedChoice> choices, double targetAbsent) {
        if (choices.isEmpty()) {
            throw new IllegalArgumentException("there must be a record: records=0");
        }
        double weights = choices.stream().mapToDouble(LoggedChoice::weight).sum();
        double squares = choices.stream()
                .mapToDouble(choice -> choice.weight() * choice.weight())
                .sum();
        double effectiveSize = squares == 0 ? 0 : weights * weights / squares;
        Set<Warning> warnings = EnumSet.noneOf(Warning.class);
        if (choices.size() < SIZE_MIN) {
            warnings.add(Warning.LOW_SAMPLE_SIZE);
        }
        if (effectiveSize < EFFECTIVE_SIZE_MIN) {
            warnings.add(Warning.LOW_EFFECTIVE_SAMPLE_SIZE);
        }
        if (targetAbsent > 0) {
            warnings.add(Warning.UNSUPPORTED_POLICY);
        }
        return new PolicyValue(
                choices.size(),
                mean(choices, choice -> choice.weight() * choice.reward()),
                selfNormalised(choices, weights),
                mean(
                        choices,
                        choice -> choice.modelOfTarget() + choice.weight() * (choice.reward() - choice.modelOfAct())),
                effectiveSize,
                choices.stream().mapToDouble(LoggedChoice::weight).max().orElse(0),
                weights / choices.size(),
                warnings);
    }

    private static Estimate mean(List<LoggedChoice> choices, ToDoubleFunction<LoggedChoice> term) {
        int n = choices.size();
        double mean = choices.stream().mapToDouble(term).sum() / n;
        double squares = choices.stream()
                .mapToDouble(choice -> {
                    double difference = term.applyAsDouble(choice) - mean;
                    return difference * difference;
                })
                .sum();
        return Estimate.of(mean, n == 1 ? 0 : Math.sqrt(squares / (n - 1) / n));
    }

    private static Estimate selfNormalised(List<LoggedChoice> choices, double weights) {
        double value = choices.stream()
                        .mapToDouble(choice -> choice.weight() * choice.reward())
                        .sum()
                / weights;
        double squares = choices.stream()
                .mapToDouble(choice -> {
                    double difference = choice.weight() * (choice.reward() - value);
                    return difference * difference;
                })
                .sum();
        return Estimate.of(value, Math.sqrt(squares) / weights);
    }
}
