package io.ringfence.perf.floor;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * What a thread of this process has used since its start.
 *
 * @param cpuNs               time on a processor.
 * @param minorFaults         page faults that needed no read from a disk.
 * @param voluntarySwitches   times it gave its processor up, yields included.
 * @param involuntarySwitches times its processor was taken from it.
 */
record ThreadFigures(long cpuNs, long minorFaults, long voluntarySwitches, long involuntarySwitches) {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final Path TASKS = Path.of("/proc/self/task");
    private static final int COMM_LENGTH = 15;
    private static final long NAMED_WITHIN_NS = 1_000_000_000;
    private static final int MINOR_FAULTS = 7; // Field 10 of stat, counted from 0 behind the name.

    ThreadFigures minus(ThreadFigures earlier) {
        return new ThreadFigures(
                cpuNs - earlier.cpuNs,
                minorFaults - earlier.minorFaults,
                voluntarySwitches - earlier.voluntarySwitches,
                involuntarySwitches - earlier.involuntarySwitches);
    }

    /** Processor time of the calling thread in ns. */
    static long ownCpuNs() {
        return THREADS.getCurrentThreadCpuTime();
    }

    /** Finds a running thread by name and reads its figures when asked. */
    static final class Probe {
        private final long threadId;
        private final Path task;

        /**
         * @param name of the thread; the kernel keeps 15 characters of it.
         * @throws IllegalStateException if no such thread runs.
         */
        Probe(String name) {
            threadId = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().equals(name))
                    .mapToLong(Probe::id)
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no such thread runs: " + name));
            task = task(name.length() > COMM_LENGTH ? name.substring(0, COMM_LENGTH) : name);
        }

        @SuppressWarnings("deprecation") // The name that replaces it came after 17.
        private static long id(Thread thread) {
            return thread.getId();
        }

        private static Path task(String comm) {
            long giveUpNs = System.nanoTime() + NAMED_WITHIN_NS;
            do {
                Path found = find(comm);
                if (found != null) {
                    return found;
                }
                LockSupport.parkNanos(1_000_000); // A thread that has just started gives itself its name.
            } while (System.nanoTime() - giveUpNs < 0);
            throw new IllegalStateException("no such thread in " + TASKS + ": " + comm);
        }

        private static Path find(String comm) {
            try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
                for (Path task : tasks) {
                    if (name(task).equals(comm)) {
                        return task;
                    }
                }
                return null;
            } catch (IOException noProc) {
                throw new IllegalStateException("the kernel's figures cannot be read: " + noProc.getMessage(), noProc);
            }
        }

        private static String name(Path task) throws IOException {
            try {
                return Files.readString(task.resolve("comm")).strip();
            } catch (IOException ended) {
                if (Files.exists(task)) {
                    throw ended;
                }
                return ""; // It ended after it was listed.
            }
        }

        ThreadFigures read() {
            try {
                String stat = Files.readString(task.resolve("stat"));
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
                List<String> status = Files.readAllLines(task.resolve("status"));
                return new ThreadFigures(
                        THREADS.getThreadCpuTime(threadId),
                        Long.parseLong(fields[MINOR_FAULTS]),
                        value(status, "voluntary_ctxt_switches:"),
                        value(status, "nonvoluntary_ctxt_switches:"));
            } catch (IOException noProc) {
                throw new IllegalStateException("the kernel's figures cannot be read: " + noProc.getMessage(), noProc);
            }
        }

        private static long value(List<String> status, String key) {
            return status.stream()
                    .filter(line -> line.startsWith(key))
                    .mapToLong(
                            line -> Long.parseLong(line.substring(key.length()).strip()))
                    .findFirst()
                    .orElse(0);
        }
    }
}
