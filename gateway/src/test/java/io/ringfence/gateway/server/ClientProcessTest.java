package io.ringfence.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.pipeline.PipelineMode;
import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.ClientMain;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.counters.CountersView;
import io.ringfence.gateway.counters.EngineCounter;
import io.ringfence.gateway.server.TestGateway.Options;
import io.ringfence.limit.Deadline;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client that is another process, as a sidecar's is. */
@Tag("system")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ClientProcessTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(
            value = PipelineMode.class,
            names = {"COMPACT", "SHARED"})
    void shouldAnswerAnotherProcess(PipelineMode mode) throws Exception {
        try (TestGateway gateway =
                TestGateway.start(directory, Options.defaults().withMode(mode))) {
            Process client = startClient(gateway, 20_000);

            assertTrue(client.waitFor(80, TimeUnit.SECONDS));
            String output = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals("decisions=20000 refused=0 last=false", output.strip().replace("last=true", "last=false"));
            assertEquals(0, client.exitValue());
            try (CountersView counters = gateway.counters()) {
                RawClient.await(
                        () -> counters.engine().get(EngineCounter.DECISIONS) >= 20_001); // Shown a little later.
                assertEquals(20_001, counters.engine().get(EngineCounter.DECISIONS));
                RawClient.await(() -> counters.engine().get(EngineCounter.SESSIONS) == 0);
            }
        }
    }

    @Test
    void shouldEndTheSessionOfAClientThatWasKilledAndLetItsPrincipalComeAgain() throws Exception {
        try (TestGateway gateway =
                        TestGateway.start(directory, Options.defaults().withTimeout(Duration.ofSeconds(5)));
                CountersView counters = gateway.counters()) {
            Process client = startClient(gateway, 100_000_000);
            Deadline deadline = Deadline.inSeconds(60);
            while (counters.engine().get(EngineCounter.DECISIONS) <= 1_000) {
                deadline.require("the other process is served");
                Thread.sleep(1);
            }

            client.destroyForcibly();
            assertTrue(client.waitFor(30, TimeUnit.SECONDS));
            RawClient.await(() -> counters.engine().get(EngineCounter.SESSIONS) == 0);

            try (RingfenceClient next = RingfenceClient.connect(gateway.client(TestGateway.CLIENT))) {
                assertTrue(next.nextRequestId() > 1_000);
                next.query(1);
                Answer old = next.ask(Duration.ofSeconds(20));
                assertTrue(old.isKnown());
            }
        }
    }

    private static Process startClient(TestGateway gateway, int requests) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add") || argument.startsWith("-XX:+Ignore"))
                .forEach(command::add);
        command.addAll(List.of(
                "-Xmx256m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                ClientMain.class.getName(),
                gateway.aeronDirectory(),
                Integer.toString(TestGateway.REQUEST_STREAM_ID),
                Integer.toString(TestGateway.CLIENT),
                Long.toString(TestGateway.ACCOUNT),
                Integer.toString(requests)));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
