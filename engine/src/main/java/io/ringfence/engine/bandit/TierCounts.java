package io.ringfence.engine.bandit;

import io.ringfence.engine.policy.Adaptive;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.TierPosteriorDecoder;
import io.ringfence.schemas.TierPosteriorEncoder;
import java.util.Arrays;

/**
 * The successes and failures learnt of each (use case, regime, tier), in 1/256 of an outcome. Both counts of a cell are halved when one
 * is full, which keeps their proportion. One thread; allocates nothing once made.
 */
final class TierCounts {
    private static final int COUNT_MAX = Integer.MAX_VALUE;

    final int[] successes = new int[Adaptive.USE_CASES_MAX * TierBandit.REGIMES * Adaptive.TIERS_MAX];
    final int[] failures = new int[successes.length];
    private final long[] sinces = new long[successes.length]; // Record that set a cell last; 0 for none.
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final TierPosteriorEncoder encoder = new TierPosteriorEncoder();
    private final TierPosteriorDecoder decoder = new TierPosteriorDecoder();

    static int cell(int useCase, int regime, int tier) {
        return (useCase * TierBandit.REGIMES + regime) * Adaptive.TIERS_MAX + tier;
    }

    /** Successes learnt in 1/256; 0 to 2^31 - 1. */
    int successes(int cell) {
        return successes[cell];
    }

    /** Failures learnt in 1/256; 0 to 2^31 - 1. */
    int failures(int cell) {
        return failures[cell];
    }

    void learn(int cell, int lesson) {
        if (successes[cell] > COUNT_MAX - Lesson.successes(lesson)
                || failures[cell] > COUNT_MAX - Lesson.failures(lesson)) {
            successes[cell] >>>= 1;
            failures[cell] >>>= 1;
        }
        successes[cell] += Lesson.successes(lesson);
        failures[cell] += Lesson.failures(lesson);
    }

    /**
     * Takes a lesson back; no count falls below 0. Nothing is left of a lesson from before the cell was set.
     *
     * @param taughtSequence of the outcome that taught it.
     */
    void takeBack(int cell, int lesson, long taughtSequence) {
        if (taughtSequence < sinces[cell]) {
            return;
        }
        successes[cell] = Math.max(0, successes[cell] - Lesson.successes(lesson));
        failures[cell] = Math.max(0, failures[cell] - Lesson.failures(lesson));
    }

    /**
     * Sets what a cell has learnt.
     *
     * @param sequence of the record that does so: what was learnt before is not taken back any more.
     */
    void set(int cell, int learntSuccesses, int learntFailures, long sequence) {
        successes[cell] = learntSuccesses;
        failures[cell] = learntFailures;
        sinces[cell] = sequence;
    }

    void forget() {
        Arrays.fill(successes, 0);
        Arrays.fill(failures, 0);
        Arrays.fill(sinces, 0);
    }

    long stateLength() {
        int cells = 0;
        for (int cell = 0; cell < successes.length; cell++) {
            cells += isLearnt(cell) ? 1 : 0;
        }
        return StateWriter.length(cells, TierPosteriorEncoder.BLOCK_LENGTH);
    }

    private boolean isLearnt(int cell) {
        return (successes[cell] | failures[cell] | sinces[cell]) != 0;
    }

    /** Each cell that has learnt something or was set. */
    void writeState(StateWriter writer) {
        for (int cell = 0; cell < successes.length; cell++) {
            if (isLearnt(cell)) {
                encoder.wrapAndApplyHeader(writer.buffer(), writer.position(), headerEncoder)
                        .useCase((short) (cell / (TierBandit.REGIMES * Adaptive.TIERS_MAX)))
                        .regime((short) (cell / Adaptive.TIERS_MAX % TierBandit.REGIMES))
                        .tier((short) (cell % Adaptive.TIERS_MAX))
                        .successes(successes[cell])
                        .failures(failures[cell])
                        .sinceSequence(sinces[cell]);
                writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
            }
        }
    }

    /** Takes the next message, a {@code TierPosterior}. */
    void readState(StateReader reader, MessageHeaderDecoder header) {
        decoder.wrapAndApplyHeader(reader.buffer(), reader.position(), header);
        int cell = cell(decoder.useCase(), decoder.regime(), decoder.tier());
        set(cell, Math.toIntExact(decoder.successes()), Math.toIntExact(decoder.failures()), decoder.sinceSequence());
        reader.advance(MessageHeaderDecoder.ENCODED_LENGTH + decoder.encodedLength());
    }
}
