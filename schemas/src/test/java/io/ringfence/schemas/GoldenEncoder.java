package io.ringfence.schemas;

import io.ringfence.schemas.SchemaXml.Item;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;

/** Writes a golden's values through the generated encoder of its message, each field by its schema name. */
final class GoldenEncoder {
    private final SchemaXml schema;
    private final Golden golden;

    GoldenEncoder(SchemaXml schema, Golden golden) {
        this.schema = schema;
        this.golden = golden;
    }

    byte[] encode(Item message) {
        MutableDirectBuffer buffer = new ExpandableArrayBuffer();
        Object encoder = Calls.create(message.name() + "Encoder");
        if (golden.hasMessageHeader()) {
            Calls.call(encoder, "wrapAndApplyHeader", buffer, 0L, new MessageHeaderEncoder());
        } else {
            Calls.call(encoder, "wrap", buffer, 0L);
        }

        write(encoder, message, "");

        byte[] bytes = new byte[(int) Calls.call(encoder, "limit")];
        buffer.getBytes(0, bytes);
        return bytes;
    }

    private void write(Object encoder, Item parent, String prefix) {
        for (Item item : parent.items()) {
            String path = prefix + item.name();
            if (item.tag().equals("group")) {
                writeGroup(encoder, item, path);
            } else {
                writeField(encoder, item, path);
            }
        }
    }

    private void writeGroup(Object encoder, Item group, String path) {
        long count = Long.parseLong(golden.value(path + ".numInGroup"));
        Object entry = Calls.call(encoder, group.name() + "Count", count);
        for (int i = 0; i < count; i++) {
            Calls.call(entry, "next");
            write(entry, group, path + "[" + i + "].");
        }
    }

    private void writeField(Object encoder, Item field, String path) {
        switch (schema.shapeOf(field)) {
            case COMPOSITE -> write(Calls.call(encoder, field.name()), schema.typeOf(field), path + ".");
            case ENUM -> Calls.call(encoder, field.name(), constant(field, golden.value(path)));
            case SET -> {
                List<String> chosen = List.of(golden.value(path).split("[{,}]"));
                Object bits = Calls.call(encoder, field.name());
                schema.codes(field.type())
                        .keySet()
                        .forEach(choice -> Calls.call(bits, choice, chosen.contains(choice)));
            }
            case TEXT -> Calls.call(encoder, field.name(), golden.value(path));
            case BYTES -> {
                byte[] bytes = HexFormat.of().parseHex(golden.value(path));
                Calls.call(encoder, "put" + field.capitalName(), bytes, 0L, (long) bytes.length);
            }
            case NUMBER -> Calls.call(encoder, field.name(), number(golden.value(path)));
        }
    }

    private Object constant(Item field, String name) {
        return Arrays.stream(Calls.type(field.type()).getEnumConstants())
                .filter(constant -> constant.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such value: " + field.type() + "." + name));
    }

    private static long number(String value) {
        return value.startsWith("-") ? Long.parseLong(value) : Long.parseUnsignedLong(value);
    }
}
