package io.ringfence.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringfence.schemas.SchemaXml.Item;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds optional fields to SBE's own null values, so that every language's codecs agree on what is absent. */
class OptionalFieldTest {
    private static final SchemaXml SCHEMA = SchemaXml.read();
    private static final Map<String, Long> SBE_NULL = Map.of(
            "uint8",
            0xFFL,
            "uint16",
            0xFFFFL,
            "uint32",
            0xFFFF_FFFFL,
            "uint64",
            -1L,
            "int16",
            (long) Short.MIN_VALUE,
            "int64",
            Long.MIN_VALUE);

    @Test
    void shouldUseTheNullValuesOfSbe() {
        Stream<Item> types = SCHEMA.types().stream().flatMap(Item::withInner);

        List<String> own = types.filter(type -> type.attributes().containsKey("nullValue"))
                .map(Item::name)
                .toList();

        assertEquals(List.of(), own);
    }

    @Test
    void shouldReadTheNullValuesOfSbeInGeneratedCodecs() {
        for (Item message : SCHEMA.messages()) {
            Object decoder = Calls.create(message.name() + "Decoder");
            message.items().stream().filter(this::isOptional).forEach(field -> {
                long expected = SBE_NULL.get(SchemaXml.primitiveOf(SCHEMA.typeOf(field)));

                Number actual = (Number) Calls.call(decoder, field.name() + "NullValue");

                assertEquals(expected, actual.longValue(), () -> message.name() + "." + field.name());
            });
        }
    }

    @Test
    void shouldBeOptionalWhereTheDescriptionSpeaksOfNull() {
        List<String> required = SCHEMA.messages().stream()
                .flatMap(message -> message.withInner()
                        .filter(item -> item.tag().equals("field") && !isOptional(item))
                        .filter(item -> item.description().matches(".*\\b[Nn]ull\\b.*"))
                        .map(item -> message.name() + "." + item.name()))
                .toList();

        assertEquals(List.of(), required);
    }

    private boolean isOptional(Item field) {
        return SCHEMA.typeOf(field).isOptional();
    }
}
