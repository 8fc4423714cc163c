package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringfence.gateway.RunFile;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.limit.Deadline;
import io.ringfence.schemas.CommandKind;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The example project of the client, as a process with the class path of the client library alone, goes on around servers with the shipped
 * configuration that are killed and started again.
 */
@Tag("system")
class ClientRestartSystemTest {
    private static final Path ROOT = Path.of(System.getProperty("ringfence.root"));
    private static final Path CLIENT_TARGET = ROOT.resolve("gateway/client/target");
    private static final int ORDERS = 900;
    private static final int ANSWERS_A_LIFE = 200;
    private static final Pattern ANSWER =
            Pattern.compile("(\\d+) (\\d+) (?:send to \\d+, held (\\d+)|stay: \\w+)( .*)?");

    private final List<Answered> answers = new ArrayList<>();

    @TempDir
    Path folder;

    private record Answered(long requestId, long sequence, long heldMicros) {}

    @BeforeEach
    void compile() throws IOException {
        String[] arguments = {
            "-Xlint:all",
            "-Werror",
            "-proc:none",
            "-cp",
            classPath(),
            "-d",
            folder.resolve("classes").toString(),
            ROOT.resolve("examples/client/src/main/java/example/Desk.java").toString()
        };
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments), "the example compiles");
    }

    @Test
    void shouldAnswerEveryRequestOnceAroundTwoKilledServers() throws Exception {
        Set<Path> drivers = new HashSet<>();
        Process desk = startDesk();
        try {
            for (int life = 1; life <= 2; life++) {
                try (ChildProcess server = ChildProcess.start(folder, "serve", "--dir", "j")) {
                    awaitAnswers(desk, life * ANSWERS_A_LIFE);
                    RunFile run = RunFile.read(folder.resolve("j")).orElseThrow();
                    drivers.add(run.gateway().aeronDirectory());
                    server.kill();
                }
            }
            try (ChildProcess server = ChildProcess.start(folder, "serve", "--dir", "j")) {
                awaitAnswers(desk, ORDERS);
                assertTrue(desk.waitFor(50, TimeUnit.SECONDS), this::said);
                assertEquals(0, desk.exitValue(), this::said);
                server.terminate();
                assertEquals(ExitCode.DONE, server.exitCode(), server::err);
            }
        } finally {
            desk.destroyForcibly();
        }

        assertEquals(2, drivers.size(), "each start has another driver's directory");
        assertEquals(2, said().split("reconnected", -1).length - 1, this::said);
        assertNotEquals(2, said().split("asking again 0", -1).length - 1, "nothing was in flight");
        requireEachAnsweredOnce();
        requireHoldsAsAnswered();
    }

    private void requireEachAnsweredOnce() throws IOException {
        for (String line : Files.readAllLines(out())) {
            Matcher answer = ANSWER.matcher(line);
            assertTrue(answer.matches(), line);
            String held = answer.group(3);
            answers.add(new Answered(
                    Long.parseLong(answer.group(1)),
                    Long.parseLong(answer.group(2)),
                    held == null ? 0 : Long.parseLong(held)));
        }
        assertEquals(
                LongStream.rangeClosed(1, ORDERS).boxed().toList(),
                answers.stream().map(Answered::requestId).sorted().toList());
        assertEquals(ORDERS, answers.stream().map(Answered::sequence).distinct().count());
    }

    /** Each answer is the one of its record; and what stands is what was answered, no more and no less. */
    private void requireHoldsAsAnswered() {
        Set<Long> orders = new HashSet<>();
        try (JournalReader reader = JournalReader.open(folder.resolve("j"))) {
            reader.forEach(record -> {
                if (record.kind() == CommandKind.ORDER) {
                    orders.add(record.sequence());
                }
            });
        }
        answers.forEach(answer -> assertTrue(orders.contains(answer.sequence()), answer::toString));

        JsonNode status =
                ChildProcess.run(folder, "status", "--json", "--dir", "j").json();
        JsonNode desk1 = status.get("accounts").get(0);
        assertEquals(
                answers.stream().filter(answer -> answer.heldMicros() > 0).count(),
                desk1.get("open_orders").longValue());
        assertEquals(
                answers.stream().mapToLong(Answered::heldMicros).sum(),
                desk1.get("reserved_micros").longValue());
        JsonNode verified = ChildProcess.run(folder, "verify", "--json", "j").json();
        assertTrue(verified.get("ok").booleanValue());
    }

    private void awaitAnswers(Process desk, int count) throws IOException, InterruptedException {
        Deadline deadline = Deadline.inSeconds(60);
        while (Files.readAllLines(out()).size() < count) {
            assertTrue(desk.isAlive() || Files.readAllLines(out()).size() >= count, this::said);
            deadline.require("the desk has " + count + " answers");
            Thread.sleep(2);
        }
    }

    /** Before any server was started: it waits for the first one, too. */
    private Process startDesk() throws IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED", // All that the README names.
                        "-cp",
                        folder.resolve("classes") + File.pathSeparator + classPath(),
                        "example.Desk",
                        folder.resolve("j").toString(),
                        Integer.toString(ORDERS)))
                .redirectOutput(out().toFile())
                .redirectError(err().toFile())
                .start();
    }

    private static String classPath() throws IOException {
        return CLIENT_TARGET.resolve("classes")
                + File.pathSeparator
                + Files.readString(CLIENT_TARGET.resolve("runtime-class-path.txt"))
                        .strip();
    }

    private Path out() {
        return folder.resolve("desk.txt");
    }

    private Path err() {
        return folder.resolve("desk-err.txt");
    }

    private String said() {
        try {
            return Files.readString(err());
        } catch (IOException e) {
            return e.toString();
        }
    }
}
