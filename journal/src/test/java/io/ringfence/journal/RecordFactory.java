package io.ringfence.journal;

import io.ringfence.journal.record.RecordRules;
import io.ringfence.journal.record.RecordView;
import io.ringfence.schemas.AccountCommandEncoder;
import io.ringfence.schemas.AccountVerb;
import io.ringfence.schemas.AdmissionRequestEncoder;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.PolicyPartEncoder;
import io.ringfence.schemas.PolicySection;
import io.ringfence.schemas.RecordHeaderEncoder;
import io.ringfence.schemas.RecordSectionsEncoder;
import io.ringfence.schemas.SettingsEncoder;
import io.ringfence.schemas.TickEncoder;
import io.ringfence.schemas.Tristate;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;

/** Fabricates records that have the right shape and seeded, otherwise meaningless content. */
public final class RecordFactory {
    /** Offset of the record in {@link #bytes()}. */
    public static final int OFFSET = JournalWriter.ROOM_BEFORE;

    private final byte[] bytes = new byte[OFFSET + RecordView.MAX_LENGTH];
    private final UnsafeBuffer buffer = new UnsafeBuffer(bytes, OFFSET, RecordView.MAX_LENGTH);
    private final MessageHeaderEncoder messageHeader = new MessageHeaderEncoder();
    private final RecordHeaderEncoder recordHeader = new RecordHeaderEncoder();
    private final RecordSectionsEncoder sections = new RecordSectionsEncoder();
    private final Random random;
    private long sequence;
    private int length;

    public RecordFactory(long seed) {
        this.random = new Random(seed);
    }

    /** Holds the record at {@link #OFFSET}; the room that an append needs is around it. */
    public byte[] bytes() {
        return bytes;
    }

    /** A copy of the record without its seal. */
    public byte[] copy() {
        return Arrays.copyOfRange(bytes, OFFSET, OFFSET + length);
    }

    /** Appends the record. */
    public void appendTo(JournalWriter writer) {
        writer.append(sequence, bytes, OFFSET, length);
    }

    /** Length of the record without its seal. */
    public int length() {
        return length;
    }

    /** Makes the record that comes first in every journal. */
    public RecordFactory settings(byte journalName) {
        byte[] journalId = new byte[32];
        Arrays.fill(journalId, journalName);
        SettingsEncoder settings = new SettingsEncoder();
        settings.wrapAndApplyHeader(buffer, RecordView.COMMAND_OFFSET, messageHeader)
                .seed(42)
                .valueThresholdMicros(1)
                .regimeWindow(64)
                .anomalyZ(300)
                .commonZ(50)
                .anomalyStepBps(200)
                .commonStepBps(50)
                .rememberedPerPrincipal(65536)
                .tickIntervalNs(100_000_000)
                .isKeyed(Tristate.NO)
                .putJournalId(journalId, 0, 32)
                .accountsMax(256)
                .holdsPerAccount(2_048)
                .positionsPerAccount(512)
                .principalsMax(16)
                .policyBytesMax(8 << 20)
                .isExternalIdOnce(Tristate.YES)
                .factsPerAccount(4_096)
                .factsHorizonNs(86_400_000_000_000L)
                .candidatePosteriorsMax(16_384)
                .circuitMaxAgeNs(60_000_000_000L);
        return finish(1, CommandKind.SETTINGS, MessageHeaderEncoder.ENCODED_LENGTH + settings.encodedLength());
    }

    /** Makes a record of any kind; its command is one of four. */
    public RecordFactory record(long sequence) {
        switch ((int) (sequence % 4)) {
            case 0:
                return tick(sequence);
            case 1:
                return account(sequence);
            case 2:
                return policyPart(sequence, 3 + random.nextInt(90));
            default:
                return admission(sequence);
        }
    }

    /** Makes a record of exactly this length, seal included; 120 and above. */
    public RecordFactory ofLength(long sequence, int sealedLength) {
        policyPart(sequence, 0);
        return policyPart(sequence, sealedLength - RecordView.SEAL_LENGTH - length);
    }

    public RecordFactory admission(long sequence) {
        AdmissionRequestEncoder command = new AdmissionRequestEncoder();
        command.wrapAndApplyHeader(buffer, RecordView.COMMAND_OFFSET, messageHeader);
        int commandLength = MessageHeaderEncoder.ENCODED_LENGTH + command.encodedLength();
        fillRandomly(RecordView.COMMAND_OFFSET + MessageHeaderEncoder.ENCODED_LENGTH, command.encodedLength());
        return finish(sequence, CommandKind.ADMISSION, commandLength);
    }

    private RecordFactory tick(long sequence) {
        TickEncoder command = new TickEncoder();
        command.wrapAndApplyHeader(buffer, RecordView.COMMAND_OFFSET, messageHeader)
                .tickNumber(sequence);
        return finish(sequence, kind(sequence), MessageHeaderEncoder.ENCODED_LENGTH + command.encodedLength());
    }

    private RecordFactory account(long sequence) {
        AccountCommandEncoder command = new AccountCommandEncoder();
        command.wrapAndApplyHeader(buffer, RecordView.COMMAND_OFFSET, messageHeader);
        buffer.setMemory(command.offset(), AccountCommandEncoder.BLOCK_LENGTH, (byte) 0); // The last record is there.
        command.accountId(sequence)
                .parentAccountId(0)
                .amountMicros(random.nextLong())
                .verb(AccountVerb.OPEN)
                .name("desk-" + sequence);
        return finish(sequence, kind(sequence), MessageHeaderEncoder.ENCODED_LENGTH + command.encodedLength());
    }

    private RecordFactory policyPart(long sequence, int contentLength) {
        byte[] content = new byte[contentLength];
        random.nextBytes(content);
        PolicyPartEncoder command = new PolicyPartEncoder();
        command.wrapAndApplyHeader(buffer, RecordView.COMMAND_OFFSET, messageHeader)
                .epoch(1)
                .section(PolicySection.SOURCE)
                .index(0)
                .count(1)
                .putContent(content, 0, contentLength);
        return finish(sequence, kind(sequence), MessageHeaderEncoder.ENCODED_LENGTH + command.encodedLength());
    }

    /** Any kind but that of a start, of which the walk reads a version. */
    private CommandKind kind(long sequence) {
        CommandKind kind = CommandKind.get((short) (1 + sequence % 24));
        return kind == CommandKind.START ? CommandKind.SNAPSHOT : kind;
    }

    private void fillRandomly(int offset, int count) {
        for (int i = 0; i < count; i++) {
            bytes[OFFSET + offset + i] = (byte) random.nextInt();
        }
    }

    private RecordFactory finish(long sequence, CommandKind kind, int commandLength) {
        int sectionsOffset = RecordView.COMMAND_OFFSET + commandLength;
        sections.wrap(buffer, sectionsOffset);
        sections.stampCount(0);
        sections.intakeCount(0);
        sections.regimeCount(0);
        sections.effectiveCount(0);
        sections.tierPosteriorCount(0);
        sections.tierDrawCount(0);
        sections.decisionCount(0);
        sections.proofCount(0);
        sections.selectionCount(0);
        sections.explorationCount(0);
        sections.budgetCount(0);
        sections.controlCount(0);
        recordHeader
                .wrapAndApplyHeader(buffer, 0, messageHeader)
                .sequence(sequence)
                .timestampNs(1_000_000_000L + sequence)
                .sessionId(7)
                .principalId(3)
                .commandLength(commandLength)
                .sectionsLength(sections.encodedLength())
                .kind(kind);
        int template = RecordView.COMMAND_OFFSET + MessageHeaderEncoder.templateIdEncodingOffset();
        buffer.putShort(template, (short) RecordRules.templateOf(kind.value()), ByteOrder.LITTLE_ENDIAN);
        this.sequence = sequence;
        length = sectionsOffset + sections.encodedLength();
        return this;
    }
}
