package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringfence.gateway.Ringfence;
import io.ringfence.gateway.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal whose last process had a clock a year ahead, as a person meets it on the command line. */
@Tag("system")
class ClockSystemTest {
    @TempDir
    Path folder;

    @Test
    void shouldSayWhatToDoAndDoIt() throws IOException, InterruptedException {
        Path policy = Path.of(System.getProperty("ringfence.root"), "conf/policies/venues.yaml");
        ServerConfig shipped =
                ServerConfig.read(Files.writeString(folder.resolve("c.yaml"), ShippedServer.config(policy)));
        ServerConfig config = shipped.with(
                folder.resolve("j"),
                Optional.empty(),
                shipped.durability(),
                shipped.mode(),
                shipped.policyFile(),
                shipped.accountsFile());
        long yearNs = TimeUnit.DAYS.toNanos(365);
        Ringfence.start(config, false, () -> TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) + yearNs)
                .close();

        try (ChildProcess server = ChildProcess.start(folder, "serve", "--config", "c.yaml", "--dir", "j")) {
            server.firstLine();
            Shell refused = ask();
            String shown = run("status --dir j").out();
            Shell byOperator = Shell.in(folder, accept("--principal", "2"));
            ChildProcess accepted = ChildProcess.run(folder, accept("--json"));
            Shell admitted = ask();
            JsonNode status = run("status --json --dir j").json();
            server.terminate();
            assertEquals(ExitCode.DONE, server.exitCode(), server::err);

            assertEquals(ExitCode.ENVIRONMENT_FAILED, refused.exitCode());
            assertTrue(refused.err().contains("CLOCK_STEP"), refused::err);
            assertTrue(shown.replaceAll("\\s+", " ").contains("accept it: ringfence clock accept"), shown);
            assertEquals(ExitCode.BAD_INPUT, byOperator.exitCode());
            assertEquals("ringfence clock accept: --principal: must have the role risk: 2\n", byOperator.err());
            assertEquals(ExitCode.DONE, accepted.exitCode(), accepted::err);
            assertEquals("APPLIED", accepted.json().get("reason").textValue());
            assertEquals(ExitCode.DONE, admitted.exitCode(), admitted::err);
            assertEquals(0, status.get("clock_stepped").intValue());
            assertTrue(status.get("clock_ahead_ns").longValue() > yearNs / 2);
            assertTrue(server.err().startsWith("ringfence: the wall clock is 31,5"), server::err);
            assertTrue(server.err().endsWith(": ringfence clock accept --dir j --why TEXT\n"), server::err);
            assertEquals(1, server.err().lines().count(), server::err);
            Shell record = run("inspect j --json --sequence "
                    + accepted.json().get("sequence").asText());
            assertEquals(
                    "time server mended",
                    record.json().get("clock_command").get("justification").textValue());
        }
        try (ChildProcess server = ChildProcess.start(folder, "serve", "--config", "c.yaml", "--dir", "j")) {
            server.firstLine();
            Shell admitted = ask();
            server.terminate();
            assertEquals(ExitCode.DONE, server.exitCode(), server::err);

            assertEquals(ExitCode.DONE, admitted.exitCode(), admitted::err);
            assertEquals("", server.err());
        }
    }

    private Shell ask() {
        return run("ask --dir j --account desk-1 --candidate XNAS --quantity 1 --price 25");
    }

    private Shell run(String line) {
        return Shell.in(folder, line.split(" "));
    }

    private static String[] accept(String... options) {
        return Stream.concat(
                        Stream.of("clock", "accept", "--dir", "j", "--why", "time server mended"), Stream.of(options))
                .toArray(String[]::new);
    }
}
