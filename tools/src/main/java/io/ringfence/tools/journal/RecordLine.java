package io.ringfence.tools.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.schemas.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Formats the {@link RecordJson} object of a record as one line of a list. */
final class RecordLine {
    /** Further fields that a line shows, behind time, kind, answer, account and candidates. */
    private static final List<String> LINE_FIELDS = List.of(
            "duplicate_of",
            "hold_id",
            "settle",
            "outcome",
            "account_command",
            "principal_restart",
            "learning",
            "policy_part",
            "start",
            "session_closed");

    private RecordLine() {}

    /** The record in one line. */
    static String of(ObjectNode record) {
        List<String> details = new ArrayList<>();
        add(details, record.path("account"));
        add(details, record.path("external_id"));
        add(details, trade("side", "quantity", "limit_price_micros", record.path("order")));
        add(details, trade("kind", "quantity", "price_micros", record.path("execution")));
        add(details, trade("", "order_quantity", "limit_price_micros", record.path("replace")));
        add(details, candidates(record));
        for (String field : LINE_FIELDS) {
            JsonNode value = record.path(field);
            add(
                    details,
                    value.isObject()
                            ? Words.fields(value)
                            : value.isValueNode() && !value.isNull() ? Words.named(field, value) : "");
        }
        String action = record.path("action").asText();
        String line = String.format(
                Locale.ROOT,
                "%8s  %s  %-15s %-10s %-22s  %s",
                record.path("sequence").asText(),
                record.path("time").asText(),
                record.path("kind").asText(),
                action.equals(Action.NOTHING_GRANTED.name()) ? "-" : action,
                record.path("reason").isNull()
                        ? "DUPLICATE"
                        : record.path("reason").asText(),
                String.join(", ", details));
        return line.stripTrailing();
    }

    private static void add(List<String> details, JsonNode value) {
        add(details, value.isTextual() ? value.asText() : "");
    }

    private static void add(List<String> details, String text) {
        if (!text.isEmpty()) {
            details.add(text);
        }
    }

    /** Terms of an order, such as {@code BUY 10 at 25.1}. */
    private static String trade(String what, String quantity, String price, JsonNode terms) {
        if (!terms.isObject()) {
            return "";
        }
        String text = terms.path(what).asText() + " " + Words.text(quantity, terms.path(quantity)) + " at "
                + Words.text(price, terms.path(price));
        return text.strip();
    }

    /** The requested candidate, and the acting one if it is another. */
    private static String candidates(ObjectNode record) {
        String requested = record.path("candidate").isNull()
                ? "any"
                : record.path("candidate").asText();
        JsonNode acted = record.path("acted_candidate");
        if (!acted.isTextual()) {
            return record.path("candidate").asText("");
        }
        return acted.asText().equals(requested) ? requested : requested + " -> " + acted.asText();
    }
}
