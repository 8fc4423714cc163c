package io.ringfence.gateway.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.lmax.disruptor.YieldingWaitStrategy;
import io.ringfence.engine.command.Command;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.Engine;
import io.ringfence.engine.pipeline.Pipeline;
import io.ringfence.engine.pipeline.PipelineMode;
import io.ringfence.engine.pipeline.RecordLog;
import io.ringfence.engine.pipeline.SnapshotSink;
import io.ringfence.engine.pipeline.Verdict.DecisionFacts;
import io.ringfence.gateway.answers.FactsIndex;
import io.ringfence.gateway.frame.Frames;
import io.ringfence.limit.Deadline;
import io.ringfence.schemas.AccountScope;
import io.ringfence.schemas.AdmissionRequestEncoder;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OutcomeReportEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Role;
import io.ringfence.schemas.TickEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The same commands, as a start, a gateway and one whose order comes from elsewhere give them. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class LocalSequencerTest {
    private static final int PRINCIPAL = 1;
    private static final long START_NS = 1_000_000;
    private static final long TICK_NS = 10;
    private static final long IDLE_TICK_NS = 1_000;

    private record Given(CommandType type, int principalId, long decision, byte[] message) {}

    /** Keeps each record without its hash. */
    private static final class Records implements RecordLog {
        private final List<byte[]> records = new ArrayList<>();

        @Override
        public synchronized void append(long sequence, byte[] bytes, int offset, int length) {
            records.add(Arrays.copyOfRange(bytes, offset, offset + length));
            Arrays.fill(bytes, offset + length, offset + length + 32, (byte) sequence);
        }
    }

    private final List<ReasonCode> results = new ArrayList<>();
    private final List<Long> timesNs = new ArrayList<>();
    private long nowNs = START_NS;

    @Test
    void shouldComeToTheSameRecordsOnTheCallersThreadOnARingAndOrderedLater() {
        List<Given> commands = commands();

        List<byte[]> onCaller = run(commands, PipelineMode.INVOKER, sequencer -> sequencer);
        List<ReasonCode> expected = List.copyOf(results);
        List<byte[]> onRing = run(commands, PipelineMode.SHARED, sequencer -> sequencer);
        List<byte[]> later = run(commands, PipelineMode.COMPACT, LateSequencer::new);

        assertEquals(commands.size(), onCaller.size());
        assertTrue(expected.stream().noneMatch(ReasonCode.OUTCOME_TOO_EARLY::equals), "each outcome has its facts");
        assertSame(onCaller, onRing);
        assertSame(onCaller, later);
    }

    @Test
    void shouldNeverLetEventTimeFall() {
        List<Given> commands = commands();

        run(commands, PipelineMode.INVOKER, sequencer -> sequencer);

        assertEquals(commands.size(), timesNs.size());
        for (int i = 1; i < timesNs.size(); i++) {
            assertTrue(timesNs.get(i) >= timesNs.get(i - 1), "command " + i);
        }
    }

    @Test
    void shouldTickWhenSomethingIsDueAndOtherwiseRarely() {
        nowNs = START_NS;
        Engine engine = new Engine(TestGateway.settings(), new Records(), SnapshotSink.NONE);
        TurnClock clock = new TurnClock(() -> nowNs, () -> nowNs, 0, 0, TimeUnit.SECONDS.toNanos(10));
        try (FactsIndex facts = new FactsIndex(64, FactsIndex.DEFAULT_MAX_AGE_NS, 0);
                Pipeline pipeline = Pipeline.onCaller(engine)) {
            Sequencer sequencer = sequencer(pipeline, clock, facts);
            sequencer.handler(event -> {});
            for (Given given : commands().subList(0, 4 + TestPolicy.parts().size())) {
                take(sequencer, given);
            }
            List<Long> ticks = new ArrayList<>();
            List<Long> expected = new ArrayList<>(List.of(0L));
            for (long turn = 0; turn < 3 * IDLE_TICK_NS; turn++, nowNs++) {
                clock.turn();
                if (turn == IDLE_TICK_NS + 20) {
                    byte[] call = admission(1, Sequencer.NO_DECISION);
                    new AdmissionRequestEncoder()
                            .wrap(new UnsafeBuffer(call), MessageHeaderEncoder.ENCODED_LENGTH)
                            .timeToLiveNs(30);
                    take(sequencer, new Given(CommandType.ADMISSION, PRINCIPAL, Sequencer.NO_DECISION, call));
                    assertEquals(nowNs + 30, pipeline.dueNs());
                }
                if (sequencer.isTickDue()) {
                    ticks.add(turn);
                    take(sequencer, new Given(CommandType.TICK, 0, Sequencer.NO_DECISION, tick(turn)));
                }
            }
            expected.addAll(List.of(IDLE_TICK_NS, IDLE_TICK_NS + 50, 2 * IDLE_TICK_NS + 50));

            assertEquals(expected, ticks);
        }
    }

    @Test
    void shouldWaitATickIntervalThoughMoreIsDue() {
        nowNs = START_NS;
        Engine engine = new Engine(TestGateway.settings(), new Records(), SnapshotSink.NONE);
        TurnClock clock = new TurnClock(() -> nowNs, () -> nowNs, 0, 0, TimeUnit.SECONDS.toNanos(10));
        try (FactsIndex facts = new FactsIndex(64, FactsIndex.DEFAULT_MAX_AGE_NS, 0);
                Pipeline pipeline = Pipeline.onCaller(engine)) {
            Sequencer sequencer = sequencer(pipeline, clock, facts);
            sequencer.handler(event -> {});
            for (Given given : commands().subList(0, 4 + TestPolicy.parts().size())) {
                take(sequencer, given);
            }
            take(sequencer, new Given(CommandType.TICK, 0, Sequencer.NO_DECISION, tick(1)));
            byte[] call = admission(1, Sequencer.NO_DECISION);
            new AdmissionRequestEncoder()
                    .wrap(new UnsafeBuffer(call), MessageHeaderEncoder.ENCODED_LENGTH)
                    .timeToLiveNs(1);
            take(sequencer, new Given(CommandType.ADMISSION, PRINCIPAL, Sequencer.NO_DECISION, call));

            nowNs += TICK_NS - 1;
            clock.turn();
            assertTrue(pipeline.dueNs() <= clock.timestampNs());
            assertFalse(sequencer.isTickDue());
            nowNs++;
            clock.turn();
            assertTrue(sequencer.isTickDue());
        }
    }

    @Test
    void shouldLetOutcomesOfADecisionAndOfItsRetryWaitForOneAnother() {
        Engine engine = new Engine(TestGateway.settings(), new Records(), SnapshotSink.NONE);
        TurnClock clock = new TurnClock(() -> nowNs, () -> nowNs, 0, 0, TimeUnit.SECONDS.toNanos(10));
        try (FactsIndex facts = new FactsIndex(64, FactsIndex.DEFAULT_MAX_AGE_NS, 0);
                Pipeline pipeline = new Pipeline(engine, PipelineMode.SHARED, 8, new YieldingWaitStrategy())) {
            Sequencer sequencer = sequencer(pipeline, clock, facts);
            sequencer.handler(event -> {
                facts.add(event);
                facts.answered(event.sequence());
            });
            for (Given given : commands().subList(0, 4 + TestPolicy.parts().size())) {
                takeWhole(sequencer, given);
            }
            long first = engine.lastSequence() + 1;
            long retry = first + 1;
            takeWhole(
                    sequencer,
                    new Given(
                            CommandType.ADMISSION,
                            PRINCIPAL,
                            Sequencer.NO_DECISION,
                            admission(1, Sequencer.NO_DECISION)));
            takeWhole(sequencer, new Given(CommandType.ADMISSION, PRINCIPAL, first, admission(2, first)));
            assertEquals(first, facts.parent(facts.offset(retry)));

            take(sequencer, new Given(CommandType.OUTCOME, PRINCIPAL, retry, outcome(3, retry)));
            assertEquals(ReasonCode.OUTCOME_TOO_EARLY, sequencer.check(CommandType.OUTCOME, first));
            assertEquals(ReasonCode.OUTCOME_TOO_EARLY, sequencer.check(CommandType.OUTCOME, retry));
            assertEquals(ReasonCode.NONE, sequencer.check(CommandType.ADMISSION, first));
            carryOn(sequencer);
            assertEquals(ReasonCode.NONE, sequencer.check(CommandType.OUTCOME, first));
            assertEquals(ReasonCode.NONE, sequencer.check(CommandType.OUTCOME, retry));
            take(sequencer, new Given(CommandType.OUTCOME, PRINCIPAL, first, outcome(4, first)));

            assertEquals(ReasonCode.OUTCOME_TOO_EARLY, sequencer.check(CommandType.OUTCOME, retry));
            carryOn(sequencer);
            assertEquals(ReasonCode.NONE, sequencer.check(CommandType.OUTCOME, retry));
        }
    }

    private static void takeWhole(Sequencer sequencer, Given given) {
        take(sequencer, given);
        carryOn(sequencer);
    }

    private static void carryOn(Sequencer sequencer) {
        Deadline deadline = Deadline.inSeconds(20);
        while (sequencer.takenCount() > 0) {
            deadline.require("the command is carried through");
            sequencer.carryOn(1);
        }
    }

    private static Sequencer sequencer(Pipeline pipeline, TurnClock clock, FactsIndex facts) {
        return new LocalSequencer(pipeline, clock, facts, TICK_NS, IDLE_TICK_NS);
    }

    private static void take(Sequencer sequencer, Given given) {
        sequencer.slot().command().load(new UnsafeBuffer(given.message()), 0, given.message().length);
        sequencer.take(given.type(), 0, given.principalId(), given.decision());
    }

    private static void assertSame(List<byte[]> expected, List<byte[]> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), actual.get(i), "sequence " + (i + 1));
        }
    }

    private List<byte[]> run(List<Given> commands, PipelineMode mode, Function<Sequencer, Sequencer> order) {
        results.clear();
        timesNs.clear();
        nowNs = START_NS;
        Records records = new Records();
        Engine engine = new Engine(TestGateway.settings(), records, SnapshotSink.NONE);
        TurnClock clock = new TurnClock(() -> nowNs, () -> nowNs, 0, 0, TimeUnit.SECONDS.toNanos(10));
        try (FactsIndex facts = new FactsIndex(64, FactsIndex.DEFAULT_MAX_AGE_NS, 0)) {
            if (mode == PipelineMode.INVOKER) {
                give(commands, order.apply(LocalSequencer.onCaller(engine, clock, facts)), clock, facts);
                return records.records;
            }
            try (Pipeline pipeline = new Pipeline(engine, mode, 8, new YieldingWaitStrategy())) {
                give(commands, order.apply(sequencer(pipeline, clock, facts)), clock, facts);
            }
        }
        return records.records;
    }

    private void give(List<Given> commands, Sequencer sequencer, TurnClock clock, FactsIndex facts) {
        sequencer.handler(event -> note(event, facts));
        for (Given given : commands) {
            assertTrue(sequencer.hasRoom(given.type()));
            if (given.decision() != Sequencer.NO_DECISION) {
                assertEquals(ReasonCode.NONE, sequencer.check(given.type(), given.decision()));
            }
            Command command = sequencer.slot().command();
            command.load(new UnsafeBuffer(given.message()), 0, given.message().length);
            sequencer.take(given.type(), 0, given.principalId(), given.decision());
            carryOn(sequencer);
            nowNs += given.type() == CommandType.TICK ? -50 : 7; // The clock of the machine may go back.
            clock.turn();
        }
    }

    private void note(DecisionEvent event, FactsIndex facts) {
        if (DecisionFacts.has(event)) {
            facts.add(event);
        }
        facts.answered(event.sequence());
        results.add(event.verdict().reason());
        timesNs.add(event.command().timestampNs());
    }

    private static List<Given> commands() {
        List<Given> commands = new ArrayList<>();
        own(commands, CommandType.SETTINGS, TestGateway.settings().encode());
        TestPolicy.parts().forEach(part -> own(commands, CommandType.POLICY_PART, part));
        own(commands, CommandType.POLICY_ACTIVATE, TestPolicy.activation());
        own(commands, CommandType.PRINCIPAL, TestGateway.principal(PRINCIPAL, Role.TRADER, AccountScope.ALL));
        own(commands, CommandType.ACCOUNT, TestGateway.openAccount(TestGateway.ACCOUNT, 1_000_000));
        for (long requestId = 1; requestId <= 30; requestId += 3) {
            commands.add(new Given(
                    CommandType.ADMISSION,
                    PRINCIPAL,
                    Sequencer.NO_DECISION,
                    admission(requestId, Sequencer.NO_DECISION)));
            long decision = commands.size();
            commands.add(new Given(CommandType.OUTCOME, PRINCIPAL, decision, outcome(requestId + 1, decision)));
            commands.add(new Given(CommandType.ADMISSION, PRINCIPAL, decision, admission(requestId + 2, decision)));
            own(commands, CommandType.TICK, tick(requestId));
        }
        return commands;
    }

    private static void own(List<Given> commands, CommandType type, byte[] message) {
        commands.add(new Given(type, 0, Sequencer.NO_DECISION, message));
    }

    private static byte[] admission(long requestId, long parent) {
        byte[] frame = Frames.admission();
        new AdmissionRequestEncoder()
                .wrap(new UnsafeBuffer(frame), MessageHeaderEncoder.ENCODED_LENGTH)
                .clientRequestId(requestId)
                .riskBps(100)
                .costLimitMicros(AdmissionRequestEncoder.costLimitMicrosNullValue())
                .parentSequence(parent);
        return frame;
    }

    private static byte[] outcome(long requestId, long decision) {
        byte[] frame = Frames.outcome();
        new OutcomeReportEncoder()
                .wrap(new UnsafeBuffer(frame), MessageHeaderEncoder.ENCODED_LENGTH)
                .clientRequestId(requestId)
                .decisionSequence(decision)
                .disposition(Disposition.ABANDONED);
        return frame;
    }

    private static byte[] tick(long number) {
        UnsafeBuffer buffer =
                new UnsafeBuffer(new byte[MessageHeaderEncoder.ENCODED_LENGTH + TickEncoder.BLOCK_LENGTH]);
        new TickEncoder()
                .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .tickNumber(number);
        return buffer.byteArray();
    }
}
