package io.ringfence.tools.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long START_NS = 1_000_000_000;

    @Test
    void shouldAlwaysBeDueInAClosedLoopAndMeasureFromTheOffer() {
        LoadPlan.Pace pace = LoadPlan.Pace.closed(64);

        pace.start(START_NS);

        assertTrue(pace.isDue(1_000_000, START_NS));
        assertEquals(OrderMessage.WHEN_OFFERED, pace.sinceNs(1_000_000));
        assertEquals(64, pace.unansweredMax());
    }

    @Test
    void shouldMeasureAnOpenLoopFromTheIntendedSendHoweverLate() {
        LoadPlan.Pace pace = LoadPlan.Pace.open(1_000, 1_024);

        pace.start(START_NS);

        assertTrue(pace.isDue(0, START_NS));
        assertFalse(pace.isDue(1, START_NS + 999_999));
        assertTrue(pace.isDue(1, START_NS + 1_000_000));
        assertTrue(pace.isDue(7, START_NS + 5_000_000_000L));
        assertEquals(START_NS + 7_000_000, pace.sinceNs(7));
    }

    @Test
    void shouldNotDriftOverManyRequests() {
        LoadPlan.Pace pace = LoadPlan.Pace.open(300_000, 1_024);

        pace.start(0);

        assertEquals(60_000_000_000L, pace.sinceNs(18_000_000), 10_000);
    }
}
