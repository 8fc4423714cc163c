package io.ringfence.engine.pipeline;

import io.ringfence.engine.bandit.Lesson;
import io.ringfence.engine.bandit.RetryCharge;
import io.ringfence.schemas.OutcomeLessonDecoder;
import io.ringfence.schemas.ReasonCode;

/**
 * What the outcome of a retry did to the decision that it charges: a part of the bandit stage's section of an outcome, beside
 * {@link Verdict.Learnt}. One a slot.
 */
public final class ParentCharge {
    private final RetryCharge charge = new RetryCharge();
    private int lesson = Lesson.NOTHING;
    private int takenBack = Lesson.NOTHING;
    private boolean isChanged;

    ParentCharge() {}

    void clear() {
        charge.clear();
        lesson = Lesson.NOTHING;
        takenBack = Lesson.NOTHING;
        isChanged = false;
    }

    /**
     * Settles what the decision is charged from here on: what it was, less what the retry's earlier outcome has charged, and what the present
     * one charges.
     *
     * @param earlier what stood of the decision; null for nothing.
     * @param charged by the retry so far; is what it charges from here on.
     * @param due     what the present outcome says; lowered to what has room.
     * @return false if nothing changes.
     */
    boolean begin(OutcomeLessonDecoder earlier, RetryCharge charged, RetryCharge due) {
        if (earlier == null) {
            charge.clear();
        } else {
            charge.read(earlier.charge());
        }
        return charge.replace(charged, due);
    }

    /**
     * The decision was taught anew.
     *
     * @param cannotTeach  why it teaches nothing; NONE if it teaches.
     * @param newLesson    that it has with the charge; taught only if nothing is against it.
     * @param earlier      that was taken back.
     */
    void taught(ReasonCode cannotTeach, int newLesson, int earlier) {
        lesson = cannotTeach == ReasonCode.NONE ? newLesson : Lesson.NOTHING;
        takenBack = earlier;
        isChanged = true;
    }

    /** As a record tells it; the charge is read besides. */
    void recorded(int taught) {
        lesson = taught;
        isChanged = true;
    }

    /** Did this outcome change what the decision is charged? If not, all else says nothing. */
    public boolean isChanged() {
        return isChanged;
    }

    /** What the decision teaches from here on, as {@link Lesson} says it; {@link Lesson#NOTHING} for nothing. */
    public int lesson() {
        return lesson;
    }

    /** What was taken back of it; {@link Lesson#NOTHING} for nothing, and where a record was read. */
    public int takenBack() {
        return takenBack;
    }

    /** What all its retries charge the decision from here on. */
    public RetryCharge charge() {
        return charge;
    }
}
