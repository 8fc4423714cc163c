package io.ringfence.gateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.Engine;
import io.ringfence.engine.pipeline.EngineSettings;
import io.ringfence.engine.pipeline.SnapshotSink;
import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.ClientSettings;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.config.ConfigFault;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.counters.CountersFile;
import io.ringfence.gateway.counters.CountersFile.AccountFigure;
import io.ringfence.gateway.counters.CountersFile.PositionFigure;
import io.ringfence.gateway.counters.CountersView;
import io.ringfence.gateway.counters.EngineCounter;
import io.ringfence.gateway.replay.Replay;
import io.ringfence.gateway.server.RawClient;
import io.ringfence.journal.JournalDirectory;
import io.ringfence.journal.durability.WatermarkFile;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.read.JournalProver;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.Durability;
import io.ringfence.schemas.OrderRequestEncoder;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.Substitution;
import io.ringfence.schemas.TimeInForce;
import io.ringfence.schemas.Tristate;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("system")
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class RingfenceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long MEMORY_SLACK = 16 << 20;
    private static final Path CONF = Path.of(System.getProperty("ringfence.root", ".."), "conf");

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"compact, memory", "compact, disk", "shared, memory", "dedicated, disk"})
    void shouldAnswerStopCleanlyAndReplayToTheSameBits(String mode, String durability) throws IOException {
        ServerConfig config = config(mode, durability, "");
        try (Ringfence ringfence = Ringfence.start(config);
                RingfenceClient client = connect(ringfence)) {
            for (int i = 0; i < 200; i++) {
                Answer answer = order(client, 100_000_000L + i, 25_000_000L);
                assertTrue(answer.isKnown());
                assertNotNull(answer.decision());
            }
            assertFalse(ringfence.hasEnded());
        }

        JournalProver.Report verified = JournalProver.verify(directory.resolve("data"));
        Replay.Report replayed = Replay.run(directory.resolve("data"));

        assertTrue(verified.isOk(), verified.faultText());
        assertTrue(verified.isAnchored());
        assertTrue(replayed.isOk(), replayed.firstDifference());
        assertEquals(replayed.liveStateDigest(), replayed.stateDigest());
        assertEquals(verified.records(), replayed.records());
    }

    @Test
    void shouldGoOnAfterARestartAndRepeatEarlierAnswers() throws IOException {
        ServerConfig config = config("compact", "memory", "");
        long requestId;
        byte[] entryHash = new byte[32];
        try (Ringfence ringfence = Ringfence.start(config);
                RingfenceClient client = connect(ringfence)) {
            requestId = client.nextRequestId();
            order(client, 100_000_000L, 25_000_000L).decision().getEntryHash(entryHash, 0, 32);
        }

        try (Ringfence ringfence = Ringfence.start(config);
                RingfenceClient client = connect(ringfence)) {
            assertTrue(client.nextRequestId() > requestId, "ids go on after the highest remembered");
            fill(client, 100_000_000L, 25_000_000L).externalId("T-" + requestId).clientRequestId(requestId);
            Answer repeated = client.ask(PATIENCE);

            byte[] again = new byte[32];
            repeated.decision().getEntryHash(again, 0, 32);
            assertEquals(Tristate.YES, repeated.decision().isDuplicate());
            assertArrayEquals(entryHash, again);
        }
        assertTrue(Replay.run(directory.resolve("data")).isOk());
    }

    @Test
    void shouldOpenTreesFromTheFileAndShowOpenQuantitiesBeforeAndAfterARestart() throws Exception {
        Path accounts = Files.writeString(
                directory.resolve("tree.yaml"),
                "accounts:\n  - {id: 1, name: desk, granted: 9000, parent: firm, max_buy_quantity: 120}\n"
                        + "  - {id: 9, name: firm, granted: 5000, currency: USD}\n");
        ServerConfig config = config("compact", "memory", "", accounts);
        long held;
        try (Ringfence ringfence = Ringfence.start(config);
                RingfenceClient client = connect(ringfence)) {
            Answer refused = order(client, 13_000_000_000L, 25_100_000L);
            assertEquals(ReasonCode.ORDER_QUANTITY_LIMIT, refused.reason());
            assertEquals(1, refused.decision().controlAccountId());
            assertEquals(13_000_000_000L, refused.decision().controlAsked());
            assertEquals(12_000_000_000L, refused.decision().controlLimit());
            assertEquals(12_000_000_000L, refused.decision().controlHeadroom());
            held = order(client, 10_000_000_000L, 25_100_000L).decision().heldMicros();
            assertTrue(held > 0);
            awaitTree(held);
        }

        try (Ringfence ringfence = Ringfence.start(config);
                RingfenceClient client = connect(ringfence)) {
            awaitTree(held);
            assertEquals(
                    ReasonCode.ORDER_QUANTITY_LIMIT,
                    order(client, 13_000_000_000L, 25_100_000L).reason());
        }
    }

    /** The open order of the desk stands in its position, and its hold in both accounts. */
    private void awaitTree(long heldMicros) throws Exception {
        Map<Long, Map<Long, Map<PositionFigure, Long>>> positions =
                Map.of(1L, Map.of(0L, Map.of(PositionFigure.OPEN_BUYS, 10_000_000_000L)));
        long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
        try (CountersView counters = CountersView.open(directory.resolve("data").resolve(CountersFile.NAME))) {
            while (System.nanoTime() < deadlineNs
                    && !(counters.positions().equals(positions)
                            && reservedMicros(counters, 1) == heldMicros
                            && reservedMicros(counters, 9) == heldMicros)) {
                Thread.sleep(5);
            }
            assertEquals(positions, counters.positions());
            assertEquals(heldMicros, reservedMicros(counters, 1));
            assertEquals(heldMicros, reservedMicros(counters, 9));
        }
    }

    private static long reservedMicros(CountersView counters, long accountId) {
        return counters.accounts().getOrDefault(accountId, Map.of()).getOrDefault(AccountFigure.RESERVED_MICROS, -1L);
    }

    @Test
    void shouldAnswerOnlyWhatTheWatermarkVouchesForWithDisk() throws IOException {
        ServerConfig config = config("compact", "disk", "");
        try (Ringfence ringfence = Ringfence.start(config);
                RingfenceClient client = connect(ringfence)) {
            for (int i = 0; i < 100; i++) {
                Answer answer = order(client, 100_000_000L + i, 25_000_000L);

                long vouchedFor =
                        WatermarkFile.read(directory.resolve("data")).head().sequence();
                assertTrue(answer.decision().sequence() <= vouchedFor, "watermark=" + vouchedFor);
            }
        }
    }

    @Test
    void shouldRefuseASecondWriterOtherDecidingSettingsAndAnOlderPolicy() throws IOException {
        ServerConfig config = config("compact", "memory", "");
        try (Ringfence ringfence = Ringfence.start(config)) {
            JournalException inUse = assertThrows(JournalException.class, () -> Ringfence.start(config));
            assertEquals(JournalException.Reason.IN_USE, inUse.reason());
            assertFalse(ringfence.hasEnded());
        }

        ServerConfig otherSeed = config("compact", "memory", "deciding:\n  seed: 99\n");
        ConfigFault fault = assertThrows(ConfigFault.class, () -> Ringfence.start(otherSeed));

        assertTrue(fault.getMessage().contains("seed=99"), fault.getMessage());
        try (Ringfence ringfence = Ringfence.start(config)) {
            assertFalse(ringfence.hasEnded());
        }
    }

    /** One is refused while the journal is read, the other when that is done. */
    @ParameterizedTest
    @ValueSource(strings = {"seed=99", "policy.epoch"})
    void shouldSayFailedAndWhyOfAStartThatWasRefused(String told) throws IOException {
        ServerConfig config = config("compact", "memory", "");
        Ringfence.start(config).close();
        ServerConfig other = told.equals("policy.epoch")
                ? withAnotherPolicyOfTheSameEpoch(config)
                : config("compact", "memory", "deciding:\n  seed: 99\n");

        ConfigFault fault = assertThrows(ConfigFault.class, () -> Ringfence.start(other));

        assertTrue(fault.getMessage().contains(told), fault.getMessage());
        assertEquals(0, fault.getSuppressed().length, "nothing else failed");
        try (CountersView counters = CountersView.open(directory.resolve("data/counters.dat"))) {
            assertEquals(CountersView.State.FAILED, counters.state());
            boolean isRead = told.equals("policy.epoch"); // Found behind the last record; the seed stands in the first.
            assertEquals(isRead, counters.engine().get(EngineCounter.APPENDED) > 0);
            assertEquals(isRead, counters.policy() != null);
        }
        assertEquals(
                "the start was refused: " + fault.getMessage(),
                FaultFile.reason(config.dataDir()).orElseThrow());
        Ringfence.start(config).close();
        try (CountersView counters = CountersView.open(directory.resolve("data/counters.dat"))) {
            assertEquals(CountersView.State.STOPPED, counters.state());
        }
        assertTrue(FaultFile.reason(config.dataDir()).isEmpty());
    }

    @Test
    void shouldGiveItsMemoryBackWhenItStopsOrCannotStart() throws IOException {
        ServerConfig config = config("compact", "memory", "");
        Ringfence.start(config).close();
        long before = directMemoryUsed();

        Ringfence.start(config).close();
        assertTrue(directMemoryUsed() - before < MEMORY_SLACK, "stopped: used=" + directMemoryUsed());

        ServerConfig elsewhere = configIn("other", "compact", "memory", "");
        try (Ringfence ringfence = Ringfence.start(config)) {
            long serving = directMemoryUsed();
            assertThrows(RuntimeException.class, () -> Ringfence.start(elsewhere), "one media driver a directory");
            assertTrue(directMemoryUsed() - serving < MEMORY_SLACK, "not started: used=" + directMemoryUsed());
            assertFalse(ringfence.hasEnded());
        }
        Ringfence.start(elsewhere).close();
    }

    @Test
    void shouldLeaveNothingReachableOnceItHasStopped() throws Exception {
        WeakReference<Object> part = new WeakReference<>(portOfAStoppedOne(config("compact", "memory", "")));

        for (int i = 0; i < 100 && part.get() != null; i++) {
            System.gc();
            Thread.sleep(20);
        }

        assertNull(part.get());
    }

    private static Object portOfAStoppedOne(ServerConfig config) {
        try (Ringfence ringfence = Ringfence.start(config)) {
            return ringfence.admin();
        }
    }

    /** Of buffers outside the heap; they are not to wait for a garbage collection. */
    private static long directMemoryUsed() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    @Test
    void shouldGiveAStartUpCleanlyWhenItIsUnwantedAndStartAgain() throws IOException {
        ServerConfig config = config("compact", "memory", "snapshots:\n  interval: 0\n");
        try (Ringfence ringfence = Ringfence.start(config);
                RingfenceClient client = connect(ringfence)) {
            for (int order = 0; order < 4_200; order++) {
                assertTrue(order(client, 100_000_000L, 25_000_000L).isKnown());
            }
        }
        deleteSnapshots();
        long records = JournalProver.verify(config.dataDir(), count -> {}).records();
        int[] looks = new int[1];

        // The second look is behind some thousand records.
        assertThrows(StartStoppedException.class, () -> Ringfence.start(config, false, () -> ++looks[0] == 2));

        assertEquals(2, looks[0]);
        assertFalse(Files.exists(directory.resolve("aeron")));
        try (CountersView counters = CountersView.open(directory.resolve("data/counters.dat"))) {
            assertTrue(counters.endedAtNs() > 0, "it is told as a clean stop");
        }
        assertEquals(
                records, JournalProver.verify(config.dataDir(), count -> {}).records());
        try (Ringfence ringfence = Ringfence.start(config)) {
            assertEquals(0, ringfence.restoredSequence());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "disk"})
    void shouldServeOnAndTellWhenSnapshotsCannotBeWritten(String durability) throws IOException {
        Files.createDirectories(directory.resolve("data"));
        Files.createFile(directory.resolve("data/snapshots")); // No directory can be made there.
        ServerConfig config = config("compact", durability, "snapshots:\n  interval: 10\n");
        try (Ringfence ringfence = Ringfence.start(config);
                RingfenceClient client = connect(ringfence);
                CountersView counters = CountersView.open(directory.resolve("data/counters.dat"))) {
            long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
            while (counters.engine().get(EngineCounter.SNAPSHOT_FAILURES) == 0) {
                assertTrue(order(client, 100_000_000L, 25_000_000L).isKnown());
                assertTrue(System.nanoTime() - deadlineNs < 0, "no failure was counted");
            }
            assertFalse(ringfence.hasEnded());
        }

        assertTrue(Replay.run(directory.resolve("data")).isOk());
        try (CountersView counters = CountersView.open(directory.resolve("data/counters.dat"))) {
            assertTrue(counters.engine().get(EngineCounter.SNAPSHOT_FAILURES) >= 2, "the last one is told too");
        }
    }

    @Test
    void shouldCountTurnsOfTheWatchThatFail() throws IOException {
        ServerConfig config = config("compact", "memory", "snapshots:\n  interval: 1\n");
        Path file = directory.resolve("counters.dat");
        try (JournalDirectory journal =
                        JournalDirectory.open(config.dataDir(), JournalDirectory.Options.of(Durability.MEMORY));
                CountersFile counters = CountersFile.create(file, "COMPACT", "MEMORY");
                Housekeeping housekeeping = new Housekeeping(config, journal);
                CountersView view = CountersView.open(file)) {
            EngineSettings settings = EngineSettings.defaults(1, new byte[32]);
            byte[] command = settings.encode();
            Engine engine = new Engine(settings, journal.writer()::append, SnapshotSink.NONE);
            DecisionEvent first = new DecisionEvent();
            first.accept(CommandType.SETTINGS, 1, 1, 0, 0, new UnsafeBuffer(command), 0, command.length);

            housekeeping
                    .snapshots()
                    .begin(
                            engine,
                            settings,
                            snapshotId -> {
                                throw new IllegalStateException("the test takes no snapshots");
                            },
                            0);
            housekeeping.begin(counters);
            engine.apply(first);

            RawClient.await(() -> view.engine().get(EngineCounter.WATCH_FAILURES) == 1);
        }
    }

    /** The facts that an outcome is stamped with are in memory only: a start takes them from the journal. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldStampOutcomesOnDecisionsOfAnEarlierRun(boolean hasSnapshot) throws IOException {
        ServerConfig config = config("compact", "memory", "");
        Map<Long, Boolean> decisions = new LinkedHashMap<>();
        try (Ringfence ringfence = Ringfence.start(config);
                RingfenceClient client = connect(ringfence)) {
            for (int i = 0; i < 20; i++) {
                Answer answer = order(client, 100_000_000L + i, 25_000_000L);
                decisions.put(answer.decision().sequence(), answer.isAdmitted());
            }
        }
        if (!hasSnapshot) {
            deleteSnapshots();
        }

        try (Ringfence ringfence = Ringfence.start(config);
                RingfenceClient client = connect(ringfence)) {
            for (long decision : decisions.keySet()) {
                client.outcome()
                        .decisionSequence(decision)
                        .disposition(Disposition.APPLIED)
                        .success(Tristate.YES)
                        .realizedLatencyMs(3);
                Answer answer = client.ask(PATIENCE);
                assertNotNull(answer.decision(), () -> "refused: " + answer);
                assertEquals(
                        decisions.get(decision) ? ReasonCode.APPLIED : ReasonCode.ACTED_ON_REJECTION,
                        answer.decision().reason());
            }
        }

        Replay.Report replayed = Replay.run(directory.resolve("data"));
        assertTrue(replayed.isOk(), replayed.firstDifference());
        assertEquals(replayed.liveStateDigest(), replayed.stateDigest());
    }

    private void deleteSnapshots() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("data/snapshots"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    private ServerConfig withAnotherPolicyOfTheSameEpoch(ServerConfig config) throws IOException {
        Path policy = directory.resolve("another.yaml");
        Files.writeString(
                policy,
                Files.readString(config.policyFile()).replaceFirst("confidence_bps: \\d+", "confidence_bps: 1"));
        return config.with(
                config.dataDir(),
                config.aeronDirectory(),
                config.durability(),
                config.mode(),
                policy,
                config.accountsFile());
    }

    private ServerConfig config(String mode, String durability, String more) throws IOException {
        return configIn("data", mode, durability, more);
    }

    private ServerConfig config(String mode, String durability, String more, Path accounts) throws IOException {
        ServerConfig config = config(mode, durability, more);
        Path file = directory.resolve("ringfence.yaml");
        String shipped = CONF.resolve("accounts.yaml").toAbsolutePath().toString();
        Files.writeString(file, Files.readString(file).replace(shipped, accounts.toString()));
        assertNotEquals(accounts, config.accountsFile());
        return ServerConfig.read(file);
    }

    private ServerConfig configIn(String data, String mode, String durability, String more) throws IOException {
        Path file = directory.resolve("ringfence.yaml");
        Files.writeString(
                file,
                "data_dir: " + directory.resolve(data) + "\nmode: " + mode + "\ndurability: " + durability
                        + "\nring_size: 256\nwait_strategy: sleeping\npolicy: "
                        + CONF.resolve("policies/venues.yaml").toAbsolutePath() + "\naccounts: "
                        + CONF.resolve("accounts.yaml").toAbsolutePath() + "\naeron:\n  directory: "
                        + directory.resolve("aeron")
                        + "\ndisk:\n  headroom: 1MiB\nprincipals:\n  - {id: 1, name: demo, role: trader}\n" + more);
        return ServerConfig.read(file);
    }

    private static RingfenceClient connect(Ringfence ringfence) throws IOException {
        return RingfenceClient.connect(
                ClientSettings.of(Path.of(ringfence.aeronDirectory()), 1001, 1).withTimeout(PATIENCE));
    }

    private static Answer order(RingfenceClient client, long quantity, long priceMicros) {
        fill(client, quantity, priceMicros);
        return client.ask(PATIENCE);
    }

    private static OrderRequestEncoder fill(RingfenceClient client, long quantity, long priceMicros) {
        return client.order()
                .accountId(1)
                .useCase((short) 1)
                .requestedCandidateId(1)
                .substitution(Substitution.ALLOWED)
                .side(Side.BUY)
                .orderType(OrderType.LIMIT)
                .timeInForce(TimeInForce.DAY)
                .quantity(quantity)
                .limitPriceMicros(priceMicros)
                .traderId(7)
                .externalId("T-" + client.nextRequestId());
    }
}
