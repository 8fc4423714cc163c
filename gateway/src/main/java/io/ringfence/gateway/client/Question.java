package io.ringfence.gateway.client;

import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RefusedDecoder;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/** One request that is waited for: asked again under the same id until it is answered or the time is up. */
final class Question implements AnswerHandler {
    private static final long ASK_AGAIN_NS = TimeUnit.SECONDS.toNanos(1);

    private final RingfenceClient client;
    private final long clientRequestId;
    private final long deadlineNs;

    private Answer answer;
    private boolean isSent;
    private long askedAtNs;

    Question(RingfenceClient client, long clientRequestId, Duration timeout) {
        this.client = client;
        this.clientRequestId = clientRequestId;
        this.deadlineNs = System.nanoTime() + timeout.toNanos();
    }

    Answer answer(IdleStrategy idle) {
        while (answer == null && System.nanoTime() - deadlineNs < 0) {
            if (!isSent || System.nanoTime() - askedAtNs > ASK_AGAIN_NS) {
                send();
            }
            idle.idle(client.poll(this, 1));
        }
        return answer == null ? Answer.unknown(clientRequestId) : answer;
    }

    private void send() {
        long result = client.offer();
        if (result == RingfenceClient.NOT_CONNECTED) {
            try {
                client.reconnect();
            } catch (IOException stillNoGateway) {
                answer = Answer.unknown(clientRequestId); // It has waited its own time-out: the caller decides.
            }
        }
        if (result == RingfenceClient.CLOSED) {
            answer = Answer.unknown(clientRequestId);
        }
        if (result > 0) {
            isSent = true;
            askedAtNs = System.nanoTime();
        }
    }

    @Override
    public void onDecision(AdmissionDecisionDecoder decision) {
        if (decision.clientRequestId() == clientRequestId && answer == null) {
            answer = new Answer(
                    clientRequestId,
                    new AdmissionDecisionDecoder()
                            .wrap(
                                    copy(decision.buffer(), decision.offset(), AdmissionDecisionDecoder.BLOCK_LENGTH),
                                    0,
                                    AdmissionDecisionDecoder.BLOCK_LENGTH,
                                    AdmissionDecisionDecoder.SCHEMA_VERSION),
                    null);
        }
    }

    @Override
    public void onRefused(RefusedDecoder refused) {
        if (refused.clientRequestId() != clientRequestId || answer != null) {
            return;
        }
        if (refused.reason() == ReasonCode.RING_FULL || refused.reason() == ReasonCode.WINDOW_FULL) {
            isSent = false; // Back pressure: nothing was taken, so it is asked again.
            return;
        }
        answer = new Answer(
                clientRequestId,
                null,
                new RefusedDecoder()
                        .wrap(
                                copy(refused.buffer(), refused.offset(), RefusedDecoder.BLOCK_LENGTH),
                                0,
                                RefusedDecoder.BLOCK_LENGTH,
                                RefusedDecoder.SCHEMA_VERSION));
    }

    private static UnsafeBuffer copy(DirectBuffer source, int offset, int length) {
        byte[] bytes = new byte[length];
        source.getBytes(offset, bytes);
        return new UnsafeBuffer(bytes);
    }
}
