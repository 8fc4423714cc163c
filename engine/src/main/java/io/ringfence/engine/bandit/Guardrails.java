package io.ringfence.engine.bandit;

import io.ringfence.engine.policy.Adaptive;
import io.ringfence.engine.policy.Bps;
import io.ringfence.engine.snapshot.Snapshotted;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.LearningFreeze;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OutcomeFactsDecoder;
import io.ringfence.schemas.OutcomeLessonDecoder;
import io.ringfence.schemas.OutcomeReportDecoder;
import io.ringfence.schemas.ReasonCode;

/**
 * Decides whether an outcome may teach the bandit. It owns the circuits of providers, says in which use cases learning is frozen, watches for
 * alarms, and keeps the counts to which an alarm falls back.
 *
 * <p>An alarm freezes the learning of its use case and sets its counts to those that were named last; where none were named, to 0, so that
 * the priors hold alone. While learning is frozen, no alarm sees outcomes; after a thaw alarms begin anew. A freeze does not touch circuits.
 *
 * <p>Its state and the bandit's are written together, its own first. One thread; allocates nothing once made.
 */
public final class Guardrails implements Snapshotted {
    private final TierBandit bandit;
    private final Circuits circuits;
    private final Freezes freezes = new Freezes();
    private final NamedCounts named;
    private final Alarms alarms = new Alarms();
    private final PublishedGuardrails published = new PublishedGuardrails();
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();

    /** @param circuitMaxAgeNs age of a decision from which on its outcome counts for no circuit, in ns; 0: no circuit opens. */
    public Guardrails(TierBandit bandit, long circuitMaxAgeNs) {
        this.bandit = bandit;
        this.circuits = new Circuits(circuitMaxAgeNs);
        this.named = new NamedCounts(bandit.learnt);
    }

    /** What is learnt of tiers. */
    public TierBandit bandit() {
        return bandit;
    }

    /** What keeps requests from failing providers. */
    public Circuits circuits() {
        return circuits;
    }

    /** What {@link #publish} tells other threads. Any thread. */
    public PublishedGuardrails published() {
        return published;
    }

    /** Tells other threads what is frozen and open now: to be called after each outcome and each command about learning. */
    public void publish() {
        published.publish(freezes, circuits);
    }

    /**
     * Makes a policy active, for the bandit too. What was named for another number of tiers is dropped, as what was learnt is.
     *
     * @param sequence of the record that does so.
     * @param nowNs    its event time.
     */
    public void activate(Adaptive adaptive, long sequence, long nowNs) {
        if (bandit.tierCount != 0 && bandit.tierCount != adaptive.tierCount()) {
            named.clear();
            freezes.forgetNamed();
        }
        bandit.activate(adaptive, sequence, nowNs);
        alarms.activate(adaptive);
    }

    /**
     * Teaches the lesson of an outcome and takes back that of the earlier outcome of its decision, unless learning is frozen in its use case.
     * Shows the outcome to circuits, and if it teaches, to alarms.
     *
     * @param sequence of the outcome.
     * @param nowNs    its event time.
     * @param facts    of the decision, with which it was stamped.
     * @param lesson   from {@link Reward#lesson}.
     * @param earlier  outcome of the decision that stands, with which it was stamped; null for none.
     * @return NONE if the lesson was taught; OUTCOME_REPEATED, OUTCOME_SUPERSEDED or OUTCOME_CONTRADICTORY if the earlier one goes on to
     *     stand; LEARNING_FROZEN; DRIFT_ALARM or DIVERGENCE_ALARM if it raised that: then its use case is frozen and has fallen back; else
     *     as {@link TierBandit#learn}.
     */
    public ReasonCode learn(
            long sequence,
            long nowNs,
            OutcomeFactsDecoder facts,
            OutcomeReportDecoder outcome,
            int lesson,
            OutcomeLessonDecoder earlier) {
        ReasonCode refusal = earlier == null ? ReasonCode.NONE : Revision.refusal(outcome, earlier);
        if (refusal != ReasonCode.NONE) {
            return refusal;
        }
        if (outcome.disposition() == Disposition.APPLIED) {
            circuits.observe(facts.providerId(), facts.sequence(), facts.timestampNs(), nowNs, outcome.success());
        }
        int useCase = facts.useCase();
        int takenBack = earlier == null ? Lesson.NOTHING : Lesson.recorded(earlier.lesson());
        if (lesson == Lesson.NOTHING && takenBack == Lesson.NOTHING) {
            return ReasonCode.OUTCOME_WITHOUT_LESSON;
        }
        if (freezes.isFrozen(useCase)) {
            return ReasonCode.LEARNING_FROZEN;
        }
        if (takenBack != Lesson.NOTHING) {
            bandit.takeBack(facts, takenBack, earlier.sequence(), earlier.learningAge());
        }
        ReasonCode result = bandit.learn(facts, lesson);
        LearningFreeze alarm = LearningFreeze.NONE;
        if (result == ReasonCode.NONE) {
            boolean isFirst = takenBack == Lesson.NOTHING || !Revision.isReported(earlier.content());
            alarm = isFirst
                    ? first(useCase, outcome, lesson)
                    : compared(useCase, Lesson.of(earlier.content()), Lesson.of(outcome));
        }
        if (alarm == LearningFreeze.NONE) {
            return result;
        }
        freezes.freeze(useCase, alarm, sequence);
        named.fallBack(useCase, sequence);
        return alarm == LearningFreeze.DRIFT ? ReasonCode.DRIFT_ALARM : ReasonCode.DIVERGENCE_ALARM;
    }

    /** Do outcomes of a use case teach nothing now? */
    public boolean isFrozen(int useCase) {
        return freezes.isFrozen(useCase);
    }

    /**
     * Takes back what a decision taught and teaches it anew, because its retries charge it another sum. Circuits and alarms take no note:
     * nothing was reported on the decision itself. Only while its use case is not {@linkplain #isFrozen frozen}.
     *
     * @param facts   of the decision.
     * @param lesson  from {@link Reward#lesson}.
     * @param earlier what stood of the decision; null for nothing.
     * @return as {@link TierBandit#learn}.
     */
    public ReasonCode teachAgain(OutcomeFactsDecoder facts, int lesson, OutcomeLessonDecoder earlier) {
        int takenBack = earlier == null ? Lesson.NOTHING : Lesson.recorded(earlier.lesson());
        if (takenBack != Lesson.NOTHING) {
            bandit.takeBack(facts, takenBack, earlier.sequence(), earlier.learningAge());
        }
        return bandit.learn(facts, lesson);
    }

    /** Does an outcome with this result of {@link #learn} change nothing, so that what stood before it goes on to stand? */
    public static boolean changesNothing(ReasonCode result) {
        return switch (result) {
            case OUTCOME_REPEATED, OUTCOME_SUPERSEDED, OUTCOME_CONTRADICTORY, LEARNING_FROZEN -> true;
            default -> false;
        };
    }

    /** Alarm by the first lesson of a decision. A report that has both success and grade counts as a quick and a late report. */
    private LearningFreeze first(int useCase, OutcomeReportDecoder outcome, int lesson) {
        LearningFreeze alarm = alarms.learnt(useCase, lesson);
        boolean isGraded = outcome.qualityBps() <= Bps.ONE;
        return alarm == LearningFreeze.NONE && isGraded
                ? compared(useCase, Lesson.of(outcome.success()), Lesson.of(outcome))
                : alarm;
    }

    /** Alarm by two reports on one decision. They are compared by success and grade, and not by the reward of the policy. */
    private LearningFreeze compared(int useCase, int quick, int late) {
        return quick == Lesson.NOTHING || late == Lesson.NOTHING
                ? LearningFreeze.NONE
                : alarms.compared(useCase, quick, late);
    }

    /** Lets outcomes of a use case teach nothing from here on. */
    public void freeze(int useCase, long sequence) {
        freezes.freeze(useCase, LearningFreeze.COMMAND, sequence);
    }

    /** Lets outcomes of a use case teach again. */
    public void thaw(int useCase) {
        freezes.thaw(useCase);
        alarms.restart(useCase);
    }

    /** Names what is learnt of a use case now: an alarm falls back to it. */
    public void name(int useCase, long sequence) {
        named.name(useCase);
        freezes.named(useCase, sequence);
    }

    /** Sets the counts of one tier to 0, so that its prior holds alone. The record of this sequence says so. */
    public void reset(int useCase, int regime, int tier, long sequence) {
        named.reset(useCase, regime, tier, sequence);
    }

    @Override
    public long stateLength() {
        return circuits.stateLength()
                + freezes.stateLength()
                + named.stateLength()
                + alarms.stateLength()
                + bandit.stateLength();
    }

    @Override
    public void writeState(StateWriter writer) {
        circuits.writeState(writer, headerEncoder);
        freezes.writeState(writer, headerEncoder);
        named.writeState(writer, headerEncoder);
        alarms.writeState(writer, headerEncoder);
        bandit.writeState(writer);
    }

    /** As {@link TierBandit#readState}: the policy must be activated next. */
    @Override
    public void readState(StateReader reader) {
        circuits.clear();
        freezes.clear();
        named.clear();
        alarms.clear();
        boolean isOfGuardrails = true; // They stand first.
        while (isOfGuardrails) {
            headerDecoder.wrap(reader.buffer(), reader.position());
            isOfGuardrails = circuits.readState(reader, headerDecoder)
                    || freezes.readState(reader, headerDecoder)
                    || named.readState(reader, headerDecoder)
                    || alarms.readState(reader, headerDecoder);
        }
        bandit.readState(reader);
        publish();
    }
}
