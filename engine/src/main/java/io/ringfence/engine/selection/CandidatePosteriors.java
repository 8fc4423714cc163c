package io.ringfence.engine.selection;

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
 * Keeps the successes and failures learnt of each (use case, regime, candidate), across policies, in 1/256 of an outcome. They are added
 * to the prior of the candidate's tier; of a cell that is not kept nothing is added.
 *
 * <p>At the bound a new cell takes the place of the one that has learnt least: the lowest sum of both counts, then the lowest use case,
 * regime and candidate. That one stands at its tier's prior again, and what was named of it is dropped with it. Both counts of a cell are
 * halved when one is full. One thread; takes all of its room at once and allocates nothing after that, except for snapshots.
 */
final class CandidatePosteriors implements Snapshotted {
    /** Bytes of one cell: counts, those that were named, key, begin and places 44, and the most that it takes in the index just behind a doubling. */
    static final int CELL_BYTES = 44 + 64;

    private static final int COUNT_MAX = Integer.MAX_VALUE;
    private static final int REGIME_BITS = 8;
    private static final long NONE = -1;

    /** Cells by their key: use case, regime, candidate, from the highest bits down. */
    private final Long2LongHashMap rows;

    private final long[] keys; // By row.
    private final long[] begins; // Sequence of the record with which a row began, was reset or fell back last.
    private final int[] successes;
    private final int[] failures;
    private final int[] namedSuccesses;
    private final int[] namedFailures;
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
        successes = new int[most];
        failures = new int[most];
        namedSuccesses = new int[most];
        namedFailures = new int[most];
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
     */
    void learn(int useCase, int regime, long candidateId, int lesson, long sequence) {
        if (candidateId == 0 || lesson == Lesson.NOTHING) {
            return;
        }
        long key = key(useCase, regime, candidateId);
        int row = (int) rows.get(key);
        if (row == NONE) {
            row = count < keys.length ? count : forget();
            add(row, key, sequence);
        }
        if (successes[row] > COUNT_MAX - Lesson.successes(lesson)
                || failures[row] > COUNT_MAX - Lesson.failures(lesson)) {
            successes[row] >>>= 1;
            failures[row] >>>= 1;
        }
        successes[row] += Lesson.successes(lesson);
        failures[row] += Lesson.failures(lesson);
        down(places[row]);
        up(places[row]);
    }

    /**
     * Takes back a lesson; nothing is left of one that the cell does not have any more, because it was dropped, reset or fell back since.
     *
     * @param lesson         that was taught; {@link Lesson#NOTHING}: nothing is taken back.
     * @param taughtSequence of the outcome that taught it.
     */
    void takeBack(int useCase, int regime, long candidateId, int lesson, long taughtSequence) {
        int row = (int) rows.get(key(useCase, regime, candidateId));
        if (row == NONE || lesson == Lesson.NOTHING || taughtSequence < begins[row]) {
            return;
        }
        successes[row] = Math.max(0, successes[row] - Lesson.successes(lesson));
        failures[row] = Math.max(0, failures[row] - Lesson.failures(lesson));
        up(places[row]);
    }

    private void add(int row, long key, long sequence) {
        keys[row] = key;
        begins[row] = sequence;
        successes[row] = 0;
        failures[row] = 0;
        namedSuccesses[row] = 0;
        namedFailures[row] = 0;
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
        return (namedSuccesses[row] | namedFailures[row]) != 0;
    }

    /** Keeps what is learnt of the use cases {@code [begin, end)} now. Looks at every cell. */
    void name(int begin, int end) {
        namedCount = 0;
        for (int row = 0; row < count; row++) {
            int useCase = useCase(keys[row]);
            if (useCase >= begin && useCase < end) {
                namedSuccesses[row] = successes[row];
                namedFailures[row] = failures[row];
            }
            namedCount += isNamed(row) ? 1 : 0;
        }
    }

    /** Has learnt of a use case what was named, and nothing since; the record of this sequence says so. Looks at every cell. */
    void fallBack(int useCase, long sequence) {
        for (int row = 0; row < count; row++) {
            if (useCase(keys[row]) == useCase) {
                successes[row] = namedSuccesses[row];
                failures[row] = namedFailures[row];
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
            successes[row] = 0;
            failures[row] = 0;
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
        long learnt = (long) successes[row] + failures[row];
        long learntByOther = (long) successes[other] + failures[other];
        return learnt < learntByOther || learnt == learntByOther && keys[row] < keys[other];
    }

    /** Successes learnt in 1/256; 0 to 2^31 - 1. */
    long successes(int useCase, int regime, long candidateId) {
        int row = (int) rows.get(key(useCase, regime, candidateId));
        return row == NONE ? 0 : successes[row];
    }

    /** Failures learnt in 1/256; 0 to 2^31 - 1. */
    long failures(int useCase, int regime, long candidateId) {
        int row = (int) rows.get(key(useCase, regime, candidateId));
        return row == NONE ? 0 : failures[row];
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
                    .successes(successes[row])
                    .failures(failures[row])
                    .useCase((short) (key >>> Integer.SIZE + REGIME_BITS))
                    .regime((short) (key >>> Integer.SIZE & (1 << REGIME_BITS) - 1))
                    .sinceSequence(begins[row]);
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
                .successes(namedSuccesses[row])
                .failures(namedFailures[row])
                .useCase((short) useCase(keys[row]))
                .regime((short) (keys[row] >>> Integer.SIZE & (1 << REGIME_BITS) - 1));
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
        successes[row] = Math.toIntExact(decoder.successes());
        failures[row] = Math.toIntExact(decoder.failures());
        down(places[row]);
        reader.advance(MessageHeaderDecoder.ENCODED_LENGTH + decoder.encodedLength());
    }

    private void readNamed(StateReader reader, MessageHeaderDecoder header) {
        namedDecoder.wrapAndApplyHeader(reader.buffer(), reader.position(), header);
        int row = (int) rows.get(key(namedDecoder.useCase(), namedDecoder.regime(), namedDecoder.candidateId()));
        namedSuccesses[row] = Math.toIntExact(namedDecoder.successes());
        namedFailures[row] = Math.toIntExact(namedDecoder.failures());
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
