package io.ringfence.journal.chain;

import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Computes entry hashes: each commits to its record and, through the hash before it, to every record before it.
 *
 * <p>{@code entryHash = SHA-256("ringjrn1\0" | previous entry hash | every byte of the record before the seal)}. The first
 * record has no record before it; the previous hash is then {@code SHA-256("ringgen1\0" | the first record's command bytes)}.
 * Not thread safe; allocates nothing once made.
 */
public final class HashChain {
    /** Length of an entry hash in bytes. */
    public static final int HASH_LENGTH = 32;

    private static final byte[] ENTRY_TAG = "ringjrn1\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] GENESIS_TAG = "ringgen1\0".getBytes(StandardCharsets.US_ASCII);
    private static final int PREVIOUS_OFFSET = ENTRY_TAG.length;

    /** Bytes that are hashed before a record's own, and are not stored: tag 9, previous entry hash 32. */
    public static final int PREFIX_LENGTH = ENTRY_TAG.length + HASH_LENGTH;

    private final MessageDigest sha256 = newSha256();
    private final byte[] prefix = Arrays.copyOf(ENTRY_TAG, PREFIX_LENGTH);
    private final byte[] computed = new byte[HASH_LENGTH];

    /**
     * Moves before the first record of a journal.
     *
     * @param command holds the command bytes of the first record: the settings.
     * @param offset  of the first of them.
     * @param length  in bytes.
     */
    public void begin(byte[] command, int offset, int length) {
        sha256.update(GENESIS_TAG);
        sha256.update(command, offset, length);
        finish(prefix, PREVIOUS_OFFSET);
    }

    /**
     * Moves behind a record. A new chain needs {@link #begin} or this call before any other.
     *
     * @param entryHash holds that record's entry hash.
     * @param offset    of it.
     */
    public void resume(byte[] entryHash, int offset) {
        System.arraycopy(entryHash, offset, prefix, PREVIOUS_OFFSET, HASH_LENGTH);
    }

    /**
     * Writes the next record's entry hash behind the record and moves behind it.
     *
     * <p>Overwrites {@link #PREFIX_LENGTH} bytes before the record, so that all hashed bytes are one range.
     *
     * @param bytes  hold the record.
     * @param offset of its first byte; {@link #PREFIX_LENGTH} and above.
     * @param length in bytes, without the seal. The 32 bytes of the entry hash go to {@code offset + length}.
     */
    public void seal(byte[] bytes, int offset, int length) {
        System.arraycopy(prefix, 0, bytes, offset - PREFIX_LENGTH, PREFIX_LENGTH);
        sha256.update(bytes, offset - PREFIX_LENGTH, PREFIX_LENGTH + length);
        finish(bytes, offset + length);
        resume(bytes, offset + length);
    }

    /**
     * Is the entry hash of a record the one that belongs here? Moves behind the record, by the hash it carries. Changes no
     * byte of the record or around it.
     *
     * @param bytes      hold the record.
     * @param offset     of its first byte.
     * @param length     in bytes, without the seal.
     * @param hashOffset of the entry hash that the record carries.
     */
    public boolean proves(byte[] bytes, int offset, int length, int hashOffset) {
        sha256.update(prefix);
        sha256.update(bytes, offset, length);
        finish(computed, 0);
        resume(bytes, hashOffset);
        return Arrays.equals(computed, 0, HASH_LENGTH, bytes, hashOffset, hashOffset + HASH_LENGTH);
    }

    /**
     * Copies the hash that the next record will be chained to.
     *
     * @param destination takes the 32 bytes.
     * @param offset      where they go.
     */
    public void copyPrevious(byte[] destination, int offset) {
        System.arraycopy(prefix, PREVIOUS_OFFSET, destination, offset, HASH_LENGTH);
    }

    /** SHA-256 of a whole array, 32 bytes, in a new array. Any thread. */
    public static byte[] sha256(byte[] bytes) {
        return newSha256().digest(bytes);
    }

    /** Writes the hash of all bytes taken since the last one, 32 bytes at an offset. */
    private void finish(byte[] destination, int offset) {
        try {
            sha256.digest(destination, offset, HASH_LENGTH);
        } catch (DigestException e) {
            throw new IllegalArgumentException(
                    "32 bytes must fit: offset=" + offset + ", length=" + destination.length, e);
        }
    }

    /** A digest that has taken no bytes yet. Any thread; allocates. */
    public static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
