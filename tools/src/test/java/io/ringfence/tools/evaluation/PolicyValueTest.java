package io.ringfence.tools.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.tools.evaluation.OffPolicyEstimate.EstimateException;
import io.ringfence.tools.evaluation.OffPolicyEstimate.LoggedAct;
import io.ringfence.tools.evaluation.OffPolicyEstimate.Warning;
import io.ringfence.tools.evaluation.PolicyValue.LoggedChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PolicyValueTest {
    private static final double[] LOGGED = {0.6, 0.3, 0.1};
    private static final double[] TARGET = {0.1, 0.2, 0.7};
    private static final double[] SUCCESS = {0.2, 0.5, 0.8};
    private static final double TRUTH = 0.1 * 0.2 + 0.2 * 0.5 + 0.7 * 0.8;

    @Test
    void shouldComputeWhatTheFormulasSay() {
        List<LoggedChoice> choices = List.of(
                new LoggedChoice(0.5, 0.25, 1, 0.6, 0.4), // w = 0.5
                new LoggedChoice(0.25, 0.5, 0, 0.2, 0.4)); // w = 2

        PolicyValue value = PolicyValue.of(choices, 0);

        assertEquals(0.25, value.ips().value(), 1e-15);
        assertEquals(0.2, value.snips().value(), 1e-15);
        assertEquals((0.4 + 0.5 * 0.4 + 0.4 - 2 * 0.2) / 2, value.dr().value(), 1e-15);
        assertEquals(6.25 / 4.25, value.effectiveSize(), 1e-15);
        assertEquals(2, value.maxWeight());
        assertEquals(1.25, value.meanWeight());
        assertEquals(1.96 * Math.sqrt(0.125 / 2), value.ips().width() / 2, 1e-12); // Terms 0.5 and 0.
        assertEquals(1.96 * Math.sqrt(0.16 + 0.16) / 2.5, value.snips().width() / 2, 1e-12);
    }

    @Test
    void shouldBeRightWhenEitherProbabilitiesOrModelAreRight() {
        PolicyValue wrongModel = PolicyValue.of(log(40_000, LOGGED, new double[] {0.9, 0.1, 0.1}), 0);
        PolicyValue wrongProbabilities = PolicyValue.of(log(40_000, new double[] {0.34, 0.33, 0.33}, SUCCESS), 0);

        assertTrue(wrongModel.dr().holds(TRUTH), wrongModel::toString);
        assertTrue(wrongProbabilities.dr().holds(TRUTH), wrongProbabilities::toString);
        assertFalse(wrongProbabilities.ips().holds(TRUTH), wrongProbabilities::toString);
    }

    @Test
    void shouldHoldTheTruthInNinetyFiveOfAHundredLogs() {
        int held = 0;
        int narrower = 0;
        for (int seed = 1; seed <= 200; seed++) {
            PolicyValue value = PolicyValue.of(log(seed, 2_000, LOGGED, SUCCESS), 0);
            held += value.dr().holds(TRUTH) ? 1 : 0;
            narrower += value.dr().width() < value.ips().width() ? 1 : 0;
        }

        assertTrue(held >= 180 && held <= 199, "held=" + held);
        assertEquals(200, narrower); // A good model takes noise away.
    }

    @Test
    void shouldAgreeWithTheBitExactEstimateForATargetThatAlwaysTakesOneAct() throws EstimateException {
        List<LoggedAct> acts = new ArrayList<>();
        List<LoggedChoice> choices = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 1_000; i++) {
            int acted = random.nextInt(4);
            double reward = random.nextDouble();
            acts.add(new LoggedAct(acted + 1, 1, 4, reward, 1));
            choices.add(new LoggedChoice(0.25, acted == 0 ? 1 : 0, reward, 0, 0));
        }

        OffPolicyEstimate exact = OffPolicyEstimate.of(acts, OptionalDouble.empty());
        PolicyValue value = PolicyValue.of(choices, 0);

        assertEquals(exact.ips(), value.ips().value(), 1e-12);
        assertEquals(exact.ipsLow(), value.ips().low(), 1e-12);
        assertEquals(exact.snips().orElseThrow(), value.snips().value(), 1e-12);
        assertEquals(exact.effectiveSize(), value.effectiveSize(), 1e-9);
        assertEquals(value.ips().value(), value.dr().value(), 1e-12); // Without a model it is IPS.
    }

    @Test
    void shouldWarnWhereTheLogSaysLittle() {
        List<LoggedChoice> choices = new ArrayList<>();
        for (int i = 0; i < 29; i++) {
            choices.add(new LoggedChoice(i == 0 ? 1e-6 : 1, 1, 0, 0, 0));
        }

        assertEquals(
                Set.of(Warning.LOW_SAMPLE_SIZE, Warning.LOW_EFFECTIVE_SAMPLE_SIZE, Warning.UNSUPPORTED_POLICY),
                PolicyValue.of(choices, 0.01).warnings());
        assertThrows(IllegalArgumentException.class, () -> new LoggedChoice(0, 1, 0, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> PolicyValue.of(List.of(), 0));
    }

    private static List<LoggedChoice> log(int records, double[] believed, double[] model) {
        return log(1, records, believed, model);
    }

    /** Acts of the log, with the probabilities that are believed of it. */
    private static List<LoggedChoice> log(long seed, int records, double[] believed, double[] model) {
        SplittableRandom random = new SplittableRandom(seed);
        double ofTarget = TARGET[0] * model[0] + TARGET[1] * model[1] + TARGET[2] * model[2];
        List<LoggedChoice> choices = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            double roll = random.nextDouble();
            int act = roll < LOGGED[0] ? 0 : roll < LOGGED[0] + LOGGED[1] ? 1 : 2;
            double reward = random.nextDouble() < SUCCESS[act] ? 1 : 0;
            choices.add(new LoggedChoice(believed[act], TARGET[act], reward, model[act], ofTarget));
        }
        return choices;
    }
}
