package io.ringfence.gateway.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.Ringfence;
import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.journal.durability.WatermarkFile;
import io.ringfence.journal.durability.WatermarkFile.Watermark;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.read.JournalProver;
import io.ringfence.journal.recovery.Recovery;
import io.ringfence.journal.store.RollFiles;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.TimeInForce;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server with {@code memory} that was killed before its first roll: the watermark promises no record, and all were answered. */
@Tag("system")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class DamagedAfterKillTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int ORDERS = 1_200;
    private static final long FIRST_RECORD = 16_728;
    private static final long MIDDLE = 200_000;
    private static final int PAGE_LENGTH = 4096;

    @TempDir
    Path directory;

    private ServerFiles files;
    private Path newest;
    private long answered;

    @BeforeEach
    void serveAndKill() throws Exception {
        files = ServerFiles.write(directory, "compact", "memory");
        try (ServeProcess server = ServeProcess.start(files)) {
            server.awaitReady();
            try (RingfenceClient client = files.connect(ServerFiles.CLIENT)) {
                for (int i = 0; i < ORDERS; i++) {
                    answered = order(client).decision().sequence();
                }
            }
            server.kill();
            server.awaitKilled();
        }
        List<Path> rollFiles = RollFiles.list(files.data());
        newest = rollFiles.get(rollFiles.size() - 1);
        assertEquals(0, WatermarkFile.read(files.data()).head().sequence());
    }

    @Test
    void shouldRefuseAChangedByteAndGoOnWithEveryAnswerOnceItIsRestored() throws IOException {
        for (long position : new long[] {FIRST_RECORD + 40, FIRST_RECORD, MIDDLE, MIDDLE + 1}) {
            flip(position);

            JournalException refused = assertThrows(JournalException.class, this::start);

            assertEquals(JournalException.Reason.DAMAGED, refused.reason());
            String name = newest.getFileName().toString();
            assertTrue(refused.getMessage().matches(".*damaged at sequence \\d+, " + name + ".*"), refused::getMessage);
            assertTrue(
                    refused.getMessage().matches(".*behind it sequence \\d+ stands in " + name + " at byte \\d+.*"),
                    refused::getMessage);
            assertFalse(Files.exists(files.data().resolve("damaged")));
            flip(position);
        }
        Object before = key(newest);
        try (Ringfence ringfence = start()) {
            assertTrue(ringfence.recovery().head().sequence() >= answered);
            assertNull(ringfence.recovery().cause());
            assertFalse(before.equals(key(newest)), "what no promise covered stands in fresh blocks");
            assertTrue(WatermarkFile.read(files.data()).head().sequence() >= answered);
        }
        assertNull(JournalProver.verify(files.data()).faultText());
    }

    @Test
    void shouldEndAtALostPageOnceTheMachineHasRestarted() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(newest.toFile(), "rw")) {
            file.seek(MIDDLE / PAGE_LENGTH * PAGE_LENGTH);
            file.write(new byte[PAGE_LENGTH]);
        }
        assertThrows(JournalException.class, this::start);

        Watermark watermark = WatermarkFile.read(files.data());
        try (WatermarkFile file = WatermarkFile.open(files.data())) {
            byte[] bootId = "another boot id.".getBytes(StandardCharsets.US_ASCII);
            file.write(new Watermark(watermark.head(), watermark.journalId(), bootId, watermark.begunSequence()));
        }
        try (Ringfence ringfence = start()) {
            Recovery.Report report = ringfence.recovery();
            assertTrue(report.head().sequence() > 100, report::toString);
            assertTrue(report.discardedRecords() > 100, report::toString);
            assertEquals(1, report.setAside().size());
        }
        assertNull(JournalProver.verify(files.data()).faultText());
    }

    @Test
    void shouldRefuseWhereTheOnlyRollFileIsGone() throws Exception {
        Path away = Files.move(newest, directory.resolve("away"));

        assertMissing(newest, 1);

        Files.move(away, newest);
        try (Ringfence ringfence = start()) {
            assertTrue(ringfence.recovery().head().sequence() >= answered);
        }
    }

    @Test
    void shouldRefuseWhereTheNewestRollFileIsGoneAndGoOnWithEveryAnswerOnceItIsBack() throws Exception {
        startAndOrderUntilItRolls();
        List<Path> rollFiles = RollFiles.list(files.data());
        newest = rollFiles.get(rollFiles.size() - 1);
        long first = RollFiles.firstSequence(newest.getFileName().toString());
        assertTrue(answered >= first, "records of the newest file were answered");
        Path away = Files.move(newest, directory.resolve("away"));

        assertMissing(newest, first);

        Files.move(away, newest);
        try (Ringfence ringfence = start()) {
            assertTrue(ringfence.recovery().head().sequence() >= answered);
            assertNull(ringfence.recovery().cause());
        }
        assertNull(JournalProver.verify(files.data()).faultText());
    }

    /** Serves again, orders until two more roll files are begun and the newest has an answered record, and kills. */
    private void startAndOrderUntilItRolls() throws Exception {
        int count = RollFiles.list(files.data()).size();
        try (ServeProcess server = ServeProcess.start(files)) {
            server.awaitReady();
            try (RingfenceClient client = files.connect(ServerFiles.CLIENT)) {
                long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(200);
                while (RollFiles.list(files.data()).size() < count + 2) {
                    assertTrue(System.nanoTime() - endNs < 0, "not within 200 s: two roll files more");
                    for (int i = 0; i < 100; i++) {
                        answered = order(client).decision().sequence();
                    }
                }
                answered = order(client).decision().sequence();
            }
            server.kill();
            server.awaitKilled();
        }
    }

    private void assertMissing(Path file, long sequence) {
        JournalException refused = assertThrows(JournalException.class, this::start);

        assertEquals(JournalException.Reason.DAMAGED, refused.reason());
        String line = "damaged at sequence " + sequence + ", " + file.getFileName()
                + ": this roll file was begun, and it is missing";
        assertTrue(refused.getMessage().contains(line), refused::getMessage);
        assertFalse(refused.getMessage().contains("\n"), refused::getMessage);
        assertFalse(Files.exists(files.data().resolve("damaged")));
    }

    private Ringfence start() {
        return Ringfence.start(ServerConfig.read(files.config()));
    }

    private void flip(long position) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(newest.toFile(), "rw")) {
            file.seek(position);
            int value = file.read();
            file.seek(position);
            file.write(value ^ 0x40);
        }
    }

    private static Object key(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    private static Answer order(RingfenceClient client) {
        client.order()
                .accountId(1)
                .useCase((short) 1)
                .requestedCandidateId(1)
                .businessValueMicros(5_000_000)
                .riskBps(400)
                .side(Side.BUY)
                .orderType(OrderType.LIMIT)
                .timeInForce(TimeInForce.DAY)
                .quantity(1_000_000)
                .limitPriceMicros(1_000_000);
        return client.ask(PATIENCE);
    }
}
