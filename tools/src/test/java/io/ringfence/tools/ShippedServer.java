package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringfence.gateway.client.ClientSettings;
import io.ringfence.gateway.client.RingfenceClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * A server under the shipped configuration whose journal is {@code j}, and commands beside it; each is a process of its own.
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
        return start(folder, "venues");
    }

    /** The same, under another policy that ships. */
    static ShippedServer start(Path folder, String policy) throws IOException, InterruptedException {
        String config = Files.readString(CONF.resolve("ringfence.yaml"))
                .replace("policy: policies/venues.yaml", "policy: " + CONF.resolve("policies/" + policy + ".yaml"))
                .replace("accounts: accounts.yaml", "accounts: " + CONF.resolve("accounts.yaml"));
        Files.writeString(
                folder.resolve("c.yaml"),
                config + "\n  - {id: 5, name: desk-1-ops, role: operator, accounts: [1]}"
                        + "\n  - {id: 6, name: desk-1-trader, role: trader, accounts: [1]}\n");
        ShippedServer started = new ShippedServer(folder);
        started.serve();
        return started;
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

    /** Runs a command to its end: the words of a line, and further ones. */
    ChildProcess run(String line, String... more) {
        return ChildProcess.run(
                folder,
                Stream.concat(Arrays.stream(line.split(" ")), Arrays.stream(more))
                        .toArray(String[]::new));
    }

    /** Runs one that must succeed; what it prints, one JSON object. */
    JsonNode done(String line, String... more) {
        ChildProcess child = run(line, more);
        assertEquals(ExitCode.DONE, child.exitCode(), child::err);
        return child.json();
    }

    @Override
    public void close() {
        server.close();
    }
}
