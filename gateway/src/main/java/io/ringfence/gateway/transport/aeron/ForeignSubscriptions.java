package io.ringfence.gateway.transport.aeron;

import io.aeron.Aeron;
import io.aeron.AeronCounters;
import io.aeron.CommonContext;
import io.aeron.DriverProxy;
import io.aeron.Subscription;
import io.aeron.driver.status.StreamCounter;
import io.aeron.exceptions.AeronException;
import io.aeron.status.HeartbeatTimestamp;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.ErrorHandler;
import org.agrona.collections.LongHashSet;
import org.agrona.concurrent.status.CountersReader;

/**
 * Ends every subscription to the request stream but the gateway's own.
 *
 * <p>A publication may be half a term ahead of its slowest subscriber, and an IPC subscription needs no leave: one that is never polled
 * would stop all clients. The driver shows the position of each subscription as a counter; it takes the removal of a subscription from
 * any client. Some counters are looked at in each call, so a foreign one is found within milliseconds. The duty cycle's thread only;
 * allocates only when it has found one.
 */
final class ForeignSubscriptions {
    private static final int LOOKS = 16;

    /** The driver needs a turn to remove one: until then it is not asked again for the same. */
    private static final long ASK_AGAIN_NS = 100_000_000;

    private static final byte[] IPC = CommonContext.IPC_CHANNEL.getBytes(StandardCharsets.US_ASCII);

    private final CountersReader counters;
    private final DriverProxy driver;
    private final Subscription requests;
    private final ErrorHandler errors;

    private int next;
    private long count;
    private LongHashSet asked = new LongHashSet(); // Registrations of the last 100 ms or less.
    private LongHashSet askedBefore =
            new LongHashSet(); // Those of the time before: asked again, and not counted again.
    private long askedSinceNs;

    /**
     * @param requests the gateway's own.
     * @param errors   is told of the first one, the second, the fourth and so on.
     */
    ForeignSubscriptions(Aeron aeron, Subscription requests, ErrorHandler errors) {
        this.counters = aeron.countersReader();
        this.driver = new DriverProxy(aeron.context().toDriverBuffer(), aeron.clientId());
        this.requests = requests;
        this.errors = errors;
    }

    /** Looks at the next counters. Returns how many subscriptions the driver was asked to end. */
    int doWork(long nowNs) {
        int ended = 0;
        for (int i = 0; i < LOOKS; i++) {
            int state = next <= counters.maxCounterId() ? counters.getCounterState(next) : CountersReader.RECORD_UNUSED;
            if (state == CountersReader.RECORD_UNUSED) {
                next = 0;
                return ended;
            }
            ended += state == CountersReader.RECORD_ALLOCATED && isPosition(next) ? end(next, nowNs) : 0;
            next++;
        }
        return ended;
    }

    private boolean isPosition(int counter) {
        return counters.getCounterTypeId(counter) == AeronCounters.DRIVER_SUBSCRIBER_POSITION_TYPE_ID;
    }

    private int end(int counter, long nowNs) {
        if (nowNs - askedSinceNs >= ASK_AGAIN_NS) {
            LongHashSet forgotten = askedBefore;
            askedBefore = asked;
            asked = forgotten;
            asked.clear();
            askedSinceNs = nowNs;
        }
        DirectBuffer metaData = counters.metaDataBuffer();
        int key = CountersReader.metaDataOffset(counter) + CountersReader.KEY_OFFSET;
        long registrationId = metaData.getLong(key + StreamCounter.REGISTRATION_ID_OFFSET);
        boolean isForeign = metaData.getInt(key + StreamCounter.STREAM_ID_OFFSET) == requests.streamId()
                && registrationId != requests.registrationId()
                && isIpc(metaData, key + StreamCounter.CHANNEL_OFFSET);
        if (!isForeign || asked.contains(registrationId) || !ask(registrationId)) {
            return 0;
        }
        asked.add(registrationId);
        if (!askedBefore.contains(registrationId) && Long.bitCount(++count) == 1) {
            errors.onError(new ForeignSubscriptionException(requests.streamId(), name(counter), count));
        }
        return 1;
    }

    /** Over other media the same number is another stream. */
    private static boolean isIpc(DirectBuffer metaData, int channel) {
        boolean isIpc = metaData.getInt(channel) >= IPC.length;
        for (int i = 0; i < IPC.length; i++) {
            isIpc &= metaData.getByte(channel + Integer.BYTES + i) == IPC[i];
        }
        return isIpc;
    }

    /** False where the driver has no room for a command now, as while somebody floods it: the next look asks again. */
    private boolean ask(long registrationId) {
        try {
            driver.removeSubscription(registrationId);
            return true;
        } catch (AeronException noRoom) {
            return false;
        }
    }

    /** The client that owns a counter, as the driver shows it: its number, and what it says of itself. */
    private String name(int counter) {
        long owner = counters.getCounterOwnerId(counter);
        int heartbeat =
                HeartbeatTimestamp.findCounterIdByRegistrationId(counters, HeartbeatTimestamp.HEARTBEAT_TYPE_ID, owner);
        return heartbeat == CountersReader.NULL_COUNTER_ID ? "client " + owner : counters.getCounterLabel(heartbeat);
    }

    /** Tells of a foreign subscription. */
    private static final class ForeignSubscriptionException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ForeignSubscriptionException(int streamId, String owner, long count) {
            super("a subscription to request stream " + streamId
                    + " was ended: only the gateway may listen there, or others are held up: of " + owner + ", so far "
                    + count);
        }

        @Override
        public String toString() {
            return getMessage();
        }
    }
}
