package io.ringfence.gateway.replay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.Engine;
import io.ringfence.engine.pipeline.EngineSettings;
import io.ringfence.engine.pipeline.SnapshotSink;
import io.ringfence.engine.pipeline.UploadCommands;
import io.ringfence.gateway.ActivePolicyFile;
import io.ringfence.journal.JournalDirectory;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.schemas.AccountScope;
import io.ringfence.schemas.Durability;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.PrincipalCommandEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finds policies that a client brought, from any roll file. */
class PolicyHistoryTest {
    private static final EngineSettings SETTINGS = EngineSettings.defaults(7, new byte[32]);
    private static final int OPERATOR = 9;
    private static final int SOURCE_LENGTH = 400_000; // Longer than a roll file.

    @TempDir
    Path directory;

    private final DecisionEvent event = new DecisionEvent();
    private final UploadCommands uploads = new UploadCommands();
    private Engine engine;

    @Test
    void shouldFindThePolicyOfEachSequenceAlsoWhereItsPiecesStandInEarlierFiles() throws IOException {
        List<Long> changes = new ArrayList<>(List.of(0L));
        long firstOfLast;
        long last;
        try (JournalDirectory journal = JournalDirectory.open(
                directory, JournalDirectory.Options.of(Durability.MEMORY).withSegmentLength(256 * 1024))) {
            engine = new Engine(SETTINGS, journal.writer()::append, SnapshotSink.NONE);
            apply(CommandType.SETTINGS, 0, SETTINGS.encode());
            apply(CommandType.PRINCIPAL, 0, operator());
            for (int epoch = 1; epoch <= 3; epoch++) {
                bring(uploads.policy(10_000L * epoch, epoch, sections(epoch)), true);
                changes.add(event.sequence());
            }
            bring(uploads.policy(90_000, 9, sections(9)), false); // Nobody puts it into force.
            last = event.sequence();
            firstOfLast = JournalReader.firstOfFile(directory, last);
        }

        for (int epoch = 1; epoch <= 3; epoch++) {
            long sequence = changes.get(epoch);
            assertNotEquals(
                    JournalReader.firstOfFile(directory, sequence),
                    JournalReader.firstOfFile(directory, changes.get(epoch - 1) + 1),
                    "its pieces begin in an earlier file");
            PolicyHistory history = PolicyHistory.before(directory, sequence);
            assertEquals(epoch, history.policy().epoch());
            assertEquals(sequence, history.activationSequence());
            assertArrayEquals(sections(epoch).get(3), history.source());
            assertThrows(IOException.class, () -> ActivePolicyFile.write(directory, history), "its text is no policy");
        }
        assertEquals(List.of(), activePolicyFiles());
        try (JournalReader reader = JournalReader.open(directory, firstOfLast)) {
            reader.next();
            assertEquals(changes.get(3), reader.policySequenceBefore(), "the header names the last change");
        }
    }

    private List<Path> activePolicyFiles() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith(ActivePolicyFile.NAME))
                    .toList();
        }
    }

    private void bring(List<byte[]> policy, boolean isPutIntoForce) {
        int last = policy.size() - 1;
        for (int i = 0; i < policy.size() - (isPutIntoForce ? 0 : 1); i++) {
            apply(i == last ? CommandType.POLICY_CHANGE : CommandType.POLICY_PIECE, OPERATOR, policy.get(i));
            assertEquals(ReasonCode.APPLIED, event.verdict().reason());
        }
    }

    private static List<byte[]> sections(int epoch) {
        List<byte[]> sections = new ArrayList<>(UploadCommands.sections(epoch, 4));
        byte[] source = new byte[SOURCE_LENGTH];
        Arrays.fill(source, (byte) epoch);
        sections.set(3, source);
        return sections;
    }

    private static byte[] operator() {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[128]);
        PrincipalCommandEncoder principal = new PrincipalCommandEncoder();
        principal
                .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .principalId(OPERATOR)
                .role(Role.OPERATOR)
                .scope(AccountScope.ALL)
                .name("ops");
        return Arrays.copyOf(buffer.byteArray(), MessageHeaderEncoder.ENCODED_LENGTH + principal.encodedLength());
    }

    private void apply(CommandType type, int principal, byte[] command) {
        long sequence = engine.lastSequence() + 1;
        event.accept(type, sequence, sequence, principal, principal, new UnsafeBuffer(command), 0, command.length);
        engine.apply(event);
    }
}
