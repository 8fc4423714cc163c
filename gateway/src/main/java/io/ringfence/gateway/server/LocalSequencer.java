package io.ringfence.gateway.server;

import io.ringfence.engine.bandit.PublishedGuardrails;
import io.ringfence.engine.command.Command;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.command.Stamp;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.Engine;
import io.ringfence.engine.pipeline.Engine.FailureLatch;
import io.ringfence.engine.pipeline.Pipeline;
import io.ringfence.engine.pipeline.Pipeline.ReplyHandler;
import io.ringfence.gateway.answers.FactsIndex;
import io.ringfence.gateway.answers.PastFacts;
import io.ringfence.gateway.answers.StandingOutcomes;
import io.ringfence.gateway.counters.CountersFile;
import io.ringfence.gateway.counters.EngineCounter;
import io.ringfence.schemas.LearningFreeze;
import io.ringfence.schemas.ReasonCode;

/**
 * Orders commands within this process, as they are taken: the one place that stamps them.
 *
 * <p>An eighth of the ring is kept for what must not wait behind admissions. Allocates nothing once made.
 */
public final class LocalSequencer implements Sequencer {
    private static final int KEPT_SHARE = 8;
    private static final long NO_PARENT = 0;

    private final DecisionEvent spare = new DecisionEvent();
    private final Pipeline pipeline;
    private final TurnClock clock;
    private final FactsIndex facts;
    private final StandingOutcomes outcomes;
    private final long tickIntervalNs;
    private final long idleTickIntervalNs;
    private final int keptSlots;

    private long tickedAtNs;

    /**
     * @param pipeline that nobody else publishes to or polls.
     * @param clock    gives the event time: that of the turn.
     * @param facts    of answered decisions.
     * @param tickIntervalNs     least event time between two ticks; 1 and above.
     * @param idleTickIntervalNs event time after which a tick is due also when it has no work; 1 and above.
     */
    public LocalSequencer(
            Pipeline pipeline, TurnClock clock, FactsIndex facts, long tickIntervalNs, long idleTickIntervalNs) {
        this.pipeline = pipeline;
        this.clock = clock;
        this.facts = facts;
        this.outcomes = facts.outcomes();
        this.tickIntervalNs = tickIntervalNs;
        this.idleTickIntervalNs = idleTickIntervalNs;
        this.keptSlots = pipeline.ringSize() / KEPT_SHARE;
    }

    /**
     * For a start or a stop: the stages run on the caller's thread, and each command is handed over before {@link #take} returns.
     *
     * @param engine which no pipeline runs meanwhile.
     */
    public static LocalSequencer onCaller(Engine engine, TurnClock clock, FactsIndex facts) {
        return new LocalSequencer(Pipeline.onCaller(engine), clock, facts, Long.MAX_VALUE, Long.MAX_VALUE);
    }

    @Override
    public void handler(ReplyHandler handler) {
        pipeline.handler(handler);
    }

    @Override
    public DecisionEvent slot() {
        return pipeline.hasCapacity(1) ? pipeline.next() : spare;
    }

    @Override
    public boolean hasRoom(CommandType type) {
        return pipeline.hasCapacity(type.hasKeptRoom() ? 1 : 1 + keptSlots);
    }

    @Override
    public boolean isTickDue() {
        long sinceNs = clock.timestampNs() - tickedAtNs;
        return sinceNs >= tickIntervalNs && (sinceNs >= idleTickIntervalNs || pipeline.dueNs() <= clock.timestampNs());
    }

    /** The sequence that the session's first command will have. */
    @Override
    public int nextName() {
        return hasRoom(CommandType.SESSION_OPENED) ? (int) pipeline.nextSequence() : 0;
    }

    @Override
    public ReasonCode check(CommandType type, long decision) {
        ReasonCode refusal = facts.check(decision, clock.timestampNs());
        boolean mustWait =
                refusal == ReasonCode.NONE && type == CommandType.OUTCOME && isOutcomeOpen(decision, parent(decision));
        return mustWait ? ReasonCode.OUTCOME_TOO_EARLY : refusal;
    }

    /** The decision that outcomes of this one charge; {@link #NO_PARENT} for none, and for one that is not at hand. */
    private long parent(long decision) {
        int offset = facts.offset(decision);
        return offset == FactsIndex.NONE ? NO_PARENT : facts.parent(offset);
    }

    @Override
    public boolean isAtHand(CommandType type, long decision) {
        if (type != CommandType.OUTCOME) {
            return facts.offset(decision) != FactsIndex.NONE;
        }
        long parent = parent(decision);
        return isKnown(decision) && (parent == NO_PARENT || isKnown(parent));
    }

    /** Are the facts of a decision and its outcome that stands at hand? */
    private boolean isKnown(long decision) {
        return facts.offset(decision) != FactsIndex.NONE && outcomes.isAtHand(decision);
    }

    @Override
    public boolean isOutcomeOpen(long decision, long parent) {
        return outcomes.isOpen(decision) || parent != NO_PARENT && outcomes.isOpen(parent);
    }

    @Override
    public boolean isCurrent(long decision, PastFacts found) {
        boolean isCurrent = outcomes.isCurrent(decision, found.outcome()) && outcomes.isReadFarEnough(found.readTo());
        PastFacts parent = found.parent();
        return isCurrent && (parent == null || isCurrent(parent.decision(), parent));
    }

    @Override
    public boolean isTooOld(long decidedAtNs) {
        return facts.isTooOld(decidedAtNs, clock.timestampNs());
    }

    @Override
    public void take(CommandType type, int sessionId, int principalId, long decision) {
        DecisionEvent event = pipeline.next();
        event.stamp(type, pipeline.nextSequence(), clock.timestampNs(), sessionId, principalId);
        if (decision != NO_DECISION) {
            stampFacts(event.command(), decision);
        }
        if (type == CommandType.OUTCOME && event.command().hasFacts()) {
            stampOutcome(event.command());
        }
        if (type == CommandType.TICK) {
            tickedAtNs = event.command().timestampNs();
        }
        pipeline.publish();
    }

    private void stampFacts(Command command, long decision) {
        int offset = facts.offset(decision);
        if (offset != FactsIndex.NONE) {
            command.stampFacts(facts.buffer(), offset);
        }
        if (offset == FactsIndex.NONE || command.type() != CommandType.OUTCOME) {
            return;
        }
        int ofParent = facts.parent(offset) == NO_PARENT ? FactsIndex.NONE : facts.offset(facts.parent(offset));
        if (ofParent != FactsIndex.NONE) {
            command.ofParent().stampFacts(facts.buffer(), ofParent);
        }
    }

    /** Stamps an outcome with what stands of its decision and of the one that it charges. Where that is not known, it has no stamps. */
    private void stampOutcome(Command command) {
        Stamp ofParent = command.ofParent();
        long decision = command.facts().sequence();
        long parent = parent(decision);
        boolean isWhole = parent == NO_PARENT || ofParent.hasFacts();
        if (!isWhole || !isStamped(command.ofDecision()) || ofParent.hasFacts() && !isStamped(ofParent)) {
            command.dropStamps();
            return;
        }
        outcomes.ordered(decision);
        if (ofParent.hasFacts()) {
            outcomes.ordered(ofParent.facts().sequence());
        }
    }

    /** Stamps with what stands where that is at hand. Else the stamp must say it already. */
    private boolean isStamped(Stamp stamp) {
        long decision = stamp.facts().sequence();
        if (outcomes.isOpen(decision)) {
            return false;
        }
        if (isKnown(decision)) {
            stamp.dropLesson();
            outcomes.stamp(stamp, decision);
            return true;
        }
        return outcomes.isCurrent(decision, stamp.hasLesson() ? stamp.lesson().sequence() : StandingOutcomes.NONE);
    }

    @Override
    public int takenCount() {
        return pipeline.depth();
    }

    @Override
    public int carryOn(int limit) {
        FailureLatch latch = pipeline.latch();
        if (latch.isLatched()) {
            FailureLatch.Failure failed = latch.failure();
            throw new IllegalStateException(
                    "a stage failed: stage=" + failed.stage() + ", sequence=" + failed.sequence() + ", cause="
                            + failed.cause(),
                    failed.cause());
        }
        return pipeline.poll(limit);
    }

    @Override
    public void show(CountersFile counters) {
        counters.set(EngineCounter.RING_SIZE, pipeline.ringSize());
        counters.set(EngineCounter.RING_DEPTH, pipeline.depth());
        counters.set(EngineCounter.SEQUENCE, pipeline.nextSequence() - 1);
        counters.set(EngineCounter.APPENDED, pipeline.appendedSequence());
        PublishedGuardrails guardrails = pipeline.published().guardrails();
        counters.set(EngineCounter.FROZEN_BY_COMMAND, guardrails.frozenBy(LearningFreeze.COMMAND));
        counters.set(EngineCounter.FROZEN_BY_DRIFT, guardrails.frozenBy(LearningFreeze.DRIFT));
        counters.set(EngineCounter.FROZEN_BY_DIVERGENCE, guardrails.frozenBy(LearningFreeze.DIVERGENCE));
        counters.set(EngineCounter.OPEN_CIRCUITS, guardrails.open());
        counters.set(EngineCounter.HALF_OPEN_CIRCUITS, guardrails.halfOpen(clock.timestampNs()));
        counters.exploration(pipeline.published().exploration());
    }
}
