package io.ringfence.schemas;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The committed bytes of one message. Each line holds a field's path, its bytes on the wire in hex, its value; they
 * were packed from the schema's field order by other code than the generated codecs.
 */
final class Golden {
    static final Path DIRECTORY = Path.of("src", "test", "resources", "golden");

    private final Map<String, String> values = new LinkedHashMap<>();
    private final byte[] bytes;

    private Golden(Path file) throws IOException {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        for (String line : Files.readAllLines(file)) {
            if (!line.startsWith("#")) {
                String[] columns = line.split(" +", 3);
                wire.write(HexFormat.of().parseHex(columns[1]));
                values.put(columns[0], columns[2]);
            }
        }
        bytes = wire.toByteArray();
    }

    static Golden of(String messageName) {
        try {
            return new Golden(DIRECTORY.resolve(messageName + ".txt"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] bytes() {
        return bytes.clone();
    }

    String value(String path) {
        String value = values.get(path);
        if (value == null) {
            throw new IllegalArgumentException("the golden lacks a field: path=" + path);
        }
        return value;
    }

    /** Each field's value as text by its path, in wire order, without headers, group dimensions and lengths. */
    Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>(values);
        fields.keySet().removeIf(Golden::isFraming);
        return fields;
    }

    boolean hasMessageHeader() {
        return values.containsKey("messageHeader.templateId");
    }

    private static boolean isFraming(String path) {
        return path.startsWith("messageHeader.")
                || path.endsWith(".blockLength")
                || path.endsWith(".numInGroup")
                || path.endsWith(".length");
    }
}
