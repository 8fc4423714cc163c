package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.counters.CountersFile;
import io.ringfence.gateway.counters.EngineCounter;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.TimeInForce;
import io.ringfence.schemas.Tristate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code status} says of frozen learning and of circuits. */
@Tag("once")
class GuardrailsTextTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String STATUS = "status --dir j --json";
    private static final String FROZEN = "[{\"use_case\":2,\"name\":\"program\",\"by\":\"command\"}]";
    private static final String CIRCUITS = "[{\"provider\":1,\"name\":\"ice\",\"state\":\"open\"}]";
    private static final String HALF_OPEN = "half_open"; // After 30 s, which a slow machine may take.
    private static final int FLOOR_OF_PROVIDER_1 = 9_150;

    @TempDir
    Path folder;

    @Test
    @Tag("system")
    @Timeout(600)
    void shouldShowWhatIsFrozenAndOpenAlsoAfterAKillAndAfterAStop() throws IOException, InterruptedException {
        try (ShippedServer server = ShippedServer.start(folder)) {
            requireShown(server, "[]", "[]");
            assertEquals("[]", server.doneByProcess(STATUS).get("circuits").toString());
            try (RingfenceClient desk = server.connect(1)) {
                for (int i = 0; i < 10; i++) {
                    fail(desk);
                }
            }
            server.done("learning freeze --use-case program --dir j --json", "--why", "labels are wrong");

            requireShown(server, FROZEN, CIRCUITS);
            String page = server.run("status --dir j").out();
            assertTrue(page.contains("\nFrozen      learning of 2 program by command\n"), page);
            assertTrue(page.replace("half ", "").contains("\nCircuits    1 ice open; all others closed\n"), page);

            server.process().kill();
            server.serve();
            requireShown(server, FROZEN, CIRCUITS);

            server.process().terminate();
            assertEquals(ExitCode.DONE, server.process().exitCode());
            requireShown(server, FROZEN, CIRCUITS);
            server.serve(); // From the snapshot of the stop.
            requireShown(server, FROZEN, CIRCUITS);
        }
    }

    /** Without a policy that can be read, numbers stand alone. */
    @Test
    void shouldTellEachCauseAndStateOfTheCounters() throws IOException {
        Shell before;
        try (CountersFile counters = CountersFile.create(folder.resolve(CountersFile.NAME), "COMPACT", "MEMORY")) {
            before = new Shell("status", "--dir", folder.toString());
            counters.set(EngineCounter.FROZEN_BY_COMMAND, 1L << 63);
            counters.set(EngineCounter.FROZEN_BY_DRIFT, 1L << 5 | 1);
            counters.set(EngineCounter.FROZEN_BY_DIVERGENCE, 1L << 7);
            counters.set(EngineCounter.OPEN_CIRCUITS, 1L << 63 | 1 << 3);
            counters.set(EngineCounter.HALF_OPEN_CIRCUITS, 1 << 4 | 1 << 3);
        }

        JsonNode shown = new Shell("status", "--json", "--dir", folder.toString()).json();
        String page = new Shell("status", "--dir", folder.toString()).out();

        assertEquals(
                "[{\"use_case\":0,\"by\":\"drift_alarm\"},{\"use_case\":5,\"by\":\"drift_alarm\"},"
                        + "{\"use_case\":7,\"by\":\"divergence_alarm\"},{\"use_case\":63,\"by\":\"command\"}]",
                shown.get("frozen_learning").toString());
        assertEquals(
                "[{\"provider\":3,\"state\":\"half_open\"},{\"provider\":63,\"state\":\"open\"}]",
                shown.get("circuits").toString());
        assertFalse(shown.has(EngineCounter.OPEN_CIRCUITS.label()), "no mask is shown as a number");
        assertTrue(page.contains("\nCircuits    3 half open, 63 open; all others closed\n"), page);
        assertTrue(
                page.contains("\nFrozen      learning of 0 by drift alarm, 5 by drift alarm, 7 by divergence\n"), page);
        assertFalse(before.out().contains("Frozen"), before.out());
        assertFalse(before.out().contains("Circuits"), before.out());
    }

    private static void requireShown(ShippedServer server, String frozen, String circuits) {
        JsonNode shown = server.done(STATUS);
        assertEquals(frozen, shown.get("frozen_learning").toString());
        assertEquals(circuits, shown.get("circuits").toString().replace(HALF_OPEN, "open"));
    }

    private static void fail(RingfenceClient desk) {
        desk.order()
                .accountId(1)
                .useCase((short) 1)
                .side(Side.BUY)
                .orderType(OrderType.LIMIT)
                .timeInForce(TimeInForce.DAY)
                .quantity(4_000_000_000L)
                .limitPriceMicros(25_000_000L)
                .minimumQualityBps(FLOOR_OF_PROVIDER_1)
                .requestedCandidateId(1);
        Answer admitted = desk.ask(PATIENCE);
        assertTrue(admitted.isAdmitted(), () -> "refused: " + admitted.reason());
        desk.outcome()
                .decisionSequence(admitted.decision().sequence())
                .disposition(Disposition.APPLIED)
                .success(Tristate.NO);
        desk.ask(PATIENCE);
    }
}
