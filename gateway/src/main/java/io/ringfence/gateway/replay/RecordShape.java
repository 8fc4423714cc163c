package io.ringfence.gateway.replay;

import io.ringfence.engine.command.CommandType;
import io.ringfence.journal.record.RecordView;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.OutcomeLessonDecoder;
import io.ringfence.schemas.RecordSectionsDecoder.BudgetDecoder;
import io.ringfence.schemas.RecordSectionsDecoder.CandidateDrawDecoder;
import io.ringfence.schemas.RecordSectionsDecoder.ControlDecoder;
import io.ringfence.schemas.RecordSectionsDecoder.DecisionDecoder;
import io.ringfence.schemas.RecordSectionsDecoder.EffectiveDecoder;
import io.ringfence.schemas.RecordSectionsDecoder.ExplorationDecoder;
import io.ringfence.schemas.RecordSectionsDecoder.IntakeDecoder;
import io.ringfence.schemas.RecordSectionsDecoder.LessonDecoder;
import io.ringfence.schemas.RecordSectionsDecoder.ProofDecoder;
import io.ringfence.schemas.RecordSectionsDecoder.RegimeDecoder;
import io.ringfence.schemas.RecordSectionsDecoder.SelectionDecoder;
import io.ringfence.schemas.RecordSectionsDecoder.StampDecoder;
import io.ringfence.schemas.RecordSectionsDecoder.TierDrawDecoder;
import io.ringfence.schemas.RecordSectionsDecoder.TierPosteriorDecoder;
import java.nio.ByteOrder;
import java.util.List;
import org.agrona.DirectBuffer;

/**
 * Checks that a record's command and sections are as long as they announce, so that decoders read nothing beyond them.
 *
 * <p>The chain proves that a record is what was written, not that it makes sense.
 */
final class RecordShape {
    /** The groups of {@code RecordSections} in their order; a later version may append groups. */
    static final List<Class<?>> GROUPS = List.of(
            StampDecoder.class,
            IntakeDecoder.class,
            RegimeDecoder.class,
            EffectiveDecoder.class,
            TierPosteriorDecoder.class,
            TierDrawDecoder.class,
            DecisionDecoder.class,
            ProofDecoder.class,
            SelectionDecoder.class,
            ExplorationDecoder.class,
            BudgetDecoder.class,
            ControlDecoder.class,
            CandidateDrawDecoder.class,
            LessonDecoder.class);

    /** Bytes before the entries of a group: the length of an entry, then how many. */
    static final int GROUP_HEADER_LENGTH = StampDecoder.sbeHeaderSize();

    /** Lengths of an entry of each of the {@link #GROUPS}. */
    private static final int[] ENTRY_LENGTHS = {
        StampDecoder.sbeBlockLength(),
        IntakeDecoder.sbeBlockLength(),
        RegimeDecoder.sbeBlockLength(),
        EffectiveDecoder.sbeBlockLength(),
        TierPosteriorDecoder.sbeBlockLength(),
        TierDrawDecoder.sbeBlockLength(),
        DecisionDecoder.sbeBlockLength(),
        ProofDecoder.sbeBlockLength(),
        SelectionDecoder.sbeBlockLength(),
        ExplorationDecoder.sbeBlockLength(),
        BudgetDecoder.sbeBlockLength(),
        ControlDecoder.sbeBlockLength(),
        CandidateDrawDecoder.sbeBlockLength(),
        LessonDecoder.sbeBlockLength()
    };

    private static final int STAMP = 0;
    private static final int STAMPS_MAX = 2; // Of the decision that is named, and of the one that it charges.
    private static final int TIER_POSTERIOR = 4;
    private static final int TIER_DRAW = 5;
    private static final int CANDIDATE_DRAW = 12;
    private static final int LESSON = 13;
    private static final int TEXT_HEADER_LENGTH = Short.BYTES;

    private RecordShape() {}

    /** null if the record can be decoded; else one line that says what does not fit. */
    static String fault(RecordView record) {
        String ofCommand = faultOfCommand(record);
        return ofCommand != null ? ofCommand : faultOfSections(record);
    }

    private static String faultOfCommand(RecordView record) {
        CommandType type = CommandType.of(record.kind());
        if (type == null) {
            return "this build does not know its kind: kind=" + record.kindCode();
        }
        int header = record.commandOffset();
        int body = header + MessageHeaderDecoder.ENCODED_LENGTH;
        int end = record.sectionsOffset();
        if (body > end
                || unsigned(record, header + MessageHeaderDecoder.templateIdEncodingOffset()) != type.templateId()
                || unsigned(record, header + MessageHeaderDecoder.schemaIdEncodingOffset())
                        != MessageHeaderDecoder.SCHEMA_ID) {
            return "its command is no " + type + ": length=" + record.commandLength();
        }
        int blockLength = unsigned(record, header + MessageHeaderDecoder.blockLengthEncodingOffset());
        if (blockLength < type.blockLength() || body + blockLength > end) {
            return "its command is too short for a " + type + ": length=" + record.commandLength();
        }
        boolean isWhole = type.hasGroup()
                ? isOneGroup(record, body + blockLength, end)
                : areTexts(record, body + blockLength, end, hasText(type) ? 1 : 0);
        return isWhole ? null : "its command does not end where its parts do: length=" + record.commandLength();
    }

    private static boolean isOneGroup(RecordView record, int offset, int end) {
        if (offset + GROUP_HEADER_LENGTH > end) {
            return false;
        }
        int entryLength = record.buffer().getByte(offset) & 0xFF;
        int entries = record.buffer().getByte(offset + 1) & 0xFF;
        return offset + GROUP_HEADER_LENGTH + entryLength * entries == end;
    }

    /** Later versions may append texts. */
    private static boolean areTexts(RecordView record, int offset, int end, int least) {
        int position = offset;
        int count = 0;
        while (position + TEXT_HEADER_LENGTH <= end) {
            position += TEXT_HEADER_LENGTH + unsigned(record, position);
            count++;
        }
        return position == end && count >= least;
    }

    private static boolean hasText(CommandType type) {
        return type.hasText()
                || type == CommandType.POLICY_PART
                || type == CommandType.START
                || type == CommandType.PRINCIPAL;
    }

    private static String faultOfSections(RecordView record) {
        int position = record.sectionsOffset();
        int end = record.lengthBeforeSeal();
        int group = 0;
        while (position + GROUP_HEADER_LENGTH <= end) {
            int entryLength = record.buffer().getByte(position) & 0xFF;
            int entries = record.buffer().getByte(position + 1) & 0xFF;
            if (group < ENTRY_LENGTHS.length && !isEntryCount(group, entries, entryLength)) {
                return "its section " + (group + 1) + " is misshapen: entries=" + entries + ", length=" + entryLength;
            }
            position += GROUP_HEADER_LENGTH + entryLength * entries;
            group++;
        }
        boolean isWhole = position == end && group >= ENTRY_LENGTHS.length;
        return isWhole ? null : "its sections do not fill their length: length=" + record.sectionsLength();
    }

    /**
     * Where an outcome's record says what stands from it on, of the decision and of the one that it charges: an {@code OutcomeLesson} block.
     *
     * @param record of an outcome, without a {@link #fault}.
     * @param behind offset of the one before; 0 for the first.
     * @return its offset; below 0 if there is none any more.
     */
    static int standingOutcome(RecordView record, int behind) {
        DirectBuffer buffer = record.buffer();
        int position = record.sectionsOffset();
        for (int group = 0; group < LESSON; group++) {
            position += GROUP_HEADER_LENGTH + (buffer.getByte(position) & 0xFF) * (buffer.getByte(position + 1) & 0xFF);
        }
        int entryLength = buffer.getByte(position) & 0xFF;
        int entries = buffer.getByte(position + 1) & 0xFF;
        for (int entry = 0; entry < entries; entry++) {
            int offset = position + GROUP_HEADER_LENGTH + entry * entryLength;
            long sequence =
                    buffer.getLong(offset + OutcomeLessonDecoder.sequenceEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
            if (offset > behind && sequence == record.sequence()) {
                return offset;
            }
        }
        return -1;
    }

    private static boolean isEntryCount(int group, int entries, int entryLength) {
        boolean isList = group == TIER_POSTERIOR || group == TIER_DRAW || group == CANDIDATE_DRAW || group == LESSON;
        boolean isAllowed = isList || entries <= (group == STAMP ? STAMPS_MAX : 1);
        return entries == 0 || isAllowed && entryLength >= ENTRY_LENGTHS[group];
    }

    private static int unsigned(RecordView record, int offset) {
        return record.buffer().getShort(offset, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }
}
