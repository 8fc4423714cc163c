package io.ringfence.engine.snapshot;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Reads the canonical bytes of one owner's state, message by message. Not thread safe. */
public final class StateReader {
    private final DirectBuffer buffer;
    private final int limit;
    private int position;

    /**
     * @param bytes  written by a {@link StateWriter}.
     * @param offset of the first message.
     * @param length in bytes.
     */
    public StateReader(byte[] bytes, int offset, int length) {
        this.buffer = new UnsafeBuffer(bytes, 0, offset + length);
        this.position = offset;
        this.limit = offset + length;
    }

    /** The bytes; the next message with its header starts at {@link #position()}. */
    public DirectBuffer buffer() {
        return buffer;
    }

    /** Offset of the next message. */
    public int position() {
        return position;
    }

    /** True when there is another message. */
    public boolean hasRemaining() {
        return position < limit;
    }

    /**
     * Moves behind a message.
     *
     * @param length of the message with its header in bytes.
     */
    public void advance(int length) {
        if (length < 0 || position + length > limit) {
            throw new IllegalArgumentException(
                    "length must stay within the state: length=" + length + ", remaining=" + (limit - position));
        }
        position += length;
    }
}
