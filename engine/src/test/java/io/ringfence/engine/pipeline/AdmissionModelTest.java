package io.ringfence.engine.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.command.CommandType;
import io.ringfence.schemas.Action;
import io.ringfence.schemas.ReasonCode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("model")
class AdmissionModelTest {
    private static final int COMMANDS = 6_000;

    private int openHolds;
    private int admitted;
    private int rejected;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 77, 20_261_121})
    void shouldAllowNothingWithoutAStandingHold(long seed) {
        EngineSettings settings = EngineSettings.defaults(seed, new byte[32]);
        Engine engine = new Engine(settings, new MemoryLog(), SnapshotSink.NONE);

        new Traffic(seed, engine, event -> check(event, "seed=" + seed + ", sequence=" + event.sequence()))
                .run(settings, COMMANDS);

        assertTrue(admitted > 100, "admitted=" + admitted);
        assertTrue(rejected > 100, "rejected=" + rejected);
    }

    private void check(DecisionEvent event, String where) {
        boolean isDuplicate = event.isDuplicate();
        if (!event.type().isNewRisk() || isDuplicate) {
            assertEquals(Action.NOTHING_GRANTED, event.verdict().action(), where);
        } else if (event.verdict().isAdmitted()) {
            admitted++;
            assertEquals(ReasonCode.NONE, event.budget().reason(), where);
            assertTrue(hasHold(event), where);
        } else {
            rejected++;
            assertEquals(Action.REJECT, event.verdict().action(), where);
        }
        if (event.isBooked()) {
            openHolds = event.budget().openHolds();
        }
    }

    /** A request adds one hold; a replace keeps the order's, which is above 0 since quantity and price are. */
    private boolean hasHold(DecisionEvent event) {
        return event.type() == CommandType.REPLACE
                ? event.budget().heldMicros() > 0
                : event.budget().openHolds() == openHolds + 1;
    }
}
