package io.ringfence.schemas;

import io.ringfence.schemas.SchemaXml.Item;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Reads a message's bytes through its generated decoder into text values by path, as a golden states them. */
final class GoldenDecoder {
    private final Map<String, String> fields = new LinkedHashMap<>();
    private final SchemaXml schema;

    GoldenDecoder(SchemaXml schema) {
        this.schema = schema;
    }

    Map<String, String> decode(Item message, byte[] bytes, boolean hasMessageHeader) {
        DirectBuffer buffer = new UnsafeBuffer(bytes);
        Object decoder = Calls.create(message.name() + "Decoder");
        if (hasMessageHeader) {
            Calls.call(decoder, "wrapAndApplyHeader", buffer, 0L, new MessageHeaderDecoder());
        } else {
            long blockLength = schema.blockLength(message);
            Calls.call(decoder, "wrap", buffer, 0L, blockLength, (long) MessageHeaderDecoder.SCHEMA_VERSION);
        }

        read(decoder, message, "");
        return fields;
    }

    private void read(Object decoder, Item parent, String prefix) {
        for (Item item : parent.items()) {
            String path = prefix + item.name();
            if (item.tag().equals("group")) {
                readGroup(decoder, item, path);
            } else {
                readField(decoder, item, path);
            }
        }
    }

    private void readGroup(Object decoder, Item group, String path) {
        Object entry = Calls.call(decoder, group.name());
        int count = (int) Calls.call(entry, "count");
        for (int i = 0; i < count; i++) {
            Calls.call(entry, "next");
            read(entry, group, path + "[" + i + "].");
        }
    }

    private void readField(Object decoder, Item field, String path) {
        switch (schema.shapeOf(field)) {
            case COMPOSITE -> read(Calls.call(decoder, field.name()), schema.typeOf(field), path + ".");
            case ENUM, SET, TEXT ->
                fields.put(path, Calls.call(decoder, field.name()).toString());
            case BYTES -> fields.put(path, HexFormat.of().formatHex(bytes(decoder, field)));
            case NUMBER -> fields.put(path, number(field, (Number) Calls.call(decoder, field.name())));
        }
    }

    private static byte[] bytes(Object decoder, Item field) {
        byte[] bytes = new byte[(int) Calls.call(decoder, field.name() + "Length")];
        Calls.call(decoder, "get" + field.capitalName(), bytes, 0L, (long) bytes.length);
        return bytes;
    }

    private String number(Item field, Number value) {
        return SchemaXml.primitiveOf(schema.typeOf(field)).equals("uint64")
                ? Long.toUnsignedString(value.longValue())
                : Long.toString(value.longValue());
    }
}
