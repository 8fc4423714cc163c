package io.ringfence.engine.pipeline;

import static io.ringfence.engine.pipeline.GuardedEngine.TRADER;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.command.CommandType;
import io.ringfence.schemas.AccountLimit;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OrderRequestEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.Substitution;
import io.ringfence.schemas.Tristate;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What ARCHITECTURE says of requests that were not admitted, or were repeated: what they teach, and what statistics count of them. */
class WhatTeachesTest {
    private static final long UNKNOWN_ACCOUNT = 77;
    private static final int NO_USE_CASE = 9;
    private static final int FLOOR = 1_000;
    private static final int FLOOR_THAT_NOTHING_REACHES = 9_900;

    private final GuardedEngine engine = new GuardedEngine(new Commands().policy(1));
    private byte[] regime;
    private byte[] bandit;
    private byte[] selection;

    @BeforeEach
    void learnSomething() {
        for (int i = 0; i < 10; i++) {
            engine.outcome(engine.order(FLOOR), Tristate.YES);
        }
        note();
    }

    @Test
    void shouldCountAndTeachNothingOfWhatIntakeRefuses() {
        engine.apply(CommandType.ORDER, TRADER, order(UNKNOWN_ACCOUNT, 2));
        assertEquals(ReasonCode.ACCOUNT_UNKNOWN, engine.event.verdict().reason());
        long refused = engine.event.sequence();
        engine.apply(CommandType.ORDER, TRADER, order(1, NO_USE_CASE));
        assertEquals(ReasonCode.USE_CASE_UNKNOWN, engine.event.verdict().reason());
        engine.apply(CommandType.ORDER, GuardedEngine.OPERATOR, order(1, 2));
        assertEquals(ReasonCode.ROLE_NOT_PERMITTED, engine.event.verdict().reason());

        requireUnchanged(true);
        assertTrue(engine.outcome(refused, Tristate.YES) == ReasonCode.DECISION_NOT_PERMITTED
                || engine.event.verdict().reason() == ReasonCode.ACTED_ON_REJECTION);
        requireUnchanged(true);
    }

    @Test
    void shouldCountAndTeachNothingOfARepeatedRequest() {
        byte[] order = order(1, 2);
        engine.apply(CommandType.ORDER, TRADER, order);
        note();

        engine.apply(CommandType.ORDER, TRADER, order);
        assertTrue(engine.event.isDuplicate());
        byte[] changed = order.clone();
        changed[MessageHeaderEncoder.ENCODED_LENGTH + OrderRequestEncoder.quantityEncodingOffset()] ^= 1;
        engine.apply(CommandType.ORDER, TRADER, changed);
        assertEquals(ReasonCode.REQUEST_ID_REUSED, engine.event.verdict().reason());

        requireUnchanged(true);
    }

    /** A request that the kernel, a control or the budget refuses was a real one: statistics count it, but nothing acted. */
    @Test
    void shouldCountWhatALaterStageRefusesAndTeachNothingOfIt() {
        engine.order(FLOOR_THAT_NOTHING_REACHES);
        assertFalse(engine.event.verdict().isAdmitted());
        requireActedOnRejection();
        byte[] afterKernel = engine.state(Engine.REGIME);
        assertFalse(Arrays.equals(regime, afterKernel), "counted");

        engine.apply(CommandType.ACCOUNT, 0, engine.commands.limit(1, AccountLimit.MAX_BUY_QUANTITY, 1));
        engine.order(FLOOR);
        assertEquals(ReasonCode.ORDER_QUANTITY_LIMIT, engine.event.verdict().reason());
        requireActedOnRejection();
        assertFalse(Arrays.equals(afterKernel, engine.state(Engine.REGIME)), "counted");

        requireUnchanged(false);
    }

    @Test
    void shouldTeachNothingByOutcomesThatAreRepeatedOrOfWhatWasNotDone() {
        long decision = engine.order(FLOOR);
        byte[] abandoned = engine.commands.outcome(++engine.requestId, decision, Disposition.ABANDONED, Tristate.NO);
        note();
        engine.apply(CommandType.OUTCOME, TRADER, abandoned, engine.factsOf(decision));
        assertEquals(ReasonCode.OUTCOME_WITHOUT_LESSON, engine.event.verdict().reason());
        requireUnchanged(true);

        byte[] outcome = engine.commands.outcome(++engine.requestId, decision, Disposition.APPLIED, Tristate.YES);
        engine.apply(CommandType.OUTCOME, TRADER, outcome, engine.factsOf(decision));
        assertEquals(ReasonCode.APPLIED, engine.event.verdict().reason());
        note();
        engine.apply(CommandType.OUTCOME, TRADER, outcome, engine.factsOf(decision));
        assertTrue(engine.event.isDuplicate());
        assertEquals(ReasonCode.OUTCOME_REPEATED, engine.outcome(decision, Tristate.YES));
        requireUnchanged(true);
    }

    private void requireActedOnRejection() {
        assertEquals(ReasonCode.ACTED_ON_REJECTION, engine.outcome(engine.event.sequence(), Tristate.YES));
    }

    private byte[] order(long accountId, int useCase) {
        byte[] order = engine.commands.order(++engine.requestId, accountId, 1, Side.BUY, 100_000_000L, 25_000_000L);
        new OrderRequestEncoder()
                .wrap(new UnsafeBuffer(order), MessageHeaderEncoder.ENCODED_LENGTH)
                .useCase((short) useCase)
                .substitution(Substitution.ALLOWED);
        return order;
    }

    private void note() {
        regime = engine.state(Engine.REGIME);
        bandit = engine.state(Engine.BANDIT);
        selection = engine.state(Engine.SELECTION);
    }

    private void requireUnchanged(boolean isRegimeToo) {
        assertArrayEquals(bandit, engine.state(Engine.BANDIT), "tiers");
        assertArrayEquals(selection, engine.state(Engine.SELECTION), "candidates");
        if (isRegimeToo) {
            assertArrayEquals(regime, engine.state(Engine.REGIME), "statistics");
        }
    }
}
