package io.ringfence.gateway.session;

import io.ringfence.gateway.transport.Transport;
import io.ringfence.schemas.LogonDecoder;
import io.ringfence.schemas.ReasonCode;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;

/**
 * Tells clients why they may not log on, a few of them a second.
 *
 * <p>A stream is dear to make, so a place stays taken for its whole time, also when the client was told at once: however many log
 * ons are to be refused, they cost the driver no more than that. Who finds no place hears nothing, and tries again.
 */
final class Refusals {
    private static final int PLACES = 16;
    private static final long PLACE_NS = TimeUnit.SECONDS.toNanos(1);

    private final ArrayList<Handshake> handshakes = new ArrayList<>(PLACES);
    private final Transport transport;
    private final SessionSettings settings;

    Refusals(Transport transport, SessionSettings settings) {
        this.transport = transport;
        this.settings = settings;
    }

    /** Begins to tell a client, if there is a place. */
    void begin(LogonDecoder logon, int imageSessionId, ReasonCode reason, long nowNs) {
        if (handshakes.size() < PLACES) {
            handshakes.add(new Handshake(logon, imageSessionId, reason, transport, nowNs + PLACE_NS));
        }
    }

    /** Is the client of this attempt being told, or was it just now? */
    boolean isKnown(long logonId, int imageSessionId) {
        for (int i = 0; i < handshakes.size(); i++) {
            if (handshakes.get(i).isOf(logonId, imageSessionId)) {
                return true;
            }
        }
        return false;
    }

    /** Tells those who listen by now, and frees the places whose time is up. */
    int doWork(long nowNs) {
        int workCount = 0;
        for (int i = handshakes.size() - 1; i >= 0; i--) {
            Handshake handshake = handshakes.get(i);
            if (handshake.carryOn(transport, nowNs) == Handshake.Progress.LISTENING) {
                handshake.refuse(settings);
                workCount++;
            }
            if (handshake.isOverdue(nowNs)) {
                handshakes.remove(i);
            }
        }
        return workCount;
    }
}
