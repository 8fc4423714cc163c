package io.ringfence.gateway.config;

import io.ringfence.schemas.Durability;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How one Ringfence process runs. Every key, its default and unit are in {@code conf/ringfence.yaml}.
 *
 * @param dataDir          where the journal lives.
 * @param durability       what a reply waits for.
 * @param mode             how the stages are spread over threads.
 * @param ringSize         slots; a power of two, 8 to 1,048,576; empty: as mode and durability ask for.
 * @param waitStrategy     what an engine thread does while there is nothing to do.
 * @param aeronDirectory   of the embedded media driver; empty: one of its own for each process.
 * @param requestStreamId  Aeron stream on which clients send.
 * @param sessions         limits of a session.
 * @param outcomeWindow    decisions whose facts are kept for outcomes.
 * @param outcomeMaxAgeNs  event time after which an outcome is too old.
 * @param maxClockStepNs   step of the wall clock beyond which admissions are refused.
 * @param diskHeadroom     bytes of free disk below which admissions are refused.
 * @param rollLength       length of a roll file in bytes; empty: as the durability asks for.
 * @param snapshotInterval commands between two snapshots; 0: none.
 * @param deciding         what decides.
 * @param policyFile       the policy to start with.
 * @param accountsFile     the accounts to start with.
 * @param principals       who may log on, ascending by id.
 */
public record ServerConfig(
        Path dataDir,
        Durability durability,
        RunMode mode,
        Optional<Integer> ringSize,
        WaitChoice waitStrategy,
        Optional<Path> aeronDirectory,
        int requestStreamId,
        SessionConfig sessions,
        int outcomeWindow,
        long outcomeMaxAgeNs,
        long maxClockStepNs,
        long diskHeadroom,
        Optional<Long> rollLength,
        long snapshotInterval,
        DecidingConfig deciding,
        Path policyFile,
        Path accountsFile,
        List<PrincipalEntry> principals) {

    /** How the stages are spread over threads. */
    public enum RunMode {
        /** By the number of cores. */
        AUTO,
        /** One thread for all. */
        COMPACT,
        /** One for the gateway, one for the stages. */
        SHARED,
        /** One for the gateway, one a stage. */
        DEDICATED
    }

    /** What an engine thread does while there is nothing to do. */
    public enum WaitChoice {
        /** Spins. */
        BUSY_SPIN,
        /** Spins, then yields. */
        YIELDING,
        /** Spins, yields, then sleeps for moments. */
        SLEEPING,
        /** Waits on a lock. */
        BLOCKING
    }

    /**
     * Limits of a session.
     *
     * @param max              sessions at a time.
     * @param window           requests unanswered or unread; 1 to 1,024.
     * @param silenceTimeoutNs silence after which a session ends.
     * @param patienceNs       how long a session's answers may be held up before it ends.
     */
    public record SessionConfig(int max, int window, long silenceTimeoutNs, long patienceNs) {}

    /** The same, but for what a command line may choose. */
    public ServerConfig with(
            Path journal, Optional<Path> aeron, Durability waitsFor, RunMode spread, Path policy, Path accounts) {
        return new ServerConfig(
                journal,
                waitsFor,
                spread,
                ringSize,
                waitStrategy,
                aeron,
                requestStreamId,
                sessions,
                outcomeWindow,
                outcomeMaxAgeNs,
                maxClockStepNs,
                diskHeadroom,
                rollLength,
                snapshotInterval,
                deciding,
                policy,
                accounts,
                principals);
    }

    /**
     * Reads a file.
     *
     * @throws ConfigFault for the first thing wrong in it.
     */
    public static ServerConfig read(Path path) {
        return new ServerConfigReader(YamlFile.read(path)).read();
    }
}
