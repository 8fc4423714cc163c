package io.ringfence.engine.pipeline;

import io.ringfence.engine.bandit.Lesson;
import io.ringfence.engine.bandit.RetryCharge;
import io.ringfence.engine.budget.BudgetResult;
import io.ringfence.engine.command.Command;
import io.ringfence.engine.digest.Sha256;
import io.ringfence.schemas.Action;
import io.ringfence.schemas.OutcomeFactsEncoder;
import io.ringfence.schemas.OutcomeLessonDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Tristate;
import org.agrona.MutableDirectBuffer;

/**
 * The final result of a command. Record, answer, facts, counters and replay all read it here.
 *
 * <p>Written by the budget stage for every command, once. Fails closed: the action is {@link Action#REJECT} unless intake, kernel,
 * selection and budget all said yes and a hold stands; it is {@link Action#NOTHING_GRANTED} for a command that asks for no admission
 * and for a duplicate, whose answer is the first one's.
 */
public final class Verdict {
    /** No hold. */
    public static final long NO_HOLD = 0;

    private Action action = Action.REJECT;
    private ReasonCode reason = ReasonCode.NONE;
    private long actedCandidateId;
    private long costMicros;
    private long holdId;

    void settle(DecisionEvent event) {
        boolean isBooked = event.isBooked();
        BudgetResult budget = event.budget();
        boolean isDone = isBooked && budget.reason() == ReasonCode.NONE;
        boolean isSelected = event.isDecided() && event.selection().action() != Action.REJECT;
        boolean asksAdmission = event.type().isNewRisk() && !event.isDuplicate();
        boolean isAdmitted =
                asksAdmission && isDone && (isSelected || event.type().isOnHold());
        action = asksAdmission ? Action.REJECT : Action.NOTHING_GRANTED;
        actedCandidateId = 0;
        costMicros = 0;
        if (isAdmitted) {
            action = isSelected ? event.selection().action() : Action.EXECUTE;
        }
        if (isAdmitted && isSelected) {
            actedCandidateId = event.selection().actedCandidateId();
            costMicros = event.selection().costMicros();
        } else if (isAdmitted) {
            actedCandidateId = budget.actedCandidateId(); // A replace: the order's.
        }
        reason = reason(event, isBooked);
        settleHold(event, isAdmitted, isDone);
    }

    /** The first step's that said no, else the selection's, else APPLIED. */
    private static ReasonCode reason(DecisionEvent event, boolean isBooked) {
        if (event.intakeResult() != ReasonCode.NONE) {
            return event.intakeResult();
        }
        if (event.learnt().reason() != ReasonCode.NONE) {
            return event.learnt().reason();
        }
        boolean hasFailed = isBooked && event.budget().reason() != ReasonCode.NONE;
        if (event.isDecided() && (event.selection().action() == Action.REJECT || !hasFailed)) {
            return event.selection().reason();
        }
        return hasFailed ? event.budget().reason() : ReasonCode.APPLIED;
    }

    private void settleHold(DecisionEvent event, boolean isAdmitted, boolean isDone) {
        boolean isOnHold = event.type().isOnHold() || event.isDuplicate();
        if (isOnHold) {
            holdId = isDone && event.budget().isHoldStanding() ? event.budget().holdId() : NO_HOLD;
        } else {
            holdId = isAdmitted ? event.sequence() : NO_HOLD;
        }
    }

    /** The final action. */
    public Action action() {
        return action;
    }

    /** The final reason, of the one code table. */
    public ReasonCode reason() {
        return reason;
    }

    /** Does the client hold a yes? */
    public boolean isAdmitted() {
        return action == Action.EXECUTE || action == Action.SUBSTITUTE;
    }

    /** u32; who acts, 0 for nobody. Of an admitted replace: who acts on its order. */
    public long actedCandidateId() {
        return actedCandidateId;
    }

    /** What it is estimated to cost, u64 bits; 0 where nobody acts, and of a replace, for which nothing is estimated. */
    public long costMicros() {
        return costMicros;
    }

    /**
     * The hold that stands after the command which made it or acted on it; {@link #NO_HOLD} where none does. Of a duplicate: the hold of
     * the first one if it stands.
     */
    public long holdId() {
        return holdId;
    }

    /** Writes the facts of a decision that a later outcome is stamped with. A flyweight: one a thread; allocates nothing. */
    public static final class DecisionFacts {
        /** Stands for "no regime", "no tier" and "no provider". */
        public static final int NONE = 255;

        /** Bytes of the facts of one decision: an {@code OutcomeFacts} block. */
        public static final int LENGTH = OutcomeFactsEncoder.BLOCK_LENGTH;

        private final OutcomeFactsEncoder encoder = new OutcomeFactsEncoder();

        /** Has this event facts: is it an admission request or an order, other than a repeated one? */
        public static boolean has(DecisionEvent event) {
            return event.type().isRequest() && !event.isDuplicate();
        }

        /**
         * The decision that outcomes of this one charge, because this one retries it: its parent. Both were admitted, and the same principal
         * asked for both.
         *
         * @param event that {@link #has} facts, as the budget stage left it.
         * @return its sequence; 0 for none: another parent is charged nothing.
         */
        public static long parent(DecisionEvent event) {
            Command command = event.command();
            boolean isCharged = command.hasFacts()
                    && command.facts().principalId() == Integer.toUnsignedLong(command.principalId())
                    && command.facts().isAdmittedRaw() == Tristate.YES.value()
                    && event.verdict().isAdmitted();
            return isCharged ? command.facts().sequence() : 0;
        }

        /**
         * Writes {@link #LENGTH} bytes.
         *
         * @param event that {@link #has} facts, as the journal stage left it.
         */
        public void write(DecisionEvent event, MutableDirectBuffer buffer, int offset) {
            Command command = event.command();
            boolean isDecided = event.isDecided();
            encoder.wrap(buffer, offset)
                    .sequence(command.sequence())
                    .accountId(event.request().accountId())
                    .timestampNs(command.timestampNs())
                    .actedCandidateId(isDecided ? event.selection().actedCandidateId() : 0)
                    .useCase((short) event.request().useCase())
                    .regime((short) (isDecided ? event.regime() : NONE))
                    .tier((short) (isDecided ? event.selection().tier() : NONE))
                    .providerId((short) (isDecided ? event.selection().providerId() : NONE))
                    .isAdmitted(event.verdict().isAdmitted() ? Tristate.YES : Tristate.NO)
                    .putEntryHash(command.bytes(), event.entryHashOffset(), Sha256.LENGTH)
                    .principalId(command.principalId());
        }
    }

    /** What an outcome changed in what the engine has learnt: the bandit stage's section. Empty for every other command. */
    public static final class Learnt {
        private final RetryCharge charge = new RetryCharge();
        private final RetryCharge charged = new RetryCharge();
        private final ParentCharge ofParent = new ParentCharge();
        private int lesson = Lesson.NOTHING;
        private int takenBack = Lesson.NOTHING;
        private ReasonCode reason = ReasonCode.NONE;
        private boolean isStanding;

        void clear() {
            set(Lesson.NOTHING, Lesson.NOTHING, ReasonCode.NONE, false);
            begin(null);
        }

        /** Keeps what stood of the decision that retries are charged. */
        void begin(OutcomeLessonDecoder earlier) {
            ofParent.clear();
            if (earlier == null) {
                charge.clear();
                charged.clear();
            } else {
                charge.read(earlier.charge());
                charged.read(earlier.charged());
            }
        }

        /** This outcome changes nothing: another one stands, or learning is frozen. */
        void refused(ReasonCode why) {
            set(Lesson.NOTHING, Lesson.NOTHING, why, false);
        }

        /**
         * The outcome stands from here on.
         *
         * @param cannotTeach why it teaches nothing; NONE if it teaches.
         * @param lesson      of the outcome; it is taught only if {@code cannotTeach} is NONE.
         * @param takenBack   lesson of the earlier outcome.
         */
        void stands(ReasonCode cannotTeach, int lesson, int takenBack) {
            boolean isTaught = cannotTeach == ReasonCode.NONE;
            if (Lesson.isAlarm(cannotTeach)) { // All has fallen back to what was named.
                set(Lesson.NOTHING, Lesson.NOTHING, cannotTeach, true);
                return;
            }
            ReasonCode why = cannotTeach;
            if (takenBack != Lesson.NOTHING) {
                why = isTaught ? ReasonCode.OUTCOME_REVISED : ReasonCode.OUTCOME_TAKEN_BACK;
            }
            set(isTaught ? lesson : Lesson.NOTHING, takenBack, why, true);
        }

        /** Sets lesson and standing as a record has them. */
        void recorded(int lesson, boolean isStanding) {
            set(lesson, takenBack, reason, isStanding);
        }

        private void set(int lesson, int takenBack, ReasonCode reason, boolean isStanding) {
            this.lesson = lesson;
            this.takenBack = takenBack;
            this.reason = reason;
            this.isStanding = isStanding;
        }

        /** What it taught, as {@link Lesson} says it; {@link Lesson#NOTHING} for nothing. */
        public int lesson() {
            return lesson;
        }

        /**
         * The lesson of the earlier outcome, which was taken back, as it was taught; {@link Lesson#NOTHING} for none, and where a record
         * was read.
         */
        public int takenBack() {
            return takenBack;
        }

        /** NONE if it taught and took nothing back; else what it did, or why it taught nothing. */
        public ReasonCode reason() {
            return reason;
        }

        /** What retries charge the decision. */
        public RetryCharge charge() {
            return charge;
        }

        /** What the decision, itself a retry, charges the one that it retries, from this outcome on. */
        public RetryCharge charged() {
            return charged;
        }

        /** What that did to the one that it retries. */
        public ParentCharge ofParent() {
            return ofParent;
        }

        /** Does it stand, so that a later revision takes its lesson back? */
        public boolean isStanding() {
            return isStanding;
        }
    }
}
