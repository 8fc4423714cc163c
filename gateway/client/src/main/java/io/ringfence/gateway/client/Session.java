package io.ringfence.gateway.client;

import io.aeron.Publication;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.HeartbeatEncoder;
import io.ringfence.schemas.LogonAckDecoder;
import io.ringfence.schemas.LogonEncoder;
import io.ringfence.schemas.LogoutEncoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RefusedDecoder;
import io.ringfence.schemas.Tristate;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One session with the gateway, from logon to its end. Numbers its messages and sends its heartbeats.
 *
 * <p>A session that has ended cannot be used again; the client opens another. One thread uses it.
 */
final class Session implements FragmentHandler, AutoCloseable {
    private static final int CONTROL_LENGTH = 512;
    private static final long LOGON_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(250);

    /** A session that is polled without a pause reads the clock once in so many polls. */
    private static final int POLLS_PER_LOOK_MAX = 16;

    /** Polls are without a pause when two looks at the clock are less than this part of the heartbeat interval apart. */
    private static final int LOOKS_PER_HEARTBEAT = 64;

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final AdmissionDecisionDecoder decision = new AdmissionDecisionDecoder();
    private final RefusedDecoder refused = new RefusedDecoder();
    private final LogonAckDecoder logonAck = new LogonAckDecoder();
    private final MessageHeaderEncoder controlHeader = new MessageHeaderEncoder();
    private final HeartbeatEncoder heartbeat = new HeartbeatEncoder();
    private final UnsafeBuffer control = new UnsafeBuffer(new byte[CONTROL_LENGTH]);
    private final long heartbeatIntervalNs;
    private final Link link;
    private final long logonId;

    private Answer.Handler handler;
    private ReasonCode welcome;
    private int window;
    private long timeoutNs;
    private long highestClientRequestId;
    private long sessionSequence;
    private long replySequence;
    private long requestCount;
    private long answerCount;
    private boolean isOver;
    private boolean isHeard;
    private int pollsPerLook = 1;
    private int pollsSinceLook;
    private long lookedAtNs;
    private long heardAtNs;
    private long spokeAtNs;

    private Session(ClientSettings settings, Link link) {
        this.heartbeatIntervalNs = settings.heartbeatInterval().toNanos();
        this.link = link;
        this.logonId = link.newLogonId();
    }

    /**
     * Opens the streams and logs on, with the server that is there now or comes in time.
     *
     * @param replacesNobody is it to be refused while the principal has a session?
     * @param deadlineNs of the monotonic clock in ns, for the streams and the logon together.
     * @throws LogonRefusedException     when the gateway refuses the logon.
     * @throws java.net.ConnectException when it does not answer in time, or there is no room for the streams.
     */
    static Session open(ClientSettings settings, boolean replacesNobody, long deadlineNs) throws IOException {
        Search search = new Search(settings, deadlineNs);
        IdleStrategy idle = Link.idle();
        while (true) {
            try {
                return open(settings, replacesNobody, search);
            } catch (Search.GatewayGoneException gone) {
                idle.idle(); // The search ends when the time is up.
            }
        }
    }

    private static Session open(ClientSettings settings, boolean replacesNobody, Search search) throws IOException {
        Session session = new Session(settings, Link.open(search));
        try {
            session.logOn(settings.principalId(), replacesNobody);
            return session;
        } catch (IOException | RuntimeException failed) {
            CloseHelper.quietClose(session);
            throw failed;
        }
    }

    /** Repeats the same attempt until there is an answer: a gateway with too many sessions may have a place later. */
    private void logOn(int principalId, boolean replacesNobody) throws IOException {
        IdleStrategy idle = Link.idle();
        int length = encodeLogon(principalId, replacesNobody);
        long nowNs = System.nanoTime();
        long sentAtNs = nowNs - LOGON_EVERY_NS;
        while (welcome == null) {
            boolean isDue = nowNs - sentAtNs >= LOGON_EVERY_NS && link.isGatewayListening();
            if (isDue && link.offer(control, length) > 0) {
                sentAtNs = nowNs;
            }
            idle.idle(link.poll(this, 1));
            link.requireOpening();
            nowNs = System.nanoTime();
        }
        if (welcome != ReasonCode.NONE) {
            throw new LogonRefusedException(principalId, welcome);
        }
        heardAtNs = nowNs;
        spokeAtNs = nowNs;
        lookedAtNs = nowNs;
    }

    private int encodeLogon(int principalId, boolean replacesNobody) {
        LogonEncoder logon = new LogonEncoder()
                .wrapAndApplyHeader(control, 0, controlHeader)
                .logonId(logonId)
                .principalId(principalId)
                .responseStreamId(link.answerStreamId())
                .heartbeatIntervalNs(heartbeatIntervalNs)
                .replacesNobody(replacesNobody ? Tristate.YES : Tristate.NO)
                .responseChannel(IpcStreams.CHANNEL_PREFIX);
        return MessageHeaderEncoder.ENCODED_LENGTH + logon.encodedLength();
    }

    /**
     * Numbers the outbox's message and copies it into the request stream.
     *
     * @return as {@link RingfenceClient#offer()}, but for CLOSED.
     */
    long offer(Outbox outbox) {
        if (!isStanding()) {
            return RingfenceClient.NOT_CONNECTED;
        }
        if (unansweredCount() >= window) {
            return RingfenceClient.WINDOW_FULL;
        }
        int length = outbox.numbered(sessionSequence + 1, replySequence);
        long position = link.offer(outbox.buffer(), length);
        if (position <= 0) {
            boolean isPassing = position == Publication.BACK_PRESSURED || position == Publication.ADMIN_ACTION;
            return isPassing ? RingfenceClient.BACK_PRESSURED : RingfenceClient.NOT_CONNECTED;
        }
        requestCount++;
        return ++sessionSequence;
    }

    /** As {@link RingfenceClient#poll(Answer.Handler, int)}. */
    int poll(Answer.Handler answerHandler, int limit) {
        handler = answerHandler;
        int count = link.poll(this, limit);
        isHeard |= count > 0;
        if (++pollsSinceLook >= pollsPerLook) {
            look();
        }
        return count;
    }

    /** Hands over every answer that is in the stream now, also of a session that is over. At most a window of them. */
    void takeArrived(Answer.Handler answerHandler) {
        handler = answerHandler;
        int left = IpcStreams.WINDOW_MAX;
        int count;
        do {
            count = link.poll(this, left);
            left -= count;
        } while (count > 0 && left > 0);
    }

    /** Reads the clock: ends the session of a gateway that is silent, and sends a heartbeat when one is due. */
    private void look() {
        long nowNs = System.nanoTime();
        boolean isPolledWithoutPause = (nowNs - lookedAtNs) * LOOKS_PER_HEARTBEAT < heartbeatIntervalNs;
        pollsPerLook = isPolledWithoutPause ? Math.min(2 * pollsPerLook, POLLS_PER_LOOK_MAX) : 1;
        pollsSinceLook = 0;
        lookedAtNs = nowNs;
        if (isHeard) {
            isHeard = false;
            heardAtNs = nowNs;
        } else if (!link.isGatewaySpeaking() || nowNs - heardAtNs > timeoutNs) {
            isOver = true;
        }
        if (nowNs - spokeAtNs > heartbeatIntervalNs / 2 && isStanding() && speak()) {
            spokeAtNs = nowNs;
        }
    }

    private boolean speak() {
        heartbeat.wrapAndApplyHeader(control, 0, controlHeader).timestampNs(SystemEpochNanoClock.INSTANCE.nanoTime());
        heartbeat.session().sessionSequence(sessionSequence + 1).highestReplyRead(replySequence);
        int length = MessageHeaderEncoder.ENCODED_LENGTH + HeartbeatEncoder.BLOCK_LENGTH;
        boolean isSent = link.offer(control, length) > 0;
        sessionSequence += isSent ? 1 : 0;
        return isSent;
    }

    @Override
    public void onFragment(DirectBuffer buffer, int offset, int length, Header fragmentHeader) {
        header.wrap(buffer, offset);
        switch (header.templateId()) {
            case AdmissionDecisionDecoder.TEMPLATE_ID:
                decision.wrapAndApplyHeader(buffer, offset, header);
                answerCount++;
                numbered(decision.replySequence());
                handler.onDecision(decision);
                break;
            case RefusedDecoder.TEMPLATE_ID:
                onRefused(buffer, offset);
                break;
            case LogonAckDecoder.TEMPLATE_ID:
                onLogonAck(buffer, offset);
                break;
            default:
                break; // A heartbeat, which counts by being heard, or a message of a later version.
        }
    }

    private void onRefused(DirectBuffer buffer, int offset) {
        refused.wrapAndApplyHeader(buffer, offset, header);
        answerCount += Outbox.isRequest(refused.templateId()) ? 1 : 0;
        isOver |= refused.reason() == ReasonCode.ENGINE_FAILED;
        numbered(refused.replySequence());
        handler.onRefused(refused);
    }

    private void numbered(long sequence) {
        isOver |= sequence != replySequence + 1; // A reply was lost. Others may be, too: this session ends.
        replySequence = sequence;
    }

    private void onLogonAck(DirectBuffer buffer, int offset) {
        logonAck.wrapAndApplyHeader(buffer, offset, header);
        if (logonAck.logonId() == logonId && welcome == null) {
            welcome = logonAck.reason();
            window = (int) logonAck.window();
            timeoutNs = logonAck.timeoutNs();
            highestClientRequestId = logonAck.highestClientRequestId();
        }
    }

    boolean isStanding() {
        return !isOver && !link.isBroken();
    }

    /** Ends the session if another server was started on the journal: the one that it was with is gone. Asks the file system. */
    void endIfGatewayMoved() {
        isOver |= link.hasGatewayMoved();
    }

    /** Requests sent whose answers have not been read. */
    long unansweredCount() {
        return requestCount - answerCount;
    }

    int window() {
        return window;
    }

    /** Highest request id of the principal that the gateway had seen at log on. */
    long highestClientRequestId() {
        return highestClientRequestId;
    }

    /** Logs out, if the session stands, and closes the streams. Does not wait for an answer. */
    @Override
    public void close() {
        if (isStanding()) {
            LogoutEncoder logout = new LogoutEncoder().wrapAndApplyHeader(control, 0, controlHeader);
            logout.session().sessionSequence(sessionSequence + 1).highestReplyRead(replySequence);
            link.offer(control, MessageHeaderEncoder.ENCODED_LENGTH + LogoutEncoder.BLOCK_LENGTH);
        }
        isOver = true;
        link.close();
    }
}
