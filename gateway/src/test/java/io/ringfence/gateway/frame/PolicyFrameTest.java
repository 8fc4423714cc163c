package io.ringfence.gateway.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.command.Command;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.PolicyChangeDecoder;
import io.ringfence.schemas.PolicyPieceDecoder;
import io.ringfence.schemas.ReasonCode;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client may send of a policy, and which field is named where it may not. */
class PolicyFrameTest {
    private static final int BODY = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int EPOCH = BODY + PolicyPieceDecoder.epochEncodingOffset();
    private static final int CONTENT = BODY + PolicyPieceDecoder.BLOCK_LENGTH;

    private final Command command = new Command();
    private final Frame frame = new Frame();

    @ParameterizedTest
    @CsvSource({ // index, count, section, length of the content; field refused: 0 for none
        "0, 1, 1, 448, 0",
        "0, 1, 4,   0, 0",
        "1, 2, 2,   7, 0",
        "262143, 262144, 3, 448, 0",
        "0, 0, 1, 448, 6",
        "1, 1, 1, 448, 5",
        "2, 2, 0, 448, 5",
        "4294967295, 4294967295, 1, 448, 5",
        "0, 262145, 0, 448, 6",
        "0, 2, 0, 447, 7",
        "0, 2, 5, 447, 7",
        "0, 2, 1, 447, 8",
        "1, 2, 1, 449, 8"
    })
    void shouldNameTheFieldOfAPieceThatIsOutOfItsRange(long index, long count, int section, int length, int field) {
        UnsafeBuffer piece = new UnsafeBuffer(Arrays.copyOf(Frames.policyPiece(), CONTENT + Short.BYTES + length));
        piece.putInt(BODY + PolicyPieceDecoder.indexEncodingOffset(), (int) index, ByteOrder.LITTLE_ENDIAN);
        piece.putInt(BODY + PolicyPieceDecoder.countEncodingOffset(), (int) count, ByteOrder.LITTLE_ENDIAN);
        piece.putByte(BODY + PolicyPieceDecoder.sectionEncodingOffset(), (byte) section);
        piece.putShort(CONTENT, (short) length, ByteOrder.LITTLE_ENDIAN);

        check(piece);

        assertEquals(field == 0 ? ReasonCode.NONE : ReasonCode.FIELD_INVALID, frame.reason());
        assertEquals(field, frame.fieldId());
    }

    @ParameterizedTest
    @CsvSource({"0", "-1", "4611686018427387905"})
    void shouldNameAnUploadOrAnEpochThatThereIsNot(long value) {
        int upload = BODY + PolicyPieceDecoder.uploadIdEncodingOffset();
        assertEquals(PolicyPieceDecoder.uploadIdId(), fieldOf(Frames.policyPiece(), upload, value));
        assertEquals(PolicyPieceDecoder.epochId(), fieldOf(Frames.policyPiece(), EPOCH, value));
        assertEquals(
                PolicyChangeDecoder.uploadIdId(),
                fieldOf(Frames.policyChange(), BODY + PolicyChangeDecoder.uploadIdEncodingOffset(), value));
        assertEquals(
                PolicyChangeDecoder.epochId(),
                fieldOf(Frames.policyChange(), BODY + PolicyChangeDecoder.epochEncodingOffset(), value));
    }

    @Test
    void shouldRefuseAChangeWithoutAWordAndAPieceThatIsCutShort() {
        byte[] wordless = Arrays.copyOf(Frames.policyChange(), BODY + PolicyChangeDecoder.BLOCK_LENGTH + Short.BYTES);
        wordless[BODY + PolicyChangeDecoder.BLOCK_LENGTH] = 0;
        check(new UnsafeBuffer(wordless));
        assertEquals(PolicyChangeDecoder.justificationId(), frame.fieldId());

        byte[] whole = Frames.policyPiece();
        for (int length = BODY; length < whole.length; length++) {
            check(new UnsafeBuffer(Arrays.copyOf(whole, length)));
            assertEquals(ReasonCode.FRAME_MALFORMED, frame.reason(), "length=" + length);
        }
        assertTrue(whole.length <= Command.CLIENT_LENGTH_MAX, "the longest piece fits a frame");
    }

    private int fieldOf(byte[] bytes, int offset, long value) {
        UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        buffer.putLong(offset, value, ByteOrder.LITTLE_ENDIAN);
        check(buffer);
        assertEquals(ReasonCode.FIELD_INVALID, frame.reason());
        return frame.fieldId();
    }

    private void check(UnsafeBuffer message) {
        command.load(message, 0, message.capacity());
        frame.check(command);
    }
}
