package io.ringfence.gateway.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.Ringfence;
import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.LogonRefusedException;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.replay.Replay;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.TimeInForce;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The rights are the journal's: the file seeds a new one, and changes a later one by the operator's word alone. */
@Tag("system")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RightsOfJournalTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int DESK = ServerFiles.CLIENT;
    private static final int BACK_OFFICE = 3;
    private static final int READER = 4;
    private static final List<String> DIFFERENCES = List.of(
            "principal 1 (desk): the journal says trader on accounts 1, 3; the file says trader on accounts 2, 3",
            "principal 3: the journal says reporter on accounts 1; the file does not name it",
            "principal 4 (reader): the journal does not name it; the file says reader on all accounts, later ones included");

    @TempDir
    Path directory;

    private ServerFiles files;
    private String configText;

    @BeforeEach
    void writeFiles() throws IOException {
        files = ServerFiles.write(directory, "compact", "memory");
        configText = Files.readString(files.config());
        configText = configText.substring(0, configText.indexOf("principals:"));
        configure("""
                  - {id: 1, name: desk, role: trader, accounts: [3, 1]}
                  - {id: 2, name: ops, role: operator}
                  - {id: 3, name: back, role: reporter, accounts: [1]}
                """);
    }

    private void configure(String principals) throws IOException {
        Files.writeString(files.config(), configText + "principals:\n" + principals);
    }

    private void configureOtherwise() throws IOException {
        configure("""
                  - {id: 1, name: desk, role: trader, accounts: [2, 3]}
                  - {id: 2, name: ops, role: operator}
                  - {id: 4, name: reader, role: reader}
                """);
    }

    @Test
    void shouldSeedANewJournalTellALaterDifferenceAndPutItWhenAsked() throws IOException {
        try (Ringfence ringfence = start(false);
                RingfenceClient desk = files.connect(DESK)) {
            assertEquals(
                    "[trader on accounts 1, 3, operator on all accounts, later ones included, reporter on accounts 1]",
                    ringfence.rights().toString());
            assertEquals(List.of(), ringfence.rightsDifferences());
            assertEquals(ReasonCode.NONE, reasonOfRefusal(order(desk, 1)));
            assertEquals(ReasonCode.ACCOUNT_NOT_PERMITTED, order(desk, 2).reason());
        }
        configureOtherwise();
        try (Ringfence ringfence = start(false);
                RingfenceClient desk = files.connect(DESK)) {
            assertEquals(DIFFERENCES, ringfence.rightsDifferences());
            assertEquals(ReasonCode.NONE, reasonOfRefusal(order(desk, 1)));
            assertEquals(ReasonCode.ACCOUNT_NOT_PERMITTED, order(desk, 2).reason());
            assertRefused(READER);
        }
        try (Ringfence ringfence = start(true);
                RingfenceClient desk = files.connect(DESK);
                RingfenceClient reader = files.connect(READER)) {
            assertEquals(DIFFERENCES, ringfence.rightsDifferences());
            assertEquals(ReasonCode.ACCOUNT_NOT_PERMITTED, order(desk, 1).reason());
            assertEquals(ReasonCode.NONE, reasonOfRefusal(order(desk, 2)));
            assertEquals(ReasonCode.NOT_ALLOWED, order(reader, 2).reason());
            assertRefused(BACK_OFFICE);
        }
        try (Ringfence ringfence = start(false)) {
            assertEquals(List.of(), ringfence.rightsDifferences());
            assertFalse(ringfence.hasEnded());
        }
    }

    @Test
    void shouldReplayChangedRightsWithoutAnyFileToTheSameState() throws IOException {
        try (Ringfence ringfence = start(false);
                RingfenceClient desk = files.connect(DESK)) {
            orderOnAll(desk);
            assertFalse(ringfence.hasEnded());
        }
        configureOtherwise();
        try (Ringfence ringfence = start(true);
                RingfenceClient desk = files.connect(DESK)) {
            orderOnAll(desk);
            assertFalse(ringfence.hasEnded());
        }
        byte[] config = Files.readAllBytes(files.config());
        Files.delete(files.config());
        Files.delete(directory.resolve("accounts.yaml"));

        Replay.Report replayed = Replay.run(files.data());

        assertTrue(replayed.isOk(), replayed.firstDifference());
        assertEquals(replayed.liveStateDigest(), replayed.stateDigest());
        Files.write(files.config(), config);
        assertRestartsAlike();
    }

    /** A start from the snapshot and one from the first record come to the same rights. */
    private void assertRestartsAlike() throws IOException {
        Files.writeString(directory.resolve("accounts.yaml"), "accounts: [{id: 1, name: plenty, granted: 900000}]\n");
        String fromSnapshot;
        try (Ringfence ringfence = start(false)) {
            fromSnapshot = ringfence.rights().toString();
        }
        try (Stream<Path> snapshots = Files.list(files.data().resolve("snapshots"))) {
            for (Path snapshot : snapshots.toList()) {
                Files.delete(snapshot);
            }
        }
        try (Ringfence ringfence = start(false);
                RingfenceClient desk = files.connect(DESK)) {
            assertEquals(fromSnapshot, ringfence.rights().toString());
            assertEquals(ReasonCode.ACCOUNT_NOT_PERMITTED, order(desk, 1).reason());
            assertEquals(ReasonCode.EXPOSURE_LIMIT, order(desk, 2).reason(), "it reaches the budget");
        }
    }

    @Test
    void shouldGiveAPrincipalThatListsNoAccountsThoseThatAreOpenedLater() throws IOException {
        configure("  - {id: 1, name: desk, role: trader}\n");
        start(false).close();
        Files.writeString(directory.resolve("accounts.yaml"), "accounts: [{id: 9, name: late, granted: 900000}]\n");

        try (Ringfence ringfence = start(false);
                RingfenceClient desk = files.connect(DESK)) {
            assertEquals(
                    "[trader on all accounts, later ones included]",
                    ringfence.rights().toString());
            assertEquals(ReasonCode.NONE, reasonOfRefusal(order(desk, 9)));
        }
    }

    private Ringfence start(boolean appliesRights) {
        return Ringfence.start(ServerConfig.read(files.config()), appliesRights);
    }

    private void assertRefused(int principalId) {
        LogonRefusedException refused = assertThrows(
                LogonRefusedException.class, () -> files.connect(principalId).close());
        assertEquals(ReasonCode.PRINCIPAL_UNKNOWN, refused.reason());
    }

    private static void orderOnAll(RingfenceClient desk) {
        for (int i = 0; i < 30; i++) {
            order(desk, 1 + i % 3);
        }
    }

    private static ReasonCode reasonOfRefusal(Answer answer) {
        return answer.isAdmitted() ? ReasonCode.NONE : answer.reason();
    }

    private static Answer order(RingfenceClient client, long accountId) {
        client.order()
                .accountId(accountId)
                .useCase((short) 1)
                .side(Side.BUY)
                .orderType(OrderType.LIMIT)
                .timeInForce(TimeInForce.DAY)
                .quantity(4_000_000_000L)
                .limitPriceMicros(25_000_000L)
                .requestedCandidateId(1)
                .externalId("rights-" + client.nextRequestId());
        return client.ask(PATIENCE);
    }
}
