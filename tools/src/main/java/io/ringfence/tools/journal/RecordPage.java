package io.ringfence.tools.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.schemas.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Formats a record's {@link RecordJson} object as a page: the answer and its reason first, then every other field. */
final class RecordPage {
    /** Fields that the first lines show; they are not repeated below. */
    private static final Set<String> SAID =
            Set.of("sequence", "timestamp_ns", "time", "kind", "session_id", "principal_id", "action", "reason", "why");

    private RecordPage() {}

    /** The page. */
    static String of(ObjectNode record) {
        StringBuilder page = new StringBuilder(heading(record));
        for (Map.Entry<String, JsonNode> field : record.properties()) {
            if (!SAID.contains(field.getKey()) && !field.getValue().isNull()) {
                rows(page, Words.label(field.getKey()), field.getKey(), field.getValue());
            }
        }
        return page.toString().stripTrailing() + System.lineSeparator();
    }

    /** Which record, and the answer with its reason; an empty line behind each. */
    static String heading(ObjectNode record) {
        return new StringBuilder("record ")
                .append(record.path("sequence").asText())
                .append(", ")
                .append(record.path("kind").asText())
                .append(" at ")
                .append(record.path("time").asText())
                .append(", principal ")
                .append(record.path("principal_id").asText())
                .append(", session ")
                .append(record.path("session_id").asText())
                .append("\n\n  ")
                .append(verdict(record))
                .append(record.path("why").asText())
                .append("\n\n")
                .toString();
    }

    private static String verdict(ObjectNode record) {
        String action = record.path("action").asText();
        String reason = record.path("reason").asText("");
        if (record.path("reason").isNull()) {
            return "";
        }
        return action.equals(Action.NOTHING_GRANTED.name()) ? reason + ". " : action + ", " + reason + ". ";
    }

    private static void rows(StringBuilder page, String label, String name, JsonNode value) {
        if (value.isArray() && value.path(0).isTextual()) {
            List<String> texts = new ArrayList<>();
            value.forEach(element -> texts.add(element.asText()));
            row(page, label, String.join(", ", texts));
        } else if (value.isArray()) {
            value.forEach(element -> row(page, label, Words.fields(element)));
        } else {
            row(page, label, value.isObject() ? Words.fields(value) : Words.text(name, value));
        }
    }

    private static void row(StringBuilder page, String label, String text) {
        page.append(String.format(Locale.ROOT, "  %-20s %s%n", label, text));
    }
}
