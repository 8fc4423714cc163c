package io.ringfence.gateway.config;

import io.ringfence.engine.pipeline.PipelineMode;
import io.ringfence.journal.JournalDirectory;
import io.ringfence.schemas.Durability;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How one Ringfence process runs. {@link Setting} states every key, its default, unit and range.
 *
 * @param dataDir          where the journal lives.
 * @param durability       what a reply waits for.
 * @param mode             how the stages are spread over threads; empty: by the number of cores.
 * @param ringSize         slots of the ring; empty: as the mode asks for.
 * @param waitStrategy     what an engine thread does while there is nothing to do.
 * @param aeronDirectory   of the embedded media driver; empty: one of its own for each process.
 * @param aeronGroup       whose members may be clients; empty: only the user of the process.
 * @param requestStreamId  Aeron stream on which clients send.
 * @param sessions         limits of a session.
 * @param answersWindow    commands whose answers are at hand for repeated requests.
 * @param outcomeWindow    decisions whose facts are kept for outcomes.
 * @param outcomeMaxAgeNs  event time after which an outcome is too old.
 * @param maxClockStepNs   step of the wall clock beyond which admissions are refused.
 * @param diskHeadroom     bytes of free disk below which admissions are refused, see {@link #keptBytes}.
 * @param rollLength       length of a roll file in bytes; empty: as the durability asks for.
 * @param snapshotInterval commands between two snapshots; 0: only one at a clean stop.
 * @param head             where the journal's head is kept.
 * @param idle             what is done while there is nothing to do.
 * @param explorationKey   file that holds the key of keyed draws; empty: there are none.
 * @param deciding         what decides.
 * @param policyFile       the policy to start with.
 * @param accountsFile     the accounts to start with.
 * @param principals       who may log on, ascending by id.
 */
public record ServerConfig(
        Path dataDir,
        Durability durability,
        Optional<PipelineMode> mode,
        Optional<Integer> ringSize,
        WaitChoice waitStrategy,
        Optional<Path> aeronDirectory,
        Optional<String> aeronGroup,
        int requestStreamId,
        SessionConfig sessions,
        int answersWindow,
        int outcomeWindow,
        long outcomeMaxAgeNs,
        long maxClockStepNs,
        long diskHeadroom,
        Optional<Long> rollLength,
        long snapshotInterval,
        HeadConfig head,
        IdleConfig idle,
        Optional<Path> explorationKey,
        DecidingConfig deciding,
        Path policyFile,
        Path accountsFile,
        List<PrincipalEntry> principals) {

    /** How a thread of the engine waits for work. */
    public enum WaitChoice {
        /** Spins. */
        BUSY_SPIN,
        /** Spins, then yields. */
        YIELDING,
        /** Spins and yields for some 10 ms, then sleeps, up to {@link IdleConfig#sleepMaxNs}. */
        BACKOFF,
        /** Spins, yields, then sleeps for short times. */
        SLEEPING,
        /** Waits on a lock. */
        BLOCKING
    }

    /**
     * Limits of a session.
     *
     * @param max              sessions at a time.
     * @param window           requests unanswered or unread.
     * @param silenceTimeoutNs silence after which a session ends.
     * @param patienceNs       how long a session's answers may be held up before it ends.
     */
    public record SessionConfig(int max, int window, long silenceTimeoutNs, long patienceNs) {}

    /**
     * Where the journal's head is kept, so that a rewritten journal is noticed.
     *
     * @param file       that takes it; empty: none.
     * @param command    program that is given it as its one argument; empty: none.
     * @param intervalNs time between two heads.
     */
    public record HeadConfig(Optional<Path> file, Optional<Path> command, long intervalNs) {
        /** Is it kept anywhere? */
        public boolean isWanted() {
            return file.isPresent() || command.isPresent();
        }
    }

    /**
     * What is done while there is nothing to do.
     *
     * @param sleepMaxNs     longest sleep of a thread that waits by {@link WaitChoice#BACKOFF}.
     * @param tickIntervalNs event time between two ticks that have no work.
     */
    public record IdleConfig(long sleepMaxNs, long tickIntervalNs) {}

    /**
     * Reads the exploration key.
     *
     * @return 32 bytes and more; null without one.
     * @throws ConfigFault when the file cannot be read, others than its owner may open it, or it holds no key.
     */
    public byte[] readExplorationKey() {
        return explorationKey
                .map(file -> KeyFile.read(file, Setting.EXPLORATION_KEY_FILE))
                .orElse(null);
    }

    /** Length of a roll file, in bytes. */
    public long rollLengthBytes() {
        return rollLength.orElseGet(
                () -> JournalDirectory.Options.of(durability).segmentLength());
    }

    /**
     * Free bytes of the disk below which admissions are refused: the headroom, and the length of a roll file at least. So one more roll
     * file can be made when the one that is ready is begun.
     */
    public long keptBytes() {
        return Math.max(diskHeadroom, rollLengthBytes());
    }

    /** A copy with the values that a command line may choose. */
    public ServerConfig with(
            Path journal,
            Optional<Path> aeron,
            Durability waitsFor,
            Optional<PipelineMode> spread,
            Path policy,
            Path accounts) {
        return new ServerConfig(
                journal,
                waitsFor,
                spread,
                ringSize,
                waitStrategy,
                aeron,
                aeronGroup,
                requestStreamId,
                sessions,
                answersWindow,
                outcomeWindow,
                outcomeMaxAgeNs,
                maxClockStepNs,
                diskHeadroom,
                rollLength,
                snapshotInterval,
                head,
                idle,
                explorationKey,
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
        return read(YamlFile.read(path));
    }

    static ServerConfig read(YamlFile file) {
        return new Reader(file).read();
    }

    /** Reads the keys of one configuration file. */
    private static final class Reader {
        private final YamlFile file;
        private final YamlMapping root;

        Reader(YamlFile file) {
            this.file = file;
            this.root = file.root();
        }

        ServerConfig read() {
            YamlMapping aeron = root.mapping("aeron");
            YamlMapping answers = root.mapping("answers");
            YamlMapping outcomes = root.mapping("outcomes");
            YamlMapping clock = root.mapping("clock");
            YamlMapping disk = root.mapping("disk");
            YamlMapping snapshots = root.mapping("snapshots");
            YamlMapping head = root.mapping("head");
            YamlMapping exploration = root.mapping("exploration");
            ServerConfig config = new ServerConfig(
                    root.read(Setting.DATA_DIR),
                    root.read(Setting.DURABILITY),
                    root.read(Setting.MODE),
                    root.find(Setting.RING_SIZE),
                    root.read(Setting.WAIT_STRATEGY),
                    aeron.find(Setting.AERON_DIRECTORY),
                    aeron.find(Setting.AERON_GROUP),
                    aeron.read(Setting.REQUEST_STREAM_ID),
                    sessions(root.mapping("sessions")),
                    answers.read(Setting.ANSWERS_WINDOW),
                    outcomes.read(Setting.OUTCOME_WINDOW),
                    outcomes.read(Setting.OUTCOME_MAX_AGE),
                    clock.read(Setting.CLOCK_MAX_STEP),
                    disk.read(Setting.DISK_HEADROOM),
                    disk.find(Setting.ROLL_LENGTH),
                    snapshots.read(Setting.SNAPSHOT_INTERVAL),
                    head(head),
                    idle(root.mapping("idle")),
                    exploration.find(Setting.EXPLORATION_KEY_FILE).map(path -> file.resolve(path.toString())),
                    DecidingConfig.read(root.mapping("deciding")),
                    file.resolve(root.read(Setting.POLICY).toString()),
                    file.resolve(root.read(Setting.ACCOUNTS).toString()),
                    PrincipalEntry.read(root.find("principals")));
            List.of(root, aeron, answers, outcomes, clock, disk, snapshots, head, exploration)
                    .forEach(YamlMapping::refuseUnknown);
            return config;
        }

        private HeadConfig head(YamlMapping keys) {
            return new HeadConfig(
                    keys.find(Setting.HEAD_FILE).map(path -> file.resolve(path.toString())),
                    keys.find(Setting.HEAD_COMMAND).map(path -> file.resolve(path.toString())),
                    keys.read(Setting.HEAD_INTERVAL));
        }

        private static IdleConfig idle(YamlMapping keys) {
            IdleConfig idle = new IdleConfig(keys.read(Setting.IDLE_SLEEP_MAX), keys.read(Setting.IDLE_TICK_INTERVAL));
            keys.refuseUnknown();
            return idle;
        }

        private static SessionConfig sessions(YamlMapping keys) {
            SessionConfig sessions = new SessionConfig(
                    keys.read(Setting.SESSIONS_MAX),
                    keys.read(Setting.SESSION_WINDOW),
                    keys.read(Setting.SILENCE_TIMEOUT),
                    keys.read(Setting.PATIENCE));
            keys.refuseUnknown();
            return sessions;
        }
    }
}
