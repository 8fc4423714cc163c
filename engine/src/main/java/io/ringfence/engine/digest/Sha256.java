package io.ringfence.engine.digest;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Hashes bytes with SHA-256, allocating nothing once warm. Not thread safe. */
public final class Sha256 {
    /** Bytes of a digest. */
    public static final int LENGTH = 32;

    private final MessageDigest digest;

    /** At the start of a digest. */
    public Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The digest of some bytes alone, from any thread; allocates. */
    public static byte[] of(byte[] bytes) {
        return of(bytes, bytes.length);
    }

    /** The digest of the first bytes of some, from any thread; allocates. */
    public static byte[] of(byte[] bytes, int length) {
        Sha256 sha256 = new Sha256();
        sha256.update(bytes, length);
        return sha256.finish();
    }

    /** Takes more bytes. */
    public void update(byte[] bytes) {
        update(bytes, bytes.length);
    }

    /** Takes the first of some more bytes. */
    public void update(byte[] bytes, int length) {
        digest.update(bytes, 0, length);
    }

    /** Ends what was updated, writes 32 bytes and starts anew. */
    public void finish(byte[] out, int offset) {
        try {
            digest.digest(out, offset, LENGTH);
        } catch (DigestException e) {
            throw new IllegalArgumentException(
                    "a digest needs 32 bytes: offset=" + offset + ", length=" + out.length, e);
        }
    }

    /** Ends what was updated and starts anew. */
    public byte[] finish() {
        byte[] out = new byte[LENGTH];
        finish(out, 0);
        return out;
    }
}
