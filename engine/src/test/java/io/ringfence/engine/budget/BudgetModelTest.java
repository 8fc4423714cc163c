package io.ringfence.engine.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.bounds.FactBounds;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.ReasonCode;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("model")
class BudgetModelTest {
    private static final int SEEDS = 30;
    private static final int STEPS = 1_500;
    private static final FactBounds REMEMBERED = new FactBounds(30, 400);
    private static final Set<ReasonCode> REASONS = EnumSet.of(
            ReasonCode.NONE,
            ReasonCode.ACCOUNT_UNKNOWN,
            ReasonCode.ACCOUNT_EXISTS,
            ReasonCode.PARENT_UNKNOWN,
            ReasonCode.ORDER_QUANTITY_LIMIT,
            ReasonCode.ORDER_VALUE_LIMIT,
            ReasonCode.BUDGET_EXHAUSTED,
            ReasonCode.EXPOSURE_LIMIT,
            ReasonCode.AMOUNT_OVERFLOW,
            ReasonCode.AMOUNT_NOT_POSITIVE,
            ReasonCode.HOLD_UNKNOWN,
            ReasonCode.HOLD_IS_ORDER,
            ReasonCode.HOLD_NOT_ORDER,
            ReasonCode.REPLACE_PENDING,
            ReasonCode.ACCOUNT_OVERDRAWN,
            ReasonCode.FACT_OUTSTANDING,
            ReasonCode.ACCOUNT_OUTSTANDING,
            ReasonCode.FACT_UNKNOWN,
            ReasonCode.EXECUTION_DUPLICATE,
            ReasonCode.QUANTITY_NOT_POSITIVE);

    private final Map<ReasonCode, Integer> counts = new EnumMap<>(ReasonCode.class);
    private int unmatched;
    private int refusedAbove;
    private int settledTogether;
    private int late;
    private int takenOver;

    @Test
    void shouldAgreeWithThePlainTwinUnderRandomTrafficAndConserve() {
        long firstSeed = 20_261_121;
        System.out.println("BudgetModelTest: seeds from " + firstSeed);

        for (long seed = firstSeed; seed < firstSeed + SEEDS; seed++) {
            run(seed, new double[] {0, 0.02, 0.2}[(int) (seed % 3)]);
        }

        assertEveryReasonWasSeen();
    }

    private void run(long seed, double wildness) {
        Budget budget = new Budget(1, 1, REMEMBERED);
        PlainBudget plain = new PlainBudget(REMEMBERED);
        StateWriter writer = new StateWriter();
        BudgetTraffic traffic = new BudgetTraffic(seed, wildness);
        for (int step = 0; step < STEPS; step++) {
            BudgetTraffic.Step command = traffic.next();
            String where = "seed=" + seed + ", step=" + step + ", " + command.text();
            Seen expected = command.plain().apply(plain);
            assertEquals(expected, Seen.of(command.real().apply(budget)), where);
            traffic.told(expected);
            counts.merge(expected.reason(), 1, Integer::sum);
            unmatched += expected.isUnmatched() ? 1 : 0;
            assertEveryAccountAgrees(budget, plain, where);
            if (step % 8 == 0) {
                writer.clear();
                budget.writeState(writer); // Checks the sums of all holds, accounts and open orders.
            }
        }
        refusedAbove += plain.refusedAbove();
        settledTogether += traffic.settledTogether();
        late += plain.late();
        takenOver += plain.takenOver();
    }

    private static void assertEveryAccountAgrees(Budget budget, PlainBudget plain, String where) {
        int overdrawn = 0;
        BudgetResult out = new BudgetResult();
        for (long account : BudgetTraffic.ACCOUNTS) {
            Seen expected = plain.account(account);
            assertEquals(expected, Seen.of(budget.account(account, out)), where);
            assertTrue(expected.committedMicros() >= 0, where);
            overdrawn += expected.overdrawnMicros() > 0 ? 1 : 0;
        }
        assertEquals(overdrawn, budget.ledger().accounts().overdrawnCount(), where);
    }

    private void assertEveryReasonWasSeen() {
        assertEquals(REASONS, counts.keySet());
        System.out.println("BudgetModelTest: " + counts + ", unmatched=" + unmatched + ", refusedAbove=" + refusedAbove
                + ", settledTogether=" + settledTogether + ", late=" + late + ", takenOver=" + takenOver);
        assertTrue(settledTogether > 20, "rare: settledTogether=" + settledTogether);
        assertTrue(late > 200, "rare: late=" + late);
        assertTrue(takenOver > 100, "rare: takenOver=" + takenOver);
        assertTrue(refusedAbove > 200, "rare: refusedAbove=" + refusedAbove);
        assertTrue(unmatched > 200, "rare: unmatched=" + unmatched);
        assertTrue(counts.values().stream().allMatch(count -> count > 20), "rare: " + counts);
    }
}
