package io.ringfence.gateway.session;

import io.ringfence.gateway.transport.Connection;
import io.ringfence.gateway.transport.ReplyStream;
import io.ringfence.schemas.LogonDecoder;
import io.ringfence.schemas.ReasonCode;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;

/**
 * The logons in progress: their clients do not listen on their streams yet.
 *
 * <p>A connection has one place, a principal four over all its connections, and there are 16 more than sessions. The oldest that stands in the way of a newer one gives it its
 * place once it is 250 ms old. So nobody is kept out by logons that nobody listens for, and each connection costs the driver at most one
 * stream in that time. Used by the duty cycle only.
 */
final class Handshakes implements AutoCloseable {
    /** Begins the session of a client that listens by now. */
    @FunctionalInterface
    interface Beginning {
        /** Begins it, or refuses it. Returns false when there is no room for it now: it is called again later. */
        boolean tryBegin(Handshake handshake, long nowNs);
    }

    private static final int OF_PRINCIPAL = 4;
    private static final int MORE_THAN_SESSIONS = 16;

    /** A client that listens is heard within some milliseconds. */
    private static final long REPLACEABLE_NS = TimeUnit.MILLISECONDS.toNanos(250);

    private final ArrayList<Handshake> handshakes = new ArrayList<>(); // Oldest first.
    private final Sessions.Settings settings;

    Handshakes(Sessions.Settings settings) {
        this.settings = settings;
    }

    /** Begins a logon that is not refused; does nothing when there is no place for it. */
    void begin(LogonDecoder logon, Connection connection, long replyAddress, long nowNs) {
        if (makePlace((int) logon.principalId(), connection, nowNs)) {
            long deadlineNs = nowNs + settings.timeoutNs();
            handshakes.add(new Handshake(logon, connection, replyAddress, ReasonCode.NONE, deadlineNs));
        }
    }

    private boolean makePlace(int principalId, Connection connection, long nowNs) {
        Handshake oldest = null;
        int ownCount = 0;
        for (int i = 0; i < handshakes.size(); i++) {
            Handshake other = handshakes.get(i);
            if (other.connection() == connection) {
                return replace(other, nowNs);
            }
            if (other.principalId() == principalId) {
                oldest = oldest == null ? other : oldest;
                ownCount++;
            }
        }
        if (ownCount == OF_PRINCIPAL) {
            return replace(oldest, nowNs);
        }
        return handshakes.size() < settings.maxSessions() + MORE_THAN_SESSIONS || replace(handshakes.get(0), nowNs);
    }

    private boolean replace(Handshake earlier, long nowNs) {
        if (!earlier.isOverdue(nowNs + settings.timeoutNs() - REPLACEABLE_NS)) {
            return false;
        }
        earlier.close();
        return handshakes.remove(earlier);
    }

    /** Is this attempt of this client in progress? */
    boolean isKnown(long logonId, Connection connection) {
        for (int i = 0; i < handshakes.size(); i++) {
            if (handshakes.get(i).isOf(logonId, connection)) {
                return true;
            }
        }
        return false;
    }

    /** Will another client, of another principal, have its replies there? */
    boolean isAnothers(long replyAddress, int principalId, Connection connection) {
        for (int i = 0; i < handshakes.size(); i++) {
            Handshake other = handshakes.get(i);
            if (other.replyAddress() == replyAddress
                    && other.principalId() != principalId
                    && other.connection() != connection) {
                return true;
            }
        }
        return false;
    }

    /** Begins the sessions of the clients that listen now; forgets logons that are given up. */
    int doWork(long nowNs, Beginning beginning) {
        int workCount = 0;
        for (int i = handshakes.size() - 1; i >= 0; i--) {
            Handshake handshake = handshakes.get(i);
            ReplyStream.State state = handshake.carryOn(nowNs);
            boolean isOver = state == ReplyStream.State.CLOSED // There is no stream on which to tell anybody.
                    || state == ReplyStream.State.CONNECTED && beginning.tryBegin(handshake, nowNs);
            if (isOver) {
                handshakes.remove(i);
                workCount++;
            }
        }
        return workCount;
    }

    /** Gives every logon in progress up. */
    @Override
    public void close() {
        handshakes.forEach(Handshake::close);
        handshakes.clear();
    }
}
