package io.ringfence.engine.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.bounds.FactBounds;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.ReasonCode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plays each blotter through a budget, and again through one that is restored from its snapshot before every step. */
class BlotterTest {
    private static final long DESK = 7;
    private static final long GOLD = 3;
    private static final long UNIT = 100_000_000;
    private static final long FIRST_HOLD = 20;

    private final Messages messages = new Messages();
    private final BudgetResult out = new BudgetResult();
    private final Map<Integer, Long> terms = new HashMap<>(); // Sequence of the n-th replace of the first order.
    private long lastSequence = FIRST_HOLD;

    static List<Blotter> blotters() throws IOException {
        return Blotter.all();
    }

    @Test
    void shouldHaveABlotterForEveryCase() throws IOException {
        assertTrue(Blotter.all().size() >= 92, "blotters=" + Blotter.all().size());
    }

    @ParameterizedTest
    @MethodSource("blotters")
    void shouldStandAsTheBlotterSaysAfterEveryStep(Blotter blotter) {
        play(blotter, false);
    }

    @ParameterizedTest
    @MethodSource("blotters")
    void shouldStandAlikeWhenRestoredBeforeEveryStep(Blotter blotter) {
        play(blotter, true);
    }

    private void play(Blotter blotter, boolean isRestoring) {
        Budget budget = open(blotter.granted());
        for (Blotter.Step step : blotter.steps()) {
            budget = isRestoring ? restored(budget, blotter.granted()) : budget;
            ReasonCode reason = play(budget, step).reason();
            assertEquals(step.expected(), standing(budget, step, reason), blotter + ", step " + step.text());
        }
    }

    private Budget open(long granted) {
        Budget budget = new Budget(1, 1, FactBounds.defaults());
        budget.openAccount(DESK, granted, out);
        return budget;
    }

    private Budget restored(Budget budget, long granted) {
        StateWriter writer = new StateWriter();
        budget.writeState(writer);
        assertEquals(writer.position(), budget.stateLength());
        Budget restored = open(granted);
        restored.readState(new StateReader(writer.byteArray(), 0, writer.position()));
        return restored;
    }

    private BudgetResult play(Budget budget, Blotter.Step step) {
        long hold = FIRST_HOLD + step.order();
        long quantity = step.quantity() * UNIT;
        return switch (step.verb()) {
            case ORDER -> messages.order(budget, hold, DESK, GOLD, step.side(), quantity, step.price(), 0, 0);
            case CANCEL -> messages.cancel(budget, hold);
            case REPLACE -> {
                lastSequence += 10;
                terms.put(terms.size() + 1, lastSequence);
                yield messages.replace(budget, lastSequence, hold, quantity, step.price());
            }
            case REPORT -> {
                long sequence = step.terms() == 0 ? hold : terms.getOrDefault(step.terms(), Messages.NO_TERMS);
                messages.says(sequence, inUnits(step.total()), inUnits(step.cumulative()));
                yield messages.execution(
                        budget,
                        hold,
                        step.execution(),
                        step.kind(),
                        quantity,
                        step.price(),
                        step.fee(),
                        step.leaves() * UNIT,
                        step.about());
            }
        };
    }

    private static long inUnits(long quantity) {
        return quantity == Messages.NO_QUANTITY ? quantity : quantity * UNIT;
    }

    /** Held and open are those of the order where it is the only one, else of the account. */
    private Blotter.Expected standing(Budget budget, Blotter.Step step, ReasonCode reason) {
        long[] figures = new long[5];
        budget.listing().forEachAccount(seen -> {
            figures[0] = seen.balance().reservedMicros();
            figures[3] = seen.balance().committedMicros();
            figures[4] = seen.balance().overdrawnMicros();
            if (seen.openBuyQuantity() != 0 || seen.openSellQuantity() != 0 || seen.position() != 0) {
                figures[1] = (seen.openBuyQuantity() + seen.openSellQuantity()) / UNIT;
                figures[2] = seen.position() / UNIT;
            }
        });
        return new Blotter.Expected(figures[0], figures[1], figures[2], figures[3], figures[4], reason);
    }
}
