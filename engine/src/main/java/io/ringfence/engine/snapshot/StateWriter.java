package io.ringfence.engine.snapshot;

import io.ringfence.schemas.MessageHeaderEncoder;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Takes the canonical bytes of one owner's state: SBE messages with their headers, one behind the other.
 *
 * <p>Canonical means: equal state, equal bytes. Owners write their entities in a stated order and never in hash order. A writer keeps
 * all bytes, or hands them on piece by piece and keeps none. Not thread safe; allocates, so it is for snapshots, not for the hot path.
 */
public final class StateWriter {
    /** Takes the bytes of a state piece by piece. */
    @FunctionalInterface
    public interface Drain {
        /**
         * Takes the next bytes, whole messages.
         *
         * @param bytes  hold them from 0 on; the caller writes to them again when this returns.
         * @param length in bytes, 1 and above.
         */
        void take(byte[] bytes, int length);
    }

    /** Does nothing: for a writer that need not rest. */
    public static final Runnable NO_REST = () -> {};

    private static final int PIECE_LENGTH = 64 * 1024;
    private static final int LONGEST_MESSAGE = 64 * 1024; // A piece of a policy has 32 KiB.

    private final ExpandableArrayBuffer buffer;
    private final Drain drain; // Null: keeps all bytes.
    private final Runnable rest;
    private final SortRoom sortRoom;
    private int position;

    /** Keeps all bytes. */
    public StateWriter() {
        this(PIECE_LENGTH);
    }

    /**
     * Keeps all bytes.
     *
     * @param expectedLength room to begin with in bytes; it grows when more is written.
     */
    public StateWriter(int expectedLength) {
        this.buffer = new ExpandableArrayBuffer(expectedLength);
        this.drain = null;
        this.rest = NO_REST;
        this.sortRoom = new SortRoom();
    }

    /**
     * Hands the bytes on in pieces of 64 KiB and somewhat more.
     *
     * @param drain takes them; {@link #flush} hands on the last.
     * @param rest  runs every 100 us or so, so that a thread of low priority can pause there. What it throws ends the writing.
     * @param room  for sorting, used by one writer at a time; to be kept for the next writer.
     */
    public StateWriter(Drain drain, Runnable rest, SortRoom room) {
        this.buffer = new ExpandableArrayBuffer(PIECE_LENGTH + LONGEST_MESSAGE);
        this.drain = drain;
        this.rest = rest;
        this.sortRoom = room;
    }

    /**
     * Bytes that messages of one kind take.
     *
     * @param count       of the messages.
     * @param blockLength of each, in bytes; its header comes on top.
     */
    public static long length(long count, int blockLength) {
        return count * (MessageHeaderEncoder.ENCODED_LENGTH + blockLength);
    }

    /** Buffer for the next message, which starts at {@link #position()}. Grows as needed. */
    public MutableDirectBuffer buffer() {
        return buffer;
    }

    /** Offset of the next message in {@link #buffer()}; of a writer that keeps all bytes, how many were written. */
    public int position() {
        return position;
    }

    /**
     * Keeps the bytes just encoded, or hands them on with those before.
     *
     * @param length of the message with its header in bytes; 0 and above.
     */
    public void advance(int length) {
        if (length < 0) {
            throw new IllegalArgumentException("length must not be negative: length=" + length);
        }
        position += length;
        if (drain != null && position >= PIECE_LENGTH) {
            flush();
        }
    }

    /** Hands on what was not yet; does nothing for a writer that keeps all bytes. */
    public void flush() {
        if (drain != null && position > 0) {
            drain.take(buffer.byteArray(), position);
            position = 0;
            rest.run();
        }
    }

    /** To be called by owners within work of more than 100 us that writes nothing, such as sorting. */
    public Runnable rest() {
        return rest;
    }

    /** Where owners sort. */
    public SortRoom sortRoom() {
        return sortRoom;
    }

    /** Empties the writer and keeps its memory. */
    public void clear() {
        position = 0;
    }

    /** The backing bytes of a writer that keeps all; valid from 0 to {@link #position()} until the next write. */
    public byte[] byteArray() {
        return buffer.byteArray();
    }
}
