package io.ringfence.gateway.client;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import io.ringfence.gateway.transport.Transport;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;

/** One pair of streams between a client and its gateway. */
final class Link implements AutoCloseable {
    static final String RESPONSE_CHANNEL = Transport.CHANNEL_PREFIX;

    private final ExclusivePublication requests;
    private final Subscription answers;

    Link(Aeron aeron, int requestStreamId) {
        this.requests = aeron.addExclusivePublication(Transport.CHANNEL, requestStreamId);
        this.answers = aeron.addSubscription(RESPONSE_CHANNEL, responseStreamId(requestStreamId));
    }

    /** A stream of this link alone: the driver gives each publication of the request stream a session id of its own. */
    private int responseStreamId(int requestStreamId) {
        int sessionId = requests.sessionId();
        return sessionId == requestStreamId ? ~sessionId : sessionId;
    }

    int responseStreamId() {
        return answers.streamId();
    }

    boolean isGatewayListening() {
        return requests.isConnected();
    }

    boolean isGatewaySpeaking() {
        return answers.isConnected();
    }

    long offer(DirectBuffer buffer, int length) {
        return requests.offer(buffer, 0, length);
    }

    int poll(FragmentHandler handler, int limit) {
        return answers.poll(handler, limit);
    }

    @Override
    public void close() {
        CloseHelper.closeAll(requests, answers);
    }
}
