package io.ringfence.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.gateway.config.AccountEntry;
import io.ringfence.gateway.config.AccountsFile;
import io.ringfence.gateway.counters.AccountFigure;
import io.ringfence.gateway.counters.CountersView;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** How the accounts of an engine stand, as its counters file shows them, with the names that people gave them. */
public final class AccountsTable {
    private static final String HEAD = "  %-12s %16s %16s %16s %16s %12s %9s %18s%n";
    private static final String ROW = "  %-12s %16s %16s %16s %16s %12s %,9d %18s%n";
    private static final int MICRO_DIGITS = 6;
    private static final int QUANTITY_DIGITS = 8;
    private static final int CENT_DIGITS = 2;

    private final Map<Long, Map<AccountFigure, Long>> figures;
    private final Map<Long, String> names = new HashMap<>();

    private AccountsTable(Map<Long, Map<AccountFigure, Long>> figures) {
        this.figures = figures;
    }

    /** The accounts without names. */
    public static AccountsTable of(CountersView counters) {
        return new AccountsTable(counters.accounts());
    }

    /** Adds the names of a file. */
    public AccountsTable named(AccountsFile accounts) {
        accounts.accounts().forEach((AccountEntry account) -> names.put(account.id(), account.name()));
        return this;
    }

    /** One object an account, ascending by id; a name only where it is known. */
    public void putInto(ArrayNode array) {
        figures.forEach((id, values) -> {
            ObjectNode account = array.addObject().put("id", id);
            if (names.containsKey(id)) {
                account.put("name", names.get(id));
            }
            for (AccountFigure figure : AccountFigure.values()) {
                account.put(figure.label(), values.getOrDefault(figure, 0L));
            }
        });
    }

    /** Lines with columns, amounts rounded to cents. */
    public void print(PrintWriter out) {
        out.printf(HEAD, "account", "granted", "reserved", "committed", "available", "overdrawn", "orders", "position");
        figures.forEach((id, values) -> {
            long reserved = values.getOrDefault(AccountFigure.RESERVED_MICROS, 0L);
            long committed = values.getOrDefault(AccountFigure.COMMITTED_MICROS, 0L);
            long available = values.getOrDefault(AccountFigure.AVAILABLE_MICROS, 0L);
            long overdrawn = values.getOrDefault(AccountFigure.OVERDRAWN_MICROS, 0L);
            out.printf(
                    ROW,
                    names.getOrDefault(id, Long.toString(id)),
                    money(available + reserved + committed - overdrawn),
                    money(reserved),
                    money(committed),
                    money(available),
                    money(overdrawn),
                    values.getOrDefault(AccountFigure.OPEN_ORDERS, 0L),
                    quantity(values.getOrDefault(AccountFigure.POSITION, 0L)));
        });
    }

    private static String money(long micros) {
        return String.format(
                Locale.ROOT,
                "%,.2f",
                BigDecimal.valueOf(micros, MICRO_DIGITS).setScale(CENT_DIGITS, RoundingMode.HALF_EVEN));
    }

    private static String quantity(long units) {
        return String.format(Locale.ROOT, "%,.8f", BigDecimal.valueOf(units, QUANTITY_DIGITS));
    }
}
