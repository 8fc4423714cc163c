package io.ringfence.engine.selection;

import io.ringfence.engine.bandit.Evidence;
import io.ringfence.engine.bandit.Evidence.Discount;
import io.ringfence.engine.bandit.Lesson;
import io.ringfence.engine.snapshot.Snapshotted;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.CandidatePosteriorDecoder;
import io.ringfence.schemas.CandidatePosteriorEncoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.NamedCandidateDecoder;
import io.ringfence.schemas.NamedCandidateEncoder;
import org.agrona.collections.Long2LongHashMap;

/**
 * Keeps the successes and failures learnt of each (use case, regime, candidate), across policies, in 1/256 of an outcome, as far as they
 * have not faded. They are added to the prior of the candidate's tier; of a cell that is not kept nothing is added.
 *
 * <p>At the bound a new cell takes the place of the one of which least is left ({@link Evidence#compare}), then of the lowest use case,
 * regime and candidate. That one stands at its tier's prior again, and what was named of it is dropped with it. Both counts of a cell are
 * halved when one is full. One thread; takes all of its room at once and allocates nothing after that, except for snapshots.
 */
final class CandidatePosteriors implements Snapshotted {
    /** Bytes of one cell: counts and those that were named, key, begin and places, and the most that it takes in the index just behind a doubling. */
    static final int CELL_BYTES = 2 * Evidence.CELL_BYTES + 24 + 64;

    private static final int REST_MASK = (1 << Discount.FRACTION_BITS) - 1;
    private static final int REGIME_BITS = 8;
    private static final long NONE = -1;

    /** Cells by their key: use case, regime, candidate, from the highest bits down. */
    private final Long2LongHashMap rows;

    private final long[] keys; // By row.
    private final long[] begins; // Sequence of the record with which a row began, was reset or fell back last.
    private final Evidence evidence;
    private final Evidence named;
    private final int[] heap; // Rows; the one that has learnt least first, and each before those at twice its place.
    private final int[] places; // Of each row in the heap.
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final CandidatePosteriorEncoder encoder = new CandidatePosteriorEncoder();
    private final CandidatePosteriorDecoder decoder = new CandidatePosteriorDecoder();
    private final NamedCandidateEncoder namedEncoder = new NamedCandidateEncoder();
    private final NamedCandidateDecoder namedDecoder = new NamedCandidateDecoder();
    private int count;
    private int namedCount; // Cells of which something was named.

    /** @param most cells that are kept, 1 and above. */
    CandidatePosteriors(int most) {
        rows = new Long2LongHashMap(2 * most, 0.65f, NONE);
        keys = new long[most];
        begins = new long[most];
        evidence = new Evidence(most);
        named = new Evidence(most);
        heap = new int[most];
        places = new int[most];
    }

    /**
     * Learns one lesson, once per decision: the caller passes on only what the tiers took.
     *
     * @param useCase     0 to 63.
     * @param regime      0 to 7.
     * @param candidateId that acted; 0: none acted, nothing is learnt.
     * @param lesson      from {@link Lesson#of}; {@link Lesson#NOTHING}: nothing is learnt.
     * @param sequence    of the outcome.
     * @param age         of the learning, in 2^-24 of a half-life.
     */
    void learn(int useCase, int regime, long candidateId, int lesson, long sequence, long age) {
        if (candidateId == 0 || lesson == Lesson.NOTHING) {
            return;
        }
        long key = key(useCase, regime, candidateId);
        int row = (int) rows.get(key);
        if (row == NONE) {
            row = count < keys.length ? count : forget();
            add(row, key, sequence);
        }
        evidence.learn(row, lesson, age);
        down(places[row]);
        up(places[row]);
    }

    /**
     * Takes back what is left of a lesson; nothing is left of one that the cell does not have any more, because it was dropped, reset or fell
     * back since.
     *
     * @param lesson         that was taught; {@link Lesson#NOTHING}: nothing is taken back.
     * @param taughtSequence of the outcome that taught it.
     * @param taughtAge      of the learning then.
     * @param age            of the learning now.
     */
    void takeBack(
            int useCase, int regime, long candidateId, int lesson, long taughtSequence, long taughtAge, long age) {
        int row = (int) rows.get(key(useCase, regime, candidateId));
        if (row == NONE || lesson == Lesson.NOTHING || taughtSequence < begins[row]) {
            return;
        }
        evidence.takeBack(row, lesson, taughtAge, age);
        down(places[row]);
        up(places[row]);
    }

    private void add(int row, long key, long sequence) {
        keys[row] = key;
        begins[row] = sequence;
        evidence.clear(row);
        named.clear(row);
        rows.put(key, row);
        heap[count] = row;
        places[row] = count;
        count++;
        up(places[row]);
    }

    /** Drops the cell that has learnt least, and returns its row. */
    private int forget() {
        int row = heap[0];
        rows.remove(keys[row]);
        namedCount -= isNamed(row) ? 1 : 0;
        count--;
        place(0, heap[count]);
        down(0);
        return row;
    }

    private boolean isNamed(int row) {
        return named.isAny(row);
    }

    /** Keeps what is learnt of the use cases {@code [begin, end)} now. Looks at every cell. */
    void name(int begin, int end) {
        namedCount = 0;
        for (int row = 0; row < count; row++) {
            int useCase = useCase(keys[row]);
            if (useCase >= begin && useCase < end) {
                named.copy(row, evidence);
            }
            namedCount += isNamed(row) ? 1 : 0;
        }
    }

    /** Has learnt of a use case what was named, and nothing since; the record of this sequence says so. Looks at every cell. */
    void fallBack(int useCase, long sequence) {
        for (int row = 0; row < count; row++) {
            if (useCase(keys[row]) == useCase) {
                evidence.copy(row, named);
                begins[row] = sequence;
            }
        }
        for (int place = count / 2; place >= 0; place--) {
            if (place < count) {
                down(place);
            }
        }
    }

    /** Has learnt nothing of one cell; the record of this sequence says so. */
    void reset(int useCase, int regime, long candidateId, long sequence) {
        int row = (int) rows.get(key(useCase, regime, candidateId));
        if (row != NONE) {
            evidence.clear(row);
            begins[row] = sequence;
            up(places[row]);
        }
    }

    private void up(int from) {
        int place = from;
        int row = heap[place];
        while (place > 0 && isBefore(row, heap[(place - 1) / 2])) {
            place(place, heap[(place - 1) / 2]);
            place = (place - 1) / 2;
        }
        place(place, row);
    }

    private void down(int from) {
        int place = from;
        int row = heap[place];
        int child = firstBelow(place);
        while (child < count && isBefore(heap[child], row)) {
            place(place, heap[child]);
            place = child;
            child = firstBelow(place);
        }
        place(place, row);
    }

    /** Of the two places below one, that of the row which comes first; {@link #count} and above when there is none. */
    private int firstBelow(int place) {
        int left = 2 * place + 1;
        return left + 1 < count && isBefore(heap[left + 1], heap[left]) ? left + 1 : left;
    }

    private void place(int place, int row) {
        heap[place] = row;
        places[row] = place;
    }

    private boolean isBefore(int row, int other) {
        int order = evidence.compare(row, other);
        return order < 0 || order == 0 && keys[row] < keys[other];
    }

    /** Successes left at an age in 1/256; 0 to 2^31 - 1. */
    long successes(int useCase, int regime, long candidateId, long age) {
        int row = (int) rows.get(key(useCase, regime, candidateId));
        return row == NONE ? 0 : evidence.successes(row, age);
    }

    /** Failures left at an age in 1/256; 0 to 2^31 - 1. */
    long failures(int useCase, int regime, long candidateId, long age) {
        int row = (int) rows.get(key(useCase, regime, candidateId));
        return row == NONE ? 0 : evidence.failures(row, age);
    }

    @Override
    public long stateLength() {
        return StateWriter.length(count, CandidatePosteriorEncoder.BLOCK_LENGTH)
                + StateWriter.length(namedCount, NamedCandidateEncoder.BLOCK_LENGTH);
    }

    @Override
    public void writeState(StateWriter writer) {
        writer.sortRoom().reserve(count);
        for (int place = 0; place < count; place++) {
            writer.sortRoom().keys()[place] = keys[heap[place]];
        }
        long[] sorted = writer.sortRoom().sort(count, writer.rest());
        for (int i = 0; i < count; i++) {
            long key = sorted[i];
            int row = (int) rows.get(key);
            encoder.wrapAndApplyHeader(writer.buffer(), writer.position(), headerEncoder)
                    .candidateId(key & 0xFFFF_FFFFL)
                    .successes(evidence.successes(row) >>> Discount.FRACTION_BITS)
                    .failures(evidence.failures(row) >>> Discount.FRACTION_BITS)
                    .useCase((short) (key >>> Integer.SIZE + REGIME_BITS))
                    .regime((short) (key >>> Integer.SIZE & (1 << REGIME_BITS) - 1))
                    .sinceSequence(begins[row])
                    .successesRest(evidence.successes(row) & REST_MASK)
                    .failuresRest(evidence.failures(row) & REST_MASK)
                    .learningAge(evidence.age(row));
            writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
            if (isNamed(row)) {
                writeNamed(writer, row);
            }
        }
    }

    private void writeNamed(StateWriter writer, int row) {
        namedEncoder
                .wrapAndApplyHeader(writer.buffer(), writer.position(), headerEncoder)
                .candidateId(keys[row] & 0xFFFF_FFFFL)
                .successes(named.successes(row) >>> Discount.FRACTION_BITS)
                .failures(named.failures(row) >>> Discount.FRACTION_BITS)
                .useCase((short) useCase(keys[row]))
                .regime((short) (keys[row] >>> Integer.SIZE & (1 << REGIME_BITS) - 1))
                .successesRest(named.successes(row) & REST_MASK)
                .failuresRest(named.failures(row) & REST_MASK)
                .learningAge(named.age(row));
        writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + namedEncoder.encodedLength());
    }

    @Override
    public void readState(StateReader reader) {
        clear();
        MessageHeaderDecoder header = new MessageHeaderDecoder();
        while (reader.hasRemaining()) {
            header.wrap(reader.buffer(), reader.position());
            readState(reader, header);
        }
    }

    void clear() {
        rows.clear();
        count = 0;
        namedCount = 0;
    }

    /** Takes the next message, a {@code CandidatePosterior}, or a {@code NamedCandidate} behind that of the same cell. */
    void readState(StateReader reader, MessageHeaderDecoder header) {
        header.wrap(reader.buffer(), reader.position());
        if (header.templateId() == NamedCandidateDecoder.TEMPLATE_ID) {
            readNamed(reader, header);
            return;
        }
        decoder.wrapAndApplyHeader(reader.buffer(), reader.position(), header);
        int row = count;
        add(row, key(decoder.useCase(), decoder.regime(), decoder.candidateId()), decoder.sinceSequence());
        evidence.set(
                row,
                decoder.successes() << Discount.FRACTION_BITS | decoder.successesRest(),
                decoder.failures() << Discount.FRACTION_BITS | decoder.failuresRest(),
                decoder.learningAge());
        down(places[row]);
        reader.advance(MessageHeaderDecoder.ENCODED_LENGTH + decoder.encodedLength());
    }

    private void readNamed(StateReader reader, MessageHeaderDecoder header) {
        namedDecoder.wrapAndApplyHeader(reader.buffer(), reader.position(), header);
        int row = (int) rows.get(key(namedDecoder.useCase(), namedDecoder.regime(), namedDecoder.candidateId()));
        named.set(
                row,
                namedDecoder.successes() << Discount.FRACTION_BITS | namedDecoder.successesRest(),
                namedDecoder.failures() << Discount.FRACTION_BITS | namedDecoder.failuresRest(),
                namedDecoder.learningAge());
        namedCount++;
        reader.advance(MessageHeaderDecoder.ENCODED_LENGTH + namedDecoder.encodedLength());
    }

    private static int useCase(long key) {
        return (int) (key >>> Integer.SIZE + REGIME_BITS);
    }

    private static long key(int useCase, int regime, long candidateId) {
        return ((long) useCase << REGIME_BITS | regime) << Integer.SIZE | candidateId;
    }
}
