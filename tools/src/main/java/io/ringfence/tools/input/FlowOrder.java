package io.ringfence.tools.input;

import io.ringfence.schemas.Side;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One order of a flow: its terms and its state.
 *
 * <p>For the flow's thread. Once it has ended, the flow reuses it for a later order.
 */
public final class FlowOrder {
    /** Length of an external id on the wire. */
    public static final int EXTERNAL_ID_LENGTH = 20;

    /** Stands for a risk that is not known. */
    public static final int RISK_UNKNOWN = -1;

    private static final int DECIMAL = 10;
    private static final int SHORTENED = Character.MAX_RADIX;

    enum State {
        ASKED,
        STANDING,
        REPLACING,
        REFUSED,
        ENDED
    }

    private long orderId;
    private int round;
    private long accountId;
    private Side side;
    private long createdMs;
    private int riskBps;
    private State state;
    private long holdId;
    private long bookPriceMicros;
    private long bookVolume;
    private long priceMicros;
    private long leavesQuantity;
    private long tradedQuantity;
    private long lastExecutionId;
    private long replacementPriceMicros;
    private long replacementQuantity;
    private Change firstWaiting;
    private Change lastWaiting;
    private boolean isInBook;
    private boolean isRetired;

    FlowOrder begin(OrderEvent created, int round, long accountId, int riskBps) {
        this.orderId = created.orderId();
        this.round = round;
        this.accountId = accountId;
        this.side = created.side();
        this.createdMs = created.timestampMs();
        this.riskBps = riskBps;
        this.state = State.ASKED;
        this.holdId = 0;
        this.bookPriceMicros = created.priceMicros();
        this.bookVolume = created.volume();
        this.priceMicros = created.priceMicros();
        this.leavesQuantity = created.volume();
        this.tradedQuantity = 0;
        this.lastExecutionId = 0;
        this.isInBook = true;
        this.isRetired = false;
        return this;
    }

    /** Id of the order in the book. */
    public long orderId() {
        return orderId;
    }

    /** Round in which the order was created, from 1. */
    public int round() {
        return round;
    }

    /** Account whose budget the order uses. */
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

    /** Hold of the admitted order; 0 before its admission. */
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

    /** Traded quantity so far in 1e-8 units. */
    public long tradedQuantity() {
        return tradedQuantity;
    }

    /**
     * The client's order id: order id, a dash, the round. Where that is longer than {@link #EXTERNAL_ID_LENGTH}, an {@code x}, the order
     * id in base 36, a dash, the round; so no two are the same up to round 99,999.
     */
    public String externalId() {
        byte[] characters = new byte[EXTERNAL_ID_LENGTH];
        return new String(characters, 0, putExternalId(characters), StandardCharsets.US_ASCII);
    }

    /** Writes {@link #externalId()} and zeros behind it, and returns its length. Allocates nothing. */
    public int putExternalId(byte[] characters) {
        Arrays.fill(characters, (byte) 0);
        int roundLength = digits(round, DECIMAL);
        boolean isDecimal = digits(orderId, DECIMAL) + 1 + roundLength <= EXTERNAL_ID_LENGTH;
        int position = 0;
        if (!isDecimal) {
            characters[position++] = 'x';
        }
        position = put(characters, position, orderId, isDecimal ? DECIMAL : SHORTENED);
        characters[position++] = '-';
        return put(characters, position, round, DECIMAL);
    }

    private static int put(byte[] characters, int begin, long number, int radix) {
        int end = begin + digits(number, radix);
        int position = end;
        for (long rest = number; position > begin; rest /= radix) {
            characters[--position] = (byte) Character.forDigit((int) (rest % radix), radix);
        }
        return end;
    }

    private static int digits(long number, int radix) {
        int digits = 1;
        for (long rest = number / radix; rest > 0; rest /= radix) {
            digits++;
        }
        return digits;
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

    /** Takes an event and writes its difference from the event before into a change. */
    void take(OrderEvent event, Change change) {
        long fall = Math.max(0, bookVolume - event.volume());
        boolean isEnd = event.kind() == OrderEvent.Kind.DELETED || event.volume() == 0;
        boolean isReplace = !isEnd && (event.priceMicros() != bookPriceMicros || event.volume() > bookVolume);
        bookPriceMicros = event.priceMicros();
        bookVolume = event.volume();
        change.set(event.timestampMs(), fall, event.priceMicros(), event.volume(), isReplace, isEnd);
    }

    long bookPriceMicros() {
        return bookPriceMicros;
    }

    /** The change that has waited longest for an answer; null: none. */
    Change firstWaiting() {
        return firstWaiting;
    }

    void addWaiting(Change change) {
        change.next(null);
        if (firstWaiting == null) {
            firstWaiting = change;
        } else {
            lastWaiting.next(change);
        }
        lastWaiting = change;
    }

    void removeFirstWaiting() {
        firstWaiting = firstWaiting.next();
    }

    /** Is the order still in the book? */
    boolean isInBook() {
        return isInBook;
    }

    void leftBook() {
        isInBook = false;
    }

    /** Has the order left the book, with no answer and no change pending? */
    boolean isDone() {
        return !isInBook && !isAwaitingAnswer() && firstWaiting == null;
    }

    boolean isRetired() {
        return isRetired;
    }

    void retired() {
        isRetired = true;
    }

    long nextExecutionId() {
        lastExecutionId++;
        return lastExecutionId;
    }

    void traded(long quantity) {
        leavesQuantity -= quantity;
        tradedQuantity += quantity;
    }

    void replacing(Change terms) {
        replacementPriceMicros = terms.priceMicros();
        replacementQuantity = terms.volume();
        state = State.REPLACING;
    }

    void replaced() {
        priceMicros = replacementPriceMicros;
        leavesQuantity = replacementQuantity;
        state = State.STANDING;
    }

    long standingMs(long nowMs) {
        return nowMs - createdMs;
    }

    void ended() {
        leavesQuantity = 0;
        state = State.ENDED;
    }

    /** Difference between one event of the book and the event before. Reused once it is applied. */
    static final class Change {
        private long timestampMs;
        private long fall;
        private long priceMicros;
        private long volume;
        private boolean isReplace;
        private boolean isEnd;
        private Change next;

        void set(long timestampMs, long fall, long priceMicros, long volume, boolean isReplace, boolean isEnd) {
            this.timestampMs = timestampMs;
            this.fall = fall;
            this.priceMicros = priceMicros;
            this.volume = volume;
            this.isReplace = isReplace;
            this.isEnd = isEnd;
        }

        /** Time of the event, in ms since 1970. */
        long timestampMs() {
            return timestampMs;
        }

        /** Fall of the volume, which is what traded; 0 and above. */
        long fall() {
            return fall;
        }

        /** The price after it. */
        long priceMicros() {
            return priceMicros;
        }

        /** The volume after it. */
        long volume() {
            return volume;
        }

        /** Did the price change or the volume rise? */
        boolean isReplace() {
            return isReplace;
        }

        /** Does the order leave the book? */
        boolean isEnd() {
            return isEnd;
        }

        /** The change that waits behind this one; null: none. */
        Change next() {
            return next;
        }

        void next(Change behind) {
            next = behind;
        }
    }
}
