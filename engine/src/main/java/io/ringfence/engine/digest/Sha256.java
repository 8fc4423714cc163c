package io.ringfence.engine.proof;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Hashes bytes with SHA-256, allocating nothing once warm. Not thread safe. */
final class Sha256 {
    static final int LENGTH = 32;

    private final MessageDigest digest;

    Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    void update(byte[] bytes) {
        digest.update(bytes, 0, bytes.length);
    }

    /** Ends what was updated, writes 32 bytes and starts anew. */
    void finish(byte[] out, int offset) {
        try {
            digest.digest(out, offset, LENGTH);
        } catch (DigestException e) {
            throw new IllegalArgumentException(
                    "a digest needs 32 bytes: offset=" + offset + ", length=" + out.length, e);
        }
    }

    /** Ends what was updated and starts anew. */
    byte[] finish() {
        byte[] out = new byte[LENGTH];
        finish(out, 0);
        return out;
    }
}
