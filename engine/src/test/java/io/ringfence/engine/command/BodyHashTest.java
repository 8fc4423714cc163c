package io.ringfence.engine.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

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
        int length = HEADER_LENGTH + type.blockLength() + 11; // Fields of a later version stand behind the client time.
        UnsafeBuffer command = randomBytes(length);
        long hash = hash(type, command, length);

        for (int i = HEADER_LENGTH; i < length; i++) {
            command.putByte(i, (byte) (command.getByte(i) ^ 0x10));
            long changed = hash(type, command, length);
            command.putByte(i, (byte) (command.getByte(i) ^ 0x10));

            int offset = i - HEADER_LENGTH;
            boolean isClientTime = i >= type.clientTimeOffset() && i < type.clientTimeOffset() + Long.BYTES;
            assertEquals(offset < SESSION_LENGTH || isClientTime, hash == changed, "offset=" + offset);
        }
        assertNotEquals(hash, hash(type, command, length - 1));
    }

    @Test
    void shouldCoverAWholeMessageWithoutClientTime() {
        int length = HEADER_LENGTH + AccountCommandDecoder.BLOCK_LENGTH + 2;
        UnsafeBuffer command = randomBytes(length);
        long hash = hash(CommandType.ACCOUNT, command, length);

        command.putByte(length - 1, (byte) (command.getByte(length - 1) ^ 1));

        assertNotEquals(hash, hash(CommandType.ACCOUNT, command, length));
    }

    private static long hash(CommandType type, UnsafeBuffer message, int length) {
        Command command = new Command();
        command.load(message, 0, length);
        command.stamp(type, 1, 0, 0, 0);
        return command.bodyHash();
    }

    private static UnsafeBuffer randomBytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return new UnsafeBuffer(bytes);
    }
}
