package io.ringfence.schemas;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.schemas.SchemaXml.Item;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds every message to its committed bytes. */
class GoldenBytesTest {
    private static final SchemaXml SCHEMA = SchemaXml.read();

    static List<String> messages() {
        return SCHEMA.messages().stream().map(Item::name).toList();
    }

    @Test
    void shouldHaveOneGoldenForEachMessage() throws IOException {
        Set<String> expected = messages().stream().map(name -> name + ".txt").collect(toCollection(TreeSet::new));

        try (Stream<Path> files = Files.list(Golden.DIRECTORY)) {
            Set<String> actual =
                    files.map(file -> file.getFileName().toString()).collect(toCollection(TreeSet::new));

            assertEquals(expected, actual);
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldEncodeToTheGoldenBytes(String message) {
        Golden golden = Golden.of(message);

        byte[] encoded = new GoldenEncoder(SCHEMA, golden).encode(SCHEMA.message(message));

        assertArrayEquals(golden.bytes(), encoded);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldDecodeTheGoldenBytes(String message) {
        Golden golden = Golden.of(message);

        Map<String, String> decoded =
                new GoldenDecoder(SCHEMA).decode(SCHEMA.message(message), golden.bytes(), golden.hasMessageHeader());

        assertEquals(golden.fields(), decoded);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldGiveEveryFieldAValueOfItsOwn(String message) {
        Golden golden = Golden.of(message);

        Set<String> seen = new HashSet<>();
        golden.fields().forEach((path, value) -> {
            boolean isName = value.matches("[A-Z_]+"); // An enum has too few values for all to differ.
            assertTrue(isName || seen.add(value), () -> path + " repeats " + value);
            assertTrue(!value.matches("0*"), () -> path + " is zero");
        });
    }
}
