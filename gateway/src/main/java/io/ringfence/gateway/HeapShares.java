package io.ringfence.gateway;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.ringfence.engine.bounds.Bounds;
import io.ringfence.engine.pipeline.EngineSettings;
import io.ringfence.engine.selection.Explorer;
import io.ringfence.gateway.answers.AnswerMemory;
import io.ringfence.gateway.answers.FactsIndex;
import io.ringfence.gateway.config.ConfigFault;
import java.lang.management.ManagementFactory;
import java.util.Comparator;
import java.util.List;

/**
 * What an engine and its gateway keep on the heap when every bound is reached: one share for each setting that bounds something.
 *
 * <p>A table grows by doubling, and while it does, the old one is there too: so a row counts three times, and an entry of an index or a
 * map counts as much as it takes just behind a doubling. A quarter of the heap stays free for the collector.
 *
 * @param shares of one engine and its gateway.
 */
record HeapShares(List<Share> shares) {
    /**
     * One share.
     *
     * @param setting that bounds it, or what it is where no setting does.
     * @param bytes   when the bound is reached.
     */
    record Share(String setting, long bytes) {}

    private static final long MIB = 1L << 20;

    /** Accounts, holds and facts to begin with. */
    private static final long FIXED_BYTES = 20 * MIB;

    /** Queues, readers with the outcomes that they have passed 16 MiB, error lines, the libraries. */
    private static final long BESIDE_BYTES = 80 * MIB;

    /** Balance, limits, bits of controls, place in the register, rights, counters. */
    private static final long ACCOUNT_BYTES = 1_536;

    /** Row 144, candidate 12, index 16, deadline 12, what few orders have 128, external id 88, place in a sorted snapshot 16. */
    private static final long HOLD_BYTES = 416;

    /** Row 96 and index 16, once more while a snapshot is written; counters. */
    private static final long POSITION_BYTES = 400;

    /** Row of an ended hold 104 and place in the index 16, row of an execution 56 and places 32: one gives its room back to no other. */
    private static final long FACT_BYTES = 208;

    /** Count, span and sequences of the outstanding facts of an account 1,656, place in the index 16, executions of theirs 5,632. */
    private static final long OUTSTANDING_BYTES = 7_312;

    /** In intake; as much again in the gateway, which knows the sequence of the first answer. */
    private static final long REQUEST_ID_BYTES = 40;

    private static final long SESSION_BYTES = 32 << 10;

    /** Beside the heap: answers that wait, queues, parts of files. */
    private static final long BUFFER_BYTES = 16 * MIB;

    /** The pieces of the policy in force and of the next, put together and decoded. */
    private static final long POLICY_COPIES = 4;

    /** @param sessionsMax sessions at a time. */
    static HeapShares of(EngineSettings settings, int sessionsMax) {
        Bounds bounds = settings.bounds();
        long accounts = bounds.accounts();
        return new HeapShares(List.of(
                new Share("deciding.accounts_max", accounts * ACCOUNT_BYTES),
                new Share("deciding.holds_per_account", accounts * bounds.holdsPerAccount() * HOLD_BYTES),
                new Share("deciding.positions_per_account", accounts * bounds.positionsPerAccount() * POSITION_BYTES),
                new Share(
                        "deciding.facts_per_account",
                        accounts * (bounds.facts().rowsPerAccount() * FACT_BYTES + OUTSTANDING_BYTES)),
                new Share("deciding.remembered_per_principal", 2 * requestIdBytes(settings, bounds.principals())),
                new Share("deciding.policy_size_max", bounds.policyBytes() * POLICY_COPIES),
                new Share("deciding.candidate_posteriors_max", Explorer.bytes(bounds.candidatePosteriors())),
                new Share("sessions.max", sessionsMax * SESSION_BYTES),
                new Share("the tables of a fixed size", FIXED_BYTES),
                new Share("what is beside the engine", BESIDE_BYTES)));
    }

    private static long requestIdBytes(EngineSettings settings, int principals) {
        return (long) principals * settings.rememberedPerPrincipal() * REQUEST_ID_BYTES;
    }

    /**
     * Refuses to start where the heap is smaller than all shares together: what is within its bounds must never run out of memory.
     *
     * @param heapBytes that the process may use, as {@code -Xmx} says.
     * @throws ConfigFault in one line: needed, there, which setting to lower.
     */
    void require(long heapBytes) {
        long requiredBytes = withRoom(shares.stream().mapToLong(Share::bytes).sum());
        if (requiredBytes > heapBytes) {
            Share largest =
                    shares.stream().max(Comparator.comparingLong(Share::bytes)).orElseThrow();
            throw new ConfigFault(
                    "the heap",
                    ConfigFault.NO_LINE,
                    largest.setting,
                    "must be lower, or the heap larger: what the settings allow needs " + mebibytes(requiredBytes)
                            + " MiB, the heap has " + mebibytes(heapBytes) + "; the most is for " + largest.setting
                            + ", "
                            + mebibytes(largest.bytes) + " MiB; RINGFENCE_JAVA_OPTS=-Xmx" + mebibytes(requiredBytes)
                            + "m would do, which is the only way for a journal that has these deciding settings");
        }
    }

    /**
     * Refuses to start where the memory beside the heap is smaller than the windows of answers and of outcomes, which are taken whole.
     *
     * @param directBytes that the process may take beside the heap.
     * @throws ConfigFault in one line: needed, there, which setting to lower.
     */
    static void requireBeside(int answersWindow, int outcomeWindow, long directBytes) {
        long answersBytes = AnswerMemory.bytes(answersWindow);
        long outcomesBytes = FactsIndex.bytes(outcomeWindow);
        long requiredBytes = answersBytes + outcomesBytes + BUFFER_BYTES;
        if (requiredBytes > directBytes) {
            throw new ConfigFault(
                    "the memory beside the heap",
                    ConfigFault.NO_LINE,
                    answersBytes > outcomesBytes ? "answers.window" : "outcomes.window",
                    "must be lower, or the memory larger: the windows need " + mebibytes(requiredBytes)
                            + " MiB, there are " + mebibytes(directBytes)
                            + "; RINGFENCE_JAVA_OPTS=-XX:MaxDirectMemorySize=" + mebibytes(requiredBytes)
                            + "m would do");
        }
    }

    /** Bytes that the process may take beside its heap: as many as the heap may have, unless an option of the JVM says otherwise. */
    static long directBytes() {
        String option = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .getVMOption("MaxDirectMemorySize")
                .getValue();
        long bytes = Long.parseLong(option);
        return bytes == 0 ? Runtime.getRuntime().maxMemory() : bytes;
    }

    /**
     * One line that says why there is no room for a second engine, and what would make some; null if there is room. Its tables have
     * grown as far as its state has: twice the length of the state, beside what has its size from the start.
     *
     * @param principals  that may send requests.
     * @param stateLength of the live engine, in bytes.
     * @param heapBytes   that the process may use.
     */
    static String followerRefusal(EngineSettings settings, int principals, long stateLength, long heapBytes) {
        long posteriorsBytes = Explorer.bytes(settings.bounds().candidatePosteriors());
        long engineBytes = FIXED_BYTES + posteriorsBytes + requestIdBytes(settings, principals) + 2 * stateLength;
        long requiredBytes = withRoom(2 * engineBytes + BESIDE_BYTES);
        if (requiredBytes <= heapBytes) {
            return null;
        }
        return "no snapshots of states above 64 KiB while serving: a second engine beside this one needs a heap of "
                + mebibytes(requiredBytes)
                + " MiB, it has " + mebibytes(heapBytes) + "; RINGFENCE_JAVA_OPTS=-Xmx" + mebibytes(requiredBytes)
                + "m would do; a clean stop writes one all the same";
    }

    private static long withRoom(long bytes) {
        return bytes / 3 * 4;
    }

    private static long mebibytes(long bytes) {
        return (bytes + MIB - 1) / MIB;
    }
}
