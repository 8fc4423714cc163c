package io.ringfence.tools.input;

import io.ringfence.schemas.ExecutionKind;
import io.ringfence.tools.input.FlowOrder.State;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.agrona.collections.Hashing;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.collections.LongHashSet;

/**
 * Turns the events of an order book into what the desk behind those orders would ask and report.
 *
 * <p>The rules, for each order:
 * <ol>
 *   <li>{@code created} asks admission for its volume at its price. Without a volume or a price there is nothing to ask; an id
 *       created before in the same round is passed over. Both are counted.</li>
 *   <li>The fall of the volume at {@code changed} and at {@code deleted}, against the event before, is what traded: a FILL at the
 *       order's own price, which is the price in force <em>before</em> the event. It comes first.</li>
 *   <li>At {@code changed}, another price or a risen volume is then a replace, for the event's volume at the event's price;
 *       when admitted it is reported as REPLACED. When refused, the order stands as it was: what trades later is booked up to
 *       its own open quantity, at its own price.</li>
 *   <li>At {@code deleted}, or at {@code changed} to volume 0, the order has left: a rest that did not trade is CANCELLED. A fill
 *       of all of it ends it by itself.</li>
 *   <li>An event of an order whose answer is not in waits for it. Events of refused orders, and of orders that are not open
 *       (never created, or gone), are counted and do nothing.</li>
 * </ol>
 * A new round forgets the orders of the round before; their holds stay. For one thread. Allocates only when more orders are open,
 * or more changes wait, than at any time before.
 */
public final class OrderFlow {
    /** An order that stands at least this long in the book's time counts as a success even if it did not trade. */
    public static final long WORTHWHILE_MS = 1_000;

    private final OrderActions actions;
    private final AccountRule accounts;
    private final Long2ObjectHashMap<FlowOrder> orders = new Long2ObjectHashMap<>();
    private final LongHashSet created;
    private final Spares<FlowOrder> spareOrders = new Spares<>(FlowOrder::new);
    private final Spares<FlowOrder.Change> spareChanges = new Spares<>(FlowOrder.Change::new);
    private final ArrayDeque<FlowOrder> retired = new ArrayDeque<>();
    private final Consumer<FlowOrder> leaver = this::leave;
    private final ReferencePrice reference = new ReferencePrice();

    private int round = 1;
    private long awaiting;
    private long events;
    private long asked;
    private long refused;
    private long replacesAsked;
    private long replacesRefused;
    private long fills;
    private long cancels;
    private long waited;
    private long eventsOfRefused;
    private long orphans;
    private long unaskable;
    private long repeatedCreations;

    /** A flow at the start of round 1. */
    public OrderFlow(OrderActions actions, AccountRule accounts) {
        this(actions, accounts, 0);
    }

    /**
     * A flow at the start of round 1.
     *
     * @param ordersInRound that a round is expected to create; beyond them it allocates.
     */
    public OrderFlow(OrderActions actions, AccountRule accounts, int ordersInRound) {
        this.actions = actions;
        this.accounts = accounts;
        this.created = new LongHashSet((int) (ordersInRound / Hashing.DEFAULT_LOAD_FACTOR) + 1);
    }

    /** Begins the next round: the file is played again, and its ids mean new orders. */
    public void nextRound() {
        round++;
        orders.values().forEach(leaver);
        orders.clear();
        created.clear();
    }

    /** Number of the present round, from 1. */
    public int round() {
        return round;
    }

    /** Number of answers that are still to come. */
    public long awaiting() {
        return awaiting;
    }

    /** Counts of all rounds so far. */
    public FlowCounts counts() {
        return new FlowCounts(
                events,
                asked,
                refused,
                replacesAsked,
                replacesRefused,
                fills,
                cancels,
                waited,
                eventsOfRefused,
                orphans,
                unaskable,
                repeatedCreations);
    }

    /** Takes the next event of the book. */
    public void onEvent(OrderEvent event) {
        events++;
        reuseRetired();
        if (event.kind() == OrderEvent.Kind.CREATED) {
            onCreated(event);
            return;
        }
        FlowOrder order = orders.get(event.orderId());
        if (order == null) {
            orphans++;
            return;
        }
        long priceBeforeMicros = order.bookPriceMicros();
        FlowOrder.Change change = spareChanges.take();
        order.take(event, change);
        if (change.fall() > 0) {
            reference.traded(priceBeforeMicros);
        }
        if (order.isAwaitingAnswer()) {
            waited++;
            order.addWaiting(change);
        } else {
            apply(order, change);
            retireIfDone(order);
        }
    }

    /**
     * Takes the answer to an admission or a replace.
     *
     * @param order      as it was handed to {@link OrderActions}.
     * @param isAdmitted EXECUTE or SUBSTITUTE; false too when the gateway refused for good.
     * @param holdId     of an admitted order; not looked at otherwise.
     */
    public void onAnswer(FlowOrder order, boolean isAdmitted, long holdId) {
        if (!order.isAwaitingAnswer()) {
            throw new IllegalStateException("an order is answered once: externalId=" + order.externalId());
        }
        awaiting--;
        if (order.state() == State.REPLACING) {
            onReplaceAnswer(order, isAdmitted);
        } else if (isAdmitted) {
            order.admitted(holdId);
        } else {
            refused++;
            order.state(State.REFUSED);
        }
        while (!order.isAwaitingAnswer() && order.firstWaiting() != null) {
            FlowOrder.Change change = order.firstWaiting();
            order.removeFirstWaiting();
            apply(order, change);
        }
        retireIfDone(order);
    }

    /** Makes retired orders available again. No caller on the stack refers to an order that was retired in an earlier event. */
    private void reuseRetired() {
        while (!retired.isEmpty()) {
            spareOrders.give(retired.removeLast());
        }
    }

    private void leave(FlowOrder order) {
        order.leftBook();
        retireIfDone(order);
    }

    private void retireIfDone(FlowOrder order) {
        if (order.isDone() && !order.isRetired()) {
            order.retired();
            retired.addLast(order);
        }
    }

    private void onCreated(OrderEvent event) {
        if (!created.add(event.orderId())) {
            repeatedCreations++;
            return;
        }
        if (event.volume() == 0 || event.priceMicros() == 0) {
            unaskable++;
            return;
        }
        FlowOrder order = spareOrders
                .take()
                .begin(event, round, accounts.accountId(event.orderId()), reference.distanceBps(event.priceMicros()));
        orders.put(event.orderId(), order);
        asked++;
        awaiting++;
        actions.admit(order, event.volume(), event.priceMicros());
    }

    private void apply(FlowOrder order, FlowOrder.Change change) {
        act(order, change);
        spareChanges.give(change);
    }

    private void act(FlowOrder order, FlowOrder.Change change) {
        if (order.state() == State.ENDED) {
            orphans++;
            return;
        }
        if (order.state() == State.REFUSED) {
            eventsOfRefused++;
            if (change.isEnd()) {
                forget(order);
            }
            return;
        }
        fill(order, change);
        if (order.state() == State.STANDING && change.isEnd()) {
            cancel(order, change);
        } else if (order.state() == State.STANDING && change.isReplace()) {
            replace(order, change);
        }
    }

    private void fill(FlowOrder order, FlowOrder.Change change) {
        long quantity = Math.min(change.fall(), order.leavesQuantity());
        if (quantity == 0) {
            return;
        }
        fills++;
        order.traded(quantity);
        boolean isFilled = order.leavesQuantity() == 0;
        actions.execution(
                order,
                order.nextExecutionId(),
                ExecutionKind.FILL,
                quantity,
                order.priceMicros(),
                order.leavesQuantity());
        if (isFilled) {
            end(order, change);
        }
    }

    private void cancel(FlowOrder order, FlowOrder.Change change) {
        cancels++;
        actions.execution(order, order.nextExecutionId(), ExecutionKind.CANCELLED, 0, order.priceMicros(), 0);
        end(order, change);
    }

    private void replace(FlowOrder order, FlowOrder.Change change) {
        replacesAsked++;
        awaiting++;
        order.replacing(change);
        actions.replace(order, order.tradedQuantity() + change.volume(), change.priceMicros());
    }

    private void onReplaceAnswer(FlowOrder order, boolean isAdmitted) {
        if (!isAdmitted) {
            replacesRefused++;
            order.state(State.STANDING);
            return;
        }
        order.replaced();
        actions.execution(
                order, order.nextExecutionId(), ExecutionKind.REPLACED, 0, order.priceMicros(), order.leavesQuantity());
    }

    private void end(FlowOrder order, FlowOrder.Change change) {
        order.ended();
        forget(order);
        boolean isSuccess = order.tradedQuantity() > 0 || order.standingMs(change.timestampMs()) >= WORTHWHILE_MS;
        actions.outcome(order, isSuccess);
    }

    private void forget(FlowOrder order) {
        if (order.isInBook()) {
            orders.remove(order.orderId());
            order.leftBook();
        }
    }
}
