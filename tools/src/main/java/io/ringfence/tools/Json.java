package io.ringfence.tools;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.HexFormat;

/** Writes what {@code --json} prints: objects on one line, with the values of the wire as JSON numbers, texts and nulls. */
public final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final long OPEN = -1;

    private Json() {}

    /** An empty object. It prints its fields in the order in which they were put. */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** The node in one line, without a line end. */
    public static String text(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree of plain values can be written", impossible);
        }
    }

    /** Puts a u64 that is carried by its bits. */
    public static void unsigned(ObjectNode object, String name, long bits) {
        if (bits >= 0) {
            object.put(name, bits);
        } else {
            object.put(name, new BigInteger(Long.toUnsignedString(bits)));
        }
    }

    /** Puts a u64, or null when it is the null value. */
    public static void unsignedOrNull(ObjectNode object, String name, long bits, long nullValue) {
        if (bits == nullValue) {
            object.putNull(name);
        } else {
            unsigned(object, name, bits);
        }
    }

    /** Puts a u64 limit or mask, or null when it is all ones, which means no limit. */
    public static void unsignedOrOpen(ObjectNode object, String name, long bits) {
        unsignedOrNull(object, name, bits, OPEN);
    }

    /** Puts a signed or smaller number, or null when it is the null value. */
    public static void orNull(ObjectNode object, String name, long value, long nullValue) {
        if (value == nullValue) {
            object.putNull(name);
        } else {
            object.put(name, value);
        }
    }

    /** Puts a text, or null when it is empty. */
    public static void textOrNull(ObjectNode object, String name, String text) {
        object.put(name, text.isEmpty() ? null : text);
    }

    /** Puts bytes in lower-case hexadecimal digits. */
    public static void hex(ObjectNode object, String name, byte[] bytes) {
        object.put(name, HexFormat.of().formatHex(bytes));
    }
}
