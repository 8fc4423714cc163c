package io.ringfence.gateway.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.transport.aeron.AeronTransport;
import io.ringfence.limit.Deadline;
import io.ringfence.schemas.LogonDecoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("system")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RepeatedLogonTest {
    private static final int STREAM_ID = 1_001;

    @TempDir
    Path directory;

    /** The gateway is one that hears and says nothing. */
    @Test
    void shouldRepeatTheSameAttemptUntilItsTimeIsUp() throws Exception {
        List<Throwable> errors = new ArrayList<>();
        List<Long> attempts = new ArrayList<>();
        AeronTransport.Settings settings =
                new AeronTransport.Settings(directory.resolve("aeron"), directory.resolve("data"), STREAM_ID, true);
        try (AeronTransport transport = AeronTransport.launch(settings, errors::add)) {
            CompletableFuture<Throwable> connecting = CompletableFuture.supplyAsync(() -> assertThrows(
                    ConnectException.class,
                    () -> RingfenceClient.connect(new ClientSettings(
                            Path.of(transport.aeronDirectory()),
                            STREAM_ID,
                            1,
                            Duration.ofMillis(100),
                            Duration.ofSeconds(6)))));
            Deadline deadline = Deadline.inSeconds(30);
            while (!connecting.isDone()) {
                deadline.require("the client connects");
                transport.doWork(System.nanoTime());
                transport.poll((connection, buffer, offset, length) -> take(buffer, offset, attempts), 1);
            }

            connecting.get(1, TimeUnit.SECONDS);
        }

        assertEquals(List.of(), errors);
        assertEquals(1, new HashSet<>(attempts).size());
        assertTrue(attempts.size() >= 2 && attempts.size() <= 25, () -> "attempts=" + attempts.size());
    }

    private static void take(DirectBuffer buffer, int offset, List<Long> attempts) {
        MessageHeaderDecoder header = new MessageHeaderDecoder().wrap(buffer, offset);
        if (header.templateId() == LogonDecoder.TEMPLATE_ID) { // Else it is the log-out of a client that gave up.
            attempts.add(new LogonDecoder()
                    .wrapAndApplyHeader(buffer, offset, header)
                    .logonId());
        }
    }
}
