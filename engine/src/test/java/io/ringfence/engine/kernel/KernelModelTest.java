package io.ringfence.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.kernel.KernelDecision.Gate;
import io.ringfence.engine.policy.Candidate;
import io.ringfence.engine.policy.Catalog;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random traffic against the slow twin. */
@Tag("model")
class KernelModelTest {
    private static final int CATALOGS = 6_000;
    private static final int INPUTS = 12;

    private final Kernel kernel = new Kernel();
    private final KernelDecision decision = new KernelDecision();
    private int narrowCount;
    private int wideCount;
    private int selectedCount;

    static List<Long> seeds() {
        return List.of(1L, 20261121L, System.nanoTime());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldDecideAsTheSlowTwinDoes(long seed) {
        System.out.println("kernel model seed " + seed);
        RandomCases cases = new RandomCases(seed);

        for (int round = 0; round < CATALOGS; round++) {
            cases.turn();
            Catalog.Head head = cases.head();
            List<Candidate> candidates = cases.candidates();
            Catalog catalog = Catalog.asGiven(head, candidates);
            for (int turn = 0; turn < INPUTS; turn++) {
                check("seed " + seed + " round " + round + " turn " + turn, catalog, candidates, cases.input());
            }
        }

        assertTrue(
                narrowCount > 20_000 && wideCount > 10_000 && selectedCount > 15_000,
                () -> "too one-sided: narrow " + narrowCount + ", wide " + wideCount + ", selected " + selectedCount);
    }

    @Test
    void shouldDecideAlikeWhateverTheOrderOfTrustedCandidates() {
        RandomCases cases = new RandomCases(7);
        for (int round = 0; round < 1_000; round++) {
            do {
                cases.turn();
            } while (!cases.isTrusted());
            Catalog.Head head = cases.head();
            List<Candidate> candidates = cases.candidates();
            List<Candidate> reversed = new ArrayList<>(candidates);
            Collections.reverse(reversed);
            KernelInput input = cases.input();

            var result = Catalog.trusted(head, reversed);

            if (result.isValid()) {
                check("round " + round, result.value(), candidates, input);
            }
        }
    }

    @Test
    void shouldCountAsU16BeyondItsRange() {
        Candidate candidate = new Candidate(1, 0, 5_000, 9_000, 1, 10, 0, -1, 1, 1);
        Candidate disabled = new Candidate(2, 0, 5_000, 9_000, 0, 10, 0, -1, 1, 1);
        List<Candidate> candidates = new ArrayList<>();
        IntStream.range(0, 65_536).forEach(i -> candidates.add(disabled));
        IntStream.range(0, 65_537).forEach(i -> candidates.add(candidate));
        Catalog.Head head = new Catalog.Head(1, 1, 9_000, 0, 0, 0);
        Catalog catalog = Catalog.asGiven(head, candidates);
        KernelInput worthless = new KernelInput();
        worthless.allowedProviderMask(-1);
        KernelInput worthy = new KernelInput();
        worthy.copyFrom(worthless);
        worthy.businessValueMicros(1_000_000);
        worthy.confidenceBps(10_000);
        worthy.costLimitMicros(-1);

        KernelInput dear = new KernelInput();
        dear.copyFrom(worthless);
        dear.inputUnits(1);

        check("all worthless", catalog, candidates, worthless);
        check("all too dear", catalog, candidates, dear);
        check("all eligible", catalog, candidates, worthy);
    }

    private void check(String where, Catalog catalog, List<Candidate> candidates, KernelInput input) {
        ReferenceKernel.Answer expected = ReferenceKernel.decide(catalog.head(), candidates, input);

        kernel.evaluate(catalog, input, decision);

        assertEquals(expected, answer(catalog, input, expected), where);
        Scorer scorer = new Scorer();
        scorer.follow(catalog);
        boolean isNarrow = scorer.fits(input);
        narrowCount += isNarrow ? 1 : 0;
        wideCount += isNarrow ? 0 : 1;
        selectedCount += decision.isSelected() ? 1 : 0;
    }

    /** What the kernel says, in the twin's words; codes and utilities only of small catalogs. */
    private ReferenceKernel.Answer answer(Catalog catalog, KernelInput input, ReferenceKernel.Answer expected) {
        boolean isSmall = catalog.count() < 1_000;
        return new ReferenceKernel.Answer(
                decision.requestSequence(),
                decision.action().value(),
                decision.reason().value(),
                decision.selectedId(),
                decision.selectedIndex(),
                decision.costMicros(),
                decision.utilityMicros(),
                decision.counterfactualId(),
                decision.counterfactualUtilityMicros(),
                decision.evaluatedCount(),
                decision.eligibleCount(),
                Arrays.stream(Gate.values()).map(decision::gateCount).toList(),
                isSmall ? gateCodes(catalog, input) : expected.gateCodes(),
                isSmall ? utilities(catalog, input) : expected.utilities());
    }

    private List<Integer> gateCodes(Catalog catalog, KernelInput input) {
        return IntStream.range(0, catalog.count())
                .mapToObj(index -> Kernel.gateOf(catalog, index, input))
                .toList();
    }

    private List<Long> utilities(Catalog catalog, KernelInput input) {
        List<Long> utilities = new ArrayList<>();
        for (int index = 0; index < catalog.count(); index++) {
            boolean isEligible = Kernel.gateOf(catalog, index, input) == 0;
            utilities.add(isEligible ? Kernel.utilityMicros(catalog, index, input) : null);
        }
        return utilities;
    }
}
