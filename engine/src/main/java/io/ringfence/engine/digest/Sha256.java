package io.ringfence.engine.digest;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Hashes bytes with SHA-256, allocating nothing once warm. Not thread safe. */
public final class Sha256 {
    /** Bytes of a digest. */
    public static final int LENGTH = 32;

    private final MessageDigest digest;

    public Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Returns the digest of an array. Safe from any thread; allocates. */
    public static byte[] of(byte[] bytes) {
        return of(bytes, bytes.length);
    }

    /** Returns the digest of the first bytes of an array. Safe from any thread; allocates. */
    public static byte[] of(byte[] bytes, int length) {
        Sha256 sha256 = new Sha256();
        sha256.update(bytes, length);
        return sha256.finish();
    }

    /** Hashes a whole array. */
    public void update(byte[] bytes) {
        update(bytes, 0, bytes.length);
    }

    /** Hashes the first bytes of an array. */
    public void update(byte[] bytes, int length) {
        update(bytes, 0, length);
    }

    /** Hashes a range of an array. */
    public void update(byte[] bytes, int offset, int length) {
        digest.update(bytes, offset, length);
    }

    /** Writes the digest of all bytes since the last one, 32 bytes at an offset, and starts a new digest. */
    public void finish(byte[] out, int offset) {
        try {
            digest.digest(out, offset, LENGTH);
        } catch (DigestException e) {
            throw new IllegalArgumentException(
                    "a digest needs 32 bytes: offset=" + offset + ", length=" + out.length, e);
        }
    }

    /** Returns the digest of all bytes since the last one and starts a new digest; allocates. */
    public byte[] finish() {
        byte[] out = new byte[LENGTH];
        finish(out, 0);
        return out;
    }
}
