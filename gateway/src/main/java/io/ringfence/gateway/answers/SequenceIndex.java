package io.ringfence.gateway.answers;

import org.agrona.BitUtil;

/**
 * Tells which entry of a ring belongs to a sequence: entries are added in rising sequence, the oldest is overwritten.
 *
 * <p>An entry's ordinal counts all entries ever added; its slot is the ordinal modulo the capacity. Not thread safe;
 * allocates nothing.
 */
final class SequenceIndex {
    /** No entry of that sequence is kept. */
    static final long NONE = -1;

    private final long[] sequences;
    private final int mask;

    private long nextOrdinal;

    /** Keeps as many entries as the next power of two of {@code capacity}. */
    SequenceIndex(int capacity) {
        this.sequences = new long[BitUtil.findNextPositivePowerOfTwo(capacity)];
        this.mask = sequences.length - 1;
    }

    int capacity() {
        return sequences.length;
    }

    /** Adds an entry, whose sequence is above the last one's; gives its ordinal. */
    long add(long sequence) {
        sequences[slot(nextOrdinal)] = sequence;
        return nextOrdinal++;
    }

    int slot(long ordinal) {
        return (int) ordinal & mask;
    }

    /** Is the entry of this ordinal still kept? */
    boolean isKept(long ordinal) {
        return ordinal >= oldestOrdinal() && ordinal < nextOrdinal;
    }

    private long oldestOrdinal() {
        return Math.max(0, nextOrdinal - sequences.length);
    }

    /** Sequence of the oldest entry that is kept; {@link Long#MAX_VALUE} when there is none. */
    long oldestSequence() {
        return nextOrdinal == 0 ? Long.MAX_VALUE : sequences[slot(oldestOrdinal())];
    }

    /** Sequence of the newest entry; 0 when there is none. */
    long newestSequence() {
        return nextOrdinal == 0 ? 0 : sequence(nextOrdinal - 1);
    }

    /** The sequence of an entry that is kept. */
    long sequence(long ordinal) {
        return sequences[slot(ordinal)];
    }

    /** Ordinal of the entry of a sequence, or {@link #NONE}. */
    long find(long sequence) {
        if (nextOrdinal == 0) {
            return NONE;
        }
        long high = nextOrdinal - 1;
        // Sequences rise by one or more an entry: so far back the entry is at most.
        long low = Math.max(oldestOrdinal(), high - Math.max(0, sequence(high) - sequence));
        while (low <= high) {
            long middle = (low + high) >>> 1;
            long found = sequence(middle);
            if (found == sequence) {
                return middle;
            }
            if (found < sequence) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return NONE;
    }
}
