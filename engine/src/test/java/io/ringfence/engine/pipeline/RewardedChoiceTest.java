package io.ringfence.engine.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.pipeline.Verdict.DecisionFacts;
import io.ringfence.engine.policy.Adaptive;
import io.ringfence.engine.policy.Policy.UseCase;
import io.ringfence.engine.policy.RewardRule;
import io.ringfence.schemas.AccountScope;
import io.ringfence.schemas.AccountVerb;
import io.ringfence.schemas.AdmissionRequestEncoder;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.FollowUp;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OutcomeReportEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Role;
import io.ringfence.schemas.Substitution;
import io.ringfence.schemas.Tristate;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** A cheap model whose answers look passable and are asked for again, beside dearer ones that do it at once. */
class RewardedChoiceTest {
    private static final EngineSettings SETTINGS = EngineSettings.defaults(1, new byte[32]);
    private static final int TRADER = 11;
    private static final long ACCOUNT = 1;
    private static final int CHEAP = 1;
    private static final int DEARER_FLOOR = 7_000;
    private static final RewardRule RULE = new RewardRule(1, 0, 0, 1, 0, 0, 0, 6_000);

    /** A dearer one for itself is a success; the cheap one with its retry costs more. */
    private static final RewardRule COST_RULE = new RewardRule(1, 1, 0, 0, 0, 1_000, 0, 6_500);

    private final Commands commands = new Commands();
    private final Engine engine = new Engine(SETTINGS, new MemoryLog(), SnapshotSink.NONE);
    private final DecisionEvent event = new DecisionEvent();
    private long requestId;

    @Test
    void shouldLeaveACheapModelThatIsRetriedForTheDearerOne() {
        begin(RULE);

        assertTrue(cheapOfTheLastHundred() < 10, "the dearer one wins");
    }

    /** Nobody reports a follow-up: the request that retries names the decision, and the dearer one does it at once. */
    @Test
    void shouldLeaveItWhenTheRetryNamesIt() {
        begin(RULE);

        assertTrue(cheapOfTheLastHundredRetried() < 10, "the dearer one wins");
    }

    @Test
    void shouldLeaveItForTheCostOfTheRetryAlone() {
        begin(COST_RULE);

        assertTrue(cheapOfTheLastHundredRetried() < 10, "the dearer one wins");
    }

    @Test
    void shouldKeepItWhereTheRetryNamesItAndNobodyWeighsThat() {
        begin(RewardRule.NONE);

        assertTrue(cheapOfTheLastHundredRetried() > 60, "the cheap one looks good enough");
    }

    @Test
    void shouldKeepItWhereNobodyWeighsTheRetry() {
        begin(RewardRule.NONE);

        assertTrue(cheapOfTheLastHundred() > 60, "the cheap one looks good enough");
    }

    private int cheapOfTheLastHundred() {
        int cheap = 0;
        for (int round = 0; round < 600; round++) {
            boolean isCheap = decideAndReport() == CHEAP;
            cheap += round >= 500 && isCheap ? 1 : 0;
        }
        return cheap;
    }

    private int cheapOfTheLastHundredRetried() {
        int cheap = 0;
        for (int round = 0; round < 600; round++) {
            long acted = decide(65_535, null);
            byte[] first = facts();
            report(acted, first, null);
            byte[] standing = standing();
            if (acted == CHEAP) {
                long again = decide(DEARER_FLOOR, first);
                byte[] retry = facts();
                assertTrue(again != CHEAP);
                report(again, retry, new byte[][] {first, standing});
            }
            cheap += round >= 500 && acted == CHEAP ? 1 : 0;
        }
        return cheap;
    }

    private long decide(int floorBps, byte[] parent) {
        byte[] request = commands.admission(++requestId, ACCOUNT, 0, Substitution.ALLOWED, 1_000, floorBps, 0);
        if (parent != null) {
            new AdmissionRequestEncoder()
                    .wrap(new UnsafeBuffer(request), MessageHeaderEncoder.ENCODED_LENGTH)
                    .parentSequence(new UnsafeBuffer(parent).getLong(0));
        }
        apply(CommandType.ADMISSION, TRADER, request, parent);
        assertTrue(event.verdict().isAdmitted());
        return event.verdict().actedCandidateId();
    }

    private byte[] facts() {
        byte[] facts = new byte[DecisionFacts.LENGTH];
        new DecisionFacts().write(event, new UnsafeBuffer(facts), 0);
        return facts;
    }

    private byte[] standing() {
        byte[] standing = new byte[StandingOutcome.LENGTH];
        new StandingOutcome().write(event, new UnsafeBuffer(standing), 0);
        return standing;
    }

    /** Reports what the acted candidate costs and how good it looks, and no follow-up. */
    private void report(long acted, byte[] facts, byte[][] parent) {
        long decision = new UnsafeBuffer(facts).getLong(0);
        byte[] outcome = commands.outcome(++requestId, decision, Disposition.APPLIED, Tristate.UNKNOWN);
        new OutcomeReportEncoder()
                .wrap(new UnsafeBuffer(outcome), MessageHeaderEncoder.ENCODED_LENGTH)
                .qualityBps(acted == CHEAP ? 8_500 : 9_500)
                .realizedCostMicros(acted == CHEAP ? 100 : 500);
        long sequence = engine.lastSequence() + 1;
        new StampedCommand(
                        CommandType.OUTCOME,
                        sequence,
                        sequence,
                        0,
                        TRADER,
                        outcome,
                        facts,
                        null,
                        parent == null ? null : parent[0],
                        parent == null ? null : parent[1])
                .acceptInto(event);
        engine.apply(event);
        assertEquals(ReasonCode.APPLIED, event.verdict().reason());
    }

    private long decideAndReport() {
        long acted = decide(65_535, null);
        byte[] facts = facts();
        byte[] outcome = commands.outcome(++requestId, event.sequence(), Disposition.APPLIED, Tristate.UNKNOWN);
        new OutcomeReportEncoder()
                .wrap(new UnsafeBuffer(outcome), MessageHeaderEncoder.ENCODED_LENGTH)
                .qualityBps(acted == CHEAP ? 8_500 : 9_500)
                .followUp(acted == CHEAP ? FollowUp.RETRY : FollowUp.NONE);
        apply(CommandType.OUTCOME, TRADER, outcome, facts);
        assertEquals(ReasonCode.APPLIED, event.verdict().reason());
        return acted;
    }

    private void begin(RewardRule rule) {
        apply(CommandType.SETTINGS, 0, SETTINGS.encode(), null);
        UseCase shared = Commands.adaptive(2).useCases().get(0);
        UseCase worthLittle =
                new UseCase( // So that the cheap one, alone in its tier, is the kernel's choice wherever it may act.
                                shared.code(),
                                new UseCase.Defaults(20_000, 0, 500, 9_000, 300, 0),
                                shared.hardFloorBps(),
                                shared.recommendedFloorBps(),
                                shared.targetSuccessBps(),
                                shared.priors())
                        .with(rule);
        List<byte[]> policy = commands.policy(
                1, Adaptive.of(new int[] {5_000, 7_000}, List.of(worthLittle)).value());
        for (byte[] part : policy.subList(0, 4)) {
            apply(CommandType.POLICY_PART, 0, part, null);
        }
        apply(CommandType.POLICY_ACTIVATE, 0, policy.get(4), null);
        assertEquals(ReasonCode.APPLIED, event.verdict().reason());
        apply(CommandType.ACCOUNT, 0, commands.account(ACCOUNT, AccountVerb.OPEN, 1_000_000_000_000L), null);
        apply(CommandType.PRINCIPAL, 0, commands.principal(TRADER, Role.TRADER, AccountScope.ALL), null);
    }

    private void apply(CommandType type, int principalId, byte[] command, byte[] facts) {
        long sequence = engine.lastSequence() + 1;
        new StampedCommand(type, sequence, sequence, 0, principalId, command, facts).acceptInto(event);
        engine.apply(event);
    }
}
