package io.ringfence.perf.soak;

import io.ringfence.tools.RingfenceCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A {@code ringfence} command as a process of its own: a server that is stopped and killed, or a tool that runs to its end. */
final class SoakServer implements AutoCloseable {
    private static final long PATIENCE_S = 60;
    private static final String READY = "ringfence: serving ";
    private static final String END = "";

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<String> said = new ArrayList<>();

    private SoakServer(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "soak-output");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts {@code ringfence} with some arguments; returns at once.
     *
     * @param environment added to this process's own.
     */
    static SoakServer start(Map<String, String> environment, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> !argument.startsWith("-javaagent") && !argument.startsWith("-Xm"))
                .forEach(command::add);
        command.addAll(
                List.of("-Xms320m", "-Xmx320m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), RingfenceCommand.class.getName()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return new SoakServer(builder.start());
    }

    /** Waits until it serves; false when it ended instead. */
    boolean isReady() throws InterruptedException {
        while (true) {
            String line = lines.poll(PATIENCE_S, TimeUnit.SECONDS);
            if (line == null) {
                throw new IllegalStateException("a server must be ready or end within 60 s: " + said);
            }
            if (line.startsWith(READY)) {
                return true;
            }
            if (line.equals(END)) {
                return false;
            }
            said.add(line);
        }
    }

    /** What it said before it was ready, or before it ended. */
    List<String> said() {
        return said;
    }

    long processId() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL; waits until it is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        exitCode();
    }

    /** SIGTERM; waits for the clean stop and gives its exit code. */
    int stop() throws InterruptedException {
        process.destroy();
        return exitCode();
    }

    /** Waits for its end. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
            throw new IllegalStateException("a process must end within 60 s: " + said);
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (!line.isEmpty()) {
                    lines.add(line);
                }
            }
        } catch (IOException | UncheckedIOException ended) {
            lines.add("output ended: " + ended.getMessage());
        } finally {
            lines.add(END);
        }
    }
}
