package io.ringfence.engine.snapshot;

import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Collects the canonical bytes of one owner's state: SBE messages with their headers, one behind the other.
 *
 * <p>Canonical means: equal state, equal bytes. Owners write their entities in a stated order and never in hash order. Not
 * thread safe; allocates while it grows, so it is for snapshots, not for the hot path.
 */
public final class StateWriter {
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(64 * 1024);
    private int position;

    /** Buffer for the next message, which starts at {@link #position()}. Grows as needed. */
    public MutableDirectBuffer buffer() {
        return buffer;
    }

    /** Bytes written so far: the offset of the next message. */
    public int position() {
        return position;
    }

    /**
     * Keeps the bytes just encoded.
     *
     * @param length of the message with its header in bytes; 0 and above.
     */
    public void advance(int length) {
        if (length < 0) {
            throw new IllegalArgumentException("length must not be negative: length=" + length);
        }
        position += length;
    }

    /** Empties the writer and keeps its memory. */
    public void clear() {
        position = 0;
    }

    /** The backing bytes; valid from 0 to {@link #position()} until the next write. */
    public byte[] byteArray() {
        return buffer.byteArray();
    }
}
