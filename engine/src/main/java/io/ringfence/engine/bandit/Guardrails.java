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
 * Stands between outcomes and what the bandit learns of them: circuits of providers, learning that is frozen, alarms, and the state to
 * which an alarm falls back.
 *
 * <p>An alarm freezes the learning of its use case and lets it stand at the state that was named last, else at the priors. While learning is
 * frozen no alarm is watched; once it is thawed they begin anew. Circuits go on all the time.
 *
 * <p>Writes its state and the bandit's as one, its own first. One thread; allocates what the bandit does.
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
     * Learns from an outcome, and takes back what the earlier one of its decision taught, unless learning is frozen in its use case; takes
     * note of it for circuits and alarms.
     *
     * @param sequence of the outcome.
     * @param nowNs    its event time.
     * @param facts    of the decision, with which it was stamped.
     * @param lesson   from {@link Reward#lesson}.
     * @param earlier  outcome of the decision that stands, with which it was stamped; null for none.
     * @return NONE if the lesson was taken; what {@link #changesNothing}; the alarm that it raised: then its use case is frozen and stands at
     *     its fallback; else as {@link TierBandit#learn}.
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
            alarm = takenBack == Lesson.NOTHING
                    ? first(useCase, outcome, lesson)
                    : compared(useCase, Revision.said(earlier.content()), Lesson.of(outcome));
        }
        if (alarm == LearningFreeze.NONE) {
            return result;
        }
        freezes.freeze(useCase, alarm, sequence);
        named.fallBack(useCase, sequence);
        return alarm == LearningFreeze.DRIFT ? ReasonCode.DRIFT_ALARM : ReasonCode.DIVERGENCE_ALARM;
    }

    /** Does an outcome with this result of {@link #learn} change nothing, so that another may still be the first to stand? */
    public static boolean changesNothing(ReasonCode result) {
        return switch (result) {
            case OUTCOME_REPEATED, OUTCOME_SUPERSEDED, OUTCOME_CONTRADICTORY, LEARNING_FROZEN -> true;
            default -> false;
        };
    }

    /** The first lesson of a decision: a report that tells success and grade is a quick and a late one. */
    private LearningFreeze first(int useCase, OutcomeReportDecoder outcome, int lesson) {
        LearningFreeze alarm = alarms.learnt(useCase, lesson);
        boolean isGraded = outcome.qualityBps() <= Bps.ONE;
        return alarm == LearningFreeze.NONE && isGraded
                ? compared(useCase, Lesson.of(outcome.success()), Lesson.of(outcome))
                : alarm;
    }

    /** Two reports on one decision, by what they say of success and grade, whatever a reward makes of that. */
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

    /** What is learnt of a use case now is what an alarm falls back to. */
    public void name(int useCase, long sequence) {
        named.name(useCase);
        freezes.named(useCase, sequence);
    }

    /** One tier stands at its prior again; the record of this sequence says so. */
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
