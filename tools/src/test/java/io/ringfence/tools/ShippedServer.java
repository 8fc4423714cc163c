package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringfence.gateway.client.ClientSettings;
import io.ringfence.gateway.client.RingfenceClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * A server under the shipped configuration whose journal is {@code j}, and commands beside it. The server is a process of its own. Its files
 * and windows are smaller than those that ship: to make these is a fifth of the work of a start, and most of its memory.
 *
 * <p>Principals 5, an operator, and 6, a trader, are there besides; they may act on account 1 alone.
 */
final class ShippedServer implements AutoCloseable {
    private static final Path CONF = Path.of(System.getProperty("ringfence.root"), "conf");

    private final Path folder;
    private ChildProcess server;

    private ShippedServer(Path folder) {
        this.folder = folder;
    }

    /** Starts it with a new journal in a folder, and waits until it serves. */
    static ShippedServer start(Path folder) throws IOException, InterruptedException {
        return start(folder, CONF.resolve("policies/venues.yaml"));
    }

    /** The same, under another policy; a relative path starts at the folder. */
    static ShippedServer start(Path folder, Path policy) throws IOException, InterruptedException {
        Files.writeString(
                folder.resolve("c.yaml"),
                config(policy)
                        + "\n  - {id: 5, name: desk-1-ops, role: operator, accounts: [1]}"
                        + "\n  - {id: 6, name: desk-1-trader, role: trader, accounts: [1]}\n");
        ShippedServer started = new ShippedServer(folder);
        started.serve();
        return started;
    }

    /** The configuration that ships, with smaller files and windows and another policy, for a file in any folder. */
    static String config(Path policy) throws IOException {
        String config = Files.readString(CONF.resolve("ringfence.yaml"));
        for (String[] change : new String[][] {
            {"policy: policies/venues.yaml", "policy: " + policy},
            {"accounts: accounts.yaml", "accounts: " + CONF.resolve("accounts.yaml")},
            {"  roll_length:\n", "  roll_length: 4MiB\n"},
            {"  window: 262144\n", "  window: 4096\n"}, // Answers at hand.
            {"  window: 1048576\n", "  window: 4096\n"} // Decisions at hand.
        }) {
            assertTrue(config.contains(change[0]), change[0]);
            config = config.replace(change[0], change[1]);
        }
        return config;
    }

    /** Starts it again, and waits until it serves. */
    void serve() throws InterruptedException {
        server = ChildProcess.start(folder, "serve", "--config", "c.yaml", "--dir", "j");
        server.firstLine();
    }

    /** The process that serves. */
    ChildProcess process() {
        return server;
    }

    /** A session of a principal. */
    RingfenceClient connect(int principalId) throws IOException {
        return RingfenceClient.connect(ClientSettings.ofJournal(folder.resolve("j"), principalId));
    }

    /** Runs a command to its end, in this process: the words of a line, and further ones. */
    Shell run(String line, String... more) {
        return Shell.in(folder, words(line, more));
    }

    /** Runs one that must succeed; what it prints, one JSON object. */
    JsonNode done(String line, String... more) {
        return run(line, more).json();
    }

    /** The same as a process of its own. */
    JsonNode doneByProcess(String line, String... more) {
        ChildProcess child = ChildProcess.run(folder, words(line, more));
        assertEquals(ExitCode.DONE, child.exitCode(), child::err);
        return child.json();
    }

    private static String[] words(String line, String... more) {
        return Stream.concat(Arrays.stream(line.split(" ")), Arrays.stream(more))
                .toArray(String[]::new);
    }

    @Override
    public void close() {
        server.close();
    }
}
