package io.ringfence.gateway.counters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.selection.Explorer;
import io.ringfence.engine.selection.PublishedExploration;
import io.ringfence.engine.selection.PublishedExploration.Figure;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.gateway.counters.CountersFile.AccountFigure;
import io.ringfence.gateway.counters.CountersFile.PositionFigure;
import io.ringfence.journal.lock.OwnerLock;
import io.ringfence.schemas.ExplorationStateEncoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.ReasonCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class CountersFileTest {
    @TempDir
    private Path directory;

    @Test
    void shouldShowWhatWasCounted() throws IOException {
        try (CountersFile counters = CountersFile.create(file(), "COMPACT", "DISK");
                CountersView view = CountersView.open(file())) {
            counters.increment(EngineCounter.DECISIONS);
            counters.increment(EngineCounter.DECISIONS);
            counters.set(EngineCounter.WATERMARK, 77);
            counters.increment(ReasonCode.WINDOW_FULL);
            counters.account(5).set(AccountFigure.RESERVED_MICROS, -1);
            counters.account(5).set(AccountFigure.OPEN_ORDERS, 3);

            assertEquals("COMPACT", view.mode());
            assertEquals("DISK", view.durability());
            assertFalse(view.isEngineAlive(), "nobody has the journal");
            assertEquals(2, view.engine().get(EngineCounter.DECISIONS));
            assertEquals(77, view.engine().get(EngineCounter.WATERMARK));
            assertEquals(Map.of(ReasonCode.WINDOW_FULL, 1L), view.reasons());
            assertEquals(-1, view.accounts().get(5L).get(AccountFigure.RESERVED_MICROS));
            assertEquals(3, view.accounts().get(5L).get(AccountFigure.OPEN_ORDERS));
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldHaveABlockForEachCounterThatIsYetToBeUsed() throws Exception {
        CountersFile.create(file(), "COMPACT", "MEMORY").close();

        Process stat = new ProcessBuilder("stat", "-c", "%b %B", file().toString()).start();
        String[] blocks = new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                .strip()
                .split(" ");
        assertTrue(stat.waitFor(30, TimeUnit.SECONDS));
        assertEquals(0, stat.exitValue());
        assertTrue(Long.parseLong(blocks[0]) * Long.parseLong(blocks[1]) >= CountersFile.LENGTH);
    }

    @Test
    void shouldStayReadableAfterItsWriter() throws IOException {
        try (CountersFile counters = CountersFile.create(file(), "SHARED", "MEMORY")) {
            counters.set(EngineCounter.SEQUENCE, 9);
        }

        try (CountersView view = CountersView.open(file())) {
            assertEquals(9, view.engine().get(EngineCounter.SEQUENCE));
            assertEquals(EngineCounter.values().length, view.engine().size());
        }
    }

    @Test
    void shouldShowSoManyAccountsAndSayThatThereAreMore() throws IOException {
        try (CountersFile counters = CountersFile.create(file(), "SHARED", "MEMORY");
                CountersView view = CountersView.open(file())) {
            for (int accountId = 1; accountId <= CountersFile.MAX_ACCOUNTS; accountId++) {
                counters.account(accountId).set(AccountFigure.OPEN_ORDERS, accountId);
            }
            long before = view.engine().get(EngineCounter.HAS_MORE_ACCOUNTS);
            counters.account(CountersFile.MAX_ACCOUNTS + 1).set(AccountFigure.OPEN_ORDERS, 1);

            assertEquals(0, before);
            assertEquals(1, view.engine().get(EngineCounter.HAS_MORE_ACCOUNTS));
            assertEquals(CountersFile.MAX_ACCOUNTS, view.accounts().size());
        }
    }

    @Test
    void shouldShowEachPositionOnceTheFirstFillMadeIt() throws IOException {
        try (CountersFile counters = CountersFile.create(file(), "SHARED", "MEMORY");
                CountersView view = CountersView.open(file())) {
            counters.account(5).position(1, PositionFigure.POSITION, 0);
            counters.account(5).position(9, PositionFigure.POSITION, -150);
            counters.account(5).position(2, PositionFigure.POSITION, 7);
            counters.account(4).position(9, PositionFigure.POSITION, 3);
            counters.account(4).position(9, PositionFigure.POSITION, 0);

            assertEquals(Map.of(5L, Map.of(2L, filled(7), 9L, filled(-150))), view.positions());
            assertEquals(0, view.engine().get(EngineCounter.HAS_MORE_POSITIONS));
        }
    }

    @Test
    void shouldShowSoManyPositionsAndSayThatThereAreMore() throws IOException {
        try (CountersFile counters = CountersFile.create(file(), "SHARED", "MEMORY");
                CountersView view = CountersView.open(file())) {
            for (int accountId = 1; accountId <= CountersFile.MAX_ACCOUNTS + 1; accountId++) {
                counters.account(accountId).position(1, PositionFigure.POSITION, accountId);
                counters.account(accountId).position(2, PositionFigure.POSITION, accountId);
            }
            long before = view.engine().get(EngineCounter.HAS_MORE_POSITIONS);
            counters.account(1).position(3, PositionFigure.POSITION, 1);
            counters.account(1).position(2, PositionFigure.POSITION, 77);

            assertEquals(0, before);
            assertEquals(1, view.engine().get(EngineCounter.HAS_MORE_POSITIONS));
            assertEquals(CountersFile.MAX_ACCOUNTS, view.positions().size());
            assertEquals(Map.of(1L, filled(1), 2L, filled(77)), view.positions().get(1L));
        }
    }

    /** A counter too many would end the duty cycle. */
    @Test
    void shouldHaveRoomForAllThatItMayShow() throws IOException {
        try (CountersFile counters = CountersFile.create(file(), "SHARED", "MEMORY");
                CountersView view = CountersView.open(file())) {
            for (ReasonCode reason : ReasonCode.values()) {
                if (reason.value() < 512) { // Not the two that stand for none and for unknown.
                    counters.increment(reason);
                }
            }
            for (int principalId = 1; principalId <= CountersFile.MAX_PRINCIPALS + 1; principalId++) {
                counters.watchSessionsOf(principalId);
            }
            for (int accountId = 1; accountId <= CountersFile.MAX_ACCOUNTS + 1; accountId++) {
                for (PositionFigure figure : PositionFigure.values()) {
                    counters.account(accountId).position(1, figure, accountId);
                    counters.account(accountId).position(2, figure, accountId);
                }
            }
            PublishedExploration told = exploringEverywhere();
            counters.exploration(told);

            assertEquals(CountersFile.MAX_ACCOUNTS, view.accounts().size());
            assertEquals(CountersFile.MAX_ACCOUNTS, view.positions().size());
            assertEquals(64, view.exploration().size());
            assertEquals(64, view.exploration().get(63).get(Figure.DECISIONS));
            view.exploration().get(63).forEach((figure, value) -> assertEquals(told.get(63, figure), value));
        }
    }

    /** As an engine tells it that was restored with every use case exploring. */
    private static PublishedExploration exploringEverywhere() {
        MessageHeaderEncoder header = new MessageHeaderEncoder();
        ExplorationStateEncoder state = new ExplorationStateEncoder();
        int length = MessageHeaderEncoder.ENCODED_LENGTH + ExplorationStateEncoder.BLOCK_LENGTH;
        byte[] bytes = new byte[64 * length];
        for (int useCase = 0; useCase < 64; useCase++) {
            state.wrapAndApplyHeader(new UnsafeBuffer(bytes), useCase * length, header)
                    .useCase((short) useCase)
                    .period(7)
                    .decisions(useCase + 1)
                    .spendMicros(1_000_000);
        }
        Explorer explorer = new Explorer(7, 64);
        explorer.readState(new StateReader(bytes, 0, bytes.length));
        return explorer.published();
    }

    @Test
    void shouldTellACleanEndFromAFailureAndFromNone() throws IOException {
        OwnerLock journal = OwnerLock.take(directory.resolve("lock"));
        try (CountersFile counters = CountersFile.create(file(), "SHARED", "MEMORY");
                CountersView view = CountersView.open(file())) {
            counters.set(EngineCounter.STARTING, 1);
            CountersView.State starting = view.state();
            counters.set(EngineCounter.STARTING, 0);
            CountersView.State running = view.state();
            journal.close();
            assertEquals(CountersView.State.KILLED, view.state());
            counters.markCleanEnd();
            CountersView.State stopped = view.state();
            counters.set(EngineCounter.FAILED, 1);

            assertEquals(CountersView.State.STARTING, starting);
            assertEquals(CountersView.State.RUNNING, running);
            assertEquals(CountersView.State.STOPPED, stopped);
            assertTrue(view.endedAtNs() >= view.startedAtNs());
            assertEquals(CountersView.State.FAILED, view.state());
        }
    }

    @Test
    void shouldRefuseAFileThatIsNone() throws IOException {
        Files.write(file(), new byte[100_000]);

        IOException refused = assertThrows(IOException.class, () -> CountersView.open(file()));

        assertTrue(refused.getMessage().contains(file().toString()));
        assertThrows(IOException.class, () -> CountersView.open(directory.resolve("none")));
        assertFalse(Files.exists(directory.resolve("none")));
    }

    private Path file() {
        return directory.resolve("counters.dat");
    }

    private static Map<PositionFigure, Long> filled(long quantity) {
        return Map.of(PositionFigure.POSITION, quantity);
    }
}
