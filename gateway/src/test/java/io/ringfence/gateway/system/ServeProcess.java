package io.ringfence.gateway.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Handles a {@link ServeMain} from outside: starts it, stops it, kills it, halts it. */
final class ServeProcess implements AutoCloseable {
    private static final long PATIENCE_S = 30;
    private static final int KILLED = 128 + 9;
    private static final String LIGHT_HEAP = "-Xmx256m";

    private final Process process;

    private ServeProcess(Process process) {
        this.process = process;
    }

    /** Starts one with this JVM's flags, made light; returns at once. */
    static ServeProcess start(ServerFiles files) throws IOException {
        return start(files, LIGHT_HEAP, List.of());
    }

    /** With a heap of the caller's. */
    static ServeProcess start(ServerFiles files, String heap) throws IOException {
        return start(files, heap, List.of());
    }

    /** As the last words of another command. */
    static ServeProcess start(ServerFiles files, List<String> within) throws IOException {
        return start(files, LIGHT_HEAP, within);
    }

    private static ServeProcess start(ServerFiles files, String heap, List<String> within) throws IOException {
        List<String> command = new ArrayList<>(within);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> !argument.startsWith("-javaagent"))
                .forEach(command::add);
        command.addAll(
                List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", heap));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ServeMain.class.getName()));
        command.add(files.config().toString());
        return new ServeProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** Waits until it serves. */
    void awaitReady() throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        CompletableFuture<String> first = CompletableFuture.supplyAsync(() -> {
            try {
                return lines.readLine();
            } catch (IOException ended) {
                return ended.toString();
            }
        });
        try {
            assertEquals("ready", first.get(PATIENCE_S, TimeUnit.SECONDS));
        } catch (ExecutionException | InterruptedException | TimeoutException notReady) {
            throw new AssertionError("the server does not get ready", notReady);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** Processor time that all of its threads have taken. */
    Duration cpuTime() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /** SIGKILL; any thread. */
    void kill() {
        process.destroyForcibly();
    }

    /** Sends a signal by name. */
    void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).start();
        assertTrue(kill.waitFor(PATIENCE_S, TimeUnit.SECONDS));
        assertEquals(0, kill.exitValue());
    }

    /** Waits until it has died of a SIGKILL. */
    void awaitKilled() throws InterruptedException {
        assertEquals(KILLED, exitCode());
    }

    /** Ends its input, waits for the clean stop, and gives the exit code. */
    int stop() throws IOException, InterruptedException {
        process.getOutputStream().close();
        return exitCode();
    }

    /** Waits for its end. */
    int exitCode() throws InterruptedException {
        assertTrue(process.waitFor(PATIENCE_S, TimeUnit.SECONDS), "the server does not end");
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
