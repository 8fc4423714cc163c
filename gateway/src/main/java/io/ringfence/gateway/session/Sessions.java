package io.ringfence.gateway.session;

import io.ringfence.gateway.client.IpcStreams;
import io.ringfence.gateway.transport.Connection;
import io.ringfence.schemas.Durability;
import io.ringfence.schemas.LogonDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Role;
import io.ringfence.schemas.SessionEnd;
import io.ringfence.schemas.Tristate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * All sessions of a gateway, from logon to their recorded end. A principal has one session; a new one replaces the old.
 *
 * <p>Used by the duty cycle only. Finding a session allocates nothing; beginning and ending one does.
 */
public final class Sessions {
    /**
     * Limits of every session of a gateway.
     *
     * @param maxSessions most open sessions; 1 and above.
     * @param window      most requests of one session that are unanswered or whose answers are unread; 1 to {@link IpcStreams#WINDOW_MAX}.
     * @param timeoutNs   silence of a client after which its session ends; also the time limit of a logon.
     * @param patienceNs  how long a session's answers may be held up by back pressure before it ends.
     * @param durability  what answers wait for; each client is told at its logon.
     */
    public record Settings(int maxSessions, int window, long timeoutNs, long patienceNs, Durability durability) {
        /** Checks the ranges above. */
        public Settings {
            require(maxSessions > 0, "maxSessions must be positive", maxSessions);
            require(
                    window > 0 && window <= IpcStreams.WINDOW_MAX,
                    "window must be 1.." + IpcStreams.WINDOW_MAX,
                    window);
            require(timeoutNs > 0, "timeoutNs must be positive", timeoutNs);
            require(patienceNs > 0, "patienceNs must be positive", patienceNs);
        }

        private static void require(boolean holds, String rule, long value) {
            if (!holds) {
                throw new IllegalArgumentException(rule + ": value=" + value);
            }
        }
    }

    /** Records the beginning and the end of each session as commands in the total order. */
    public interface SessionLog {
        /** Name for a session that begins now, which one that stands may have; 0 when there is no room for its record: the caller tries again later. */
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
    private static final int REMEMBERED_ATTEMPTS = 256;

    private final Principals principals;
    private final Settings settings;
    private final SessionLog log;
    private final IdentityHashMap<Connection, Session> byConnection = new IdentityHashMap<>();
    private final Int2ObjectHashMap<Session> byName = new Int2ObjectHashMap<>();
    private final ArrayList<Session> sessions = new ArrayList<>();
    private final Handshakes handshakes;
    private final Handshakes.Beginning beginning = this::tryBegin;
    private final ArrayDeque<Ending> endings = new ArrayDeque<>();
    private final ArrayDeque<Attempt> pastAttempts = new ArrayDeque<>();
    private final Refusals refusals;

    private long lookedAtNs;
    private long changeCount;

    private record Ending(Session session, SessionEnd end) {}

    private record Attempt(long logonId, Connection connection) {}

    /** Starts without sessions; {@code log} records each beginning and end. */
    public Sessions(Principals principals, Settings settings, SessionLog log, long nowNs) {
        this.principals = principals;
        this.settings = settings;
        this.log = log;
        this.handshakes = new Handshakes(settings);
        this.refusals = new Refusals(settings);
        this.lookedAtNs = nowNs - LOOK_EVERY_NS;
    }

    /** The session that was opened over this connection; null if none. */
    public Session of(Connection connection) {
        Session session = byConnection.get(connection);
        return session != null && session.isEstablished() ? session : null;
    }

    /** The session of this name; null when it has ended. */
    public Session named(int sessionId) {
        return byName.get(sessionId);
    }

    /** Has this principal a session? */
    public boolean has(int principalId) {
        for (int i = 0; i < sessions.size(); i++) {
            if (sessions.get(i).principalId() == principalId) {
                return true;
            }
        }
        return false;
    }

    /** Gives a principal another role, at once in its session too. */
    public void giveRole(int principalId, Role role) {
        principals.give(principalId, role);
        for (int i = 0; i < sessions.size(); i++) {
            if (sessions.get(i).principalId() == principalId) {
                sessions.get(i).role(role);
            }
        }
    }

    /** Grows with each session that begins or ends. */
    public long changeCount() {
        return changeCount;
    }

    /** Number of open sessions. */
    public int count() {
        return sessions.size();
    }

    /**
     * Begins a logon; a repetition of the same attempt changes nothing. The answer is sent once the client listens on its
     * stream. Without a {@link Handshakes place} for it the client is not answered and repeats its logon.
     *
     * @return {@link ReasonCode#NONE}, or the reason of the refusal, also when the refusal cannot be sent.
     */
    public ReasonCode logOn(LogonDecoder logon, Connection connection, long nowNs) {
        if (isKnownAttempt(logon.logonId(), connection)) {
            return ReasonCode.NONE;
        }
        long replyAddress = connection.replyAddress(logon);
        if (replyAddress == Connection.NO_ADDRESS) {
            return ReasonCode.FIELD_INVALID; // There is no stream on which to tell anybody.
        }
        ReasonCode refusal = refusal(logon, connection, replyAddress);
        if (refusal != ReasonCode.NONE) {
            refusals.begin(logon, connection, replyAddress, refusal, nowNs);
        } else if (pastAttempts.contains(new Attempt(logon.logonId(), connection))) {
            return ReasonCode.NONE; // A late repeat may replace nobody.
        } else {
            handshakes.begin(logon, connection, replyAddress, nowNs);
        }
        return refusal;
    }

    private boolean isKnownAttempt(long logonId, Connection connection) {
        Session session = byConnection.get(connection);
        return session != null && session.logonId() == logonId
                || handshakes.isKnown(logonId, connection)
                || refusals.isKnown(logonId, connection);
    }

    private ReasonCode refusal(LogonDecoder logon, Connection connection, long replyAddress) {
        int principalId = (int) logon.principalId();
        if (principals.role(principalId) == Role.NONE) {
            return ReasonCode.PRINCIPAL_UNKNOWN;
        }
        if (logon.heartbeatIntervalNs() > settings.timeoutNs() / 2
                || isAnothers(replyAddress, principalId, connection)) {
            return ReasonCode.FIELD_INVALID;
        }
        if (logon.replacesNobody() == Tristate.YES && has(principalId)) {
            return ReasonCode.SESSION_STANDS;
        }
        long others = sessions.stream()
                .filter(each -> each.principalId() != principalId)
                .count();
        return others < settings.maxSessions() ? ReasonCode.NONE : ReasonCode.SESSIONS_FULL;
    }

    /** Does another client have its replies there? A session that this logon replaces does not count. */
    private boolean isAnothers(long replyAddress, int principalId, Connection connection) {
        return sessions.stream()
                        .anyMatch(other -> other.replyAddress() == replyAddress
                                && other.principalId() != principalId
                                && other.connection() != connection)
                || handshakes.isAnothers(replyAddress, principalId, connection);
    }

    /** Ends a session: its stream is closed now, its end recorded as soon as there is room. */
    public void end(Session session, SessionEnd end) {
        byConnection.remove(session.connection(), session);
        byName.remove(session.sessionId());
        sessions.remove(session);
        changeCount++;
        session.close();
        endings.add(new Ending(session, end));
        pastAttempts.add(new Attempt(session.logonId(), session.connection()));
        if (pastAttempts.size() > REMEMBERED_ATTEMPTS) {
            pastAttempts.remove();
        }
    }

    /** Ends every session and gives up every logon in progress: none begins after this unless it is asked for again. */
    public void endAll(SessionEnd end) {
        handshakes.close();
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
        return recordEnds()
                + handshakes.doWork(nowNs, beginning)
                + refusals.doWork(nowNs)
                + lookAfter(nowNs, timestampNs);
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

    private boolean tryBegin(Handshake handshake, long nowNs) {
        if (handshake.replacesNobody() && has(handshake.principalId())) { // It began while this client was waited for.
            handshake.refuse(ReasonCode.SESSION_STANDS, settings.timeoutNs());
            return true;
        }
        Session session = new Session(handshake, settings, nowNs);
        endEarlier(session);
        int name = endings.isEmpty() ? log.nextName() : 0;
        if (name == 0 || byName.containsKey(name)) {
            return false; // No room: the earlier one's end comes first. Or another has the name: names come round.
        }
        session.name(name);
        session.role(principals.role(session.principalId()));
        byConnection.put(session.connection(), session);
        byName.put(session.sessionId(), session);
        sessions.add(session);
        changeCount++;
        log.opened(session);
        return true;
    }

    private void endEarlier(Session newer) {
        for (int i = sessions.size() - 1; i >= 0; i--) {
            Session earlier = sessions.get(i);
            if (earlier.principalId() == newer.principalId() || earlier.connection() == newer.connection()) {
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
