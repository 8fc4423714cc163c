package io.ringfence.gateway.server;

import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.Pipeline.ReplyHandler;
import io.ringfence.gateway.answers.PastFacts;
import io.ringfence.gateway.counters.CountersFile;
import io.ringfence.schemas.AdmissionRequestDecoder;
import io.ringfence.schemas.ReasonCode;

/**
 * Puts commands in the one order that the engine follows: those of clients, of the gateway, of other threads, of a start and a stop.
 *
 * <p>A command is loaded into {@link #slot()} and checked there; only then it is taken. It gets its sequence, its event time and the
 * facts of the decision that it names when it is ordered. That may be after {@link #take} has returned, and behind a command that was
 * taken later, so nobody may rely on a sequence before the handler has the event. Event time never falls from sequence to sequence.
 *
 * <p>For one thread: the duty cycle, or the owner of the engine while there is none.
 */
public interface Sequencer {
    /** Stands for "names no decision": the null value of a request's parent. */
    long NO_DECISION = AdmissionRequestDecoder.parentSequenceNullValue();

    /** Says who takes each event once its record is appended, in order; before the first command. */
    void handler(ReplyHandler handler);

    /** Where the next command is loaded and checked. Without room it is a slot that cannot be taken. */
    DecisionEvent slot();

    /** Is there room for a command of this type? */
    boolean hasRoom(CommandType type);

    /**
     * Is it time for a tick? When the time has come at which the stages have work by event time alone, and in any case now and then; never
     * sooner than a tick interval after the last one.
     */
    boolean isTickDue();

    /** A name for a session that begins: no other of the last 2^32 commands gave it. 0 when there is no room for its command. */
    int nextName();

    /**
     * May a command of this type name this decision now?
     *
     * @return NONE, also when its facts are not at hand; OUTCOME_TOO_EARLY if it is not answered yet, or an earlier outcome of it, or of
     *     the decision that it charges, is ordered and not yet appended; OUTCOME_TOO_OLD if it is too long ago; FIELD_INVALID for a sequence that is no decision's.
     */
    ReasonCode check(CommandType type, long decision);

    /**
     * Is what a command of this type is stamped with at hand for a decision, which {@link #check} let pass: its facts, and of an outcome
     * the one that stands and both of the decision that it charges? If not, it is in the journal alone.
     */
    boolean isAtHand(CommandType type, long decision);

    /**
     * Is an outcome of this decision, or of the one that it charges, ordered and not yet appended?
     *
     * @param parent sequence of the one that it charges; 0 for none.
     */
    boolean isOutcomeOpen(long decision, long parent);

    /** Does what the journal says of a decision, and of the one that it charges, still hold: was no outcome of it ordered that was not read? */
    boolean isCurrent(long decision, PastFacts found);

    /** Is a decision of this event time too long ago to be named now? */
    boolean isTooOld(long decidedAtNs);

    /**
     * Takes the command in {@link #slot()}. Only after {@link #hasRoom} said yes. A command that names a decision whose facts are no
     * longer at hand when it is ordered has none; the engine refuses it. Facts that were looked up and put into the slot stay with it, unless
     * another outcome of the decision was ordered since: then it has none either.
     *
     * @param sessionId   session it came by; 0 for none.
     * @param principalId whose command; 0 for the engine itself.
     * @param decision    sequence of the decision that it names, whose facts are at hand; {@link #NO_DECISION} for none, or if the slot has
     *                    its facts.
     */
    void take(CommandType type, int sessionId, int principalId, long decision);

    /** Commands that were taken and not yet handed over. */
    int takenCount();

    /**
     * Carries on what was taken, and hands over what was appended. Returns at once.
     *
     * @param limit most events to hand over; 1 and above.
     * @return how many were handed over; those that {@link #take} itself handed over do not count.
     * @throws IllegalStateException when a stage has failed: nothing more is answered.
     */
    int carryOn(int limit);

    /** Shows how many commands were taken and appended, how full the ring is, where learning is frozen, and which circuits are not closed. */
    void show(CountersFile counters);
}
