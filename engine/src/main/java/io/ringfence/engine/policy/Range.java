package io.ringfence.engine.policy;

/** Keeps values within the unsigned types that the canonical layout gives them. */
final class Range {
    private static final long U8_MAX = 0xFFL;
    private static final long U16_MAX = 0xFFFFL;
    private static final long U32_MAX = 0xFFFF_FFFFL;

    private Range() {}

    static void checkU8(String name, long value) {
        check(name, value, U8_MAX);
    }

    static void checkU16(String name, long value) {
        check(name, value, U16_MAX);
    }

    static void checkU32(String name, long value) {
        check(name, value, U32_MAX);
    }

    private static void check(String name, long value, long max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(name + " must be 0.." + max + ": " + name + "=" + value);
        }
    }
}
