package io.ringfence.tools.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Formats an explained decision for a person, in the order of the stages. A record that was not decided becomes a {@link RecordPage}. */
final class ExplainedPage {
    private static final int LINES_MAX = 24;
    private static final int BPS_DIGITS = 2;
    private static final int BPS_ONE = 10_000;
    private static final int DRAW_ONE = 65_536;
    private static final String INDENT = "  ";

    private final ObjectNode record;
    private final StringBuilder page = new StringBuilder();

    private ExplainedPage(ObjectNode record) {
        this.record = record;
    }

    /** The page. */
    static String of(ObjectNode record) {
        return record.path("candidates").isArray() ? new ExplainedPage(record).text() : RecordPage.of(record);
    }

    private String text() {
        page.append(RecordPage.heading(record));
        if (record.path("failed_control").isObject()) {
            line("", Words.fields(record.path("failed_control")));
            page.append('\n');
        }
        line("asked", asked());
        line("value", value());
        if (!record.path("requires").isEmpty() && requires() != null) {
            line("requires", requires());
        }
        line("regime", regime());
        line("floor", floor());
        line("candidates", counts());
        candidates();
        line("choice", choice());
        if (record.path("controls").isArray()) {
            line("controls", controls());
        }
        if (!record.path("held_micros").isNull()) {
            line("budget", named("held_micros") + ", available " + amount(record, "remaining_micros"));
        }
        line("proof", "decision " + record.path("decision_digest").asText());
        line("", "record   " + record.path("entry_hash").asText());
        return page.toString();
    }

    private String asked() {
        List<String> texts = new ArrayList<>();
        JsonNode order = record.path("order");
        if (order.isObject()) {
            texts.add(order.path("side").asText() + " " + Words.text("quantity", order.path("quantity"))
                    + " of instrument " + order.path("instrument_id").asText() + " at "
                    + amount(order, "limit_price_micros"));
            texts.add(words(order.path("order_type")) + " " + words(order.path("time_in_force")));
            if (!order.path("stop_price_micros").isNull()) {
                texts.add("stop price " + amount(order, "stop_price_micros"));
            }
        } else {
            JsonNode effective = record.path("effective");
            texts.add(effective.path("input_units").asText() + " units in, "
                    + effective.path("output_units").asText() + " out");
        }
        texts.add("use case " + record.path("use_case").asText());
        texts.add("account " + record.path("account").asText());
        texts.add(record.path("candidate").isNull() ? "no candidate requested" : "requested " + text("candidate"));
        texts.add("substitution " + words(record.path("substitution")));
        if (!record.path("exposure_micros").isNull()) {
            texts.add("exposure " + amount(record, "exposure_micros"));
        }
        if (!record.path("external_id").isNull()) {
            texts.add("id " + text("external_id"));
        }
        if (record.path("parent_sequence").isNumber()) {
            texts.add("retry of " + text("parent_sequence"));
        }
        return String.join(", ", texts);
    }

    private String requires() {
        List<String> texts = new ArrayList<>();
        record.path("requires").properties().forEach(required -> {
            if (!required.getValue().isNull()) {
                texts.add(Words.label(required.getKey()) + " " + texts(required.getValue()));
            }
        });
        return texts.isEmpty() ? null : String.join("; ", texts);
    }

    /** The kernel's input, defaults of the use case filled in. */
    private String value() {
        JsonNode effective = record.path("effective");
        List<String> texts = new ArrayList<>();
        texts.add(amount(effective, "business_value_micros"));
        texts.add("risk " + percent(effective.path("risk_bps")));
        texts.add("confidence " + percent(effective.path("confidence_bps")));
        if (!effective.path("cost_limit_micros").isNull()) {
            texts.add("cost at most " + amount(effective, "cost_limit_micros"));
        }
        if (effective.path("max_p95_latency_ms").asLong() > 0) {
            texts.add("p95 latency at most "
                    + effective.path("max_p95_latency_ms").asText() + " ms");
        }
        return String.join(", ", texts);
    }

    private String regime() {
        int severity = record.path("severity").asInt();
        String kind = severity > 0 ? ", unusual (severity " + severity + ")" : severity < 0 ? ", common" : "";
        long step = record.path("floor_step_bps").asLong();
        String moved = step == 0
                ? ""
                : ": the recommended floor " + (step > 0 ? "rises" : "falls") + " by " + points(Math.abs(step))
                        + " points";
        return text("regime") + kind + moved;
    }

    private String floor() {
        String floor = "quality of at least " + percent(record.path("floor_bps"));
        String tier = record.path("tier").isNull() ? "" : ", tier " + text("tier");
        List<String> draws = new ArrayList<>();
        boolean isReached = false;
        for (JsonNode draw : record.path("tier_draws")) {
            if (!draw.path("draw_65536th").isNull()) {
                draws.add(draw.path("tier").asText() + " " + drawn(draw));
                isReached = draw.path("draw_65536th").asLong() * BPS_ONE
                        >= record.path("target_success_bps").asLong() * DRAW_ONE;
            }
        }
        String from = switch (text("floor_source")) {
            case "HARD" -> ", the use case's hard floor";
            case "CLIENT" -> ", the client's own";
            default -> ", recommended";
        };
        return floor
                + from
                + tier
                + (draws.isEmpty()
                        ? ""
                        : " (the first tier whose drawn success reaches "
                                + percent(record.path("target_success_bps")) + ": " + String.join(", ", draws)
                                + (isReached ? ")" : "; none does: the top tier)"));
    }

    private static String drawn(JsonNode draw) {
        return percent(draw.path("draw_65536th").asLong() * BPS_ONE / DRAW_ONE);
    }

    private String counts() {
        JsonNode kernel = record.path("kernel");
        if (record.path("candidates").isEmpty()) {
            return "none looked at: the request's "
                    + (text("reason").equals("RISK_HARD_LIMIT")
                            ? "risk reaches the policy's limit of " + percent(record.path("hard_risk_limit_bps"))
                            : "confidence is below the policy's minimum of "
                                    + percent(record.path("minimum_confidence_bps")));
        }
        List<String> stopped = new ArrayList<>();
        kernel.path("stopped")
                .properties()
                .forEach(gate -> stopped.add(gate.getValue().asText() + " " + gate.getKey()));
        return kernel.path("evaluated").asText() + " of policy epoch " + text("policy_epoch") + ", "
                + kernel.path("eligible").asText() + " eligible"
                + (stopped.isEmpty() ? "" : "; stopped: " + String.join(", ", stopped));
    }

    /** The best, then those that stopped; of many only the first, and always the requested and the acting one. */
    private void candidates() {
        int width = 1;
        for (JsonNode candidate : record.path("candidates")) {
            width = Math.max(width, candidate.path("candidate").asText().length());
        }
        int shown = 0;
        int hidden = 0;
        for (JsonNode candidate : record.path("candidates")) {
            String mark = mark(candidate);
            if (shown < LINES_MAX || !mark.isEmpty()) {
                shown++;
                String row = String.format(
                        Locale.ROOT,
                        "%-" + width + "s  %s%s",
                        candidate.path("candidate").asText(),
                        verdict(candidate),
                        mark);
                line("", row);
            } else {
                hidden++;
            }
        }
        if (hidden > 0) {
            line("", "and " + hidden + " more: --json shows all");
        }
    }

    private String mark(JsonNode candidate) {
        String id = candidate.path("candidate_id").asText();
        JsonNode kernel = record.path("kernel");
        List<String> marks = new ArrayList<>();
        if (id.equals(text("candidate_id"))) {
            marks.add("requested");
        }
        if (id.equals(kernel.path("selected_id").asText())) {
            marks.add("the kernel's choice");
        }
        if (id.equals(kernel.path("runner_up_id").asText())) {
            marks.add("runner-up");
        }
        if (id.equals(text("acted_candidate_id"))) {
            marks.add("acts");
        }
        return marks.isEmpty() ? "" : "  <- " + String.join(", ", marks);
    }

    private static String verdict(JsonNode candidate) {
        String measured = candidate.path("measured").asText();
        String limit = candidate.path("limit").asText();
        return switch (candidate.path("verdict").asText()) {
            case CandidateJson.ELIGIBLE -> terms(candidate);
            case "UTILITY_NOT_POSITIVE" -> "not worth it: " + terms(candidate);
            case "CANDIDATES_DISABLED" -> "disabled in the policy";
            case "QUALITY_TOO_LOW" ->
                "quality " + percent(candidate.path("measured")) + ", asked for " + percent(candidate.path("limit"));
            case "LATENCY_TOO_HIGH" -> "p95 latency " + measured + " ms, at most " + limit;
            case "CAPABILITY_MISSING" -> "lacks " + texts(candidate.path("lacks"));
            case "PROVIDER_NOT_ALLOWED" ->
                "provider " + candidate.path("provider").asText()
                        + (candidate.path("is_withheld").asBoolean() ? ": its circuit was open" : " is not allowed");
            case "REGION_NOT_ALLOWED" -> "serves none of " + texts(candidate.path("serves_none_of"));
            case "RISK_CEILING_EXCEEDED" ->
                "takes risk up to " + percent(candidate.path("limit")) + ", the request has "
                        + percent(candidate.path("measured"));
            case "COST_LIMIT_EXCEEDED" ->
                "costs " + Words.text("cost_micros", candidate.path("measured")) + ", at most "
                        + Words.text("cost_micros", candidate.path("limit"));
            default -> candidate.path("verdict").asText();
        };
    }

    private static String terms(JsonNode candidate) {
        return "utility " + amount(candidate, "utility_micros") + " = gain " + amount(candidate, "gain_micros")
                + " - risk " + amount(candidate, "risk_penalty_micros") + " - cost "
                + amount(candidate, "cost_micros") + " - latency " + amount(candidate, "latency_penalty_micros");
    }

    private String choice() {
        JsonNode selection = record.path("selection");
        if (selection.path("candidate").isNull()) {
            return "none" + (selection.path("strategy").asText().equals("DIRECTED") ? ": " + directedAtNone() : "");
        }
        String acting = selection.path("candidate").asText() + ", cost " + amount(selection, "cost_micros");
        String how = switch (selection.path("strategy").asText()) {
            case "EXPLORE" -> ", explored";
            case "DIRECTED" -> ", as the client insists";
            default -> "";
        };
        return acting + how + explored(record.path("exploration"));
    }

    private String controls() {
        String checked = "checked " + texts(record.path("controls"));
        JsonNode failed = record.path("failed_control").path("control");
        return checked + (failed.isTextual() ? "; failed " + failed.asText() : "; all passed");
    }

    private String directedAtNone() {
        return record.path("candidate").isNull()
                ? "the client takes only a requested candidate, and requested none"
                : "the client takes only the requested candidate, which fails a gate";
    }

    private String explored(JsonNode exploration) {
        if (!exploration.isObject()) {
            return "";
        }
        String near = "; " + exploration.path("near").asText() + " near the best";
        String guard = switch (exploration.path("guard").asText()) {
            case "DECISIONS" -> ": the period's explored decisions were used up";
            case "SPEND" -> ": the period's spend on exploring was used up";
            case "NO_KEY" -> ": the server had no exploration key";
            default -> "";
        };
        List<String> draws = new ArrayList<>();
        for (JsonNode draw : exploration.path("candidate_draws")) {
            draws.add(draw.path("candidate").asText() + " " + drawn(draw) + " (worth "
                    + amount(draw, "worth_by_draw_micros") + ")");
        }
        String drawn = draws.isEmpty()
                ? ""
                : "; " + draws.size() + " in play, success drawn: " + String.join(", ", draws)
                        + "; the highest worth acts";
        JsonNode propensity = record.path("propensities").path("selection_given_floor");
        String chance = propensity.isNumber()
                ? "; chosen with probability " + String.format(Locale.ROOT, "%.4f", propensity.asDouble())
                : "";
        return near + guard + drawn + chance;
    }

    private String text(String name) {
        return record.path(name).asText();
    }

    private String named(String name) {
        return Words.named(name, record.path(name));
    }

    private static String amount(JsonNode object, String name) {
        return Words.text(name, object.path(name));
    }

    private static String words(JsonNode code) {
        return code.asText().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String percent(JsonNode bps) {
        return percent(bps.asLong());
    }

    private static String percent(long bps) {
        return points(bps) + " %";
    }

    private static String points(long bps) {
        return BigDecimal.valueOf(bps, BPS_DIGITS).stripTrailingZeros().toPlainString();
    }

    private static String texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(element -> texts.add(element.asText()));
        return String.join(", ", texts);
    }

    private void line(String label, String text) {
        page.append(String.format(Locale.ROOT, "%s%-11s %s", INDENT, label, text))
                .append('\n');
    }
}
