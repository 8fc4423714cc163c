package io.ringfence.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Counts how often threads of this process gave up their processor to wait, from the kernel's own count. Linux only. */
final class ThreadWakes {
    private ThreadWakes() {}

    /** Voluntary switches of every thread so far, by the thread's name. */
    static Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path task : tasks) {
                add(task, counts);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return counts;
    }

    /** Voluntary switches since, of the threads that had any. */
    static Map<String, Long> since(Map<String, Long> before) {
        Map<String, Long> counts = counts();
        counts.replaceAll((name, count) -> count - before.getOrDefault(name, 0L));
        counts.values().removeIf(count -> count == 0);
        return counts;
    }

    private static void add(Path task, Map<String, Long> counts) throws IOException {
        try {
            String name = Files.readString(task.resolve("comm")).trim();
            for (String line : Files.readAllLines(task.resolve("status"))) {
                if (line.startsWith("voluntary_ctxt_switches")) {
                    counts.merge(
                            name,
                            Long.parseLong(line.substring(line.indexOf(':') + 1).trim()),
                            Long::sum);
                }
            }
        } catch (NoSuchFileException ended) {
            return; // The thread has ended meanwhile.
        }
    }
}
