package io.ringfence.gateway.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.Ringfence;
import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.replay.Replay;
import io.ringfence.gateway.server.RawClient;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Tristate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A principal whose request ids are at their end is helped by an operator, while the engine serves and across its restart. */
@Tag("system")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class NewBeginningTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long LAST_ID = 1L << 62;

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"compact, memory", "shared, disk"})
    void shouldLetAPrincipalBeginAnewWhoseIdsAreAtTheirEnd(String mode, String durability) throws Exception {
        ServerFiles files = ServerFiles.write(directory, mode, durability);
        long firstSequence;
        try (Ringfence ringfence = Ringfence.start(ServerConfig.read(files.config()));
                RingfenceClient operator = files.connect(ServerFiles.OPERATOR)) {
            firstSequence = useTheLastId(ringfence);
            try (RingfenceClient stuck = files.connect(ServerFiles.CLIENT)) {
                assertEquals(ReasonCode.FIELD_INVALID, ask(stuck).reason(), "no id is left");
                assertEquals(
                        ReasonCode.PRINCIPAL_LOGGED_ON,
                        restart(operator, ServerFiles.CLIENT).reason());
                assertEquals(ReasonCode.FIELD_INVALID, ask(stuck).reason(), "and nothing was given");
            }
            assertEquals(
                    ReasonCode.PRINCIPAL_LOGGED_ON,
                    restart(operator, ServerFiles.OPERATOR).reason());
            assertEquals(ReasonCode.NOTHING_TO_FORGET, restart(operator, 77).reason());

            assertTrue(restartOnceItsSessionIsRecorded(operator).isApplied());

            try (RingfenceClient anew = files.connect(ServerFiles.CLIENT)) {
                anew.query(LAST_ID);
                assertNull(anew.ask(PATIENCE).decision(), "what was asked before is forgotten");
                assertEquals(1, anew.nextRequestId());
                assertEquals(1, ask(anew).clientRequestId());
            }
        }
        try (Ringfence ringfence = Ringfence.start(ServerConfig.read(files.config()));
                RingfenceClient later = files.connect(ServerFiles.CLIENT)) {
            assertEquals(2, later.nextRequestId(), "also after a restart");
            Answer answer = ask(later);
            assertTrue(answer.decision().sequence() > firstSequence);
            assertEquals(Tristate.NO, answer.decision().isDuplicate());
            assertFalse(ringfence.hasEnded());
        }
        Replay.Report replayed = Replay.run(files.data());
        assertTrue(replayed.isOk(), replayed.firstDifference());
        assertEquals(replayed.liveStateDigest(), replayed.stateDigest());
    }

    /** Returns the sequence of the request that did it. */
    private static long useTheLastId(Ringfence ringfence) {
        try (RawClient careless = new RawClient(ringfence.aeronDirectory(), ServerFiles.REQUEST_STREAM_ID)) {
            assertEquals(ReasonCode.NONE, careless.logOn(ServerFiles.CLIENT).reason());
            RawClient.Reply answer = careless.ask(LAST_ID);
            assertEquals(LAST_ID, answer.clientRequestId());
            return answer.value();
        }
    }

    private static Answer ask(RingfenceClient client) throws IOException {
        client.admission().accountId(1).useCase((short) 1).inputUnits(1);
        return client.ask(PATIENCE);
    }

    private static Answer restart(RingfenceClient operator, int principalId) {
        operator.principalRestart().principalId(principalId).justification("ids at their end");
        return operator.ask(PATIENCE);
    }

    /** A log-out is recorded a little later. */
    private static Answer restartOnceItsSessionIsRecorded(RingfenceClient operator) {
        Answer[] last = new Answer[1];
        RawClient.await(() -> {
            last[0] = restart(operator, ServerFiles.CLIENT);
            return last[0].reason() != ReasonCode.PRINCIPAL_LOGGED_ON;
        });
        return last[0];
    }
}
