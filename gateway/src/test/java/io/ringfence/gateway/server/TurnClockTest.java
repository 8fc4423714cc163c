package io.ringfence.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TurnClockTest {
    private static final long SECOND = 1_000_000_000;
    private static final long MAX_STEP = 10 * SECOND;

    private long acceptedAheadNs;
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

    @Test
    void shouldGoOnFromWhereItIsOnceAStepBackIsAccepted() {
        long lastNs = wallNs + 1_000 * SECOND;
        TurnClock clock = clock(lastNs);
        assertEquals(1_000 * SECOND, clock.aheadOfWallNs());

        clock.accept(1_000 * SECOND);
        monotonicNs += SECOND;
        wallNs += SECOND;
        clock.turn();

        assertFalse(clock.hasStepped());
        assertEquals(lastNs + SECOND, clock.timestampNs());
        wallNs -= 2 * MAX_STEP;
        monotonicNs += SECOND;
        clock.turn();
        assertTrue(clock.hasStepped(), "another one");
    }

    @Test
    void shouldFollowAWallClockThatIsAcceptedAheadOfIt() {
        TurnClock clock = clock(0);
        wallNs += 1_000 * SECOND;
        monotonicNs += SECOND;
        clock.turn();
        assertTrue(clock.hasStepped());
        assertEquals(-999 * SECOND, clock.aheadOfWallNs());

        clock.accept(0);
        clock.turn();

        assertFalse(clock.hasStepped());
        assertEquals(wallNs, clock.timestampNs());
    }

    @Test
    void shouldKeepTheAcceptedDistanceAtALaterStartWhileTheWallClockIsBehind() {
        acceptedAheadNs = 1_000 * SECOND;

        TurnClock later = clock(wallNs + 900 * SECOND);
        assertFalse(later.hasStepped());
        assertEquals(wallNs + 1_000 * SECOND, later.timestampNs());
        assertTrue(clock(wallNs + 1_100 * SECOND).hasStepped(), "the wall clock has stepped back again since");
        assertEquals(wallNs, clock(wallNs - 1).timestampNs(), "it has caught up");
    }

    private TurnClock clock(long lastTimestampNs) {
        return new TurnClock(() -> monotonicNs, () -> wallNs, lastTimestampNs, acceptedAheadNs, MAX_STEP);
    }
}
