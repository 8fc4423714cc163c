package io.ringfence.tools.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;

/** Takes exact whole numbers out of JSON and refuses what their type cannot hold. */
final class Numbers {
    private Numbers() {}

    /** The fields of an array of so many numbers. */
    static JsonNode row(JsonNode parent, String name, int size) {
        return sized(parent.path(name), name, size);
    }

    static JsonNode sized(JsonNode row, String name, int size) {
        if (!row.isArray() || row.size() != size) {
            throw new IllegalArgumentException(name + " must be an array of " + size + ": " + row);
        }
        return row;
    }

    /** A number of 0..2^64-1, as bits. */
    static long u64(JsonNode node) {
        return unsigned(node, Long.SIZE).longValue();
    }

    /** A number of 0..2^32-1. */
    static long u32(JsonNode node) {
        return unsigned(node, Integer.SIZE).longValue();
    }

    /** A number of 0..65535. */
    static int u16(JsonNode node) {
        return unsigned(node, Short.SIZE).intValue();
    }

    /** A number of 0..255. */
    static int u8(JsonNode node) {
        return unsigned(node, Byte.SIZE).intValue();
    }

    /** A signed long. */
    static long i64(JsonNode node) {
        BigInteger value = whole(node);
        if (value.bitLength() > Long.SIZE - 1) {
            throw new IllegalArgumentException("a number must fit in i64: " + node);
        }
        return value.longValue();
    }

    private static BigInteger unsigned(JsonNode node, int bits) {
        BigInteger value = whole(node);
        if (value.signum() < 0 || value.bitLength() > bits) {
            throw new IllegalArgumentException("a number must fit in u" + bits + ": " + node);
        }
        return value;
    }

    private static BigInteger whole(JsonNode node) {
        if (!node.isIntegralNumber()) {
            throw new IllegalArgumentException("a whole number was expected: " + node);
        }
        return node.bigIntegerValue();
    }
}
