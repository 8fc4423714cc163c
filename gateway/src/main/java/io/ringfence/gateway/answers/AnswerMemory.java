package io.ringfence.gateway.answers;

import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.AdmissionDecisionEncoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.Tristate;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The first answers to the last requests, as they were sent, with whether their holds still stand.
 *
 * <p>A ring of encoded answers, oldest overwritten, found by principal and request id through chains that run from the
 * newest entry of a bucket to older ones; a link to an overwritten entry ends the chain, so nothing is ever removed.
 * Used by the duty cycle only; allocates nothing.
 */
public final class AnswerMemory implements AutoCloseable {
    /** Most answers that can be kept: 832 MiB of them. */
    public static final int CAPACITY_MAX = 1 << 22;

    /** No answer is kept; returned in place of an offset. */
    public static final int NONE = -1;

    /** A hold that no sweep ends. */
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    private static final int SLOT_LENGTH = BitUtil.align(AnswerEncoder.LENGTH, Long.BYTES);
    private static final int BODY = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int REQUEST_ID = BODY + AdmissionDecisionEncoder.clientRequestIdEncodingOffset();
    private static final int HOLD_ID = BODY + AdmissionDecisionEncoder.holdIdEncodingOffset();
    private static final int HOLD_STANDS = BODY + AdmissionDecisionEncoder.holdStandsEncodingOffset();
    private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;
    private static final int RUN_BITS = 12;
    private static final int PRINCIPAL_SHIFT = 40;

    private final SequenceIndex index;
    private final ByteBuffer memory;
    private final UnsafeBuffer answers;
    private final int[] principalIds;
    private final long[] deadlinesNs;
    private final long[] previousOrdinals;
    private final long[] newestOrdinals;

    private long sweptToNs;

    /**
     * Makes room for answers.
     *
     * @param capacity how many are kept, rounded up to a power of two; 1 to {@link #CAPACITY_MAX}.
     */
    public AnswerMemory(int capacity) {
        index = new SequenceIndex(capacity);
        memory = ByteBuffer.allocateDirect(Math.multiplyExact(index.capacity(), SLOT_LENGTH));
        answers = new UnsafeBuffer(memory);
        principalIds = new int[index.capacity()];
        deadlinesNs = new long[index.capacity()];
        previousOrdinals = new long[index.capacity()];
        newestOrdinals = new long[index.capacity()];
        Arrays.fill(newestOrdinals, SequenceIndex.NONE);
    }

    /** Where the answers are. */
    public MutableDirectBuffer buffer() {
        return answers;
    }

    /**
     * Makes an entry for a first answer, in place of the oldest.
     *
     * @return the offset in {@link #buffer()} at which the caller writes the answer, of {@link AnswerEncoder#LENGTH} bytes, before
     *         the next call.
     */
    public int add(int principalId, long clientRequestId, long sequence, long deadlineNs) {
        long ordinal = index.add(sequence);
        int slot = index.slot(ordinal);
        int bucket = bucket(principalId, clientRequestId);
        principalIds[slot] = principalId;
        deadlinesNs[slot] = deadlineNs;
        previousOrdinals[slot] = newestOrdinals[bucket];
        newestOrdinals[bucket] = ordinal;
        return slot * SLOT_LENGTH;
    }

    /**
     * A run of 4,096 ids of a principal falls into neighbouring buckets: it touches few cache lines. Runs are scattered, because ids
     * that grow in steps of a power of two would otherwise share one bucket.
     */
    private int bucket(int principalId, long clientRequestId) {
        long run = clientRequestId >>> RUN_BITS ^ (long) principalId << PRINCIPAL_SHIFT;
        return (int) (clientRequestId + (run * SPREAD >>> Integer.SIZE)) & (newestOrdinals.length - 1);
    }

    /** Offset in {@link #buffer()} of the first answer to a request, or {@link #NONE}. */
    public int find(int principalId, long clientRequestId) {
        long ordinal = newestOrdinals[bucket(principalId, clientRequestId)];
        while (index.isKept(ordinal)) {
            int slot = index.slot(ordinal);
            int offset = slot * SLOT_LENGTH;
            if (principalIds[slot] == principalId && getLong(offset + REQUEST_ID) == clientRequestId) {
                return offset;
            }
            ordinal = previousOrdinals[slot];
        }
        return NONE;
    }

    /** Notes that a hold has ended; does nothing when its answer is no longer kept. */
    public void holdEnded(long holdId) {
        long ordinal = index.find(holdId);
        if (ordinal != SequenceIndex.NONE) {
            answers.putByte(index.slot(ordinal) * SLOT_LENGTH + HOLD_STANDS, (byte) Tristate.NO.value());
        }
    }

    /** Notes that holds whose deadline had come by this event time were swept. */
    public void sweptTo(long timestampNs) {
        sweptToNs = timestampNs;
    }

    /**
     * Does the hold that an answer named still stand? UNKNOWN when the hold is older than what is kept.
     *
     * <p>A hold whose deadline has been swept over is told as ended, even if the sweep's limit left it for the next one.
     */
    public Tristate holdStands(int offset) {
        long holdId = getLong(offset + HOLD_ID);
        if (holdId == AdmissionDecisionDecoder.holdIdNullValue()) {
            return Tristate.NO;
        }
        long ordinal = index.find(holdId); // A replace names the hold of the order that it changes.
        if (ordinal == SequenceIndex.NONE) {
            return Tristate.UNKNOWN;
        }
        int slot = index.slot(ordinal);
        boolean hasEnded = answers.getByte(slot * SLOT_LENGTH + HOLD_STANDS) != Tristate.YES.value()
                || deadlinesNs[slot] <= sweptToNs;
        return hasEnded ? Tristate.NO : Tristate.YES;
    }

    private long getLong(int offset) {
        return answers.getLong(offset, ByteOrder.LITTLE_ENDIAN);
    }

    /** Gives the memory back, without waiting for a garbage collector that has no reason to run. Not to be used after. */
    @Override
    public void close() {
        answers.wrap(0, 0);
        BufferUtil.free(memory);
    }
}
