package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringfence.gateway.RunFile;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.OrderRequestDecoder;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The example project of the client, as a process with the class path of the client library alone, goes on around servers with the shipped
 * configuration that are killed and started again, and after it was killed itself.
 */
@Tag("system")
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class ClientRestartSystemTest {
    private static final Path ROOT = Path.of(System.getProperty("ringfence.root"));
    private static final Path CLIENT_TARGET = ROOT.resolve("gateway/client/target");
    private static final Path SOURCES = ROOT.resolve("examples/client/src/main/java/example");
    private static final int ORDERS = 600;
    private static final int ANSWERS_A_LIFE = 100;
    private static final int IN_FLIGHT = 16;
    private static final Pattern ANSWER = Pattern.compile(
            "answered (\\d+) (\\d+) (?:send to \\d+, held (\\d+)|stay: \\w+)( \\(had been taken before\\))?");

    @TempDir
    Path folder;

    private record Answered(long requestId, long sequence, long heldMicros, boolean isRepeated) {
        static Answered of(String line) {
            Matcher answer = ANSWER.matcher(line);
            assertTrue(answer.matches(), line);
            return new Answered(
                    Long.parseLong(answer.group(1)),
                    Long.parseLong(answer.group(2)),
                    answer.group(3) == null ? 0 : Long.parseLong(answer.group(3)),
                    answer.group(4) != null);
        }
    }

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
            SOURCES.resolve("Desk.java").toString(),
            SOURCES.resolve("Book.java").toString()
        };
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments), "the example compiles");
    }

    @Test
    void shouldAnswerEachRequestOnceAroundKilledServersAndKilledClients() throws Exception {
        Set<Path> drivers = new HashSet<>();
        long lost;
        try (ChildProcess desk = desk()) { // It waits for its server.
            try (ChildProcess server = serve()) {
                awaitAnswers(desk, ANSWERS_A_LIFE);
                drivers.add(driver());
                loseRequests(desk, server);
            }
            awaitSaid(desk, "reconnecting"); // And dies while it looks for a server.
            desk.kill();
        }
        long unanswered = inFlight();
        try (ChildProcess desk = desk();
                ChildProcess server = serve()) {
            awaitSaid(desk, "asking again " + unanswered + " of an earlier life");
            awaitAnswers(desk, 2 * ANSWERS_A_LIFE);
            drivers.add(driver());
            lost = loseAnswers(desk, server);
            try (ChildProcess last = desk()) {
                awaitSaid(last, "asking again " + lost + " of an earlier life");
                awaitAnswers(last, 3 * ANSWERS_A_LIFE);
                loseRequests(last, server);
                try (ChildProcess third = serve()) {
                    awaitSaid(last, "reconnected: asking again ");
                    assertEquals(ExitCode.DONE, last.exitCode(), last::err);
                    drivers.add(driver());
                    third.terminate();
                    assertEquals(ExitCode.DONE, third.exitCode(), third::err);
                }
            }
        }

        assertEquals(3, drivers.size(), "each start has another driver's directory");
        List<Answered> answers = answers();
        requireEachAnsweredOnce(answers, lost);
        requireHoldsAsAnswered(answers);
    }

    /** Kills a server that has not taken what was sent. */
    private void loseRequests(ChildProcess desk, ChildProcess server) throws InterruptedException {
        server.signal("STOP");
        desk.await("a window of requests is in flight", () -> inFlight() == IN_FLIGHT);
        server.kill();
    }

    /**
     * Kills a desk that has not read what was answered. Answers that were under way when the server was stopped may still reach the desk, so
     * less than a window may be lost.
     *
     * @return how many answers were lost.
     */
    private long loseAnswers(ChildProcess desk, ChildProcess server) throws InterruptedException {
        server.signal("STOP");
        desk.await("a window of requests is in flight", () -> inFlight() == IN_FLIGHT);
        desk.signal("STOP");
        server.signal("CONT");
        server.await(
                "all that was asked is in the journal",
                () -> orders().size() == linesOf("asked").count());
        desk.kill();
        long lost = inFlight();
        assertTrue(lost > 0, "answers were lost");
        return lost;
    }

    private void requireEachAnsweredOnce(List<Answered> answers, long lost) {
        assertEquals(
                LongStream.rangeClosed(1, ORDERS).boxed().toList(),
                answers.stream().map(Answered::requestId).sorted().toList());
        long repeated = answers.stream().filter(Answered::isRepeated).count();
        assertTrue(repeated >= lost, () -> lost + " answers were lost, and asked for again: " + repeated);
    }

    /** Each record has its answer, each answer its record; and what stands is what was answered, no more and no less. */
    private void requireHoldsAsAnswered(List<Answered> answers) {
        assertEquals(orders(), answers.stream().collect(Collectors.toMap(Answered::requestId, Answered::sequence)));
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

    /** Sequence of the first record of each order in the journal, by its request id; later ones repeat it. */
    private SortedMap<Long, Long> orders() {
        SortedMap<Long, Long> sequences = new TreeMap<>();
        OrderRequestDecoder order = new OrderRequestDecoder();
        MessageHeaderDecoder header = new MessageHeaderDecoder();
        try (JournalReader reader = JournalReader.open(folder.resolve("j"))) {
            reader.forEach(record -> {
                if (record.kind() == CommandKind.ORDER) {
                    order.wrapAndApplyHeader(record.buffer(), record.commandOffset(), header);
                    sequences.putIfAbsent(order.clientRequestId(), record.sequence());
                }
            });
        }
        return sequences;
    }

    private void awaitAnswers(ChildProcess desk, int count) throws InterruptedException {
        desk.await("the desk has " + count + " answers", () -> answers().size() >= count);
    }

    private static void awaitSaid(ChildProcess desk, String words) throws InterruptedException {
        desk.await("it says: " + words, () -> desk.err().contains(words));
    }

    private List<Answered> answers() {
        return linesOf("answered").map(Answered::of).toList();
    }

    private long inFlight() {
        return linesOf("asked").count() - linesOf("answered").count();
    }

    private Stream<String> linesOf(String word) {
        try {
            return Files.exists(book())
                    ? Files.readString(book()).lines().filter(line -> line.startsWith(word + " "))
                    : Stream.empty();
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
    }

    private ChildProcess serve() {
        return ChildProcess.start(folder, "serve", "--dir", "j");
    }

    private Path driver() throws IOException {
        return RunFile.read(folder.resolve("j")).orElseThrow().gateway().aeronDirectory();
    }

    /** Asks for as many orders as are not asked yet. */
    private ChildProcess desk() throws IOException {
        return ChildProcess.startProgram(
                folder,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED", // All that the README names.
                        "-cp",
                        folder.resolve("classes") + File.pathSeparator + classPath(),
                        "example.Desk",
                        folder.resolve("j").toString(),
                        book().toString(),
                        Long.toString(ORDERS - linesOf("asked").count())));
    }

    private static String classPath() throws IOException {
        return CLIENT_TARGET.resolve("classes")
                + File.pathSeparator
                + Files.readString(CLIENT_TARGET.resolve("runtime-class-path.txt"))
                        .strip();
    }

    private Path book() {
        return folder.resolve("book.txt");
    }
}
