package io.ringfence.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringfence.schemas.SchemaXml.Item;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the schema to its promise that whatever has a name has a description, and whatever is a quantity a unit. */
class SchemaDescriptionTest {
    private static final SchemaXml SCHEMA = SchemaXml.read();
    private static final Map<String, Pattern> UNIT_BY_ENDING = Map.ofEntries(
            Map.entry("Micros", Pattern.compile("\\bmicros\\b|\\bmicroseconds\\b")),
            Map.entry("Bps", Pattern.compile("\\bbps\\b")),
            Map.entry("Ns", Pattern.compile("\\bns\\b")),
            Map.entry("Ms", Pattern.compile("\\bms\\b")),
            Map.entry("Units", Pattern.compile("\\bunits\\b")),
            Map.entry("uantity", Pattern.compile("1e-8 units")),
            Map.entry("uantityIncrement", Pattern.compile("1e-8 units")),
            Map.entry("ength", Pattern.compile("\\b[Bb]ytes\\b")),
            Map.entry("successes", Pattern.compile("1/256")),
            Map.entry("failures", Pattern.compile("1/256")),
            Map.entry("Z", Pattern.compile("hundredths")));

    @Test
    void shouldDescribeWhateverHasAName() {
        Predicate<Item> isBare = item -> item.description().isBlank();

        List<String> bare = named(isBare);

        assertEquals(List.of(), bare);
    }

    @Test
    void shouldDescribeInSentences() {
        Predicate<Item> isNoSentence = item -> !item.description().matches("(?s).*[.?]");

        List<String> fragments = named(isNoSentence);

        assertEquals(List.of(), fragments);
    }

    @Test
    void shouldStateTheUnitOfEachQuantity() {
        Predicate<Item> lacksUnit = item -> item.tag().equals("field")
                && UNIT_BY_ENDING.entrySet().stream()
                        .filter(unit -> item.name().endsWith(unit.getKey()))
                        .anyMatch(unit -> !unit.getValue()
                                .matcher(item.description() + " "
                                        + SCHEMA.typeOf(item).description())
                                .find());

        List<String> unitless = named(lacksUnit);

        assertEquals(List.of(), unitless);
    }

    private static List<String> named(Predicate<Item> predicate) {
        return Stream.concat(SCHEMA.messages().stream(), SCHEMA.types().stream())
                .flatMap(parent -> parent.withInner()
                        .filter(predicate)
                        .map(item -> parent.name() + "/" + item.name() + ": " + item.description()))
                .toList();
    }
}
