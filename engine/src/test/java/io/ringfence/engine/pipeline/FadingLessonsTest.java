package io.ringfence.engine.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.pipeline.Verdict.DecisionFacts;
import io.ringfence.engine.policy.Adaptive.TierPrior;
import io.ringfence.schemas.AccountScope;
import io.ringfence.schemas.AccountVerb;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Role;
import io.ringfence.schemas.Substitution;
import io.ringfence.schemas.Tristate;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Policies with a half-life, through a whole engine: what requests are decided upon after hours of event time. */
class FadingLessonsTest {
    private static final EngineSettings SETTINGS = EngineSettings.defaults(1, new byte[32]);
    private static final int TRADER = 11;
    private static final long ACCOUNT = 1;
    private static final int TIERS = 4;

    private final Commands commands = new Commands();
    private final DecisionEvent event = new DecisionEvent();
    private final List<StampedCommand> given = new ArrayList<>();
    private final Engine engine = new Engine(SETTINGS, new MemoryLog(), SnapshotSink.NONE);
    private long nowNs = TimeUnit.HOURS.toNanos(1_000);
    private long requestId;
    private byte[] facts;
    private byte[] standing;
    private int tier;

    @Test
    void shouldHalveWhatWasLearntAndNotThePrior() {
        begin(60);
        decide();
        assertEquals(ReasonCode.APPLIED, report(0, Tristate.YES));
        long prior = prior().successes();

        assertEquals(prior + 256, decide());
        hours(1);
        assertEquals(prior + 128, decide());
        hours(2);
        assertEquals(prior + 32, decide());
        hours(100);
        assertEquals(prior, decide());
    }

    @Test
    void shouldTakeBackWhatIsLeftOfALesson() {
        begin(60);
        decide();
        byte[] first = facts;
        report(0, Tristate.YES);
        hours(1);
        decide();
        facts = first;

        assertEquals(ReasonCode.OUTCOME_REVISED, report(1, Tristate.NO));

        assertEquals(prior().successes(), decide(), "128 were left, and were taken back");
        assertEquals(prior().failures() + 256, event.choice().failures(tier));
    }

    @Test
    void shouldFadeAtThePaceOfEachTime() {
        begin(60);
        decide();
        report(0, Tristate.YES);
        hours(1);
        policy(2, 0);
        hours(50);
        assertEquals(prior().successes() + 128, decide());
        policy(3, 120);
        hours(2);

        assertEquals(prior().successes() + 64, decide());
    }

    @Test
    void shouldKeepTodaysCountsWithoutAHalfLife() {
        begin(0);
        decide();
        report(0, Tristate.YES);
        hours(10_000);

        assertEquals(prior().successes() + 256, decide());
    }

    @Test
    void shouldGoOnFromASnapshotToTheSameBits() {
        begin(60);
        decide();
        report(0, Tristate.YES);
        nowNs += 123_456_789_012L;
        decide();
        Engine restored = new Engine(SETTINGS, new MemoryLog(event.entryHash()), SnapshotSink.NONE);
        engine.state().copyTo(restored);
        assertArrayEquals(engine.stateDigest(), restored.stateDigest());
        int from = given.size();

        standing = null;
        report(0, Tristate.NO);
        hours(3);
        decide();
        report(0, Tristate.YES);
        DecisionEvent other = new DecisionEvent();
        for (StampedCommand command : given.subList(from, given.size())) {
            command.acceptInto(other);
            restored.apply(other);
        }

        assertFalse(event.choice().age() == 0);
        assertArrayEquals(engine.stateDigest(), restored.stateDigest());
    }

    private void begin(long halfLifeMinutes) {
        apply(CommandType.SETTINGS, 0, SETTINGS.encode());
        policy(1, halfLifeMinutes);
        apply(CommandType.ACCOUNT, 0, commands.account(ACCOUNT, AccountVerb.OPEN, 1_000_000_000_000L));
        apply(CommandType.PRINCIPAL, 0, commands.principal(TRADER, Role.TRADER, AccountScope.ALL));
    }

    private void policy(long epoch, long halfLifeMinutes) {
        List<byte[]> policy = commands.policy(epoch, Commands.adaptive(TIERS, halfLifeMinutes));
        for (byte[] part : policy.subList(0, 4)) {
            apply(CommandType.POLICY_PART, 0, part);
        }
        apply(CommandType.POLICY_ACTIVATE, 0, policy.get(4));
        assertEquals(ReasonCode.APPLIED, event.verdict().reason());
    }

    private void hours(int hours) {
        nowNs += TimeUnit.HOURS.toNanos(hours);
    }

    /** Returns the successes of the tier that acted first, as the decision saw them. */
    private long decide() {
        apply(
                CommandType.ADMISSION,
                TRADER,
                commands.admission(++requestId, ACCOUNT, 0, Substitution.ALLOWED, 1_000, 65_535, 0));
        assertTrue(event.verdict().isAdmitted());
        if (facts == null) {
            tier = event.selection().tier();
        }
        facts = new byte[DecisionFacts.LENGTH];
        new DecisionFacts().write(event, new UnsafeBuffer(facts), 0);
        return event.choice().successes(tier);
    }

    private TierPrior prior() {
        return Commands.adaptive(TIERS).useCases().get(0).priors().get(tier);
    }

    private ReasonCode report(long revision, Tristate success) {
        long decision = new UnsafeBuffer(facts).getLong(0, ByteOrder.LITTLE_ENDIAN);
        byte[] command = commands.outcome(++requestId, decision, revision, Disposition.APPLIED, success);
        long sequence = engine.lastSequence() + 1;
        byte[] earlier = revision == 0 ? null : standing;
        apply(new StampedCommand(CommandType.OUTCOME, sequence, nowNs, 0, TRADER, command, facts, earlier));
        standing = new byte[StandingOutcome.LENGTH];
        new StandingOutcome().write(event, new UnsafeBuffer(standing), 0);
        return event.verdict().reason();
    }

    private void apply(CommandType type, int principalId, byte[] command) {
        apply(new StampedCommand(type, engine.lastSequence() + 1, nowNs, 0, principalId, command, null));
    }

    private void apply(StampedCommand command) {
        given.add(command);
        command.acceptInto(event);
        engine.apply(event);
    }
}
