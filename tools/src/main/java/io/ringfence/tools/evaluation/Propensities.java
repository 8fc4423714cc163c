package io.ringfence.tools.evaluation;

import io.ringfence.engine.bandit.BetaSampler;
import io.ringfence.engine.bandit.TierBandit.TierChoice;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.policy.Bps;
import io.ringfence.engine.policy.Policy;
import io.ringfence.engine.policy.Policy.UseCase;
import io.ringfence.engine.selection.Explored;
import io.ringfence.engine.selection.Selection;
import io.ringfence.schemas.Strategy;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.OptionalDouble;
import org.apache.commons.numbers.gamma.RegularizedBeta;

/**
 * The two probabilities with which a recorded decision was made, from what its record holds. They are never multiplied here: the one is
 * of another choice than the other.
 *
 * <p>All draws are whole numbers of 1/65,536, so each probability is a sum of products of regularized incomplete beta functions.
 *
 * @param floor     of the quality floor, given the posteriors of the tiers: those tiers count that come to the same floor; 1 where the
 *                  client stated the floor.
 * @param selection of the acting candidate, given the floor: 1 where the kernel was followed, the fraction of a keyed draw, and of
 *                  candidates in play that of being worth most by the draws; empty where the client directed.
 */
public record Propensities(double floor, OptionalDouble selection) {
    private static final double TO_NOTHING = 1e-15;
    private static final int BLOCKS_MAX = 4_096;
    private static final double RISE_MAX = 1.0 / 1_024;
    private static final int EDGE = 64;
    private static final double ONE_COUNT = 1.0 / 256;

    /**
     * The propensities of a decided request.
     *
     * @param event as the stages left it, or as it was read from its record, with the policy under which it was decided.
     */
    public static Propensities of(DecisionEvent event) {
        Policy policy = event.policy();
        UseCase useCase = policy.useCase(event.request().useCase());
        return new Propensities(
                ofFloor(event.choice(), policy, useCase, event.floorStepBps()), ofSelection(event.selection()));
    }

    /** Of the floor that the chosen tier came to; 1 where no tier was chosen. */
    private static double ofFloor(TierChoice choice, Policy policy, UseCase useCase, int stepBps) {
        if (choice.tier() == TierChoice.NO_TIER) {
            return 1;
        }
        double[] tiers = ofTiers(choice, useCase.targetSuccessBps());
        int floorBps = floorBps(policy, useCase, choice.tier(), stepBps);
        double sum = 0;
        for (int tier = 0; tier < tiers.length; tier++) {
            sum += floorBps(policy, useCase, tier, stepBps) == floorBps ? tiers[tier] : 0;
        }
        return sum;
    }

    private static int floorBps(Policy policy, UseCase useCase, int tier, int stepBps) {
        return useCase.floorBps(useCase.recommendedFloorBps(policy.tierFloorBps(tier), stepBps));
    }

    /**
     * Of each tier, to be the cheapest whose draw reaches the target, or the top one.
     *
     * @param choice    the posterior of each tier.
     * @param targetBps probability of success that a draw must reach.
     */
    static double[] ofTiers(TierChoice choice, int targetBps) {
        double[] tiers = new double[choice.tierCount()];
        double missed = 1; // By all cheaper ones.
        for (int tier = 0; tier < tiers.length - 1; tier++) {
            double a = choice.successes(tier) * ONE_COUNT;
            double b = choice.failures(tier) * ONE_COUNT;
            // The least draw that reaches: draw x 10,000 >= target x 65,536.
            double least = (targetBps * (long) BetaSampler.ONE + Bps.ONE - 1) / Bps.ONE / (double) BetaSampler.ONE;
            tiers[tier] = missed * (least >= 1 ? 0 : RegularizedBeta.complement(least, a, b));
            missed *= least >= 1 ? 1 : RegularizedBeta.value(least, a, b);
        }
        tiers[tiers.length - 1] = missed;
        return tiers;
    }

    private static OptionalDouble ofSelection(Selection selection) {
        if (selection.strategy() == Strategy.DIRECTED) {
            return OptionalDouble.empty();
        }
        Explored explored = selection.explored();
        if (explored == null) {
            return OptionalDouble.of(1);
        }
        if (explored.inPlayCount() > 0) {
            return OptionalDouble.of(ofCandidates(explored)[place(explored, selection.actedCandidateId())]);
        }
        return OptionalDouble.of(explored.numerator() / (double) explored.denominator());
    }

    private static int place(Explored explored, long candidateId) {
        int place = 0;
        while (explored.candidateId(place) != candidateId) {
            place++;
        }
        return place;
    }

    /** Of each candidate in play, to be worth most by its draw, or of equal ones to be the first. */
    static double[] ofCandidates(Explored explored) {
        double[] a = new double[explored.inPlayCount()];
        double[] b = new double[a.length];
        BigInteger[] shifts = new BigInteger[a.length];
        BigInteger stake = BigInteger.valueOf(explored.stakeMicros());
        for (int place = 0; place < a.length; place++) {
            a[place] = explored.successes(place) * ONE_COUNT;
            b[place] = explored.failures(place) * ONE_COUNT;
            shifts[place] = BigInteger.valueOf(explored.burdenMicros(0))
                    .subtract(BigInteger.valueOf(explored.burdenMicros(place)))
                    .multiply(BigInteger.valueOf(BetaSampler.ONE));
        }
        return ofHighest(a, b, shifts, stake);
    }

    /**
     * Of each of some Beta variables, rounded down to 1/65,536 and shifted, to be the highest, or of equal ones the first. It is a sum over
     * steps of 1/65,536: the probability that variable i is in the step, times that of each other one to be below it.
     *
     * <p>Each variable can have one value in a step, so the fractional parts of the shifts say which is the higher one there. Where more than
     * {@link #BLOCKS_MAX} steps are possible, steps are joined to blocks, except near the ends of a variable; in a block each distribution
     * function is taken for a straight line. A block is halved until no variable has more than {@link #RISE_MAX} in it. Then the result is
     * off by less than 10^-4; without blocks it is exact.
     *
     * @param shifts of each variable, in parts of 1/65,536 of {@code unit}; each farther from 0 by less than 65,536 units.
     * @param unit   above 0.
     */
    static double[] ofHighest(double[] a, double[] b, BigInteger[] shifts, BigInteger unit) {
        int[] wholes = new int[a.length];
        int[] ranks = new int[a.length];
        int begin = Integer.MAX_VALUE;
        int end = Integer.MIN_VALUE;
        for (int i = 0; i < a.length; i++) {
            wholes[i] = floor(shifts[i], unit).intValueExact();
            begin = Math.min(begin, wholes[i] + firstAbove(TO_NOTHING, a[i], b[i]));
            end = Math.max(end, wholes[i] + 1 + firstAbove(1 - TO_NOTHING, a[i], b[i]));
            for (int j = 0; j < i; j++) {
                boolean isHigher = shifts[i].mod(unit).compareTo(shifts[j].mod(unit)) > 0;
                ranks[isHigher ? i : j]++; // The first of equal ones is the higher one.
            }
        }
        int block = Math.max(1, (end - begin + BLOCKS_MAX - 1) / BLOCKS_MAX);
        double[] highest = new double[a.length];
        double[] at = new double[a.length];
        double[] next = new double[a.length];
        int step = begin;
        while (step < end) {
            int length = length(step, block, wholes);
            fill(next, step + length, wholes, a, b);
            while (length > 1 && rise(at, next) > RISE_MAX) {
                length /= 2;
                fill(next, step + length, wholes, a, b);
            }
            step += length;
            addBlock(highest, at, next, ranks, length);
            System.arraycopy(next, 0, at, 0, at.length);
        }
        double sum = Arrays.stream(highest).sum();
        return Arrays.stream(highest).map(of -> of / sum).toArray();
    }

    private static void fill(double[] next, int step, int[] wholes, double[] a, double[] b) {
        for (int i = 0; i < next.length; i++) {
            next[i] = below(step - wholes[i], a[i], b[i]);
        }
    }

    private static double rise(double[] at, double[] next) {
        double rise = 0;
        for (int i = 0; i < at.length; i++) {
            rise = Math.max(rise, next[i] - at[i]);
        }
        return rise;
    }

    /** One step near the least and the greatest draw of a variable, where its density may have no bound; else up to a block. */
    private static int length(int step, int block, int[] wholes) {
        int length = block;
        for (int whole : wholes) {
            for (int edge : new int[] {whole, whole + BetaSampler.ONE}) {
                if (step < edge + EDGE && step + length > edge - EDGE) {
                    length = Math.max(1, edge - EDGE - step);
                }
            }
        }
        return length;
    }

    private static BigInteger floor(BigInteger number, BigInteger by) {
        return number.subtract(number.mod(by)).divide(by);
    }

    private static void addBlock(double[] highest, double[] at, double[] next, int[] ranks, int block) {
        for (int i = 0; i < highest.length; i++) {
            double product = next[i] - at[i];
            for (int j = 0; j < highest.length && product > 0; j++) {
                double rise = next[j] - at[j];
                if (ranks[j] > ranks[i]) {
                    product *= at[j] + rise * (block - 1) / (2 * block);
                } else if (ranks[j] < ranks[i]) {
                    product *= at[j] + rise * (block + 1) / (2 * block);
                }
            }
            highest[i] += product;
        }
    }

    /** Probability that a draw is below a whole number of 1/65,536. */
    private static double below(int draw, double a, double b) {
        if (draw <= 0) {
            return 0;
        }
        return draw >= BetaSampler.ONE ? 1 : RegularizedBeta.value(draw / (double) BetaSampler.ONE, a, b);
    }

    /** The first draw up to which more than so much probability lies, itself included. */
    private static int firstAbove(double probability, double a, double b) {
        int low = 0;
        int high = BetaSampler.ONE;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (below(middle + 1, a, b) > probability) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
