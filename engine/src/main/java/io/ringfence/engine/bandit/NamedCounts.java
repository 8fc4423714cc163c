package io.ringfence.engine.bandit;

import io.ringfence.engine.policy.Adaptive;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.NamedPosteriorDecoder;
import io.ringfence.schemas.NamedPosteriorEncoder;
import java.util.Arrays;

/**
 * Keeps what was learnt of the tiers when a state was named, for each use case; where none was, nothing: the priors. One thread.
 *
 * <p>The learnt counts are the bandit's own; those that are kept have the same places.
 */
final class NamedCounts {
    private static final int CELLS_OF_USE_CASE = TierBandit.REGIMES * Adaptive.TIERS_MAX;

    private final TierCounts learnt;
    private final int[] successes;
    private final int[] failures;
    private final NamedPosteriorEncoder encoder = new NamedPosteriorEncoder();
    private final NamedPosteriorDecoder decoder = new NamedPosteriorDecoder();

    NamedCounts(TierCounts learnt) {
        this.learnt = learnt;
        successes = new int[learnt.successes.length];
        failures = new int[learnt.failures.length];
    }

    /** Keeps what is learnt of a use case now. */
    void name(int useCase) {
        int begin = useCase * CELLS_OF_USE_CASE;
        System.arraycopy(learnt.successes, begin, successes, begin, CELLS_OF_USE_CASE);
        System.arraycopy(learnt.failures, begin, failures, begin, CELLS_OF_USE_CASE);
    }

    /** Has learnt of a use case what is kept, and nothing since; the record of this sequence says so. */
    void fallBack(int useCase, long sequence) {
        int begin = useCase * CELLS_OF_USE_CASE;
        for (int cell = begin; cell < begin + CELLS_OF_USE_CASE; cell++) {
            learnt.set(cell, successes[cell], failures[cell], sequence);
        }
    }

    /** Has learnt nothing of one tier; the record of this sequence says so. */
    void reset(int useCase, int regime, int tier, long sequence) {
        learnt.set(TierCounts.cell(useCase, regime, tier), 0, 0, sequence);
    }

    void clear() {
        Arrays.fill(successes, 0);
        Arrays.fill(failures, 0);
    }

    long stateLength() {
        int count = 0;
        for (int cell = 0; cell < successes.length; cell++) {
            count += (successes[cell] | failures[cell]) != 0 ? 1 : 0;
        }
        return StateWriter.length(count, NamedPosteriorEncoder.BLOCK_LENGTH);
    }

    void writeState(StateWriter writer, MessageHeaderEncoder header) {
        for (int cell = 0; cell < successes.length; cell++) {
            if ((successes[cell] | failures[cell]) != 0) {
                encoder.wrapAndApplyHeader(writer.buffer(), writer.position(), header)
                        .successes(successes[cell])
                        .failures(failures[cell])
                        .useCase((short) (cell / CELLS_OF_USE_CASE))
                        .regime((short) (cell / Adaptive.TIERS_MAX % TierBandit.REGIMES))
                        .tier((short) (cell % Adaptive.TIERS_MAX));
                writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
            }
        }
    }

    /** Takes the next message if it is a {@code NamedPosterior}, whose header is read. */
    boolean readState(StateReader reader, MessageHeaderDecoder header) {
        if (header.templateId() != NamedPosteriorDecoder.TEMPLATE_ID) {
            return false;
        }
        decoder.wrapAndApplyHeader(reader.buffer(), reader.position(), header);
        int cell = TierCounts.cell(decoder.useCase(), decoder.regime(), decoder.tier());
        successes[cell] = Math.toIntExact(decoder.successes());
        failures[cell] = Math.toIntExact(decoder.failures());
        reader.advance(MessageHeaderDecoder.ENCODED_LENGTH + decoder.encodedLength());
        return true;
    }
}
