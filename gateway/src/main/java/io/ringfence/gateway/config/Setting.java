package io.ringfence.gateway.config;

import io.ringfence.engine.bounds.Bounds;
import io.ringfence.engine.bounds.FactBounds;
import io.ringfence.engine.pipeline.EngineSettings;
import io.ringfence.engine.pipeline.PipelineMode;
import io.ringfence.engine.policy.Bps;
import io.ringfence.gateway.answers.AnswerMemory;
import io.ringfence.gateway.answers.FactsIndex;
import io.ringfence.gateway.client.IpcStreams;
import io.ringfence.gateway.config.PrincipalEntry.Role;
import io.ringfence.gateway.config.ServerConfig.WaitChoice;
import io.ringfence.journal.JournalDirectory;
import io.ringfence.schemas.Durability;
import io.ringfence.schemas.Tristate;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A key of {@code ringfence.yaml}: its default, unit and range.
 *
 * <p>This table is the one place that states them. The reader and the options of commands that stand for a key check against it, and
 * their refusals are worded by it; the table in OPERATING and the comments in {@code conf/ringfence.yaml} are compared with it.
 *
 * @param <T> the value as the server uses it.
 */
public final class Setting<T> {
    /** Slots of the ring in mode COMPACT unless configured otherwise: few, so that they stay in the nearest cache. */
    public static final int RING_SIZE_COMPACT = 8;

    /** Slots of the ring in the other modes unless configured otherwise. */
    public static final int RING_SIZE_THREADED = 4_096;

    private static final int REMEMBERED_MAX = 1 << 22;
    private static final long MS_NS = 1_000_000;
    private static final long SECOND_NS = 1_000 * MS_NS;
    private static final long MINUTE_NS = 60 * SECOND_NS;
    private static final long HOUR_NS = 60 * MINUTE_NS;
    private static final long DAY_NS = 24 * HOUR_NS;
    private static final long MIB = 1L << 20;
    private static final long TIB = 1L << 40;
    private static final BigInteger U64_MAX = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    private static final EngineSettings DESIGN = EngineSettings.defaults(1, new byte[32]);
    private static final Map<String, Setting<?>> TABLE = new LinkedHashMap<>();

    /** Directory of the journal. */
    public static final Setting<Path> DATA_DIR = of("data_dir", "", ValueRange.path(), "ringfence-data");

    /** What a reply waits for. */
    public static final Setting<Durability> DURABILITY =
            of("durability", "", ValueRange.words(List.of(Durability.MEMORY, Durability.DISK)), "memory");

    /** How the stages are spread over threads; empty: by the number of cores. {@code INVOKER} is for tests. */
    public static final Setting<Optional<PipelineMode>> MODE = of(
            "mode",
            "",
            ValueRange.wordsOr("auto", List.of(PipelineMode.COMPACT, PipelineMode.SHARED, PipelineMode.DEDICATED)),
            "auto");

    /** Slots of the ring. */
    public static final Setting<Integer> RING_SIZE = leftOut(
            "ring_size",
            "slots, a power of two",
            ValueRange.powerOfTwo(8, 1 << 16),
            RING_SIZE_COMPACT + " in mode compact, else " + RING_SIZE_THREADED);

    /** What threads do while there is nothing to do. */
    public static final Setting<WaitChoice> WAIT_STRATEGY =
            of("wait_strategy", "", ValueRange.words(List.of(WaitChoice.values())), "backoff");

    /** Directory of the embedded media driver. */
    public static final Setting<Path> AERON_DIRECTORY =
            leftOut("aeron.directory", "", ValueRange.path(), "a new one for each start, in shared memory");

    /** Group whose members may be clients, beside the user of the process. */
    public static final Setting<String> AERON_GROUP =
            leftOut("aeron.group", "", ValueRange.name("a group"), "none: only the user of the process");

    /** Aeron stream on which clients send. */
    public static final Setting<Integer> REQUEST_STREAM_ID = of(
            "aeron.request_stream_id",
            "stream",
            ValueRange.whole(1, Integer.MAX_VALUE),
            Integer.toString(IpcStreams.REQUEST_STREAM_ID));

    /** Sessions at a time. */
    public static final Setting<Integer> SESSIONS_MAX =
            of("sessions.max", "sessions", ValueRange.whole(1, 4_096), "64");

    /** Requests of one session that are unanswered or unread. */
    public static final Setting<Integer> SESSION_WINDOW = of(
            "sessions.window",
            "requests",
            ValueRange.whole(1, IpcStreams.WINDOW_MAX),
            Integer.toString(IpcStreams.WINDOW_MAX));

    /** Silence of a client after which its session ends, in ns. */
    public static final Setting<Long> SILENCE_TIMEOUT =
            of("sessions.silence_timeout", "time", ValueRange.time(10 * MS_NS, HOUR_NS), "10s");

    /** How long back pressure may hold up a session's answers before it ends, in ns. */
    public static final Setting<Long> PATIENCE = of("sessions.patience", "time", ValueRange.time(MS_NS, HOUR_NS), "1s");

    /** Commands whose answers are at hand for repeated requests; older ones are looked up. */
    public static final Setting<Integer> ANSWERS_WINDOW = of(
            "answers.window",
            "commands",
            ValueRange.whole(1, AnswerMemory.CAPACITY_MAX),
            Integer.toString(AnswerMemory.DEFAULT_CAPACITY));

    /** Decisions whose facts are at hand for outcomes; older ones are looked up. */
    public static final Setting<Integer> OUTCOME_WINDOW = of(
            "outcomes.window", "decisions", ValueRange.whole(1, 1 << 24), Integer.toString(FactsIndex.DEFAULT_WINDOW));

    /** Event time after which an outcome is too old, in ns. */
    public static final Setting<Long> OUTCOME_MAX_AGE = of(
            "outcomes.max_age",
            "time",
            ValueRange.time(SECOND_NS, 3_650 * DAY_NS),
            ValueRange.timeText(FactsIndex.DEFAULT_MAX_AGE_NS));

    /** Step of the wall clock beyond which admissions are refused, in ns. */
    public static final Setting<Long> CLOCK_MAX_STEP =
            of("clock.max_step", "time", ValueRange.time(MS_NS, HOUR_NS), "1s");

    /** Free bytes of the disk below which admissions are refused. */
    public static final Setting<Long> DISK_HEADROOM =
            of("disk.headroom", "size", ValueRange.size(0, 16 * TIB), "256MiB");

    /** Length of a roll file, in bytes. */
    public static final Setting<Long> ROLL_LENGTH = leftOut(
            "disk.roll_length",
            "size",
            ValueRange.size(MIB, 512 * MIB),
            rollLengthText(Durability.MEMORY) + " with memory, " + rollLengthText(Durability.DISK) + " with disk");

    /** Commands between two snapshots; 0: only one at a clean stop. */
    public static final Setting<Long> SNAPSHOT_INTERVAL =
            of("snapshots.interval", "commands", ValueRange.unsigned(BigInteger.valueOf(Long.MAX_VALUE)), "1000000");

    /** File that takes the journal's head. */
    public static final Setting<Path> HEAD_FILE = leftOut("head.file", "", ValueRange.path(), "none");

    /** Program that is given the journal's head. */
    public static final Setting<Path> HEAD_COMMAND = leftOut("head.command", "", ValueRange.path(), "none");

    /** Time between two heads that are kept, in ns. */
    public static final Setting<Long> HEAD_INTERVAL =
            of("head.interval", "time", ValueRange.time(100 * MS_NS, DAY_NS), "10s");

    /** Longest sleep of a thread that waits by BACKOFF, in ns. */
    public static final Setting<Long> IDLE_SLEEP_MAX =
            of("idle.sleep_max", "time", ValueRange.time(1_000, 100 * MS_NS), "1ms");

    /** Event time between two ticks that have no work, in ns. */
    public static final Setting<Long> IDLE_TICK_INTERVAL =
            of("idle.tick_interval", "time", ValueRange.time(MS_NS, DAY_NS), "1m");

    /** File that holds the exploration key. */
    public static final Setting<Path> EXPLORATION_KEY_FILE = leftOut(
            "exploration.key_file", "", ValueRange.path(), "none: use cases that explore by a key follow the kernel");

    static final Setting<Long> SEED =
            of("deciding.seed", "", ValueRange.unsigned(U64_MAX), Long.toString(DESIGN.seed()));

    static final Setting<Long> VALUE_THRESHOLD = of(
            "deciding.value_threshold",
            "currency units",
            ValueRange.micros(0, Long.MAX_VALUE),
            DecimalMicros.text(DESIGN.valueThresholdMicros()));

    static final Setting<Integer> REGIME_WINDOW = of(
            "deciding.regime_window",
            "requests",
            ValueRange.whole(EngineSettings.REGIME_WINDOW_MIN, EngineSettings.REGIME_WINDOW_MAX),
            Integer.toString(DESIGN.regimeWindow()));

    static final Setting<Integer> ANOMALY_Z = of(
            "deciding.anomaly_z",
            "standard deviations",
            ValueRange.hundredths(1, EngineSettings.Z_MAX),
            Integer.toString(DESIGN.anomalyZ() / 100));

    static final Setting<Integer> COMMON_Z = of(
            "deciding.common_z",
            "standard deviations",
            ValueRange.hundredths(0, EngineSettings.Z_MAX),
            Integer.toString(DESIGN.commonZ() / 100));

    static final Setting<Integer> ANOMALY_STEP_BPS = of(
            "deciding.anomaly_step_bps",
            "bps",
            ValueRange.whole(0, Bps.ONE),
            Integer.toString(DESIGN.anomalyStepBps()));

    static final Setting<Integer> COMMON_STEP_BPS = of(
            "deciding.common_step_bps", "bps", ValueRange.whole(0, Bps.ONE), Integer.toString(DESIGN.commonStepBps()));

    static final Setting<Integer> REMEMBERED_PER_PRINCIPAL = of(
            "deciding.remembered_per_principal",
            "request ids",
            ValueRange.whole(1, REMEMBERED_MAX),
            Integer.toString(DESIGN.rememberedPerPrincipal()));

    static final Setting<Long> TICK_INTERVAL = of(
            "deciding.tick_interval",
            "time",
            ValueRange.time(MS_NS, MINUTE_NS),
            ValueRange.timeText(DESIGN.tickIntervalNs()));

    static final Setting<Tristate> EXTERNAL_ID_ONCE =
            of("deciding.external_id_once", "", ValueRange.words(List.of(Tristate.YES, Tristate.NO)), "yes");

    static final Setting<Integer> ACCOUNTS_MAX = bound(
            "deciding.accounts_max",
            "accounts",
            Bounds.ACCOUNTS_MAX,
            DESIGN.bounds().accounts());

    static final Setting<Integer> HOLDS_PER_ACCOUNT = bound(
            "deciding.holds_per_account",
            "holds",
            Bounds.HOLDS_MAX,
            DESIGN.bounds().holdsPerAccount());

    static final Setting<Integer> POSITIONS_PER_ACCOUNT = bound(
            "deciding.positions_per_account",
            "instruments",
            Bounds.POSITIONS_MAX,
            DESIGN.bounds().positionsPerAccount());

    static final Setting<Integer> PRINCIPALS_MAX = bound(
            "deciding.principals_max",
            "principals",
            Bounds.PRINCIPALS_MAX,
            DESIGN.bounds().principals());

    static final Setting<Long> POLICY_SIZE_MAX = of(
            "deciding.policy_size_max",
            "size",
            ValueRange.size(MIB, 64 * MIB),
            ValueRange.sizeText(DESIGN.bounds().policyBytes()));

    static final Setting<Integer> FACTS_PER_ACCOUNT = bound(
            "deciding.facts_per_account",
            "executions and ended holds",
            FactBounds.ROWS_MAX,
            DESIGN.bounds().facts().rowsPerAccount());

    static final Setting<Long> FACTS_HORIZON = of(
            "deciding.facts_horizon",
            "time",
            ValueRange.time(SECOND_NS, FactBounds.HORIZON_MAX_NS),
            ValueRange.timeText(DESIGN.bounds().facts().horizonNs()));

    static final Setting<Integer> CANDIDATE_POSTERIORS_MAX = bound(
            "deciding.candidate_posteriors_max",
            "posteriors",
            Bounds.CANDIDATE_POSTERIORS_MAX,
            DESIGN.bounds().candidatePosteriors());

    static final Setting<Long> CIRCUIT_MAX_AGE = of(
            "deciding.circuit_max_age",
            "time",
            ValueRange.time(0, EngineSettings.CIRCUIT_AGE_MAX_NS),
            ValueRange.timeText(DESIGN.circuitMaxAgeNs()));

    /** The policy to start with. */
    public static final Setting<Path> POLICY = of("policy", "", ValueRange.path(), "policies/venues.yaml");

    /** The accounts to start with. */
    public static final Setting<Path> ACCOUNTS = of("accounts", "", ValueRange.path(), "accounts.yaml");

    /** Number of a principal. */
    public static final Setting<Integer> PRINCIPAL_ID =
            leftOut("principals.id", "", ValueRange.whole(1, Integer.MAX_VALUE), "must be given");

    static final Setting<Role> PRINCIPAL_ROLE =
            leftOut("principals.role", "", ValueRange.words(List.of(Role.values())), "must be given");

    private final String key;
    private final String unit;
    private final ValueRange<T> range;
    private final String defaultText;
    private final T byDefault;

    private Setting(String key, String unit, ValueRange<T> range, String defaultText, T byDefault) {
        this.key = key;
        this.unit = unit;
        this.range = range;
        this.defaultText = defaultText;
        this.byDefault = byDefault;
        TABLE.put(key, this);
    }

    private static <T> Setting<T> of(String key, String unit, ValueRange<T> range, String defaultText) {
        return new Setting<>(
                key, unit, range, defaultText, range.read(defaultText).orElseThrow());
    }

    private static Setting<Integer> bound(String key, String unit, int most, int byDefault) {
        return of(key, unit, ValueRange.whole(1, most), Integer.toString(byDefault));
    }

    /** A key that has no value when it is left out; the text says what holds then. */
    private static <T> Setting<T> leftOut(String key, String unit, ValueRange<T> range, String otherwise) {
        return new Setting<>(key, unit, range, otherwise, null);
    }

    private static String rollLengthText(Durability durability) {
        return ValueRange.sizeText(JournalDirectory.Options.of(durability).segmentLength());
    }

    /** Every key, in the order of the shipped file. */
    public static Collection<Setting<?>> all() {
        return Collections.unmodifiableCollection(TABLE.values());
    }

    /**
     * The setting of a key.
     *
     * @throws IllegalArgumentException when there is no such key.
     */
    public static Setting<?> named(String key) {
        Setting<?> setting = TABLE.get(key);
        if (setting == null) {
            throw new IllegalArgumentException("key must be known: key=" + key);
        }
        return setting;
    }

    /** The key with the levels above it, parted by dots. */
    public String key() {
        return key;
    }

    /** The last part of the key. */
    String leaf() {
        return key.substring(key.lastIndexOf('.') + 1);
    }

    /** What a number counts; {@code time} and {@code size} have their unit in the value; empty where there is none. */
    public String unit() {
        return unit;
    }

    /** What holds when the key is left out, as people write it. */
    public String defaultText() {
        return defaultText;
    }

    /** The value when the key is left out; null when it has none. */
    public T byDefault() {
        return byDefault;
    }

    /** The range as people write it: {@code 1ms to 1h}, or the words. */
    public String range() {
        return range.shown();
    }

    /** Least and greatest value as people write them, or all words; empty when any path will do. */
    public List<String> ends() {
        return range.ends();
    }

    /** What a value must be, range included: {@code must be a time from 1ms to 1h}. */
    public String rule() {
        return range.rule();
    }

    /** Reads a value as people write it; empty if it breaks the rule. */
    public Optional<T> read(String text) {
        return range.read(text);
    }
}
