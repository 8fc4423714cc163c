package io.ringfence.engine.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.bounds.FactBounds;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.Side;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A venue's reports come to the same end whatever their order, and to no more than was granted on the way. */
@Tag("once")
class ExecutionOrderTest {
    private static final long ACCOUNT = 7;
    private static final long ORDER = 1;
    private static final long GRANTED = 1_000_000;
    private static final long UNIT = 100_000_000;
    private static final long OTHERS_MICROS = 20 + 3;
    private static final int NO_INTERRUPTION = 0;
    private static final int CANCEL = 1;
    private static final int RESTORE = 2;
    private static final int CANCEL_AND_RESTORE = 3;

    /** A report by its own id; every figure of it differs from those of the others. */
    private record Report(long id, ExecutionKind kind, long reference) {
        static Report parse(String text) {
            ExecutionKind kind = switch (text.charAt(0)) {
                case 'F' -> ExecutionKind.FILL;
                case 'C' -> ExecutionKind.CORRECTION;
                default -> ExecutionKind.BUST;
            };
            String[] ids = text.substring(1).split(">");
            return new Report(Long.parseLong(ids[0]), kind, ids.length == 1 ? -1 : Long.parseLong(ids[1]));
        }

        long units() {
            return kind == ExecutionKind.FILL ? 4 : id + 1;
        }

        long chargeMicros() {
            return units() * priceMicros() + id;
        }

        long priceMicros() {
            return 10 + id;
        }

        BudgetResult book(Messages messages, Budget budget) {
            return messages.execution(budget, ORDER, id, kind, units() * UNIT, priceMicros(), id, 5 * UNIT, reference);
        }
    }

    private final Messages messages = new Messages();
    private int runs;

    @ParameterizedTest
    @CsvSource({ // Reports, F fill, C correction, B bust, each with its id and what it is about; whose figures stay, 0:
        // nobody's.
        "F1, 1",
        "F1 B2>1, 0",
        "F1 B2>1 B3>1, 0",
        "F1 B2>1 B3>2, 0",
        "F1 C2>1, 2",
        "F1 C2>1 B3>1, 0",
        "F1 C2>1 B3>2, 0",
        "F1 C2>1 B3>1 B4>2, 0",
        "F1 C2>1 C3>2, 3",
        "F1 C2>1 C3>2 C4>3, 4",
        "F1 C2>1 C3>2 B4>1, 0",
        "F1 C2>1 C3>2 B4>2, 0",
        "F1 C2>1 C3>2 B4>3, 0",
        "F1 C2>1 C3>1 B4>1, 0",
        "F1 C2>1 C3>1 B4>2, 0",
        "F1 B2>1 C3>2, 3"
    })
    void shouldComeToTheSameEndInEveryOrder(String texts, long staying) {
        List<Report> reports = new ArrayList<>();
        for (String text : texts.split(" ")) {
            reports.add(Report.parse(text));
        }
        List<Report> expected =
                reports.stream().filter(report -> report.id() == staying).toList();
        for (Report repeated : reports) {
            List<Report> sent = new ArrayList<>(reports);
            sent.add(repeated);
            permute(sent, 0, order -> runWithEveryInterruption(order, expected));
        }
        assertTrue(runs > reports.size());
    }

    private interface Visitor {
        void visit(List<Report> order);
    }

    private static void permute(List<Report> reports, int fixed, Visitor visitor) {
        if (fixed == reports.size()) {
            visitor.visit(reports);
            return;
        }
        for (int i = fixed; i < reports.size(); i++) {
            Collections.swap(reports, fixed, i);
            permute(reports, fixed + 1, visitor);
            Collections.swap(reports, fixed, i);
        }
    }

    private void runWithEveryInterruption(List<Report> order, List<Report> expected) {
        run(order, order.size(), NO_INTERRUPTION, expected);
        for (int at = 0; at < order.size(); at++) {
            run(order, at, CANCEL, expected);
            run(order, at, RESTORE, expected);
            run(order, at, CANCEL_AND_RESTORE, expected);
        }
    }

    private void run(List<Report> order, int at, int interruption, List<Report> expected) {
        String where = order + ", at=" + at + ", interruption=" + interruption;
        Budget budget = new Budget(1, 1, FactBounds.defaults());
        budget.openAccount(ACCOUNT, GRANTED, new BudgetResult());
        messages.order(budget, ORDER, ACCOUNT, 0, Side.BUY, 10 * UNIT, 20, 0, 0);
        messages.execution(budget, ORDER, 99, ExecutionKind.FILL, UNIT, 20, 3, 9 * UNIT, -1);
        long position = 0;
        for (int i = 0; i < order.size(); i++) {
            budget = i == at ? interrupt(budget, interruption) : budget;
            BudgetResult result = order.get(i).book(messages, budget);
            assertTrue(result.balance().committedMicros() >= OTHERS_MICROS, where);
            assertBalance(result, where);
            position = result.position();
        }

        long charge = expected.stream().mapToLong(Report::chargeMicros).sum();
        long units = expected.stream().mapToLong(Report::units).sum();
        assertEquals((1 + units) * UNIT, position, where);
        long held = (interruption & CANCEL) == 0 ? 5 * 20 : 0;
        budget.listing().forEachAccount(result -> {
            assertEquals(OTHERS_MICROS + charge, result.balance().committedMicros(), where);
            assertEquals(held, result.balance().reservedMicros(), where);
            assertBalance(result, where);
        });
        runs++;
    }

    private static void assertBalance(BudgetResult result, String where) {
        assertEquals(
                GRANTED,
                result.balance().availableMicros()
                        + result.balance().reservedMicros()
                        + result.balance().committedMicros(),
                where);
    }

    private Budget interrupt(Budget budget, int interruption) {
        if ((interruption & CANCEL) != 0) {
            messages.execution(budget, ORDER, 98, ExecutionKind.CANCELLED, 0, 0, 0, 0, -1);
        }
        if ((interruption & RESTORE) == 0) {
            return budget;
        }
        StateWriter writer = new StateWriter();
        budget.writeState(writer);
        Budget restored = new Budget(1, 1, FactBounds.defaults());
        restored.readState(new StateReader(writer.byteArray(), 0, writer.position()));
        return restored;
    }
}
