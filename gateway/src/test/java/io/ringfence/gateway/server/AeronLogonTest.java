package io.ringfence.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringfence.gateway.counters.CountersView;
import io.ringfence.gateway.frame.Frames;
import io.ringfence.gateway.server.TestGateway.Options;
import io.ringfence.schemas.ReasonCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Log-ons that name a stream on which this gateway answers nobody. What all transports have in common is in SessionTest. */
@Tag("system")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class AeronLogonTest {
    @TempDir
    private Path directory;

    @Test
    void shouldNotAnswerOnTheStreamOnWhichItListens() throws IOException {
        try (TestGateway gateway = TestGateway.start(directory, Options.defaults());
                RawClient client = new RawClient(gateway)) {
            client.askToLogOn(TestGateway.CLIENT, TestGateway.REQUEST_STREAM_ID);

            awaitReason(gateway, ReasonCode.FIELD_INVALID, 1);

            assertEquals(ReasonCode.NONE, client.logOn(TestGateway.CLIENT).reason());
        }
    }

    @Test
    void shouldRefuseALogonThatWouldOpenASocket() throws IOException {
        try (TestGateway gateway = TestGateway.start(directory, Options.defaults());
                RawClient client = new RawClient(gateway)) {
            byte[] logon = Frames.logon();
            System.arraycopy("udp".getBytes(StandardCharsets.US_ASCII), 0, logon, logon.length - 3, 3);
            client.send(logon);

            awaitReason(gateway, ReasonCode.FIELD_INVALID, 1);
        }
    }

    private static void awaitReason(TestGateway gateway, ReasonCode reason, long count) throws IOException {
        try (CountersView counters = gateway.counters()) {
            RawClient.await(() -> counters.reasons().getOrDefault(reason, 0L) == count);
        }
    }
}
