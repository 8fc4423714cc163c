package io.ringfence.engine.pipeline;

import io.ringfence.engine.bandit.Lesson;
import io.ringfence.engine.bandit.TierChoice;
import io.ringfence.engine.kernel.KernelInput;
import io.ringfence.schemas.FloorSource;

/**
 * The request as the kernel sees it: nulls filled, floor resolved, providers that may not act masked out. Written by
 * {@link BanditStage}.
 */
public final class EffectiveSection extends Section {
    private final KernelInput input = new KernelInput();
    private final TierChoice choice = new TierChoice();
    private FloorSource floorSource = FloorSource.HARD;
    private int lesson = Lesson.NOTHING;
    private boolean isPresent;

    void notTaken(long sequence) {
        learnt(sequence, Lesson.NOTHING);
    }

    /** The command was no request, but an outcome that taught this. */
    void learnt(long sequence, int lesson) {
        this.lesson = lesson;
        isPresent = false;
        floorSource = FloorSource.HARD;
        choice.clear();
        done(sequence);
    }

    void resolved(long sequence, FloorSource floorSource) {
        this.isPresent = true;
        this.lesson = Lesson.NOTHING;
        this.floorSource = floorSource;
        done(sequence);
    }

    /** Did the stage take part? */
    public boolean isPresent() {
        return isPresent;
    }

    /** What an outcome taught the tiers, as {@link Lesson} says it; {@link Lesson#NOTHING} for everything else. */
    public int lesson() {
        return lesson;
    }

    /** The kernel's input; of an earlier command when the stage did not take part. */
    public KernelInput input() {
        return input;
    }

    /** What was sampled of each tier, and the tier chosen. */
    public TierChoice choice() {
        return choice;
    }

    /** Which rule gave the floor. */
    public FloorSource floorSource() {
        return floorSource;
    }
}
