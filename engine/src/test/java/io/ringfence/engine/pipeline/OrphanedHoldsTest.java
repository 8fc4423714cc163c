package io.ringfence.engine.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.command.CommandType;
import io.ringfence.schemas.AccountScope;
import io.ringfence.schemas.AccountVerb;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OrderRequestEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RightVerb;
import io.ringfence.schemas.Role;
import io.ringfence.schemas.Substitution;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An external id is used once at a time, and a hold whose owner is gone is released by a person. */
class OrphanedHoldsTest {
    private static final EngineSettings SETTINGS = EngineSettings.defaults(1, new byte[32]);
    private static final int DESK = 11;
    private static final int OTHER = 12;
    private static final int RISK = 13;
    private static final int NARROW_OPERATOR = 14;
    private static final long ACCOUNT = 1;
    private static final long GRANTED_MICROS = 1_000_000_000L;
    private static final long VALUE_MICROS = 25_000_000L;
    private static final long QUANTITY = 100_000_000L;
    private static final long FEE_MICROS = 3; // Of each execution that the commands make.

    private final Commands commands = new Commands();
    private final DecisionEvent event = new DecisionEvent();
    private Engine engine;
    private long requestId;

    @BeforeEach
    void beginJournal() {
        begin(SETTINGS);
    }

    private void begin(EngineSettings settings) {
        engine = new Engine(settings, new MemoryLog(), SnapshotSink.NONE);
        apply(CommandType.SETTINGS, 0, settings.encode());
        List<byte[]> policy = commands.policy(1);
        for (byte[] part : policy.subList(0, 4)) {
            apply(CommandType.POLICY_PART, 0, part);
        }
        apply(CommandType.POLICY_ACTIVATE, 0, policy.get(4));
        apply(CommandType.ACCOUNT, 0, commands.account(ACCOUNT, AccountVerb.OPEN, GRANTED_MICROS));
        apply(CommandType.PRINCIPAL, 0, commands.principal(DESK, Role.TRADER, AccountScope.ALL));
        apply(CommandType.PRINCIPAL, 0, commands.principal(OTHER, Role.TRADER, AccountScope.ALL));
        apply(CommandType.PRINCIPAL, 0, commands.principal(RISK, Role.RISK, AccountScope.ALL));
        apply(CommandType.PRINCIPAL, 0, commands.principal(NARROW_OPERATOR, Role.OPERATOR, AccountScope.LISTED));
        apply(CommandType.RIGHT, 0, commands.right(NARROW_OPERATOR, 9, RightVerb.GIVE));
    }

    @Test
    void shouldRefuseAnExternalIdWhileAnOrderOfThePrincipalHasIt() {
        long first = order(DESK, "ORD-1");

        assertEquals(ReasonCode.EXTERNAL_ID_IN_USE, apply(CommandType.ORDER, DESK, ask("ORD-1")));
        assertEquals(Verdict.NO_HOLD, event.verdict().holdId());
        order(OTHER, "ORD-1");
        order(DESK, "ORD-10");
        order(DESK, "ORD-1234567890123456");
        assertEquals(ReasonCode.EXTERNAL_ID_IN_USE, apply(CommandType.ORDER, DESK, ask("ORD-1234567890123456")));
        order(DESK, "ORD-1234567890123457");

        apply(CommandType.EXECUTION, DESK, cancelled(first));
        order(DESK, "ORD-1");
    }

    @Test
    void shouldGiveAnOrderItsExternalIdBackWhenItsVenueOpensItAgainAlsoAfterARestart() {
        long first = order(DESK, "ORD-1");
        apply(CommandType.EXECUTION, DESK, cancelled(first));
        byte[] ended = engine.stateDigest();
        Engine fresh = new Engine(SETTINGS, new MemoryLog(), SnapshotSink.NONE);
        engine.state().copyTo(fresh);
        assertArrayEquals(ended, fresh.stateDigest());
        engine = fresh;

        apply(
                CommandType.EXECUTION,
                DESK,
                commands.execution(++requestId, first, 2, ExecutionKind.REPLACED, 0, 0, QUANTITY));

        assertEquals(ReasonCode.EXTERNAL_ID_IN_USE, apply(CommandType.ORDER, DESK, ask("ORD-1")));
    }

    @Test
    void shouldTakeAnyNumberOfOrdersWithoutAnExternalId() {
        order(DESK, "");
        order(DESK, "");
    }

    @Test
    void shouldLeaveTheIdFreeWhenItsOrderWasRefused() {
        assertEquals(ReasonCode.BUDGET_EXHAUSTED, apply(CommandType.ORDER, DESK, dear("ORD-1")));

        order(DESK, "ORD-1");
    }

    @Test
    void shouldKeepExternalIdsInStateAndDigest() {
        long first = order(DESK, "ORD-1");
        byte[] withId = engine.stateDigest();
        Engine fresh = new Engine(SETTINGS, new MemoryLog(), SnapshotSink.NONE);
        engine.state().copyTo(fresh);
        assertArrayEquals(withId, fresh.stateDigest());

        engine = fresh;

        assertEquals(ReasonCode.EXTERNAL_ID_IN_USE, apply(CommandType.ORDER, DESK, ask("ORD-1")));
        apply(CommandType.EXECUTION, DESK, cancelled(first));
        order(DESK, "ORD-1");
    }

    @Test
    void shouldTakeAnIdAgainAndAgainWhereTheSettingIsOff() {
        begin(new EngineSettings(
                1,
                SETTINGS.valueThresholdMicros(),
                64,
                400,
                100,
                250,
                100,
                256,
                100_000_000L,
                false,
                false,
                SETTINGS.bounds(),
                new byte[32]));

        order(DESK, "ORD-1");
        order(DESK, "ORD-1");
    }

    @Test
    void shouldReleaseTheHoldOfAnOrderAndBookALateFillOfIt() {
        long order = order(DESK, "ORD-1");
        apply(CommandType.PRINCIPAL, 0, commands.principal(DESK, Role.NONE, AccountScope.ALL));

        assertEquals(ReasonCode.APPLIED, apply(CommandType.HOLD, RISK, writeOff(order)));

        assertEquals(Verdict.NO_HOLD, event.verdict().holdId());
        assertEquals(GRANTED_MICROS, event.budget().balance().availableMicros());
        assertEquals(0, event.budget().balance().openOrders());
        assertEquals(ReasonCode.HOLD_UNKNOWN, apply(CommandType.HOLD, RISK, writeOff(order)));
        assertEquals(
                ReasonCode.APPLIED,
                apply(
                        CommandType.EXECUTION,
                        OTHER,
                        commands.execution(++requestId, order, 1, ExecutionKind.FILL, QUANTITY, VALUE_MICROS, 0)));
        assertEquals(VALUE_MICROS + FEE_MICROS, event.budget().balance().committedMicros());
        assertEquals(0, event.budget().balance().reservedMicros());
        engine.stateDigest(); // Throws when open quantities do not add up.
    }

    @Test
    void shouldReleaseTheHoldOfACall() {
        apply(
                CommandType.ADMISSION,
                DESK,
                commands.admission(++requestId, ACCOUNT, 2, Substitution.ALLOWED, VALUE_MICROS));
        long hold = event.verdict().holdId();

        assertEquals(ReasonCode.APPLIED, apply(CommandType.HOLD, RISK, writeOff(hold)));

        assertEquals(GRANTED_MICROS, event.budget().balance().availableMicros());
    }

    @Test
    void shouldTakeAWriteOffFromRiskAndOperatorOfTheAccountAlone() {
        long order = order(DESK, "ORD-1");

        assertEquals(ReasonCode.ROLE_NOT_PERMITTED, apply(CommandType.HOLD, DESK, writeOff(order)));
        assertEquals(ReasonCode.HOLD_NOT_PERMITTED, apply(CommandType.HOLD, NARROW_OPERATOR, writeOff(order)));
        assertEquals(ReasonCode.APPLIED, apply(CommandType.HOLD, RISK, writeOff(order)));
    }

    private byte[] ask(String externalId) {
        return commands.order(++requestId, ACCOUNT, externalId, QUANTITY);
    }

    private byte[] dear(String externalId) {
        byte[] bytes = ask(externalId);
        new OrderRequestEncoder()
                .wrap(new UnsafeBuffer(bytes), MessageHeaderEncoder.ENCODED_LENGTH)
                .exposureMicros(2 * GRANTED_MICROS);
        return bytes;
    }

    private byte[] cancelled(long order) {
        return commands.execution(++requestId, order, 1, ExecutionKind.CANCELLED, 0, 0, 0);
    }

    private byte[] writeOff(long hold) {
        return commands.writeOff(++requestId, hold, "desk closed");
    }

    private long order(int principalId, String externalId) {
        apply(CommandType.ORDER, principalId, ask(externalId));
        assertTrue(
                event.verdict().isAdmitted(),
                () -> externalId + ": " + event.verdict().reason());
        return event.verdict().holdId();
    }

    private ReasonCode apply(CommandType type, int principalId, byte[] message) {
        long sequence = engine.lastSequence() + 1;
        new StampedCommand(type, sequence, sequence, principalId, principalId, message, null).acceptInto(event);
        engine.apply(event);
        return event.verdict().reason();
    }
}
