package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.ClientSettings;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.counters.CountersView;
import io.ringfence.limit.Deadline;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.RefusedDecoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs commands beside a program that is logged on. */
@Tag("system")
@Timeout(600)
@Tag("once")
class LiveSessionTest {
    @TempDir
    Path folder;

    private ShippedServer server;

    @BeforeEach
    void serve() throws IOException, InterruptedException {
        server = ShippedServer.start(folder);
    }

    @AfterEach
    void end() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ask --account desk-1 --quantity 1 --price 25.10 --dir j",
                "load --requests 100 --dir j",
                "principal restart 4 --why test --dir j"
            })
    void shouldLeaveALiveDeskAlone(String command) throws IOException, InterruptedException {
        try (RingfenceClient desk = server.connect(1)) {
            ChildProcess asked = runBeside(desk, command.split(" "));

            assertTrue(asked.exitCode() <= ExitCode.CHECK_FAILED, asked::err); // 1: nothing to restart.
            assertEquals("", asked.err());
            assertTrue(desk.isConnected());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1 ask --account desk-1 --quantity 1 --price 25.10 --dir j --principal 1",
                "1 load --requests 100 --dir j --principal 1",
                "2 principal restart 1 --why test --dir j",
                "2 account release 1 --why test --dir j",
                "3 clock accept --why test --dir j"
            })
    void shouldReplaceALiveSessionOnlyWhenAsked(String line) throws Exception {
        int principalId = Integer.parseInt(line.substring(0, 1));
        String command = line.substring(2);
        try (RingfenceClient live = server.connect(principalId)) {
            Shell refused = runHereBeside(live, command);

            assertEquals(ExitCode.BAD_INPUT, refused.exitCode(), refused::err);
            assertTrue(
                    refused.err()
                            .endsWith(": --principal: must be one without a session, or --replace must be given: "
                                    + principalId + " has a session, also after 5 s\n"),
                    refused.err());
            assertTrue(live.isConnected());

            Shell replacing = runHereBeside(live, command + " --replace");

            assertFalse(replacing.err().contains("has a session"), replacing::err);
            Deadline deadline = Deadline.inSeconds(100);
            while (live.isConnected()) {
                deadline.require("the session is replaced");
                live.poll(new NoAnswers(), 10);
            }
        }
    }

    /** In this process, whose classes are loaded: one command waits 5 s at most for the session of the other. */
    @Test
    void shouldTakeTurnsWithOtherCommandsOfItsPrincipal() throws Exception {
        String ask = "ask --account desk-1 --quantity 1 --price 25.10 --dir j";
        assertEquals(ExitCode.DONE, server.run(ask).exitCode());
        CyclicBarrier barrier = new CyclicBarrier(2);

        List<CompletableFuture<Shell>> both = Stream.of(1, 2)
                .map(each -> inThread(barrier, () -> server.run(ask)))
                .toList();

        for (CompletableFuture<Shell> each : both) {
            Shell asked = each.get(100, TimeUnit.SECONDS);
            assertEquals(ExitCode.DONE, asked.exitCode(), asked::err);
        }
    }

    private static <T> CompletableFuture<T> inThread(CyclicBarrier barrier, Supplier<T> work) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        barrier.await(100, TimeUnit.SECONDS);
                    } catch (Exception broken) {
                        throw new IllegalStateException(broken);
                    }
                    return work.get();
                },
                task -> new Thread(task).start());
    }

    @Test
    void shouldGiveTheSessionToOneOfTwoThatBeginAtTheSameMoment() throws Exception {
        ClientSettings settings = ClientSettings.ofJournal(folder.resolve("j"), 4);
        for (int round = 0; round < 10; round++) {
            CyclicBarrier barrier = new CyclicBarrier(2);
            List<CompletableFuture<Optional<RingfenceClient>>> both = Stream.of(1, 2)
                    .map(each -> inThread(barrier, () -> RunningEngine.connectReplacingNobody(settings)))
                    .toList();
            int stand = 0;
            for (CompletableFuture<Optional<RingfenceClient>> each : both) {
                Optional<RingfenceClient> client = each.get(100, TimeUnit.SECONDS);
                client.ifPresent(alone -> alone.poll(new NoAnswers(), 10));
                stand += client.isPresent() && client.get().isConnected() ? 1 : 0;
            }
            for (CompletableFuture<Optional<RingfenceClient>> each : both) {
                each.get(1, TimeUnit.SECONDS).ifPresent(RingfenceClient::close);
            }
            assertEquals(1, stand, "round " + round);
            awaitNoSession();
        }
    }

    private void awaitNoSession() throws InterruptedException {
        Deadline deadline = Deadline.inSeconds(100);
        try (CountersView counters = RunningEngine.counters(folder.resolve("j"))) {
            while (!counters.principalsWithSession().isEmpty()) {
                deadline.require("the session has ended");
                TimeUnit.MILLISECONDS.sleep(5);
            }
        }
    }

    @Test
    void shouldShowWhoIsLoggedOn() throws IOException, InterruptedException {
        try (RingfenceClient desk = server.connect(1);
                RingfenceClient person = server.connect(3)) {
            assertTrue(desk.isConnected() && person.isConnected());
            ChildProcess status = ChildProcess.start(folder, "status", "--json", "--dir", "j");
            status.awaitEnd(
                    () -> { // Or their sessions would end for silence, where the command takes long.
                        desk.poll(new NoAnswers(), 10);
                        person.poll(new NoAnswers(), 10);
                    });
            assertEquals("[1,3]", status.json().get("principals_with_session").toString());
        }
    }

    /** Runs a command to its end, while the client is polled, as that of a program is. */
    private ChildProcess runBeside(RingfenceClient client, String... command) throws InterruptedException {
        ChildProcess child = ChildProcess.start(folder, command);
        child.awaitEnd(() -> client.poll(new NoAnswers(), 10));
        return child;
    }

    /** The same in a thread of this process. */
    private Shell runHereBeside(RingfenceClient client, String command) throws Exception {
        CompletableFuture<Shell> running =
                CompletableFuture.supplyAsync(() -> server.run(command), task -> new Thread(task).start());
        Deadline deadline = Deadline.inSeconds(240);
        while (!running.isDone()) {
            deadline.require("the command ends: " + command);
            client.poll(new NoAnswers(), 10);
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return running.get(1, TimeUnit.SECONDS);
    }

    private static final class NoAnswers implements Answer.Handler {
        @Override
        public void onDecision(AdmissionDecisionDecoder decision) {
            throw new AssertionError("nothing was asked");
        }

        @Override
        public void onRefused(RefusedDecoder refused) {
            // The end of the session.
        }
    }
}
