package io.ringfence.journal.chain;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sequence and entry hash of the last record of a journal.
 *
 * @param sequence  of the last record; 0 if there is no record.
 * @param entryHash of the last record, 32 bytes; zeros if there is no record.
 */
public record Head(long sequence, byte[] entryHash) {
    private static final Pattern TEXT = Pattern.compile("0*([1-9][0-9]{0,18})[: ]([0-9a-fA-F]{64})");

    /** The head of a journal that holds no record. */
    public static Head none() {
        return new Head(0, new byte[32]);
    }

    /**
     * Reads {@code SEQUENCE:HASH}, as {@link #toString} writes it, or with a blank in place of the colon.
     *
     * @param text sequence from 1 to 2^63 - 1, then 64 hexadecimal digits.
     * @return empty if it is not that.
     */
    public static Optional<Head> read(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new Head(Long.parseLong(matcher.group(1)), HexFormat.of().parseHex(matcher.group(2))));
        } catch (NumberFormatException tooGreat) {
            return Optional.empty();
        }
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

    /** {@code SEQUENCE:HASH}, which {@link #read} takes. */
    @Override
    public String toString() {
        return sequence + ":" + entryHashHex();
    }
}
