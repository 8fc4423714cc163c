package io.ringfence.gateway.answers;

import io.ringfence.schemas.OutcomeFactsDecoder;
import io.ringfence.schemas.OutcomeLessonDecoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What the journal says of a decision that a command names.
 *
 * @param facts  an {@code OutcomeFacts} block.
 * @param lesson of the outcome that stands: an {@code OutcomeLesson} block; null if none does, and for a command that is no outcome.
 * @param readTo last sequence that was read for {@code lesson}.
 * @param parent the same of the decision that an outcome of this one charges; null for none, and for a command that is no outcome.
 */
public record PastFacts(byte[] facts, byte[] lesson, long readTo, PastFacts parent) {
    /** The decision. */
    public long decision() {
        return ByteBuffer.wrap(facts)
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong(OutcomeFactsDecoder.sequenceEncodingOffset());
    }

    /** Sequence of the outcome that stands; {@link StandingOutcomes#NONE} if none does. */
    public long outcome() {
        return lesson == null
                ? StandingOutcomes.NONE
                : ByteBuffer.wrap(lesson)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getLong(OutcomeLessonDecoder.sequenceEncodingOffset());
    }
}
