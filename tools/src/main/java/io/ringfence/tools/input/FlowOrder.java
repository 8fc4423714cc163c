package io.ringfence.tools.input;

import io.ringfence.schemas.Side;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One order of a flow: who it is, and how far it got.
 *
 * <p>For the flow's thread.
 */
public final class FlowOrder {
    /** Length of an external id on the wire. */
    public static final int EXTERNAL_ID_LENGTH = 20;

    /** Stands for a risk that is not known. */
    public static final int RISK_UNKNOWN = -1;

    enum State {
        ASKED,
        STANDING,
        REPLACING,
        REFUSED,
        ENDED
    }

    private final long orderId;
    private final int round;
    private final long accountId;
    private final Side side;
    private final long createdMs;
    private final int riskBps;
    private final Deque<BookChange> waiting = new ArrayDeque<>(0);

    private State state = State.ASKED;
    private long holdId;
    private long bookPriceMicros;
    private long bookVolume;
    private long priceMicros;
    private long leavesQuantity;
    private long tradedQuantity;
    private long lastExecutionId;
    private BookChange replacement;

    FlowOrder(OrderSource event, int round, long accountId, int riskBps) {
        this.orderId = event.orderId();
        this.round = round;
        this.accountId = accountId;
        this.side = event.side();
        this.createdMs = event.timestampMs();
        this.riskBps = riskBps;
        this.bookPriceMicros = event.priceMicros();
        this.bookVolume = event.volume();
        this.priceMicros = event.priceMicros();
        this.leavesQuantity = event.volume();
    }

    /** The book's name for it. */
    public long orderId() {
        return orderId;
    }

    /** In which playing of the file it came, from 1. */
    public int round() {
        return round;
    }

    /** Whose budget. */
    public long accountId() {
        return accountId;
    }

    /** Direction. */
    public Side side() {
        return side;
    }

    /**
     * How far its price lay from the last one traded, in bps of that, at most 9,999; {@link #RISK_UNKNOWN} while nothing had
     * traded.
     */
    public int riskBps() {
        return riskBps;
    }

    /** The hold that its admission made; 0 before. */
    public long holdId() {
        return holdId;
    }

    /** Limit price in force, in micros a unit. */
    public long priceMicros() {
        return priceMicros;
    }

    /** Open quantity in 1e-8 units. */
    public long leavesQuantity() {
        return leavesQuantity;
    }

    /** What traded so far in 1e-8 units. */
    public long tradedQuantity() {
        return tradedQuantity;
    }

    /** The client's order id: order id, a dash, the round. */
    public String externalId() {
        return orderId + "-" + round;
    }

    State state() {
        return state;
    }

    void state(State next) {
        state = next;
    }

    void admitted(long hold) {
        holdId = hold;
        state = State.STANDING;
    }

    boolean isAwaitingAnswer() {
        return state == State.ASKED || state == State.REPLACING;
    }

    /** What an event changes against the event before it. */
    BookChange change(OrderSource event) {
        long fall = Math.max(0, bookVolume - event.volume());
        boolean isEnd = event.kind() == OrderEventKind.DELETED || event.volume() == 0;
        boolean isReplace = !isEnd && (event.priceMicros() != bookPriceMicros || event.volume() > bookVolume);
        bookPriceMicros = event.priceMicros();
        bookVolume = event.volume();
        return new BookChange(event.timestampMs(), fall, event.priceMicros(), event.volume(), isReplace, isEnd);
    }

    long bookPriceMicros() {
        return bookPriceMicros;
    }

    Deque<BookChange> waiting() {
        return waiting;
    }

    long nextExecutionId() {
        lastExecutionId++;
        return lastExecutionId;
    }

    void traded(long quantity) {
        leavesQuantity -= quantity;
        tradedQuantity += quantity;
    }

    void replacing(BookChange terms) {
        replacement = terms;
        state = State.REPLACING;
    }

    void replaced() {
        priceMicros = replacement.priceMicros();
        leavesQuantity = replacement.volume();
        state = State.STANDING;
    }

    long standingMs(long nowMs) {
        return nowMs - createdMs;
    }

    void ended() {
        leavesQuantity = 0;
        state = State.ENDED;
    }
}
