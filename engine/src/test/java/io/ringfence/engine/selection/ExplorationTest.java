package io.ringfence.engine.selection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.kernel.Kernel;
import io.ringfence.engine.kernel.KernelDecision;
import io.ringfence.engine.kernel.KernelInput;
import io.ringfence.engine.policy.Candidate;
import io.ringfence.engine.policy.Catalog;
import io.ringfence.engine.policy.Policy;
import io.ringfence.engine.proof.DecisionSeal;
import io.ringfence.schemas.Strategy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExplorationTest {
    private static final byte[] KEY = "a key of thirty-two bytes, no le".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OTHER_KEY = "another key of thirty-two bytes.".getBytes(StandardCharsets.US_ASCII);
    private static final long ALL_NEAR = -1;

    private final Kernel kernel = new Kernel();
    private final DecisionSeal seal = new DecisionSeal();
    private final KernelDecision decision = new KernelDecision();
    private final byte[] inputDigest = new byte[32];

    @Test
    void shouldActOnEachNearCandidateAtItsProbability() {
        Catalog catalog = catalog(4);
        byte[] policyDigest = Policy.digestOf(catalog);
        Exploration exploration = new Exploration(KEY, 4_000, ALL_NEAR);
        int[] actedCounts = new int[5];
        int rounds = 40_000;

        for (int sequence = 1; sequence <= rounds; sequence++) {
            choose(exploration, catalog, policyDigest, sequence);
            actedCounts[(int) exploration.actedId()]++;
            long expected = exploration.isExplored() ? 4_000 : 6_000 * 4 + 4_000;
            assertEquals(expected, exploration.numerator());
            assertEquals(40_000, exploration.denominator());
        }

        double kept = 0.7;
        double other = 0.1;
        for (int id = 1; id <= 4; id++) {
            double probability = id == decision.selectedId() ? kept : other;
            double deviation = Math.sqrt(rounds * probability * (1 - probability));
            assertEquals(rounds * probability, actedCounts[id], 5 * deviation, "candidate " + id);
        }
    }

    @Test
    void shouldDrawTheSameForTheSameInputAndKeyAlone() {
        Catalog catalog = catalog(4);
        byte[] policyDigest = Policy.digestOf(catalog);
        Exploration exploration = new Exploration(KEY, 5_000, ALL_NEAR);
        Exploration again = new Exploration(KEY, 5_000, ALL_NEAR);
        Exploration otherKey = new Exploration(OTHER_KEY, 5_000, ALL_NEAR);
        int differences = 0;

        for (int sequence = 1; sequence <= 1_000; sequence++) {
            choose(exploration, catalog, policyDigest, sequence);
            choose(again, catalog, policyDigest, sequence);
            choose(otherKey, catalog, policyDigest, sequence);
            assertEquals(exploration.actedId(), again.actedId());
            differences += exploration.actedId() == otherKey.actedId() ? 0 : 1;
        }

        assertTrue(differences > 100, () -> "another key must draw otherwise");
    }

    @Test
    void shouldFollowWhereNothingElseIsNear() {
        Catalog catalog = catalog(4);
        Exploration exploration = new Exploration(KEY, 10_000, 0);

        choose(exploration, catalog, Policy.digestOf(catalog), 1);

        assertFalse(exploration.isExplored());
        assertEquals(1, exploration.windowSize());
        assertEquals(Strategy.FOLLOW, exploration.strategy());
        assertEquals(10_000, exploration.propensityBps());
    }

    @Test
    void shouldSayThatAKeptChoiceWasDrawn() {
        Catalog catalog = catalog(4);
        Exploration exploration = new Exploration(KEY, 1, ALL_NEAR);

        choose(exploration, catalog, Policy.digestOf(catalog), 1);

        assertFalse(exploration.isExplored());
        assertEquals(Strategy.EXPLORE, exploration.strategy());
        assertEquals(9_999, exploration.propensityBps());
    }

    @Test
    void shouldActOnNothingThatTheKernelRejects() {
        Catalog catalog = catalog(4);
        KernelInput input = input(1);
        input.riskBps(10_000);
        kernel.evaluate(catalog, input, decision);
        Exploration exploration = new Exploration(KEY, 10_000, ALL_NEAR);

        exploration.choose(catalog, Policy.digestOf(catalog), input, inputDigest, decision);

        assertEquals(0, exploration.actedId());
        assertEquals(Catalog.NO_INDEX, exploration.actedIndex());
        assertEquals(0, exploration.windowSize());
    }

    @Test
    void shouldRefuseAShortKeyBeforeARateOutOfRange() {
        IllegalArgumentException shortKey =
                assertThrows(IllegalArgumentException.class, () -> new Exploration(new byte[31], 10_001, 0));
        IllegalArgumentException rate =
                assertThrows(IllegalArgumentException.class, () -> new Exploration(KEY, 10_001, 0));

        assertEquals("a key must have 32 bytes at least: length=31", shortKey.getMessage());
        assertEquals("rateBps must be from 0 to 10000: rateBps=10001", rate.getMessage());
    }

    private void choose(Exploration exploration, Catalog catalog, byte[] policyDigest, int sequence) {
        KernelInput input = input(sequence);
        kernel.evaluate(catalog, input, decision);
        seal.input(input, inputDigest, 0);
        exploration.choose(catalog, policyDigest, input, inputDigest, decision);
    }

    private static KernelInput input(long sequence) {
        KernelInput input = new KernelInput();
        input.requestSequence(sequence);
        input.inputUnits(1_000);
        input.outputUnits(500);
        input.businessValueMicros(100_000);
        input.costLimitMicros(1_000_000);
        input.confidenceBps(9_000);
        input.allowedProviderMask(-1);
        return input;
    }

    /** Candidates 1 to {@code count}, each of lower quality than the one before. */
    private static Catalog catalog(int count) {
        List<Candidate> candidates = new ArrayList<>();
        for (int id = 1; id <= count; id++) {
            candidates.add(new Candidate(id, 0, 9_500 - 100 * id, 10_000, 1, 100, 0, -1, 10, 10));
        }
        return Catalog.trusted(new Catalog.Head(1, 1, 9_600, 5_500, 3_500, 0), candidates)
                .value();
    }
}
