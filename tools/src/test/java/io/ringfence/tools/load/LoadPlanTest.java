package io.ringfence.tools.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LoadPlanTest {
    private static final long SECOND_NS = 1_000_000_000;
    private static final long NO_LIMIT = Long.MAX_VALUE;

    @Test
    void shouldKnowTheMostRequestsItComesTo() {
        LoadPlan number = new LoadPlan(500, NO_LIMIT, 64, 0, 0);
        LoadPlan closed = new LoadPlan(NO_LIMIT, 10 * SECOND_NS, 64, 0, 0);
        LoadPlan open = new LoadPlan(NO_LIMIT, 10 * SECOND_NS, 64, 250, 0);
        LoadPlan warmed = new LoadPlan(500, NO_LIMIT, 64, 250, 4 * SECOND_NS);

        assertEquals(500, number.requestsAtMost(1_000));
        assertEquals(10_000, closed.requestsAtMost(1_000));
        assertEquals(2_500, open.requestsAtMost(1_000));
        assertEquals(1_500, warmed.requestsAtMost(1_000));
    }

    @Test
    void shouldStayWithinTheSessionsWindow() {
        LoadPlan closed = new LoadPlan(1, NO_LIMIT, 64, 0, 0);
        LoadPlan open = new LoadPlan(1, NO_LIMIT, 64, 10, 0);

        assertEquals(64, closed.pace(1_024).unansweredMax());
        assertEquals(16, closed.pace(16).unansweredMax());
        assertEquals(1_024, open.pace(1_024).unansweredMax());
        assertEquals("closed", closed.loop());
        assertEquals("open", open.loop());
    }

    @Test
    void shouldWarmUpUntilTheFirstOfTwoLimitsUnlessATimeIsAskedFor() {
        LoadPlan usual = Rehearsal.warmUpPlan(null, 256);
        LoadPlan asked = Rehearsal.warmUpPlan(SECOND_NS, 256);

        assertEquals(new LoadPlan(100_000, 3 * SECOND_NS, 256, 0, 0), usual);
        assertEquals(3_000, usual.requestsAtMost(1_000));
        assertEquals(100_000, usual.requestsAtMost(1_000_000));
        assertEquals(new LoadPlan(NO_LIMIT, SECOND_NS, 256, 0, 0), asked);
        assertEquals(1, Rehearsal.oneInFlightPlan().inflight());
    }
}
