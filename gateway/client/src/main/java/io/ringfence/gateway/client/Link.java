package io.ringfence.gateway.client;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.RethrowingErrorHandler;
import io.aeron.Subscription;
import io.aeron.exceptions.AeronException;
import io.aeron.exceptions.DriverTimeoutException;
import io.aeron.logbuffer.FragmentHandler;
import java.net.ConnectException;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/**
 * The two streams between one session and its gateway. Only opening them waits, at most until a deadline.
 *
 * <p>One thread uses it, except {@link #onTransportError}.
 */
final class Link implements AutoCloseable {
    private static final long DRIVER_TIMEOUT_MS = 5_000;
    private static final String DRIVER_FILE = "cnc.dat";

    private final Search search;
    private final GatewayAddress gateway;
    private final Thread opener;

    private Aeron aeron;
    private boolean isConnected; // Read by the opening thread only.
    private ExclusivePublication requests;
    private Subscription answers;
    private volatile Throwable transportError;

    /**
     * Finds the driver and adds the streams.
     *
     * @throws Search.GatewayGoneException when the driver ended, or another server was started, meanwhile.
     * @throws ConnectException            when there is no driver, no answer of it in time, or no room for the streams.
     */
    static Link open(Search search) throws ConnectException {
        Link link = new Link(search, search.find());
        try {
            link.connect();
            link.addStreams();
            return link;
        } catch (AeronException refused) {
            CloseHelper.quietClose(link);
            throw link.fault(link.isBroken() ? link.transportError : refused); // The first fault tells more.
        } catch (ConnectException | RuntimeException failed) {
            CloseHelper.quietClose(link);
            throw failed;
        }
    }

    private Link(Search search, GatewayAddress gateway) {
        this.search = search;
        this.gateway = gateway;
        this.opener = Thread.currentThread();
    }

    /** Waits for a driver. Aeron gives up after a time of its own: before the deadline it is asked again. */
    private void connect() throws ConnectException {
        while (aeron == null) {
            search.requireTime();
            requireRights();
            try {
                aeron = Aeron.connect(new Aeron.Context()
                        .aeronDirectoryName(gateway.aeronDirectory().toString())
                        .driverTimeoutMs(DRIVER_TIMEOUT_MS)
                        .epochClock(this::timeMs)
                        .preTouchMappedMemory(true)
                        .errorHandler(this::onTransportError)
                        .subscriberErrorHandler(RethrowingErrorHandler.INSTANCE)
                        .threadFactory(Link::conductorThread));
            } catch (DriverTimeoutException noDriverYet) {
                search.requireTime();
            }
        }
        isConnected = true;
    }

    /** Aeron would wait until the deadline for a driver whose file this process cannot use. */
    private void requireRights() throws ConnectException {
        String lacking = MissingRight.find(gateway.aeronDirectory().resolve(DRIVER_FILE), true);
        if (lacking != null) {
            throw search.noGateway(new ConnectException(lacking));
        }
    }

    /** Aeron's clock. While Aeron waits for a driver it looks at this clock: so what ends the search ends that wait too. */
    private long timeMs() {
        if (Thread.currentThread() == opener && !isConnected && (search.isTimeUp() || search.hasMoved())) {
            throw new DriverTimeoutException("no driver in time");
        }
        return System.currentTimeMillis();
    }

    private static Thread conductorThread(Runnable work) {
        Thread thread = new Thread(work, "ringfence-client-conductor");
        thread.setDaemon(true);
        return thread;
    }

    /** Any thread: notes an error that ends the link for good. */
    private void onTransportError(Throwable error) {
        transportError = error;
    }

    private void addStreams() throws ConnectException {
        IdleStrategy idle = idle();
        long requestsId = aeron.asyncAddExclusivePublication(IpcStreams.CHANNEL, gateway.requestStreamId());
        while ((requests = aeron.getExclusivePublication(requestsId)) == null) {
            requireOpening();
            idle.idle();
        }
        long answersId = aeron.asyncAddSubscription(IpcStreams.CHANNEL_PREFIX, answerStreamId(requests.sessionId()));
        while ((answers = aeron.getSubscription(answersId)) == null) {
            requireOpening();
            idle.idle();
        }
    }

    /** A stream of this link alone: the driver gives each publication of the request stream a session id of its own. */
    private int answerStreamId(int sessionId) {
        return sessionId == gateway.requestStreamId() ? ~sessionId : sessionId;
    }

    /** Checks that it is worth to wait on, for the streams or for the log on; throws as {@link #open} does. */
    void requireOpening() throws ConnectException {
        if (isBroken()) {
            throw fault(transportError);
        }
        search.requireTime();
    }

    /** A driver that ended may come back; any other fault stays. */
    private ConnectException fault(Throwable cause) {
        boolean isDriverGone = cause instanceof DriverTimeoutException && !search.isTimeUp();
        return isDriverGone ? new Search.GatewayGoneException(cause.getMessage()) : search.noGateway(cause);
    }

    /** What the thread of a script does after a poll that found nothing: spins, then sleeps for up to 100 us. */
    static IdleStrategy idle() {
        return new BackoffIdleStrategy(100, 10, 1_000, 100_000);
    }

    /** Was another server started on the journal since? Asks the file system, at most once in 20 ms. */
    boolean hasGatewayMoved() {
        return search.hasMoved();
    }

    /** A number that no other log on of this driver has. */
    long newLogonId() {
        return aeron.nextCorrelationId() ^ System.nanoTime();
    }

    int answerStreamId() {
        return answers.streamId();
    }

    boolean isGatewayListening() {
        return requests.isConnected();
    }

    boolean isGatewaySpeaking() {
        return answers.isConnected();
    }

    boolean isBroken() {
        return transportError != null;
    }

    /** Copies a message into the request stream; gives a position above 0, or an error code of Aeron. */
    long offer(DirectBuffer buffer, int length) {
        return requests.offer(buffer, 0, length);
    }

    int poll(FragmentHandler handler, int limit) {
        return answers.poll(handler, limit);
    }

    @Override
    public void close() {
        CloseHelper.closeAll(requests, answers, aeron);
    }
}
