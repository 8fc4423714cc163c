package io.ringfence.engine.command;

import io.ringfence.schemas.OutcomeFactsDecoder;
import io.ringfence.schemas.OutcomeLessonDecoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** What the gateway stamps a command with of one decision: its facts, and which of its outcomes stands. One thread; allocates nothing once made. */
public final class Stamp {
    private final UnsafeBuffer factsBytes = new UnsafeBuffer(new byte[OutcomeFactsDecoder.BLOCK_LENGTH]);
    private final OutcomeFactsDecoder facts = new OutcomeFactsDecoder()
            .wrap(factsBytes, 0, OutcomeFactsDecoder.BLOCK_LENGTH, OutcomeFactsDecoder.SCHEMA_VERSION);
    private final UnsafeBuffer lessonBytes = new UnsafeBuffer(new byte[OutcomeLessonDecoder.BLOCK_LENGTH]);
    private final OutcomeLessonDecoder lesson = new OutcomeLessonDecoder()
            .wrap(lessonBytes, 0, OutcomeLessonDecoder.BLOCK_LENGTH, OutcomeLessonDecoder.SCHEMA_VERSION);
    private boolean hasFacts;
    private boolean hasLesson;

    Stamp() {}

    /** Takes the facts of the decision: an {@code OutcomeFacts} block. */
    public void stampFacts(DirectBuffer source, int offset) {
        factsBytes.putBytes(0, source, offset, OutcomeFactsDecoder.BLOCK_LENGTH);
        hasFacts = true;
    }

    /** Takes the outcome of the decision that stands: an {@code OutcomeLesson} block. */
    public void stampLesson(DirectBuffer source, int offset) {
        lessonBytes.putBytes(0, source, offset, OutcomeLessonDecoder.BLOCK_LENGTH);
        hasLesson = true;
    }

    /** Takes facts and outcome back. */
    public void drop() {
        hasFacts = false;
        hasLesson = false;
    }

    /** Takes the outcome back alone. */
    public void dropLesson() {
        hasLesson = false;
    }

    /** Has it the facts of a decision? */
    public boolean hasFacts() {
        return hasFacts;
    }

    /** The facts; an earlier command's unless {@link #hasFacts()}. */
    public OutcomeFactsDecoder facts() {
        return facts;
    }

    /** The bytes of {@link #facts()}: an {@code OutcomeFacts} block from 0. */
    public DirectBuffer factsBytes() {
        return factsBytes;
    }

    /** Has it an outcome of the decision? If not, none stood. */
    public boolean hasLesson() {
        return hasLesson;
    }

    /** The outcome that stood, with its lesson; an earlier command's unless {@link #hasLesson()}. */
    public OutcomeLessonDecoder lesson() {
        return lesson;
    }

    /** The bytes of {@link #lesson()}: an {@code OutcomeLesson} block from 0. */
    public DirectBuffer lessonBytes() {
        return lessonBytes;
    }
}
