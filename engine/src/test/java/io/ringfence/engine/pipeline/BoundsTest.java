package io.ringfence.engine.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringfence.engine.bounds.Bounds;
import io.ringfence.engine.command.CommandType;
import io.ringfence.schemas.AccountScope;
import io.ringfence.schemas.AccountVerb;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.PolicySection;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Role;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.Substitution;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is beyond a bound of the settings is refused with a code, touches nobody else, and is free again once something ends. */
class BoundsTest {
    private static final int POLICY_BYTES = 4_096;
    private static final EngineSettings SETTINGS = settings(new Bounds(3, 2, 2, 2, POLICY_BYTES));
    private static final int DESK = 11;
    private static final int OTHER = 12;
    private static final long ONE = 1;
    private static final long TWO = 2;
    private static final long QUANTITY = 100_000_000L;
    private static final long PRICE_MICROS = 25_000_000L;

    private final Commands commands = new Commands();
    private final DecisionEvent event = new DecisionEvent();
    private Engine engine = new Engine(SETTINGS, new MemoryLog(), SnapshotSink.NONE);
    private long sequence;
    private long requestId;

    private static EngineSettings settings(Bounds bounds) {
        return new EngineSettings(
                1, 1_000_000L, 64, 400, 100, 250, 100, 256, 100_000_000L, false, true, bounds, new byte[32]);
    }

    @BeforeEach
    void beginJournal() {
        apply(CommandType.SETTINGS, 0, SETTINGS.encode());
        List<byte[]> policy = commands.policy(1);
        for (byte[] part : policy.subList(0, 4)) {
            apply(CommandType.POLICY_PART, 0, part);
        }
        apply(CommandType.POLICY_ACTIVATE, 0, policy.get(4));
        apply(CommandType.ACCOUNT, 0, commands.account(ONE, AccountVerb.OPEN, 1_000_000_000L));
        apply(CommandType.ACCOUNT, 0, commands.account(TWO, AccountVerb.OPEN, 1_000_000_000L));
        apply(CommandType.PRINCIPAL, 0, commands.principal(DESK, Role.TRADER, AccountScope.ALL));
    }

    @Test
    void shouldRefuseAHoldBeyondTheBoundOfItsAccountAlone() {
        admission(ONE);
        long order = order(ONE);

        assertEquals(ReasonCode.HOLDS_AT_BOUND, refused(CommandType.ADMISSION, ask(ONE)));
        assertEquals(ReasonCode.HOLDS_AT_BOUND, refused(CommandType.ORDER, buy(ONE)));
        admission(TWO);
        apply(CommandType.EXECUTION, DESK, end(order));
        order(ONE);
    }

    @Test
    void shouldCountTheSameAfterARestore() {
        admission(ONE);
        order(ONE);
        Engine fresh = new Engine(SETTINGS, new MemoryLog(), SnapshotSink.NONE);
        engine.state().copyTo(fresh);
        assertArrayEquals(engine.stateDigest(), fresh.stateDigest());

        engine = fresh;

        assertEquals(ReasonCode.HOLDS_AT_BOUND, refused(CommandType.ORDER, buy(ONE)));
    }

    @Test
    void shouldRefuseAnAccountBeyondTheBound() {
        assertEquals(ReasonCode.APPLIED, apply(CommandType.ACCOUNT, 0, commands.account(3, AccountVerb.OPEN, 1)));

        assertEquals(ReasonCode.BOUND_REACHED, apply(CommandType.ACCOUNT, 0, commands.account(4, AccountVerb.OPEN, 1)));
        assertEquals(
                ReasonCode.ACCOUNT_EXISTS, apply(CommandType.ACCOUNT, 0, commands.account(3, AccountVerb.OPEN, 1)));
    }

    /** One that lost its role keeps its place, for its requests are still remembered. */
    @Test
    void shouldRefuseAPrincipalBeyondTheBound() {
        admission(ONE);
        apply(CommandType.PRINCIPAL, 0, commands.principal(DESK, Role.NONE, AccountScope.ALL));
        apply(CommandType.PRINCIPAL, 0, commands.principal(OTHER, Role.TRADER, AccountScope.ALL));

        assertEquals(
                ReasonCode.BOUND_REACHED,
                apply(CommandType.PRINCIPAL, 0, commands.principal(13, Role.TRADER, AccountScope.ALL)));
        assertEquals(
                ReasonCode.APPLIED,
                apply(CommandType.PRINCIPAL, 0, commands.principal(DESK, Role.TRADER, AccountScope.ALL)));
    }

    @Test
    void shouldRefuseAPolicyThatIsTooLongAndKeepTheOneInForce() {
        byte[] half = new byte[POLICY_BYTES / 2 + 1];

        assertEquals(ReasonCode.APPLIED, apply(CommandType.POLICY_PART, 0, part(PolicySection.NAMES, half)));
        assertEquals(ReasonCode.BOUND_REACHED, apply(CommandType.POLICY_PART, 0, part(PolicySection.SOURCE, half)));
        assertEquals(ReasonCode.APPLIED, apply(CommandType.POLICY_PART, 0, part(PolicySection.NAMES, half)));
        assertEquals(1, engine.policy().epoch());
    }

    private byte[] part(PolicySection section, byte[] content) {
        return commands.part(9, section, content);
    }

    private byte[] ask(long accountId) {
        return commands.admission(++requestId, accountId, 2, Substitution.ALLOWED, 1_000_000L);
    }

    private byte[] buy(long accountId) {
        return commands.order(++requestId, accountId, 2, Side.BUY, QUANTITY, PRICE_MICROS);
    }

    private byte[] end(long order) {
        return commands.execution(++requestId, order, 1, ExecutionKind.CANCELLED, 0, 0, 0);
    }

    private void admission(long accountId) {
        apply(CommandType.ADMISSION, DESK, ask(accountId));
        assertEquals(sequence, event.verdict().holdId());
    }

    private long order(long accountId) {
        apply(CommandType.ORDER, DESK, buy(accountId));
        assertEquals(sequence, event.verdict().holdId());
        return sequence;
    }

    private ReasonCode refused(CommandType type, byte[] message) {
        ReasonCode reason = apply(type, DESK, message);
        assertEquals(Verdict.NO_HOLD, event.verdict().holdId());
        return reason;
    }

    private ReasonCode apply(CommandType type, int principalId, byte[] message) {
        sequence++;
        new StampedCommand(type, sequence, sequence, principalId, principalId, message, null).acceptInto(event);
        engine.apply(event);
        return event.verdict().reason();
    }
}
