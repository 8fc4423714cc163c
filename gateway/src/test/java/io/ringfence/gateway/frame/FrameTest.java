package io.ringfence.gateway.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.command.Command;
import io.ringfence.schemas.AccountCommandDecoder;
import io.ringfence.schemas.AccountLimit;
import io.ringfence.schemas.AccountVerb;
import io.ringfence.schemas.AdmissionRequestDecoder;
import io.ringfence.schemas.ApprovalDecoder;
import io.ringfence.schemas.ControlCommandDecoder;
import io.ringfence.schemas.EventRequestDecoder;
import io.ringfence.schemas.ExecutionDecoder;
import io.ringfence.schemas.HoldListRequestDecoder;
import io.ringfence.schemas.LearningCommandDecoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OrderRequestDecoder;
import io.ringfence.schemas.PeriodRollDecoder;
import io.ringfence.schemas.PrincipalRestartDecoder;
import io.ringfence.schemas.ProposalDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.ReferencePriceDecoder;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("hostile")
class FrameTest {
    private static final int BODY = MessageHeaderDecoder.ENCODED_LENGTH;

    private final Frame received = new Frame();

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
        "167,   1, 2, 9, SCHEMA_UNKNOWN,      2",
        "167, 999, 1, 2, VERSION_UNSUPPORTED, 2",
        "167, 999, 1, 0, VERSION_UNSUPPORTED, 0",
        "167, 999, 1, 1, NOT_SUPPORTED,     999",
        "167,  20, 1, 1, NOT_SUPPORTED,      20",
        "167,  61, 1, 1, NOT_SUPPORTED,      61",
        "167,   1, 1, 1, FRAME_MALFORMED,   174",
        "168,   1, 1, 1, NONE,                0"
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
    @CsvSource({ // Each field, with a value out of its range; a later field is invalid too.
        "clientRequestId,       0",
        "clientRequestId,      -1",
        "clientRequestId,      4611686018427387905",
        "clientRequestId,      9223372036854775807",
        "accountId,             0",
        "accountId,            -5",
        "useCase,              64",
        "substitution,          2",
        "inputUnits,           -1",
        "riskBps,           10001",
        "confidenceBps,     10001",
        "minimumQualityBps, 10001",
        "exposureMicros,       -1",
        "timeToLiveNs,          0",
        "parentSequence,        0"
    })
    void shouldNameTheInvalidFieldOfAnAdmission(String field, long value) throws ReflectiveOperationException {
        byte[] bytes = Frames.admission();
        put(bytes, AdmissionRequestDecoder.class, "parentSequence", 0);
        put(bytes, AdmissionRequestDecoder.class, field, value);

        Frame frame = check(bytes);

        assertEquals(ReasonCode.FIELD_INVALID, frame.reason());
        assertEquals(idOf(AdmissionRequestDecoder.class, field), frame.fieldId());
    }

    @ParameterizedTest
    @CsvSource({ // entry length, count, entries behind it; result, field id, value
        "4,  0,  0, NONE,             0,   0",
        "4, 16, 16, NONE,             0,   0",
        "4, 17, 17, FIELD_INVALID,   24,  17",
        "4,  1,  2, FRAME_MALFORMED,  0,  10",
        "4,  3,  2, FRAME_MALFORMED,  0,  10",
        "8,  1,  2, FRAME_MALFORMED,  0,  10"
    })
    void shouldTakeAtMostSixteenFeatures(
            int entryLength, int count, int entries, ReasonCode reason, int fieldId, long value) {
        int size = AdmissionRequestDecoder.BLOCK_LENGTH;
        byte[] bytes = Arrays.copyOf(Frames.admission(), BODY + size + 2 + 4 * entries);
        put(bytes, size, 1, entryLength);
        put(bytes, size + 1, 1, count);

        Frame frame = check(bytes);

        assertEquals(reason, frame.reason());
        assertEquals(fieldId, frame.fieldId());
        assertEquals(value, frame.value());
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
    @CsvSource({ // Of a sale of 100 at a limit of 1: field, value, result.
        "inputUnits,            1, FIELD_INVALID",
        "outputUnits,           1, FIELD_INVALID",
        "side,                  3, FIELD_INVALID",
        "orderType,             0, FIELD_INVALID",
        "orderType,             3, NOT_SUPPORTED",
        "orderType,             4, NOT_SUPPORTED",
        "orderType,             5, NOT_SUPPORTED",
        "orderType,             6, FIELD_INVALID",
        "timeInForce,           2, FIELD_INVALID",
        "quantity,              0, FIELD_INVALID",
        "limitPriceMicros,      0, FIELD_INVALID",
        "limitPriceMicros, -9223372036854775808, FIELD_INVALID",
        "stopPriceMicros,       5, FIELD_INVALID",
        "displayQuantity,     101, FIELD_INVALID",
        "displayQuantity,      -1, FIELD_INVALID",
        "basketId,              0, FIELD_INVALID",
        "basketId,              1, NOT_SUPPORTED",
        "basketId,             -2, NOT_SUPPORTED",
        "flags,                 1, NOT_SUPPORTED",
        "flags,                 2, NOT_SUPPORTED",
        "flags,                 6, NOT_SUPPORTED",
        "flags,                12, FIELD_INVALID",
        "flags,                16, FIELD_INVALID"
    })
    void shouldNameTheFieldOfAnOrderThatIsInvalidOrNotActedOn(String field, long value, ReasonCode reason)
            throws ReflectiveOperationException {
        byte[] bytes = Frames.order();
        put(bytes, OrderRequestDecoder.class, field, value);

        Frame frame = check(bytes);

        assertEquals(reason, frame.reason());
        assertEquals(idOf(OrderRequestDecoder.class, field), frame.fieldId());
        assertEquals(value, frame.value());
    }

    @ParameterizedTest
    @CsvSource({ // side, type, stop price, flags, strategy: 4 and 8 mark a short sale.
        "2, 1, -9223372036854775808, 4, 7, NONE",
        "2, 2,                    5, 8, 7, NONE",
        "1, 1, -9223372036854775808, 0, 7, NONE",
        "1, 1, -9223372036854775808, 4, 0, FIELD_INVALID",
        "1, 1, -9223372036854775808, 8, 0, FIELD_INVALID"
    })
    void shouldTakeAShortSaleThatIsASale(
            int side, int type, long stopPrice, int flags, long strategyId, ReasonCode reason)
            throws ReflectiveOperationException {
        byte[] bytes = Frames.order();
        put(bytes, OrderRequestDecoder.class, "side", side);
        put(bytes, OrderRequestDecoder.class, "orderType", type);
        put(bytes, OrderRequestDecoder.class, "stopPriceMicros", stopPrice);
        put(bytes, OrderRequestDecoder.class, "flags", flags);
        put(bytes, OrderRequestDecoder.class, "strategyId", strategyId);

        assertEquals(reason, check(bytes).reason());
    }

    @ParameterizedTest
    @CsvSource({"0, 10", "19, 65"})
    void shouldRefuseAnExternalIdThatIsNotPrintableOrGoesOnBehindItsEnd(int index, int character) {
        byte[] bytes = Frames.order();
        put(bytes, OrderRequestDecoder.externalIdEncodingOffset() + index, 1, character);

        Frame frame = check(bytes);

        assertEquals(ReasonCode.FIELD_INVALID, frame.reason());
        assertEquals(OrderRequestDecoder.externalIdId(), frame.fieldId());
        assertEquals(character, frame.value());
    }

    @ParameterizedTest
    @CsvSource({ // The last of each field's values is its null.
        "termsSequence,      0, FIELD_INVALID",
        "termsSequence,      1, NONE",
        "termsSequence,     -1, NONE",
        "accountId,          0, FIELD_INVALID",
        "accountId,         -2, FIELD_INVALID",
        "accountId,         -1, NONE",
        "orderQuantity,     -1, FIELD_INVALID",
        "orderQuantity,      5, NONE",
        "cumulativeQuantity, -1, FIELD_INVALID",
        "cumulativeQuantity, -9223372036854775808, NONE",
        "leavesQuantity, -9223372036854775808, FIELD_INVALID",
        "instrumentId,       0, NONE",
        "side,               0, FIELD_INVALID",
        "side,               3, FIELD_INVALID",
        "side,             255, NONE"
    })
    void shouldTakeWhatTheVenueSaysOrNameTheInvalidField(String field, long value, ReasonCode reason)
            throws ReflectiveOperationException {
        byte[] bytes = Frames.execution();
        put(bytes, ExecutionDecoder.class, field, value);

        Frame frame = check(bytes);

        assertEquals(reason, frame.reason());
        assertEquals(reason == ReasonCode.NONE ? 0 : idOf(ExecutionDecoder.class, field), frame.fieldId());
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

    @ParameterizedTest
    @EnumSource(
            value = AccountVerb.class,
            names = {"TOP_UP", "SET_CAP", "CLOSE", "SET_LIMIT"})
    void shouldRefuseAChangeOfAnAccountWithoutAReason(AccountVerb verb) {
        byte[] silent = Arrays.copyOf(Frames.account(), BODY + AccountCommandDecoder.BLOCK_LENGTH + Short.BYTES);
        put(silent, AccountCommandDecoder.BLOCK_LENGTH, Short.BYTES, 0);
        put(silent, AccountCommandDecoder.verbEncodingOffset(), 1, verb.value());
        put(silent, AccountCommandDecoder.amountMicrosEncodingOffset(), 8, verb == AccountVerb.TOP_UP ? 1 : 0);
        put(
                silent,
                AccountCommandDecoder.parentAccountIdEncodingOffset(),
                8,
                AccountCommandDecoder.parentAccountIdNullValue());
        put(
                silent,
                AccountCommandDecoder.limitKindEncodingOffset(),
                1,
                verb == AccountVerb.SET_LIMIT ? AccountLimit.MAX_BUY_QUANTITY.value() : 0);

        assertEquals(AccountCommandDecoder.nameId(), check(silent).fieldId());
    }

    @Test
    void shouldRefuseANewBeginningOfNobodyOrWithoutAWord() {
        byte[] ofNobody = Frames.principalRestart();
        put(ofNobody, PrincipalRestartDecoder.principalIdEncodingOffset(), 4, 0);
        byte[] beyond = Frames.principalRestart();
        put(beyond, PrincipalRestartDecoder.principalIdEncodingOffset(), 4, -1);
        byte[] wordless =
                Arrays.copyOf(Frames.principalRestart(), BODY + PrincipalRestartDecoder.BLOCK_LENGTH + Short.BYTES);
        put(wordless, PrincipalRestartDecoder.BLOCK_LENGTH, 2, 0);

        assertEquals(PrincipalRestartDecoder.principalIdId(), check(ofNobody).fieldId());
        assertEquals(PrincipalRestartDecoder.principalIdId(), check(beyond).fieldId());
        assertEquals(PrincipalRestartDecoder.justificationId(), check(wordless).fieldId());
    }

    @ParameterizedTest
    @CsvSource({ // verb, use case, regime, tier, candidate; the field that is wrong
        "1, 1,   255, 255, -1, 0",
        "2, 255, 255, 255, -1, 0",
        "3, 63,  255, 255, -1, 0",
        "4, 1,   7,   7,   -1, 0",
        "4, 1,   7,   255, 9,  0",
        "0, 1,   255, 255, -1, verb",
        "5, 1,   255, 255, -1, verb",
        "1, 64,  255, 255, -1, useCase",
        "4, 255, 1,   1,   -1, useCase",
        "1, 1,   1,   255, -1, regime",
        "4, 1,   8,   1,   -1, regime",
        "4, 1,   255, 1,   -1, regime",
        "1, 1,   255, 1,   -1, tier",
        "4, 1,   1,   8,   -1, tier",
        "4, 1,   1,   255, -1, tier",
        "4, 1,   1,   1,   9,  tier",
        "1, 1,   255, 255, 9,  candidateId",
        "4, 1,   1,   255, 0,  candidateId",
    })
    void shouldRefuseALearningCommandThatNamesWhatItsVerbDoesNot(
            int verb, int useCase, int regime, int tier, int candidate, String wrong)
            throws ReflectiveOperationException {
        byte[] bytes = Frames.learning();
        put(bytes, LearningCommandDecoder.verbEncodingOffset(), 1, verb);
        put(bytes, LearningCommandDecoder.useCaseEncodingOffset(), 1, useCase);
        put(bytes, LearningCommandDecoder.regimeEncodingOffset(), 1, regime);
        put(bytes, LearningCommandDecoder.tierEncodingOffset(), 1, tier);
        put(bytes, LearningCommandDecoder.candidateIdEncodingOffset(), 4, candidate);

        Frame frame = check(bytes);

        assertEquals(wrong.equals("0") ? 0 : idOf(LearningCommandDecoder.class, wrong), frame.fieldId());
        assertEquals(wrong.equals("0") ? ReasonCode.NONE : ReasonCode.FIELD_INVALID, frame.reason());
    }

    @Test
    void shouldRefuseACapThatIsNegativeOrOfNoNewAccount() {
        byte[] negative = Frames.account();
        put(negative, AccountCommandDecoder.capMicrosEncodingOffset(), 8, -1);
        byte[] ofAnother = Frames.account();
        put(ofAnother, AccountCommandDecoder.verbEncodingOffset(), 1, AccountVerb.TOP_UP.value());
        put(ofAnother, AccountCommandDecoder.capMicrosEncodingOffset(), 8, 1);

        assertEquals(AccountCommandDecoder.capMicrosId(), check(negative).fieldId());
        assertEquals(AccountCommandDecoder.capMicrosId(), check(ofAnother).fieldId());
    }

    @ParameterizedTest
    @CsvSource({ // verb, parent, amount, limit kind, limit value (-1: null), field refused: 0 for none
        "OPEN,      7, 1, 0, -1, 0",
        "OPEN,      1, 1, 0, -1, 4",
        "TOP_UP,    7, 1, 0, -1, 4",
        "OPEN,      7, 1, 1, -1, 9",
        "OPEN,      7, 1, 0,  5, 10",
        "SET_LIMIT, 0, 0, 1,  0, 0",
        "SET_LIMIT, 0, 0, 3, -1, 0",
        "SET_LIMIT, 0, 0, 0,  5, 9",
        "SET_LIMIT, 0, 0, 4,  5, 9",
        "SET_LIMIT, 0, 0, 1, -2, 10",
        "SET_LIMIT, 0, 1, 1,  5, 5",
        "SET_LIMIT, 7, 0, 1,  5, 4"
    })
    void shouldTakeParentAndLimitWithTheirVerbsOnly(
            AccountVerb verb, long parent, long amount, int kind, long value, int fieldId) {
        byte[] bytes = Frames.account();
        put(bytes, AccountCommandDecoder.verbEncodingOffset(), 1, verb.value());
        put(bytes, AccountCommandDecoder.amountMicrosEncodingOffset(), 8, amount);
        put(
                bytes,
                AccountCommandDecoder.parentAccountIdEncodingOffset(),
                8,
                parent == 0 ? AccountCommandDecoder.parentAccountIdNullValue() : parent);
        put(bytes, AccountCommandDecoder.limitKindEncodingOffset(), 1, kind);
        put(
                bytes,
                AccountCommandDecoder.limitValueEncodingOffset(),
                8,
                value == -1 ? AccountCommandDecoder.limitValueNullValue() : value);

        assertEquals(fieldId, check(bytes).fieldId());
        assertEquals(
                fieldId == 0 ? ReasonCode.NONE : ReasonCode.FIELD_INVALID,
                check(bytes).reason());
    }

    @ParameterizedTest
    @CsvSource({"USD, 0", "USDT1, 0", "ABCDEFGH, 0", "usd, 8", "U D, 8", "U-D, 8"})
    void shouldTakeCodesOfCurrenciesOnly(String currency, int fieldId) {
        byte[] bytes = Frames.account();
        byte[] code = currency.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(code, 0, bytes, BODY + AccountCommandDecoder.currencyEncodingOffset(), code.length);

        assertEquals(fieldId, check(bytes).fieldId());

        put(bytes, AccountCommandDecoder.verbEncodingOffset(), 1, AccountVerb.TOP_UP.value());
        assertEquals(AccountCommandDecoder.currencyId(), check(bytes).fieldId());
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                ReferencePriceDecoder.TEMPLATE_ID,
                PeriodRollDecoder.TEMPLATE_ID,
                ControlCommandDecoder.TEMPLATE_ID,
                ApprovalDecoder.TEMPLATE_ID,
                ProposalDecoder.TEMPLATE_ID,
                HoldListRequestDecoder.TEMPLATE_ID,
                EventRequestDecoder.TEMPLATE_ID
            })
    void shouldStillNumberAMessageOfAKindThatIsNotActedOn(int templateId) {
        byte[] bytes = Frames.account();
        new MessageHeaderEncoder().wrap(new UnsafeBuffer(bytes), 0).templateId(templateId);
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

    /** What an earlier message has left behind the bytes must not change what is found. */
    private Frame check(byte[] bytes) {
        Frame other = new Frame().check(loaded(bytes, 0x00));
        Frame frame = received.check(loaded(bytes, 0xA5));
        assertEquals(text(other), text(frame), "what stands behind the frame was read");
        return frame;
    }

    private static Command loaded(byte[] bytes, int leftBehind) {
        Command command = new Command();
        Arrays.fill(command.bytes(), (byte) leftBehind);
        command.load(new UnsafeBuffer(bytes), 0, bytes.length);
        return command;
    }

    private static String text(Frame frame) {
        return frame.reason() + " " + frame.templateId() + " " + frame.type() + " " + frame.fieldId() + " "
                + frame.value()
                + " " + frame.isNumbered() + " " + frame.sessionSequence() + " " + frame.highestReplyRead() + " "
                + frame.clientRequestId();
    }

    private static void put(byte[] bytes, Class<?> decoder, String field, long value)
            throws ReflectiveOperationException {
        put(bytes, number(decoder, field + "EncodingOffset"), number(decoder, field + "EncodingLength"), value);
    }

    private static int idOf(Class<?> decoder, String field) throws ReflectiveOperationException {
        return number(decoder, field + "Id");
    }

    private static int number(Class<?> decoder, String method) throws ReflectiveOperationException {
        return (int) decoder.getMethod(method).invoke(null);
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
