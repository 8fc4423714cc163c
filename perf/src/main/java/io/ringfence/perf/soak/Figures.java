package io.ringfence.perf.soak;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Memory and open files of a process, as the kernel tells them: the highest of each life. */
final class Figures {
    private static final long KIB = 1024;

    private final List<Long> memoryBytes = new ArrayList<>();
    private final List<Long> files = new ArrayList<>();
    private long highestBytes;
    private long highestFiles;

    /** Looks at a process; one that has ended tells nothing. */
    void sample(long processId) {
        sample(processId, 0);
    }

    /**
     * Looks at this process after a collection; of the heap only what is in use is counted.
     *
     * @param exceptBytes memory that is known to grow and is not counted.
     */
    void sampleThisProcess(long exceptBytes) {
        System.gc();
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        sample(ProcessHandle.current().pid(), heap.getCommitted() - heap.getUsed() + exceptBytes);
    }

    private void sample(long processId, long exceptBytes) {
        Path process = Path.of("/proc", Long.toString(processId));
        try (Stream<Path> open = Files.list(process.resolve("fd"))) {
            highestFiles = Math.max(highestFiles, open.count());
            highestBytes = Math.max(highestBytes, anonymousBytes(process) - exceptBytes);
        } catch (IOException ended) {
            // A sample is lost; the next life gives others.
        }
    }

    /** Ends a life: its highest figures become a point of the series. */
    void endLife() {
        memoryBytes.add(highestBytes);
        files.add(highestFiles);
        highestBytes = 0;
        highestFiles = 0;
    }

    /** Memory of the process's own, of each life, in bytes; mapped files are not counted. */
    List<Long> memoryBytes() {
        return memoryBytes;
    }

    /** Open file descriptors of each life. */
    List<Long> files() {
        return files;
    }

    /** The straight line through a series, by least squares: by how much it rises from its first point to its last. */
    static double rise(List<Long> series) {
        int count = series.size();
        if (count < 2) {
            return 0;
        }
        double meanIndex = (count - 1) / 2.0;
        double mean = mean(series);
        double covariance = 0;
        double variance = 0;
        for (int i = 0; i < count; i++) {
            covariance += (i - meanIndex) * (series.get(i) - mean);
            variance += (i - meanIndex) * (i - meanIndex);
        }
        return covariance / variance * (count - 1);
    }

    /** Mean of a series; 0 for an empty one. */
    static double mean(List<Long> series) {
        return series.stream().mapToLong(Long::longValue).average().orElse(0);
    }

    private static long anonymousBytes(Path process) throws IOException {
        return Files.readAllLines(process.resolve("status")).stream()
                .filter(line -> line.startsWith("RssAnon:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIB)
                .sum();
    }
}
