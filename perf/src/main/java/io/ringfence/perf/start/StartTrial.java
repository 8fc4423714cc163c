package io.ringfence.perf.start;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import io.ringfence.gateway.Ringfence;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.counters.CountersView;
import io.ringfence.gateway.counters.CountersView.State;
import io.ringfence.gateway.counters.EngineCounter;
import io.ringfence.gateway.replay.Replay;
import io.ringfence.journal.read.JournalProver;
import io.ringfence.journal.recovery.Recovery;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One measurement in a process of its own: a start, or verifying or replaying alone. It prints one JSON object when it is done, and for a
 * start another one when the older records are proved. A start ends as by kill -9, so it leaves no snapshot.
 */
public final class StartTrial {
    private static final long OLDER_DEADLINE_NS = TimeUnit.MINUTES.toNanos(30);
    private static final long LOOK_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private StartTrial() {}

    /** Arguments: {@code start}, {@code verify} or {@code replay}; the configuration file. Exit 1: a check failed. */
    public static void main(String[] args) throws IOException {
        ServerConfig config = ServerConfig.read(Path.of(args[1]));
        switch (args[0]) {
            case "start" -> start(config);
            case "verify" -> {
                JournalProver.Report report = JournalProver.verify(config.dataDir());
                end(report.isOk(), report.records(), report.faultText());
            }
            case "replay" -> {
                Replay.Report report = Replay.run(config.dataDir());
                end(report.isOk(), report.records(), report.firstDifference());
            }
            default -> throw new IllegalArgumentException("no such measurement: " + args[0]);
        }
    }

    private static void end(boolean isOk, long records, String fault) {
        System.out.println(object().put("records", records).put("cpu_ns", cpuNs()));
        if (!isOk) {
            System.err.println(fault);
        }
        System.exit(isOk ? 0 : 1);
    }

    private static void start(ServerConfig config) throws IOException {
        Ringfence ringfence = Ringfence.start(config);
        long servedNs = System.nanoTime();
        Recovery.Work work = ringfence.recovery().work();
        System.out.println(object().put("restored_sequence", ringfence.restoredSequence())
                .put("restored_ns", ringfence.restoredNs())
                .put("proved_records", work.records())
                .put("proved_ns", work.provedNs())
                .put("applied_records", ringfence.recovery().head().sequence() - ringfence.restoredSequence())
                .put("applied_ns", work.appliedNs())
                .put("older_records", work.firstSequence() - 1)
                .put("cpu_ns", cpuNs()));
        System.out.flush();
        boolean isProved = awaitOlder(config, work.firstSequence() - 1);
        System.out.println(object().put("older_ns", System.nanoTime() - servedNs));
        System.out.flush();
        Runtime.getRuntime().halt(isProved && !ringfence.hasEnded() ? 0 : 1);
    }

    private static boolean awaitOlder(ServerConfig config, long records) throws IOException {
        long deadlineNs = System.nanoTime() + OLDER_DEADLINE_NS;
        try (CountersView counters = CountersView.open(config.dataDir().resolve("counters.dat"))) {
            Map<EngineCounter, Long> engine = counters.engine();
            while (engine.get(EngineCounter.OLDER_PROVED) < records && System.nanoTime() - deadlineNs < 0) {
                if (counters.state() != State.RUNNING || engine.get(EngineCounter.DAMAGED_SEQUENCE) != 0) {
                    return false;
                }
                LockSupport.parkNanos(LOOK_EVERY_NS);
                engine = counters.engine();
            }
            return engine.get(EngineCounter.OLDER_PROVED) == records;
        }
    }

    /** Processor time of the process so far, of all its threads. */
    private static long cpuNs() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
