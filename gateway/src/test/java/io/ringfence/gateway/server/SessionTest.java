package io.ringfence.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.command.CommandType;
import io.ringfence.gateway.answers.PastAnswers.LookUp;
import io.ringfence.gateway.answers.PastAnswers.PastQuestion;
import io.ringfence.gateway.counters.CountersView;
import io.ringfence.gateway.counters.EngineCounter;
import io.ringfence.gateway.frame.Frames;
import io.ringfence.gateway.server.RawClient.Reply;
import io.ringfence.gateway.server.TestGateway.Options;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.ControlCommandDecoder;
import io.ringfence.schemas.Durability;
import io.ringfence.schemas.LogonAckDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OutcomeReportEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RefusedDecoder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("hostile")
@Tag("system")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@ParameterizedClass(name = "{0}")
@EnumSource(SessionTest.Way.class)
class SessionTest {
    private static final int NOBODY_LISTENS = 6_999;

    /** The transport, and what orders the commands. */
    enum Way {
        AERON,
        IN_MEMORY,
        ORDERED_LATE
    }

    @Parameter
    private Way way;

    @TempDir
    private Path directory;

    @Test
    void shouldNumberRequestsAndNameTheExpectedOneAtAGap() {
        try (TestGateway gateway = TestGateway.start(directory, options());
                RawClient client = new RawClient(gateway)) {
            Reply welcome = client.logOn(TestGateway.CLIENT);
            client.send(Frames.admission(), 1, 0, 1);
            client.send(Frames.admission(), 3, 0, 2);
            client.send(Frames.admission(), 2, 0, 2);

            List<Reply> replies = client.next(3);

            assertEquals(LogonAckDecoder.TEMPLATE_ID, welcome.templateId());
            assertEquals(1, count(replies, AdmissionDecisionDecoder.TEMPLATE_ID, 1));
            assertEquals(1, count(replies, AdmissionDecisionDecoder.TEMPLATE_ID, 2));
            Reply gap = refusal(replies);
            assertEquals(ReasonCode.SESSION_SEQUENCE_GAP, gap.reason());
            assertEquals(2, gap.value());
            assertEquals(1, gap.fieldId());
        }
    }

    @Test
    void shouldRefuseWhatIsBeyondTheWindowUntilAnswersAreRead() {
        try (TestGateway gateway =
                        TestGateway.start(directory, options().withWindow(4).withDurability(Durability.DISK));
                RawClient client = new RawClient(gateway)) {
            client.logOn(TestGateway.CLIENT);
            gateway.journal.releaseUpTo(0);
            for (int i = 1; i <= 5; i++) {
                client.send(Frames.admission(), i, 0, i);
            }
            Reply unanswered = client.next();
            gateway.journal.releaseUpTo(Long.MAX_VALUE);
            List<Reply> answers = client.next(4);
            client.send(Frames.admission(), 6, 1, 6);
            Reply unread = client.next();
            client.send(Frames.admission(), 7, client.replySequence(), 7);
            Reply taken = client.next();

            assertEquals(ReasonCode.WINDOW_FULL, unanswered.reason());
            assertEquals(5, unanswered.clientRequestId());
            assertTrue(answers.stream().allMatch(reply -> reply.templateId() == AdmissionDecisionDecoder.TEMPLATE_ID));
            assertEquals(ReasonCode.WINDOW_FULL, unread.reason());
            assertEquals(AdmissionDecisionDecoder.TEMPLATE_ID, taken.templateId());
        }
    }

    @Test
    void shouldLookNothingUpThatWasNeverAsked() {
        Queue<LookUp> questions = new ConcurrentLinkedQueue<>();
        try (TestGateway gateway = TestGateway.start(directory, options().withPastAnswers(questions::add));
                RawClient client = new RawClient(gateway)) {
            logOnAndAsk(client);
            client.send(Frames.query(), 2, 1, 101);

            Reply refusal = client.next();

            assertEquals(ReasonCode.REQUEST_ID_UNKNOWN, refusal.reason());
            assertEquals(101, refusal.value());
            assertTrue(questions.isEmpty());
        }
    }

    @Test
    void shouldHandOutFewLookUpsOfAPrincipalAtATimeAndRefuseNone() {
        Queue<LookUp> lookUps = new ConcurrentLinkedQueue<>();
        try (TestGateway gateway =
                        TestGateway.start(directory, options().withAnswers(1).withPastAnswers(lookUps::add));
                RawClient client = new RawClient(gateway);
                RawClient other = new RawClient(gateway)) {
            other.logOn(TestGateway.OTHER_CLIENT);
            other.ask(1);
            client.logOn(TestGateway.CLIENT);
            client.ask(1);
            client.ask(2);
            for (int i = 3; i <= 42; i++) {
                client.send(Frames.query(), i, 2, 1);
            }
            RawClient.await(() -> lookUps.size() == 16);
            other.send(Frames.query(), 2, 1, 1);
            RawClient.await(() -> lookUps.size() == 17);
            int answered = 0;
            while (answered < 40) {
                RawClient.await(() -> !lookUps.isEmpty());
                PastQuestion question = (PastQuestion) lookUps.remove();
                RawClient.await(() -> gateway.agent.admin().offerAnswer(question, null));
                answered += question.principalId() == TestGateway.CLIENT ? 1 : 0;
            }

            for (Reply reply : client.next(40)) {
                assertEquals(ReasonCode.ANSWER_NOT_KEPT, reply.reason());
                assertEquals(RefusedDecoder.TEMPLATE_ID, reply.templateId());
            }
            assertEquals(ReasonCode.ANSWER_NOT_KEPT, other.next().reason());
        }
    }

    @Test
    void shouldCountLookUpsInTheWindow() {
        Queue<LookUp> lookUps = new ConcurrentLinkedQueue<>();
        Options options = options().withWindow(4).withAnswers(1).withPastAnswers(lookUps::add);
        try (TestGateway gateway = TestGateway.start(directory, options);
                RawClient client = new RawClient(gateway)) {
            client.logOn(TestGateway.CLIENT);
            client.ask(1);
            client.ask(2);
            for (int i = 3; i <= 6; i++) {
                client.send(Frames.query(), i, 2, 1);
            }
            client.send(Frames.admission(), 7, 2, 101);

            Reply refusal = client.next();

            assertEquals(ReasonCode.WINDOW_FULL, refusal.reason());
            assertEquals(101, refusal.clientRequestId());
            lookUps.forEach(lookUp -> findNothing(gateway, (PastQuestion) lookUp));
        }
    }

    /** A stop waits for five seconds for what is still being looked up. */
    private static void findNothing(TestGateway gateway, PastQuestion question) {
        RawClient.await(() -> gateway.agent.admin().offerAnswer(question, null));
    }

    @Test
    void shouldStampAnOutcomeWheneverItIsOrdered() {
        try (TestGateway gateway = TestGateway.start(directory, options());
                RawClient client = new RawClient(gateway)) {
            client.logOn(TestGateway.CLIENT);
            client.send(Frames.admission(), 1, 0, 1);
            Reply decided = client.next();
            byte[] outcome = Frames.outcome();
            new OutcomeReportEncoder()
                    .wrap(new UnsafeBuffer(outcome), MessageHeaderEncoder.ENCODED_LENGTH)
                    .decisionSequence(decided.value());
            client.send(outcome, 2, 1, 2);

            Reply answer = client.next();

            assertEquals(AdmissionDecisionDecoder.TEMPLATE_ID, answer.templateId());
            assertEquals(ReasonCode.OUTCOME_WITHOUT_LESSON, answer.reason(), "stamped, and nothing to learn from");
            assertTrue(answer.value() > decided.value());
        }
    }

    @Test
    void shouldTakeCommandsOfOtherThreadsWheneverTheyAreOrdered() throws Exception {
        try (TestGateway gateway = TestGateway.start(directory, options())) {
            List<CompletableFuture<AdminPort.Reply>> replies = new ArrayList<>();
            for (int account = 20; account < 40; account++) {
                replies.add(gateway.agent.admin().submit(CommandType.ACCOUNT, TestGateway.openAccount(account, 1_000)));
            }

            for (CompletableFuture<AdminPort.Reply> reply : replies) {
                assertTrue(reply.get(20, TimeUnit.SECONDS).isApplied());
            }
        }
    }

    @Test
    void shouldRefuseAClaimToHaveReadWhatWasNotSent() {
        try (TestGateway gateway = TestGateway.start(directory, options());
                RawClient client = new RawClient(gateway)) {
            client.logOn(TestGateway.CLIENT);
            client.send(Frames.admission(), 1, 1, 1);

            Reply refusal = client.next();

            assertEquals(ReasonCode.FIELD_INVALID, refusal.reason());
            assertEquals(1, refusal.fieldId());
            assertEquals(1, refusal.value());
        }
    }

    @Test
    void shouldRefuseToAnswerOnTheStreamOfAnother() {
        try (TestGateway gateway = TestGateway.start(directory, options());
                RawClient first = new RawClient(gateway)) {
            first.logOn(TestGateway.CLIENT);
            try (RawClient other = new RawClient(gateway, first.responseStreamId())) {
                Reply refusal = other.logOn(TestGateway.OTHER_CLIENT);

                assertEquals(LogonAckDecoder.TEMPLATE_ID, refusal.templateId());
                assertEquals(ReasonCode.FIELD_INVALID, refusal.reason());
            }
        }
    }

    @Test
    void shouldLetAPrincipalComeAgainOnItsOwnStream() {
        try (TestGateway gateway = TestGateway.start(directory, options());
                RawClient first = new RawClient(gateway)) {
            first.logOn(TestGateway.CLIENT);
            try (RawClient again = new RawClient(gateway, first.responseStreamId())) {
                Reply welcome = again.logOn(TestGateway.CLIENT);

                assertEquals(ReasonCode.NONE, welcome.reason());
            }
        }
    }

    @Test
    void shouldLetClientsInDuringAFloodOfUnknownPrincipals() throws Exception {
        AtomicBoolean isOver = new AtomicBoolean();
        try (TestGateway gateway = TestGateway.start(directory, options());
                CountersView counters = gateway.counters();
                RawClient stranger = new RawClient(gateway)) {
            CompletableFuture<Void> flood = CompletableFuture.runAsync(() -> {
                while (!isOver.get()) {
                    stranger.askToLogOn(66, NOBODY_LISTENS);
                }
            });
            RawClient.await(() -> counters.reasons().getOrDefault(ReasonCode.PRINCIPAL_UNKNOWN, 0L) > 1_000);
            try (RawClient client = new RawClient(gateway);
                    RawClient other = new RawClient(gateway)) {
                assertEquals(
                        ReasonCode.NONE,
                        client.logOnPatiently(TestGateway.CLIENT).reason());
                assertEquals(
                        ReasonCode.NONE,
                        other.logOnPatiently(TestGateway.OTHER_CLIENT).reason());
                assertIsAnswered(client, 1);
            } finally {
                isOver.set(true);
                flood.get(30, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void shouldLetOthersInWhileOnePrincipalAsksAndNeverListens() throws Exception {
        try (TestGateway gateway = TestGateway.start(directory, options());
                RawClient deaf = new RawClient(gateway)) {
            for (int i = 0; i < 1_000; i++) {
                deaf.askToLogOn(TestGateway.CLIENT, NOBODY_LISTENS);
            }

            try (RawClient other = new RawClient(gateway)) {
                assertEquals(
                        ReasonCode.NONE,
                        other.logOnPatiently(TestGateway.OTHER_CLIENT).reason());
            }
        }
    }

    @Test
    void shouldLetAPrincipalInWhileOneConnectionAsksInItsNameAndNeverListens() {
        try (TestGateway gateway = TestGateway.start(directory, options());
                RawClient deaf = new RawClient(gateway)) {
            for (int i = 0; i < 1_000; i++) {
                deaf.askToLogOn(TestGateway.CLIENT, NOBODY_LISTENS);
            }

            try (RawClient client = new RawClient(gateway)) {
                assertEquals(ReasonCode.NONE, client.logOn(TestGateway.CLIENT).reason());
            }
        }
    }

    @Test
    void shouldLetAPrincipalInSoonAfterManyAskedInItsNameAndNeverListened() {
        List<RawClient> deaf = new ArrayList<>();
        try (TestGateway gateway = TestGateway.start(directory, options().withTimeout(Duration.ofSeconds(60)))) {
            try {
                for (int i = 0; i < 10; i++) {
                    deaf.add(new RawClient(gateway));
                    deaf.get(i).askToLogOn(TestGateway.CLIENT, NOBODY_LISTENS);
                }

                try (RawClient client = new RawClient(gateway)) {
                    assertEquals(
                            ReasonCode.NONE,
                            client.logOnPatiently(TestGateway.CLIENT).reason());
                }
            } finally {
                deaf.forEach(RawClient::close);
            }
        }
    }

    @Test
    void shouldSayWhyAgainOnceAPlaceForThatIsFree() {
        try (TestGateway gateway = TestGateway.start(directory, options());
                RawClient stranger = new RawClient(gateway)) {
            for (int i = 0; i < 100; i++) {
                stranger.askToLogOn(66, NOBODY_LISTENS);
            }

            try (RawClient late = new RawClient(gateway)) {
                assertEquals(
                        ReasonCode.PRINCIPAL_UNKNOWN, late.logOnPatiently(67).reason());
            }
        }
    }

    @Test
    void shouldRefuseALogonThatReplacesNobodyWhileASessionStands() throws IOException {
        try (TestGateway gateway = TestGateway.start(directory, options());
                RawClient first = new RawClient(gateway);
                RawClient second = new RawClient(gateway)) {
            first.logOn(TestGateway.CLIENT);

            second.tryToLogOnReplacingNobody(TestGateway.CLIENT);
            assertEquals(ReasonCode.SESSION_STANDS, second.next().reason());
            assertIsAnswered(first, 1);

            second.tryToLogOnReplacingNobody(TestGateway.OTHER_CLIENT);
            assertEquals(ReasonCode.NONE, second.next().reason(), "another principal's does not count");
        }
    }

    @Test
    void shouldGiveTheSessionToOneOfTwoLogonsThatBeginAtTheSameMoment() {
        boolean isOnAeron = way == Way.AERON; // Its driver runs in the turns of the gateway.
        TestGateway begun =
                isOnAeron ? TestGateway.start(directory, options()) : TestGateway.prepare(directory, options());
        try (TestGateway gateway = begun;
                RawClient first = new RawClient(gateway);
                RawClient second = new RawClient(gateway)) {
            first.tryToLogOnReplacingNobody(TestGateway.CLIENT);
            second.tryToLogOnReplacingNobody(TestGateway.CLIENT); // In memory no turn lies between the two.
            if (!isOnAeron) {
                gateway.run();
            }

            List<ReasonCode> reasons = Stream.of(first, second)
                    .map(client -> client.next().reason())
                    .sorted()
                    .toList();
            assertEquals(List.of(ReasonCode.NONE, ReasonCode.SESSION_STANDS), reasons);
        }
    }

    @Test
    void shouldTakeARepeatedLogonAsTheSameAttempt() {
        try (TestGateway gateway = TestGateway.start(directory, options());
                RawClient client = new RawClient(gateway)) {
            for (int i = 0; i < 3; i++) {
                client.askToLogOn(TestGateway.CLIENT, client.responseStreamId(), 77);
            }
            Reply welcome = client.next();
            client.askToLogOn(TestGateway.CLIENT, client.responseStreamId(), 77);
            client.send(Frames.admission(), 1, 0, 1);
            Reply answer = client.next();
            client.send(Frames.logout(), 2, 1, 0);
            RawClient.await(() -> !client.isAnswered());
            client.askToLogOn(TestGateway.CLIENT, client.responseStreamId(), 77);
            Reply again = client.logOn(TestGateway.CLIENT);
            client.send(Frames.admission(), 1, 0, 2);
            Reply answerAgain = client.next();

            assertEquals(LogonAckDecoder.TEMPLATE_ID, welcome.templateId());
            assertEquals(AdmissionDecisionDecoder.TEMPLATE_ID, answer.templateId());
            assertEquals(LogonAckDecoder.TEMPLATE_ID, again.templateId());
            assertEquals(AdmissionDecisionDecoder.TEMPLATE_ID, answerAgain.templateId());
        }
    }

    @Test
    void shouldEndTheSessionOfASilentClient() throws IOException {
        // Time passes by the test's word, in all less than the largest step of the clock.
        AtomicLong aheadNs = new AtomicLong();
        Options options =
                options().withTimeout(Duration.ofSeconds(8)).withClock(() -> System.nanoTime() + aheadNs.get());
        try (TestGateway gateway = TestGateway.start(directory, options);
                RawClient silent = new RawClient(gateway);
                RawClient beating = new RawClient(gateway)) {
            beating.logOn(TestGateway.OTHER_CLIENT);
            silent.logOn(TestGateway.CLIENT);
            awaitSessions(gateway, beating, 2);

            aheadNs.set(TimeUnit.SECONDS.toNanos(5));
            assertIsAnswered(beating, 1);
            aheadNs.set(TimeUnit.SECONDS.toNanos(9));
            awaitSessions(gateway, beating, 1);

            assertIsAnswered(beating, 2);
        }
    }

    @Test
    void shouldEndASessionAtLogoutAndTakeNothingFromItAnyMore() throws IOException {
        try (TestGateway gateway = TestGateway.start(directory, options());
                RawClient client = new RawClient(gateway)) {
            client.logOn(TestGateway.CLIENT);
            client.send(Frames.logout(), 1, 0, 0);
            client.send(Frames.admission(), 2, 0, 1);

            awaitReason(gateway, ReasonCode.NOT_LOGGED_ON, 1);

            RawClient.await(() -> !client.isAnswered());
        }
    }

    @Test
    void shouldNotWaitForAClientThatReadsNothing() throws IOException {
        try (TestGateway gateway = TestGateway.start(directory, options());
                RawClient liar = new RawClient(gateway);
                RawClient other = new RawClient(gateway)) {
            other.logOn(TestGateway.OTHER_CLIENT);
            liar.logOn(TestGateway.CLIENT);
            long sequence = 0;
            while (liar.isAnswered() && sequence < 20_000) {
                sequence++;
                liar.send(Frames.query(), sequence, 0, 5_000_000 + sequence);
                liar.send(Frames.admission(), ++sequence, Math.max(0, sequence - 30), sequence);
                other.beat();
            }

            awaitSessions(gateway, other, 1);
            assertIsAnswered(other, 1);
        }
    }

    @Test
    void shouldEndASessionWhoseClientStoppedListening() throws IOException {
        try (TestGateway gateway = TestGateway.start(directory, options());
                RawClient deaf = new RawClient(gateway);
                RawClient other = new RawClient(gateway)) {
            other.logOn(TestGateway.OTHER_CLIENT);
            deaf.logOn(TestGateway.CLIENT);
            deaf.stopListening();

            awaitSessions(gateway, other, 1);
        }
    }

    @Test
    void shouldRefuseKindsThatAreNotActedOn() {
        try (TestGateway gateway = TestGateway.start(directory, options());
                RawClient client = new RawClient(gateway)) {
            client.logOn(TestGateway.CLIENT);
            byte[] control = Frames.account();
            new MessageHeaderEncoder().wrap(new UnsafeBuffer(control), 0).templateId(ControlCommandDecoder.TEMPLATE_ID);
            client.send(control, 1, 0, 88);
            client.send(Frames.admission(), 2, 1, 89);

            Reply refusal = client.next();
            Reply answer = client.next();

            assertEquals(ReasonCode.NOT_SUPPORTED, refusal.reason());
            assertEquals(88, refusal.clientRequestId());
            assertEquals(ControlCommandDecoder.TEMPLATE_ID, refusal.value());
            assertEquals(AdmissionDecisionDecoder.TEMPLATE_ID, answer.templateId());
        }
    }

    @Test
    void shouldAnswerOthersWhileOneSendsGarbage() throws IOException {
        long seed = System.nanoTime();
        System.out.println("seed=" + seed);
        SplittableRandom random = new SplittableRandom(seed);
        try (TestGateway gateway = TestGateway.start(directory, options());
                RawClient stranger = new RawClient(gateway);
                RawClient member = new RawClient(gateway);
                RawClient other = new RawClient(gateway)) {
            other.logOn(TestGateway.OTHER_CLIENT);
            member.logOn(TestGateway.CLIENT);
            for (int i = 0; i < 3_000; i++) {
                stranger.send(garbage(random));
                member.send(garbage(random));
                other.beat();
            }

            assertIsAnswered(other, 1);
            try (CountersView counters = gateway.counters()) {
                // Some of what the others sent may still be in their streams.
                RawClient.await(() -> counters.engine().get(EngineCounter.REFUSED) > 1_000);
                assertEquals(0, counters.engine().get(EngineCounter.FAILED), "seed=" + seed);
            }
        }
    }

    private Options options() {
        Options options = Options.defaults().inMemory(way != Way.AERON);
        return way == Way.ORDERED_LATE ? options.withOrder(LateSequencer::new) : options;
    }

    /** Begins a session with one answered request. */
    private static void logOnAndAsk(RawClient client) {
        client.logOn(TestGateway.CLIENT);
        client.send(Frames.admission(), 1, 0, 100);
        client.next();
    }

    private static void assertIsAnswered(RawClient client, long clientRequestId) {
        client.drain();
        Reply answer = client.ask(clientRequestId);
        assertEquals(AdmissionDecisionDecoder.TEMPLATE_ID, answer.templateId(), answer::toString);
        assertEquals(clientRequestId, answer.clientRequestId());
    }

    /** Mutated frames of all kinds but the two that would begin or end a session. */
    private static byte[] garbage(SplittableRandom random) {
        byte[] bytes = Frames.all().get(random.nextInt(12));
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        boolean isSessions = bytes[2] == 22 || bytes[2] == 25;
        return isSessions ? Arrays.copyOf(bytes, 1 + random.nextInt(7)) : bytes;
    }

    private static void awaitSessions(TestGateway gateway, RawClient alive, long count) throws IOException {
        try (CountersView counters = gateway.counters()) {
            RawClient.await(() -> {
                alive.beat();
                return counters.engine().get(EngineCounter.SESSIONS) == count;
            });
        }
    }

    private static void awaitReason(TestGateway gateway, ReasonCode reason, long count) throws IOException {
        try (CountersView counters = gateway.counters()) {
            RawClient.await(() -> counters.reasons().getOrDefault(reason, 0L) == count);
        }
    }

    private static long count(List<Reply> replies, int templateId, long clientRequestId) {
        return replies.stream()
                .filter(reply -> reply.templateId() == templateId && reply.clientRequestId() == clientRequestId)
                .count();
    }

    private static Reply refusal(List<Reply> replies) {
        List<Reply> refusals = replies.stream()
                .filter(reply -> reply.templateId() == RefusedDecoder.TEMPLATE_ID)
                .toList();
        assertFalse(refusals.isEmpty());
        return refusals.get(0);
    }
}
