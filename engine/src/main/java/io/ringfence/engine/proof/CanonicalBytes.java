package io.ringfence.engine.proof;

import io.ringfence.engine.digest.Sha256;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Canonical bytes of a fixed length under a tag, little endian, hashed as a whole. Reused; not thread safe. */
final class CanonicalBytes {
    /** Eight ASCII characters and a zero byte. */
    static final int TAG_LENGTH = 9;

    private final byte[] bytes;
    private final ByteBuffer buffer;
    private final Sha256 sha256 = new Sha256();

    CanonicalBytes(String tag, int length) {
        bytes = new byte[length];
        buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        byte[] tagBytes = tag(tag);
        System.arraycopy(tagBytes, 0, bytes, 0, tagBytes.length);
    }

    static byte[] tag(String tag) {
        byte[] tagBytes = (tag + '\0').getBytes(StandardCharsets.US_ASCII);
        if (tagBytes.length != TAG_LENGTH) {
            throw new IllegalArgumentException("a tag has 8 characters: tag=" + tag);
        }
        return tagBytes;
    }

    void u8(int offset, int value) {
        buffer.put(offset, (byte) value);
    }

    void u16(int offset, int value) {
        buffer.putShort(offset, (short) value);
    }

    void u32(int offset, long value) {
        buffer.putInt(offset, (int) value);
    }

    void u64(int offset, long value) {
        buffer.putLong(offset, value);
    }

    void raw(int offset, byte[] source, int sourceOffset, int length) {
        System.arraycopy(source, sourceOffset, bytes, offset, length);
    }

    /** Writes the SHA-256 of all bytes. */
    void hash(byte[] out, int outOffset) {
        sha256.update(bytes);
        sha256.finish(out, outOffset);
    }
}
