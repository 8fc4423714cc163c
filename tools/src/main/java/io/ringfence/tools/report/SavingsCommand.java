package io.ringfence.tools.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.gateway.config.Names.NameKind;
import io.ringfence.gateway.replay.RecordedDecision;
import io.ringfence.journal.record.RecordView;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.tools.Json;
import io.ringfence.tools.Page;
import io.ringfence.tools.journal.JournalReport;
import io.ringfence.tools.report.Savings.Baseline;
import io.ringfence.tools.report.Savings.Key;
import io.ringfence.tools.report.Savings.Sums;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;

/** Shows what the acting candidates cost beside what was asked for and two other ways to choose, from a journal alone. */
@Command(
        name = "savings",
        description = {
            "Show what admitted decisions cost by the candidates that acted, beside three other ways to choose, by account, use"
                    + " case and week (of event time, from Monday 00:00 UTC). Each cost is computed again from the journal: the"
                    + " decision's effective input at the prices of the policy that it was decided under. It is the estimate"
                    + " at the time of the decision, not what was paid.",
            "none: no routing: the candidate that was asked for acts, also where a gate would have stopped it.",
            "basic: basic routing: the cheapest candidate acts that passes every gate of the effective input: quality floor,"
                    + " latency, capabilities, providers, regions, risk, cost limit, positive utility.",
            "smart: smart routing: the kernel's choice acts, evaluated again for the same effective input: the highest"
                    + " utility, without exploration and without a client's direction.",
            "Saved is a baseline's cost less that of what acted; below 0: the baseline is cheaper. Compared are admitted requests"
                    + " that asked for a candidate of their policy. Repeated requests count once, rejected ones save nothing.",
            JournalReport.EXIT_CODES
        },
        footer = {"  ringfence report savings ringfence-data", "  ringfence report savings ringfence-data --json"})
public final class SavingsCommand extends JournalReport {
    private final RecordedDecision recorded = new RecordedDecision();
    private final Savings savings = new Savings();
    private final AccountCurrencies currencies = new AccountCurrencies();
    private String difference;

    @Override
    protected void accept(RecordView record) {
        CommandKind kind = record.kind();
        if (kind != CommandKind.ADMISSION && kind != CommandKind.ORDER && kind != CommandKind.ACCOUNT) {
            return;
        }
        recorded.read(record, history().policy());
        DecisionEvent event = recorded.event();
        if (recorded.difference() != null) {
            difference = difference == null ? recorded.difference() : difference;
        } else if (kind != CommandKind.ACCOUNT) {
            savings.accept(event);
        } else if (event.verdict().reason() == ReasonCode.APPLIED) {
            currencies.accept(record);
        }
    }

    @Override
    protected String difference() {
        return difference;
    }

    /** Sums of different currencies are never added up. */
    private Map<String, Sums> totals() {
        Map<String, Sums> totals = new TreeMap<>();
        savings.sums()
                .forEach((key, sums) -> totals.computeIfAbsent(currencies.of(key.accountId()), none -> new Sums())
                        .add(sums));
        return totals;
    }

    @Override
    protected ObjectNode json() {
        ObjectNode object = Json.object().put("directory", directory().toString());
        ArrayNode totals = object.putArray("totals");
        totals().forEach((currency, sums) -> {
            ObjectNode node = totals.addObject();
            Json.textOrNull(node, "currency", currency);
            put(sums, node);
        });
        ArrayNode rows = object.putArray("rows");
        savings.sums().forEach((key, sums) -> {
            ObjectNode node = rows.addObject();
            Json.unsigned(node, "account_id", key.accountId());
            node.put("account", history().account(key.accountId()))
                    .put("use_case_code", key.useCase())
                    .put("use_case", history().name(NameKind.USE_CASE, key.useCase()))
                    .put("week", key.week().toString());
            Json.textOrNull(node, "currency", currencies.of(key.accountId()));
            put(sums, node);
        });
        return object;
    }

    /** Puts counts, and micros as whole numbers. */
    public static void put(Sums sums, ObjectNode node) {
        node.put("decisions", sums.decisions())
                .put("admitted", sums.admitted())
                .put("compared", sums.compared())
                .put("substituted", sums.substituted())
                .put("asked_stopped", sums.askedStopped())
                .put("acted_micros", sums.actedMicros())
                .put("not_compared_micros", sums.notComparedMicros());
        ObjectNode baselines = node.putObject("baselines");
        for (Baseline baseline : Baseline.values()) {
            baselines
                    .putObject(name(baseline))
                    .put("cost_micros", sums.micros(baseline))
                    .put("saved_micros", sums.savedMicros(baseline));
        }
    }

    private static String name(Baseline baseline) {
        return baseline.name().toLowerCase(Locale.ROOT);
    }

    @Override
    protected void print(Page page) {
        Map<String, Sums> totals = totals();
        if (totals.isEmpty()) {
            page.line("%s: no request was decided", directory());
        }
        totals.forEach((currency, sums) -> printTotal(page, currency, sums));
        if (totals.isEmpty()) {
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "account", "use case", "week", "compared", "acted", "saved: none", "saved: basic", "saved: smart"));
        savings.sums().forEach((key, sums) -> rows.add(row(key, sums)));
        page.table(rows);
        page.line("");
        page.text("", "Weeks begin on that Monday, 00:00 UTC. Amounts in the account's currency unit.");
    }

    private void printTotal(Page page, String currency, Sums sums) {
        page.text(
                directory() + ": ",
                "%s%,d requests decided, %,d admitted, %,d compared, %,d substituted",
                currency.isEmpty() ? "" : currency + ": ",
                sums.decisions(),
                sums.admitted(),
                sums.compared(),
                sums.substituted());
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("", "cost", "saved", "of it"));
        rows.add(List.of("acted", text(sums.actedMicros()), "", ""));
        for (Baseline baseline : Baseline.values()) {
            rows.add(List.of(
                    name(baseline),
                    text(sums.micros(baseline)),
                    text(sums.savedMicros(baseline)),
                    share(sums.savedMicros(baseline), sums.micros(baseline))));
        }
        page.table(rows);
        if (sums.admitted() > sums.compared()) {
            page.text(
                    "  ",
                    "Not compared: %,d that asked for no candidate of the policy, at a cost of %s.",
                    sums.admitted() - sums.compared(),
                    text(sums.notComparedMicros()));
        }
        if (sums.askedStopped() > 0) {
            page.text(
                    "  ",
                    "On %,d a gate stops the candidate that was asked for: without routing a limit would have been passed.",
                    sums.askedStopped());
        }
        page.line("");
    }

    private List<String> row(Key key, Sums sums) {
        return List.of(
                history().account(key.accountId()),
                history().name(NameKind.USE_CASE, key.useCase()),
                key.week().toString(),
                Long.toString(sums.compared()),
                text(sums.actedMicros()),
                text(sums.savedMicros(Baseline.NONE)),
                text(sums.savedMicros(Baseline.BASIC)),
                text(sums.savedMicros(Baseline.SMART)));
    }

    private static String text(BigInteger micros) {
        return new BigDecimal(micros, 6).toPlainString();
    }

    /** A part in percent; "-" of nothing. */
    public static String share(BigInteger part, BigInteger whole) {
        return whole.signum() == 0
                ? "-"
                : String.format(Locale.ROOT, "%.1f %%", 100 * part.doubleValue() / whole.doubleValue());
    }
}
