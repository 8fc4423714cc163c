package io.ringfence.tools.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.tools.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;

/** Runs {@code check_budgets.py}, which knows nothing of the engine, against what an engine shows. */
public final class BudgetCheck {
    private static final Path SCRIPT =
            Path.of(System.getProperty("ringfence.root"), "tools/src/test/python/check_budgets.py");

    private final Path folder;

    /** @param folder for files. */
    public BudgetCheck(Path folder) {
        this.folder = folder;
    }

    /** The script, told what was rejected and who acted, agrees. */
    void agrees(EngineDesk desk, Path orders, Path policy) throws IOException, InterruptedException {
        Path records = Files.write(folder.resolve("records.jsonl"), desk.records());
        Path fees = Files.writeString(
                folder.resolve("policy.json"), new Shell("policy", "show", "--json", policy.toString()).out());
        run(desk, orders, "--records", records.toString(), "--fees", fees.toString());
    }

    /** The script agrees without being told anything. */
    void agreesUntold(EngineDesk desk, Path orders) throws IOException, InterruptedException {
        run(desk, orders);
    }

    private void run(EngineDesk desk, Path orders, String... options) throws IOException, InterruptedException {
        agrees(status(desk), orders, options);
    }

    /** The script agrees with what {@code status --json} printed. */
    public void agrees(String statusJson, Path orders, String... options) throws IOException, InterruptedException {
        Path status = Files.writeString(folder.resolve("status.json"), statusJson);
        List<String> command = new ArrayList<>(List.of("python3", SCRIPT.toString(), orders.toString()));
        command.addAll(List.of(options));
        command.addAll(List.of("--status", status.toString()));
        Path said = folder.resolve("said.txt");
        Process process = start(command, said);
        assertTrue(process.waitFor(300, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), Files.readString(said));
    }

    private static Process start(List<String> command, Path said) {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
        } catch (IOException none) {
            System.out.println("skipped: no python3: " + none.getMessage());
            Assumptions.abort("no python3");
            throw new AssertionError("unreachable", none);
        }
    }

    private static String status(EngineDesk desk) {
        return desk.balances().entrySet().stream()
                .map(entry -> String.format(
                        Locale.ROOT,
                        "{\"account_id\":%d,\"open_orders\":%d,\"reserved_micros\":%d,\"committed_micros\":%d,"
                                + "\"positions\":%s}",
                        entry.getKey(),
                        entry.getValue().openOrders(),
                        entry.getValue().reservedMicros(),
                        entry.getValue().committedMicros(),
                        positions(entry.getValue())))
                .collect(Collectors.joining(",", "{\"accounts\":[", "]}"));
    }

    private static String positions(EngineDesk.Balance balance) {
        return (balance.position() | balance.openBuys() | balance.openSells()) == 0
                ? "[]"
                : "[{\"instrument_id\":0,\"position\":" + balance.position() + ",\"open_buys\":" + balance.openBuys()
                        + ",\"open_sells\":" + balance.openSells() + "}]";
    }
}
