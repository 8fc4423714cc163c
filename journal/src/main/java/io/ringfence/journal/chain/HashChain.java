package io.ringfence.journal.chain;

import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Computes entry hashes: each commits to its record and, through the hash before it, to every record before it.
 *
 * <p>{@code entryHash = SHA-256("ringjrn1\0" | previous entry hash | every byte of the record before the seal)}. What stands
 * for the previous hash of the first record is {@code SHA-256("ringgen1\0" | the first record's command bytes)}. Not thread
 * safe; allocates nothing once made.
 */
public final class HashChain {
    /** Length of an entry hash in bytes. */
    public static final int HASH_LENGTH = 32;

    private static final byte[] ENTRY_TAG = "ringjrn1\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] GENESIS_TAG = "ringgen1\0".getBytes(StandardCharsets.US_ASCII);
    private static final int PREVIOUS_OFFSET = ENTRY_TAG.length;

    private final MessageDigest sha256;
    private final byte[] tagAndPrevious = Arrays.copyOf(ENTRY_TAG, ENTRY_TAG.length + HASH_LENGTH);
    private final byte[] computed = new byte[HASH_LENGTH];

    /** Makes a chain that stands nowhere: call {@link #begin} or {@link #resume} first. */
    public HashChain() {
        try {
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Stands before the first record of a journal.
     *
     * @param command bytes of the first record's command: the deciding settings.
     * @param offset  of the first of them.
     * @param length  in bytes.
     */
    public void begin(byte[] command, int offset, int length) {
        sha256.update(GENESIS_TAG, 0, GENESIS_TAG.length);
        sha256.update(command, offset, length);
        digestInto(tagAndPrevious, PREVIOUS_OFFSET);
    }

    /**
     * Stands behind a record.
     *
     * @param entryHash holds that record's entry hash.
     * @param offset    of it.
     */
    public void resume(byte[] entryHash, int offset) {
        System.arraycopy(entryHash, offset, tagAndPrevious, PREVIOUS_OFFSET, HASH_LENGTH);
    }

    /**
     * Computes the next record's entry hash and moves behind that record.
     *
     * @param record            holds the record's bytes before the seal.
     * @param offset            of the first of them.
     * @param length            of them.
     * @param destination       takes the 32 bytes; may be {@code record}.
     * @param destinationOffset where they go.
     */
    public void append(byte[] record, int offset, int length, byte[] destination, int destinationOffset) {
        sha256.update(tagAndPrevious, 0, tagAndPrevious.length);
        sha256.update(record, offset, length);
        digestInto(destination, destinationOffset);
        resume(destination, destinationOffset);
    }

    /**
     * Does a record carry the hash it must have here? Moves behind it, by the hash it carries.
     *
     * @param record     holds the record's bytes before the seal.
     * @param offset     of the first of them.
     * @param length     of them.
     * @param hashOffset of the entry hash that the record carries.
     */
    public boolean proves(byte[] record, int offset, int length, int hashOffset) {
        sha256.update(tagAndPrevious, 0, tagAndPrevious.length);
        sha256.update(record, offset, length);
        digestInto(computed, 0);
        resume(record, hashOffset);
        return Arrays.equals(computed, 0, HASH_LENGTH, record, hashOffset, hashOffset + HASH_LENGTH);
    }

    /**
     * Copies the hash that the next record will be chained to.
     *
     * @param destination takes the 32 bytes.
     * @param offset      where they go.
     */
    public void copyPrevious(byte[] destination, int offset) {
        System.arraycopy(tagAndPrevious, PREVIOUS_OFFSET, destination, offset, HASH_LENGTH);
    }

    private void digestInto(byte[] destination, int offset) {
        try {
            sha256.digest(destination, offset, HASH_LENGTH);
        } catch (DigestException e) {
            throw new IllegalArgumentException(
                    "32 bytes must fit: offset=" + offset + ", length=" + destination.length, e);
        }
    }
}
