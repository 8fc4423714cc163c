package io.ringfence.engine.selection;

import io.ringfence.engine.digest.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;

/**
 * Draws for a policy and an input by a secret key: {@code HMAC-SHA-256(key, "calyexp1" | policy digest | input digest)}. Who has the key
 * can draw again, nobody else can foresee it.
 *
 * <p>The two hashes of RFC 2104 are computed here, because the MAC of the JDK allocates. Not thread safe; allocates nothing.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2104">RFC 2104</a>
 */
public final class KeyedDraw {
    /** Least length of a key, in bytes. */
    public static final int KEY_LENGTH_MIN = 32;

    static final byte[] TAG = "calyexp1".getBytes(StandardCharsets.US_ASCII);

    private static final int BLOCK_LENGTH = 64;
    private static final int POLICY_OFFSET = BLOCK_LENGTH + TAG.length;
    private static final int INPUT_OFFSET = POLICY_OFFSET + Sha256.LENGTH;
    private static final byte INNER_PAD = 0x36;
    private static final byte OUTER_PAD = 0x5C;

    private final MessageDigest sha256 = Sha256.newDigest();
    private final byte[] inner = new byte[INPUT_OFFSET + Sha256.LENGTH];
    private final byte[] outer = new byte[BLOCK_LENGTH + Sha256.LENGTH];
    private final byte[] drawn = new byte[Sha256.LENGTH];
    private final ByteBuffer words = ByteBuffer.wrap(drawn); // Big endian.

    /**
     * @param key 32 bytes and more; not kept, only what it comes to.
     * @throws IllegalArgumentException for a shorter one.
     */
    public KeyedDraw(byte[] key) {
        if (key.length < KEY_LENGTH_MIN) {
            throw new IllegalArgumentException(
                    "a key must have " + KEY_LENGTH_MIN + " bytes at least: length=" + key.length);
        }
        byte[] block = key.length > BLOCK_LENGTH ? sha256.digest(key) : key;
        for (int i = 0; i < BLOCK_LENGTH; i++) {
            byte of = i < block.length ? block[i] : 0;
            inner[i] = (byte) (of ^ INNER_PAD);
            outer[i] = (byte) (of ^ OUTER_PAD);
        }
        System.arraycopy(TAG, 0, inner, BLOCK_LENGTH, TAG.length);
    }

    /** Draws; the accessors give the result until the next call. Each digest is the first 32 bytes of its array. */
    void draw(byte[] policyDigest, byte[] inputDigest) {
        System.arraycopy(policyDigest, 0, inner, POLICY_OFFSET, Sha256.LENGTH);
        System.arraycopy(inputDigest, 0, inner, INPUT_OFFSET, Sha256.LENGTH);
        try {
            sha256.update(inner);
            sha256.digest(outer, BLOCK_LENGTH, Sha256.LENGTH);
            sha256.update(outer);
            sha256.digest(drawn, 0, Sha256.LENGTH);
        } catch (DigestException e) {
            throw new IllegalStateException("a digest has 32 bytes", e);
        }
    }

    /** First 8 bytes of the draw, u64 bits: modulo 10,000 they say whether another candidate may act. */
    long draw() {
        return words.getLong(0);
    }

    /** Next 8 bytes, u64 bits: modulo the number of candidates they say which. */
    long pick() {
        return words.getLong(Long.BYTES);
    }
}
