package io.ringfence.perf.floor;

import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import io.ringfence.schemas.Action;
import io.ringfence.schemas.AdmissionDecisionEncoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OrderRequestDecoder;
import io.ringfence.schemas.ReasonCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Receives, records, answers: one spinning thread.
 *
 * <p>Without a journal it sends each message back as it is. With one it answers each message as soon as its record is
 * appended, or, when forced, takes all messages that are there, appends them, forces once and answers them all.
 */
final class FloorServer implements Runnable, FragmentHandler {
    private static final int INVOKE_EVERY_TURNS = 100;
    private static final int ANSWER_LENGTH =
            MessageHeaderEncoder.ENCODED_LENGTH + AdmissionDecisionEncoder.BLOCK_LENGTH;
    private static final int REQUEST_ID_OFFSET =
            MessageHeaderEncoder.ENCODED_LENGTH + AdmissionDecisionEncoder.clientRequestIdEncodingOffset();
    private static final int SEQUENCE_OFFSET =
            MessageHeaderEncoder.ENCODED_LENGTH + AdmissionDecisionEncoder.sequenceEncodingOffset();
    private static final int HASH_OFFSET =
            MessageHeaderEncoder.ENCODED_LENGTH + AdmissionDecisionEncoder.entryHashEncodingOffset();
    private static final int FRAGMENT_LIMIT = 16;

    private final Subscription requests;
    private final ExclusivePublication replies;
    private final Runnable media;
    private final FloorJournal journal;
    private final boolean isForced;
    private final UnsafeBuffer answer = new UnsafeBuffer(new byte[ANSWER_LENGTH]);
    private final long[] pendingIds;
    private int pendingCount;
    private long answered;
    private volatile boolean isStopped;
    private volatile Throwable failure;

    /**
     * @param media    has driver and client do what is due.
     * @param journal  null for an echo.
     * @param isForced answers wait for a force.
     * @param inflight most messages in one group.
     */
    FloorServer(
            Subscription requests,
            ExclusivePublication replies,
            Runnable media,
            FloorJournal journal,
            boolean isForced,
            int inflight) {
        this.requests = requests;
        this.replies = replies;
        this.media = media;
        this.journal = journal;
        this.isForced = isForced;
        this.pendingIds = new long[inflight];
        new AdmissionDecisionEncoder()
                .wrapAndApplyHeader(answer, 0, new MessageHeaderEncoder())
                .action(Action.EXECUTE)
                .reason(ReasonCode.NONE);
    }

    @Override
    public void run() {
        try {
            int turns = 0;
            while (!isStopped) {
                if (isForced) {
                    group();
                } else {
                    requests.poll(this, FRAGMENT_LIMIT);
                }
                if (++turns % INVOKE_EVERY_TURNS == 0) {
                    media.run();
                }
            }
        } catch (IOException | RuntimeException | Error broken) {
            failure = broken;
        }
    }

    private void group() throws IOException {
        int polled = 1;
        while (polled > 0 && pendingCount < pendingIds.length) {
            polled = requests.poll(this, pendingIds.length - pendingCount);
        }
        if (pendingCount == 0) {
            return;
        }
        journal.force();
        long firstSequence = journal.sequence() - pendingCount + 1;
        for (int i = 0; i < pendingCount; i++) {
            answer(pendingIds[i], firstSequence + i);
        }
        pendingCount = 0;
    }

    @Override
    public void onFragment(DirectBuffer buffer, int offset, int length, Header header) {
        if (journal == null) {
            send(buffer, offset, length);
            return;
        }
        int recordLength = (int) buffer.getLong(offset + FloorLink.RECORD_LENGTH_OFFSET, ByteOrder.LITTLE_ENDIAN);
        long requestId = buffer.getLong(offset + FloorLink.REQUEST_ID_OFFSET, ByteOrder.LITTLE_ENDIAN);
        int templateId =
                buffer.getShort(offset + MessageHeaderDecoder.templateIdEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
        if (templateId == OrderRequestDecoder.TEMPLATE_ID) {
            journal.order(buffer, offset, length, recordLength);
        } else {
            journal.report(buffer, offset, length, recordLength);
        }
        if (isForced) {
            pendingIds[pendingCount++] = requestId;
        } else {
            answer(requestId, journal.sequence());
        }
    }

    private void answer(long requestId, long sequence) {
        answer.putLong(REQUEST_ID_OFFSET, requestId, ByteOrder.LITTLE_ENDIAN);
        answer.putLong(SEQUENCE_OFFSET, sequence, ByteOrder.LITTLE_ENDIAN);
        journal.copyEntryHash(answer, HASH_OFFSET);
        send(answer, 0, ANSWER_LENGTH);
    }

    private void send(DirectBuffer buffer, int offset, int length) {
        while (replies.offer(buffer, offset, length) < 0) {
            if (isStopped) {
                return;
            }
            media.run(); // It moves the limit up to which may be sent, and runs on no other thread.
        }
        answered++;
    }

    /** Asks the thread to end. Any thread. */
    void stop() {
        isStopped = true;
    }

    /** Messages answered; after the thread has ended. */
    long answered() {
        return answered;
    }

    /** Throws what ended the thread before it was asked to. */
    void requireWhole() {
        if (failure instanceof IOException broken) {
            throw new UncheckedIOException("the floor could not write: " + broken.getMessage(), broken);
        }
        if (failure != null) {
            throw new IllegalStateException("the floor's server failed: " + failure, failure);
        }
    }
}
