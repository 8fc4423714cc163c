package io.ringfence.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.schemas.SchemaXml.Item;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Holds every id of the schema to the list of all ids ever given, to which lines may be added and none removed. */
class SchemaIdentityTest {
    private static final Path EVER_GIVEN = Path.of("src", "test", "resources", "ids.txt");
    private static final SchemaXml SCHEMA = SchemaXml.read();

    @Test
    void shouldGiveEachIdOnce() throws IOException {
        everGiven()
                .forEach((scope, ids) -> assertEquals(
                        ids.size(), new HashSet<>(ids.values()).size(), () -> scope + " gives an id twice: " + ids));
    }

    @Test
    void shouldKeepEachIdForTheNameItWasGivenTo() throws IOException {
        Map<String, Map<String, Integer>> everGiven = everGiven();

        current()
                .forEach((scope, ids) -> assertTrue(
                        everGiven.getOrDefault(scope, Map.of()).entrySet().containsAll(ids.entrySet()),
                        () -> scope + " differs from ids.txt: " + ids + " against " + everGiven.get(scope)));
    }

    @Test
    void shouldUseEachIdOfTheSchemaOnce() {
        current()
                .forEach((scope, ids) -> assertEquals(
                        ids.size(), new HashSet<>(ids.values()).size(), () -> scope + " uses an id twice: " + ids));
    }

    /** Ids by name within each scope: all messages, the fields of each message, the values of each enum, the bits of each set. */
    private static Map<String, Map<String, Integer>> current() {
        Map<String, Map<String, Integer>> scopes = new LinkedHashMap<>();
        Map<String, Integer> templates = scopes.computeIfAbsent("messages", name -> new LinkedHashMap<>());
        for (Item message : SCHEMA.messages()) {
            templates.put(message.name(), message.id());
            Map<String, Integer> fields = scopes.computeIfAbsent(message.name(), name -> new LinkedHashMap<>());
            message.items().forEach(item -> addFieldIds(fields, item, ""));
        }
        for (Item type : SCHEMA.types()) {
            if (type.tag().equals("enum") || type.tag().equals("set")) {
                scopes.put(type.name(), SCHEMA.codes(type.name()));
            }
        }
        return scopes;
    }

    private static void addFieldIds(Map<String, Integer> ids, Item item, String prefix) {
        ids.put(prefix + item.name(), item.id());
        item.items().forEach(inner -> addFieldIds(ids, inner, prefix + item.name() + "."));
    }

    /** Each line: a scope, a colon, then name=id separated by blanks. */
    private static Map<String, Map<String, Integer>> everGiven() throws IOException {
        Map<String, Map<String, Integer>> scopes = new LinkedHashMap<>();
        for (String line : Files.readAllLines(EVER_GIVEN)) {
            if (!line.startsWith("#")) {
                String[] parts = line.split(": ", 2);
                Map<String, Integer> ids = new LinkedHashMap<>();
                Arrays.stream(parts[1].split(" "))
                        .map(pair -> pair.split("="))
                        .forEach(pair -> ids.put(pair[0], Integer.valueOf(pair[1])));
                scopes.put(parts[0], ids);
            }
        }
        return scopes;
    }
}
