package io.ringfence.engine.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.lmax.disruptor.SleepingWaitStrategy;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.selection.KeyedDraw;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.limit.Deadline;
import io.ringfence.schemas.ExecutionDecoder;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.ReasonCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("model")
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class PipelineModeTest {
    private static final int COMMANDS = 4_000;
    private static final long SEED = 20_261_121L;
    private static final byte[] KEY = "what nobody else knows, 32 bytes".getBytes(StandardCharsets.US_ASCII);
    private static final EngineSettings SETTINGS =
            new EngineSettings(SEED, 1_000_000L, 64, 400, 100, 250, 100, 256, 100_000_000L, false, new byte[32]);

    @ParameterizedTest
    @CsvSource({
        "COMPACT, 8, 1", "COMPACT, 64, 2", "COMPACT, 4096, 3",
        "SHARED, 8, 4", "SHARED, 64, 5", "SHARED, 4096, 6",
        "DEDICATED, 8, 7", "DEDICATED, 64, 8", "DEDICATED, 4096, 9",
        "INVOKER, 8, 10"
    })
    void shouldWriteTheSameJournalInEveryMode(PipelineMode mode, int ringSize, long seed) {
        MemoryLog expected = new MemoryLog();
        Engine invoker = engine(SETTINGS, expected, SnapshotSink.NONE);
        List<StampedCommand> commands = new Traffic(seed, invoker, event -> {}).run(SETTINGS, COMMANDS);
        MemoryLog actual = new MemoryLog();
        Engine engine = engine(SETTINGS, actual, SnapshotSink.NONE, new RandomDelays(seed));

        runThrough(engine, mode, ringSize, commands, seed);

        assertSameRecords(expected, actual, "mode=" + mode + ", ringSize=" + ringSize + ", seed=" + seed);
        assertArrayEquals(invoker.stateDigest(), engine.stateDigest());
        assertEquals(invoker.dueNs(), engine.dueNs());
    }

    @Test
    void shouldCoverEveryKindThatIsActedOn() {
        Engine engine = engine(SETTINGS, new MemoryLog(), SnapshotSink.NONE);
        Set<CommandType> kinds = EnumSet.noneOf(CommandType.class);

        new Traffic(1, engine, event -> kinds.add(event.type())).run(SETTINGS, COMMANDS);

        assertTrue(
                kinds.containsAll(EnumSet.of(
                        CommandType.ADMISSION,
                        CommandType.ORDER,
                        CommandType.CANCEL,
                        CommandType.REPLACE,
                        CommandType.EXECUTION,
                        CommandType.SETTLE,
                        CommandType.HOLD,
                        CommandType.OUTCOME,
                        CommandType.ACCOUNT,
                        CommandType.PRINCIPAL,
                        CommandType.RIGHT,
                        CommandType.POLICY_PART,
                        CommandType.POLICY_ACTIVATE,
                        CommandType.POLICY_PIECE,
                        CommandType.POLICY_CHANGE,
                        CommandType.CLOCK,
                        CommandType.LEARNING,
                        CommandType.START,
                        CommandType.TICK,
                        CommandType.SNAPSHOT)),
                kinds.toString());
    }

    @Test
    void shouldCoverRevisionsOfTradesThatCameThatAreToComeAndThatWereRevisedBefore() {
        Engine engine = engine(SETTINGS, new MemoryLog(), SnapshotSink.NONE);
        ExecutionDecoder execution = new ExecutionDecoder();
        MessageHeaderDecoder header = new MessageHeaderDecoder();
        Set<List<Long>> ahead = new HashSet<>();
        Set<List<Long>> revised = new HashSet<>();
        int[] seen = new int[4];

        new Traffic(1, engine, event -> {
                    boolean isBooked = event.type() == CommandType.EXECUTION
                            && event.isBooked()
                            && event.budget().reason() == ReasonCode.NONE;
                    if (!isBooked) {
                        return;
                    }
                    execution.wrapAndApplyHeader(event.command().message(), 0, header);
                    List<Long> about = List.of(execution.holdId(), execution.referenceExecutionId());
                    if (execution.kind() == ExecutionKind.FILL) {
                        seen[0] += ahead.contains(List.of(execution.holdId(), execution.executionId())) ? 1 : 0;
                    } else if (event.budget().isUnmatched()) {
                        seen[1]++;
                        ahead.add(about);
                    } else if (execution.kind() == ExecutionKind.BUST || execution.kind() == ExecutionKind.CORRECTION) {
                        seen[2]++;
                        seen[3] += revised.add(about) ? 0 : 1;
                    }
                })
                .run(SETTINGS, COMMANDS);

        assertTrue(Arrays.stream(seen).allMatch(count -> count > 4), Arrays.toString(seen));
    }

    @ParameterizedTest
    @EnumSource(PipelineMode.class)
    void shouldStopEveryStageWhenOneFails(PipelineMode mode) {
        MemoryLog whole = new MemoryLog();
        long[] failingSequences = new long[Engine.STAGE_NAMES.size()];
        List<StampedCommand> commands = new Traffic(
                        77,
                        engine(SETTINGS, whole, SnapshotSink.NONE),
                        event -> noteFirstActedOn(event, 300, failingSequences))
                .run(SETTINGS, 600);
        for (int stage = 0; stage < Engine.STAGE_NAMES.size(); stage++) {
            int failing = stage;
            long failingSequence = failingSequences[stage];
            MemoryLog log = new MemoryLog();
            Engine engine = engine(
                    SETTINGS,
                    log,
                    SnapshotSink.NONE,
                    (index, event) -> fail(index == failing && event.sequence() == failingSequence));

            assertThrows(RuntimeException.class, () -> runThrough(engine, mode, 64, commands, failing));

            assertEquals(failingSequence, engine.latch().failure().sequence());
            assertEquals(Engine.STAGE_NAMES.get(stage), engine.latch().failure().stage());
            List<byte[]> records = log.records();
            assertTrue(records.size() < failingSequence, "the failing command must not be in the journal");
            for (int i = 0; i < records.size(); i++) {
                assertArrayEquals(whole.records().get(i), records.get(i));
            }
        }
    }

    @Test
    void shouldRestoreToTheSameStateAndGoOnAlike() {
        MemoryLog log = new MemoryLog();
        Engine original = engine(SETTINGS, log, SnapshotSink.NONE);
        List<StampedCommand> commands = new Traffic(5, original, event -> {}).run(SETTINGS, COMMANDS);
        Engine half = engine(SETTINGS, new MemoryLog(), SnapshotSink.NONE);
        DecisionEvent event = new DecisionEvent();
        for (StampedCommand command : commands.subList(0, COMMANDS / 2)) {
            command.acceptInto(event);
            half.apply(event);
        }

        MemoryLog restoredLog = new MemoryLog(event.entryHash());
        Engine restored = engine(SETTINGS, restoredLog, SnapshotSink.NONE);
        restored.restore(states(half));

        assertArrayEquals(half.stateDigest(), restored.stateDigest());
        for (StampedCommand command : commands.subList(COMMANDS / 2, commands.size())) {
            command.acceptInto(event);
            restored.apply(event);
        }
        List<byte[]> all = log.records();
        assertEquals(all.size() - COMMANDS / 2, restoredLog.records().size());
        for (int i = COMMANDS / 2; i < all.size(); i++) {
            assertArrayEquals(all.get(i), restoredLog.records().get(i - COMMANDS / 2), "record=" + (i + 1));
        }
        assertArrayEquals(original.stateDigest(), restored.stateDigest());
    }

    @Test
    void shouldForgetAlikeWhenOtherTiersComeRightAfterARestore() {
        Engine original = engine(SETTINGS, new MemoryLog(), SnapshotSink.NONE);
        new Traffic(5, original, event -> {}).run(SETTINGS, COMMANDS);
        List<byte[]> policy = new Commands().policy(original.policy().epoch() + 1, 3);
        policy.subList(0, 4).forEach(part -> apply(original, CommandType.POLICY_PART, part));
        Engine restored = engine(SETTINGS, new MemoryLog(), SnapshotSink.NONE);
        restored.restore(states(original));
        int bandit = Engine.STAGE_NAMES.indexOf("bandit");
        int learntLength = states(original).get(bandit).length;

        apply(original, CommandType.POLICY_ACTIVATE, policy.get(4));
        apply(restored, CommandType.POLICY_ACTIVATE, policy.get(4));

        assertTrue(states(original).get(bandit).length < learntLength);
        assertArrayEquals(states(original).get(bandit), states(restored).get(bandit));
    }

    @Test
    void shouldSayHowLongEachStateIsWithoutWritingIt() {
        Engine engine = engine(SETTINGS, new MemoryLog(), SnapshotSink.NONE);
        int[] looks = {0};

        new Traffic(6, engine, event -> {
                    if (event.sequence() % 97 == 0) {
                        assertLengths(engine, "sequence=" + event.sequence());
                        looks[0]++;
                    }
                })
                .run(SETTINGS, COMMANDS);

        assertTrue(looks[0] > 30);
        Engine copy = engine(SETTINGS, new MemoryLog(), SnapshotSink.NONE);
        engine.state().copyTo(copy);
        assertLengths(copy, "a copy");
        assertArrayEquals(engine.stateDigest(), copy.stateDigest());
    }

    private static void assertLengths(Engine engine, String when) {
        long sum = 0;
        for (int stage = 0; stage < Engine.STAGE_NAMES.size(); stage++) {
            long length = engine.state().of(stage).position();
            sum += length;
            assertEquals(length, engine.state().length(stage), when + ", stage=" + Engine.STAGE_NAMES.get(stage));
        }
        assertEquals(sum, engine.state().length(), when);
    }

    @ParameterizedTest
    @EnumSource(PipelineMode.class)
    void shouldWriteTheSameJournalAndStateWhetherStatesAreTakenOrNot(PipelineMode mode) {
        MemoryLog expected = new MemoryLog();
        Engine invoker = engine(SETTINGS, expected, SnapshotSink.NONE);
        List<StampedCommand> commands = new Traffic(7, invoker, event -> {}).run(SETTINGS, COMMANDS);
        TakenStates taken = new TakenStates();
        MemoryLog actual = new MemoryLog();
        Engine engine = engine(SETTINGS, actual, taken);

        runThrough(engine, mode, 64, commands, 7);

        assertSameRecords(expected, actual, "mode=" + mode);
        assertArrayEquals(invoker.stateDigest(), engine.stateDigest());
        assertTrue(taken.wholeSets.get() > 0);
        assertTrue(taken.emptySets.get() > 0);
    }

    /** Takes the states at every other marker. Threads of several stages call it. */
    private static final class TakenStates implements SnapshotSink {
        private final AtomicInteger wholeSets = new AtomicInteger();
        private final AtomicInteger emptySets = new AtomicInteger();
        private final Map<Long, Long> sections = new ConcurrentHashMap<>();
        private final Map<Long, Long> lengths = new ConcurrentHashMap<>();

        @Override
        public boolean takes(long snapshotId, int stage, long length) {
            lengths.put(snapshotId, length);
            return snapshotId % 2 == 0;
        }

        @Override
        public void onSection(long snapshotId, int stage, byte[] bytes, int length) {
            assertEquals(lengths.get(snapshotId), length);
            sections.merge(snapshotId, 1L, Long::sum);
        }

        @Override
        public void onComplete(long snapshotId, long sequence, byte[] entryHash) {
            boolean isTaken = snapshotId % 2 == 0;
            assertEquals(isTaken ? Engine.STAGE_NAMES.size() : 0L, sections.getOrDefault(snapshotId, 0L));
            (isTaken ? wholeSets : emptySets).incrementAndGet();
        }
    }

    private static void apply(Engine engine, CommandType type, byte[] bytes) {
        DecisionEvent event = new DecisionEvent();
        new StampedCommand(type, engine.lastSequence() + 1, Long.MAX_VALUE, 0, 0, bytes, null).acceptInto(event);
        engine.apply(event);
    }

    private static List<byte[]> states(Engine engine) {
        List<byte[]> states = new ArrayList<>();
        for (int stage = 0; stage < Engine.STAGE_NAMES.size(); stage++) {
            StateWriter writer = engine.state().of(stage);
            states.add(Arrays.copyOf(writer.byteArray(), writer.position()));
        }
        return states;
    }

    /** Notes for each stage the first command from a sequence on that it acts on: it cannot fail on another. */
    private static void noteFirstActedOn(DecisionEvent event, long from, long[] sequences) {
        for (int stage = 0; stage < sequences.length; stage++) {
            boolean isActedOn = stage == Engine.INTAKE || (event.stages() & 1 << stage) != 0;
            if (event.sequence() >= from + stage && sequences[stage] == 0 && isActedOn) {
                sequences[stage] = event.sequence();
            }
        }
    }

    private static void fail(boolean isNow) {
        if (isNow) {
            throw new IllegalStateException("failing on purpose");
        }
    }

    /** One that explores by a key. */
    private static Engine engine(EngineSettings settings, RecordLog log, SnapshotSink snapshots) {
        return engine(settings, log, snapshots, null);
    }

    private static Engine engine(
            EngineSettings settings, RecordLog log, SnapshotSink snapshots, Engine.StageProbe probe) {
        Engine engine = new Engine(settings, log, snapshots, probe);
        engine.explorationKey(new KeyedDraw(KEY));
        return engine;
    }

    private static void runThrough(
            Engine engine, PipelineMode mode, int ringSize, List<StampedCommand> commands, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        try (Pipeline pipeline = new Pipeline(engine, mode, ringSize, new SleepingWaitStrategy(10, 1_000))) {
            SlotFill.fill(pipeline, (byte) 0xA5);
            int published = 0;
            long[] handed = {0};
            pipeline.handler(event -> assertEquals(++handed[0], event.sequence()));
            Deadline deadline = Deadline.inSeconds(500);
            while (handed[0] < commands.size()) {
                deadline.require("every command is handed on");
                int batch = 1 + random.nextInt(Math.min(ringSize, 40));
                while (batch-- > 0 && published < commands.size() && pipeline.hasCapacity(1)) {
                    StampedCommand command = commands.get(published++);
                    assertEquals(command.sequence(), pipeline.nextSequence());
                    command.acceptInto(pipeline.next());
                    pipeline.publish();
                }
                int replies = pipeline.poll(1 + random.nextInt(16));
                if (pipeline.latch().isLatched()) {
                    throw new EngineStoppedException(pipeline.latch().failure());
                }
                if (replies == 0) {
                    LockSupport.parkNanos(1_000);
                }
            }
            assertFalse(pipeline.latch().isLatched());
        }
    }

    private static void assertSameRecords(MemoryLog expected, MemoryLog actual, String context) {
        List<byte[]> expectedRecords = expected.records();
        List<byte[]> actualRecords = actual.records();
        assertEquals(expectedRecords.size(), actualRecords.size(), context);
        for (int i = 0; i < expectedRecords.size(); i++) {
            assertArrayEquals(expectedRecords.get(i), actualRecords.get(i), context + ", record=" + (i + 1));
        }
    }

    /** Delays a stage now and then, on a schedule of its own. */
    private static final class RandomDelays implements Engine.StageProbe {
        private final SplittableRandom[] randoms = new SplittableRandom[Engine.STAGE_NAMES.size()];

        RandomDelays(long seed) {
            for (int stage = 0; stage < randoms.length; stage++) {
                randoms[stage] = new SplittableRandom(seed * 31 + stage);
            }
        }

        @Override
        public void before(int stage, DecisionEvent event) {
            if (randoms[stage].nextInt(200) == 0) {
                LockSupport.parkNanos(randoms[stage].nextInt(50_000));
            }
        }
    }
}
