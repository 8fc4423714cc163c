package io.ringfence.gateway.answers;

import io.ringfence.engine.command.Command;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.intake.RequestMemory;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.gateway.client.IpcStreams;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.PrincipalRestartDecoder;
import io.ringfence.schemas.ReasonCode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.LongHashSet;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What the gateway knows of requests: which ids are taken and not answered yet, the sequence of each first answer, and the first answers
 * to the last commands, as they were sent.
 *
 * <p>A first answer's sequence is known as long as intake remembers its request id, principal by principal. An answer is at hand for so
 * many commands; an older one stands in the journal, where its sequence finds it. Both are written when the answer leaves, so that
 * with {@code DISK} nothing is told that the disk may not have yet. One thread at a time; allocates the room of a principal at its
 * first request.
 */
public final class AnswerMemory implements AutoCloseable {
    /** Most commands whose answers can be at hand: 832 MiB of them. */
    public static final int CAPACITY_MAX = 1 << 22;

    /** Commands whose answers are at hand unless configured otherwise: 52 MiB. */
    public static final int DEFAULT_CAPACITY = 1 << 18;

    /** No such answer is at hand; returned in place of an offset. */
    public static final int NONE = -1;

    private static final int RESTARTED_PRINCIPAL =
            MessageHeaderDecoder.ENCODED_LENGTH + PrincipalRestartDecoder.principalIdEncodingOffset();
    private static final int SLOT_LENGTH = BitUtil.align(AnswerEncoder.LENGTH, Long.BYTES);

    private final RequestMemory answered;
    private final Int2ObjectHashMap<LongHashSet> openIds = new Int2ObjectHashMap<>(); // By principal.
    private final ByteBuffer memory;
    private final UnsafeBuffer answers;
    private final long[] sequences; // By slot.

    /**
     * Makes room for answers.
     *
     * @param capacity     last commands whose answers are at hand, rounded up to a power of two; 1 to {@link #CAPACITY_MAX}.
     * @param perPrincipal request ids of one principal that intake remembers.
     */
    public AnswerMemory(int capacity, int perPrincipal) {
        int slots = BitUtil.findNextPositivePowerOfTwo(capacity);
        answered = new RequestMemory(perPrincipal);
        memory = ByteBuffer.allocateDirect(Math.multiplyExact(slots, SLOT_LENGTH));
        answers = new UnsafeBuffer(memory);
        sequences = new long[slots];
    }

    /** Bytes beside the heap that a capacity takes. */
    public static long bytes(int capacity) {
        return (long) BitUtil.findNextPositivePowerOfTwo(capacity) * SLOT_LENGTH;
    }

    /** Remembers the answer to a replayed event, which was answered before: how a start catches up. */
    public void recover(DecisionEvent event, AnswerEncoder encoder) {
        if (event.command().isOfClient() && AnswerEncoder.isFirstOfItsId(event)) {
            encoder.encode(event, answers, add(event.sequence()));
        }
    }

    /** Takes the requests that intake remembers at the end of a start: all of them are answered. Once, before any other. */
    public void begin(RequestMemory ofIntake) {
        ofIntake.copyTo(answered);
    }

    /** Notes a client's command that was taken. */
    public void taken(int principalId, long clientRequestId) {
        LongHashSet open = openIds.get(principalId);
        if (open == null) {
            open = new LongHashSet(2 * IpcStreams.WINDOW_MAX);
            openIds.put(principalId, open);
        }
        open.add(clientRequestId);
    }

    /** Notes that a command that was {@link #taken} is no longer open: it was answered, or refused before it took a sequence. */
    public void ended(int principalId, long clientRequestId) {
        LongHashSet open = openIds.get(principalId);
        if (open != null) {
            open.remove(clientRequestId);
        }
    }

    /** Is a command of this id taken and not answered yet? */
    public boolean isOpen(int principalId, long clientRequestId) {
        LongHashSet open = openIds.get(principalId);
        return open != null && open.contains(clientRequestId);
    }

    /** Is any command of this principal taken and not answered yet? */
    public boolean isAnyOpen(int principalId) {
        LongHashSet open = openIds.get(principalId);
        return open != null && !open.isEmpty();
    }

    /** Remembers the answer to a client's event, which leaves now; not read unless it is the {@linkplain AnswerEncoder#isFirstOfItsId first}. */
    public void record(DecisionEvent event, DirectBuffer answer) {
        Command command = event.command();
        int restarted = restartedPrincipal(event);
        if (restarted != 0) {
            forget(restarted);
        }
        if (AnswerEncoder.isFirstOfItsId(event)) {
            record(command.principalId(), command.clientRequestId(), command.sequence(), answer, 0);
        } else {
            ended(command.principalId(), command.clientRequestId());
        }
    }

    /** Remembers the first answer to a request. Sequences rise from call to call. */
    public void record(int principalId, long clientRequestId, long sequence, DirectBuffer answer, int offset) {
        ended(principalId, clientRequestId);
        answered.remember(principalId, clientRequestId, sequence, 0);
        answers.putBytes(add(sequence), answer, offset, AnswerEncoder.LENGTH);
    }

    private int add(long sequence) {
        sequences[slot(sequence)] = sequence;
        return slot(sequence) * SLOT_LENGTH;
    }

    private int slot(long sequence) {
        return (int) sequence & sequences.length - 1;
    }

    /** The principal to which a command gave a new beginning; 0 for none. */
    public static int restartedPrincipal(DecisionEvent event) {
        boolean isApplied = event.type() == CommandType.PRINCIPAL_RESTART
                && !event.isDuplicate()
                && event.verdict().reason() == ReasonCode.APPLIED;
        return isApplied ? event.command().message().getInt(RESTARTED_PRINCIPAL, ByteOrder.LITTLE_ENDIAN) : 0;
    }

    /** Forgets the request ids of a principal: its answers are found no more. */
    public void forget(int principalId) {
        answered.restart(principalId);
    }

    /** Highest request id of a principal that was answered; 0 for none. */
    public long highestRequestId(int principalId) {
        return answered.highest(principalId);
    }

    /** Sequence of the first answer to a request; 0 if none is known. */
    public long sequence(int principalId, long clientRequestId) {
        return answered.sequence(principalId, clientRequestId);
    }

    /** Where the answers are. */
    public MutableDirectBuffer buffer() {
        return answers;
    }

    /** Offset in {@link #buffer()} of the first answer with this sequence, or {@link #NONE}. */
    public int find(long sequence) {
        int slot = slot(sequence);
        return sequences[slot] == sequence ? slot * SLOT_LENGTH : NONE;
    }

    /** Gives the memory back, without waiting for a garbage collector that has no reason to run. Not to be used after. */
    @Override
    public void close() {
        answers.wrap(0, 0);
        BufferUtil.free(memory);
    }
}
