package io.ringfence.engine.selection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.AllocatedBytes;
import io.ringfence.engine.kernel.Kernel;
import io.ringfence.engine.kernel.KernelDecision;
import io.ringfence.engine.kernel.KernelInput;
import io.ringfence.engine.policy.Adaptive;
import io.ringfence.engine.policy.AdaptiveCodec;
import io.ringfence.engine.policy.Candidate;
import io.ringfence.engine.policy.Catalog;
import io.ringfence.engine.policy.CatalogCodec;
import io.ringfence.engine.policy.Policy;
import io.ringfence.schemas.Action;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Strategy;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectionTest {
    private static final int BEST = 20;
    private static final Catalog CATALOG = Catalog.trusted(
                    new Catalog.Head(1, 1, 9_000, 0, 0, 0),
                    List.of(
                            candidate(10, 7_000), // Eligible, second.
                            candidate(BEST, 9_000),
                            candidate(30, 4_000))) // Below the floor.
            .value();
    private static final Policy POLICY = Policy.decode(
            1,
            CatalogCodec.encode(CATALOG),
            AdaptiveCodec.encode(
                    Adaptive.of(new int[] {0, 5_000, 8_000}, List.of()).value()));

    private final Kernel kernel = new Kernel();
    private final KernelInput input = new KernelInput();
    private final KernelDecision decision = new KernelDecision();
    private final Selection selection = new Selection();

    @ParameterizedTest
    @CsvSource({ // requested, may be substituted, action, reason, acted, strategy, propensity
        "20, true, EXECUTE, REQUESTED_IS_BEST, 20, FOLLOW, 10000",
        "10, true, SUBSTITUTE, BETTER_CANDIDATE, 20, FOLLOW, 10000",
        "30, true, SUBSTITUTE, BETTER_CANDIDATE, 20, FOLLOW, 10000",
        "0, true, SUBSTITUTE, BETTER_CANDIDATE, 20, FOLLOW, 10000",
        "20, false, EXECUTE, REQUESTED_IS_BEST, 20, FOLLOW, 10000",
        "10, false, EXECUTE, REQUESTED_DIRECTED, 10, DIRECTED, 0",
        "30, false, REJECT, REQUESTED_NOT_ELIGIBLE, 0, DIRECTED, 0",
        "99, false, REJECT, REQUESTED_NOT_ELIGIBLE, 0, DIRECTED, 0",
        "0, false, REJECT, REQUESTED_NOT_ELIGIBLE, 0, DIRECTED, 0"
    })
    void shouldFollowTheKernelUnlessTheClientDirects(
            long requestedId,
            boolean mayBeSubstituted,
            Action action,
            ReasonCode reason,
            long actedId,
            Strategy strategy,
            int propensityBps) {
        ask(requestedId, 1_000, mayBeSubstituted);

        assertEquals(action, selection.action());
        assertEquals(reason, selection.reason());
        assertEquals(actedId, selection.actedCandidateId());
        assertEquals(actedId == 0 ? Catalog.NO_INDEX : CATALOG.indexOf(actedId), selection.actedIndex());
        assertEquals(strategy, selection.strategy());
        assertEquals(propensityBps, selection.propensityBps());
        boolean isActing = actedId != 0;
        assertEquals(isActing ? actedId == BEST ? 2 : 1 : Selection.NONE, selection.tier());
        assertEquals(isActing ? (int) actedId / 10 : Selection.NONE, selection.providerId());
        assertEquals(isActing ? 1_000 * actedId : 0, selection.costMicros());
    }

    @ParameterizedTest
    @CsvSource({"0, true", "0, false", "20, true", "20, false", "99, false"})
    void shouldKeepTheReasonOfAKernelThatRejects(long requestedId, boolean mayBeSubstituted) {
        ask(requestedId, 9_000, mayBeSubstituted);

        assertEquals(Action.REJECT, selection.action());
        assertEquals(ReasonCode.RISK_HARD_LIMIT, selection.reason());
        assertEquals(0, selection.actedCandidateId());
        assertEquals(Strategy.FOLLOW, selection.strategy());
        assertEquals(10_000, selection.propensityBps());
    }

    @Test
    void shouldRejectOnceCleared() {
        ask(10, 1_000, false);

        selection.clear();

        assertEquals(Action.REJECT, selection.action());
        assertEquals(ReasonCode.NONE, selection.reason());
        assertEquals(0, selection.actedCandidateId());
        assertEquals(Catalog.NO_INDEX, selection.actedIndex());
        assertEquals(0, selection.costMicros());
        assertEquals(Selection.NONE, selection.tier());
        assertEquals(Selection.NONE, selection.providerId());
        assertEquals(Selection.NO_PROPENSITY, selection.propensityBps());
    }

    @Test
    void shouldNeverLetACandidateActThatFailsAGate() {
        Random random = new Random(8);
        int acted = 0;
        for (int round = 0; round < 50_000; round++) {
            boolean mayBeSubstituted = random.nextBoolean();
            long requestedId = 10L * random.nextInt(5);
            input.minimumQualityBps(random.nextInt(10_001));
            ask(requestedId, random.nextInt(10_001), mayBeSubstituted);
            if (selection.action() != Action.REJECT) {
                acted++;
                assertEquals(0, Kernel.gateOf(CATALOG, selection.actedIndex(), input));
                assertEquals(Kernel.costMicros(CATALOG, selection.actedIndex(), input), selection.costMicros());
                assertTrue(mayBeSubstituted || selection.actedCandidateId() == requestedId);
                assertEquals(selection.action() == Action.EXECUTE, selection.actedCandidateId() == requestedId);
            }
        }
        assertTrue(acted > 1_000);
    }

    @Test
    void shouldAllocateNothingWhenWarm() {
        ask(10, 1_000, false);

        long allocated = AllocatedBytes.leastOf(() -> {
            for (int round = 0; round < 50_000; round++) {
                selection.choose(POLICY, input, decision, (round & 1) == 0);
            }
        });

        assertEquals(0, allocated);
    }

    private void ask(long requestedId, int riskBps, boolean mayBeSubstituted) {
        input.requestedCandidateId(requestedId);
        input.inputUnits(1_000);
        input.businessValueMicros(1_000_000);
        input.costLimitMicros(-1);
        input.riskBps(riskBps);
        input.confidenceBps(10_000);
        if (input.minimumQualityBps() == 0) {
            input.minimumQualityBps(5_000);
        }
        input.allowedProviderMask(-1);
        kernel.evaluate(CATALOG, input, decision);
        selection.choose(POLICY, input, decision, mayBeSubstituted);
    }

    private static Candidate candidate(long id, int qualityBps) {
        return new Candidate(id, (int) id / 10, qualityBps, 10_000, 1, 100, 0, 0, 1_000_000 * id, 0);
    }
}
