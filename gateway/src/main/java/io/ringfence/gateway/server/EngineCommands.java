package io.ringfence.gateway.server;

import io.ringfence.gateway.session.Session;
import io.ringfence.gateway.session.SessionLog;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.SessionClosedEncoder;
import io.ringfence.schemas.SessionEnd;
import io.ringfence.schemas.SessionOpenedEncoder;
import io.ringfence.schemas.TickEncoder;
import org.agrona.concurrent.UnsafeBuffer;

/** The commands that the gateway gives of itself: ticks, and the beginning and end of sessions. */
final class EngineCommands implements SessionLog {
    private static final int LONGEST = 64;

    private final CommandGate gate;
    private final long tickIntervalNs;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[LONGEST]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final TickEncoder tick = new TickEncoder();
    private final SessionOpenedEncoder opened = new SessionOpenedEncoder();
    private final SessionClosedEncoder closed = new SessionClosedEncoder();

    private long tickNumber;
    private long tickedAtNs;

    EngineCommands(CommandGate gate, long tickIntervalNs) {
        this.gate = gate;
        this.tickIntervalNs = tickIntervalNs;
    }

    /** Gives a tick when one is due and there is room; one that was missed is not made up for. */
    int tick(long timestampNs) {
        if (timestampNs - tickedAtNs < tickIntervalNs || !gate.hasRoom(CommandKind.TICK)) {
            return 0;
        }
        tickedAtNs = timestampNs;
        tick.wrapAndApplyHeader(buffer, 0, header).tickNumber(++tickNumber);
        gate.take(CommandKind.TICK, 0, 0, buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + tick.encodedLength());
        return 1;
    }

    @Override
    public boolean offerOpened(Session session) {
        if (!gate.hasRoom(CommandKind.SESSION_OPENED)) {
            return false;
        }
        session.name((int) gate.nextSequence());
        opened.wrapAndApplyHeader(buffer, 0, header)
                .sessionId(Integer.toUnsignedLong(session.sessionId()))
                .principalId(session.principalId());
        gate.take(
                CommandKind.SESSION_OPENED,
                session.sessionId(),
                session.principalId(),
                buffer,
                0,
                MessageHeaderEncoder.ENCODED_LENGTH + opened.encodedLength());
        return true;
    }

    @Override
    public boolean offerEnded(Session session, SessionEnd end) {
        if (!gate.hasRoom(CommandKind.SESSION_CLOSED)) {
            return false;
        }
        closed.wrapAndApplyHeader(buffer, 0, header)
                .sessionId(Integer.toUnsignedLong(session.sessionId()))
                .principalId(session.principalId())
                .end(end);
        gate.take(
                CommandKind.SESSION_CLOSED,
                session.sessionId(),
                session.principalId(),
                buffer,
                0,
                MessageHeaderEncoder.ENCODED_LENGTH + closed.encodedLength());
        return true;
    }
}
