package io.ringfence.journal.chain;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Computes SHA-256 over ranges of arrays. Not thread safe; allocates nothing once made, except in {@link #of}. */
public final class Sha256 {
    /** Length of a digest in bytes. */
    public static final int LENGTH = 32;

    private final MessageDigest digest;

    /** Makes one that has taken no bytes yet. */
    public Sha256() {
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The digest of a whole array, 32 bytes, in a new array. Any thread. */
    public static byte[] of(byte[] bytes) {
        byte[] digest = new byte[LENGTH];
        new Sha256().update(bytes, 0, bytes.length).digest(digest, 0);
        return digest;
    }

    /** Takes {@code bytes[offset, offset + length)} behind what was taken before. */
    public Sha256 update(byte[] bytes, int offset, int length) {
        digest.update(bytes, offset, length);
        return this;
    }

    /**
     * Writes the digest of all bytes taken and begins anew.
     *
     * @param destination takes 32 bytes; may be an array that bytes were taken from.
     * @param offset      where they go.
     * @throws IllegalArgumentException if they do not fit.
     */
    public void digest(byte[] destination, int offset) {
        try {
            digest.digest(destination, offset, LENGTH);
        } catch (DigestException e) {
            throw new IllegalArgumentException(
                    "32 bytes must fit: offset=" + offset + ", length=" + destination.length, e);
        }
    }
}
