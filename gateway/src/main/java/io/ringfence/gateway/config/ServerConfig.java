package io.ringfence.gateway.config;

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
        /** Chosen by the number of cores. */
        AUTO,
        /** One thread for gateway and stages. */
        COMPACT,
        /** One thread for the gateway, one for all stages. */
        SHARED,
        /** One thread for the gateway, one for each stage. */
        DEDICATED
    }

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
     * @param window           requests unanswered or unread; 1 to 1,024.
     * @param silenceTimeoutNs silence after which a session ends.
     * @param patienceNs       how long a session's answers may be held up before it ends.
     */
    public record SessionConfig(int max, int window, long silenceTimeoutNs, long patienceNs) {}

    /** A copy with the values that a command line may choose. */
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
        private static final long MS_NS = 1_000_000;
        private static final long SECOND_NS = 1_000 * MS_NS;
        private static final long HOUR_NS = 3_600 * SECOND_NS;
        private static final long DAY_NS = 24 * HOUR_NS;
        private static final long MIB = 1L << 20;
        private static final int SESSION_WINDOW_MAX = 1_024;
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
                    root.find("data_dir").map(value -> Path.of(value.text())).orElse(Path.of("ringfence-data")),
                    root.find("durability").map(this::durability).orElse(Durability.MEMORY),
                    root.find("mode").map(value -> value.word(RunMode.class)).orElse(RunMode.AUTO),
                    root.find("ring_size").map(Reader::ringSize),
                    root.find("wait_strategy")
                            .map(value -> value.word(WaitChoice.class))
                            .orElse(WaitChoice.YIELDING),
                    aeron.find("directory").map(value -> Path.of(value.text())),
                    aeron.find("request_stream_id")
                            .map(value -> value.wholeInt(1, Integer.MAX_VALUE))
                            .orElse(1_001),
                    sessions(root.mapping("sessions")),
                    outcomes.find("window")
                            .map(value -> value.wholeInt(1, 1 << 24))
                            .orElse(1 << 20),
                    outcomes.find("max_age")
                            .map(value -> value.durationNs(SECOND_NS, 3_650 * DAY_NS))
                            .orElse(30 * DAY_NS),
                    clock.find("max_step")
                            .map(value -> value.durationNs(MS_NS, HOUR_NS))
                            .orElse(SECOND_NS),
                    disk.find("headroom")
                            .map(value -> value.bytes(0, Long.MAX_VALUE))
                            .orElse(256 * MIB),
                    disk.find("roll_length").map(value -> value.bytes(MIB, 512 * MIB)),
                    snapshots
                            .find("interval")
                            .map(value -> value.wholeNumber(0, Long.MAX_VALUE))
                            .orElse(0L),
                    DecidingConfig.read(root.mapping("deciding")),
                    path("policy", "policies/venues.yaml"),
                    path("accounts", "accounts.yaml"),
                    principals());
            List.of(root, aeron, outcomes, clock, disk, snapshots).forEach(YamlMapping::refuseUnknown);
            return config;
        }

        private Durability durability(YamlValue value) {
            return value.word(DurabilityWord.class) == DurabilityWord.DISK ? Durability.DISK : Durability.MEMORY;
        }

        private enum DurabilityWord {
            MEMORY,
            DISK
        }

        private static int ringSize(YamlValue value) {
            int size = value.wholeInt(8, 1 << 20);
            if (Integer.bitCount(size) != 1) {
                throw value.fault("must be a power of two", value.shown());
            }
            return size;
        }

        private static SessionConfig sessions(YamlMapping keys) {
            SessionConfig sessions = new SessionConfig(
                    keys.find("max").map(value -> value.wholeInt(1, 4_096)).orElse(64),
                    keys.find("window")
                            .map(value -> value.wholeInt(1, SESSION_WINDOW_MAX))
                            .orElse(SESSION_WINDOW_MAX),
                    keys.find("silence_timeout")
                            .map(value -> value.durationNs(10 * MS_NS, HOUR_NS))
                            .orElse(10 * SECOND_NS),
                    keys.find("patience")
                            .map(value -> value.durationNs(MS_NS, HOUR_NS))
                            .orElse(SECOND_NS));
            keys.refuseUnknown();
            return sessions;
        }

        private Path path(String key, String byDefault) {
            return file.resolve(root.find(key).map(YamlValue::text).orElse(byDefault));
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
                        keys.value("id").wholeInt(1, Integer.MAX_VALUE),
                        keys.value("name").name(),
                        keys.value("role").word(PrincipalEntry.Role.class));
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
