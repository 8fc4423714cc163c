package io.ringfence.gateway.server;

import io.ringfence.engine.command.CommandType;
import io.ringfence.gateway.session.Session;
import io.ringfence.gateway.session.Sessions.SessionLog;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.SessionClosedEncoder;
import io.ringfence.schemas.SessionEnd;
import io.ringfence.schemas.SessionOpenedEncoder;
import io.ringfence.schemas.TickEncoder;
import org.agrona.concurrent.UnsafeBuffer;

/** The commands that the gateway gives of itself: ticks, and the beginning and end of sessions. */
final class EngineCommands implements SessionLog {
    private static final int LONGEST = 64;

    private final Sequencer sequencer;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[LONGEST]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final TickEncoder tick = new TickEncoder();
    private final SessionOpenedEncoder opened = new SessionOpenedEncoder();
    private final SessionClosedEncoder closed = new SessionClosedEncoder();

    private long tickNumber;

    EngineCommands(Sequencer sequencer) {
        this.sequencer = sequencer;
    }

    /** Gives a tick when one is due and there is room; one that was missed is not made up for. */
    int tick() {
        if (!sequencer.isTickDue() || !sequencer.hasRoom(CommandType.TICK)) {
            return 0;
        }
        tick.wrapAndApplyHeader(buffer, 0, header).tickNumber(++tickNumber);
        take(CommandType.TICK, 0, 0, tick.encodedLength());
        return 1;
    }

    @Override
    public int nextName() {
        return sequencer.nextName();
    }

    @Override
    public void opened(Session session) {
        opened.wrapAndApplyHeader(buffer, 0, header)
                .sessionId(Integer.toUnsignedLong(session.sessionId()))
                .principalId(session.principalId());
        take(CommandType.SESSION_OPENED, session.sessionId(), session.principalId(), opened.encodedLength());
    }

    @Override
    public boolean offerEnded(Session session, SessionEnd end) {
        if (!sequencer.hasRoom(CommandType.SESSION_CLOSED)) {
            return false;
        }
        closed.wrapAndApplyHeader(buffer, 0, header)
                .sessionId(Integer.toUnsignedLong(session.sessionId()))
                .principalId(session.principalId())
                .end(end);
        take(CommandType.SESSION_CLOSED, session.sessionId(), session.principalId(), closed.encodedLength());
        return true;
    }

    private void take(CommandType type, int sessionId, int principalId, int encodedLength) {
        sequencer.slot().command().load(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + encodedLength);
        sequencer.take(type, sessionId, principalId, Sequencer.NO_DECISION);
    }
}
