package io.ringfence.engine.pipeline;

import io.ringfence.schemas.AdmissionRequestDecoder;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.MessageHeaderDecoder;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** Where the fields stand that every client message has first: session fields, then the request id. */
public final class ClientFields {
    /** Offset of the request id from the message header's start; the same in all messages that have one. */
    public static final int REQUEST_ID_OFFSET =
            MessageHeaderDecoder.ENCODED_LENGTH + AdmissionRequestDecoder.clientRequestIdEncodingOffset();

    private ClientFields() {}

    /** Has a command of this kind a request id? One of the engine's own may leave it 0. */
    public static boolean hasRequestId(CommandKind kind) {
        return switch (kind) {
            case ADMISSION, ORDER, CANCEL, REPLACE, EXECUTION, SETTLE, OUTCOME, ACCOUNT -> true;
            default -> false;
        };
    }

    /** The request id of a command whose message header begins at an offset. */
    public static long requestId(DirectBuffer buffer, int offset) {
        return buffer.getLong(offset + REQUEST_ID_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }
}
