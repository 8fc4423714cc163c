package io.ringfence.engine.bandit;

import io.ringfence.engine.policy.Adaptive;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.LearningFreeze;
import io.ringfence.schemas.LearningStateDecoder;
import io.ringfence.schemas.LearningStateEncoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import java.util.Arrays;

/** Knows in which use cases learning is frozen and by what, and at which sequence a state was named to fall back to. One thread. */
final class Freezes {
    private static final long NONE = 0;

    private final LearningFreeze[] by = new LearningFreeze[Adaptive.USE_CASES_MAX];
    private final long[] frozenSequences = new long[by.length];
    private final long[] namedSequences = new long[by.length];
    private final long[] masks =
            new long[LearningFreeze.values().length]; // Of each cause: the use cases that it has frozen, a bit each.
    private final LearningStateEncoder encoder = new LearningStateEncoder();
    private final LearningStateDecoder decoder = new LearningStateDecoder();

    Freezes() {
        clear();
    }

    /** Is learning of this use case frozen? A use case outside 0 to 63 never is. */
    boolean isFrozen(int useCase) {
        return Integer.compareUnsigned(useCase, by.length) < 0 && by[useCase] != LearningFreeze.NONE;
    }

    /** Use cases that this cause has frozen, a bit for each code; 0 for NONE. */
    long frozenBy(LearningFreeze cause) {
        return masks[cause.ordinal()];
    }

    /** Freezes a use case; one that is frozen stays so by what froze it first. */
    void freeze(int useCase, LearningFreeze cause, long sequence) {
        if (by[useCase] == LearningFreeze.NONE) {
            by(useCase, cause);
            frozenSequences[useCase] = sequence;
        }
    }

    void thaw(int useCase) {
        by(useCase, LearningFreeze.NONE);
        frozenSequences[useCase] = NONE;
    }

    private void by(int useCase, LearningFreeze cause) {
        masks[by[useCase].ordinal()] &= ~(1L << useCase);
        by[useCase] = cause;
        masks[cause.ordinal()] |= cause == LearningFreeze.NONE ? 0 : 1L << useCase;
    }

    void named(int useCase, long sequence) {
        namedSequences[useCase] = sequence;
    }

    /** Nothing that was named holds any more. */
    void forgetNamed() {
        Arrays.fill(namedSequences, NONE);
    }

    long stateLength() {
        int count = 0;
        for (int useCase = 0; useCase < by.length; useCase++) {
            count += hasState(useCase) ? 1 : 0;
        }
        return StateWriter.length(count, LearningStateEncoder.BLOCK_LENGTH);
    }

    private boolean hasState(int useCase) {
        return by[useCase] != LearningFreeze.NONE || namedSequences[useCase] != NONE;
    }

    void writeState(StateWriter writer, MessageHeaderEncoder header) {
        for (int useCase = 0; useCase < by.length; useCase++) {
            if (hasState(useCase)) {
                encoder.wrapAndApplyHeader(writer.buffer(), writer.position(), header)
                        .useCase((short) useCase)
                        .freeze(by[useCase])
                        .frozenSequence(frozenSequences[useCase])
                        .namedSequence(namedSequences[useCase]);
                writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
            }
        }
    }

    /** Takes the next message if it is a {@code LearningState}, whose header is read. */
    boolean readState(StateReader reader, MessageHeaderDecoder header) {
        if (header.templateId() != LearningStateDecoder.TEMPLATE_ID) {
            return false;
        }
        decoder.wrapAndApplyHeader(reader.buffer(), reader.position(), header);
        by(decoder.useCase(), decoder.freeze());
        frozenSequences[decoder.useCase()] = decoder.frozenSequence();
        namedSequences[decoder.useCase()] = decoder.namedSequence();
        reader.advance(MessageHeaderDecoder.ENCODED_LENGTH + decoder.encodedLength());
        return true;
    }

    void clear() {
        Arrays.fill(by, LearningFreeze.NONE);
        Arrays.fill(masks, 0);
        Arrays.fill(frozenSequences, NONE);
        forgetNamed();
    }
}
