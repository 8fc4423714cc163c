package io.ringfence.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.HexFormat;

/** Puts values into JSON as the wire means them. */
public final class Fields {
    private static final long OPEN = -1;

    private Fields() {}

    /** A u64 that is carried by its bits. */
    public static void unsigned(ObjectNode object, String name, long bits) {
        if (bits >= 0) {
            object.put(name, bits);
        } else {
            object.put(name, new BigInteger(Long.toUnsignedString(bits)));
        }
    }

    /** A u64, or null where it has the null value. */
    public static void unsignedOrNull(ObjectNode object, String name, long bits, long nullValue) {
        if (bits == nullValue) {
            object.putNull(name);
        } else {
            unsigned(object, name, bits);
        }
    }

    /** A u64 that all ones leave open, as a limit or a mask; null then. */
    public static void unsignedOrOpen(ObjectNode object, String name, long bits) {
        unsignedOrNull(object, name, bits, OPEN);
    }

    /** A signed or smaller number, or null where it has the null value. */
    public static void orNull(ObjectNode object, String name, long value, long nullValue) {
        if (value == nullValue) {
            object.putNull(name);
        } else {
            object.put(name, value);
        }
    }

    /** A text, or null where it is empty. */
    public static void textOrNull(ObjectNode object, String name, String text) {
        object.put(name, text.isEmpty() ? null : text);
    }

    /** Bytes in lower-case hex. */
    public static void hex(ObjectNode object, String name, byte[] bytes) {
        object.put(name, HexFormat.of().formatHex(bytes));
    }
}
