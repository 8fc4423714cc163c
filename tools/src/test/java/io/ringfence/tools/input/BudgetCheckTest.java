package io.ringfence.tools.input;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.config.AccountsFile;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.schemas.Action;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plays made orders, many of which a small budget refuses, and lets the independent script work out the same. */
class BudgetCheckTest {
    private static final Path POLICY = Path.of(System.getProperty("ringfence.root"), "conf/policies/crypto.yaml");
    private static final int EVENTS = 40_000;

    @TempDir
    Path folder;

    @Test
    void shouldAgreeWithWhatTheScriptWorksOut() throws IOException, InterruptedException {
        Path accounts = Files.writeString(folder.resolve("accounts.yaml"), """
                accounts:
                  - {id: 1, name: a, granted: 5000000, cap: 60000}
                  - {id: 2, name: b, granted: 300000}
                  - {id: 3, name: c, granted: 900000000}
                  - {id: 4, name: d, granted: 5000000, cap: 120000}
                """);
        EngineDesk desk = new EngineDesk(CompiledPolicy.read(POLICY), AccountsFile.read(accounts));
        Path orders = OrderFile.write(folder.resolve("orders.csv"), 11, EVENTS);

        try (OrderEvents events = OrderEvents.open(orders)) {
            while (events.advance()) {
                desk.flow().onEvent(events.event());
            }
        }

        assertTrue(desk.actions().get(Action.REJECT) > 1_000, () -> "rejected " + desk.actions());
        assertTrue(
                desk.flow().counts().replacesRefused() > 20,
                () -> desk.flow().counts().toString());
        new BudgetCheck(folder).agrees(desk, orders, POLICY);
    }
}
