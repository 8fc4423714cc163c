package io.ringfence.tools.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.tools.evaluation.OffPolicyEstimate.EstimateException;
import io.ringfence.tools.evaluation.OffPolicyEstimate.Fault;
import io.ringfence.tools.evaluation.OffPolicyEstimate.LoggedAct;
import io.ringfence.tools.evaluation.OffPolicyEstimate.Warning;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OffPolicyEstimateTest {
    private static final OptionalDouble NO_CLIP = OptionalDouble.empty();

    @Test
    void shouldWeighMatchedActsByTheInverseOfTheirProbability() throws EstimateException {
        OffPolicyEstimate estimate = OffPolicyEstimate.of(
                List.of(
                        new LoggedAct(1, 1, 4, 1.0, 1), // Weight 4.
                        new LoggedAct(2, 1, 2, 1.0, 1), // Another act: weight 0.
                        new LoggedAct(1, 1, 2, 0.0, 1), // Weight 2.
                        new LoggedAct(2, 1, 1, 1.0, 1), // Certain, and not the target's.
                        new LoggedAct(1, 1, 2, Double.NaN, 1)),
                NO_CLIP);

        assertEquals(4, estimate.used());
        assertEquals(1, estimate.excluded());
        assertEquals(2, estimate.matched());
        assertEquals(1, estimate.unsupported());
        assertEquals(1.0, estimate.ips()); // 4 / 4.
        assertEquals(1.0 - 1.96, estimate.ipsLow(), 1e-12); // Terms 4, 0, 0, 0: variance 4, of four records.
        assertEquals(4.0 / 6, estimate.snips().orElseThrow());
        assertEquals(36.0 / 20, estimate.effectiveSize());
        assertEquals(4.0, estimate.maxWeight());
        assertEquals(
                Set.of(Warning.LOW_SAMPLE_SIZE, Warning.LOW_EFFECTIVE_SAMPLE_SIZE, Warning.UNSUPPORTED_POLICY),
                estimate.warnings());
    }

    @Test
    void shouldFindTheTruthOfAPolicyThatTheLogDidNotFollow() throws EstimateException {
        SplittableRandom random = new SplittableRandom(1);
        double[] success = {0.2, 0.5, 0.8};
        List<LoggedAct> acts = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            int acted = random.nextInt(3); // The log acts at random; the target always takes the third.
            double reward = random.nextDouble() < success[acted] ? 1 : 0;
            acts.add(new LoggedAct(acted + 1L, 1, 3, reward, 3));
        }

        OffPolicyEstimate estimate = OffPolicyEstimate.of(acts, NO_CLIP);

        assertTrue(estimate.ipsLow() < 0.8 && 0.8 < estimate.ipsHigh(), estimate::toString);
        assertEquals(0.8, estimate.snips().orElseThrow(), 0.02);
        assertEquals(Set.of(), estimate.warnings());
    }

    @Test
    void shouldClipWeightsAndSaySo() throws EstimateException {
        OffPolicyEstimate estimate =
                OffPolicyEstimate.of(List.of(new LoggedAct(1, 1, 100, 1.0, 1)), OptionalDouble.of(10));

        assertEquals(10.0, estimate.ips());
        assertEquals(10.0, estimate.maxWeight());
        assertTrue(estimate.warnings().contains(Warning.CLIPPED_WEIGHTS));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void shouldRefuseAClipThatIsNoWeight(double clip) {
        EstimateException thrown =
                assertThrows(EstimateException.class, () -> OffPolicyEstimate.of(List.of(), OptionalDouble.of(clip)));

        assertEquals(Fault.INVALID_CLIP, thrown.fault());
    }

    @Test
    void shouldSayThatThereIsNothingToEstimateFrom() {
        EstimateException thrown = assertThrows(
                EstimateException.class,
                () -> OffPolicyEstimate.of(List.of(new LoggedAct(1, 1, 1, Double.NaN, 1)), NO_CLIP));

        assertEquals(Fault.NO_USABLE_RECORDS, thrown.fault());
        assertEquals("no record has a finite reward: records=1", thrown.getMessage());
    }

    @Test
    void shouldSayThatASumLeftTheRange() {
        LoggedAct act = new LoggedAct(1, 1, -1, Double.MAX_VALUE, 1); // 1 in 2^64 - 1.

        EstimateException thrown =
                assertThrows(EstimateException.class, () -> OffPolicyEstimate.of(List.of(act), NO_CLIP));

        assertEquals(Fault.NUMERIC_OVERFLOW, thrown.fault());
    }

    @Test
    void shouldRefuseAnActWithoutAProbability() {
        assertThrows(IllegalArgumentException.class, () -> new LoggedAct(1, 0, 1, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new LoggedAct(1, 2, 1, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new LoggedAct(1, -1, 1, 1, 1));
    }
}
