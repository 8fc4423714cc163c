package io.ringfence.engine.bandit;

import io.ringfence.engine.bandit.Evidence.Discount;
import io.ringfence.engine.policy.Adaptive;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.TierPosteriorDecoder;
import io.ringfence.schemas.TierPosteriorEncoder;
import java.util.Arrays;

/** The evidence of each (use case, regime, tier). One thread; allocates nothing once made. */
final class TierCounts {
    private static final int REST_MASK = (1 << Discount.FRACTION_BITS) - 1;

    private final Evidence evidence = new Evidence(Adaptive.USE_CASES_MAX * TierBandit.REGIMES * Adaptive.TIERS_MAX);
    private final long[] sinces = new long[evidence.cells()]; // Record that set a cell last; 0 for none.
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final TierPosteriorEncoder encoder = new TierPosteriorEncoder();
    private final TierPosteriorDecoder decoder = new TierPosteriorDecoder();

    /** What the cells have learnt. */
    Evidence evidence() {
        return evidence;
    }

    /**
     * Takes back what is left of a lesson. Nothing is left of a lesson from before the cell was set.
     *
     * @param taughtSequence of the outcome that taught it.
     * @param taughtAge      age of the learning then.
     */
    void takeBack(int cell, int lesson, long taughtSequence, long taughtAge, long age) {
        if (taughtSequence >= sinces[cell]) {
            evidence.takeBack(cell, lesson, taughtAge, age);
        }
    }

    /**
     * Sets what a cell has learnt.
     *
     * @param from     has it in its cell of the same number.
     * @param sequence of the record that does so: what was learnt before is not taken back any more.
     */
    void set(int cell, Evidence from, long sequence) {
        evidence.copy(cell, from);
        sinces[cell] = sequence;
    }

    /** Empties a cell. */
    void reset(int cell, long sequence) {
        evidence.clear(cell);
        sinces[cell] = sequence;
    }

    void forget() {
        evidence.clear();
        Arrays.fill(sinces, 0);
    }

    long stateLength() {
        int cells = 0;
        for (int cell = 0; cell < evidence.cells(); cell++) {
            cells += isWritten(cell) ? 1 : 0;
        }
        return StateWriter.length(cells, TierPosteriorEncoder.BLOCK_LENGTH);
    }

    private boolean isWritten(int cell) {
        return evidence.isAny(cell) || sinces[cell] != 0;
    }

    /** Each cell that has learnt something or was set. */
    void writeState(StateWriter writer) {
        for (int cell = 0; cell < evidence.cells(); cell++) {
            if (isWritten(cell)) {
                encoder.wrapAndApplyHeader(writer.buffer(), writer.position(), headerEncoder)
                        .useCase((short) (cell / (TierBandit.REGIMES * Adaptive.TIERS_MAX)))
                        .regime((short) (cell / Adaptive.TIERS_MAX % TierBandit.REGIMES))
                        .tier((short) (cell % Adaptive.TIERS_MAX))
                        .successes(evidence.successes(cell) >>> Discount.FRACTION_BITS)
                        .failures(evidence.failures(cell) >>> Discount.FRACTION_BITS)
                        .successesRest(evidence.successes(cell) & REST_MASK)
                        .failuresRest(evidence.failures(cell) & REST_MASK)
                        .learningAge(evidence.age(cell))
                        .sinceSequence(sinces[cell]);
                writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
            }
        }
    }

    /** Takes the next message, a {@code TierPosterior}. */
    void readState(StateReader reader, MessageHeaderDecoder header) {
        decoder.wrapAndApplyHeader(reader.buffer(), reader.position(), header);
        int cell = TierBandit.cell(decoder.useCase(), decoder.regime(), decoder.tier());
        evidence.set(
                cell,
                decoder.successes() << Discount.FRACTION_BITS | decoder.successesRest(),
                decoder.failures() << Discount.FRACTION_BITS | decoder.failuresRest(),
                decoder.learningAge());
        sinces[cell] = decoder.sinceSequence();
        reader.advance(MessageHeaderDecoder.ENCODED_LENGTH + decoder.encodedLength());
    }
}
