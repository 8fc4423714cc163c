package io.ringfence.engine.intake;

import io.ringfence.engine.command.CommandType;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * 64-bit hash of a client message's body: what must be equal for two messages to be the same request.
 *
 * <p>Outside the body are the message header except its template id, the session fields, which every client message has first, and
 * the client's time, where the message has one. Multiply-and-fold mixing of 8 bytes a step, in four lanes that do not wait for one
 * another. Not a cryptographic hash: it tells a resent message from a changed one, not a friend from a forger.
 */
public final class BodyHash {
    private static final int LANES_LENGTH = 4 * Long.BYTES;
    private static final long SEED = 0x9E37_79B9_7F4A_7C15L;
    private static final long MULTIPLIER = 0xD6E8_FEB8_6659_FD93L;

    private BodyHash() {}

    /**
     * Hashes the body of one message.
     *
     * @param message with its header, from 0.
     * @param length  in bytes; at least that of its root block with the header.
     */
    public static long of(CommandType type, DirectBuffer message, int length) {
        long seed = SEED ^ type.templateId();
        int clientTime = type.clientTimeOffset();
        if (clientTime < 0) {
            return mix(seed, message, CommandType.REQUEST_ID_OFFSET, length);
        }
        long hash = mix(seed, message, CommandType.REQUEST_ID_OFFSET, clientTime);
        int behind = clientTime + Long.BYTES; // Fields to come stand behind the client's time.
        return behind == length ? hash : mix(hash, message, behind, length);
    }

    /** Mixes the bytes of {@code [begin, end)} into a hash, and how many they are. */
    private static long mix(long hash, DirectBuffer message, int begin, int end) {
        long first = hash;
        long second = hash + SEED;
        long third = second + SEED;
        long fourth = third + SEED;
        int position = begin;
        for (; end - position >= LANES_LENGTH; position += LANES_LENGTH) {
            first = mix(first ^ word(message, position));
            second = mix(second ^ word(message, position + Long.BYTES));
            third = mix(third ^ word(message, position + 2 * Long.BYTES));
            fourth = mix(fourth ^ word(message, position + 3 * Long.BYTES));
        }
        for (; end - position >= Long.BYTES; position += Long.BYTES) {
            first = mix(first ^ word(message, position));
        }
        long tail = 0;
        for (int shift = 0; position < end; shift += Byte.SIZE) {
            tail |= (message.getByte(position++) & 0xFFL) << shift;
        }
        long folded = mix(first ^ mix(second)) ^ mix(third ^ mix(fourth + SEED));
        return mix(folded ^ tail ^ ((long) (end - begin) << 56));
    }

    private static long word(DirectBuffer message, int position) {
        return message.getLong(position, ByteOrder.LITTLE_ENDIAN);
    }

    private static long mix(long value) {
        long product = value * MULTIPLIER;
        return product ^ Math.multiplyHigh(value, MULTIPLIER) ^ (product >>> 32);
    }
}
