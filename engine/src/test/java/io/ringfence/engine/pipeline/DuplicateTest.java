package io.ringfence.engine.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.command.Command;
import io.ringfence.engine.command.CommandType;
import io.ringfence.schemas.AccountScope;
import io.ringfence.schemas.AccountVerb;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Role;
import io.ringfence.schemas.SettleKind;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.Substitution;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A repeated request is told by the budget whether the hold of the first one stands; its record says the same. */
class DuplicateTest {
    private static final EngineSettings SETTINGS = EngineSettings.defaults(1, new byte[32]);
    private static final int TRADER = 11;
    private static final int OTHER = 12;
    private static final long ACCOUNT = 1;
    private static final long QUANTITY = 100_000_000L;
    private static final long PRICE_MICROS = 25_000_000L;
    private static final long SHORT_NS = 1_000;
    private static final int SEAL_LENGTH = 32;

    private final Commands commands = new Commands();
    private final MemoryLog log = new MemoryLog();
    private final RecordDecoder decoder = new RecordDecoder();
    private final DecisionEvent event = new DecisionEvent();
    private final DecisionEvent decoded = new DecisionEvent();
    private Engine engine = new Engine(SETTINGS, log, SnapshotSink.NONE);
    private long timestampNs = 1;
    private long requestId;

    @BeforeEach
    void beginJournal() {
        apply(CommandType.SETTINGS, 0, SETTINGS.encode());
        List<byte[]> policy = commands.policy(1);
        for (byte[] part : policy.subList(0, 4)) {
            apply(CommandType.POLICY_PART, 0, part);
        }
        apply(CommandType.POLICY_ACTIVATE, 0, policy.get(4));
        apply(CommandType.ACCOUNT, 0, commands.account(ACCOUNT, AccountVerb.OPEN, 1_000_000_000L));
        apply(CommandType.PRINCIPAL, 0, commands.principal(TRADER, Role.TRADER, AccountScope.ALL));
        apply(CommandType.PRINCIPAL, 0, commands.principal(OTHER, Role.TRADER, AccountScope.ALL));
    }

    @Test
    void shouldTellThatAnOrderStandsUntilItEnds() {
        byte[] order = order();
        long holdId = apply(CommandType.ORDER, TRADER, order).sequence();

        assertHold(holdId, CommandType.ORDER, order);
        apply(CommandType.EXECUTION, OTHER, fill(holdId, 1, QUANTITY / 2, QUANTITY / 2));
        assertHold(holdId, CommandType.ORDER, order);
        apply(CommandType.EXECUTION, OTHER, fill(holdId, 2, QUANTITY / 2, 0));
        assertHold(Verdict.NO_HOLD, CommandType.ORDER, order);
    }

    @Test
    void shouldTellThatASweepEndedAHoldAndNotBefore() {
        byte[] admission = commands.admission(++requestId, ACCOUNT, 1, Substitution.ALLOWED, 500, 65_535, SHORT_NS);
        long holdId = apply(CommandType.ADMISSION, TRADER, admission).sequence();
        timestampNs += SHORT_NS;

        assertHold(holdId, CommandType.ADMISSION, admission);
        apply(CommandType.TICK, 0, commands.tick(1));
        assertHold(Verdict.NO_HOLD, CommandType.ADMISSION, admission);
    }

    @Test
    void shouldTellOfTheHoldThatAReportOrAReplaceNames() {
        long order = apply(CommandType.ORDER, TRADER, order()).sequence();
        long call = apply(CommandType.ADMISSION, TRADER, admission()).sequence();
        byte[] replace = commands.replace(++requestId, order, 2 * QUANTITY, PRICE_MICROS);
        byte[] fill = fill(order, 1, QUANTITY / 2, QUANTITY / 2);
        byte[] part = commands.settle(++requestId, call, SettleKind.COMMIT_PART, 5);
        byte[] whole = commands.settle(++requestId, call, SettleKind.COMMIT_FINAL, 5);
        assertEquals(
                order, apply(CommandType.REPLACE, TRADER, replace).verdict().holdId());
        assertEquals(order, apply(CommandType.EXECUTION, TRADER, fill).verdict().holdId());
        assertEquals(call, apply(CommandType.SETTLE, TRADER, part).verdict().holdId());

        assertHold(order, CommandType.REPLACE, replace);
        assertHold(order, CommandType.EXECUTION, fill);
        assertHold(call, CommandType.SETTLE, part);
        assertEquals(
                Verdict.NO_HOLD,
                apply(CommandType.SETTLE, TRADER, whole).verdict().holdId());
        assertHold(Verdict.NO_HOLD, CommandType.SETTLE, whole);
        assertHold(Verdict.NO_HOLD, CommandType.SETTLE, part);
        apply(CommandType.EXECUTION, TRADER, execution(order, 2, ExecutionKind.REPLACE_REJECTED));
        apply(CommandType.EXECUTION, TRADER, execution(order, 3, ExecutionKind.CANCELLED));
        assertHold(Verdict.NO_HOLD, CommandType.REPLACE, replace);
        assertHold(Verdict.NO_HOLD, CommandType.EXECUTION, fill);
    }

    @Test
    void shouldTellOfNoHoldWhereTheFirstOneGotNone() {
        byte[] order = commands.order(++requestId, ACCOUNT, 1, Side.BUY, 1_000 * QUANTITY, PRICE_MICROS);
        assertFalse(apply(CommandType.ORDER, TRADER, order).verdict().isAdmitted());

        assertHold(Verdict.NO_HOLD, CommandType.ORDER, order);
    }

    @Test
    void shouldTellTheSameAfterARestart() {
        byte[] standing = order();
        byte[] ended = order();
        long first = apply(CommandType.ORDER, TRADER, standing).sequence();
        long second = apply(CommandType.ORDER, TRADER, ended).sequence();
        apply(CommandType.EXECUTION, TRADER, execution(second, 1, ExecutionKind.CANCELLED));

        restart();

        assertHold(first, CommandType.ORDER, standing);
        assertHold(Verdict.NO_HOLD, CommandType.ORDER, ended);
    }

    /** Sends a request again: the event and its record, read back, both tell this hold, and nothing of the state but intake's moves. */
    private void assertHold(long holdId, CommandType type, byte[] command) {
        byte[] budget = budgetState();

        apply(type, TRADER, command);

        assertTrue(event.isDuplicate());
        assertEquals(ReasonCode.APPLIED, event.verdict().reason());
        assertEquals(holdId, event.verdict().holdId());
        assertEquals(holdId, decoded.verdict().holdId());
        assertEquals(event.budget().heldMicros(), decoded.budget().heldMicros());
        assertTrue(Arrays.equals(budget, budgetState()), "a duplicate changes nothing");
    }

    private byte[] budgetState() {
        return Arrays.copyOf(
                engine.state().of(Engine.BUDGET).byteArray(),
                engine.state().of(Engine.BUDGET).position());
    }

    private void restart() {
        Engine next = new Engine(SETTINGS, log, SnapshotSink.NONE);
        engine.state().copyTo(next);
        engine = next;
    }

    private byte[] order() {
        return commands.order(++requestId, ACCOUNT, 1, Side.BUY, QUANTITY, PRICE_MICROS);
    }

    private byte[] admission() {
        return commands.admission(++requestId, ACCOUNT, 1, Substitution.ALLOWED, 500);
    }

    private byte[] fill(long order, long executionId, long quantity, long leaves) {
        return commands.execution(++requestId, order, executionId, ExecutionKind.FILL, quantity, PRICE_MICROS, leaves);
    }

    private byte[] execution(long order, long executionId, ExecutionKind kind) {
        return commands.execution(++requestId, order, executionId, kind, 0, 0, 0);
    }

    /** Applies a command, and reads its record back. */
    private DecisionEvent apply(CommandType type, int principalId, byte[] command) {
        long sequence = engine.lastSequence() + 1;
        new StampedCommand(type, sequence, timestampNs, principalId, principalId, command, null).acceptInto(event);
        engine.apply(event);
        int begin = Command.RECORD_OFFSET;
        byte[] record = Arrays.copyOfRange(event.command().bytes(), begin, begin + event.recordLength() + SEAL_LENGTH);
        assertNull(decoder.decode(new UnsafeBuffer(record), engine.policy(), decoded));
        return event;
    }
}
