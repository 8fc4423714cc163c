package io.ringfence.gateway.client;

import io.aeron.Aeron;
import io.aeron.Publication;
import io.aeron.RethrowingErrorHandler;
import io.aeron.exceptions.AeronException;
import io.ringfence.schemas.AccountCommandEncoder;
import io.ringfence.schemas.AdmissionRequestEncoder;
import io.ringfence.schemas.ExecutionEncoder;
import io.ringfence.schemas.LogonEncoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OrderCancelEncoder;
import io.ringfence.schemas.OrderReplaceEncoder;
import io.ringfence.schemas.OrderRequestEncoder;
import io.ringfence.schemas.OutcomeReportEncoder;
import io.ringfence.schemas.QueryEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.SettleEncoder;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A gateway's client: asks, and takes the answers.
 *
 * <p>For hot loops: begin a message with {@link #order()} or another verb, fill in its fields, {@link #offer()} it until
 * that gives a number, and {@link #poll(AnswerHandler, int)} for answers; neither waits, and neither allocates. For
 * scripts: begin a message and {@link #ask(Duration)}. One thread uses a client; it must poll or ask a few times a
 * second, because the gateway ends the session of a client that it does not hear.
 *
 * <p>Everything fails closed: a request without an answer is not admitted, and only asking the same id again tells.
 */
public final class RingfenceClient implements AutoCloseable {
    /** Not now: the message was not sent, and may be offered again. */
    public static final long BACK_PRESSURED = -1;

    /** Not now: too many requests are unanswered; poll first. */
    public static final long WINDOW_FULL = -2;

    /** The session is over; {@link #reconnect()} begins another. */
    public static final long NOT_CONNECTED = -3;

    /** This client was closed. */
    public static final long CLOSED = -4;

    private static final int CONTROL_LENGTH = 512;
    private static final int POLLS_PER_LOOK = 64;
    private static final long LOGON_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(250);

    private final ClientSettings settings;
    private final Outbox outbox = new Outbox();
    private final UnsafeBuffer control = new UnsafeBuffer(new byte[CONTROL_LENGTH]);

    private Aeron aeron;
    private Link link;
    private Inbox inbox;
    private volatile Throwable transportError;
    private boolean isClosed;
    private long sessionSequence;
    private long requestCount;
    private long highestRequestId;
    private long spokeAtNs;
    private long heardAtNs;
    private boolean isHeard;
    private int pollsSinceLook;

    private RingfenceClient(ClientSettings settings) {
        this.settings = settings;
    }

    /**
     * Finds the gateway and logs on. Waits for at most the settings' time-out, once for the driver and once for the gateway.
     *
     * @throws LogonRefusedException when the gateway says no.
     * @throws ConnectException      when no gateway answers in time.
     */
    public static RingfenceClient connect(ClientSettings settings) throws IOException {
        RingfenceClient client = new RingfenceClient(settings);
        try {
            client.reconnect();
            return client;
        } catch (IOException | RuntimeException failed) {
            CloseHelper.quietClose(client);
            throw failed;
        }
    }

    /** Begins a new session in place of the one that is over or still stands; waits as {@code connect} does. */
    public void reconnect() throws IOException {
        CloseHelper.quietClose(link);
        CloseHelper.quietClose(
                aeron); // Its driver may have gone with the gateway, and another one may stand in its place.
        aeron = findDriver();
        try {
            beginSession();
        } catch (AeronException noDriver) {
            throw noGateway(noDriver);
        }
    }

    private Aeron findDriver() throws IOException {
        transportError = null;
        try {
            return Aeron.connect(new Aeron.Context()
                    .aeronDirectoryName(settings.aeronDirectory().toString())
                    .driverTimeoutMs(settings.timeout().toMillis())
                    .errorHandler(this::onTransportError)
                    .subscriberErrorHandler(RethrowingErrorHandler.INSTANCE)
                    .threadFactory(RingfenceClient::conductorThread));
        } catch (AeronException noDriver) {
            throw noGateway(noDriver);
        }
    }

    /** Any thread: the session is over, which {@link #isConnected()} tells from now on. */
    private void onTransportError(Throwable error) {
        transportError = error;
    }

    private void beginSession() throws IOException {
        link = new Link(aeron, settings.requestStreamId());
        inbox = new Inbox(aeron.nextCorrelationId() ^ System.nanoTime());
        sessionSequence = 0;
        requestCount = 0;
        logOn();
        heardAtNs = System.nanoTime();
        spokeAtNs = heardAtNs;
        highestRequestId = Math.max(highestRequestId, inbox.highestClientRequestId());
    }

    private static Thread conductorThread(Runnable work) {
        Thread thread = new Thread(work, "ringfence-client-conductor");
        thread.setDaemon(true);
        return thread;
    }

    private ConnectException noGateway(Exception cause) {
        ConnectException exception = new ConnectException("no gateway answered: aeronDirectory="
                + settings.aeronDirectory() + ", requestStreamId=" + settings.requestStreamId() + ", timeout="
                + settings.timeout().toMillis() + " ms");
        exception.initCause(cause);
        return exception;
    }

    /** Repeats the same attempt until there is an answer: a gateway that is hard pressed may have no place for it at first. */
    private void logOn() throws IOException {
        long nowNs = System.nanoTime();
        long deadlineNs = nowNs + settings.timeout().toNanos();
        long sentAtNs = nowNs - LOGON_EVERY_NS;
        IdleStrategy idle = idle();
        int length = encodeLogon();
        while (inbox.welcome() == null) {
            boolean isDue = nowNs - sentAtNs >= LOGON_EVERY_NS && link.isGatewayListening();
            if (isDue && link.offer(control, length) > 0) {
                sentAtNs = nowNs;
            }
            idle.idle(link.poll(inbox, 1));
            nowNs = System.nanoTime();
            if (nowNs - deadlineNs > 0) {
                throw noGateway(null);
            }
        }
        if (inbox.welcome() != ReasonCode.NONE) {
            throw new LogonRefusedException(settings.principalId(), inbox.welcome());
        }
    }

    private int encodeLogon() {
        LogonEncoder logon = new LogonEncoder()
                .wrapAndApplyHeader(control, 0, new MessageHeaderEncoder())
                .logonId(inbox.logonId())
                .principalId(settings.principalId())
                .responseStreamId(link.responseStreamId())
                .heartbeatIntervalNs(settings.heartbeatInterval().toNanos())
                .responseChannel(Link.RESPONSE_CHANNEL);
        return MessageHeaderEncoder.ENCODED_LENGTH + logon.encodedLength();
    }

    private static IdleStrategy idle() {
        return new BackoffIdleStrategy(100, 10, 1_000, 100_000);
    }

    /** Begins an admission request under the next request id; every optional field is "not given", nothing is limited. */
    public AdmissionRequestEncoder admission() {
        return outbox.admission(nextRequestId());
    }

    /** Begins an order under the next request id; every optional field is "not given", nothing is limited. */
    public OrderRequestEncoder order() {
        return outbox.order(nextRequestId());
    }

    /** Begins a cancel under the next request id. */
    public OrderCancelEncoder cancel() {
        return outbox.cancel(nextRequestId());
    }

    /** Begins a replace under the next request id. */
    public OrderReplaceEncoder replace() {
        return outbox.replace(nextRequestId());
    }

    /** Begins an execution under the next request id. */
    public ExecutionEncoder execution() {
        return outbox.execution(nextRequestId());
    }

    /** Begins a settle under the next request id. */
    public SettleEncoder settle() {
        return outbox.settle(nextRequestId());
    }

    /** Begins an outcome under the next request id; what is not set is not known. */
    public OutcomeReportEncoder outcome() {
        return outbox.outcome(nextRequestId());
    }

    /** Begins an account command, for operators, under the next request id. Its name must be set, last. */
    public AccountCommandEncoder account() {
        return outbox.account(nextRequestId());
    }

    /** Begins a question for the answer to an earlier request. */
    public void query(long clientRequestId) {
        outbox.query(clientRequestId);
    }

    /** The request id that the next message begins under: ids grow, and an id is used up when its message is sent. */
    public long nextRequestId() {
        return highestRequestId + 1;
    }

    /**
     * Sends the message begun last. It stays as it is, so that it can be offered again: as the same request.
     *
     * @return its session sequence, from 1, or {@link #BACK_PRESSURED}, {@link #WINDOW_FULL}, {@link #NOT_CONNECTED},
     *         {@link #CLOSED}.
     */
    public long offer() {
        if (!isConnected()) {
            return isClosed ? CLOSED : NOT_CONNECTED;
        }
        if (unansweredCount() >= inbox.window()) {
            return WINDOW_FULL;
        }
        int length = outbox.numbered(sessionSequence + 1, inbox.replySequence());
        long position = link.offer(outbox.buffer(), length);
        if (position <= 0) {
            return isPassing(position) ? BACK_PRESSURED : NOT_CONNECTED;
        }
        requestCount++;
        highestRequestId = Math.max(highestRequestId, outbox.clientRequestId());
        return ++sessionSequence;
    }

    private static boolean isPassing(long position) {
        return position == Publication.BACK_PRESSURED || position == Publication.ADMIN_ACTION;
    }

    /** Requests sent in this session whose answers have not been read. */
    public long unansweredCount() {
        return requestCount - inbox.answerCount();
    }

    /** Most requests that may be unanswered. */
    public int window() {
        return inbox.window();
    }

    /** Does the session stand, as far as this side knows? */
    public boolean isConnected() {
        return !isClosed && transportError == null && inbox != null && !inbox.isOver();
    }

    /**
     * Takes answers that have arrived, and sends a heartbeat when one is due.
     *
     * @param limit most answers to take.
     * @return how many messages were taken.
     */
    public int poll(AnswerHandler handler, int limit) {
        if (isClosed) {
            return 0;
        }
        inbox.handler(handler);
        int count = link.poll(inbox, limit);
        isHeard |= count > 0;
        if (count == 0 || ++pollsSinceLook >= POLLS_PER_LOOK) {
            pollsSinceLook = 0;
            keepAlive();
        }
        return count;
    }

    private void keepAlive() {
        long nowNs = System.nanoTime();
        if (isHeard) {
            isHeard = false;
            heardAtNs = nowNs;
        } else if (!link.isGatewaySpeaking() || nowNs - heardAtNs > inbox.timeoutNs()) {
            inbox.over();
        }
        if (nowNs - spokeAtNs > settings.heartbeatInterval().toNanos() / 2 && isConnected()) {
            int length = outbox.heartbeat(
                    control, SystemEpochNanoClock.INSTANCE.nanoTime(), sessionSequence + 1, inbox.replySequence());
            if (link.offer(control, length) > 0) {
                sessionSequence++;
                spokeAtNs = nowNs;
            }
        }
    }

    /**
     * Sends the message begun last and waits for its answer, sending it again under the same id, in a new session if need
     * be, until the time is up. Answers to other requests that arrive meanwhile are dropped.
     */
    public Answer ask(Duration timeout) {
        return new Question(this, outbox.clientRequestId(), timeout).answer(idle());
    }

    /** Is this the template id of a message that gets an answer? */
    static boolean isRequest(int templateId) {
        switch (templateId) {
            case AdmissionRequestEncoder.TEMPLATE_ID:
            case OrderRequestEncoder.TEMPLATE_ID:
            case OrderCancelEncoder.TEMPLATE_ID:
            case OrderReplaceEncoder.TEMPLATE_ID:
            case ExecutionEncoder.TEMPLATE_ID:
            case SettleEncoder.TEMPLATE_ID:
            case OutcomeReportEncoder.TEMPLATE_ID:
            case QueryEncoder.TEMPLATE_ID:
            case AccountCommandEncoder.TEMPLATE_ID:
                return true;
            default:
                return false;
        }
    }

    /** Logs out and lets everything go. Holds and orders stand. */
    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        if (link != null && isConnected()) {
            link.offer(control, outbox.logout(control, sessionSequence + 1, inbox.replySequence()));
        }
        isClosed = true;
        CloseHelper.closeAll(link, aeron);
    }
}
