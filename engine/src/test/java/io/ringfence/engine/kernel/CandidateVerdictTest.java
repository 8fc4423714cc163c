package io.ringfence.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.kernel.KernelDecision.Gate;
import io.ringfence.engine.policy.Candidate;
import io.ringfence.engine.policy.Catalog;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CandidateVerdictTest {
    private static final int CATALOGS = 2_000;

    @Test
    void shouldGiveTheTermsOfAnEligibleCandidate() {
        CandidateVerdict verdict =
                CandidateVerdict.ofAll(GoldenCase.catalog(), GoldenCase.input()).get(0);

        assertEquals(Optional.empty(), verdict.gate());
        assertNull(verdict.limit());
        assertEquals(
                new CandidateVerdict.Terms(
                        BigInteger.valueOf(81_000),
                        BigInteger.valueOf(3_500),
                        BigInteger.TWO,
                        BigInteger.valueOf(400),
                        77_098),
                verdict.terms());
    }

    @ParameterizedTest
    @CsvSource({ // the candidate's fields that matter; what it fails, what was measured, what it missed
        "1, 9000, 200,  5, 0, 7, 9500, LATENCY, 200, 199",
        "0, 9000, 200,  5, 0, 7, 9500, DISABLED, 0, 1",
        "1, 4999, 100,  5, 0, 7, 9500, QUALITY, 4999, 5000",
        "1, 9000, 100,  4, 0, 7, 9500, CAPABILITY, 4, 1",
        "1, 9000, 100,  5, 3, 7, 9500, PROVIDER, 3, 18446744073709551607",
        "1, 9000, 100,  5, 64, 7, 9500, PROVIDER, 64, 63",
        "1, 9000, 100,  5, 0, 8, 9500, REGION, 8, 7",
        "1, 9000, 100,  5, 0, 7, 999, RISK_CEILING, 1000, 999"
    })
    void shouldNameTheGateWithWhatItMeasuredAndWhatItAsksFor(
            int enabled,
            int quality,
            long latency,
            long capabilities,
            int provider,
            long regions,
            int ceiling,
            Gate gate,
            BigInteger measured,
            BigInteger limit) {
        Candidate candidate =
                new Candidate(1, provider, quality, ceiling, enabled, latency, capabilities, regions, 250, 1_000);
        KernelInput input = GoldenCase.input();
        input.maxP95LatencyMs(199);
        input.allowedProviderMask(~8L);
        input.requiredRegionMask(7);

        List<CandidateVerdict> verdicts =
                CandidateVerdict.ofAll(Catalog.asGiven(GoldenCase.HEAD, List.of(candidate)), input);

        assertEquals(List.of(new CandidateVerdict(1, 0, Optional.of(gate), measured, limit, null)), verdicts);
    }

    @Test
    void shouldLookAtNobodyWhenTheRequestFailsAGateOfItsOwn() {
        KernelInput input = GoldenCase.input();
        input.riskBps(9_600);

        assertEquals(List.of(), CandidateVerdict.ofAll(GoldenCase.catalog(), input));
    }

    @Test
    void shouldComeToWhatTheKernelDecided() {
        RandomCases cases = new RandomCases(20261127);
        Kernel kernel = new Kernel();
        KernelDecision decision = new KernelDecision();
        int worthless = 0;
        int tooDear = 0;
        for (int round = 0; round < CATALOGS; round++) {
            cases.turn();
            Catalog catalog = Catalog.asGiven(cases.head(), cases.candidates());
            KernelInput input = cases.input();
            kernel.evaluate(catalog, input, decision);
            List<CandidateVerdict> verdicts = CandidateVerdict.ofAll(catalog, input);

            for (Gate gate : Gate.values()) {
                assertEquals(decision.gateCount(gate), stoppedAt(verdicts, gate), "round " + round + ", " + gate);
            }
            assertEquals(
                    decision.eligibleCount(),
                    verdicts.stream()
                            .filter(verdict -> verdict.gate().isEmpty())
                            .count());
            if (decision.isSelected()) {
                CandidateVerdict.Terms best =
                        verdicts.get(decision.selectedIndex()).terms();
                assertEquals(decision.utilityMicros(), best.utility());
                assertEquals(decision.costMicros(), best.cost().longValue());
                verdicts.stream()
                        .filter(verdict -> verdict.gate().isEmpty())
                        .forEach(verdict -> assertTrue(verdict.terms().utility() <= best.utility()));
            }
            worthless += decision.gateCount(Gate.UTILITY);
            tooDear += decision.gateCount(Gate.COST_LIMIT);
        }
        assertTrue(worthless > 500 && tooDear > 500, "too one-sided: " + worthless + ", " + tooDear);
    }

    private static long stoppedAt(List<CandidateVerdict> verdicts, Gate gate) {
        return verdicts.stream()
                .filter(verdict -> verdict.gate().equals(Optional.of(gate)))
                .count();
    }
}
