package io.ringfence.tools.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;

/** Compares one case's results as JSON text, in which every integer is exact, and keeps the first difference. */
final class ExpectedResults {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final String name;
    private String difference;

    ExpectedResults(String name) {
        this.name = name;
    }

    void expect(String what, JsonNode expected, Object actual) {
        String actualText = MAPPER.valueToTree(actual).toString();
        if (difference == null && !expected.toString().equals(actualText)) {
            difference = name + ", " + what + ": expected " + expected + ", actual " + actualText;
        }
    }

    Optional<String> difference() {
        return Optional.ofNullable(difference);
    }
}
