package io.ringfence.tools.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.bandit.BetaSampler;
import io.ringfence.engine.bandit.TierBandit;
import io.ringfence.engine.bandit.TierBandit.TierChoice;
import io.ringfence.engine.policy.Adaptive;
import io.ringfence.engine.policy.Adaptive.TierPrior;
import io.ringfence.engine.policy.Policy.UseCase;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Formulas against a million draws of the engine's own sampler. */
@Tag("model")
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
    @CsvSource({ // counts of each candidate in play, the kernel's choice first
        "9.6/6.4 9.6/6.4",
        "9.6/6.4 11.2/4.8 14.4/1.6",
        "1/1 1/1 1/1 1/1 1/1 1/1",
        "300/120 500/190 40/10 8/1",
        "0.5/0.5 0.00390625/3 2/2",
        "1000000/10 999999/11 1000000/9",
        "200000/100000 200010/100000 199000/99500",
        "30/2 1000000/62500 29/2.5"
    })
    void shouldBeTheShareOfEachCandidate(String line) {
        String[] candidates = line.split(" ");
        long[] successes = new long[candidates.length];
        long[] failures = new long[candidates.length];
        for (int i = 0; i < candidates.length; i++) {
            successes[i] = count(candidates[i].split("/")[0]);
            failures[i] = count(candidates[i].split("/")[1]);
        }
        BetaSampler sampler = new BetaSampler(SEED);
        int[] chosen = new int[candidates.length];
        for (int sequence = 1; sequence <= DRAWS; sequence++) {
            int highest = 0;
            int draw = -1;
            for (int i = 0; i < candidates.length; i++) {
                int next = sampler.sample(sequence, 2, 100 + i, successes[i], failures[i]);
                highest = next > draw ? i : highest;
                draw = Math.max(draw, next);
            }
            chosen[highest]++;
        }

        double[] highest = Propensities.ofHighest(
                Arrays.stream(successes).mapToDouble(count -> count / 256.0).toArray(),
                Arrays.stream(failures).mapToDouble(count -> count / 256.0).toArray());

        compare(chosen, highest, line);
    }

    @Test
    void shouldGiveTiesToTheFirst() {
        double[] highest = Propensities.ofHighest(new double[] {1e6, 1e6}, new double[] {1e-2, 1e-2});

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
