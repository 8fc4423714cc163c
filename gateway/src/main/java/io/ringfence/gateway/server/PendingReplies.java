package io.ringfence.gateway.server;

import io.ringfence.engine.command.Command;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.Verdict;
import io.ringfence.gateway.answers.AnswerEncoder;
import io.ringfence.gateway.answers.AnswerMemory;
import io.ringfence.gateway.session.Session;
import io.ringfence.schemas.AdmissionDecisionEncoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.BitUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RecordDescriptor;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * Replies that wait for their record to be on the disk, encoded, in the order of their sequences.
 *
 * <pre>
 *   sequence 8 | session id 4 | principal id 4 | body
 *   first:   AdmissionDecision
 *   other:   AdmissionDecision
 *   repeat:  request id 8 | first sequence 8 | hold of the first one that stands 8, or 0
 *   restart: principal that begins anew 8
 *   welcome: nothing
 * </pre>
 *
 * <p>The first answer to a request id enters the memory of answers when it leaves, any other does not: a query is told nothing that the
 * disk may not have yet. For the duty cycle; allocates nothing.
 */
final class PendingReplies {
    private static final int LENGTH = 1 << 23;

    /** What must be free before one more command is taken: its own reply, with room to spare for those that are always taken. */
    private static final int KEPT_FREE = 1 << 20;

    private static final int FIRST = 1;
    private static final int OTHER = 2;
    private static final int REPEAT = 3;
    private static final int WELCOME = 4;
    private static final int RESTART = 5;
    private static final int SESSION_ID = Long.BYTES;
    private static final int PRINCIPAL_ID = SESSION_ID + Integer.BYTES;
    private static final int BODY = 2 * Long.BYTES;
    private static final int FIRST_SEQUENCE = BODY + Long.BYTES;
    private static final int HOLD_ID = FIRST_SEQUENCE + Long.BYTES;
    private static final int REQUEST_ID =
            BODY + MessageHeaderEncoder.ENCODED_LENGTH + AdmissionDecisionEncoder.clientRequestIdEncodingOffset();
    private static final int LONGEST_ENTRY =
            BitUtil.align(RecordDescriptor.HEADER_LENGTH + BODY + AnswerEncoder.LENGTH, RecordDescriptor.ALIGNMENT);

    private final OneToOneRingBuffer queue = new OneToOneRingBuffer(
            new UnsafeBuffer(ByteBuffer.allocateDirect(LENGTH + RingBufferDescriptor.TRAILER_LENGTH)));
    private final ControlledMessageHandler handler = this::onMessage;
    private final Replies replies;
    private final AnswerMemory answers;
    private final AnswerEncoder encoder;
    private long releasedSequence;

    PendingReplies(Replies replies, AnswerMemory answers, AnswerEncoder encoder) {
        this.replies = replies;
        this.answers = answers;
        this.encoder = encoder;
    }

    boolean isEmpty() {
        return queue.size() == 0;
    }

    /**
     * Is there room for one more reply? Half of what is kept free is for commands that must not wait behind admissions.
     *
     * @param takenCount commands on the ring, whose replies are yet to be added: there must be room for these too.
     */
    boolean hasRoom(boolean mayTakeKeptRoom, int takenCount) {
        long freeLength = LENGTH - queue.size() - (long) takenCount * LONGEST_ENTRY;
        return freeLength >= (mayTakeKeptRoom ? KEPT_FREE / 2 : KEPT_FREE);
    }

    /** Keeps the reply to an appended command of a client, or the welcome of an opened session. */
    void add(DecisionEvent event) {
        Command command = event.command();
        if (command.type() == CommandType.SESSION_OPENED) {
            queue.commit(claim(WELCOME, 0, command));
        } else if (event.isDuplicate()) {
            int index = claim(REPEAT, 3 * Long.BYTES, command);
            queue.buffer().putLong(index + BODY, command.clientRequestId());
            queue.buffer().putLong(index + FIRST_SEQUENCE, event.originalSequence());
            queue.buffer().putLong(index + HOLD_ID, event.verdict().holdId());
            queue.commit(index);
        } else {
            addRestart(AnswerMemory.restartedPrincipal(event), command);
            int index = claim(AnswerEncoder.isFirstOfItsId(event) ? FIRST : OTHER, AnswerEncoder.LENGTH, command);
            encoder.encode(event, queue.buffer(), index + BODY);
            queue.commit(index);
        }
    }

    /** Answers of before that wait for the disk enter the memory first, and are forgotten with the others. */
    private void addRestart(int principalId, Command command) {
        if (principalId != 0) {
            int index = claim(RESTART, Long.BYTES, command);
            queue.buffer().putLong(index + BODY, principalId);
            queue.commit(index);
        }
    }

    private int claim(int type, int bodyLength, Command command) {
        int index = queue.tryClaim(type, BODY + bodyLength);
        if (index < 0) {
            throw new IllegalStateException("a reply must find room: sequence=" + command.sequence());
        }
        queue.buffer().putLong(index, command.sequence());
        queue.buffer().putInt(index + SESSION_ID, command.sessionId());
        queue.buffer().putInt(index + PRINCIPAL_ID, command.principalId());
        return index;
    }

    /** Sends what may leave, oldest first; returns how many left. */
    int release(long upToSequence) {
        releasedSequence = upToSequence;
        return queue.controlledRead(handler);
    }

    private ControlledMessageHandler.Action onMessage(int type, MutableDirectBuffer buffer, int index, int length) {
        long sequence = buffer.getLong(index);
        if (sequence > releasedSequence) {
            return ControlledMessageHandler.Action.ABORT;
        }
        int sessionId = buffer.getInt(index + SESSION_ID);
        int principalId = buffer.getInt(index + PRINCIPAL_ID);
        switch (type) {
            case FIRST -> {
                long requestId = buffer.getLong(index + REQUEST_ID, ByteOrder.LITTLE_ENDIAN);
                answers.record(principalId, requestId, sequence, buffer, index + BODY);
                answer(sessionId, buffer, index + BODY);
            }
            case OTHER -> {
                answers.ended(principalId, buffer.getLong(index + REQUEST_ID, ByteOrder.LITTLE_ENDIAN));
                answer(sessionId, buffer, index + BODY);
            }
            case REPEAT -> {
                long requestId = buffer.getLong(index + BODY);
                answers.ended(principalId, requestId);
                boolean isHoldStanding = buffer.getLong(index + HOLD_ID) != Verdict.NO_HOLD;
                replies.repeat(sessionId, requestId, buffer.getLong(index + FIRST_SEQUENCE), isHoldStanding);
            }
            case RESTART -> answers.forget((int) buffer.getLong(index + BODY));
            default -> replies.welcome(sessionId, sequence);
        }
        return ControlledMessageHandler.Action.CONTINUE;
    }

    private void answer(int sessionId, MutableDirectBuffer buffer, int offset) {
        Session session = replies.sessions().named(sessionId);
        if (session != null) {
            session.answer(buffer, offset, AnswerEncoder.LENGTH, replies.nowNs());
        }
    }
}
