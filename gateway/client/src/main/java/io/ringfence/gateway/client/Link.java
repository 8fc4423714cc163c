package io.ringfence.gateway.client;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.RethrowingErrorHandler;
import io.aeron.Subscription;
import io.aeron.exceptions.AeronException;
import io.aeron.exceptions.DriverTimeoutException;
import io.aeron.logbuffer.FragmentHandler;
import java.io.IOException;
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

    private final ClientSettings settings;
    private final long deadlineNs;
    private final long timeoutMs; // As the caller gave it, for error lines.
    private final Thread opener;

    private Aeron aeron;
    private boolean isConnected; // Read by the opening thread only.
    private ExclusivePublication requests;
    private Subscription answers;
    private volatile Throwable transportError;

    /**
     * Finds the driver and adds the streams.
     *
     * @param deadlineNs of the monotonic clock, in ns.
     * @throws ConnectException when there is no driver, no answer of it in time, or no room for the streams.
     */
    static Link open(ClientSettings settings, long deadlineNs) throws ConnectException {
        Link link = new Link(settings, deadlineNs);
        try {
            link.connect();
            link.addStreams();
            return link;
        } catch (AeronException refused) {
            CloseHelper.quietClose(link);
            throw link.noGateway(link.isBroken() ? link.transportError : refused); // The first fault tells more.
        } catch (ConnectException | RuntimeException failed) {
            CloseHelper.quietClose(link);
            throw failed;
        }
    }

    private Link(ClientSettings settings, long deadlineNs) {
        this.settings = settings;
        this.deadlineNs = deadlineNs;
        this.timeoutMs = Math.round((deadlineNs - System.nanoTime()) / 1e6);
        this.opener = Thread.currentThread();
    }

    /** Waits for a driver. Aeron gives up after a time of its own: before the deadline it is asked again. */
    private void connect() throws ConnectException {
        while (aeron == null) {
            requireTime();
            requireRights();
            try {
                aeron = Aeron.connect(new Aeron.Context()
                        .aeronDirectoryName(settings.aeronDirectory().toString())
                        .driverTimeoutMs(DRIVER_TIMEOUT_MS)
                        .epochClock(this::timeMs)
                        .preTouchMappedMemory(true)
                        .errorHandler(this::onTransportError)
                        .subscriberErrorHandler(RethrowingErrorHandler.INSTANCE)
                        .threadFactory(Link::conductorThread));
            } catch (DriverTimeoutException noDriverYet) {
                requireTime();
            }
        }
        isConnected = true;
    }

    /** Aeron would wait until the deadline for a driver whose file this process cannot use. */
    private void requireRights() throws ConnectException {
        String lacking = MissingRight.find(settings.aeronDirectory().resolve(DRIVER_FILE), true);
        if (lacking != null) {
            throw noGateway(new ConnectException(lacking));
        }
    }

    /** Aeron's clock. While Aeron waits for a driver it looks at this clock: so the caller's deadline ends that wait too. */
    private long timeMs() {
        if (Thread.currentThread() == opener && !isConnected && isTimeUp()) {
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
        long requestsId = aeron.asyncAddExclusivePublication(IpcStreams.CHANNEL, settings.requestStreamId());
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
        return sessionId == settings.requestStreamId() ? ~sessionId : sessionId;
    }

    /** A file of a stream that this process cannot use ends the opening. */
    private void requireOpening() throws ConnectException {
        if (isBroken()) {
            throw noGateway(transportError);
        }
        requireTime();
    }

    /** @throws ConnectException when the time for opening is up. */
    void requireTime() throws ConnectException {
        if (isTimeUp()) {
            throw noGateway(null);
        }
    }

    private boolean isTimeUp() {
        return System.nanoTime() - deadlineNs > 0;
    }

    private ConnectException noGateway(Throwable cause) {
        String line = "no gateway answered: aeronDirectory=" + settings.aeronDirectory() + ", requestStreamId="
                + settings.requestStreamId() + ", timeout=" + timeoutMs + " ms"
                + (cause == null ? "" : ": " + text(cause));
        ConnectException exception = new ConnectException(line.replaceAll("\\s*[\\r\\n]+\\s*", " "));
        exception.initCause(cause);
        return exception;
    }

    private static String text(Throwable cause) {
        for (Throwable at = cause; at != null; at = at.getCause()) {
            String lacking = at instanceof IOException refusal ? MissingRight.of(refusal) : null;
            if (lacking != null) {
                return lacking;
            }
        }
        return cause.getMessage();
    }

    /** What the thread of a script does after a poll that found nothing: spins, then sleeps for up to 100 us. */
    static IdleStrategy idle() {
        return new BackoffIdleStrategy(100, 10, 1_000, 100_000);
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
