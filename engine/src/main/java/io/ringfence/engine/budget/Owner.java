package io.ringfence.engine.budget;

import io.ringfence.schemas.Side;

/**
 * Packs whose money and which position an order moves: account slot 30 bits | side 2 bits | instrument 32 bits.
 *
 * <p>Side 0 is what is no order. Never negative.
 */
final class Owner {
    static final long NONE = -1;

    private static final int SIDE_SHIFT = 32;
    private static final int SLOT_SHIFT = 34;

    private Owner() {}

    static long plain(int accountSlot) {
        return (long) accountSlot << SLOT_SHIFT;
    }

    static long order(int accountSlot, short side, long instrumentId) {
        return (long) accountSlot << SLOT_SHIFT | (long) side << SIDE_SHIFT | instrumentId;
    }

    static int accountSlot(long owner) {
        return (int) (owner >>> SLOT_SHIFT);
    }

    static short side(long owner) {
        return (short) (owner >>> SIDE_SHIFT & 3);
    }

    static long instrumentId(long owner) {
        return owner & 0xFFFF_FFFFL;
    }

    static boolean isOrder(long owner) {
        return side(owner) != 0;
    }

    /** What a traded quantity adds to the position. */
    static long signed(long owner, long quantity) {
        return side(owner) == Side.SELL.value() ? -quantity : quantity;
    }
}
