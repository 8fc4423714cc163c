package io.ringfence.engine.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.ringfence.engine.command.CommandType;
import io.ringfence.schemas.AccountCommandDecoder;
import io.ringfence.schemas.AdmissionRequestDecoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import java.util.Random;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BodyHashTest {
    private static final int HEADER_LENGTH = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int SESSION_LENGTH = AdmissionRequestDecoder.clientRequestIdEncodingOffset();

    static Stream<CommandType> messages() {
        return Stream.of(CommandType.values()).filter(type -> type.isOfClient() && type.clientTimeOffset() >= 0);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldCoverAllButSessionFieldsAndClientTime(CommandType type) {
        int length =
                HEADER_LENGTH + type.blockLength() + 11; // Fields of a later version stand behind the client time.
        UnsafeBuffer command = randomBytes(length);
        long hash = BodyHash.of(type, command, length);

        for (int i = HEADER_LENGTH; i < length; i++) {
            command.putByte(i, (byte) (command.getByte(i) ^ 0x10));
            long changed = BodyHash.of(type, command, length);
            command.putByte(i, (byte) (command.getByte(i) ^ 0x10));

            int offset = i - HEADER_LENGTH;
            boolean isClientTime = i >= type.clientTimeOffset() && i < type.clientTimeOffset() + Long.BYTES;
            assertEquals(offset < SESSION_LENGTH || isClientTime, hash == changed, "offset=" + offset);
        }
        assertNotEquals(hash, BodyHash.of(type, command, length - 1));
    }

    @Test
    void shouldCoverAWholeMessageWithoutClientTime() {
        int length = HEADER_LENGTH + AccountCommandDecoder.BLOCK_LENGTH + 2;
        UnsafeBuffer command = randomBytes(length);
        long hash = BodyHash.of(CommandType.ACCOUNT, command, length);

        command.putByte(length - 1, (byte) (command.getByte(length - 1) ^ 1));

        assertNotEquals(hash, BodyHash.of(CommandType.ACCOUNT, command, length));
    }

    private static UnsafeBuffer randomBytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return new UnsafeBuffer(bytes);
    }
}
