package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringfence.gateway.RunFile;
import io.ringfence.tools.input.OrderFlow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.IoUtil;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Starts engines in JVMs that run out of something on the way, or lack a class. Each ends by itself, with one line and its exit code. */
@Tag("system")
@Timeout(600)
class StartErrorSystemTest {
    private static final Path CONF = Path.of(System.getProperty("ringfence.root"), "conf");
    private static final String AT_ONCE = "ringfence: ends at once: ";

    @TempDir
    Path folder;

    /** Each of these limits is met at another place of the start, on the main thread or on one that it waits for. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "-XX:MaxMetaspaceSize=10m",
                "-XX:MaxMetaspaceSize=14m",
                "-XX:MaxMetaspaceSize=16m",
                "-XX:MaxMetaspaceSize=18m"
            })
    void shouldEndWithOneLineWhenTheStartRunsOutOfMemory(String limit) {
        try (ChildProcess server = ChildProcess.startUnder(List.of(limit), folder, "serve", "--dir", "j")) {
            assertEquals(ExitCode.ENVIRONMENT_FAILED, server.exitCode(), server::err);
            assertEquals("", server.out());
            assertEquals(1, server.err().lines().count(), server::err);
            // A class whose initializer ran out on another thread is not there afterwards: then the JVM says that.
            assertTrue(
                    server.err().contains("OutOfMemoryError: ")
                            || server.err().contains("NoClassDefFoundError: Could not initialize class "),
                    server::err);
        }
    }

    /** The windows do not fit beside the heap: that is said before any of them is made. */
    @ParameterizedTest
    @ValueSource(strings = {"-XX:MaxDirectMemorySize=1m", "-XX:MaxDirectMemorySize=90m"})
    void shouldRefuseTooLittleMemoryBesideTheHeapInOneLine(String limit) {
        try (ChildProcess server = ChildProcess.startUnder(List.of(limit), folder, "serve", "--dir", "j")) {
            assertEquals(ExitCode.BAD_INPUT, server.exitCode(), server::err);
            assertEquals(1, server.err().lines().count(), server::err);
            assertTrue(server.err().contains("outcomes.window: must be lower, or the memory larger"), server::err);
        }
    }

    /** The bounds of the configuration do not fit: that is said before anything is made. */
    @ParameterizedTest
    @ValueSource(strings = {"serve --dir j", "demo --dir j", "ask --account desk-1 --quantity 1 --price 1"})
    void shouldRefuseAHeapOf128MiBInOneLine(String command) throws IOException {
        try (ChildProcess child = ChildProcess.startUnder(List.of("-Xmx128m"), folder, command.split(" "))) {
            assertEquals(ExitCode.BAD_INPUT, child.exitCode(), child::err);
            assertEquals(1, child.err().lines().count(), child::err);
            assertTrue(child.err().contains("RINGFENCE_JAVA_OPTS=-Xmx"), child::err);
            assertFalse(Files.exists(folder.resolve("j/lock")));
        }
    }

    /** As when a file of the installation is missing that every command needs. */
    @Test
    void shouldEndAtOnceWhenTheCommandLineCannotBeBuilt() {
        String withoutHistogram = ChildProcess.classPathWithout("HdrHistogram");

        try (ChildProcess status = ChildProcess.startWith(withoutHistogram, folder, "status")) {
            requireEndedAtOnce(status, "org/HdrHistogram/Histogram");
        }
    }

    /** The class that is missing is first needed when the engine of the warm-up serves. Closing that engine might hang, so it is not closed. */
    @Test
    void shouldEndAtOnceWhenADemoMeetsAnErrorBesideItsEngine() throws IOException {
        String damaged = ChildProcess.classPathWithout(OrderFlow.class, folder);

        try (ChildProcess demo = ChildProcess.startWith(damaged, folder, "demo", "--dir", "j")) {
            requireEndedAtOnce(demo, "io/ringfence/tools/input/OrderFlow");
        }

        try (Stream<Path> below = Files.list(folder.resolve("j"))) {
            requireDriverNotClosed(below.filter(Files::isDirectory).findFirst().orElseThrow());
        }
    }

    private static void requireEndedAtOnce(ChildProcess child, String missing) {
        assertEquals(ExitCode.ENVIRONMENT_FAILED, child.exitCode(), child::err);
        assertEquals(AT_ONCE + "java.lang.NoClassDefFoundError: " + missing + "\n", child.err());
        assertEquals("", child.out());
    }

    private static void requireDriverNotClosed(Path dataDirectory) throws IOException {
        Path driver = RunFile.read(dataDirectory).orElseThrow().gateway().aeronDirectory();
        assertTrue(Files.exists(driver), "the driver was not closed");
        IoUtil.delete(driver.toFile(), true);
        Files.deleteIfExists(driver.resolveSibling(driver.getFileName() + ".lock"));
    }

    /** The same for commands in a session with an engine of another process, which serves on. */
    @Test
    void shouldEndAtOnceWhenAnErrorIsMetInASession() throws IOException, InterruptedException {
        String noFlow = ChildProcess.classPathWithout(OrderFlow.class, folder.resolve("flow"));
        String noReport = ChildProcess.classPathWithout(AnswerReport.class, folder.resolve("report"));
        String[] ask = {"ask", "--account", "desk-1", "--quantity", "1", "--price", "25.10", "--dir", "j", "--replace"};
        String config = ShippedServer.config(CONF.resolve("policies/venues.yaml"))
                .replace("silence_timeout: 10s", "silence_timeout: 1h"); // No session ends before it is counted.
        Files.writeString(folder.resolve("c.yaml"), config);
        try (ChildProcess server = ChildProcess.start(folder, "serve", "--config", "c.yaml", "--dir", "j")) {
            server.firstLine();
            try (ChildProcess load = ChildProcess.startWith(noFlow, folder, "load", "--dir", "j")) {
                requireEndedAtOnce(load, "io/ringfence/tools/input/OrderFlow");
            }
            try (ChildProcess asked =
                    ChildProcess.startWith(noReport, folder, ask)) { // The session of the first still stands.
                requireEndedAtOnce(asked, "io/ringfence/tools/AnswerReport");
            }
            JsonNode status = Shell.in(folder, "status", "--json", "--dir", "j").json();
            assertTrue(status.get("sessions").longValue() > 0, "their sessions were not closed: " + status);
            server.terminate();
            assertEquals(ExitCode.DONE, server.exitCode(), server::err);
        }
    }
}
