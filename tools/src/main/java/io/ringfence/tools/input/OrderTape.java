package io.ringfence.tools.input;

import io.ringfence.schemas.Side;
import io.ringfence.tools.ExitCode.StoppedException;
import io.ringfence.tools.StopSignal;
import java.util.Arrays;

/**
 * Keeps the events of a source in memory, 34 bytes each, so that they can be played again at full speed.
 *
 * <p>For one thread.
 */
public final class OrderTape implements OrderEvent.Source {
    private static final int INITIAL_CAPACITY = 1 << 14;
    private static final int EVENTS_A_LOOK = 1 << 12;
    private static final OrderEvent.Kind[] KINDS = OrderEvent.Kind.values();

    private final OrderEvent event = new OrderEvent();

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

    /**
     * Copies the remaining events of a source.
     *
     * @throws StoppedException when the process is asked to end meanwhile.
     */
    public static OrderTape of(OrderEvent.Source source) {
        return of(source, Long.MAX_VALUE);
    }

    /** Copies the remaining events of a source, up to the first that would create one order too many. */
    public static OrderTape of(OrderEvent.Source source, long ordersMax) {
        OrderTape tape = new OrderTape();
        while (source.advance()
                && (source.event().kind() != OrderEvent.Kind.CREATED || tape.createdCount < ordersMax)) {
            tape.add(source.event());
            if (tape.count % EVENTS_A_LOOK == 0) {
                StopSignal.requireNotAsked("only a part of the input was read, and nothing was sent");
            }
        }
        return tape;
    }

    /** Number of events. */
    public int count() {
        return count;
    }

    /** Number of events that are {@link OrderEvent.Kind#CREATED}. */
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
        event.set(
                orderIds[position],
                timestampsMs[position],
                KINDS[kinds[position]],
                isBuy[position] ? Side.BUY : Side.SELL,
                pricesMicros[position],
                volumes[position]);
        return true;
    }

    @Override
    public OrderEvent event() {
        return event;
    }

    private void add(OrderEvent added) {
        if (count == orderIds.length) {
            grow(Math.multiplyExact(count, 2));
        }
        orderIds[count] = added.orderId();
        timestampsMs[count] = added.timestampMs();
        pricesMicros[count] = added.priceMicros();
        volumes[count] = added.volume();
        kinds[count] = (byte) added.kind().ordinal();
        isBuy[count] = added.side() == Side.BUY;
        createdCount += added.kind() == OrderEvent.Kind.CREATED ? 1 : 0;
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
