package io.ringfence.tools.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.bandit.BetaSampler;
import io.ringfence.engine.bandit.TierBandit;
import io.ringfence.engine.bandit.TierBandit.TierChoice;
import io.ringfence.engine.policy.Adaptive;
import io.ringfence.engine.policy.Adaptive.TierPrior;
import io.ringfence.engine.policy.Policy.UseCase;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Formulas against a million draws of the engine's own sampler. */
@Tag("model")
@Tag("once")
class PropensitiesTest {
    private static final int DRAWS = 1_000_000;
    private static final long SEED = 20_261_127;
    private static final int USE_CASE = 3;

    @ParameterizedTest
    @CsvSource({ // target; counts of each tier, in whole outcomes
        "5500; 9.6/6.4 11.2/4.8 12.8/3.2 14.4/1.6",
        "9200; 20/11 25/7 28/4 31/1",
        "7200; 1/1 1/1 1/1 1/1 1/1 1/1 1/1 1/1",
        "7200; 300/120 500/190 40/10",
        "0; 1/9 9/1",
        "10000; 9/1 9/1 9/1",
        "9999; 1000000/10 1/1",
        "5000; 0.5/0.5 0.00390625/3"
    })
    void shouldBeTheShareOfEachTier(String line) {
        String[] parts = line.split("; ");
        int targetBps = Integer.parseInt(parts[0]);
        List<TierPrior> priors = Arrays.stream(parts[1].split(" "))
                .map(counts -> counts.split("/"))
                .map(counts -> new TierPrior(count(counts[0]), count(counts[1])))
                .toList();
        TierBandit bandit = new TierBandit(SEED);
        int[] floorsBps = new int[priors.size()];
        Arrays.setAll(floorsBps, tier -> 1_000 * tier);
        UseCase useCase = new UseCase(USE_CASE, new UseCase.Defaults(0, 0, 0, 0, 0, 0), 0, 0, targetBps, priors);
        bandit.activate(Adaptive.of(floorsBps, List.of(useCase)).value(), 1, 1);
        TierChoice choice = new TierChoice();
        int[] chosen = new int[priors.size()];
        for (int sequence = 1; sequence <= DRAWS; sequence++) {
            bandit.choose(sequence, USE_CASE, 0, choice);
            chosen[choice.tier()]++;
        }

        double[] tiers = Propensities.ofTiers(choice, targetBps);

        compare(chosen, tiers, line);
    }

    @ParameterizedTest
    @CsvSource({ // stake in micros; counts and burden in micros of each candidate in play, the kernel's choice first
        "1000000; 9.6/6.4/0 9.6/6.4/0",
        "1000000; 9.6/6.4/0 11.2/4.8/0 14.4/1.6/0",
        "1000000; 9.6/6.4/100000 11.2/4.8/150000 14.4/1.6/400000",
        "1000; 1/1/7 1/1/7 1/1/90 1/1/13 1/1/500 1/1/999",
        "9223372036854775807; 3/1/0 3/1/9 5/1/4611686018427387904",
        "20; 1/1/3 2/1/5 1/1/6",
        "3; 1/1/0 1/1/1 1/1/2",
        "65537; 300/120/800 500/190/1 40/10/9000 8/1/7",
        "1000000; 0.5/0.5/0 0.00390625/3/0 2/2/200000",
        "50000; 1000000/10/1 999999/11/1 1000000/9/2",
        "1000000; 200000/100000/500 200010/100000/300 199000/99500/0",
        "1000000; 30/2/0 1000000/62500/0 29/2.5/0",
        "1000000; 5/5/900000 5/5/0",
        "1000000; 1/1/885010 1000000/1000000/0 1001000/999000/0",
        "1000000; 1/1/885010 8000000/8000000/0 8001000/7999000/0"
    })
    void shouldBeTheShareOfEachCandidate(String line) {
        String[] parts = line.split("; ");
        BigInteger stake = new BigInteger(parts[0]);
        String[] candidates = parts[1].split(" ");
        long[] successes = new long[candidates.length];
        long[] failures = new long[candidates.length];
        BigInteger[] burdens = new BigInteger[candidates.length];
        for (int i = 0; i < candidates.length; i++) {
            String[] figures = candidates[i].split("/");
            successes[i] = count(figures[0]);
            failures[i] = count(figures[1]);
            burdens[i] = new BigInteger(figures[2]).multiply(BigInteger.valueOf(BetaSampler.ONE));
        }
        BetaSampler sampler = new BetaSampler(SEED);
        int[] chosen = new int[candidates.length];
        for (int sequence = 1; sequence <= DRAWS; sequence++) {
            int best = 0;
            BigInteger most = null;
            for (int i = 0; i < candidates.length; i++) {
                int draw = sampler.sample(sequence, 2, 100 + i, successes[i], failures[i]);
                BigInteger worth = stake.multiply(BigInteger.valueOf(draw)).subtract(burdens[i]);
                best = most == null || worth.compareTo(most) > 0 ? i : best;
                most = most == null ? worth : most.max(worth);
            }
            chosen[best]++;
        }

        double[] highest = Propensities.ofHighest(
                Arrays.stream(successes).mapToDouble(count -> count / 256.0).toArray(),
                Arrays.stream(failures).mapToDouble(count -> count / 256.0).toArray(),
                Arrays.stream(burdens).map(BigInteger::negate).toArray(BigInteger[]::new),
                stake);

        compare(chosen, highest, line);
    }

    @Test
    void shouldGiveTiesToTheFirst() {
        BigInteger[] shifts = {BigInteger.ZERO, BigInteger.ZERO};
        double[] highest =
                Propensities.ofHighest(new double[] {1e6, 1e6}, new double[] {1e-2, 1e-2}, shifts, BigInteger.ONE);

        assertTrue(highest[0] > 0.99, Arrays.toString(highest)); // Nearly all draws are 65,535.
    }

    private static void compare(int[] counts, double[] probabilities, String line) {
        assertEquals(1, Arrays.stream(probabilities).sum(), 1e-9, line);
        for (int i = 0; i < counts.length; i++) {
            double p = probabilities[i];
            double tolerance = 5 * Math.sqrt(DRAWS * p * (1 - p)) + 1;
            assertEquals(p * DRAWS, counts[i], tolerance, line + ", " + i + ": " + Arrays.toString(probabilities));
        }
    }

    private static long count(String outcomes) {
        return Math.round(Double.parseDouble(outcomes) * 256);
    }
}
