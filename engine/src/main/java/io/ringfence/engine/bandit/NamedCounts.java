package io.ringfence.engine.bandit;

import io.ringfence.engine.bandit.Evidence.Discount;
import io.ringfence.engine.policy.Adaptive;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.NamedPosteriorDecoder;
import io.ringfence.schemas.NamedPosteriorEncoder;

/**
 * Keeps what was learnt of the tiers when a state was named, for each use case; where none was, nothing: the priors. One thread.
 *
 * <p>The learnt counts are the bandit's own; those that are kept have the same places.
 */
final class NamedCounts {
    private static final long REST_MASK = (1L << Discount.FRACTION_BITS) - 1;
    private static final int CELLS_OF_USE_CASE = TierBandit.REGIMES * Adaptive.TIERS_MAX;

    private final TierCounts learnt;
    private final Evidence named;
    private final NamedPosteriorEncoder encoder = new NamedPosteriorEncoder();
    private final NamedPosteriorDecoder decoder = new NamedPosteriorDecoder();

    NamedCounts(TierCounts learnt) {
        this.learnt = learnt;
        named = new Evidence(learnt.evidence().cells());
    }

    /** Keeps what is learnt of a use case now. */
    void name(int useCase) {
        int begin = useCase * CELLS_OF_USE_CASE;
        for (int cell = begin; cell < begin + CELLS_OF_USE_CASE; cell++) {
            named.copy(cell, learnt.evidence());
        }
    }

    /** Has learnt of a use case what is kept, as far as it has not faded, and nothing since; the record of this sequence says so. */
    void fallBack(int useCase, long sequence) {
        int begin = useCase * CELLS_OF_USE_CASE;
        for (int cell = begin; cell < begin + CELLS_OF_USE_CASE; cell++) {
            learnt.set(cell, named, sequence);
        }
    }

    /** Has learnt nothing of one tier; the record of this sequence says so. */
    void reset(int useCase, int regime, int tier, long sequence) {
        learnt.reset(TierBandit.cell(useCase, regime, tier), sequence);
    }

    void clear() {
        named.clear();
    }

    long stateLength() {
        int count = 0;
        for (int cell = 0; cell < named.cells(); cell++) {
            count += named.isAny(cell) ? 1 : 0;
        }
        return StateWriter.length(count, NamedPosteriorEncoder.BLOCK_LENGTH);
    }

    void writeState(StateWriter writer, MessageHeaderEncoder header) {
        for (int cell = 0; cell < named.cells(); cell++) {
            if (named.isAny(cell)) {
                encoder.wrapAndApplyHeader(writer.buffer(), writer.position(), header)
                        .successes(named.successes(cell) >>> Discount.FRACTION_BITS)
                        .failures(named.failures(cell) >>> Discount.FRACTION_BITS)
                        .useCase((short) (cell / CELLS_OF_USE_CASE))
                        .regime((short) (cell / Adaptive.TIERS_MAX % TierBandit.REGIMES))
                        .tier((short) (cell % Adaptive.TIERS_MAX))
                        .successesRest(named.successes(cell) & REST_MASK)
                        .failuresRest(named.failures(cell) & REST_MASK)
                        .learningAge(named.age(cell));
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
        named.set(
                TierBandit.cell(decoder.useCase(), decoder.regime(), decoder.tier()),
                decoder.successes() << Discount.FRACTION_BITS | decoder.successesRest(),
                decoder.failures() << Discount.FRACTION_BITS | decoder.failuresRest(),
                decoder.learningAge());
        reader.advance(MessageHeaderDecoder.ENCODED_LENGTH + decoder.encodedLength());
        return true;
    }
}
