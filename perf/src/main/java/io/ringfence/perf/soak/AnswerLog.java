package io.ringfence.perf.soak;

import io.ringfence.schemas.AdmissionDecisionDecoder;
import java.util.Arrays;
import org.agrona.collections.Long2LongHashMap;

/**
 * Keeps the first answer to each request of one principal: its sequence and the first 8 bytes of its entry hash. A repetition is
 * compared with it. For one thread.
 */
final class AnswerLog {
    private static final long NONE = 0;

    private final byte[] hash = new byte[AdmissionDecisionDecoder.entryHashLength()];
    private long[] sequences = new long[1 << 16]; // By request id.
    private long[] hashes = new long[1 << 16];
    private long count;
    private long repetitions;

    /** Was this request answered? */
    boolean isAnswered(long requestId) {
        return requestId < sequences.length && sequences[(int) requestId] != NONE;
    }

    /** Sequence of the first answer to a request; 0 for none. */
    long sequence(long requestId) {
        return isAnswered(requestId) ? sequences[(int) requestId] : NONE;
    }

    /**
     * Notes an answer.
     *
     * @throws IllegalStateException if it is a repetition and differs from the first answer.
     */
    void add(AdmissionDecisionDecoder decision) {
        int id = Math.toIntExact(decision.clientRequestId());
        decision.getEntryHash(hash, 0, hash.length);
        long prefix = prefix(hash, 0);
        if (!isAnswered(id)) {
            reserve(id);
            sequences[id] = decision.sequence();
            hashes[id] = prefix;
            count++;
        } else if (sequences[id] == decision.sequence() && hashes[id] == prefix) {
            repetitions++;
        } else {
            throw new IllegalStateException("one request must have one answer: requestId=" + id + ", sequences="
                    + sequences[id] + " and " + decision.sequence());
        }
    }

    /** Adds all of it to a map from sequence to the first 8 bytes of the entry hash. */
    void addTo(Long2LongHashMap bySequence) {
        for (int id = 0; id < sequences.length; id++) {
            if (sequences[id] != NONE) {
                bySequence.put(sequences[id], hashes[id]);
            }
        }
    }

    /** How many requests were answered. */
    long count() {
        return count;
    }

    /** Memory that the log takes, in bytes. */
    long bytes() {
        return (long) Long.BYTES * (sequences.length + hashes.length);
    }

    /** How many answers came again, equal to the first. */
    long repetitions() {
        return repetitions;
    }

    /** The first 8 bytes of an entry hash. */
    static long prefix(byte[] hash, int offset) {
        long prefix = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            prefix = prefix << Byte.SIZE | hash[offset + i] & 0xFF;
        }
        return prefix;
    }

    private void reserve(int id) {
        if (id >= sequences.length) {
            int length = Math.max(id + 1, 2 * sequences.length);
            sequences = Arrays.copyOf(sequences, length);
            hashes = Arrays.copyOf(hashes, length);
        }
    }
}
