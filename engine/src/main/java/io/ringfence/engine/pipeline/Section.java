package io.ringfence.engine.pipeline;

/**
 * One stage's part of a slot, with the mark that it was written for the command in hand.
 *
 * <p>Slots are reused, so a flag would still be set from the slot's last round; the mark is the command's sequence, which
 * never comes back. The journal stage refuses an event that lacks a section's mark.
 */
abstract class Section {
    private long doneSequence;

    /** Marks the section written. The owning stage calls this last, on every path. */
    final void done(long sequence) {
        doneSequence = sequence;
    }

    /** Was it written for this sequence? */
    final boolean isDone(long sequence) {
        return doneSequence == sequence;
    }
}
