package io.ringfence.tools.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.schemas.ExecutionKind;
import org.junit.jupiter.api.Test;

class SyntheticOrdersTest {
    private static final long PINNED = -7_901_951_387_945_288_332L;

    @Test
    void shouldMakeTheSameEventsForTheSameSeed() {
        assertEquals(hash(new SyntheticOrders(7), 10_000), hash(new SyntheticOrders(7), 10_000));
        assertNotEquals(hash(new SyntheticOrders(7), 10_000), hash(new SyntheticOrders(8), 10_000));
    }

    @Test
    void shouldStayTheSameFromBuildToBuild() {
        assertEquals(PINNED, hash(new SyntheticOrders(1), 100_000));
    }

    @Test
    void shouldMakeOrdersThatEndAndNothingOutOfPlace() {
        Counting counting = new Counting();
        OrderFlow flow = new OrderFlow(counting, new AccountRule(1, 2, 3, 4));
        counting.flow = flow;
        SyntheticOrders orders = new SyntheticOrders(3);

        for (int event = 0; event < 100_000 && orders.advance(); event++) {
            flow.onEvent(orders.event());
        }

        FlowCounts counts = flow.counts();
        assertEquals(0, counts.orphans() + counts.unaskable() + counts.repeatedCreations());
        assertTrue(counts.asked() > 30_000, () -> "asked " + counts.asked());
        assertTrue(counts.fills() > 10_000, () -> "fills " + counts.fills());
        assertTrue(counts.cancels() > 10_000, () -> "cancels " + counts.cancels());
        assertTrue(counts.replacesAsked() > 2_000, () -> "replaces " + counts.replacesAsked());
        assertTrue(counting.outcomes > 20_000, () -> "outcomes " + counting.outcomes);
    }

    private static long hash(OrderEvent.Source source, int count) {
        long hash = 0;
        for (int event = 0; event < count && source.advance(); event++) {
            hash = 31 * hash + source.event().orderId();
            hash = 31 * hash + source.event().timestampMs();
            hash = 31 * hash + source.event().kind().ordinal();
            hash = 31 * hash + source.event().side().value();
            hash = 31 * hash + source.event().priceMicros();
            hash = 31 * hash + source.event().volume();
        }
        return hash;
    }

    private static final class Counting implements OrderActions {
        OrderFlow flow;
        long outcomes;

        @Override
        public void admit(FlowOrder order, long quantity, long priceMicros) {
            assertTrue(quantity > 0 && priceMicros > 0);
            flow.onAnswer(order, true, order.orderId());
        }

        @Override
        public void replace(FlowOrder order, long orderQuantity, long priceMicros) {
            flow.onAnswer(order, true, order.orderId());
        }

        @Override
        public void execution(
                FlowOrder order,
                long executionId,
                ExecutionKind kind,
                long quantity,
                long priceMicros,
                long leavesQuantity) {
            assertTrue(leavesQuantity >= 0);
        }

        @Override
        public void outcome(FlowOrder order, boolean isSuccess) {
            outcomes++;
        }
    }
}
