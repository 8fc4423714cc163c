package io.ringfence.perf.floor;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Machine, JDK and commit on which figures were measured.
 *
 * @param cores     that the process may use.
 * @param processor its model.
 * @param jdk       version.
 * @param commit    checked out, short; {@code unknown} outside of a checkout.
 * @param load      threads that wanted a processor, mean of the last minute; negative: not known.
 */
public record Machine(int cores, String processor, String jdk, String commit, double load) {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final String UNKNOWN = "unknown";

    /** This machine with the checkout at {@code home}. */
    public static Machine here(Path home) {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                model(),
                System.getProperty("java.vm.name") + " " + Runtime.version(),
                commit(home),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    /** The object in which reports show it. */
    public ObjectNode json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("cores", cores)
                .put("processor", processor)
                .put("jdk", jdk)
                .put("commit", commit)
                .put("load_before", load);
    }

    private static String model() {
        try {
            return Files.readAllLines(CPU_INFO).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(UNKNOWN);
        } catch (IOException none) {
            return UNKNOWN;
        }
    }

    private static String commit(Path home) {
        try {
            Process git = new ProcessBuilder("git", "rev-parse", "--short", "HEAD")
                    .directory(home.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String line = new String(git.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            boolean isDone = git.waitFor(5, TimeUnit.SECONDS) && git.exitValue() == 0;
            return isDone && !line.isEmpty() ? line : UNKNOWN;
        } catch (IOException noGit) {
            return UNKNOWN;
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            return UNKNOWN;
        }
    }
}
