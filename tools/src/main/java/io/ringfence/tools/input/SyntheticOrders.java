package io.ringfence.tools.input;

import io.ringfence.schemas.Side;
import java.util.SplittableRandom;

/**
 * Makes order events on the spot, without end: the same seed, the same events on every machine.
 *
 * <p>A book around a wandering price. Half of the events are new orders while the book is small; the others change one that
 * stands: six in ten are deleted untraded, two traded in part, one traded whole, one moved to another price, half of these with
 * twice the volume. One order in 64 stands far from the price, one in 2,048 at ten times the price. For one thread.
 */
public final class SyntheticOrders implements OrderEvent.Source {
    private static final long START_MS = 1_767_225_600_000L; // 2026-01-01T00:00:00Z
    private static final int GAP_MAX_MS = 40;
    private static final int OPEN_MAX = 512;
    private static final long MICROS_PER_CENT = 10_000;
    private static final int START_CENTS = 23_500;
    private static final int LEAST_CENTS = 10_000;
    private static final int MOST_CENTS = 50_000;
    private static final int NEAR_CENTS = 250;
    private static final int VOLUME_BITS_LEAST = 20;
    private static final int VOLUME_BITS_SPREAD = 12;
    private static final long VOLUME_GROWN_MAX = 1L << 33;

    private final SplittableRandom random;
    private final long[] openIds = new long[OPEN_MAX];
    private final long[] openPricesMicros = new long[OPEN_MAX];
    private final long[] openVolumes = new long[OPEN_MAX];
    private final boolean[] isOpenBuy = new boolean[OPEN_MAX];
    private final OrderEvent event = new OrderEvent();
    private int openCount;
    private int middleCents = START_CENTS;
    private long lastOrderId;
    private long timestampMs = START_MS;

    /** Starts the flow of a seed; equal seeds give equal flows. */
    public SyntheticOrders(long seed) {
        random = new SplittableRandom(seed);
    }

    /** Makes one more event; always true. */
    @Override
    public boolean advance() {
        timestampMs += random.nextInt(GAP_MAX_MS);
        boolean isNew = openCount == 0 || (openCount < OPEN_MAX && random.nextBoolean());
        if (isNew) {
            create();
        } else {
            act(random.nextInt(openCount));
        }
        return true;
    }

    @Override
    public OrderEvent event() {
        return event;
    }

    private void create() {
        int step = random.nextInt(-20, 21);
        middleCents = Math.max(LEAST_CENTS, Math.min(MOST_CENTS, middleCents + step));
        lastOrderId++;
        boolean isBuy = random.nextBoolean();
        int bits = VOLUME_BITS_LEAST + random.nextInt(VOLUME_BITS_SPREAD);
        openIds[openCount] = lastOrderId;
        openPricesMicros[openCount] = newPriceMicros(isBuy);
        openVolumes[openCount] = (1L << bits) + random.nextLong(1L << bits);
        isOpenBuy[openCount] = isBuy;
        show(openCount, OrderEvent.Kind.CREATED);
        openCount++;
    }

    private long newPriceMicros(boolean isBuy) {
        int draw = random.nextInt(2_048);
        long cents;
        if (draw == 0) {
            cents = 10L * middleCents;
        } else if (draw < 32) {
            cents = isBuy
                    ? middleCents / 2 + random.nextInt(middleCents / 2)
                    : middleCents + random.nextInt(middleCents);
        } else {
            int away = random.nextInt(NEAR_CENTS);
            cents = isBuy ? middleCents - away : middleCents + away;
        }
        return cents * MICROS_PER_CENT;
    }

    private void act(int index) {
        int draw = random.nextInt(10);
        if (draw < 6) {
            delete(index);
        } else if (draw < 8 && openVolumes[index] > 1) {
            openVolumes[index] -= 1 + random.nextLong(openVolumes[index] - 1);
            show(index, OrderEvent.Kind.CHANGED);
        } else if (draw < 9) {
            openVolumes[index] = 0;
            delete(index);
        } else {
            openPricesMicros[index] = newPriceMicros(isOpenBuy[index]);
            openVolumes[index] *= openVolumes[index] < VOLUME_GROWN_MAX && random.nextBoolean() ? 2 : 1;
            show(index, OrderEvent.Kind.CHANGED);
        }
    }

    private void delete(int index) {
        show(index, OrderEvent.Kind.DELETED);
        openCount--;
        openIds[index] = openIds[openCount];
        openPricesMicros[index] = openPricesMicros[openCount];
        openVolumes[index] = openVolumes[openCount];
        isOpenBuy[index] = isOpenBuy[openCount];
    }

    private void show(int index, OrderEvent.Kind kind) {
        event.set(
                openIds[index],
                timestampMs,
                kind,
                isOpenBuy[index] ? Side.BUY : Side.SELL,
                openPricesMicros[index],
                openVolumes[index]);
    }
}
