package io.ringfence.gateway.answers;

import io.ringfence.engine.command.Command;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.AdmissionDecisionEncoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.PrincipalRestartDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Tristate;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.MutableLong;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The first answers to the requests among the last commands, as they were sent, with whether their holds still stand; and the highest
 * request id of each principal.
 *
 * <p>What is repeated of an answer is written when that answer leaves, so that with {@code DISK} nothing is told that the disk may not
 * have yet; a start writes it from the journal. An answer's slot follows from its sequence; the answer of a later command overwrites it.
 * Answers are found by principal and request id through chains that run from the newest of a bucket to older ones; a link to an
 * overwritten answer ends the chain, so nothing is ever removed. One thread at a time; allocates nothing except for the first request
 * of a principal.
 */
public final class AnswerMemory implements AutoCloseable {
    /** Most commands whose answers can be kept: 832 MiB of them. */
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
    private static final int RESTARTED_PRINCIPAL = BODY + PrincipalRestartDecoder.principalIdEncodingOffset();
    private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;
    private static final int RUN_BITS = 12;
    private static final int PRINCIPAL_SHIFT = 40;

    private final Int2ObjectHashMap<MutableLong> highestRequestIds = new Int2ObjectHashMap<>();
    private final ByteBuffer memory;
    private final UnsafeBuffer answers;
    private final int[] principalIds;
    private final long[] deadlinesNs;
    private final long[] sequences; // By slot, as the three below.
    private final long[] previous; // Sequence of the next older answer of the bucket; 0 for none.
    private final long[] newest; // By bucket: sequence of its newest answer; 0 for none.

    private long sweptToNs;

    /**
     * Makes room for answers.
     *
     * @param capacity last commands whose answers are kept, rounded up to a power of two; 1 to {@link #CAPACITY_MAX}.
     */
    public AnswerMemory(int capacity) {
        int slots = BitUtil.findNextPositivePowerOfTwo(capacity);
        memory = ByteBuffer.allocateDirect(Math.multiplyExact(slots, SLOT_LENGTH));
        answers = new UnsafeBuffer(memory);
        principalIds = new int[slots];
        deadlinesNs = new long[slots];
        sequences = new long[slots];
        previous = new long[slots];
        newest = new long[slots];
    }

    /**
     * Remembers what an event that is answered brought about.
     *
     * @param answer its first answer; not read for an event that is no client's, or a duplicate.
     */
    public void record(DecisionEvent event, DirectBuffer answer) {
        int offset = note(event);
        if (offset != NONE) {
            answers.putBytes(offset, answer, 0, AnswerEncoder.LENGTH);
        }
    }

    /** Remembers what a replayed event brought about, which was answered before: how a start catches up. */
    public void recover(DecisionEvent event, AnswerEncoder encoder) {
        int offset = note(event);
        if (offset != NONE) {
            encoder.encode(event, answers, offset);
        }
    }

    /** Returns where the event's answer is to be written, or {@link #NONE} if it is not kept. */
    private int note(DecisionEvent event) {
        Command command = event.command();
        if (command.type() == CommandType.TICK) {
            sweptTo(command.timestampNs());
        } else if (command.isOfClient() && !event.isDuplicate()) {
            if (event.verdict().isHoldEnded()) {
                holdEnded(command.holdId());
            }
            if (restartedPrincipal(event) != 0) {
                forget(restartedPrincipal(event));
            }
            if (AnswerEncoder.isFirstOfItsId(event)) {
                seen(command.principalId(), command.clientRequestId());
                return add(
                        command.principalId(),
                        command.clientRequestId(),
                        command.sequence(),
                        AnswerEncoder.holdDeadlineNs(event));
            }
        }
        return NONE;
    }

    /** Notes a request id of a principal that intake has remembered; one that it refused is none of the principal's ids. */
    public void seen(int principalId, long clientRequestId) {
        MutableLong known = highestRequestIds.get(principalId);
        if (known == null) {
            highestRequestIds.put(principalId, new MutableLong(clientRequestId));
        } else if (clientRequestId > known.get()) {
            known.set(clientRequestId);
        }
    }

    /** The principal to which a command gave a new beginning; 0 for none. */
    public static int restartedPrincipal(DecisionEvent event) {
        boolean isApplied = event.type() == CommandType.PRINCIPAL_RESTART
                && !event.isDuplicate()
                && event.verdict().reason() == ReasonCode.APPLIED;
        return isApplied ? event.command().message().getInt(RESTARTED_PRINCIPAL, ByteOrder.LITTLE_ENDIAN) : 0;
    }

    /** Forgets the request ids of a principal. Its answers are found no more; what is told of its holds stays. */
    public void forget(int principalId) {
        highestRequestIds.remove(principalId);
        for (int slot = 0; slot < principalIds.length; slot++) {
            principalIds[slot] = principalIds[slot] == principalId ? 0 : principalIds[slot];
        }
    }

    /** Highest request id of a principal; 0 for none. */
    public long highestRequestId(int principalId) {
        MutableLong known = highestRequestIds.get(principalId);
        return known == null ? 0 : known.get();
    }

    /** Where the answers are. */
    public MutableDirectBuffer buffer() {
        return answers;
    }

    /**
     * Makes an entry for a first answer, in place of an older one.
     *
     * @param sequence of its command; above that of the last answer.
     * @return the offset in {@link #buffer()} at which the caller writes the answer, of {@link AnswerEncoder#LENGTH} bytes, before
     *         the next call.
     */
    public int add(int principalId, long clientRequestId, long sequence, long deadlineNs) {
        int slot = slot(sequence);
        int bucket = bucket(principalId, clientRequestId);
        principalIds[slot] = principalId;
        deadlinesNs[slot] = deadlineNs;
        sequences[slot] = sequence;
        previous[slot] = newest[bucket];
        newest[bucket] = sequence;
        return slot * SLOT_LENGTH;
    }

    private int slot(long sequence) {
        return (int) sequence & sequences.length - 1;
    }

    private boolean isKept(long sequence) {
        return sequence > 0 && sequences[slot(sequence)] == sequence;
    }

    /**
     * A run of 4,096 ids of a principal falls into neighbouring buckets: it touches few cache lines. Runs are scattered, because ids
     * that grow in steps of a power of two would otherwise share one bucket.
     */
    private int bucket(int principalId, long clientRequestId) {
        long run = clientRequestId >>> RUN_BITS ^ (long) principalId << PRINCIPAL_SHIFT;
        return (int) (clientRequestId + (run * SPREAD >>> Integer.SIZE)) & newest.length - 1;
    }

    /** Offset in {@link #buffer()} of the first answer to a request, or {@link #NONE}. */
    public int find(int principalId, long clientRequestId) {
        long sequence = newest[bucket(principalId, clientRequestId)];
        while (isKept(sequence)) {
            int slot = slot(sequence);
            int offset = slot * SLOT_LENGTH;
            if (principalIds[slot] == principalId && getLong(offset + REQUEST_ID) == clientRequestId) {
                return offset;
            }
            sequence = previous[slot];
        }
        return NONE;
    }

    /** Notes that a hold has ended; does nothing when its answer is no longer kept. */
    public void holdEnded(long holdId) {
        if (isKept(holdId)) {
            answers.putByte(slot(holdId) * SLOT_LENGTH + HOLD_STANDS, (byte) Tristate.NO.value());
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
        if (!isKept(holdId)) { // A replace names the hold of the order that it changes.
            return Tristate.UNKNOWN;
        }
        int slot = slot(holdId);
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
