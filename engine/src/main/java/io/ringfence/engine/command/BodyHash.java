package io.ringfence.engine.command;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * 64-bit hash of a message's body. Multiply-and-fold mixing of 8 bytes a step, in four lanes that do not wait for one another. Not
 * a cryptographic hash: it tells a resent message from a changed one, not a friend from a forger.
 */
final class BodyHash {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int LANES_LENGTH = 4 * Long.BYTES;
    private static final long SEED = 0x9E37_79B9_7F4A_7C15L;
    private static final long MULTIPLIER = 0xD6E8_FEB8_6659_FD93L;

    private BodyHash() {}

    static long of(CommandType type, byte[] bytes, int start, int end) {
        int begin = start + CommandType.REQUEST_ID_OFFSET;
        long seed = SEED ^ type.templateId();
        int clientTime = start + type.clientTimeOffset();
        if (clientTime < start) {
            return mix(seed, bytes, begin, end);
        }
        long hash = mix(seed, bytes, begin, clientTime);
        int behind = clientTime + Long.BYTES; // Fields to come stand behind the client's time.
        return behind == end ? hash : mix(hash, bytes, behind, end);
    }

    /** Mixes the bytes of {@code [begin, end)} into a hash, and how many they are. */
    private static long mix(long hash, byte[] bytes, int begin, int end) {
        long first = hash;
        long second = hash + SEED;
        long third = second + SEED;
        long fourth = third + SEED;
        int position = begin;
        for (; end - position >= LANES_LENGTH; position += LANES_LENGTH) {
            first = mix(first ^ word(bytes, position));
            second = mix(second ^ word(bytes, position + Long.BYTES));
            third = mix(third ^ word(bytes, position + 2 * Long.BYTES));
            fourth = mix(fourth ^ word(bytes, position + 3 * Long.BYTES));
        }
        if (end - position >= 2 * Long.BYTES) {
            first = mix(first ^ word(bytes, position));
            second = mix(second ^ word(bytes, position + Long.BYTES));
            position += 2 * Long.BYTES;
        }
        if (end - position >= Long.BYTES) {
            third = mix(third ^ word(bytes, position));
            position += Long.BYTES;
        }
        long tail = 0;
        for (int shift = 0; position < end; shift += Byte.SIZE) {
            tail |= (bytes[position++] & 0xFFL) << shift;
        }
        fourth = mix(fourth ^ tail ^ ((long) (end - begin) << 56));
        return mix(first ^ second ^ third ^ fourth);
    }

    private static long word(byte[] bytes, int position) {
        return (long) LONG.get(bytes, position);
    }

    private static long mix(long value) {
        long product = value * MULTIPLIER;
        return product ^ Math.multiplyHigh(value, MULTIPLIER) ^ (product >>> 32);
    }
}
