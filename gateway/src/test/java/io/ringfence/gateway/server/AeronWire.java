package io.ringfence.gateway.server;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.ringfence.gateway.client.IpcStreams;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;

/** An Aeron client of its own. */
final class AeronWire implements Wire {
    private final Aeron aeron;
    private final ExclusivePublication requests;
    private final Subscription answers;

    /** Finds the media driver and waits until somebody listens. */
    AeronWire(String aeronDirectory, int requestStreamId, int responseStreamId) {
        aeron = Aeron.connect(new Aeron.Context()
                .aeronDirectoryName(aeronDirectory)
                .errorHandler(
                        failed -> {})); // The default ends the process when the driver goes before the client does.
        requests = aeron.addExclusivePublication(IpcStreams.CHANNEL, requestStreamId);
        answers = aeron.addSubscription(IpcStreams.CHANNEL_PREFIX, responseStreamId);
        RawClient.await(requests::isConnected);
    }

    @Override
    public int responseStreamId() {
        return answers.streamId();
    }

    @Override
    public boolean offer(byte[] message) {
        return requests.offer(new UnsafeBuffer(message), 0, message.length) > 0;
    }

    @Override
    public int poll(Reader reader) {
        return answers.poll((buffer, offset, length, header) -> reader.onReply(buffer, offset), 1);
    }

    @Override
    public boolean isAnswered() {
        return answers.isConnected();
    }

    @Override
    public void stopListening() {
        answers.close();
    }

    @Override
    public void close() {
        CloseHelper.closeAll(requests, answers, aeron);
    }
}
