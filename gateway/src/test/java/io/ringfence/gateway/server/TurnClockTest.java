package io.ringfence.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TurnClockTest {
    private static final long SECOND = 1_000_000_000;
    private static final long MAX_STEP = 10 * SECOND;

    private long monotonicNs = 500;
    private long wallNs = 1_000_000 * SECOND;

    @Test
    void shouldCarryWallTimeOnByTheMonotonicClock() {
        TurnClock clock = clock(0);
        wallNs += 100 * SECOND;
        monotonicNs += 40;

        clock.turn();

        assertEquals(1_000_000 * SECOND + 40, clock.timestampNs());
    }

    @Test
    void shouldNotGoBackBehindTheLastEvent() {
        TurnClock clock = clock(2_000_000 * SECOND);
        monotonicNs += SECOND / 2;

        clock.turn();

        assertEquals(2_000_000 * SECOND, clock.timestampNs());
    }

    @Test
    void shouldDrawNearToTheWallClockInSmallSteps() {
        TurnClock clock = clock(0);
        monotonicNs += SECOND;
        wallNs += 2 * SECOND;

        clock.turn();

        assertEquals(1_000_001 * SECOND + 500_000, clock.timestampNs());
        assertFalse(clock.hasStepped());
    }

    @Test
    void shouldNotGoBackWhenTheWallClockDoes() {
        TurnClock clock = clock(0);
        monotonicNs += SECOND;
        clock.turn();
        long before = clock.timestampNs();
        monotonicNs += SECOND / 10_000;
        wallNs -= SECOND;

        clock.turn();

        assertTrue(clock.timestampNs() >= before);
    }

    @Test
    void shouldTellAStepThatIsTooLargeAndNotFollowIt() {
        TurnClock clock = clock(0);
        monotonicNs += SECOND;
        wallNs += SECOND + MAX_STEP + 1;

        clock.turn();

        assertTrue(clock.hasStepped());
        assertEquals(1_000_001 * SECOND, clock.timestampNs());
    }

    @Test
    void shouldTellAJournalThatIsTooFarAheadOfTheWallClock() {
        long startNs = 1_000_000 * SECOND;

        assertFalse(clock(startNs + MAX_STEP).hasStepped());
        assertTrue(clock(startNs + MAX_STEP + 1).hasStepped());
    }

    private TurnClock clock(long lastTimestampNs) {
        return new TurnClock(() -> monotonicNs, () -> wallNs, lastTimestampNs, MAX_STEP);
    }
}
