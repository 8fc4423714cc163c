package io.ringfence.gateway.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.Ringfence;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.counters.CountersView;
import io.ringfence.gateway.counters.EngineCounter;
import io.ringfence.gateway.frame.Frames;
import io.ringfence.gateway.server.RawClient;
import io.ringfence.gateway.server.RawClient.Reply;
import io.ringfence.journal.read.JournalProver;
import io.ringfence.schemas.AccountCommandDecoder;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.AdmissionRequestDecoder;
import io.ringfence.schemas.ApprovalDecoder;
import io.ringfence.schemas.EventRequestDecoder;
import io.ringfence.schemas.ExecutionDecoder;
import io.ringfence.schemas.HoldListRequestDecoder;
import io.ringfence.schemas.InstrumentCommandDecoder;
import io.ringfence.schemas.KeyChangeDecoder;
import io.ringfence.schemas.LogonDecoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OrderRequestDecoder;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.OutcomeReportDecoder;
import io.ringfence.schemas.PolicyPartDecoder;
import io.ringfence.schemas.ProposalDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RefusedDecoder;
import io.ringfence.schemas.SettleDecoder;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a client sends, the server says what is wrong with it, counts it, journals none of it and serves on. */
@Tag("hostile")
@Tag("system")
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class BadInputTest {
    private static final int BODY = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int LENGTH_MAX = 512;

    private final Map<ReasonCode, Long> expectedCounts = new EnumMap<>(ReasonCode.class);

    @TempDir
    Path directory;

    private ServerFiles files;
    private Ringfence ringfence;
    private RawClient client;
    private long sessionSequence;
    private long requestId;
    private long takenCount;

    @BeforeEach
    void serve() {
        files = ServerFiles.write(directory, "compact", "memory");
        ringfence = Ringfence.start(ServerConfig.read(files.config()));
        client = new RawClient(ringfence.aeronDirectory(), ServerFiles.REQUEST_STREAM_ID);
    }

    @AfterEach
    void stop() {
        client.close();
        ringfence.close();
    }

    @Test
    void shouldRefuseHalfFrames() throws IOException {
        client.logOn(ServerFiles.CLIENT);
        for (byte[] whole : Frames.all()) {
            int block = Short.toUnsignedInt(new UnsafeBuffer(whole).getShort(0, ByteOrder.LITTLE_ENDIAN));
            for (int length : new int[] {0, 1, BODY - 1, BODY, BODY + block / 2, BODY + block - 1}) {
                refuses(
                        Arrays.copyOf(whole, length),
                        ReasonCode.FRAME_MALFORMED,
                        0,
                        length < BODY ? length : length - BODY);
            }
        }
        byte[] account = Frames.account();
        int behindBlock = account.length - 1 - BODY - AccountCommandDecoder.BLOCK_LENGTH;
        refusesNumbered(Arrays.copyOf(account, account.length - 1), ReasonCode.FRAME_MALFORMED, 0, behindBlock);

        assertServesOn();
    }

    @Test
    void shouldRefuseOtherSchemasVersionsAndKinds() throws IOException {
        client.logOn(ServerFiles.CLIENT);

        refuses(withHeader(1, 2, 1), ReasonCode.SCHEMA_UNKNOWN, 0, 2);
        refuses(withHeader(1, 0xFFFF, 1), ReasonCode.SCHEMA_UNKNOWN, 0, 0xFFFF);
        refuses(withHeader(1, 1, 0), ReasonCode.VERSION_UNSUPPORTED, 0, 0);
        refuses(withHeader(1, 1, 2), ReasonCode.VERSION_UNSUPPORTED, 0, 2);
        for (int templateId : new int[] {
            0,
            8,
            AdmissionDecisionDecoder.TEMPLATE_ID,
            RefusedDecoder.TEMPLATE_ID,
            PolicyPartDecoder.TEMPLATE_ID,
            KeyChangeDecoder.TEMPLATE_ID,
            80,
            0xFFFF
        }) {
            refuses(withHeader(templateId, 1, 1), ReasonCode.NOT_SUPPORTED, 0, templateId);
        }
        for (int templateId = InstrumentCommandDecoder.TEMPLATE_ID;
                templateId <= ApprovalDecoder.TEMPLATE_ID;
                templateId++) {
            refusesNumbered(withHeader(templateId, 1, 1), ReasonCode.NOT_SUPPORTED, 0, templateId);
        }
        for (int templateId : new int[] {
            HoldListRequestDecoder.TEMPLATE_ID, EventRequestDecoder.TEMPLATE_ID, ProposalDecoder.TEMPLATE_ID
        }) {
            refusesNumbered(withHeader(templateId, 1, 1), ReasonCode.NOT_SUPPORTED, 0, templateId);
        }
        assertServesOn();
    }

    @Test
    void shouldNameTheFieldWhoseValueItDoesNotActOn() throws IOException {
        client.logOn(ServerFiles.CLIENT);
        for (OrderType type : new OrderType[] {OrderType.MARKET, OrderType.STOP, OrderType.PEGGED}) {
            notActedOn(OrderRequestDecoder.orderTypeEncodingOffset(), type.value(), OrderRequestDecoder.orderTypeId());
        }
        for (int flags : new int[] {1, 2, 5}) { // Reduce only; close the position; reduce only, marked short.
            notActedOn(OrderRequestDecoder.flagsEncodingOffset(), flags, OrderRequestDecoder.flagsId());
        }
        byte[] ofABasket = Frames.order();
        new UnsafeBuffer(ofABasket)
                .putLong(BODY + OrderRequestDecoder.basketIdEncodingOffset(), 12, ByteOrder.LITTLE_ENDIAN);
        refusesNumbered(ofABasket, ReasonCode.NOT_SUPPORTED, OrderRequestDecoder.basketIdId(), 12);
        byte[] unbounded = Frames.order();
        new UnsafeBuffer(unbounded)
                .putLong(
                        BODY + OrderRequestDecoder.limitPriceMicrosEncodingOffset(),
                        OrderRequestDecoder.limitPriceMicrosNullValue(),
                        ByteOrder.LITTLE_ENDIAN);
        refusesNumbered(
                unbounded,
                ReasonCode.FIELD_INVALID,
                OrderRequestDecoder.limitPriceMicrosId(),
                OrderRequestDecoder.limitPriceMicrosNullValue());
        byte[] seventeen = Arrays.copyOf(Frames.admission(), BODY + AdmissionRequestDecoder.BLOCK_LENGTH + 2 + 17 * 4);
        seventeen[BODY + AdmissionRequestDecoder.BLOCK_LENGTH + 1] = 17;
        refusesNumbered(seventeen, ReasonCode.FIELD_INVALID, (int) AdmissionRequestDecoder.featuresDecoderId(), 17);

        assertServesOn();
    }

    @Test
    void shouldRefuseFramesThatAreTooLong() throws IOException {
        client.logOn(ServerFiles.CLIENT);
        byte[] longest = Arrays.copyOf(Frames.order(), LENGTH_MAX);
        int behindBlock = LENGTH_MAX - BODY - OrderRequestDecoder.BLOCK_LENGTH;
        refusesNumbered(longest, ReasonCode.FRAME_MALFORMED, 0, behindBlock);
        for (byte[] frame : Frames.all()) {
            if (!isLogon(frame)) {
                for (int length : new int[] {LENGTH_MAX + 1, 1_000}) {
                    refusesNumbered(Arrays.copyOf(frame, length), ReasonCode.FRAME_MALFORMED, 0, length);
                }
            }
        }
        refuses(Arrays.copyOf(Frames.logon(), LENGTH_MAX + 1), ReasonCode.FRAME_MALFORMED, 0, LENGTH_MAX + 1);
        refusesNumbered(accountNamed(129), ReasonCode.FIELD_INVALID, AccountCommandDecoder.nameId(), 129);
        refusesNumbered(accountNamed(700), ReasonCode.FRAME_MALFORMED, 0, accountNamed(700).length);
        refusesNumbered(accountNamed(128), ReasonCode.NOT_ALLOWED, 0, 0);

        client.send(Arrays.copyOf(Frames.order(), 5_000)); // More than one fragment: each piece is refused.
        sendSound();
        Reply reply = client.next();
        while (reply.templateId() == RefusedDecoder.TEMPLATE_ID) {
            assertEquals(ReasonCode.FRAME_MALFORMED, reply.reason());
            expectedCounts.merge(ReasonCode.FRAME_MALFORMED, 1L, Long::sum);
            reply = client.next();
        }
        assertTaken(reply);
        assertServesOn();
    }

    @Test
    void shouldNameTheFieldThatIsOutOfRange() throws IOException {
        client.logOn(ServerFiles.CLIENT);
        invalid(
                Frames.admission(),
                AdmissionRequestDecoder.useCaseEncodingOffset(),
                64,
                AdmissionRequestDecoder.useCaseId());
        invalid(
                Frames.admission(),
                AdmissionRequestDecoder.substitutionEncodingOffset(),
                9,
                AdmissionRequestDecoder.substitutionId());
        invalid(Frames.order(), OrderRequestDecoder.sideEncodingOffset(), 0, OrderRequestDecoder.sideId());
        invalid(Frames.order(), OrderRequestDecoder.sideEncodingOffset(), 3, OrderRequestDecoder.sideId());
        invalid(Frames.order(), OrderRequestDecoder.orderTypeEncodingOffset(), 77, OrderRequestDecoder.orderTypeId());
        invalid(
                Frames.order(),
                OrderRequestDecoder.timeInForceEncodingOffset(),
                2,
                OrderRequestDecoder.timeInForceId());
        invalid(Frames.execution(), ExecutionDecoder.kindEncodingOffset(), 0, ExecutionDecoder.kindId());
        invalid(Frames.execution(), ExecutionDecoder.kindEncodingOffset(), 9, ExecutionDecoder.kindId());
        invalid(Frames.settle(), SettleDecoder.kindEncodingOffset(), 4, SettleDecoder.kindId());
        invalid(
                Frames.outcome(),
                OutcomeReportDecoder.dispositionEncodingOffset(),
                3,
                OutcomeReportDecoder.dispositionId());
        invalid(Frames.outcome(), OutcomeReportDecoder.successEncodingOffset(), 3, OutcomeReportDecoder.successId());
        invalid(Frames.outcome(), OutcomeReportDecoder.followUpEncodingOffset(), 3, OutcomeReportDecoder.followUpId());
        invalid(Frames.account(), AccountCommandDecoder.verbEncodingOffset(), 0, AccountCommandDecoder.verbId());
        invalid(Frames.account(), AccountCommandDecoder.verbEncodingOffset(), 99, AccountCommandDecoder.verbId());

        assertServesOn();
    }

    @Test
    void shouldCountWhatComesFromNobodyAndStayAsItIs() throws IOException {
        Frames.all().forEach(frame -> {
            if (!isLogon(frame)) {
                client.send(frame);
            }
        });
        expectedCounts.put(ReasonCode.NOT_LOGGED_ON, Frames.all().size() - 1L);
        Reply welcome = client.logOn(77);
        assertEquals(ReasonCode.PRINCIPAL_UNKNOWN, welcome.reason());
        expectedCounts.put(ReasonCode.PRINCIPAL_UNKNOWN, 1L);

        assertEquals(ReasonCode.NONE, client.logOn(ServerFiles.CLIENT).reason());
        assertServesOn();
    }

    @Test
    void shouldServeOnUnderRandomBytes() throws IOException {
        long seed = System.nanoTime();
        System.out.println("seed=" + seed);
        SplittableRandom random = new SplittableRandom(seed);
        client.logOn(ServerFiles.CLIENT);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[random.nextInt(700)];
            random.nextBytes(bytes);
            client.send(bytes);
            assertEquals(RefusedDecoder.TEMPLATE_ID, client.next().templateId());
            if (i % 100 == 0) {
                sendSound();
                assertTaken(client.next());
            }
        }

        assertFalse(ringfence.hasEnded());
        assertEquals(takenCount, requestsJournaled());
    }

    @Test
    void shouldAnswerUnknownAccountsAndUseCasesWithARejection() throws IOException {
        client.logOn(ServerFiles.CLIENT);

        byte[] unknownAccount = Frames.admission();
        new UnsafeBuffer(unknownAccount)
                .putLong(BODY + AdmissionRequestDecoder.accountIdEncodingOffset(), 4_711, ByteOrder.LITTLE_ENDIAN);
        assertEquals(ReasonCode.ACCOUNT_UNKNOWN, ask(unknownAccount));
        byte[] unknownUseCase = Frames.admission();
        unknownUseCase[BODY + AdmissionRequestDecoder.useCaseEncodingOffset()] = 63;
        assertEquals(ReasonCode.USE_CASE_UNKNOWN, ask(unknownUseCase));

        assertServesOn();
    }

    private void invalid(byte[] frame, int fieldOffset, int value, int fieldId) {
        frame[BODY + fieldOffset] = (byte) value;
        refusesNumbered(frame, ReasonCode.FIELD_INVALID, fieldId, value);
    }

    private void notActedOn(int fieldOffset, int value, int fieldId) {
        byte[] order = Frames.order();
        order[BODY + fieldOffset] = (byte) value;
        refusesNumbered(order, ReasonCode.NOT_SUPPORTED, fieldId, value);
    }

    /** Sends what does not use up a number of the session. */
    private void refuses(byte[] frame, ReasonCode reason, int fieldId, long value) {
        client.send(frame);
        assertRefused(reason, fieldId, value);
    }

    /** Sends a message of the session, so whole that it uses up a number. */
    private void refusesNumbered(byte[] frame, ReasonCode reason, int fieldId, long value) {
        client.send(frame, ++sessionSequence, client.replySequence(), ++requestId);
        assertRefused(reason, fieldId, value);
    }

    private void assertRefused(ReasonCode reason, int fieldId, long value) {
        Reply reply = client.next();
        assertEquals(RefusedDecoder.TEMPLATE_ID, reply.templateId());
        assertEquals(reason, reply.reason());
        assertEquals(fieldId, reply.fieldId());
        assertEquals(value, reply.value());
        expectedCounts.merge(reason, 1L, Long::sum);
    }

    private ReasonCode ask(byte[] frame) {
        client.send(frame, ++sessionSequence, client.replySequence(), ++requestId);
        Reply reply = client.next();
        assertTaken(reply);
        return reply.reason();
    }

    private void sendSound() {
        client.send(Frames.order(), ++sessionSequence, client.replySequence(), ++requestId);
    }

    private void assertTaken(Reply reply) {
        assertEquals(AdmissionDecisionDecoder.TEMPLATE_ID, reply.templateId());
        assertEquals(requestId, reply.clientRequestId());
        takenCount++;
    }

    /** A sound request is answered, each refusal was counted under its reason, and none of them is in the journal. */
    private void assertServesOn() throws IOException {
        sendSound();
        assertTaken(client.next());
        assertFalse(ringfence.hasEnded());
        try (CountersView counters = CountersView.open(files.counters())) {
            expectedCounts.forEach(
                    (reason, count) -> assertEquals(count, counters.reasons().get(reason), reason::name));
            assertEquals(
                    expectedCounts.values().stream().mapToLong(Long::longValue).sum(),
                    counters.engine().get(EngineCounter.REFUSED));
        }
        assertEquals(takenCount, requestsJournaled());
    }

    private long requestsJournaled() {
        ringfence.close();
        assertTrue(JournalProver.verify(files.data()).isOk());
        return JournalContents.read(files.data()).requestCount();
    }

    private static byte[] withHeader(int templateId, int schemaId, int version) {
        byte[] frame = Frames.admission();
        new MessageHeaderEncoder()
                .wrap(new UnsafeBuffer(frame), 0)
                .templateId(templateId)
                .schemaId(schemaId)
                .version(version);
        return frame;
    }

    private static byte[] accountNamed(int length) {
        int nameOffset = BODY + AccountCommandDecoder.BLOCK_LENGTH;
        byte[] frame = Arrays.copyOf(Frames.account(), nameOffset + Short.BYTES + length);
        new UnsafeBuffer(frame).putShort(nameOffset, (short) length, ByteOrder.LITTLE_ENDIAN);
        Arrays.fill(frame, nameOffset + Short.BYTES, frame.length, (byte) 'a');
        return frame;
    }

    private static boolean isLogon(byte[] frame) {
        return new MessageHeaderDecoder().wrap(new UnsafeBuffer(frame), 0).templateId() == LogonDecoder.TEMPLATE_ID;
    }
}
