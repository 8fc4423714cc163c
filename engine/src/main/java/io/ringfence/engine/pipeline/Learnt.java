package io.ringfence.engine.pipeline;

import io.ringfence.engine.bandit.Lesson;
import io.ringfence.schemas.ReasonCode;

/** What an outcome did to what the engine has learnt: the bandit stage's section of an outcome. Empty for every other command. */
public final class Learnt {
    private int lesson = Lesson.NOTHING;
    private int takenBack = Lesson.NOTHING;
    private ReasonCode reason = ReasonCode.NONE;
    private boolean isStanding;

    void clear() {
        set(Lesson.NOTHING, Lesson.NOTHING, ReasonCode.NONE, false);
    }

    /** Another outcome stands: this one changes nothing. */
    void refused(ReasonCode why) {
        set(Lesson.NOTHING, Lesson.NOTHING, why, false);
    }

    /**
     * The outcome stands from here on.
     *
     * @param cannotTeach why it teaches nothing; NONE if it teaches.
     * @param lesson      that it has; taught only if nothing is against it.
     * @param takenBack   that the earlier one taught.
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

    /** As a record tells it. */
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

    /** What was taken back of the earlier outcome, as that one taught it; {@link Lesson#NOTHING} for nothing, and where a record was read. */
    public int takenBack() {
        return takenBack;
    }

    /** What it did beside teaching for the first time; {@link ReasonCode#NONE} where it did just that. */
    public ReasonCode reason() {
        return reason;
    }

    /** Does it stand: is it what a later revision of its decision's outcome takes back? */
    public boolean isStanding() {
        return isStanding;
    }
}
