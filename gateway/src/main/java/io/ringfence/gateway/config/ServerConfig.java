package io.ringfence.gateway.config;

import io.ringfence.engine.pipeline.PipelineMode;
import io.ringfence.schemas.Durability;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How one Ringfence process runs. {@link Setting} states every key, its default, unit and range.
 *
 * @param dataDir          where the journal lives.
 * @param durability       what a reply waits for.
 * @param mode             how the stages are spread over threads; empty: by the number of cores.
 * @param ringSize         slots of the ring; empty: as the mode asks for.
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
        Optional<PipelineMode> mode,
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

    /** How a thread of the engine waits for work. */
    public enum WaitChoice {
        /** Spins. */
        BUSY_SPIN,
        /** Spins, then yields. */
        YIELDING,
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

    /** Ids of the principals with a role. */
    public Set<Integer> principalIds(PrincipalEntry.Role role) {
        return principals.stream()
                .filter(principal -> principal.role() == role)
                .map(PrincipalEntry::id)
                .collect(Collectors.toSet());
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

    /**
     * Who may log on.
     *
     * @param id   1 and above; stands in every record.
     * @param name as people say it.
     * @param role what it may do.
     */
    public record PrincipalEntry(int id, String name, Role role) {
        /** What a principal may do. */
        public enum Role {
            /** Ask and report. */
            CLIENT,
            /** Ask, report and command accounts and policies. */
            OPS
        }
    }

    /** Reads the keys of one configuration file. */
    private static final class Reader {
        private static final List<PrincipalEntry> DEFAULT_PRINCIPALS = List.of(
                new PrincipalEntry(1, "demo", PrincipalEntry.Role.CLIENT),
                new PrincipalEntry(2, "ops", PrincipalEntry.Role.OPS));

        private final YamlFile file;
        private final YamlMapping root;

        Reader(YamlFile file) {
            this.file = file;
            this.root = file.root();
        }

        ServerConfig read() {
            YamlMapping aeron = root.mapping("aeron");
            YamlMapping outcomes = root.mapping("outcomes");
            YamlMapping clock = root.mapping("clock");
            YamlMapping disk = root.mapping("disk");
            YamlMapping snapshots = root.mapping("snapshots");
            ServerConfig config = new ServerConfig(
                    root.read(Setting.DATA_DIR),
                    root.read(Setting.DURABILITY),
                    root.read(Setting.MODE),
                    root.find(Setting.RING_SIZE),
                    root.read(Setting.WAIT_STRATEGY),
                    aeron.find(Setting.AERON_DIRECTORY),
                    aeron.read(Setting.REQUEST_STREAM_ID),
                    sessions(root.mapping("sessions")),
                    outcomes.read(Setting.OUTCOME_WINDOW),
                    outcomes.read(Setting.OUTCOME_MAX_AGE),
                    clock.read(Setting.CLOCK_MAX_STEP),
                    disk.read(Setting.DISK_HEADROOM),
                    disk.find(Setting.ROLL_LENGTH),
                    snapshots.read(Setting.SNAPSHOT_INTERVAL),
                    DecidingConfig.read(root.mapping("deciding")),
                    file.resolve(root.read(Setting.POLICY).toString()),
                    file.resolve(root.read(Setting.ACCOUNTS).toString()),
                    principals());
            List.of(root, aeron, outcomes, clock, disk, snapshots).forEach(YamlMapping::refuseUnknown);
            return config;
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

        private List<PrincipalEntry> principals() {
            Optional<YamlValue> list = root.find("principals");
            if (list.isEmpty()) {
                return DEFAULT_PRINCIPALS;
            }
            List<PrincipalEntry> principals = new ArrayList<>();
            Set<Integer> ids = new HashSet<>();
            Set<String> names = new HashSet<>();
            for (YamlValue value : list.get().list()) {
                YamlMapping keys = value.mapping();
                PrincipalEntry principal = new PrincipalEntry(
                        keys.value("id").as(Setting.PRINCIPAL_ID),
                        keys.value("name").name(),
                        keys.value("role").as(Setting.PRINCIPAL_ROLE));
                keys.refuseUnknown();
                if (!ids.add(principal.id())) {
                    throw keys.value("id").fault("must stand once", Integer.toString(principal.id()));
                }
                if (!names.add(principal.name())) {
                    throw keys.value("name").fault("must stand once", principal.name());
                }
                principals.add(principal);
            }
            principals.sort(Comparator.comparingInt(PrincipalEntry::id));
            return List.copyOf(principals);
        }
    }
}
