package io.ringfence.engine.pipeline;

import io.ringfence.schemas.CommandKind;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The command's bytes as received: one SBE message with its header. Written by the gateway.
 *
 * <p>Client messages fit the slot's own bytes. A longer internal command (a piece of a policy) is given bytes of its own,
 * which the slot's next command lets go: these are rare and never on a client's path.
 */
public final class CommandSection extends Section {
    /** Bytes that a slot keeps for a command; every client message fits. */
    public static final int SLOT_LENGTH = 512;

    private final byte[] slotBytes = new byte[SLOT_LENGTH];
    private final UnsafeBuffer buffer = new UnsafeBuffer(slotBytes);
    private CommandKind kind = CommandKind.NULL_VAL;
    private int length;

    void accept(CommandKind kind, DirectBuffer source, int offset, int length) {
        if (length <= SLOT_LENGTH) {
            if (buffer.byteArray() != slotBytes) {
                buffer.wrap(slotBytes);
            }
        } else {
            buffer.wrap(new byte[length]);
        }
        buffer.putBytes(0, source, offset, length);
        this.kind = kind;
        this.length = length;
    }

    /** What the command is. */
    public CommandKind kind() {
        return kind;
    }

    /** The bytes, from 0 to {@link #length()}; valid while the slot is in the reader's hands. */
    public DirectBuffer buffer() {
        return buffer;
    }

    /** Length in bytes, message header included. */
    public int length() {
        return length;
    }
}
