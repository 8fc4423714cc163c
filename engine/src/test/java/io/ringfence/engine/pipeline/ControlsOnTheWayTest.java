package io.ringfence.engine.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.budget.BudgetSeam;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.control.ArrivalCount;
import io.ringfence.engine.control.ControlCode;
import io.ringfence.engine.control.ControlSeam;
import io.ringfence.engine.control.Controls;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.AccountLimit;
import io.ringfence.schemas.AccountScope;
import io.ringfence.schemas.AccountVerb;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Role;
import io.ringfence.schemas.SettleKind;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.Substitution;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Controls in the whole engine: what reaches them, what records keep of them, and what stops the engine. */
class ControlsOnTheWayTest {
    private static final EngineSettings SETTINGS = EngineSettings.defaults(1, new byte[32]);
    private static final int PRINCIPAL = 11;
    private static final long UNIT = 100_000_000;
    private static final long PRICE_MICROS = 25_000_000;
    private static final long ALL =
            Arrays.stream(ControlCode.values()).mapToLong(ControlCode::bit).reduce(0, (bits, bit) -> bits | bit);
    private static final long ALWAYS = ControlCode.OVERDRAWN.bit()
            | ControlCode.OUTSTANDING.bit()
            | ControlCode.RANGE.bit()
            | ControlCode.AVAILABLE.bit();

    private final Commands commands = new Commands();
    private final DecisionEvent event = new DecisionEvent();
    private Engine engine = new Engine(SETTINGS, new MemoryLog(), SnapshotSink.NONE);
    private long requestId;

    @BeforeEach
    void beginJournal() {
        apply(CommandType.SETTINGS, 0, SETTINGS.encode());
        List<byte[]> policy = commands.policy(1);
        for (int i = 0; i < policy.size(); i++) {
            apply(i < policy.size() - 1 ? CommandType.POLICY_PART : CommandType.POLICY_ACTIVATE, 0, policy.get(i));
        }
        apply(CommandType.PRINCIPAL, 0, commands.principal(PRINCIPAL, Role.TRADER, AccountScope.ALL));
        apply(CommandType.ACCOUNT, 0, commands.account(1, AccountVerb.OPEN, 1_000_000_000_000L));
    }

    @Test
    void shouldRecordWhichControlsRan() {
        assertTrue(order(UNIT));
        assertEquals(ALWAYS, event.budget().controls());

        configureAll();
        assertTrue(order(UNIT));
        assertEquals(ALL, event.budget().controls());

        apply(
                CommandType.ADMISSION,
                PRINCIPAL,
                commands.admission(++requestId, 1, Commands.HIGH_ID, Substitution.ALLOWED, 5));
        assertEquals(ALWAYS | ControlCode.EXPOSURE.bit(), event.budget().controls());

        assertFalse(order(11 * UNIT));
        assertEquals(ReasonCode.ORDER_QUANTITY_LIMIT, event.verdict().reason());
        assertEquals(
                ControlCode.OVERDRAWN.bit() | ControlCode.OUTSTANDING.bit() | ControlCode.ORDER_QUANTITY.bit(),
                event.budget().controls());
    }

    @ParameterizedTest
    @EnumSource(ControlCode.class)
    void shouldStopTheEngineBeforeAnAdmissionThatAControlDidNotSee(ControlCode control) {
        MemoryLog log = new MemoryLog(event.entryHash());
        engine.log(log, SnapshotSink.NONE);
        configureAll();
        assertTrue(order(UNIT));
        int whole = log.records().size();
        ControlSeam.drop(controls(), control);

        IllegalStateException stop = assertThrows(IllegalStateException.class, () -> order(UNIT));

        System.out.println("mutation: dropped " + control + " at run time: " + stop.getMessage());
        assertTrue(stop.getMessage().contains("missing=" + Long.toBinaryString(control.bit())), stop.getMessage());
        assertTrue(engine.latch().isLatched());
        assertEquals("budget", engine.latch().failure().stage());
        assertEquals(whole, log.records().size());
        assertThrows(EngineStoppedException.class, () -> order(UNIT));
    }

    @Test
    void shouldLetEveryRequestPastIntakeReachTheControls() {
        ArrivalCount rate = new ArrivalCount(100);
        ControlSeam.add(controls(), rate);
        apply(CommandType.ACCOUNT, 0, commands.limit(1, AccountLimit.MAX_SELL_QUANTITY, 0));

        order(UNIT);
        long hold = event.sequence();
        assertEquals(List.of("arrived ORDER 11", "admitted"), rate.calls());
        apply(CommandType.ORDER, PRINCIPAL, commands.order(++requestId, 1, 1, Side.SELL, UNIT, PRICE_MICROS));
        assertEquals(ReasonCode.ORDER_QUANTITY_LIMIT, event.verdict().reason());
        assertEquals(List.of("arrived ORDER 11", "refused"), rate.calls());
        byte[] tooGood = commands.admission(++requestId, 1, 0, Substitution.ALLOWED, 5, 9_999, 0);
        apply(CommandType.ADMISSION, PRINCIPAL, tooGood);
        assertEquals(ReasonCode.QUALITY_TOO_LOW, event.verdict().reason());
        assertFalse(event.isBooked());
        assertEquals(List.of("arrived ADMISSION 11", "refused"), rate.calls());
        apply(CommandType.REPLACE, PRINCIPAL, commands.replace(++requestId, hold, 2 * UNIT, PRICE_MICROS));
        assertEquals(List.of("arrived REPLACE 11", "admitted"), rate.calls());
        apply(CommandType.REPLACE, PRINCIPAL, commands.replace(++requestId, 999, UNIT, PRICE_MICROS));
        assertEquals(List.of("arrived REPLACE 11", "refused"), rate.calls());
        apply(CommandType.CANCEL, PRINCIPAL, commands.cancel(++requestId, hold));
        assertEquals(List.of("arrived CANCEL 11"), rate.calls());
        byte[] fill = commands.execution(++requestId, hold, 1, ExecutionKind.FILL, UNIT, PRICE_MICROS, 0);
        apply(CommandType.EXECUTION, PRINCIPAL, fill);
        assertEquals(List.of("fact EXECUTION"), rate.calls());
        apply(CommandType.EXECUTION, PRINCIPAL, fill); // The same request again, which intake knows.
        apply(CommandType.SETTLE, PRINCIPAL, commands.settle(++requestId, 999, SettleKind.RELEASE, 0));
        apply(CommandType.ORDER, PRINCIPAL, commands.order(++requestId, 44, 1, Side.BUY, UNIT, PRICE_MICROS));
        assertEquals(ReasonCode.ACCOUNT_UNKNOWN, event.verdict().reason());
        assertEquals(List.of(), rate.calls());
        apply(CommandType.TICK, 0, commands.tick(1));
        assertEquals(List.of("tick " + event.command().timestampNs()), rate.calls());
    }

    @Test
    void shouldCountRefusedArrivalsAndKeepTheCountInStateAndDigest() {
        ControlSeam.add(controls(), new ArrivalCount(3));
        for (int i = 0; i < 5; i++) {
            assertEquals(i < 3, order(UNIT));
        }
        assertEquals(5, event.budget().failure().observed());
        assertEquals(-1, event.budget().failure().headroom());
        Engine restored = new Engine(SETTINGS, new MemoryLog(event.entryHash()), SnapshotSink.NONE);
        ArrivalCount rate = new ArrivalCount(3);
        ControlSeam.add(BudgetSeam.controls(restored.budget.budget()), rate);
        List<byte[]> states = new ArrayList<>();
        for (int stage = 0; stage < Engine.STAGE_NAMES.size(); stage++) {
            StateWriter state = engine.state().of(stage);
            states.add(Arrays.copyOf(state.byteArray(), state.position()));
        }

        restored.restore(states);

        assertEquals(5, rate.count());
        assertArrayEquals(engine.stateDigest(), restored.stateDigest());
        byte[] before = engine.stateDigest();
        order(UNIT);
        assertFalse(Arrays.equals(before, engine.stateDigest()));
    }

    @Test
    void shouldKeepTreeLimitsAndOpenQuantitiesInStateAndDigest() {
        apply(CommandType.ACCOUNT, 0, commands.openBelow(2, 1, "", 1_000_000_000_000L));
        configureAll();
        apply(
                CommandType.ORDER,
                PRINCIPAL,
                commands.order(++requestId, 2, Commands.HIGH_ID, Side.SELL, UNIT, PRICE_MICROS));
        assertTrue(event.verdict().isAdmitted());
        List<byte[]> states = new ArrayList<>();
        for (int stage = 0; stage < Engine.STAGE_NAMES.size(); stage++) {
            StateWriter state = engine.state().of(stage);
            states.add(Arrays.copyOf(state.byteArray(), state.position()));
        }
        byte[] digest = engine.stateDigest();
        engine = new Engine(SETTINGS, new MemoryLog(event.entryHash()), SnapshotSink.NONE);

        engine.restore(states);

        assertArrayEquals(digest, engine.stateDigest());
        apply(
                CommandType.ORDER,
                PRINCIPAL,
                commands.order(++requestId, 2, Commands.HIGH_ID, Side.BUY, 11 * UNIT, PRICE_MICROS));
        assertEquals(ReasonCode.ORDER_QUANTITY_LIMIT, event.verdict().reason());
        assertEquals(1, event.budget().failure().accountId());
        apply(
                CommandType.ORDER,
                PRINCIPAL,
                commands.order(++requestId, 2, Commands.HIGH_ID, Side.BUY, UNIT, PRICE_MICROS));
        assertEquals(ALL, event.budget().controls());
        assertEquals(UNIT, event.budget().openSellQuantity());
        assertEquals(UNIT, event.budget().openBuyQuantity());
    }

    /** Sets every limit and the cap so that an order of 10 units passes. */
    private void configureAll() {
        for (AccountLimit limit : ControlCode.limits()) {
            long value = limit == AccountLimit.MAX_ORDER_VALUE ? 10 * PRICE_MICROS : 10 * UNIT;
            apply(CommandType.ACCOUNT, 0, commands.limit(1, limit, value));
            assertEquals(ReasonCode.APPLIED, event.verdict().reason());
        }
        apply(CommandType.ACCOUNT, 0, commands.account(1, AccountVerb.SET_CAP, 900_000_000_000L));
    }

    private boolean order(long quantity) {
        apply(
                CommandType.ORDER,
                PRINCIPAL,
                commands.order(++requestId, 1, Commands.HIGH_ID, Side.BUY, quantity, PRICE_MICROS));
        return event.verdict().isAdmitted();
    }

    private Controls controls() {
        return BudgetSeam.controls(engine.budget.budget());
    }

    private void apply(CommandType type, int principal, byte[] command) {
        long sequence = engine.lastSequence() + 1;
        event.accept(type, sequence, sequence * 1_000, 1, principal, new UnsafeBuffer(command), 0, command.length);
        engine.apply(event);
    }
}
