package io.ringfence.gateway.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.rights.Rights;
import io.ringfence.gateway.Ringfence;
import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.replay.Replay;
import io.ringfence.journal.JournalDirectory;
import io.ringfence.journal.JournalWriter;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.journal.record.RecordView;
import io.ringfence.schemas.AccountVerb;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.Durability;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.TimeInForce;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The first start of a journal may end after any of its records; the next one finishes what was begun. */
@Tag("system")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class StartCutShortTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long CAPPED_ACCOUNT = 2;
    private static final long LIMITED_ACCOUNT = 4; // Its limit lies between the two quantities below.
    private static final long FUNDED_LATER = 5;
    private static final long PRICE_MICROS = 25_000_000;
    private static final long BELOW_CAP = 7_000_000_000L;
    private static final long ABOVE_CAP = 9_000_000_000L;

    @TempDir
    Path directory;

    @Test
    void shouldFinishWhatAStartHadBegunThatEndedAfterAnyOfItsRecords() throws IOException {
        ServerFiles files = ServerFiles.write(directory, "compact", "memory");
        Files.writeString(files.config().resolveSibling("accounts.yaml"), """
                accounts:
                  - {id: 2, name: capped, granted: 900000, cap: 2000}
                  - {id: 4, name: limited, granted: 900000, max_buy_quantity: 80}
                  - {id: 5, name: funded later, granted: 0, max_buy_quantity: 80}
                """);
        List<Rights.Entry> rights;
        try (Ringfence first = Ringfence.start(ServerConfig.read(files.config()))) {
            rights = first.rights();
        }
        Path whole = directory.resolve("whole");
        Files.move(files.data(), whole);
        long bootRecords = recordsBeforeTheLastSnapshot(whole);

        for (long cut = 1; cut <= bootRecords; cut++) {
            copy(whole, files.data(), cut);
            try (Ringfence ringfence = Ringfence.start(ServerConfig.read(files.config()));
                    RingfenceClient client = files.connect(ServerFiles.CLIENT);
                    RingfenceClient operator = files.connect(ServerFiles.OPERATOR)) {
                assertEquals(ReasonCode.EXPOSURE_LIMIT, order(client, ABOVE_CAP).reason(), "cut=" + cut);
                assertTrue(order(client, BELOW_CAP).isAdmitted(), "cut=" + cut);
                assertEquals(
                        ReasonCode.ORDER_QUANTITY_LIMIT,
                        order(client, LIMITED_ACCOUNT, ABOVE_CAP).reason(),
                        "cut=" + cut);
                assertTrue(order(client, LIMITED_ACCOUNT, BELOW_CAP).isAdmitted(), "cut=" + cut);
                topUp(operator, FUNDED_LATER);
                assertEquals(
                        ReasonCode.ORDER_QUANTITY_LIMIT,
                        order(client, FUNDED_LATER, ABOVE_CAP).reason(),
                        "cut=" + cut);
                assertTrue(order(client, FUNDED_LATER, BELOW_CAP).isAdmitted(), "cut=" + cut);
                assertEquals(rights, ringfence.rights(), "cut=" + cut);
                assertEquals(List.of(), ringfence.rightsDifferences(), "cut=" + cut);
                assertFalse(ringfence.hasEnded());
            }
            assertTrue(Replay.run(files.data()).isOk(), "cut=" + cut);
            Files.move(files.data(), directory.resolve("cut-" + cut));
        }
    }

    @Test
    void shouldTakeAPolicyOfALowerEpochWhereOnlyPartsOfAHigherOneCame() throws IOException {
        ServerFiles files = ServerFiles.write(directory, "compact", "memory");
        Path policy = files.config().resolveSibling("epochs.yaml");
        String text = Files.readString(ServerConfig.read(files.config()).policyFile());
        Files.writeString(policy, withEpoch(text, 9));
        Files.writeString(
                files.config(), Files.readString(files.config()).replaceAll("(?m)^policy: .*$", "policy: " + policy));
        try (Ringfence first = Ringfence.start(ServerConfig.read(files.config()))) {
            assertFalse(first.hasEnded());
        }
        Path whole = directory.resolve("whole");
        Files.move(files.data(), whole);
        Files.writeString(policy, withEpoch(text, 8));
        List<Long> parts = sequences(whole, CommandKind.POLICY_PART);
        assertTrue(parts.size() >= 4, parts::toString);

        for (long cut : parts) {
            copy(whole, files.data(), cut);
            try (Ringfence ringfence = Ringfence.start(ServerConfig.read(files.config()));
                    RingfenceClient client = files.connect(ServerFiles.CLIENT)) {
                assertTrue(order(client, BELOW_CAP).isAdmitted(), "cut=" + cut);
                assertFalse(ringfence.hasEnded());
            }
            assertEquals(1, sequences(files.data(), CommandKind.POLICY_ACTIVATE).size());
            assertTrue(Replay.run(files.data()).isOk(), "cut=" + cut);
            Files.move(files.data(), directory.resolve("cut-" + cut));
        }
    }

    private static String withEpoch(String policy, int epoch) {
        return policy.replaceAll("(?m)^( *)epoch: .*$", "$1epoch: " + epoch);
    }

    private static List<Long> sequences(Path journal, CommandKind kind) {
        try (JournalReader reader = JournalReader.open(journal)) {
            List<Long> found = new ArrayList<>();
            while (reader.next()) {
                if (reader.record().kind() == kind) {
                    found.add(reader.record().sequence());
                }
            }
            return found;
        }
    }

    private static long recordsBeforeTheLastSnapshot(Path journal) {
        try (JournalReader reader = JournalReader.open(journal)) {
            long count = 0;
            while (reader.next() && reader.record().kind() != CommandKind.SNAPSHOT) {
                count++;
            }
            return count;
        }
    }

    /** Writes the first records of a journal as a crashed process would have left them. */
    private static void copy(Path from, Path to, long records) {
        try (JournalReader reader = JournalReader.open(from);
                JournalDirectory journal = JournalDirectory.open(to, JournalDirectory.Options.of(Durability.MEMORY))) {
            while (reader.next() && reader.record().sequence() <= records) {
                append(reader.record(), journal.writer());
            }
        }
    }

    private static void append(RecordView record, JournalWriter writer) {
        int length = record.lengthBeforeSeal();
        byte[] bytes = new byte[JournalWriter.ROOM_BEFORE + length + JournalWriter.ROOM_BEHIND];
        record.buffer().getBytes(0, bytes, JournalWriter.ROOM_BEFORE, length);
        writer.append(record.sequence(), bytes, JournalWriter.ROOM_BEFORE, length);
    }

    private static void topUp(RingfenceClient operator, long accountId) {
        operator.account()
                .accountId(accountId)
                .verb(AccountVerb.TOP_UP)
                .amountMicros(900_000_000_000L)
                .name("a test");
        assertTrue(operator.ask(PATIENCE).isApplied());
    }

    private static Answer order(RingfenceClient client, long quantity) {
        return order(client, CAPPED_ACCOUNT, quantity);
    }

    private static Answer order(RingfenceClient client, long accountId, long quantity) {
        client.order()
                .accountId(accountId)
                .useCase((short) 1)
                .side(Side.BUY)
                .orderType(OrderType.LIMIT)
                .timeInForce(TimeInForce.DAY)
                .quantity(quantity)
                .limitPriceMicros(PRICE_MICROS)
                .externalId("cut-" + client.nextRequestId());
        return client.ask(PATIENCE);
    }
}
