package io.ringfence.gateway.replay;

import io.ringfence.journal.record.RecordView;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.OutcomeFactsDecoder;
import io.ringfence.schemas.OutcomeLessonDecoder;
import io.ringfence.schemas.RecordHeaderDecoder;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.agrona.DirectBuffer;

/**
 * Names the fields of records by the schema's own names, and says in which of them two differ.
 *
 * <p>Offsets and lengths are those that the generated codecs state. Allocates; for what has gone wrong only.
 */
final class RecordFields {
    private static final String OFFSET_SUFFIX = "EncodingOffset";
    private static final String LENGTH_SUFFIX = "EncodingLength";
    private static final String NULL_SUFFIX = "NullValue";
    private static final List<Field> STAMP = fields(OutcomeFactsDecoder.class);
    private static final List<Field> LESSON = fields(OutcomeLessonDecoder.class);

    private RecordFields() {}

    /** A field of a block: its name in the schema, its offset from the block's begin, its length in bytes, its null if it has one. */
    private record Field(String name, int offset, int length, Number nullValue) {}

    /** The fields of a generated decoder, ascending by offset. */
    private static List<Field> fields(Class<?> decoder) {
        List<Field> fields = new ArrayList<>();
        for (Method method : decoder.getDeclaredMethods()) {
            if (method.getName().endsWith(OFFSET_SUFFIX)) {
                String name = method.getName().substring(0, method.getName().length() - OFFSET_SUFFIX.length());
                fields.add(new Field(
                        name,
                        number(decoder, name + OFFSET_SUFFIX).intValue(),
                        number(decoder, name + LENGTH_SUFFIX).intValue(),
                        number(decoder, name + NULL_SUFFIX)));
            }
        }
        fields.sort(Comparator.comparingInt(Field::offset));
        return fields;
    }

    /** What a static method of a generated decoder says; null if it has no such method. */
    private static Number number(Class<?> decoder, String method) {
        try {
            return (Number) decoder.getMethod(method).invoke(null);
        } catch (NoSuchMethodException hasNone) {
            return null;
        } catch (ReflectiveOperationException notGenerated) {
            throw new IllegalStateException(method + " must be a public static method of " + decoder, notGenerated);
        }
    }

    /**
     * The first field in which two stamps of facts differ, with both values.
     *
     * @param stamped begins with the stamp of the record.
     * @param decided begins with what the decision says.
     * @return null where they are the same.
     */
    static String ofStamps(DirectBuffer stamped, DirectBuffer decided) {
        return difference("stamp", STAMP, stamped, 0, decided, 0, "stamped", "decided");
    }

    /** The same of two stamps of an earlier outcome. */
    static String ofLessons(DirectBuffer stamped, DirectBuffer stood) {
        return difference("lesson", LESSON, stamped, 0, stood, 0, "stamped", "recorded");
    }

    /**
     * The first field in which a record differs from the one that replay wrote, with both values.
     *
     * @param record         its shape checked.
     * @param replayed       from 0; holds the same command.
     * @param replayedLength before its seal, in bytes.
     * @return null where they are the same.
     */
    static String ofRecords(RecordView record, DirectBuffer replayed, int replayedLength) {
        String ofMessage = ofBlocks("messageHeader", MessageHeaderDecoder.class, record, replayed, 0);
        if (ofMessage != null) {
            return ofMessage; // Where the lengths of the blocks behind differ, nothing else stands at the same place.
        }
        String ofSections = ofSections(record, replayed);
        if (ofSections != null) {
            return ofSections;
        }
        if (record.lengthBeforeSeal() != replayedLength) {
            return text("length of the record", record.lengthBeforeSeal(), replayedLength);
        }
        return ofBlocks("header", RecordHeaderDecoder.class, record, replayed, RecordView.BLOCK_OFFSET);
    }

    private static String ofSections(RecordView record, DirectBuffer replayed) {
        DirectBuffer recorded = record.buffer();
        int recordedOffset = record.sectionsOffset();
        int replayedOffset = record.sectionsOffset();
        for (Class<?> group : RecordShape.GROUPS) {
            String name = name(group);
            int recordedEntry = unsigned(recorded, recordedOffset);
            int replayedEntry = unsigned(replayed, replayedOffset);
            int count = unsigned(recorded, recordedOffset + 1);
            int replayedCount = unsigned(replayed, replayedOffset + 1);
            if (count != replayedCount) {
                return text(name + ", entries", count, replayedCount);
            }
            if (recordedEntry != replayedEntry) {
                return text(name + ", length of an entry", recordedEntry, replayedEntry);
            }
            recordedOffset += RecordShape.GROUP_HEADER_LENGTH;
            replayedOffset += RecordShape.GROUP_HEADER_LENGTH;
            List<Field> fields = fields(group);
            for (int entry = 1; entry <= count; entry++) {
                String place = count == 1 ? name : name + " " + entry;
                String difference = difference(
                        place, fields, recorded, recordedOffset, replayed, replayedOffset, "recorded", "replayed");
                if (difference != null) {
                    return difference;
                }
                recordedOffset += recordedEntry;
                replayedOffset += replayedEntry;
            }
        }
        return null;
    }

    private static String ofBlocks(
            String name, Class<?> decoder, RecordView record, DirectBuffer replayed, int offset) {
        return difference(name, fields(decoder), record.buffer(), offset, replayed, offset, "recorded", "replayed");
    }

    private static String difference(
            String place,
            List<Field> fields,
            DirectBuffer one,
            int oneOffset,
            DirectBuffer other,
            int otherOffset,
            String oneWord,
            String otherWord) {
        for (Field field : fields) {
            for (int i = field.offset(); i < field.offset() + field.length(); i++) {
                if (one.getByte(oneOffset + i) != other.getByte(otherOffset + i)) {
                    return place + "." + field.name() + ": " + oneWord + " " + value(one, oneOffset, field) + ", "
                            + otherWord + " " + value(other, otherOffset, field);
                }
            }
        }
        return null;
    }

    /** A number of at most 8 bytes, signed where it has 8; hex digits where it is longer. */
    private static String value(DirectBuffer buffer, int blockOffset, Field field) {
        int begin = blockOffset + field.offset();
        if (field.length() > Long.BYTES) {
            byte[] bytes = new byte[field.length()];
            buffer.getBytes(begin, bytes);
            return HexFormat.of().formatHex(bytes);
        }
        long number = 0;
        for (int i = field.length() - 1; i >= 0; i--) {
            number = number << Byte.SIZE | unsigned(buffer, begin + i);
        }
        return field.nullValue() != null && number == (field.nullValue().longValue() & mask(field))
                ? "null"
                : Long.toString(number);
    }

    private static long mask(Field field) {
        return field.length() == Long.BYTES ? -1L : (1L << field.length() * Byte.SIZE) - 1;
    }

    private static String text(String what, long recorded, long replayed) {
        return what + ": recorded " + recorded + ", replayed " + replayed;
    }

    private static String name(Class<?> group) {
        String name = group.getSimpleName();
        return Character.toLowerCase(name.charAt(0)) + name.substring(1, name.length() - "Decoder".length());
    }

    private static int unsigned(DirectBuffer buffer, int offset) {
        return buffer.getByte(offset) & 0xFF;
    }
}
