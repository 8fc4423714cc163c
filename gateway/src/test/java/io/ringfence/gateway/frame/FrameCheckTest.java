package io.ringfence.gateway.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.schemas.AccountCommandDecoder;
import io.ringfence.schemas.AdmissionRequestDecoder;
import io.ringfence.schemas.ControlCommandDecoder;
import io.ringfence.schemas.ExecutionDecoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OrderRequestDecoder;
import io.ringfence.schemas.ReasonCode;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("hostile")
class FrameCheckTest {
    private static final int BODY = MessageHeaderDecoder.ENCODED_LENGTH;

    private final FrameCheck check = new FrameCheck();

    @Test
    void shouldFindEachSoundFrameSound() {
        for (byte[] bytes : Frames.all()) {
            Frame frame = check(bytes);

            assertEquals(ReasonCode.NONE, frame.reason(), "templateId=" + frame.templateId());
        }
    }

    @Test
    void shouldRefuseEveryPartOfAFrame() {
        for (byte[] bytes : Frames.all()) {
            for (int length = 0; length < bytes.length; length++) {
                Frame frame = check(Arrays.copyOf(bytes, length));

                assertEquals(ReasonCode.FRAME_MALFORMED, frame.reason(), "length=" + length);
            }
        }
    }

    @Test
    void shouldRefuseBytesBehindAFrame() {
        for (byte[] bytes : Frames.all()) {
            assertEquals(
                    ReasonCode.FRAME_MALFORMED,
                    check(Arrays.copyOf(bytes, bytes.length + 1)).reason());
        }
    }

    @ParameterizedTest
    @CsvSource({ // block length, template, schema, version: each refusal breaks its rule and later ones.
        "159,   1, 2, 9, SCHEMA_UNKNOWN,      2",
        "159, 999, 1, 2, VERSION_UNSUPPORTED, 2",
        "159, 999, 1, 0, VERSION_UNSUPPORTED, 0",
        "159, 999, 1, 1, NOT_SUPPORTED,     999",
        "159,  20, 1, 1, NOT_SUPPORTED,      20",
        "159,  61, 1, 1, NOT_SUPPORTED,      61",
        "159,   1, 1, 1, FRAME_MALFORMED,   160",
        "160,   1, 1, 1, NONE,                0"
    })
    void shouldReportTheFirstFaultOfAHeader(
            int blockLength, int templateId, int schemaId, int version, ReasonCode reason, long value) {
        byte[] bytes = Frames.admission();
        new MessageHeaderEncoder()
                .wrap(new UnsafeBuffer(bytes), 0)
                .blockLength(blockLength)
                .templateId(templateId)
                .schemaId(schemaId)
                .version(version);

        Frame frame = check(bytes);

        assertEquals(reason, frame.reason());
        assertEquals(value, frame.value());
        assertEquals(templateId, frame.templateId());
    }

    @ParameterizedTest
    @CsvSource({ // offset in the block, bytes, value, field id; a later field is invalid too.
        " 16, 8,    0,  2",
        " 16, 8,   -1,  2",
        " 24, 8,    0,  3",
        " 24, 8,   -5,  3",
        " 32, 1,   64,  4",
        " 37, 1,    2,  6",
        " 38, 4,   -1,  7",
        " 62, 2, 10001, 11",
        " 64, 2, 10001, 12",
        " 66, 2, 10001, 13",
        " 96, 8,   -1, 18",
        "104, 8,    0, 19",
        "112, 8,    0, 20"
    })
    void shouldNameTheInvalidFieldOfAnAdmission(int offset, int length, long value, int fieldId) {
        byte[] bytes = Frames.admission();
        put(bytes, 112, 8, 0);
        put(bytes, offset, length, value);

        Frame frame = check(bytes);

        assertEquals(ReasonCode.FIELD_INVALID, frame.reason());
        assertEquals(fieldId, frame.fieldId());
    }

    @Test
    void shouldFindTheSharedFieldsOfAnOrderWhereAnAdmissionHasThem() {
        assertEquals(
                AdmissionRequestDecoder.exposureMicrosEncodingOffset(),
                OrderRequestDecoder.exposureMicrosEncodingOffset());
        assertEquals(AdmissionRequestDecoder.riskBpsEncodingOffset(), OrderRequestDecoder.riskBpsEncodingOffset());
        assertEquals(AdmissionRequestDecoder.exposureMicrosId(), OrderRequestDecoder.exposureMicrosId());
    }

    @ParameterizedTest
    @CsvSource({ // field: offset in the block, bytes, value, field id.
        "inputUnits,       38, 4, 1,    7",
        "outputUnits,      42, 4, 1,    8",
        "side,            108, 1, 3,   20",
        "orderType,       109, 1, 0,   21",
        "timeInForce,     110, 1, 2,   22",
        "quantity,        111, 8, 0,   23",
        "limitPrice,      119, 8, 0,   24",
        "stopPrice,       127, 8, 5,   25",
        "displayQuantity, 135, 8, 101, 26",
        "displayQuantity, 135, 8, -1,  26",
        "externalId,      159, 1, 10,  30",
        "externalId,      178, 1, 65,  30"
    })
    void shouldNameTheInvalidFieldOfAnOrder(String field, int offset, int length, long value, int fieldId) {
        byte[] bytes = Frames.order();
        put(bytes, offset, length, value);

        Frame frame = check(bytes);

        assertEquals(ReasonCode.FIELD_INVALID, frame.reason(), field);
        assertEquals(fieldId, frame.fieldId(), field);
        assertEquals(value, frame.value(), field);
    }

    @Test
    void shouldRefuseAStopOrderWithoutItsPrice() {
        byte[] bytes = Frames.order();
        put(bytes, OrderRequestDecoder.orderTypeEncodingOffset(), 1, 2);

        Frame frame = check(bytes);

        assertEquals(OrderRequestDecoder.stopPriceMicrosId(), frame.fieldId());
    }

    @Test
    void shouldRefuseTheExecutionIdThatMeansNone() {
        byte[] bytes = Frames.execution();
        put(bytes, ExecutionDecoder.executionIdEncodingOffset(), 8, ExecutionDecoder.executionIdNullValue());

        Frame frame = check(bytes);

        assertEquals(ReasonCode.FIELD_INVALID, frame.reason());
        assertEquals(ExecutionDecoder.executionIdId(), frame.fieldId());
    }

    @Test
    void shouldRefuseAnAccountWithoutNameOrWithControlCharacters() {
        byte[] unnamed = Arrays.copyOf(Frames.account(), BODY + AccountCommandDecoder.BLOCK_LENGTH + 2);
        put(unnamed, AccountCommandDecoder.BLOCK_LENGTH, 2, 0);
        byte[] strange = Frames.account();
        put(strange, AccountCommandDecoder.BLOCK_LENGTH + 2, 1, '\n');

        assertEquals(AccountCommandDecoder.nameId(), check(unnamed).fieldId());
        assertEquals(AccountCommandDecoder.nameId(), check(strange).fieldId());
    }

    @Test
    void shouldStillNumberAnOperatorCommandThatIsNotActedOn() {
        byte[] bytes = Frames.account();
        new MessageHeaderEncoder().wrap(new UnsafeBuffer(bytes), 0).templateId(ControlCommandDecoder.TEMPLATE_ID);
        put(bytes, 0, 8, 77);

        Frame frame = check(bytes);

        assertEquals(ReasonCode.NOT_SUPPORTED, frame.reason());
        assertTrue(frame.isNumbered());
        assertEquals(77, frame.sessionSequence());
        assertEquals(1, frame.clientRequestId());
    }

    /** Each run has its own seed; a seed that ever failed is to be added to a test of its own. */
    @Test
    void shouldAnswerAnyBytesWithoutAnException() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = mutated(random);

            Frame frame = assertDoesNotThrow(bytes, seed, i);

            assertNotNull(frame.reason());
        }
    }

    private Frame assertDoesNotThrow(byte[] bytes, long seed, int round) {
        try {
            return check(bytes);
        } catch (RuntimeException thrown) {
            throw new AssertionError("seed=" + seed + ", round=" + round + ", bytes=" + Arrays.toString(bytes), thrown);
        }
    }

    private static byte[] mutated(SplittableRandom random) {
        byte[] bytes = Frames.all().get(random.nextInt(12));
        int mutations = random.nextInt(4);
        for (int i = 0; i < mutations; i++) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return switch (random.nextInt(4)) {
            case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            case 1 -> Arrays.copyOf(bytes, bytes.length + random.nextInt(40));
            default -> bytes;
        };
    }

    /** The bytes stand in the middle of a buffer that ends with them: reading past their end would throw. */
    private Frame check(byte[] bytes) {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[24 + bytes.length]);
        buffer.putBytes(24, bytes);
        return check.check(buffer, 24, bytes.length);
    }

    private static void put(byte[] bytes, int offset, int length, long value) {
        UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        switch (length) {
            case 1 -> buffer.putByte(BODY + offset, (byte) value);
            case 2 -> buffer.putShort(BODY + offset, (short) value, ByteOrder.LITTLE_ENDIAN);
            case 4 -> buffer.putInt(BODY + offset, (int) value, ByteOrder.LITTLE_ENDIAN);
            default -> buffer.putLong(BODY + offset, value, ByteOrder.LITTLE_ENDIAN);
        }
    }
}
