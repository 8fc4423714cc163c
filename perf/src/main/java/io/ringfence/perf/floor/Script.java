package io.ringfence.perf.floor;

import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.OrderRequestEncoder;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.Substitution;
import io.ringfence.schemas.TimeInForce;
import io.ringfence.schemas.Tristate;
import java.util.Arrays;

/**
 * The messages that a client sends, in order, again and again.
 *
 * <p>A message that is about an order stands far enough behind it for the order's answer to be in when it is sent, as long as
 * no more messages are unanswered than the script was made for. So both contestants are sent the same messages in the same
 * order, and the client never waits for a particular answer. Each order has a slot, in which the client keeps its hold.
 */
final class Script {
    enum Kind {
        ORDER,
        REPLACE,
        EXECUTION,
        OUTCOME
    }

    private static final Kind[] KINDS = Kind.values();
    private static final ExecutionKind[] EXECUTION_KINDS = ExecutionKind.values();
    private static final long QUANTITY = 800_000_000L;
    private static final long PRICE_MICROS = 235_000_000L;
    private static final int USE_CASE = 10;
    private static final int CANDIDATE = 1;
    private static final int TURN_ORDERS = 4_096;
    private static final String EXTERNAL_ID = "FLOOR-0123456789";

    private int count;
    private int slotCount;
    private byte[] kinds = new byte[1 << 14];
    private byte[] details = new byte[1 << 14];
    private short[] useCases = new short[1 << 14];
    private int[] slots = new int[1 << 14];
    private int[] risks = new int[1 << 14];
    private int[] recordLengths = new int[1 << 14];
    private int[] executionIds = new int[1 << 14];
    private long[] candidates = new long[1 << 14];
    private long[] accounts = new long[1 << 14];
    private long[] quantities = new long[1 << 14];
    private long[] prices = new long[1 << 14];
    private long[] leaves = new long[1 << 14];

    /**
     * Orders that are admitted, and the fills that end them, in turn.
     *
     * @param inflight most messages that will be unanswered.
     */
    static Script inTurn(int inflight) {
        Script script = new Script();
        int lag = inflight / 2;
        for (int i = 0; i < TURN_ORDERS; i++) {
            script.order(
                    i, 1, USE_CASE, CANDIDATE, OrderRequestEncoder.riskBpsNullValue(), true, QUANTITY, PRICE_MICROS);
            int filled = Math.floorMod(i - lag, TURN_ORDERS);
            script.execution(filled, 1, ExecutionKind.FILL, QUANTITY, PRICE_MICROS, 0);
        }
        return script;
    }

    void order(
            int slot,
            long account,
            int useCase,
            long candidate,
            int riskBps,
            boolean isBuy,
            long quantity,
            long price) {
        int index = add(Kind.ORDER, slot, quantity, price);
        slotCount = Math.max(slotCount, slot + 1);
        details[index] = (byte) (isBuy ? 1 : 0);
        useCases[index] = (short) useCase;
        candidates[index] = candidate;
        risks[index] = riskBps;
        accounts[index] = account;
    }

    void replace(int slot, long orderQuantity, long price) {
        add(Kind.REPLACE, slot, orderQuantity, price);
    }

    void execution(int slot, int executionId, ExecutionKind kind, long quantity, long price, long leavesQuantity) {
        int index = add(Kind.EXECUTION, slot, quantity, price);
        details[index] = (byte) kind.ordinal();
        executionIds[index] = executionId;
        leaves[index] = leavesQuantity;
    }

    void outcome(int slot, boolean isSuccess) {
        int index = add(Kind.OUTCOME, slot, 0, 0); // Apart: adding may replace the arrays.
        details[index] = (byte) (isSuccess ? 1 : 0);
    }

    private int add(Kind kind, int slot, long quantity, long price) {
        if (count == kinds.length) {
            grow(2 * count);
        }
        kinds[count] = (byte) kind.ordinal();
        slots[count] = slot;
        quantities[count] = quantity;
        prices[count] = price;
        return count++;
    }

    private void grow(int capacity) {
        kinds = Arrays.copyOf(kinds, capacity);
        details = Arrays.copyOf(details, capacity);
        useCases = Arrays.copyOf(useCases, capacity);
        slots = Arrays.copyOf(slots, capacity);
        risks = Arrays.copyOf(risks, capacity);
        recordLengths = Arrays.copyOf(recordLengths, capacity);
        executionIds = Arrays.copyOf(executionIds, capacity);
        candidates = Arrays.copyOf(candidates, capacity);
        accounts = Arrays.copyOf(accounts, capacity);
        quantities = Arrays.copyOf(quantities, capacity);
        prices = Arrays.copyOf(prices, capacity);
        leaves = Arrays.copyOf(leaves, capacity);
    }

    /** Drops the messages from an index on. */
    void cut(int index) {
        count = index;
    }

    /** Number of messages. */
    int count() {
        return count;
    }

    /** Number of orders. */
    int slotCount() {
        return slotCount;
    }

    Kind kind(int index) {
        return KINDS[kinds[index]];
    }

    boolean isOrder(int index) {
        return kinds[index] == 0;
    }

    /** Slot of the order that a message is or is about. */
    int slot(int index) {
        return slots[index];
    }

    /** Length of the record that a message leads to, in bytes. */
    int recordLength(int index) {
        return recordLengths[index];
    }

    void recordLength(int index, int length) {
        recordLengths[index] = length;
    }

    /** Gives all messages of a kind one length. */
    void recordLengths(int[] lengthsByKind) {
        for (int i = 0; i < count; i++) {
            recordLengths[i] = lengthsByKind[kinds[i]];
        }
    }

    /** Mean length of a record in bytes. */
    double meanRecordLength() {
        return Arrays.stream(recordLengths, 0, count).average().orElse(0);
    }

    /**
     * Begins and fills in a message.
     *
     * @param hold of the order that it is about; not looked at for an order.
     */
    void write(int index, Link link, long hold) {
        switch (KINDS[kinds[index]]) {
            case ORDER ->
                link.order()
                        .accountId(accounts[index])
                        .useCase(useCases[index])
                        .requestedCandidateId(candidates[index])
                        .substitution(Substitution.ALLOWED)
                        .riskBps(risks[index])
                        .side(details[index] == 1 ? Side.BUY : Side.SELL)
                        .orderType(OrderType.LIMIT)
                        .timeInForce(TimeInForce.GOOD_TILL_CANCEL)
                        .quantity(quantities[index])
                        .limitPriceMicros(prices[index])
                        .traderId(1)
                        .externalId(EXTERNAL_ID);
            case REPLACE ->
                link.replace().holdId(hold).orderQuantity(quantities[index]).limitPriceMicros(prices[index]);
            case EXECUTION ->
                link.execution()
                        .holdId(hold)
                        .executionId(executionIds[index])
                        .kind(EXECUTION_KINDS[details[index]])
                        .quantity(quantities[index])
                        .priceMicros(prices[index])
                        .leavesQuantity(leaves[index]);
            case OUTCOME ->
                link.outcome()
                        .decisionSequence(hold)
                        .disposition(Disposition.APPLIED)
                        .success(details[index] == 1 ? Tristate.YES : Tristate.NO);
        }
    }
}
