package io.ringfence.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.gateway.config.AccountsFile;
import io.ringfence.gateway.config.AccountsFile.AccountEntry;
import io.ringfence.gateway.counters.CountersFile.AccountFigure;
import io.ringfence.gateway.counters.CountersFile.PositionFigure;
import io.ringfence.gateway.counters.CountersView;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The budgets, open orders and positions of an engine's accounts, read from its counters file, with their names. */
public final class AccountsTable {
    private static final List<AccountFigure> SHOWN =
            List.of(AccountFigure.RESERVED_MICROS, AccountFigure.COMMITTED_MICROS, AccountFigure.AVAILABLE_MICROS);
    private static final int MICRO_DIGITS = 6;
    private static final int QUANTITY_DIGITS = 8;
    /** Where no amount is this large, amounts are shown to the micro: budgets of calls are spent in parts of a cent. */
    private static final long ROUNDED_FROM_MICROS = 1_000_000_000;

    /** How amounts are rounded, the finest first. */
    private enum Precision {
        MICROS(0, 6),
        CENTS(0, 2),
        UNITS(0, 0),
        MILLIONS(6, 2);

        private final int scale;
        private final int digits;

        Precision(int scale, int digits) {
            this.scale = scale;
            this.digits = digits;
        }
    }

    private final Map<Long, Map<AccountFigure, Long>> figures;
    private final Map<Long, Map<Long, Map<PositionFigure, Long>>> positions;
    private final Map<Long, String> names = new HashMap<>();

    private AccountsTable(
            Map<Long, Map<AccountFigure, Long>> figures, Map<Long, Map<Long, Map<PositionFigure, Long>>> positions) {
        this.figures = figures;
        this.positions = positions;
    }

    /** The accounts without names. */
    public static AccountsTable of(CountersView counters) {
        return new AccountsTable(counters.accounts(), counters.positions());
    }

    /** Adds the names of a file. */
    public AccountsTable named(AccountsFile accounts) {
        accounts.accounts().forEach((AccountEntry account) -> names.put(account.id(), account.name()));
        return this;
    }

    /** One object an account, ascending by id; a name only where it is known; the positions of which a figure is not 0. */
    public void putInto(ArrayNode array) {
        figures.forEach((id, values) -> {
            ObjectNode account = array.addObject().put("id", id);
            if (names.containsKey(id)) {
                account.put("name", names.get(id));
            }
            for (AccountFigure figure : AccountFigure.values()) {
                account.put(figure.label(), values.getOrDefault(figure, 0L));
            }
            ArrayNode held = account.putArray("positions");
            positionsOf(id).forEach((instrumentId, quantities) -> {
                ObjectNode position = held.addObject().put("instrument_id", instrumentId);
                for (PositionFigure figure : PositionFigure.values()) {
                    position.put(figure.label(), quantities.getOrDefault(figure, 0L));
                }
            });
        });
    }

    /**
     * Tables of the budgets, of outstanding facts, of the open orders and of the positions, the latter three where there are any. Amounts are exact
     * where all are below 1,000; else rounded to cents, or to whole units or millions where the rows would be wider than the page.
     */
    public void print(Page page) {
        Precision precision = areAllSmall() ? Precision.MICROS : Precision.CENTS;
        while (precision != Precision.MILLIONS && !Page.isWithin(budgets(precision))) {
            precision = Precision.values()[precision.ordinal() + 1];
        }
        page.line(precision == Precision.MILLIONS ? "%nBudgets     in millions" : "%nBudgets");
        page.table(budgets(precision));
        printUnlessEmpty(
                page,
                "Outstanding facts   no new risk until a person books or drops them",
                counts(AccountFigure.OUTSTANDING_FACTS));
        printUnlessEmpty(page, "Open orders", counts(AccountFigure.OPEN_ORDERS));
        printUnlessEmpty(page, "Positions   bought less sold, and what open orders may still trade", positions());
    }

    private static void printUnlessEmpty(Page page, String title, List<List<String>> rows) {
        if (rows.size() > 1) {
            page.line("%n%s", title);
            page.table(rows);
        }
    }

    private List<List<String>> budgets(Precision precision) {
        boolean isOverdrawn = figures.keySet().stream().anyMatch(id -> value(id, AccountFigure.OVERDRAWN_MICROS) != 0);
        List<String> head = new ArrayList<>(List.of("account", "granted", "reserved", "committed", "available"));
        if (isOverdrawn) {
            head.add("overdrawn");
        }
        List<List<String>> rows = new ArrayList<>(List.of(head));
        for (long id : figures.keySet()) {
            List<String> row = new ArrayList<>(List.of(name(id), money(grantedMicros(id), precision)));
            SHOWN.forEach(figure -> row.add(money(value(id, figure), precision)));
            if (isOverdrawn) {
                row.add(money(value(id, AccountFigure.OVERDRAWN_MICROS), precision));
            }
            rows.add(row);
        }
        return rows;
    }

    private boolean areAllSmall() {
        return figures.keySet().stream()
                .allMatch(id -> Math.abs(grantedMicros(id)) < ROUNDED_FROM_MICROS
                        && SHOWN.stream().allMatch(figure -> Math.abs(value(id, figure)) < ROUNDED_FROM_MICROS));
    }

    private long grantedMicros(long id) {
        return SHOWN.stream().mapToLong(figure -> value(id, figure)).sum() - value(id, AccountFigure.OVERDRAWN_MICROS);
    }

    /** The accounts of which a count is not 0. */
    private List<List<String>> counts(AccountFigure figure) {
        List<List<String>> rows = new ArrayList<>(List.of(List.of("account", "open")));
        for (long id : figures.keySet()) {
            long count = value(id, figure);
            if (count != 0) {
                rows.add(List.of(name(id), String.format(Locale.ROOT, "%,d", count)));
            }
        }
        return rows;
    }

    private List<List<String>> positions() {
        List<List<String>> rows =
                new ArrayList<>(List.of(List.of("account", "instrument", "position", "open buys", "open sells")));
        for (long id : figures.keySet()) {
            positionsOf(id).forEach((instrumentId, quantities) -> {
                List<String> row = new ArrayList<>(List.of(name(id), Long.toString(instrumentId)));
                for (PositionFigure figure : PositionFigure.values()) {
                    row.add(quantity(quantities.getOrDefault(figure, 0L)));
                }
                rows.add(row);
            });
        }
        return rows;
    }

    private Map<Long, Map<PositionFigure, Long>> positionsOf(long accountId) {
        return positions.getOrDefault(accountId, Map.of());
    }

    private long value(long id, AccountFigure figure) {
        return figures.get(id).getOrDefault(figure, 0L);
    }

    private String name(long id) {
        return names.getOrDefault(id, Long.toString(id));
    }

    private static String money(long micros, Precision precision) {
        BigDecimal amount = BigDecimal.valueOf(micros, MICRO_DIGITS + precision.scale);
        return String.format(
                Locale.ROOT, "%,." + precision.digits + "f", amount.setScale(precision.digits, RoundingMode.HALF_EVEN));
    }

    private static String quantity(long units) {
        return String.format(Locale.ROOT, "%,.8f", BigDecimal.valueOf(units, QUANTITY_DIGITS));
    }
}
