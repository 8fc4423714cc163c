package io.ringfence.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.engine.budget.BudgetListing.StandingAccount;
import io.ringfence.engine.control.ControlCode;
import io.ringfence.gateway.config.DecimalMicros;
import io.ringfence.gateway.replay.AccountsAtEnd;
import io.ringfence.tools.ExitCode.BadInputException;
import io.ringfence.tools.journal.JournalPath;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows how accounts stand, with what was granted to them and what they are kept to. */
@Command(
        name = "show",
        description = {
            "Show accounts: what was granted, held, spent, and is left; cap, limits, parent; and whether they take requests.",
            "The journal is read, not the engine asked: also beside a running engine, and after its end. status is quicker, and"
                    + " shows no caps and limits."
        },
        footer = {"  ringfence account show", "  ringfence account show desk-4 --json"})
final class ShowAccounts extends ToolCommand {

    @Parameters(arity = "0..1", paramLabel = "ACCOUNT", description = "Name or id of the only one to show.")
    private String account;

    @Option(names = "--dir", paramLabel = "D", description = "The journal's directory (default ./ringfence-data).")
    private Path directory = RunningEngine.DEFAULT_DIRECTORY;

    @Override
    public Integer call() {
        JournalPath.require("--dir", directory);
        Map<Long, String> names = AskedNames.accountNames(directory);
        Long only = account == null ? null : AskedNames.accountOf(directory, "ACCOUNT", account);
        AccountsAtEnd found = AccountsAtEnd.read(directory);
        List<AccountsAtEnd.Entry> shown = found.accounts().stream()
                .filter(entry -> only == null || entry.account().id() == only)
                .toList();
        if (only != null && shown.isEmpty()) {
            throw new BadInputException("ACCOUNT: must be one that was opened: " + account);
        }
        if (isJson()) {
            ObjectNode object = Json.object().put("sequence", found.sequence());
            ArrayNode array = object.putArray("accounts");
            shown.forEach(entry -> put(entry, names.get(entry.account().id()), array.addObject()));
            out().println(Json.text(object));
        } else {
            print(found.sequence(), shown, names);
        }
        return ExitCode.DONE;
    }

    private static void put(AccountsAtEnd.Entry entry, String name, ObjectNode object) {
        StandingAccount account = entry.account();
        object.put("account_id", account.id())
                .put("name", name)
                .put("open", entry.isOpen())
                .put("granted_micros", account.grantedMicros())
                .put("available_micros", account.availableMicros())
                .put("reserved_micros", account.reservedMicros())
                .put("committed_micros", account.committedMicros())
                .put("overdrawn_micros", account.overdrawnMicros());
        Json.orNull(object, "cap_micros", account.capMicros(), 0);
        Json.orNull(object, "parent_account_id", account.parentId(), 0);
        ObjectNode limits = object.putObject("limits");
        account.limits().forEach((limit, value) -> limits.put(limit.name(), value));
        object.put("open_orders", account.openOrders()).put("outstanding_facts", account.outstandingFacts());
    }

    private void print(long sequence, List<AccountsAtEnd.Entry> accounts, Map<Long, String> names) {
        Page page = new Page(out());
        page.line("%d %s after sequence %d", accounts.size(), accounts.size() == 1 ? "account" : "accounts", sequence);
        for (AccountsAtEnd.Entry entry : accounts) {
            StandingAccount account = entry.account();
            String name = names.get(account.id());
            page.line("%n%d%s%s", account.id(), name == null ? "" : " " + name, entry.isOpen() ? "" : ", closed");
            List<List<String>> rows = new ArrayList<>();
            row(rows, "granted", account.grantedMicros());
            row(rows, "held", account.reservedMicros());
            row(rows, "spent", account.committedMicros());
            row(rows, "available", account.availableMicros());
            if (account.overdrawnMicros() != 0) {
                row(rows, "overdrawn", account.overdrawnMicros());
            }
            if (account.capMicros() != 0) {
                row(rows, "cap", account.capMicros());
            }
            account.limits()
                    .forEach((limit, value) -> rows.add(List.of(
                            limit.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                            FailedControl.isMoney(ControlCode.of(limit).reason())
                                    ? DecimalMicros.text(value)
                                    : QuantityText.of(value))));
            if (account.parentId() != 0) {
                rows.add(List.of("parent", Long.toString(account.parentId())));
            }
            rows.add(List.of("open orders", Long.toString(account.openOrders())));
            if (account.outstandingFacts() != 0) {
                rows.add(List.of("outstanding facts", Long.toString(account.outstandingFacts())));
            }
            page.table(rows);
        }
    }

    private static void row(List<List<String>> rows, String what, long micros) {
        rows.add(List.of(what, DecimalMicros.text(micros)));
    }
}
