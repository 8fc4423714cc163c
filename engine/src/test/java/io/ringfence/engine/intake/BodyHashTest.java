package io.ringfence.engine.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.ringfence.schemas.AccountCommandDecoder;
import io.ringfence.schemas.AdmissionRequestDecoder;
import io.ringfence.schemas.ExecutionDecoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.OrderCancelDecoder;
import io.ringfence.schemas.OrderReplaceDecoder;
import io.ringfence.schemas.OrderRequestDecoder;
import io.ringfence.schemas.OutcomeReportDecoder;
import io.ringfence.schemas.SettleDecoder;
import java.util.Random;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BodyHashTest {
    private static final int HEADER_LENGTH = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int SESSION_LENGTH = AdmissionRequestDecoder.clientRequestIdEncodingOffset();

    private record Message(int templateId, int blockLength, int clientTimeOffset) {}

    static Stream<Message> messages() {
        return Stream.of(
                new Message(
                        AdmissionRequestDecoder.TEMPLATE_ID,
                        AdmissionRequestDecoder.BLOCK_LENGTH,
                        AdmissionRequestDecoder.clientTimestampNsEncodingOffset()),
                new Message(
                        OrderRequestDecoder.TEMPLATE_ID,
                        OrderRequestDecoder.BLOCK_LENGTH,
                        OrderRequestDecoder.clientTimestampNsEncodingOffset()),
                new Message(
                        OrderCancelDecoder.TEMPLATE_ID,
                        OrderCancelDecoder.BLOCK_LENGTH,
                        OrderCancelDecoder.clientTimestampNsEncodingOffset()),
                new Message(
                        OrderReplaceDecoder.TEMPLATE_ID,
                        OrderReplaceDecoder.BLOCK_LENGTH,
                        OrderReplaceDecoder.clientTimestampNsEncodingOffset()),
                new Message(
                        ExecutionDecoder.TEMPLATE_ID,
                        ExecutionDecoder.BLOCK_LENGTH,
                        ExecutionDecoder.clientTimestampNsEncodingOffset()),
                new Message(
                        SettleDecoder.TEMPLATE_ID,
                        SettleDecoder.BLOCK_LENGTH,
                        SettleDecoder.clientTimestampNsEncodingOffset()),
                new Message(
                        OutcomeReportDecoder.TEMPLATE_ID,
                        OutcomeReportDecoder.BLOCK_LENGTH,
                        OutcomeReportDecoder.clientTimestampNsEncodingOffset()));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldCoverAllButSessionFieldsAndClientTime(Message message) {
        int length =
                HEADER_LENGTH + message.blockLength() + 11; // Fields of a later version stand behind the client time.
        UnsafeBuffer command = randomBytes(length);
        long hash = BodyHash.of(message.templateId(), command, length);

        for (int i = HEADER_LENGTH; i < length; i++) {
            command.putByte(i, (byte) (command.getByte(i) ^ 0x10));
            long changed = BodyHash.of(message.templateId(), command, length);
            command.putByte(i, (byte) (command.getByte(i) ^ 0x10));

            int offset = i - HEADER_LENGTH;
            boolean isClientTime =
                    offset >= message.clientTimeOffset() && offset < message.clientTimeOffset() + Long.BYTES;
            assertEquals(offset < SESSION_LENGTH || isClientTime, hash == changed, "offset=" + offset);
        }
        assertNotEquals(hash, BodyHash.of(message.templateId(), command, length - 1));
    }

    @Test
    void shouldCoverAWholeMessageWithoutClientTime() {
        int length = HEADER_LENGTH + AccountCommandDecoder.BLOCK_LENGTH + 2;
        UnsafeBuffer command = randomBytes(length);
        long hash = BodyHash.of(AccountCommandDecoder.TEMPLATE_ID, command, length);

        command.putByte(length - 1, (byte) (command.getByte(length - 1) ^ 1));

        assertNotEquals(hash, BodyHash.of(AccountCommandDecoder.TEMPLATE_ID, command, length));
    }

    private static UnsafeBuffer randomBytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return new UnsafeBuffer(bytes);
    }
}
