package io.ringfence.gateway.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.Ringfence;
import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.counters.CountersFile.AccountFigure;
import io.ringfence.gateway.counters.CountersView;
import io.ringfence.gateway.counters.EngineCounter;
import io.ringfence.gateway.replay.Replay;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.FactCommandEncoder;
import io.ringfence.schemas.FactVerb;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.SettleKind;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.Substitution;
import io.ringfence.schemas.TimeInForce;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Facts that come late, twice, or about nothing that is known, through a running server and its restarts. */
@Tag("system")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LateFactsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long MINE = 1;
    private static final long OTHERS = 2;
    private static final long SCARCE = 3;
    private static final long UNIT = 100_000_000;
    private static final long PRICE_MICROS = 1_000_000;
    private static final int QUOTA = 64;

    @TempDir
    Path directory;

    private ServerFiles files;
    private RingfenceClient client;
    private RingfenceClient person;

    @BeforeEach
    void writeFiles() throws IOException {
        files = ServerFiles.write(directory, "compact", "memory");
        String config = Files.readString(files.config());
        Files.writeString(
                files.config(),
                config.replace("tick_interval: 20ms", "tick_interval: 20ms\n  facts_per_account: " + QUOTA));
    }

    @Test
    void shouldKeepADesksFactsThroughTheTrafficOfAnotherAndThroughRestarts() throws Exception {
        long[] order = new long[1];
        serve(() -> {
            order[0] = admitted(order(MINE, 2));
            assertReason(ReasonCode.APPLIED, fill(order[0], 1, PRICE_MICROS, UNIT));
            assertReason(ReasonCode.APPLIED, end(order[0], 2));
            for (int i = 0; i < 4 * QUOTA; i++) {
                assertReason(ReasonCode.APPLIED, end(admitted(order(OTHERS, 1)), 1));
            }
            assertReason(ReasonCode.EXECUTION_DUPLICATE, fill(order[0], 1, PRICE_MICROS, UNIT));
            assertReason(ReasonCode.APPLIED, fill(order[0], 3, PRICE_MICROS, 0));
        });
        serve(() -> {
            assertReason(ReasonCode.EXECUTION_DUPLICATE, fill(order[0], 1, PRICE_MICROS, UNIT));
            assertReason(ReasonCode.EXECUTION_DUPLICATE, fill(order[0], 3, PRICE_MICROS, 0));
            for (int i = 0; i < QUOTA; i++) {
                end(admitted(order(MINE, 1)), 1); // Now its own: the order is forgotten.
            }
            assertReason(ReasonCode.FACT_OUTSTANDING, named(order[0], 1, MINE));
            assertReason(ReasonCode.ACCOUNT_OUTSTANDING, order(MINE, 1));
            assertTrue(order(OTHERS, 1).isAdmitted());
        });
        assertReplays();
    }

    @Test
    void shouldBlockUntilAPersonBooksOrDropsAlsoAfterARestart() throws Exception {
        long[] facts = new long[3];
        long[] order = new long[1];
        serve(() -> {
            order[0] = admitted(order(MINE, 2));
            long call = admitted(call());
            facts[0] = outstanding(fill(order[0], 1, -5, UNIT), MINE);
            assertReason(ReasonCode.ACCOUNT_OUTSTANDING, call());
            assertReason(ReasonCode.APPLIED, settle(call, SettleKind.RELEASE, 0));
            assertReason(ReasonCode.APPLIED, settle(call, SettleKind.COMMIT_FINAL, 700));
            facts[1] = outstanding(settle(call, SettleKind.COMMIT_FINAL, 700), MINE);
            facts[2] = outstanding(fill(1L << 40, 1, PRICE_MICROS, 0), -1);
        });
        try (CountersView counters = CountersView.open(files.counters())) {
            assertEquals(2, counters.accounts().get(MINE).get(AccountFigure.OUTSTANDING_FACTS));
            assertEquals(3, counters.engine().get(EngineCounter.OUTSTANDING_FACTS));
            assertEquals(1, counters.engine().get(EngineCounter.UNOWNED_FACTS));
        }
        serve(() -> {
            assertReason(ReasonCode.EXECUTION_DUPLICATE, fill(order[0], 1, PRICE_MICROS, UNIT));
            assertReason(ReasonCode.APPLIED, settleFact(FactVerb.BOOK, facts[0], 900, UNIT));
            assertReason(ReasonCode.ACCOUNT_OUTSTANDING, order(MINE, 1));
            assertReason(ReasonCode.APPLIED, settleFact(FactVerb.DROP, facts[1], 0, 0));
            assertReason(ReasonCode.FACT_UNKNOWN, settleFact(FactVerb.DROP, facts[1], 0, 0));
            assertReason(ReasonCode.APPLIED, settleFact(FactVerb.BOOK, facts[2], 100, UNIT));
            assertTrue(order(MINE, 1).isAdmitted());
            awaitNoOutstandingFacts();
        });
        try (CountersView counters = CountersView.open(files.counters())) {
            assertEquals(700 + 900 + 100, counters.accounts().get(MINE).get(AccountFigure.COMMITTED_MICROS));
            assertEquals(0, counters.engine().get(EngineCounter.OUTSTANDING_FACTS));
        }
        assertReplays();
    }

    @Test
    void shouldBookAnOrderThatWasRejectedAndSentAllTheSame() throws Exception {
        long[] order = new long[1];
        serve(() -> {
            Answer rejected = order(SCARCE, 3_000);
            order[0] = rejected.decision().sequence();
            assertReason(ReasonCode.BUDGET_EXHAUSTED, rejected);
            assertReason(ReasonCode.APPLIED, named(order[0], 1, SCARCE));
        });
        serve(() -> assertReason(ReasonCode.EXECUTION_DUPLICATE, fill(order[0], 1, PRICE_MICROS, 0)));
        try (CountersView counters = CountersView.open(files.counters())) {
            assertEquals(PRICE_MICROS, counters.accounts().get(SCARCE).get(AccountFigure.COMMITTED_MICROS));
        }
        assertReplays();
    }

    /** Facts without an account are told by the next tick. */
    private void awaitNoOutstandingFacts() throws IOException {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        try (CountersView counters = CountersView.open(files.counters())) {
            while (counters.engine().get(EngineCounter.OUTSTANDING_FACTS) != 0 && System.nanoTime() - deadlineNs < 0) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        }
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    private void serve(Work work) throws Exception {
        try (Ringfence ringfence = Ringfence.start(ServerConfig.read(files.config()));
                RingfenceClient trader = files.connect(ServerFiles.CLIENT);
                RingfenceClient operator = files.connect(ServerFiles.OPERATOR)) {
            client = trader;
            person = operator;
            work.run();
            assertFalse(ringfence.hasEnded());
        }
    }

    /** From record 1 to the same state as the snapshots of the stops. */
    private void assertReplays() throws IOException {
        Replay.Report replayed = Replay.run(files.data());
        assertTrue(replayed.isOk(), replayed.firstDifference());
        assertEquals(replayed.liveStateDigest(), replayed.stateDigest());
    }

    private Answer order(long account, long units) throws IOException {
        client.order()
                .accountId(account)
                .useCase((short) 1)
                .substitution(Substitution.ALLOWED)
                .businessValueMicros(5_000_000)
                .side(Side.BUY)
                .orderType(OrderType.LIMIT)
                .timeInForce(TimeInForce.DAY)
                .quantity(units * UNIT)
                .limitPriceMicros(PRICE_MICROS);
        return client.ask(PATIENCE);
    }

    private Answer call() throws IOException {
        client.admission()
                .accountId(MINE)
                .useCase((short) 1)
                .substitution(Substitution.ALLOWED)
                .businessValueMicros(5_000_000)
                .inputUnits(1_000);
        return client.ask(PATIENCE);
    }

    private Answer fill(long hold, long execution, long priceMicros, long leaves) throws IOException {
        client.execution()
                .holdId(hold)
                .executionId(execution)
                .kind(ExecutionKind.FILL)
                .quantity(UNIT)
                .priceMicros(priceMicros)
                .leavesQuantity(leaves);
        return client.ask(PATIENCE);
    }

    /** A fill that names its account, should its order not be known. */
    private Answer named(long hold, long execution, long account) throws IOException {
        client.execution()
                .holdId(hold)
                .executionId(execution)
                .accountId(account)
                .kind(ExecutionKind.FILL)
                .quantity(UNIT)
                .priceMicros(PRICE_MICROS)
                .instrumentId(0)
                .side(Side.BUY);
        return client.ask(PATIENCE);
    }

    private Answer end(long hold, long execution) throws IOException {
        client.execution().holdId(hold).executionId(execution).kind(ExecutionKind.CANCELLED);
        return client.ask(PATIENCE);
    }

    private Answer settle(long hold, SettleKind kind, long amountMicros) throws IOException {
        client.settle().holdId(hold).kind(kind).amountMicros(amountMicros);
        return client.ask(PATIENCE);
    }

    private Answer settleFact(FactVerb verb, long fact, long chargeMicros, long quantity) throws IOException {
        person.fact()
                .accountId(MINE)
                .firstSequence(fact)
                .lastSequence(fact)
                .count(1)
                .chargeMicros(chargeMicros)
                .quantity(quantity)
                .instrumentId(quantity == 0 ? FactCommandEncoder.instrumentIdNullValue() : 0)
                .verb(verb)
                .justification("looked into");
        return person.ask(PATIENCE);
    }

    private static long admitted(Answer answer) {
        assertTrue(answer.isAdmitted(), () -> "must be admitted: " + answer.reason());
        return answer.decision().sequence();
    }

    private static long outstanding(Answer answer, long account) {
        assertReason(ReasonCode.FACT_OUTSTANDING, answer);
        assertEquals(account, answer.decision().controlAccountId());
        return answer.decision().sequence();
    }

    private static void assertReason(ReasonCode expected, Answer answer) {
        assertEquals(expected, answer.reason());
    }
}
