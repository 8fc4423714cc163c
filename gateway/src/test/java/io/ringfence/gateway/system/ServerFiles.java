package io.ringfence.gateway.system;

import io.ringfence.gateway.client.ClientSettings;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.server.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The configuration files of one small server, whose journal and media driver live beside them. */
public final class ServerFiles {
    /** The Aeron stream that it listens on. */
    public static final int REQUEST_STREAM_ID = 1_001;

    /** Principals: one that asks, one that also commands accounts. */
    public static final int CLIENT = 1;

    public static final int OPERATOR = 2;

    /** Accounts: one of plenty, one with a cap, one that is soon spent. */
    static final Map<Long, Long> GRANTED_MICROS =
            Map.of(1L, 900_000_000_000L, 2L, 900_000_000_000L, 3L, 2_000_000_000L);

    private static final Duration HEARTBEAT_INTERVAL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Path CONF = Path.of(System.getProperty("ringfence.root", ".."), "conf");

    private final Path directory;

    private ServerFiles(Path directory) {
        this.directory = directory;
    }

    /**
     * Writes them: small ring, small roll files, threads that sleep. Sessions stand longer than other work on the machine can keep a client
     * from its turn.
     */
    public static ServerFiles write(Path directory, String mode, String durability) {
        ServerFiles files = new ServerFiles(directory);
        files.put("accounts.yaml", """
                accounts:
                  - {id: 1, name: plenty, granted: 900000}
                  - {id: 2, name: capped, granted: 900000, cap: 2000}
                  - {id: 3, name: scarce, granted: 2000}
                """);
        files.put(
                "ringfence.yaml",
                String.format(
                        Locale.ROOT,
                        """
                data_dir: %s
                mode: %s
                durability: %s
                ring_size: 256
                wait_strategy: sleeping
                policy: %s
                accounts: accounts.yaml
                aeron: {directory: %s, request_stream_id: %d}
                sessions: {silence_timeout: 30s, window: 256}
                outcomes: {window: 65536}
                disk: {headroom: 1MiB, roll_length: 1MiB}
                deciding:
                  remembered_per_principal: 65536
                  tick_interval: 20ms
                  accounts_max: 16
                  principals_max: 4
                  policy_size_max: 1MiB
                principals:
                  - {id: %d, name: desk, role: trader}
                  - {id: %d, name: ops, role: operator}
                """,
                        files.data(),
                        mode,
                        durability,
                        CONF.resolve("policies/venues.yaml").toAbsolutePath(),
                        files.aeron(),
                        REQUEST_STREAM_ID,
                        CLIENT,
                        OPERATOR));
        return files;
    }

    private void put(String name, String content) {
        try {
            Files.writeString(directory.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Changes a line of the configuration. */
    void replaceInConfig(String text, String other) throws IOException {
        String before = Files.readString(config());
        if (!before.contains(text)) {
            throw new IllegalArgumentException("the configuration must have it: text=" + text);
        }
        put("ringfence.yaml", before.replace(text, other));
    }

    /** For a test of silence: its sessions end after so many seconds of it. */
    ServerFiles withSilenceTimeout(int seconds) throws IOException {
        replaceInConfig("silence_timeout: 30s", "silence_timeout: " + seconds + "s");
        return this;
    }

    /** Begins a session as one of the principals. */
    RingfenceClient connect(int principalId) throws IOException {
        return RingfenceClient.connect(
                new ClientSettings(aeron(), REQUEST_STREAM_ID, principalId, HEARTBEAT_INTERVAL, PATIENCE));
    }

    /** The file that names all the others. */
    public Path config() {
        return directory.resolve("ringfence.yaml");
    }

    /** The journal's directory. */
    public Path data() {
        return directory.resolve("data");
    }

    /** The media driver's directory. */
    public Path aeron() {
        return directory.resolve("aeron");
    }

    /** Lets the next roll file be ready, and puts something in the way of the one after it. */
    void letNoRollFileBeMade() throws IOException {
        RawClient.await(() -> isNextRollFileReady() && !Files.exists(making()));
        Files.createFile(making());
    }

    /** Takes it out of the way. */
    void letRollFilesBeMade() throws IOException {
        Files.delete(making());
    }

    /** Is the roll file made that follows the one in use? */
    boolean isNextRollFileReady() {
        try (Stream<Path> entries = Files.list(data())) {
            return entries.anyMatch(path -> path.getFileName().toString().startsWith("next-"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path making() {
        return data().resolve("making");
    }

    /** What the server shows of itself. */
    public Path counters() {
        return data().resolve("counters.dat");
    }
}
