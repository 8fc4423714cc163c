package io.ringfence.tools.journal;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Formats JSON fields for a person: labels in words, amounts and quantities as decimals. */
final class Words {
    private static final String MICROS = "_micros";
    private static final int MICRO_DIGITS = 6;
    private static final int QUANTITY_DIGITS = 8;

    private Words() {}

    /** The fields of an object that are not null, in one line. */
    static String fields(JsonNode object) {
        List<String> texts = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (field.getValue().isObject() && !field.getValue().isEmpty()) {
                texts.add(label(field.getKey()) + " (" + fields(field.getValue()) + ")");
            } else if (field.getValue().isValueNode() && !field.getValue().isNull()) {
                texts.add(named(field.getKey(), field.getValue()));
            }
        }
        return String.join(", ", texts);
    }

    /** A value behind its label. */
    static String named(String name, JsonNode value) {
        return label(name) + " " + text(name, value);
    }

    /** A field's name in words; codes stay as they are. */
    static String label(String name) {
        if (Character.isUpperCase(name.charAt(0))) {
            return name;
        }
        String label = name.endsWith(MICROS) ? name.substring(0, name.length() - MICROS.length()) : name;
        return label.replace('_', ' ');
    }

    /** The name of a code in small letters, such as {@code commit part}. */
    static String ofCode(Enum<?> code) {
        return code.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** A value as text; amounts and quantities as decimals. */
    static String text(String name, JsonNode value) {
        if (value.isNumber() && name.endsWith(MICROS)) {
            return decimal(value, MICRO_DIGITS);
        }
        return value.isNumber() && name.endsWith("quantity") ? decimal(value, QUANTITY_DIGITS) : value.asText();
    }

    private static String decimal(JsonNode value, int digits) {
        return new BigDecimal(value.bigIntegerValue(), digits)
                .stripTrailingZeros()
                .toPlainString();
    }
}
