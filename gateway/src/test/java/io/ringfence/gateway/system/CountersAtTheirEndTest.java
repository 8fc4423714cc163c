package io.ringfence.gateway.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.Ringfence;
import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.config.ConfigFault;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.frame.Frames;
import io.ringfence.gateway.replay.Replay;
import io.ringfence.gateway.server.RawClient;
import io.ringfence.schemas.AccountVerb;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.PeriodRollDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.SettleKind;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.TimeInForce;
import io.ringfence.schemas.Tristate;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Numbers that a client or an operator gives, each at its end: the next one of the same kind is taken, and so is everybody else's. */
@Tag("hostile")
@Tag("system")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CountersAtTheirEndTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long LAST = Long.MAX_VALUE;
    private static final long LAST_UNSIGNED = -2; // All ones stand for null.
    private static final long LAST_OF_32_BITS = 0xFFFF_FFFEL;
    private static final long QUANTITY = 4_000_000_000L;
    private static final long PRICE_MICROS = 25_000_000L;

    @TempDir
    Path directory;

    @Test
    void shouldServeOnAfterEachNumberOfAClientAtItsEnd() throws Exception {
        ServerFiles files = ServerFiles.write(directory, "compact", "memory");
        try (Ringfence ringfence = Ringfence.start(ServerConfig.read(files.config()))) {
            try (RingfenceClient client = files.connect(ServerFiles.CLIENT);
                    RingfenceClient operator = files.connect(ServerFiles.OPERATOR)) {
                long order = order(client, LAST_OF_32_BITS).decision().holdId();
                assertTrue(order(client, 1).isAdmitted(), "instrument");
                assertTrue(fill(client, order, LAST_UNSIGNED).isApplied(), "execution id");
                assertTrue(fill(client, order, 1).isApplied(), "a lower execution id");

                long endless = admission(client, LAST, LAST_UNSIGNED);
                long hold = admission(client, 1, 1);
                assertTrue(outcome(client, endless, LAST_OF_32_BITS).isApplied(), "revision");
                assertTrue(outcome(client, hold, 0).isApplied(), "revision of another decision");
                assertEquals(
                        ReasonCode.OUTCOME_TOO_EARLY, outcome(client, LAST, 0).reason());
                client.settle().holdId(endless).kind(SettleKind.RELEASE);
                assertTrue(client.ask(PATIENCE).isApplied(), "time to live");

                assertTrue(open(operator, LAST).isApplied(), "account");
                assertTrue(open(operator, 77).isApplied(), "a lower account");
            }
            numbersOfASession(ringfence);
            assertFalse(ringfence.hasEnded());
        }
        Replay.Report replayed = Replay.run(files.data());
        assertTrue(replayed.isOk(), replayed.firstDifference());
        assertEquals(replayed.liveStateDigest(), replayed.stateDigest());
    }

    /** Session numbers and replies read are refused at their ends; a period, which nothing acts on yet, is too. */
    private static void numbersOfASession(Ringfence ringfence) {
        try (RawClient client = new RawClient(ringfence.aeronDirectory(), ServerFiles.REQUEST_STREAM_ID)) {
            long requestId = client.logOn(ServerFiles.CLIENT).value() + 1;

            for (long end : new long[] {-1, LAST, Long.MIN_VALUE, 0}) {
                client.send(Frames.admission(), end, 0, requestId);
                assertEquals(ReasonCode.SESSION_SEQUENCE_GAP, client.next().reason());
            }
            client.send(Frames.admission(), 1, -1, requestId);
            assertEquals(ReasonCode.FIELD_INVALID, client.next().reason());
            client.send(Frames.admission(), 2, LAST, requestId);
            assertEquals(ReasonCode.FIELD_INVALID, client.next().reason());
            byte[] period = Frames.account();
            new UnsafeBuffer(period).putShort(2, (short) PeriodRollDecoder.TEMPLATE_ID, ByteOrder.LITTLE_ENDIAN);
            client.send(period, 3, 0, requestId);
            assertEquals(ReasonCode.NOT_SUPPORTED, client.next().reason());

            client.send(Frames.admission(), 4, client.replySequence(), requestId);
            RawClient.Reply taken = client.next();
            assertEquals(requestId, taken.clientRequestId());
            assertTrue(taken.value() > 0, "it took a sequence");
        }
    }

    @Test
    void shouldLeaveEpochsForLaterPolicies() throws IOException {
        long jump = 1L << 56;
        ServerFiles files = ServerFiles.write(directory, "compact", "memory");
        refuses(files, (1L << 61) + 1, "must be at most 2305843009213693952, ");
        serves(files, 7);
        refuses(files, LAST, "must be a whole number from 1 to 4611686018427387904");
        refuses(files, 7 + jump + 1, "must be at most 72057594037927943, ");
        serves(files, 7 + jump);
        serves(files, 8 + jump);
    }

    private void serves(ServerFiles files, long epoch) throws IOException {
        try (Ringfence ringfence = Ringfence.start(ServerConfig.read(withEpoch(files, epoch)))) {
            assertFalse(ringfence.hasEnded());
        }
    }

    private void refuses(ServerFiles files, long epoch, String rule) throws IOException {
        Path config = withEpoch(files, epoch);
        ConfigFault fault = assertThrows(
                ConfigFault.class,
                () -> Ringfence.start(ServerConfig.read(config)).close());

        assertTrue(fault.getMessage().contains("policy.epoch: " + rule), fault.getMessage());
    }

    /** The configuration, with the shipped policy under another epoch. */
    private Path withEpoch(ServerFiles files, long epoch) throws IOException {
        String config = Files.readString(files.config());
        Path shipped = Path.of(config.replaceAll("(?s).*policy: (\\S+).*", "$1"));
        String policy = Files.readString(shipped).replaceFirst("epoch: 1 ", "epoch: " + epoch + " ");
        Path edited = Files.writeString(directory.resolve("policy.yaml"), policy);
        return Files.writeString(
                directory.resolve("edited.yaml"), config.replace(shipped.toString(), edited.toString()));
    }

    private static Answer order(RingfenceClient client, long instrumentId) {
        client.order()
                .accountId(1)
                .useCase((short) 1)
                .instrumentId(instrumentId)
                .side(Side.BUY)
                .orderType(OrderType.LIMIT)
                .timeInForce(TimeInForce.DAY)
                .quantity(QUANTITY)
                .limitPriceMicros(PRICE_MICROS)
                .clientTimestampNs(LAST_UNSIGNED);
        return client.ask(PATIENCE);
    }

    private static Answer fill(RingfenceClient client, long order, long executionId) {
        client.execution()
                .holdId(order)
                .executionId(executionId)
                .kind(ExecutionKind.FILL)
                .quantity(1)
                .priceMicros(PRICE_MICROS)
                .leavesQuantity(1);
        return client.ask(PATIENCE);
    }

    private static long admission(RingfenceClient client, long timeToLiveNs, long episodeId) {
        client.admission()
                .accountId(1)
                .useCase((short) 1)
                .inputUnits(1_000)
                .businessValueMicros(5_000_000)
                .timeToLiveNs(timeToLiveNs)
                .episodeId(episodeId);
        Answer answer = client.ask(PATIENCE);
        assertTrue(answer.isAdmitted(), () -> answer.reason().name());
        return answer.decision().sequence();
    }

    private static Answer outcome(RingfenceClient client, long decision, long revision) {
        client.outcome()
                .decisionSequence(decision)
                .revision(revision)
                .disposition(Disposition.APPLIED)
                .success(Tristate.YES);
        return client.ask(PATIENCE);
    }

    private static Answer open(RingfenceClient operator, long accountId) {
        operator.account()
                .accountId(accountId)
                .verb(AccountVerb.OPEN)
                .amountMicros(1)
                .name("account-" + accountId);
        return operator.ask(PATIENCE);
    }
}
