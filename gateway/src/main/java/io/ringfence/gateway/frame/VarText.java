package io.ringfence.gateway.frame;

import io.ringfence.schemas.ReasonCode;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** The one text that may end a client message: u16 length | that many bytes. */
final class VarText {
    /** Bytes of the length before the text. */
    static final int LENGTH_LENGTH = Short.BYTES;

    private static final int FIRST_PRINTABLE = 0x20;
    private static final int DELETE = 0x7f;

    private VarText() {}

    /** Is the text all that is left of the frame? Otherwise the frame is malformed, with what is left as value. */
    static boolean isWhole(DirectBuffer buffer, int offset, int available, Frame frame) {
        boolean isWhole = available >= LENGTH_LENGTH && LENGTH_LENGTH + length(buffer, offset) == available;
        if (!isWhole) {
            frame.fault(ReasonCode.FRAME_MALFORMED, 0, available);
        }
        return isWhole;
    }

    static int length(DirectBuffer buffer, int offset) {
        return Short.toUnsignedInt(buffer.getShort(offset, ByteOrder.LITTLE_ENDIAN));
    }

    /** No control characters: names and channels are shown to people and written to files. */
    static void requirePrintable(DirectBuffer buffer, int offset, int fieldId, Frame frame) {
        int end = offset + LENGTH_LENGTH + length(buffer, offset);
        for (int i = offset + LENGTH_LENGTH; i < end; i++) {
            int character = Byte.toUnsignedInt(buffer.getByte(i));
            frame.require(character >= FIRST_PRINTABLE && character != DELETE, fieldId, character);
        }
    }
}
