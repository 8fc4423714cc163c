package io.ringfence.engine.intake;

import io.ringfence.schemas.AdmissionRequestDecoder;
import io.ringfence.schemas.ExecutionDecoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.OrderCancelDecoder;
import io.ringfence.schemas.OrderReplaceDecoder;
import io.ringfence.schemas.OrderRequestDecoder;
import io.ringfence.schemas.OutcomeReportDecoder;
import io.ringfence.schemas.SettleDecoder;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * 64-bit hash of a client message's body: what must be equal for two messages to be the same request.
 *
 * <p>Outside the body are the message header but for its template id, the session fields, which every client message has
 * first, and the client's time, where the message has one. Multiply-and-fold mixing of 8 bytes a step; not a cryptographic
 * hash: it tells a resent message from a changed one, not a friend from a forger.
 */
public final class BodyHash {
    private static final int BODY_OFFSET =
            MessageHeaderDecoder.ENCODED_LENGTH + AdmissionRequestDecoder.clientRequestIdEncodingOffset();
    private static final int CLIENT_TIME_LENGTH = Long.BYTES;
    private static final int NONE = -1;
    private static final long SEED = 0x9E37_79B9_7F4A_7C15L;
    private static final long MULTIPLIER = 0xD6E8_FEB8_6659_FD93L;

    private BodyHash() {}

    /**
     * @param command message with its header.
     * @param length  in bytes; at least that of its root block with the header.
     */
    public static long of(int templateId, DirectBuffer command, int length) {
        long hash = SEED ^ templateId;
        int clientTime = clientTimeOffset(templateId);
        if (clientTime == NONE) {
            return mix(hash, command, BODY_OFFSET, length);
        }
        int begin = MessageHeaderDecoder.ENCODED_LENGTH + clientTime;
        hash = mix(hash, command, BODY_OFFSET, begin);
        return mix(hash, command, begin + CLIENT_TIME_LENGTH, length); // Fields to come stand behind it.
    }

    /** Offset of the client's time in the root block. */
    private static int clientTimeOffset(int templateId) {
        return switch (templateId) {
            case AdmissionRequestDecoder.TEMPLATE_ID -> AdmissionRequestDecoder.clientTimestampNsEncodingOffset();
            case OrderRequestDecoder.TEMPLATE_ID -> OrderRequestDecoder.clientTimestampNsEncodingOffset();
            case OrderCancelDecoder.TEMPLATE_ID -> OrderCancelDecoder.clientTimestampNsEncodingOffset();
            case OrderReplaceDecoder.TEMPLATE_ID -> OrderReplaceDecoder.clientTimestampNsEncodingOffset();
            case ExecutionDecoder.TEMPLATE_ID -> ExecutionDecoder.clientTimestampNsEncodingOffset();
            case SettleDecoder.TEMPLATE_ID -> SettleDecoder.clientTimestampNsEncodingOffset();
            case OutcomeReportDecoder.TEMPLATE_ID -> OutcomeReportDecoder.clientTimestampNsEncodingOffset();
            default -> NONE;
        };
    }

    /** Mixes the bytes of {@code [begin, end)} into a hash, and how many they are. */
    private static long mix(long hash, DirectBuffer command, int begin, int end) {
        long mixed = hash;
        int position = begin;
        while (end - position >= Long.BYTES) {
            mixed = mix(mixed ^ command.getLong(position, ByteOrder.LITTLE_ENDIAN));
            position += Long.BYTES;
        }
        long tail = 0;
        for (int shift = 0; position < end; shift += Byte.SIZE) {
            tail |= (command.getByte(position++) & 0xFFL) << shift;
        }
        return mix(mixed ^ tail ^ ((long) (end - begin) << 56));
    }

    private static long mix(long value) {
        long product = value * MULTIPLIER;
        return product ^ Math.multiplyHigh(value, MULTIPLIER) ^ (product >>> 32);
    }
}
