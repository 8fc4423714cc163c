package io.ringfence.journal.chain;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * Where a journal ends: its last record's sequence and entry hash.
 *
 * @param sequence  of the last record; 0: no record.
 * @param entryHash of it, 32 bytes; zeros when there is no record.
 */
public record Head(long sequence, byte[] entryHash) {
    /** Of a journal without a record. */
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
