package io.ringfence.gateway.session;

import io.ringfence.gateway.transport.Transport;
import io.ringfence.schemas.LogonDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.SessionEnd;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * All sessions of a gateway, from logon to their recorded end. A principal has one session; a new one replaces the old.
 *
 * <p>Used by the duty cycle only. Finding a session allocates nothing; beginning and ending one does.
 */
public final class Sessions {
    /** Records the beginning and the end of each session as commands in the total order. */
    public interface SessionLog {
        /** Name for a session that begins now; 0 when there is no room for its record: the caller tries again later. */
        int nextName();

        /** Records that a session of the {@link #nextName() next name} begins. Its welcome may leave before this returns. */
        void opened(Session session);

        /**
         * Records that a session ended.
         *
         * @return false when there is no room now: nothing was recorded, the caller tries again later.
         */
        boolean offerEnded(Session session, SessionEnd end);
    }

    private static final long LOOK_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int SPARE_HANDSHAKES = 16;
    private static final int HANDSHAKES_OF_ONE = 4; // So that nobody who asks and never listens takes every place.
    private static final int REMEMBERED_ATTEMPTS = 256;

    private final Transport transport;
    private final Principals principals;
    private final Session.Settings settings;
    private final SessionLog log;
    private final Int2ObjectHashMap<Session> byImage = new Int2ObjectHashMap<>();
    private final Int2ObjectHashMap<Session> byName = new Int2ObjectHashMap<>();
    private final ArrayList<Session> sessions = new ArrayList<>();
    private final ArrayList<Handshake> handshakes = new ArrayList<>();
    private final ArrayDeque<Ending> endings = new ArrayDeque<>();
    private final ArrayDeque<Attempt> pastAttempts = new ArrayDeque<>();
    private final Refusals refusals;

    private long lookedAtNs;

    private record Ending(Session session, SessionEnd end) {}

    private record Attempt(long logonId, int imageSessionId) {}

    /** Starts without sessions; {@code log} records each beginning and end. */
    public Sessions(Transport transport, Principals principals, Session.Settings settings, SessionLog log, long nowNs) {
        this.transport = transport;
        this.principals = principals;
        this.settings = settings;
        this.log = log;
        this.refusals = new Refusals(transport, settings);
        this.lookedAtNs = nowNs - LOOK_EVERY_NS;
    }

    /** The session that was opened by the client publication of this Aeron session id; null if none. */
    public Session ofImage(int imageSessionId) {
        Session session = byImage.get(imageSessionId);
        return session != null && session.isEstablished() ? session : null;
    }

    /** The session of this name; null when it has ended. */
    public Session named(int sessionId) {
        return byName.get(sessionId);
    }

    /** May this principal give operators' commands? */
    public boolean isOperator(int principalId) {
        return principals.isOperator(principalId);
    }

    /** Number of open sessions. */
    public int count() {
        return sessions.size();
    }

    /**
     * Begins a logon; a repetition of the same attempt changes nothing. The answer is sent once the client listens on its
     * stream. Without room for it the client is not answered and repeats its logon.
     *
     * @return {@link ReasonCode#NONE}, or the reason of the refusal, also when the refusal cannot be sent.
     */
    public ReasonCode logOn(LogonDecoder logon, int imageSessionId, long nowNs) {
        if (isKnownAttempt(logon.logonId(), imageSessionId)) {
            return ReasonCode.NONE;
        }
        if (logon.responseStreamId() == transport.requests().streamId()) {
            return ReasonCode.FIELD_INVALID; // Nobody but the gateway would read there why.
        }
        ReasonCode refusal = refusal(logon, imageSessionId);
        if (refusal != ReasonCode.NONE) {
            refusals.begin(logon, imageSessionId, refusal, nowNs);
        } else if (pastAttempts.contains(new Attempt(logon.logonId(), imageSessionId))) {
            return ReasonCode.NONE; // A late repeat may replace nobody.
        } else if (hasPlace((int) logon.principalId())) {
            handshakes.add(new Handshake(logon, imageSessionId, refusal, transport, nowNs + settings.timeoutNs()));
        }
        return refusal;
    }

    private boolean hasPlace(int principalId) {
        int ownCount = 0;
        for (int i = 0; i < handshakes.size(); i++) {
            ownCount += handshakes.get(i).principalId() == principalId ? 1 : 0;
        }
        return ownCount < HANDSHAKES_OF_ONE && handshakes.size() < settings.maxSessions() + SPARE_HANDSHAKES;
    }

    private boolean isKnownAttempt(long logonId, int imageSessionId) {
        Session session = byImage.get(imageSessionId);
        if (session != null && session.logonId() == logonId) {
            return true;
        }
        for (int i = 0; i < handshakes.size(); i++) {
            if (handshakes.get(i).isOf(logonId, imageSessionId)) {
                return true;
            }
        }
        return refusals.isKnown(logonId, imageSessionId);
    }

    private ReasonCode refusal(LogonDecoder logon, int imageSessionId) {
        int principalId = (int) logon.principalId();
        if (!principals.isKnown(principalId)) {
            return ReasonCode.PRINCIPAL_UNKNOWN;
        }
        if (logon.heartbeatIntervalNs() > settings.timeoutNs() / 2
                || isAnothersStream(logon.responseStreamId(), principalId, imageSessionId)) {
            return ReasonCode.FIELD_INVALID;
        }
        int otherCount = 0;
        for (int i = 0; i < sessions.size(); i++) {
            otherCount += sessions.get(i).principalId() == principalId ? 0 : 1;
        }
        return otherCount < settings.maxSessions() ? ReasonCode.NONE : ReasonCode.SESSIONS_FULL;
    }

    /** Does another client use this response stream? A session that this logon replaces does not count. */
    private boolean isAnothersStream(int streamId, int principalId, int imageSessionId) {
        for (int i = 0; i < sessions.size(); i++) {
            Session other = sessions.get(i);
            if (other.responseStreamId() == streamId
                    && other.principalId() != principalId
                    && other.imageSessionId() != imageSessionId) {
                return true;
            }
        }
        for (int i = 0; i < handshakes.size(); i++) {
            Handshake other = handshakes.get(i);
            if (other.responseStreamId() == streamId
                    && other.principalId() != principalId
                    && other.imageSessionId() != imageSessionId) {
                return true;
            }
        }
        return false;
    }

    /** Ends a session: its stream is closed now, its end recorded as soon as there is room. */
    public void end(Session session, SessionEnd end) {
        byImage.remove(session.imageSessionId(), session);
        byName.remove(session.sessionId());
        sessions.remove(session);
        session.close();
        endings.add(new Ending(session, end));
        pastAttempts.add(new Attempt(session.logonId(), session.imageSessionId()));
        if (pastAttempts.size() > REMEMBERED_ATTEMPTS) {
            pastAttempts.remove();
        }
    }

    /** Ends every session and gives up every logon in progress: none begins after this unless it is asked for again. */
    public void endAll(SessionEnd end) {
        handshakes.clear(); // The transport closes their streams.
        while (!sessions.isEmpty()) {
            end(sessions.get(sessions.size() - 1), end);
        }
    }

    /** Is the end of every ended session recorded? */
    public boolean isSettled() {
        return endings.isEmpty();
    }

    /** Passes each open session to a consumer. */
    public void forEach(Consumer<Session> consumer) {
        sessions.forEach(consumer);
    }

    /** Continues logons, ends silent and broken sessions, records ends. Acts at most once a millisecond. */
    public int doWork(long nowNs, long timestampNs) {
        if (nowNs - lookedAtNs < LOOK_EVERY_NS) {
            return 0;
        }
        lookedAtNs = nowNs;
        return recordEnds() + carryOn(nowNs) + refusals.doWork(nowNs) + lookAfter(nowNs, timestampNs);
    }

    private int recordEnds() {
        int workCount = 0;
        while (!endings.isEmpty()
                && log.offerEnded(endings.peek().session(), endings.peek().end())) {
            endings.remove();
            workCount++;
        }
        return workCount;
    }

    private int carryOn(long nowNs) {
        int workCount = 0;
        for (int i = handshakes.size() - 1; i >= 0; i--) {
            if (tryFinish(handshakes.get(i), nowNs)) {
                handshakes.remove(i);
                workCount++;
            }
        }
        return workCount;
    }

    private boolean tryFinish(Handshake handshake, long nowNs) {
        return switch (handshake.carryOn(transport, nowNs)) {
            case WAITING -> false;
            case LISTENING -> tryBegin(handshake, nowNs);
            case OVER -> true; // There is no stream on which to tell anybody.
        };
    }

    private boolean tryBegin(Handshake handshake, long nowNs) {
        Session session = new Session(
                handshake, new AnswerStream(handshake.publication(), settings.patienceNs()), settings, nowNs);
        endEarlier(session);
        int name = endings.isEmpty() ? log.nextName() : 0;
        if (name == 0) {
            return false; // No room: the earlier one's end comes first, this one's turn later.
        }
        session.name(name);
        byImage.put(session.imageSessionId(), session);
        byName.put(session.sessionId(), session);
        sessions.add(session);
        log.opened(session);
        return true;
    }

    private void endEarlier(Session newer) {
        for (int i = sessions.size() - 1; i >= 0; i--) {
            Session earlier = sessions.get(i);
            if (earlier.principalId() == newer.principalId() || earlier.imageSessionId() == newer.imageSessionId()) {
                end(earlier, SessionEnd.REPLACED);
            }
        }
        recordEnds();
    }

    private int lookAfter(long nowNs, long timestampNs) {
        int workCount = 0;
        for (int i = sessions.size() - 1; i >= 0; i--) {
            Session session = sessions.get(i);
            workCount += session.doWork(nowNs, timestampNs);
            if (session.isBroken()) {
                end(session, SessionEnd.BROKEN);
            } else if (session.isSilent(nowNs)) {
                end(session, SessionEnd.SILENT);
            }
        }
        return workCount;
    }
}
