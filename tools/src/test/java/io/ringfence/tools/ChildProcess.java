package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs {@code ringfence} as a process of its own, with the classes under test and the flags that the launcher sets. Options that make a JVM
 * start with less work stand before them, because a test starts many: the launcher itself is run by {@code LauncherTest} and by CI's demo.
 */
public final class ChildProcess implements AutoCloseable {
    private static final Path ROOT = Path.of(System.getProperty("ringfence.root"));
    private static final long PATIENCE_S = 240; // Ten times what the longest takes on two busy cores.
    private static final long LOOK_EVERY_MS = 20;
    private static final List<String> LIGHT = List.of(
            "-Xmx1g",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:MetaspaceSize=64m", // Else each start collects the whole heap when it has loaded its classes.
            "-XX:-UsePerfData");

    private final Process process;
    private final Path out;
    private final Path err;

    private ChildProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Starts it in a directory, in which its output is kept too. */
    public static ChildProcess start(Path directory, String... args) {
        return startWith(System.getProperty("java.class.path"), directory, args);
    }

    /** The same with further options of the JVM. */
    static ChildProcess startUnder(List<String> options, Path directory, String... args) {
        return start(List.of(), options, System.getProperty("java.class.path"), directory, args);
    }

    /** The same with another class path. */
    public static ChildProcess startWith(String classPath, Path directory, String... args) {
        return start(List.of(), List.of(), classPath, directory, args);
    }

    /** The same behind words of another program, which runs it: as another user, say. */
    static ChildProcess startBehind(List<String> program, String classPath, Path directory, String... args) {
        return start(program, List.of(), classPath, directory, args);
    }

    private static ChildProcess start(
            List<String> program, List<String> options, String classPath, Path directory, String... args) {
        try {
            List<String> command = new ArrayList<>(program);
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(flags());
            command.addAll(LIGHT);
            command.addAll(options);
            command.addAll(List.of("-Dringfence.home=" + ROOT, "-cp", classPath, RingfenceCommand.class.getName()));
            command.addAll(Arrays.asList(args));
            return startProgram(directory, command);
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
    }

    /** Starts any program in a directory, in which its output is kept too. */
    static ChildProcess startProgram(Path directory, List<String> command) {
        try {
            Path out = Files.createTempFile(directory, "out", ".txt");
            Path err = Files.createTempFile(directory, "err", ".txt");
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            return new ChildProcess(process, out, err);
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
    }

    /** Runs it to its end. */
    public static ChildProcess run(Path directory, String... args) {
        ChildProcess child = start(directory, args);
        child.exitCode();
        return child;
    }

    /** The flags that the launcher sets. */
    public static List<String> flags() throws IOException {
        Matcher flags = Pattern.compile("<ringfence.jvm.flags>(.*?)</ringfence.jvm.flags>", Pattern.DOTALL)
                .matcher(Files.readString(ROOT.resolve("pom.xml")));
        if (!flags.find()) {
            throw new IllegalStateException("the root pom names the flags of the JVM");
        }
        return Arrays.asList(flags.group(1).strip().split("\\s+"));
    }

    /** What it ended with; waits for that, and ends it when it takes too long. */
    public int exitCode() {
        try {
            if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
                close();
                throw new AssertionError("it did not end in " + PATIENCE_S + " s: " + err());
            }
            return process.exitValue();
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", asked);
        }
    }

    /** Waits for the first line on standard output. */
    public String firstLine() throws InterruptedException {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (!out().contains("\n") && process.isAlive() && System.nanoTime() - deadlineNs < 0) {
            Thread.sleep(LOOK_EVERY_MS);
        }
        return out().lines().findFirst().orElseThrow(() -> new AssertionError("it said nothing: " + err()));
    }

    /** Class path of the tests, without the entries whose names hold a word. */
    public static String classPathWithout(String word) {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains(word))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Class path of the tests, without one class of this module, as when an installation is damaged. */
    static String classPathWithout(Class<?> missing, Path folder) throws IOException {
        Path classes = Path.of(System.getProperty("ringfence.root"), "tools/target/classes")
                .toAbsolutePath()
                .normalize();
        Path copy = Files.createDirectories(folder).resolve("classes");
        String file = missing.getName().replace('.', '/') + ".class";
        try (Stream<Path> tree = Files.walk(classes)) {
            for (Path path : tree.filter(path -> !path.endsWith(file)).toList()) {
                Files.copy(path, copy.resolve(classes.relativize(path)));
            }
        }
        return copy + File.pathSeparator + classPathWithout(classes.toString());
    }

    /** Does it run? */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Sends it a signal by its name: INT, TERM. */
    public void signal(String name) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
            assertTrue(kill.waitFor(PATIENCE_S, TimeUnit.SECONDS), "kill ends");
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", asked);
        }
    }

    /** Waits until a condition of its files or output holds; fails when it ends before, or takes too long. */
    public void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (!condition.getAsBoolean()) {
            assertTrue(process.isAlive(), () -> "it ended before: " + what + ": " + err());
            assertTrue(System.nanoTime() - deadlineNs < 0, () -> "it took too long: " + what + ": " + err());
            Thread.sleep(LOOK_EVERY_MS);
        }
    }

    /** Waits for its end, and does something every 20 ms meanwhile. */
    public void awaitEnd(Runnable meanwhile) throws InterruptedException {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (!process.waitFor(LOOK_EVERY_MS, TimeUnit.MILLISECONDS)) {
            meanwhile.run();
            assertTrue(System.nanoTime() - deadlineNs < 0, () -> "it did not end: " + err());
        }
    }

    /** Asks it to end, as SIGTERM does. */
    public void terminate() {
        process.destroy();
    }

    /** Ends it at once, as kill -9 does, and waits until it is gone. */
    public void kill() throws InterruptedException {
        assertTrue(process.destroyForcibly().waitFor(PATIENCE_S, TimeUnit.SECONDS), "it ends when it is killed");
    }

    /** Standard output so far. */
    public String out() {
        return read(out);
    }

    /** Standard output as one JSON object. */
    public JsonNode json() {
        try {
            return new ObjectMapper().readTree(out());
        } catch (IOException wrong) {
            throw new AssertionError("standard output is one JSON object: " + out() + err(), wrong);
        }
    }

    /** Standard error so far. */
    public String err() {
        return read(err);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
