package io.ringfence.gateway.session;

import io.ringfence.gateway.transport.Connection;
import io.ringfence.gateway.transport.ReplyStream;
import io.ringfence.schemas.LogonDecoder;
import io.ringfence.schemas.ReasonCode;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;

/**
 * Tells clients why their logon is refused, at most 16 of them a second.
 *
 * <p>A stream is expensive for the driver. Each refusal takes one of 16 places for a whole second, even when the client was told
 * at once, so any number of refused logons costs the driver no more than that. A client that finds no place is not answered and
 * tries again.
 */
final class Refusals {
    private static final int PLACES = 16;
    private static final long PLACE_NS = TimeUnit.SECONDS.toNanos(1);

    private final ArrayList<Handshake> handshakes = new ArrayList<>(PLACES);
    private final Sessions.Settings settings;

    Refusals(Sessions.Settings settings) {
        this.settings = settings;
    }

    /** Begins to refuse a logon; does nothing when all places are taken. */
    void begin(LogonDecoder logon, Connection connection, long replyAddress, ReasonCode reason, long nowNs) {
        if (handshakes.size() < PLACES) {
            handshakes.add(new Handshake(logon, connection, replyAddress, reason, nowNs + PLACE_NS));
        }
    }

    /** Does this attempt of this client hold a place? */
    boolean isKnown(long logonId, Connection connection) {
        for (int i = 0; i < handshakes.size(); i++) {
            if (handshakes.get(i).isOf(logonId, connection)) {
                return true;
            }
        }
        return false;
    }

    /** Tells the clients that listen now, and frees the places whose second is over. */
    int doWork(long nowNs) {
        int workCount = 0;
        for (int i = handshakes.size() - 1; i >= 0; i--) {
            Handshake handshake = handshakes.get(i);
            if (handshake.carryOn(nowNs) == ReplyStream.State.CONNECTED) {
                handshake.refuse(settings.timeoutNs());
                workCount++;
            }
            if (handshake.isOverdue(nowNs)) {
                handshakes.remove(i);
            }
        }
        return workCount;
    }
}
