package io.ringfence.tools.input;

import static io.ringfence.tools.input.BookEvent.changed;
import static io.ringfence.tools.input.BookEvent.created;
import static io.ringfence.tools.input.BookEvent.deleted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringfence.schemas.ExecutionKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrderFlowTest {
    private final Desk desk = new Desk();
    private final OrderFlow flow = new OrderFlow(desk, new AccountRule(1));

    @Test
    void shouldAskAdmissionForACreatedOrder() {
        play(created(7, 100, 50));

        assertEquals(List.of("admit 7-1 50@100"), desk.said);
        assertEquals(1, flow.awaiting());
    }

    @Test
    void shouldReportTheFallOfVolumeAsAFillAtTheOrdersPrice() {
        play(created(7, 100, 50));
        admit();
        play(changed(7, 100, 30));

        assertEquals(List.of("admit 7-1 50@100", "FILL 7-1 #1 20@100 leaves 30"), desk.said);
    }

    @Test
    void shouldEndAnOrderByTheFillThatEmptiesIt() {
        play(created(7, 100, 50));
        admit();
        play(deleted(7, 100, 0));

        assertEquals(List.of("admit 7-1 50@100", "FILL 7-1 #1 50@100 leaves 0", "outcome 7-1 true"), desk.said);
    }

    @Test
    void shouldReleaseWhatDidNotTradeOfADeletedOrder() {
        play(created(7, 100, 50));
        admit();
        play(deleted(7, 100, 20));

        assertEquals(
                List.of(
                        "admit 7-1 50@100",
                        "FILL 7-1 #1 30@100 leaves 20",
                        "CANCELLED 7-1 #2 0@100 leaves 0",
                        "outcome 7-1 true"),
                desk.said);
    }

    @Test
    void shouldCallAFleetingUntradedOrderNoSuccess() {
        play(created(7, 100, 50), created(8, 100, 50));
        admit();
        admit();
        play(
                deleted(7, 100, 50).at(OrderFlow.WORTHWHILE_MS - 1),
                deleted(8, 100, 50).at(OrderFlow.WORTHWHILE_MS));

        assertEquals("outcome 7-1 false", desk.said.get(3));
        assertEquals("outcome 8-1 true", desk.said.get(5));
    }

    @Test
    void shouldReplaceWhenThePriceChangesOrTheVolumeRises() {
        play(created(7, 100, 50));
        admit();
        play(changed(7, 110, 50));
        admit();
        play(changed(7, 110, 60));
        admit();

        assertEquals(
                List.of(
                        "admit 7-1 50@100",
                        "replace 7-1 50@110",
                        "REPLACED 7-1 #1 0@110 leaves 50",
                        "replace 7-1 60@110",
                        "REPLACED 7-1 #2 0@110 leaves 60"),
                desk.said);
    }

    @Test
    void shouldBookWhatTradedAtTheOldPriceBeforeItReplaces() {
        play(created(7, 100, 50));
        admit();
        play(changed(7, 110, 45));
        admit();
        play(deleted(7, 110, 0));

        assertEquals(
                List.of(
                        "admit 7-1 50@100",
                        "FILL 7-1 #1 5@100 leaves 45",
                        "replace 7-1 50@110",
                        "REPLACED 7-1 #2 0@110 leaves 45",
                        "FILL 7-1 #3 45@110 leaves 0",
                        "outcome 7-1 true"),
                desk.said);
    }

    @Test
    void shouldLeaveAnOrderAsItWasWhenItsReplaceIsRefused() {
        play(created(7, 100, 50));
        admit();
        play(changed(7, 110, 80));
        refuse();
        play(changed(7, 110, 70), deleted(7, 110, 0));

        assertEquals(
                List.of(
                        "admit 7-1 50@100",
                        "replace 7-1 80@110",
                        "FILL 7-1 #1 10@100 leaves 40",
                        "FILL 7-1 #2 40@100 leaves 0",
                        "outcome 7-1 true"),
                desk.said);
        assertEquals(1, flow.counts().replacesRefused());
    }

    @Test
    void shouldHoldBackEventsUntilTheAnswerIsIn() {
        play(created(7, 100, 50), changed(7, 110, 40), deleted(7, 110, 0));
        assertEquals(List.of("admit 7-1 50@100"), desk.said);

        admit();
        assertEquals("replace 7-1 50@110", desk.said.get(2));
        assertEquals(3, desk.said.size());

        admit();
        assertEquals("FILL 7-1 #3 40@110 leaves 0", desk.said.get(4));
        assertEquals(2, flow.counts().waited());
        assertEquals(0, flow.awaiting());
    }

    @Test
    void shouldTakeAnswersThatComeAtOnce() {
        OrderFlow[] self = new OrderFlow[1];
        Desk prompt = new Desk() {
            @Override
            public void admit(FlowOrder order, long quantity, long priceMicros) {
                super.admit(order, quantity, priceMicros);
                self[0].onAnswer(order, true, 9);
            }

            @Override
            public void replace(FlowOrder order, long orderQuantity, long priceMicros) {
                super.replace(order, orderQuantity, priceMicros);
                self[0].onAnswer(order, true, 9);
            }
        };
        self[0] = new OrderFlow(prompt, new AccountRule(1));

        play(self[0], created(7, 100, 50), changed(7, 110, 50), deleted(7, 110, 50));

        assertEquals(
                List.of(
                        "admit 7-1 50@100",
                        "replace 7-1 50@110",
                        "REPLACED 7-1 #1 0@110 leaves 50",
                        "CANCELLED 7-1 #2 0@110 leaves 0",
                        "outcome 7-1 false"),
                prompt.said);
    }

    @Test
    void shouldCountEventsOfRefusedOrdersAndOfOrdersThatAreNotOpen() {
        play(created(7, 100, 50), changed(7, 100, 40));
        refuse();
        play(deleted(7, 100, 40), deleted(7, 100, 40), changed(8, 100, 1), deleted(9, 100, 0));

        assertEquals(List.of("admit 7-1 50@100"), desk.said);
        assertEquals(1, flow.counts().refused());
        assertEquals(2, flow.counts().eventsOfRefused());
        assertEquals(3, flow.counts().orphans());
    }

    @Test
    void shouldAskNothingForAnOrderWithoutVolumeOrPrice() {
        play(created(7, 100, 0), created(8, 0, 50), deleted(7, 100, 0));

        assertEquals(List.of(), desk.said);
        assertEquals(2, flow.counts().unaskable());
        assertEquals(1, flow.counts().orphans());
    }

    @Test
    void shouldPassOverAnIdCreatedTwiceInARound() {
        play(created(7, 100, 50));
        admit();
        play(deleted(7, 100, 0), created(7, 100, 50));

        assertEquals(1, flow.counts().asked());
        assertEquals(1, flow.counts().repeatedCreations());
    }

    @Test
    void shouldMeanOtherOrdersInTheNextRound() {
        play(created(7, 100, 50));
        FlowOrder first = desk.asked.remove();
        flow.nextRound();
        play(created(7, 100, 50), deleted(7, 100, 0));
        flow.onAnswer(first, true, 1);
        admit();

        assertEquals(
                List.of("admit 7-1 50@100", "admit 7-2 50@100", "FILL 7-2 #1 50@100 leaves 0", "outcome 7-2 true"),
                desk.said);
        assertEquals(50, first.leavesQuantity());
    }

    @Test
    void shouldUseAnOrderAgainOnceItCanBeToldNothingMore() {
        play(created(7, 100, 50));
        admit();
        FlowOrder first = desk.last;
        play(changed(7, 110, 50), changed(7, 110, 40), deleted(7, 110, 40), created(8, 100, 50));
        FlowOrder whileAwaited = desk.asked.peekLast();
        admit();
        play(created(9, 120, 60));
        FlowOrder afterwards = desk.asked.peekLast();

        assertNotSame(first, whileAwaited);
        assertSame(first, afterwards);
        assertEquals("9-1", afterwards.externalId());
        assertEquals(60, afterwards.leavesQuantity());
        assertEquals(0, afterwards.tradedQuantity());
        assertEquals(0, afterwards.holdId());
        assertEquals("admit 9-1 60@120", desk.said.get(desk.said.size() - 1));
    }

    @Test
    void shouldUseAnOrderOfAnEarlierRoundAgainOnlyAfterItsAnswer() {
        play(created(7, 100, 50));
        FlowOrder first = desk.asked.remove();
        flow.nextRound();
        play(created(7, 100, 50));
        FlowOrder second = desk.asked.remove();
        flow.onAnswer(first, true, 1);
        flow.onAnswer(second, true, 2);
        play(created(8, 100, 50));

        assertNotSame(first, second);
        assertSame(first, desk.asked.remove());
        assertEquals("7-2", second.externalId());
    }

    @Test
    void shouldTakeADistantPriceForRisk() {
        play(created(1, 100_000_000, 50));
        admit();
        assertEquals(FlowOrder.RISK_UNKNOWN, desk.last.riskBps());

        play(
                deleted(1, 100_000_000, 0),
                created(2, 101_500_000, 50),
                created(3, 300_000_000, 1),
                created(4, 10_000, 1));

        assertEquals(150, desk.asked.remove().riskBps());
        assertEquals(9_999, desk.asked.remove().riskBps());
        assertEquals(9_999, desk.asked.remove().riskBps());
    }

    @Test
    void shouldRefuseASecondAnswer() {
        play(created(7, 100, 50));
        admit();

        assertThrows(IllegalStateException.class, () -> flow.onAnswer(desk.last, true, 2));
    }

    private void play(BookEvent... events) {
        play(flow, events);
    }

    private static void play(OrderFlow flow, BookEvent... events) {
        OrderEvent.Source source = BookEvent.source(events);
        while (source.advance()) {
            flow.onEvent(source.event());
        }
    }

    private void admit() {
        desk.last = desk.asked.remove();
        flow.onAnswer(desk.last, true, 1);
    }

    private void refuse() {
        desk.last = desk.asked.remove();
        flow.onAnswer(desk.last, false, 0);
    }

    /** Writes down what the flow wants. */
    private static class Desk implements OrderActions {
        final List<String> said = new ArrayList<>();
        final Deque<FlowOrder> asked = new ArrayDeque<>();
        FlowOrder last;

        @Override
        public void admit(FlowOrder order, long quantity, long priceMicros) {
            said.add("admit " + order.externalId() + ' ' + quantity + '@' + priceMicros);
            asked.add(order);
        }

        @Override
        public void replace(FlowOrder order, long orderQuantity, long priceMicros) {
            said.add("replace " + order.externalId() + ' ' + orderQuantity + '@' + priceMicros);
            asked.add(order);
        }

        @Override
        public void execution(
                FlowOrder order,
                long executionId,
                ExecutionKind kind,
                long quantity,
                long priceMicros,
                long leavesQuantity) {
            said.add(kind + " " + order.externalId() + " #" + executionId + ' ' + quantity + '@' + priceMicros
                    + " leaves " + leavesQuantity);
        }

        @Override
        public void outcome(FlowOrder order, boolean isSuccess) {
            said.add("outcome " + order.externalId() + ' ' + isSuccess);
        }
    }
}
