package io.ringfence.journal.chain;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * Sequence and entry hash of the last record of a journal.
 *
 * @param sequence  of the last record; 0 if there is no record.
 * @param entryHash of the last record, 32 bytes; zeros if there is no record.
 */
public record Head(long sequence, byte[] entryHash) {
    /** The head of a journal that holds no record. */
    public static Head none() {
        return new Head(0, new byte[32]);
    }

    /** The entry hash in lower-case hexadecimal digits. */
    public String entryHashHex() {
        return HexFormat.of().formatHex(entryHash);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Head head && sequence == head.sequence && Arrays.equals(entryHash, head.entryHash);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(sequence) ^ Arrays.hashCode(entryHash);
    }

    @Override
    public String toString() {
        return sequence + ":" + entryHashHex();
    }
}
