package io.ringfence.gateway.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.pipeline.PipelineMode;
import io.ringfence.gateway.answers.AnswerEncoder;
import io.ringfence.gateway.answers.PastAnswers.LookUp;
import io.ringfence.gateway.answers.PastAnswers.PastQuestion;
import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.LogonRefusedException;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.counters.CountersFile.AccountFigure;
import io.ringfence.gateway.counters.CountersFile.PositionFigure;
import io.ringfence.gateway.counters.CountersView;
import io.ringfence.gateway.counters.EngineCounter;
import io.ringfence.gateway.frame.Frames;
import io.ringfence.gateway.server.RawClient.Reply;
import io.ringfence.gateway.server.TestGateway.Options;
import io.ringfence.limit.Deadline;
import io.ringfence.schemas.AccountVerb;
import io.ringfence.schemas.Action;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.Durability;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.PolicySection;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RefusedDecoder;
import io.ringfence.schemas.SettleKind;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.Tristate;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("system")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class GatewayTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(
            value = PipelineMode.class,
            names = {"COMPACT", "SHARED", "DEDICATED"})
    void shouldAnswerInEveryMode(PipelineMode mode) throws IOException {
        try (TestGateway gateway = start(Options.defaults().withMode(mode));
                RingfenceClient client = RingfenceClient.connect(gateway.client(TestGateway.CLIENT))) {
            Answer admitted = askAdmission(client, 500);
            Answer tooMuch = askAdmission(client, TestGateway.GRANTED_MICROS);

            assertTrue(admitted.isAdmitted());
            assertEquals(1, admitted.clientRequestId());
            assertEquals(admitted.decision().sequence(), admitted.decision().holdId());
            assertFalse(tooMuch.isAdmitted());
            assertEquals(Action.REJECT, tooMuch.decision().action());
            assertEquals(ReasonCode.BUDGET_EXHAUSTED, tooMuch.reason());
            assertEquals(TestGateway.GRANTED_MICROS, tooMuch.decision().controlLimit());
        }
    }

    @Test
    void shouldServeByAMonotonicClockThatIsNegative() throws IOException {
        long originNs = System.nanoTime() + TimeUnit.HOURS.toNanos(1);
        try (TestGateway gateway = start(Options.defaults().withClock(() -> System.nanoTime() - originNs));
                RingfenceClient client = RingfenceClient.connect(gateway.client(TestGateway.CLIENT))) {
            assertTrue(askAdmission(client, 500).isAdmitted());
        }
    }

    @Test
    void shouldSayWhatTheEngineDecided() throws IOException {
        try (TestGateway gateway = start(Options.defaults());
                RingfenceClient client = RingfenceClient.connect(gateway.client(TestGateway.CLIENT))) {
            Answer answer = askAdmission(client, 500);

            byte[] entryHash = new byte[32];
            answer.decision().getEntryHash(entryHash, 0, 32);
            assertEquals(answer.decision().sequence(), entryHash[0]);
            assertEquals(Tristate.NO, answer.decision().isDuplicate());
            assertEquals(Tristate.YES, answer.decision().holdStands());
            assertTrue(answer.decision().actedCandidateId() > 0);
            assertTrue(answer.decision().costMicros() > 0);
            assertEquals(
                    TestGateway.GRANTED_MICROS - answer.decision().heldMicros(),
                    answer.decision().remainingMicros());
        }
    }

    @Test
    void shouldKeepAHoldWithoutTimeToLiveOverTicks() throws IOException {
        try (TestGateway gateway = start(Options.defaults());
                RingfenceClient client = RingfenceClient.connect(gateway.client(TestGateway.CLIENT))) {
            Answer first = askAdmission(client, 500);
            long appended = gateway.journal.appended();
            RawClient.await(() -> gateway.journal.appended() > appended + 2);

            Answer second = askAdmission(client, TestGateway.GRANTED_MICROS);

            assertEquals(ReasonCode.BUDGET_EXHAUSTED, second.reason());
            assertTrue(askAdmission(client, 500, first.clientRequestId()).isAdmitted());
        }
    }

    @Test
    void shouldSayThatAHoldEndedByTime() throws IOException {
        try (TestGateway gateway = start(Options.defaults());
                RingfenceClient client = RingfenceClient.connect(gateway.client(TestGateway.CLIENT))) {
            admissionFor(client, 4_711, 1);
            Answer first = ask(client);
            long appended = gateway.journal.appended();
            RawClient.await(() -> gateway.journal.appended() > appended + 2);

            admissionFor(client, 4_711, 1);
            Answer later = ask(client);

            assertTrue(first.isAdmitted());
            assertEquals(Tristate.NO, later.decision().holdStands());
            assertFalse(later.isAdmitted());
        }
    }

    private static void admissionFor(RingfenceClient client, long clientRequestId, long timeToLiveNs) {
        client.admission()
                .clientRequestId(clientRequestId)
                .accountId(TestGateway.ACCOUNT)
                .useCase((short) 1)
                .inputUnits(1_000)
                .timeToLiveNs(timeToLiveNs);
    }

    @Test
    void shouldRepeatTheFirstAnswerAndSayWhetherItsHoldStands() throws IOException {
        try (TestGateway gateway = start(Options.defaults());
                RingfenceClient client = RingfenceClient.connect(gateway.client(TestGateway.CLIENT))) {
            Answer first = askAdmission(client, 500);

            Answer standing = askAdmission(client, 500, first.clientRequestId());
            client.settle().holdId(first.decision().holdId()).kind(SettleKind.RELEASE);
            Answer released = ask(client);
            Answer ended = askAdmission(client, 500, first.clientRequestId());

            assertEquals(Tristate.YES, standing.decision().isDuplicate());
            assertTrue(standing.isAdmitted());
            assertSameDecision(first, standing);
            assertTrue(released.isApplied());
            assertSameDecision(first, ended);
            assertEquals(Tristate.NO, ended.decision().holdStands());
            assertFalse(ended.isAdmitted());
        }
    }

    @Test
    void shouldGoOnAfterARequestIdAtItsEnd() throws IOException {
        try (TestGateway gateway = start(Options.defaults());
                RawClient client = new RawClient(gateway)) {
            client.logOn(TestGateway.CLIENT);

            Reply first = client.ask(1);
            Reply beyond = client.ask(Long.MAX_VALUE);
            Reply tooFar = client.ask(1L << 62);

            assertEquals(RefusedDecoder.TEMPLATE_ID, beyond.templateId());
            assertEquals(ReasonCode.FIELD_INVALID, beyond.reason());
            assertEquals(AdmissionDecisionDecoder.TEMPLATE_ID, tooFar.templateId());
            assertEquals(ReasonCode.REQUEST_ID_TOO_FAR, tooFar.reason());
            assertEquals(first.reason(), client.ask(2).reason());
            client.send(Frames.logout(), 5, client.replySequence(), 0);
            RawClient.await(() -> !client.isAnswered());
            assertEquals(2, client.logOn(TestGateway.CLIENT).value(), "the highest id that was taken");
        }
    }

    @Test
    void shouldGiveNoTwoSessionsThatStandOneName() {
        try (TestGateway gateway = start(Options.defaults().withOrder(GatewayTest::withNamesThatComeRound));
                RawClient first = new RawClient(gateway);
                RawClient second = new RawClient(gateway)) {
            assertEquals(ReasonCode.NONE, first.logOn(TestGateway.CLIENT).reason());
            assertEquals(ReasonCode.NONE, second.logOn(TestGateway.OTHER_CLIENT).reason());

            Reply ofFirst = first.ask(1);
            Reply ofSecond = second.ask(2);

            assertEquals(1, ofFirst.clientRequestId());
            assertEquals(2, ofSecond.clientRequestId());
        }
    }

    /** As after 2^32 commands: the name that is next is a standing session's, and only some time later another. */
    private static Sequencer withNamesThatComeRound(Sequencer inner) {
        AtomicLong calls = new AtomicLong();
        return (Sequencer) Proxy.newProxyInstance(
                Sequencer.class.getClassLoader(), new Class<?>[] {Sequencer.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("nextName")) {
                        return calls.incrementAndGet() < 4 ? 77 : 78;
                    }
                    return method.invoke(inner, arguments);
                });
    }

    @Test
    void shouldKeepTheFirstAnswerWhenAnIdIsUsedAgain() throws IOException {
        try (TestGateway gateway = start(Options.defaults());
                RingfenceClient client = RingfenceClient.connect(gateway.client(TestGateway.CLIENT))) {
            Answer first = askAdmission(client, 500);

            Answer reused = askAdmission(client, 501, first.clientRequestId());
            Answer again = askAdmission(client, 500, first.clientRequestId());

            assertEquals(ReasonCode.REQUEST_ID_REUSED, reused.reason());
            assertFalse(reused.isAdmitted());
            assertSameDecision(first, again);
        }
    }

    @Test
    void shouldAnswerAQueryFromMemory() throws IOException {
        try (TestGateway gateway = start(Options.defaults());
                RingfenceClient client = RingfenceClient.connect(gateway.client(TestGateway.CLIENT))) {
            Answer first = askAdmission(client, 500);

            client.query(first.clientRequestId());
            Answer known = ask(client);
            client.query(77);
            Answer unknown = ask(client);

            assertSameDecision(first, known);
            assertEquals(Tristate.YES, known.decision().isDuplicate());
            assertEquals(Tristate.UNKNOWN, known.decision().holdStands(), "only the request itself, sent again, tells");
            assertFalse(known.isAdmitted());
            assertEquals(ReasonCode.REQUEST_ID_UNKNOWN, unknown.reason());
            assertEquals(77, unknown.refusal().value());
        }
    }

    @Test
    void shouldFollowAnOrderToItsEnd() throws IOException {
        try (TestGateway gateway = start(Options.defaults());
                RingfenceClient client = RingfenceClient.connect(gateway.client(TestGateway.CLIENT))) {
            Answer order = askOrder(client, 300_000_000, 2_000_000);
            client.replace()
                    .holdId(order.decision().holdId())
                    .orderQuantity(400_000_000)
                    .limitPriceMicros(2_000_000);
            Answer replace = ask(client);
            Answer part = fill(client, order, 1, 100_000_000, 300_000_000);
            Answer last = fill(client, order, 2, 300_000_000, 0);
            Answer again = askOrder(client, 300_000_000, 2_000_000, order.clientRequestId());
            client.query(replace.clientRequestId());
            Answer replaceAgain = ask(client);

            assertTrue(order.isAdmitted());
            assertEquals(order.decision().sequence(), replace.decision().holdId());
            assertTrue(replace.isAdmitted());
            assertTrue(part.isApplied());
            assertEquals(order.decision().sequence(), part.decision().holdId());
            assertTrue(last.isApplied());
            assertEquals(Tristate.NO, last.decision().holdStands());
            assertFalse(again.isAdmitted());
            assertFalse(replaceAgain.isAdmitted());
        }
    }

    @Test
    void shouldTakeWhatIsOnlyRecordedAndHoldItToBeOfTheBody() throws IOException {
        try (TestGateway gateway = start(Options.defaults());
                RingfenceClient client = RingfenceClient.connect(gateway.client(TestGateway.CLIENT))) {
            Answer admission = askWithFeatures(client, client.nextRequestId(), 7, 3);
            Answer again = askWithFeatures(client, admission.clientRequestId(), 7, 3);
            Answer otherFeature = askWithFeatures(client, admission.clientRequestId(), 7, 4);
            Answer otherEpisode = askWithFeatures(client, admission.clientRequestId(), 8, 3);
            Answer noFeature = askAdmission(client, 500, admission.clientRequestId());

            assertTrue(admission.isAdmitted());
            assertSameDecision(admission, again);
            assertEquals(ReasonCode.REQUEST_ID_REUSED, otherFeature.reason());
            assertEquals(ReasonCode.REQUEST_ID_REUSED, otherEpisode.reason());
            assertEquals(ReasonCode.REQUEST_ID_REUSED, noFeature.reason());
        }
    }

    @Test
    void shouldTakeAShortSaleAndWhatItsVenueSays() throws IOException {
        try (TestGateway gateway = start(Options.defaults());
                RingfenceClient client = RingfenceClient.connect(gateway.client(TestGateway.CLIENT))) {
            client.order()
                    .accountId(TestGateway.ACCOUNT)
                    .useCase((short) 2)
                    .businessValueMicros(1_000_000_000)
                    .side(Side.SELL)
                    .orderType(OrderType.LIMIT)
                    .quantity(300_000_000)
                    .limitPriceMicros(2_000_000)
                    .strategyId(9)
                    .flags()
                    .sellShort(true);
            Answer order = ask(client);
            long holdId = order.decision().holdId();
            client.execution()
                    .holdId(holdId)
                    .executionId(1)
                    .termsSequence(holdId)
                    .kind(ExecutionKind.FILL)
                    .quantity(100_000_000)
                    .priceMicros(2_000_000)
                    .orderQuantity(300_000_000)
                    .cumulativeQuantity(250_000_000)
                    .leavesQuantity(50_000_000)
                    .accountId(77)
                    .instrumentId(3)
                    .side(Side.BUY);
            Answer fill = ask(client);

            assertTrue(order.isAdmitted());
            assertTrue(fill.isApplied());
            assertEquals(Tristate.YES, fill.decision().holdStands());
            assertEquals(
                    order.decision().heldMicros() - 2_000_000, fill.decision().heldMicros());
        }
    }

    @Test
    void shouldBookARevisionOfWhatIsNotKnownAndCountIt() throws IOException {
        try (TestGateway gateway = start(Options.defaults());
                CountersView counters = gateway.counters();
                RingfenceClient client = RingfenceClient.connect(gateway.client(TestGateway.CLIENT))) {
            Answer order = askOrder(client, 300_000_000, 2_000_000);
            client.execution()
                    .holdId(order.decision().holdId())
                    .executionId(2)
                    .kind(ExecutionKind.BUST)
                    .quantity(100_000_000)
                    .priceMicros(2_000_000)
                    .referenceExecutionId(1);
            Answer bust = ask(client);
            Answer fill = fill(client, order, 1, 100_000_000, 200_000_000);

            assertTrue(bust.isApplied());
            assertEquals(order.decision().remainingMicros(), bust.decision().remainingMicros());
            assertTrue(fill.isApplied());
            RawClient.await(() -> counters.engine().get(EngineCounter.UNMATCHED_REVISIONS) == 1
                    && Long.valueOf(0)
                            .equals(counters.accounts().get(TestGateway.ACCOUNT).get(AccountFigure.COMMITTED_MICROS))
                    && isFlat(counters));
        }
    }

    @Test
    void shouldStampOutcomesWithFactsOrSayWhyNot() throws IOException {
        try (TestGateway gateway = start(Options.defaults());
                RingfenceClient client = RingfenceClient.connect(gateway.client(TestGateway.CLIENT))) {
            Answer admitted = askAdmission(client, 500);
            Answer rejected = askAdmission(client, TestGateway.GRANTED_MICROS);
            long future = rejected.decision().sequence() + 1_000;

            assertTrue(askOutcome(client, admitted.decision().sequence()).isApplied());
            assertEquals(
                    ReasonCode.ACTED_ON_REJECTION,
                    askOutcome(client, rejected.decision().sequence()).reason());
            Answer early = askOutcome(client, future);
            assertEquals(ReasonCode.OUTCOME_TOO_EARLY, early.refusal().reason());
            assertEquals(future, early.refusal().value());
            long noDecision = askOutcome(client, admitted.decision().sequence())
                    .decision()
                    .sequence();
            assertEquals(
                    ReasonCode.FIELD_INVALID,
                    askOutcome(client, noDecision).refusal().reason());
        }
    }

    /** The answer to the first sending lies unread in the stream; meanwhile the hold has ended. */
    @Test
    void shouldNotTakeAnEarlierAnswerForTheAnswerToARequestSentAgain() throws IOException {
        AtomicLong aheadNs = new AtomicLong();
        try (TestGateway gateway = start(Options.defaults()
                        .withTimeout(Duration.ofSeconds(60))
                        .withClock(() -> System.nanoTime() + aheadNs.get()));
                CountersView counters = gateway.counters();
                RingfenceClient client = RingfenceClient.connect(gateway.client(TestGateway.CLIENT))) {
            admissionFor(client, 77, TimeUnit.SECONDS.toNanos(20));
            RawClient.await(() -> client.offer() > 0);
            RawClient.await(() -> counters.engine().get(EngineCounter.DECISIONS) == 1);
            aheadNs.set(TimeUnit.SECONDS.toNanos(21));
            RawClient.await(() -> counters.engine().get(EngineCounter.OPEN_HOLDS) == 0);

            admissionFor(client, 77, TimeUnit.SECONDS.toNanos(20));
            Answer again = client.ask(PATIENCE);

            assertEquals(Tristate.YES, again.decision().isDuplicate());
            assertEquals(Tristate.NO, again.decision().holdStands());
        }
    }

    @Test
    void shouldLetOperatorsAloneCommandAccounts() throws IOException {
        try (TestGateway gateway = start(Options.defaults());
                RingfenceClient client = RingfenceClient.connect(gateway.client(TestGateway.CLIENT));
                RingfenceClient operator = RingfenceClient.connect(gateway.client(TestGateway.OPERATOR))) {
            Answer refused = askAccount(client, AccountVerb.TOP_UP, TestGateway.ACCOUNT, 1);
            Answer opened = askAccount(operator, AccountVerb.OPEN, 42, 5_000);
            Answer openedTwice = askAccount(operator, AccountVerb.OPEN, 42, 5_000);
            Answer toppedUp = askAccount(operator, AccountVerb.TOP_UP, 42, 1_000);

            assertEquals(ReasonCode.NOT_ALLOWED, refused.refusal().reason());
            assertTrue(opened.isApplied());
            assertEquals(ReasonCode.ACCOUNT_EXISTS, openedTwice.reason());
            assertEquals(6_000, toppedUp.decision().remainingMicros());
        }
    }

    @Test
    void shouldRefuseAStranger() {
        try (TestGateway gateway = start(Options.defaults())) {
            LogonRefusedException refused =
                    assertThrows(LogonRefusedException.class, () -> RingfenceClient.connect(gateway.client(66)));

            assertEquals(ReasonCode.PRINCIPAL_UNKNOWN, refused.reason());
        }
    }

    @Test
    void shouldRefuseOneSessionTooMany() throws IOException {
        try (TestGateway gateway = start(Options.defaults());
                RingfenceClient first = RingfenceClient.connect(gateway.client(3));
                RingfenceClient second = RingfenceClient.connect(gateway.client(4));
                RingfenceClient third = RingfenceClient.connect(gateway.client(5))) {
            LogonRefusedException refused = assertThrows(
                    LogonRefusedException.class, () -> RingfenceClient.connect(gateway.client(TestGateway.CLIENT)));

            assertEquals(ReasonCode.SESSIONS_FULL, refused.reason());
            for (RingfenceClient client : List.of(first, second, third)) {
                assertTrue(askAdmission(client, 1).isAdmitted());
            }
        }
    }

    @Test
    void shouldEndTheEarlierSessionOfAPrincipal() throws IOException {
        try (TestGateway gateway = start(Options.defaults());
                RingfenceClient first = RingfenceClient.connect(gateway.client(TestGateway.CLIENT))) {
            Answer answer = askAdmission(first, 500);

            try (RingfenceClient second = RingfenceClient.connect(gateway.client(TestGateway.CLIENT))) {
                RawClient.await(() -> {
                    first.poll(new Tally(), 1);
                    return !first.isConnected();
                });

                assertEquals(RingfenceClient.NOT_CONNECTED, first.offer());
                assertEquals(answer.clientRequestId() + 1, second.nextRequestId());
                assertSameDecision(answer, askAdmission(second, 500, answer.clientRequestId()));
            }
        }
    }

    @Test
    void shouldRefuseWhenTheEngineIsFullOfAdmissionsButTakeACancel() throws IOException {
        AtomicLong frozenNs = new AtomicLong(); // Ticks would take the kept slots.
        AtomicLong clockReads = new AtomicLong();
        NanoClock clock = () -> {
            clockReads.incrementAndGet();
            return frozenNs.get() == 0 ? System.nanoTime() : frozenNs.get();
        };
        try (TestGateway gateway = start(Options.defaults()
                        .withMode(PipelineMode.SHARED)
                        .withRing(16)
                        .withClock(clock));
                RingfenceClient client = RingfenceClient.connect(gateway.client(TestGateway.CLIENT))) {
            Answer order = askOrder(client, 100_000_000, 1_000_000);
            Tally tally = new Tally();
            frozenNs.set(System.nanoTime());
            gateway.journal.hold(true);
            try {
                for (int i = 0; i < 20; i++) {
                    client.admission()
                            .accountId(TestGateway.ACCOUNT)
                            .useCase((short) 1)
                            .inputUnits(1);
                    RawClient.await(() -> client.offer() > 0);
                }
                RawClient.await(
                        () -> client.poll(tally, 10) >= 0 && tally.refused.getOrDefault(ReasonCode.RING_FULL, 0) > 0);
                client.cancel().holdId(order.decision().holdId());
                RawClient.await(() -> client.offer() > 0);
                long turns = clockReads.get();
                RawClient.await(() -> clockReads.get() > turns + 100); // The cancel was polled while the ring was full.
            } finally { // A gateway whose clock stands still would drain for ever.
                gateway.journal.hold(false);
                frozenNs.set(0);
            }

            RawClient.await(() -> client.poll(tally, 10) >= 0 && client.unansweredCount() == 0);
            assertEquals(21, tally.decisions + tally.refused.get(ReasonCode.RING_FULL));
            assertEquals(1, tally.applied);
        }
    }

    @Test
    void shouldShowHowAccountsStandAfterTheirHoldsExpired() throws Exception {
        AtomicLong aheadNs = new AtomicLong(); // The holds stand until the test lets their time pass.
        try (TestGateway gateway = start(Options.defaults()
                        .withTimeout(Duration.ofSeconds(60))
                        .withClock(() -> System.nanoTime() + aheadNs.get()));
                CountersView counters = gateway.counters();
                RingfenceClient client = RingfenceClient.connect(gateway.client(TestGateway.CLIENT))) {
            List<Long> accounts = List.of(7L, 8L, 9L);
            for (long account : accounts) {
                gateway.agent
                        .admin()
                        .submit(CommandType.ACCOUNT, TestGateway.openAccount(account, TestGateway.GRANTED_MICROS))
                        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                client.admission()
                        .accountId(account)
                        .useCase((short) 1)
                        .inputUnits(1_000)
                        .timeToLiveNs(TimeUnit.SECONDS.toNanos(20));
                assertTrue(ask(client).isAdmitted());
            }
            RawClient.await(() -> counters.accounts().keySet().containsAll(accounts)); // Shown once a millisecond.
            RawClient.await(() -> reservedMicros(counters, accounts).stream().allMatch(micros -> micros > 0));

            aheadNs.set(TimeUnit.SECONDS.toNanos(21));

            RawClient.await(() -> reservedMicros(counters, accounts).equals(List.of(0L, 0L, 0L)));
            RawClient.await(() -> counters.engine().get(EngineCounter.OPEN_HOLDS) == 0);
            accounts.forEach(account ->
                    RawClient.await(() -> counters.accounts().get(account).get(AccountFigure.AVAILABLE_MICROS)
                            == TestGateway.GRANTED_MICROS));
        }
    }

    private static boolean isFlat(CountersView counters) {
        return counters.positions().values().stream()
                .flatMap(positions -> positions.values().stream())
                .noneMatch(figures -> figures.containsKey(PositionFigure.POSITION));
    }

    private static List<Long> reservedMicros(CountersView counters, List<Long> accounts) {
        return accounts.stream()
                .map(account -> counters.accounts().get(account).get(AccountFigure.RESERVED_MICROS))
                .toList();
    }

    @Test
    void shouldRefuseNewRiskWhenTheDiskIsLow() throws IOException {
        try (TestGateway gateway = start(Options.defaults());
                RingfenceClient client = RingfenceClient.connect(gateway.client(TestGateway.CLIENT))) {
            Answer order = askOrder(client, 100_000_000, 1_000_000);
            gateway.journal.diskLow(true);
            long looks = gateway.journal.diskLooks();
            RawClient.await(() -> gateway.journal.diskLooks() > looks + 1); // The turn in hand may have looked before.

            assertEquals(
                    ReasonCode.DISK_LOW, askAdmission(client, 500).refusal().reason());
            assertEquals(ReasonCode.DISK_LOW, pieceOfPolicy(gateway));
            assertTrue(fill(client, order, 1, 100_000_000, 0).isApplied());
        }
    }

    private static ReasonCode pieceOfPolicy(TestGateway gateway) throws IOException {
        try (RingfenceClient operator = RingfenceClient.connect(gateway.client(TestGateway.OPERATOR))) {
            operator.policyPiece()
                    .epoch(1_000)
                    .count(1)
                    .section(PolicySection.SOURCE)
                    .putContent(new byte[0], 0, 0);
            return ask(operator).reason();
        }
    }

    @Test
    void shouldRefuseNewRiskButBookFactsWhenTheJournalIsDamaged() throws IOException {
        try (TestGateway gateway = start(Options.defaults());
                RingfenceClient client = RingfenceClient.connect(gateway.client(TestGateway.CLIENT))) {
            Answer order = askOrder(client, 100_000_000, 1_000_000);
            gateway.journal.damaged(true);
            long looks = gateway.journal.diskLooks();
            RawClient.await(() -> gateway.journal.diskLooks() > looks + 1); // The turn in hand may have looked before.

            assertEquals(
                    ReasonCode.JOURNAL_DAMAGED,
                    askAdmission(client, 500).refusal().reason());
            assertTrue(fill(client, order, 1, 100_000_000, 0).isApplied());
        }
    }

    @Test
    void shouldStopAndSaySoWhenAStageFails() throws IOException {
        try (TestGateway gateway = start(Options.defaults());
                RingfenceClient client = RingfenceClient.connect(gateway.client(TestGateway.CLIENT))) {
            Tally tally = new Tally();
            gateway.journal.failFromNow();
            client.admission().accountId(TestGateway.ACCOUNT).useCase((short) 1).inputUnits(1);
            RawClient.await(() -> client.offer() > 0);

            RawClient.await(() -> client.poll(tally, 1) >= 0 && !client.isConnected());

            RawClient.await(() -> gateway.agent.failure() != null);
            assertEquals(1, tally.refused.get(ReasonCode.ENGINE_FAILED));
            assertEquals(0, tally.decisions);
            assertEquals(RingfenceClient.NOT_CONNECTED, client.offer());
        }
    }

    @Test
    void shouldKeepWhyItCouldNotStopCleanly() throws IOException {
        try (TestGateway gateway = TestGateway.prepare(directory, disk().withMode(PipelineMode.INVOKER))) {
            takeAndHoldBack(gateway);
            gateway.journal.failReleases();

            RuntimeException thrown = assertThrows(IllegalStateException.class, gateway.agent::onClose);

            assertSame(thrown, gateway.agent.failure());
            assertFailedIsShown(gateway);
        }
    }

    @Test
    void shouldCountItAsAFailureWhenTheStopTakesTooLong() throws IOException {
        AtomicLong nowNs = new AtomicLong();
        try (TestGateway gateway = TestGateway.prepare(
                directory,
                disk().withMode(PipelineMode.INVOKER)
                        .withClock(() -> nowNs.addAndGet(TimeUnit.MILLISECONDS.toNanos(100))))) {
            takeAndHoldBack(gateway);

            RuntimeException thrown = assertThrows(IllegalStateException.class, gateway.agent::onClose);

            assertSame(thrown, gateway.agent.failure());
            assertFailedIsShown(gateway);
            gateway.journal.failReleases(); // So that the failure is expected.
        }
    }

    private static void takeAndHoldBack(TestGateway gateway) {
        gateway.journal.releaseUpTo(0);
        long before = gateway.journal.appended();
        gateway.agent.admin().submit(CommandType.ACCOUNT, TestGateway.openAccount(7, 1_000));
        Deadline deadline = Deadline.inSeconds(20);
        while (gateway.journal.appended() == before) {
            deadline.require("the account is opened");
            gateway.agent.doWork();
        }
    }

    private static void assertFailedIsShown(TestGateway gateway) throws IOException {
        try (CountersView counters = gateway.counters()) {
            assertEquals(1, counters.engine().get(EngineCounter.FAILED));
        }
    }

    @Test
    void shouldTakeCommandsFromOtherThreads() throws Exception {
        try (TestGateway gateway = start(Options.defaults());
                RingfenceClient client = RingfenceClient.connect(gateway.client(TestGateway.CLIENT))) {
            AdminPort.Reply opened = gateway.agent
                    .admin()
                    .submit(CommandType.ACCOUNT, TestGateway.openAccount(7, 1_000))
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            AdminPort.Reply openedTwice = gateway.agent
                    .admin()
                    .submit(CommandType.ACCOUNT, TestGateway.openAccount(7, 1_000))
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            AdminPort.Reply snapshot =
                    gateway.agent.admin().requestSnapshot(1).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

            assertTrue(opened.isApplied());
            assertEquals(opened.sequence(), opened.entryHash()[0]);
            assertEquals(ReasonCode.ACCOUNT_EXISTS, openedTwice.reason());
            assertTrue(snapshot.isApplied());
            assertTrue(askAdmission(client, 1).isAdmitted());
        }
    }

    @Test
    void shouldRefuseCommandsFromOtherThreadsOnceStopped() {
        TestGateway gateway = start(Options.defaults());
        gateway.close();

        CompletableFuture<AdminPort.Reply> reply = gateway.agent.admin().requestSnapshot(1);

        assertTrue(reply.isCompletedExceptionally());
    }

    @Test
    void shouldHaveOlderAnswersLookedUpByTheirSequence() throws IOException {
        BlockingQueue<LookUp> lookUps = new LinkedBlockingQueue<>();
        Options options = Options.defaults().withAnswers(1).withPastAnswers(lookUps::add);
        try (TestGateway gateway = start(options);
                RingfenceClient client = RingfenceClient.connect(gateway.client(TestGateway.CLIENT))) {
            Answer first = askAdmission(client, 500, 4_710);
            askAdmission(client, 500, 4_711);
            client.query(4_710);
            Repeat queried = new Repeat(gateway, client, lookUps, first);
            admission(client, 500, 4_710);
            Repeat repeated = new Repeat(gateway, client, lookUps, first);

            int session = queried.question.sessionId();
            long sequence = first.decision().sequence();
            assertEquals(
                    new PastQuestion(session, TestGateway.CLIENT, 4_710, sequence, false, false), queried.question);
            assertEquals(Tristate.UNKNOWN, queried.holdStands);
            assertEquals(new PastQuestion(session, TestGateway.CLIENT, 4_710, sequence, true, true), repeated.question);
            assertEquals(Tristate.YES, repeated.holdStands);
            assertEquals(first.decision().action(), repeated.action);
        }
    }

    /** The repeated answer to the message that a client has begun: the test looks it up. */
    private static final class Repeat implements Answer.Handler {
        private final PastQuestion question;
        private Action action;
        private Tristate holdStands;

        Repeat(TestGateway gateway, RingfenceClient client, BlockingQueue<LookUp> lookUps, Answer first) {
            RawClient.await(() -> client.offer() > 0);
            RawClient.await(() -> client.poll(this, 1) >= 0 && !lookUps.isEmpty());
            question = (PastQuestion) lookUps.remove();
            byte[] found = new byte[AnswerEncoder.LENGTH];
            first.decision().buffer().getBytes(0, found, 8, found.length - 8);
            new MessageHeaderEncoder()
                    .wrap(new UnsafeBuffer(found), 0)
                    .templateId(AdmissionDecisionDecoder.TEMPLATE_ID);
            RawClient.await(() -> gateway.agent.admin().offerAnswer(question, found));
            RawClient.await(() -> client.poll(this, 1) >= 0 && action != null);
        }

        @Override
        public void onDecision(AdmissionDecisionDecoder decision) {
            action = decision.action();
            holdStands = decision.holdStands();
        }

        @Override
        public void onRefused(RefusedDecoder refused) {
            throw new AssertionError("refused: " + refused);
        }
    }

    private static Options disk() {
        return Options.defaults().withDurability(Durability.DISK);
    }

    private TestGateway start(Options options) {
        return TestGateway.start(directory, options);
    }

    /** Where the answer took long the request was sent again: all its answers are taken, so that the next one is the next request's. */
    private static Answer ask(RingfenceClient client) {
        Answer answer = client.ask(PATIENCE);
        Tally repeated = new Tally();
        RawClient.await(() -> client.unansweredCount() == 0 || client.poll(repeated, 1) < 0);
        return answer;
    }

    private static Answer askAdmission(RingfenceClient client, long exposureMicros) {
        return askAdmission(client, exposureMicros, client.nextRequestId());
    }

    private static Answer askAdmission(RingfenceClient client, long exposureMicros, long clientRequestId) {
        admission(client, exposureMicros, clientRequestId);
        return ask(client);
    }

    private static void admission(RingfenceClient client, long exposureMicros, long clientRequestId) {
        client.admission()
                .clientRequestId(clientRequestId)
                .accountId(TestGateway.ACCOUNT)
                .useCase((short) 1)
                .inputUnits(1_000)
                .exposureMicros(exposureMicros);
    }

    private static Answer askWithFeatures(RingfenceClient client, long clientRequestId, long episodeId, int feature) {
        client.admission()
                .clientRequestId(clientRequestId)
                .accountId(TestGateway.ACCOUNT)
                .useCase((short) 1)
                .inputUnits(1_000)
                .exposureMicros(500)
                .episodeId(episodeId)
                .featuresCount(2)
                .next()
                .value(feature)
                .next()
                .value(Integer.MIN_VALUE);
        return ask(client);
    }

    private static Answer askOrder(RingfenceClient client, long quantity, long limitPriceMicros) {
        return askOrder(client, quantity, limitPriceMicros, client.nextRequestId());
    }

    private static Answer askOrder(RingfenceClient client, long quantity, long limitPriceMicros, long clientRequestId) {
        client.order()
                .clientRequestId(clientRequestId)
                .accountId(TestGateway.ACCOUNT)
                .useCase((short) 2)
                .businessValueMicros(1_000_000_000)
                .side(Side.BUY)
                .orderType(OrderType.LIMIT)
                .quantity(quantity)
                .limitPriceMicros(limitPriceMicros);
        return ask(client);
    }

    private static Answer fill(RingfenceClient client, Answer order, long executionId, long quantity, long leaves) {
        client.execution()
                .holdId(order.decision().holdId())
                .executionId(executionId)
                .kind(ExecutionKind.FILL)
                .quantity(quantity)
                .priceMicros(2_000_000)
                .leavesQuantity(leaves);
        return ask(client);
    }

    private static Answer askOutcome(RingfenceClient client, long decisionSequence) {
        client.outcome()
                .decisionSequence(decisionSequence)
                .disposition(Disposition.APPLIED)
                .success(Tristate.YES);
        return ask(client);
    }

    private static Answer askAccount(RingfenceClient client, AccountVerb verb, long accountId, long amountMicros) {
        client.account()
                .accountId(accountId)
                .amountMicros(amountMicros)
                .verb(verb)
                .name("account-" + accountId);
        return ask(client);
    }

    private static void assertSameDecision(Answer expected, Answer actual) {
        byte[] expectedHash = new byte[32];
        byte[] actualHash = new byte[32];
        expected.decision().getEntryHash(expectedHash, 0, 32);
        actual.decision().getEntryHash(actualHash, 0, 32);
        assertEquals(expected.decision().sequence(), actual.decision().sequence());
        assertEquals(expected.decision().action(), actual.decision().action());
        assertEquals(expected.decision().actedCandidateId(), actual.decision().actedCandidateId());
        assertArrayEquals(expectedHash, actualHash);
    }
}
