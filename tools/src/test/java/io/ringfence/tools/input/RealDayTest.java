package io.ringfence.tools.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.config.AccountsFile;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.schemas.Action;
import io.ringfence.schemas.ReasonCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plays the day of real orders through an engine under the policies and budgets that ship. */
class RealDayTest {
    private static final Path CONF = Path.of(System.getProperty("ringfence.root"), "conf");
    private static final Path CRYPTO = CONF.resolve("policies/crypto.yaml");
    private static final Path ADMIT_ALL = CONF.resolve("policies/admit-all.yaml");

    @TempDir
    Path folder;

    @Test
    void shouldMeetEveryKindOfAnswerOfADesk() throws IOException, InterruptedException {
        Path orders = SharedData.find("crypto_orders/orders.csv.bz2");

        EngineDesk desk = play(orders, CRYPTO, CONF.resolve("accounts.yaml"));

        String mix = desk.actions() + " " + desk.reasons() + " " + desk.flow().counts();
        for (ReasonCode reason : List.of(
                ReasonCode.RISK_HARD_LIMIT,
                ReasonCode.UTILITY_NOT_POSITIVE,
                ReasonCode.BUDGET_EXHAUSTED,
                ReasonCode.EXPOSURE_LIMIT)) {
            assertTrue(desk.reasons().getOrDefault(reason, 0L) > 0, () -> reason + " in " + mix);
        }
        long asked = desk.flow().counts().asked();
        assertTrue(desk.actions().get(Action.EXECUTE) > asked / 4, mix);
        assertTrue(desk.actions().get(Action.SUBSTITUTE) > asked / 20, mix);
        assertTrue(desk.actions().get(Action.REJECT) > asked / 50, mix);
        new BudgetCheck(folder).agrees(desk, orders, CRYPTO);
    }

    @Test
    void shouldAdmitEveryOrderUnderAdmitAll() throws IOException, InterruptedException {
        Path orders = SharedData.find("crypto_orders/orders.csv.bz2");

        EngineDesk desk = play(orders, ADMIT_ALL, CONF.resolve("accounts-admit-all.yaml"));

        assertEquals(Map.of(Action.EXECUTE, desk.flow().counts().asked()), desk.actions());
        assertEquals(0, desk.flow().counts().replacesRefused());
        new BudgetCheck(folder).agreesUntold(desk, orders);
    }

    private static EngineDesk play(Path orders, Path policy, Path accounts) {
        EngineDesk desk = new EngineDesk(CompiledPolicy.read(policy), AccountsFile.read(accounts));
        try (OrderEvents events = OrderEvents.open(orders)) {
            while (events.advance()) {
                desk.flow().onEvent(events.event());
            }
        }
        return desk;
    }
}
