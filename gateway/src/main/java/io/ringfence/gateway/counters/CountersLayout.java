package io.ringfence.gateway.counters;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersReader;

/**
 * The counters file, little endian: a header page, Agrona's counter descriptions, Agrona's counter values.
 *
 * <pre>
 *   0 magic "ringctr1"      8 version u32      12 counters that fit u32    16 process id u64
 *  24 started at, ns u64   32 mode, 16 bytes ASCII, zero padded            48 durability, 16 bytes likewise
 *  64 ended at, ns u64: when it stopped cleanly, 0 until then             72 zeros
 * 128 policy in force: epoch u64, sequence of its activation u64, digest 32 bytes         176 zeros up to 4096
 *  4096 descriptions: 512 bytes a counter, then values: 128 bytes a counter
 * </pre>
 *
 * The magic is written last, so that a reader never takes a file that is being made for a whole one.
 */
final class CountersLayout {
    static final long MAGIC = 0x31727463_676e6972L;
    static final int VERSION = 3;
    static final int COUNTER_COUNT = 14_336;
    static final int TEXT_LENGTH = 16;

    static final int MAGIC_OFFSET = 0;
    static final int VERSION_OFFSET = MAGIC_OFFSET + Long.BYTES;
    static final int COUNTER_COUNT_OFFSET = VERSION_OFFSET + Integer.BYTES;
    static final int PROCESS_ID_OFFSET = COUNTER_COUNT_OFFSET + Integer.BYTES;
    static final int STARTED_AT_OFFSET = PROCESS_ID_OFFSET + Long.BYTES;
    static final int MODE_OFFSET = STARTED_AT_OFFSET + Long.BYTES;
    static final int DURABILITY_OFFSET = MODE_OFFSET + TEXT_LENGTH;
    static final int ENDED_AT_OFFSET = DURABILITY_OFFSET + TEXT_LENGTH;
    static final int POLICY_OFFSET = 128;
    static final int DESCRIPTIONS_OFFSET = 4_096;

    private CountersLayout() {}

    static long fileLength(int counterCount) {
        return valuesOffset(counterCount) + (long) counterCount * CountersReader.COUNTER_LENGTH;
    }

    static long valuesOffset(int counterCount) {
        return DESCRIPTIONS_OFFSET + (long) counterCount * CountersReader.METADATA_LENGTH;
    }

    static UnsafeBuffer descriptions(MappedByteBuffer file, int counterCount) {
        return new UnsafeBuffer(file, DESCRIPTIONS_OFFSET, counterCount * CountersReader.METADATA_LENGTH);
    }

    static UnsafeBuffer values(MappedByteBuffer file, int counterCount) {
        return new UnsafeBuffer(
                file, Math.toIntExact(valuesOffset(counterCount)), counterCount * CountersReader.COUNTER_LENGTH);
    }

    static ByteBuffer header(MappedByteBuffer file) {
        return file.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }
}
