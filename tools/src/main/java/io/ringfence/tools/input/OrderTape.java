package io.ringfence.tools.input;

import io.ringfence.schemas.Side;
import java.util.Arrays;

/**
 * Keeps the events of a source in memory, 34 bytes each, so that they can be played again at full speed.
 *
 * <p>For one thread.
 */
public final class OrderTape implements OrderSource {
    private static final int INITIAL_CAPACITY = 1 << 14;
    private static final OrderEventKind[] KINDS = OrderEventKind.values();

    private long[] orderIds = new long[INITIAL_CAPACITY];
    private long[] timestampsMs = new long[INITIAL_CAPACITY];
    private long[] pricesMicros = new long[INITIAL_CAPACITY];
    private long[] volumes = new long[INITIAL_CAPACITY];
    private byte[] kinds = new byte[INITIAL_CAPACITY];
    private boolean[] isBuy = new boolean[INITIAL_CAPACITY];
    private int count;
    private int createdCount;
    private int position = -1;

    private OrderTape() {}

    /** Takes all that is left of a source. */
    public static OrderTape of(OrderSource source) {
        OrderTape tape = new OrderTape();
        while (source.advance()) {
            tape.add(source);
        }
        return tape;
    }

    /** How many events it holds. */
    public int count() {
        return count;
    }

    /** How many of them are {@link OrderEventKind#CREATED}. */
    public int createdCount() {
        return createdCount;
    }

    /** Goes back before the first event. */
    public void rewind() {
        position = -1;
    }

    @Override
    public boolean advance() {
        if (position + 1 >= count) {
            return false;
        }
        position++;
        return true;
    }

    @Override
    public long orderId() {
        return orderIds[position];
    }

    @Override
    public long timestampMs() {
        return timestampsMs[position];
    }

    @Override
    public OrderEventKind kind() {
        return KINDS[kinds[position]];
    }

    @Override
    public Side side() {
        return isBuy[position] ? Side.BUY : Side.SELL;
    }

    @Override
    public long priceMicros() {
        return pricesMicros[position];
    }

    @Override
    public long volume() {
        return volumes[position];
    }

    private void add(OrderSource source) {
        if (count == orderIds.length) {
            grow(Math.multiplyExact(count, 2));
        }
        orderIds[count] = source.orderId();
        timestampsMs[count] = source.timestampMs();
        pricesMicros[count] = source.priceMicros();
        volumes[count] = source.volume();
        kinds[count] = (byte) source.kind().ordinal();
        isBuy[count] = source.side() == Side.BUY;
        createdCount += source.kind() == OrderEventKind.CREATED ? 1 : 0;
        count++;
    }

    private void grow(int capacity) {
        orderIds = Arrays.copyOf(orderIds, capacity);
        timestampsMs = Arrays.copyOf(timestampsMs, capacity);
        pricesMicros = Arrays.copyOf(pricesMicros, capacity);
        volumes = Arrays.copyOf(volumes, capacity);
        kinds = Arrays.copyOf(kinds, capacity);
        isBuy = Arrays.copyOf(isBuy, capacity);
    }
}
