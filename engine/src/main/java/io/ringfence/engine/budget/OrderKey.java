package io.ringfence.engine.budget;

/**
 * Packs the account, side and instrument that a hold belongs to into one long: account slot 30 bits | side 2 bits |
 * instrument 32 bits.
 *
 * <p>The side of an order is {@link #BUY} or {@link #SELL}; a hold that is not an order has side 0 and instrument 0. A key is
 * never negative. A value that does not fit its bits throws, so none can change another.
 */
final class OrderKey {
    /** No account; also in rows that are not in use. */
    static final long NONE = -1;

    static final int BUY = 1;
    static final int SELL = 2;

    private static final int SIDE_SHIFT = 32;
    private static final int SLOT_SHIFT = 34;
    private static final long INSTRUMENT_MASK = 0xFFFF_FFFFL;

    private OrderKey() {}

    /** Key of a hold that is not an order. */
    static long plain(int accountSlot) {
        return (long) accountSlot << SLOT_SHIFT;
    }

    /**
     * Key of an order.
     *
     * @param side         {@link #BUY} or {@link #SELL}; anything else throws.
     * @param instrumentId 0 to 2^32-1; anything else throws.
     */
    static long order(int accountSlot, int side, long instrumentId) {
        checkSide(side);
        if ((instrumentId & ~INSTRUMENT_MASK) != 0) {
            throw new IllegalArgumentException("instrumentId must fit 32 bits: instrumentId=" + instrumentId);
        }
        return plain(accountSlot) | (long) side << SIDE_SHIFT | instrumentId;
    }

    /** Throws unless the side is {@link #BUY} or {@link #SELL}. */
    static void checkSide(int side) {
        if (side != BUY && side != SELL) {
            throw new IllegalArgumentException("side must be 1 (buy) or 2 (sell): side=" + side);
        }
    }

    static int accountSlot(long key) {
        return (int) (key >>> SLOT_SHIFT);
    }

    /** {@link #BUY}, {@link #SELL}, or 0 for a hold that is not an order. */
    static int side(long key) {
        return (int) (key >>> SIDE_SHIFT & 3);
    }

    static long instrumentId(long key) {
        return key & INSTRUMENT_MASK;
    }

    static boolean isOrder(long key) {
        return side(key) != 0;
    }

    /** What a traded quantity adds to the position: the quantity of a buy, its negative of a sell. */
    static long signed(long key, long quantity) {
        return side(key) == SELL ? -quantity : quantity;
    }
}
