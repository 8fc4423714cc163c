package io.ringfence.gateway.client;

import io.ringfence.schemas.AccountCommandEncoder;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.AdmissionRequestEncoder;
import io.ringfence.schemas.ClockCommandEncoder;
import io.ringfence.schemas.ExecutionEncoder;
import io.ringfence.schemas.FactCommandEncoder;
import io.ringfence.schemas.HoldCommandEncoder;
import io.ringfence.schemas.LearningCommandEncoder;
import io.ringfence.schemas.OrderCancelEncoder;
import io.ringfence.schemas.OrderReplaceEncoder;
import io.ringfence.schemas.OrderRequestEncoder;
import io.ringfence.schemas.OutcomeReportEncoder;
import io.ringfence.schemas.PolicyChangeEncoder;
import io.ringfence.schemas.PolicyPieceEncoder;
import io.ringfence.schemas.PrincipalRestartEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RefusedDecoder;
import io.ringfence.schemas.SettleEncoder;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A client of a gateway: sends requests and takes the answers.
 *
 * <p>For hot loops: begin a message with {@link #order()} or another verb, fill in its fields, {@link #offer()} it until
 * that gives a number, and {@link #poll(Answer.Handler, int)} for answers; neither waits, and neither allocates. For
 * scripts: begin a message and {@link #ask(Duration)}. One thread uses a client. It must poll or ask a few times a
 * second, because the gateway ends the session of a client that it does not hear.
 *
 * <p>Everything fails closed: a request without an answer is not admitted. To learn its result, ask the same id again.
 */
public final class RingfenceClient implements AutoCloseable {
    /** Back pressure: the message was not sent and may be offered again. */
    public static final long BACK_PRESSURED = -1;

    /** The window is full: the message was not sent. Poll first. */
    public static final long WINDOW_FULL = -2;

    /** The session is over; {@link #reconnect()} begins another. */
    public static final long NOT_CONNECTED = -3;

    /** This client was closed. */
    public static final long CLOSED = -4;

    private static final Duration WAIT_MAX = Duration.ofDays(36_500);

    private final ClientSettings settings;
    private final boolean replacesNobody;
    private final Outbox outbox = new Outbox();

    private Session session;
    private long highestRequestId;
    private boolean isClosed;

    private RingfenceClient(ClientSettings settings, boolean replacesNobody) {
        this.settings = settings;
        this.replacesNobody = replacesNobody;
    }

    /**
     * Finds the gateway and logs on, in the place of the session that the principal has, if any. Waits at most the time-out of the settings in total.
     *
     * @throws LogonRefusedException when the gateway refuses the logon.
     * @throws ConnectException      when no gateway answers in time, or shared memory has no room for the streams.
     */
    public static RingfenceClient connect(ClientSettings settings) throws IOException {
        return connect(settings, false);
    }

    /**
     * As {@link #connect}, and refused with {@code SESSION_STANDS} while the principal has a session; so is each {@link #reconnect()}, also
     * while the gateway has not noticed yet that this client's own session is over.
     */
    public static RingfenceClient connectReplacingNobody(ClientSettings settings) throws IOException {
        return connect(settings, true);
    }

    private static RingfenceClient connect(ClientSettings settings, boolean replacesNobody) throws IOException {
        RingfenceClient client = new RingfenceClient(settings, replacesNobody);
        client.reconnect();
        return client;
    }

    /**
     * Ends the session and begins another, with the driver that is there now; waits and fails as {@code connect} does.
     *
     * @throws IllegalStateException when the client was closed.
     */
    public void reconnect() throws IOException {
        reconnect(settings.timeout());
    }

    /**
     * As above, within a time of the caller's.
     *
     * @param timeout for all of it; the time-out of the settings does not count.
     */
    public void reconnect(Duration timeout) throws IOException {
        reconnectBy(deadlineNs(timeout));
    }

    /**
     * As above, and hands over the answers that have arrived and were not polled, before the session ends; without that they are dropped. A
     * request without an answer then was lost, or its answer was: sent again under its id, it is answered with {@code isDuplicate} YES where
     * the gateway had taken it, and NO where it had not.
     *
     * @param handler must not begin or offer a message.
     */
    public void reconnect(Answer.Handler handler, Duration timeout) throws IOException {
        long deadlineNs = deadlineNs(timeout);
        if (!isClosed) {
            session.takeArrived(handler);
        }
        reconnectBy(deadlineNs);
    }

    private void reconnectBy(long deadlineNs) throws IOException {
        if (isClosed) {
            throw new IllegalStateException("the client was closed: principalId=" + settings.principalId());
        }
        CloseHelper.quietClose(session);
        session = Session.open(settings, replacesNobody, deadlineNs);
        highestRequestId = Math.max(highestRequestId, session.highestClientRequestId());
    }

    /** End of a wait on the monotonic clock, in ns. A time that the clock cannot hold ends in 100 years. */
    private static long deadlineNs(Duration timeout) {
        return System.nanoTime() + (timeout.compareTo(WAIT_MAX) > 0 ? WAIT_MAX : timeout).toNanos();
    }

    /**
     * Begins an admission request under the next request id; every optional field is "not given", nothing is limited. Its features,
     * where it has any, are set last.
     */
    public AdmissionRequestEncoder admission() {
        return outbox.admission(nextRequestId());
    }

    /**
     * Begins an order under the next request id; every optional field is "not given", nothing is limited. An order id of the client's is given
     * to {@link #order(String)}, which checks it; the encoder would refuse a long one by its length alone.
     */
    public OrderRequestEncoder order() {
        return outbox.order(nextRequestId());
    }

    /**
     * Begins an order with an order id of the client's, such as its ClOrdID.
     *
     * @param externalId 0 to 20 characters of printable ASCII.
     * @throws IllegalArgumentException when it is longer or has another character; no message is begun then.
     */
    public OrderRequestEncoder order(String externalId) {
        Outbox.requireExternalId(externalId);
        return order().externalId(externalId);
    }

    /** Begins a cancel under the next request id. */
    public OrderCancelEncoder cancel() {
        return outbox.cancel(nextRequestId());
    }

    /** Begins a replace under the next request id. Its quantity is the new total, with what has traded. */
    public OrderReplaceEncoder replace() {
        return outbox.replace(nextRequestId());
    }

    /** Begins an execution under the next request id. */
    public ExecutionEncoder execution() {
        return outbox.execution(nextRequestId());
    }

    /** Begins a settle under the next request id; the account of a hold that is not known is "not given". */
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

    /** Begins a new beginning for another principal, for operators, under the next request id. Its justification must be set, last. */
    public PrincipalRestartEncoder principalRestart() {
        return outbox.principalRestart(nextRequestId());
    }

    /** Begins the acceptance of a clock step, for risk principals, under the next request id. Its justification must be set. */
    public ClockCommandEncoder clock() {
        return outbox.clock(nextRequestId());
    }

    /**
     * Begins a command about what is learnt, for operators, under the next request id. Its verb and justification must be set, the latter
     * last; without a use case it is of all.
     */
    public LearningCommandEncoder learning() {
        return outbox.learning(nextRequestId());
    }

    /** Begins a command on a standing hold, for operators, under the next request id. Its justification must be set, last. */
    public HoldCommandEncoder hold() {
        return outbox.hold(nextRequestId());
    }

    /** Begins a fact command, for risk and operators, under the next request id. Its justification must be set, last. */
    public FactCommandEncoder fact() {
        return outbox.fact(nextRequestId());
    }

    /**
     * Begins a piece of a policy, for risk and operators, under the next request id. Its upload id is its own request id, as of the piece that
     * begins an upload; the others carry that one's. Its content must be set, last.
     */
    public PolicyPieceEncoder policyPiece() {
        return outbox.policyPiece(nextRequestId());
    }

    /** Begins the activation of an uploaded policy, for risk and operators, under the next request id. Its justification must be set, last. */
    public PolicyChangeEncoder policyChange() {
        return outbox.policyChange(nextRequestId());
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
     * Sends the message begun last, with one copy. The message stays as it is: offered again it is the same request.
     *
     * @return its session sequence, from 1, or {@link #BACK_PRESSURED}, {@link #WINDOW_FULL}, {@link #NOT_CONNECTED},
     *         {@link #CLOSED}.
     * @throws IllegalStateException when no message was begun.
     */
    public long offer() {
        if (isClosed) {
            return CLOSED;
        }
        long sessionSequence = session.offer(outbox);
        if (sessionSequence > 0 && !outbox.isQuery()) {
            highestRequestId = Math.max(highestRequestId, outbox.clientRequestId());
        }
        return sessionSequence;
    }

    /** Requests sent in this session whose answers have not been read. */
    public long unansweredCount() {
        return session.unansweredCount();
    }

    /** Most requests that may be unanswered. */
    public int window() {
        return session.window();
    }

    /** Is the session open, as far as the client knows? */
    public boolean isConnected() {
        return !isClosed && session.isStanding();
    }

    /**
     * Takes answers that have arrived, and sends a heartbeat when one is due. It reads the clock in one of 16 polls when polls
     * follow each other without a pause, otherwise in each.
     *
     * @param limit most answers to take.
     * @return how many messages were taken.
     */
    public int poll(Answer.Handler handler, int limit) {
        return isClosed ? 0 : session.poll(handler, limit);
    }

    /**
     * Sends the message begun last and waits for its answer. Sends it again under the same id, in a new session if the old one
     * is over, until the time is up. Drops answers to other requests that arrive meanwhile, and those that arrived before.
     *
     * @param timeout for all attempts together.
     * @return the answer; {@link Answer#isKnown()} is false when there was none in time.
     */
    public Answer ask(Duration timeout) {
        return new Question(this, outbox.clientRequestId(), timeout).answer(Link.idle());
    }

    /** Logs out and closes the streams. Holds and orders stand. */
    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        session.close();
    }

    /** Waits for the answer to one request, and sends the request again under the same id until there is one or the time is up. */
    private static final class Question implements Answer.Handler {
        private static final long SESSION_LOOK_NS = TimeUnit.MILLISECONDS.toNanos(50);
        private static final long ASK_AGAIN_NS = TimeUnit.SECONDS.toNanos(1);

        private final RingfenceClient client;
        private final long clientRequestId;
        private final long deadlineNs;

        private Answer answer;
        private boolean isSent;
        private boolean isAsked;
        private long askedAtNs;

        Question(RingfenceClient client, long clientRequestId, Duration timeout) {
            this.client = client;
            this.clientRequestId = clientRequestId;
            this.deadlineNs = RingfenceClient.deadlineNs(timeout);
        }

        Answer answer(IdleStrategy idle) {
            if (!client.isClosed) {
                client.session.takeArrived(this); // At best an answer to an earlier sending, and no longer true.
            }
            while (answer == null && System.nanoTime() - deadlineNs < 0) {
                if (!isSent || System.nanoTime() - askedAtNs > ASK_AGAIN_NS) {
                    send();
                }
                idle.idle(client.poll(this, 1));
            }
            return answer == null ? Answer.unknown(clientRequestId) : answer;
        }

        private void send() {
            if (isSent) {
                client.session.endIfGatewayMoved(); // Nothing was heard for a while.
            }
            long result = client.offer();
            isAsked |= result > 0;
            if (result == RingfenceClient.NOT_CONNECTED) {
                client.session.takeArrived(this);
            }
            if (result == RingfenceClient.NOT_CONNECTED && answer == null) {
                try {
                    long settingsNs = RingfenceClient.deadlineNs(client.settings.timeout());
                    client.reconnectBy(settingsNs - deadlineNs < 0 ? settingsNs : deadlineNs);
                    isSent = false;
                } catch (LogonRefusedException refused) {
                    if (refused.reason() == ReasonCode.SESSION_STANDS) {
                        LockSupport.parkNanos(
                                SESSION_LOOK_NS); // It may be this client's own, which is not given up yet.
                    } else {
                        answer = Answer.unknown(clientRequestId);
                    }
                } catch (IOException stillNoGateway) {
                    answer = Answer.unknown(clientRequestId); // It has waited for its own time-out: the caller decides.
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
            if (isAsked && decision.clientRequestId() == clientRequestId && answer == null) {
                answer = new Answer(
                        clientRequestId,
                        new AdmissionDecisionDecoder()
                                .wrap(
                                        copy(
                                                decision.buffer(),
                                                decision.offset(),
                                                AdmissionDecisionDecoder.BLOCK_LENGTH),
                                        0,
                                        AdmissionDecisionDecoder.BLOCK_LENGTH,
                                        AdmissionDecisionDecoder.SCHEMA_VERSION),
                        null);
            }
        }

        @Override
        public void onRefused(RefusedDecoder refused) {
            if (!isAsked || refused.clientRequestId() != clientRequestId || answer != null) {
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
}
