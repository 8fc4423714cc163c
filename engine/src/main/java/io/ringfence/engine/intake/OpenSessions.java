package io.ringfence.engine.intake;

import io.ringfence.engine.command.Command;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OpenSessionDecoder;
import io.ringfence.schemas.OpenSessionEncoder;
import io.ringfence.schemas.ReasonCode;
import java.util.Map;
import java.util.TreeMap;

/** The sessions that stand, as their records say: at most one of each principal. A start ends all that it finds. One thread. */
public final class OpenSessions {
    private final Map<Integer, Integer> byPrincipal = new TreeMap<>();

    /** Notes a command that opens or closes a session, or that starts a process: the one that had the sessions is gone. */
    public ReasonCode note(Command command) {
        switch (command.type()) {
            case SESSION_OPENED -> byPrincipal.put(command.principalId(), command.sessionId());
            case SESSION_CLOSED -> byPrincipal.remove(command.principalId(), command.sessionId());
            default -> byPrincipal.clear();
        }
        return ReasonCode.NONE;
    }

    /** Has this principal a session? */
    public boolean has(int principalId) {
        return byPrincipal.containsKey(principalId);
    }

    /** How many bytes {@link #writeState} would append now. */
    public long stateLength() {
        return StateWriter.length(byPrincipal.size(), OpenSessionEncoder.BLOCK_LENGTH);
    }

    /** Writes all sessions, ascending by principal. */
    public void writeState(StateWriter writer, MessageHeaderEncoder header) {
        OpenSessionEncoder session = new OpenSessionEncoder();
        byPrincipal.forEach((principalId, sessionId) -> {
            session.wrapAndApplyHeader(writer.buffer(), writer.position(), header)
                    .principalId(principalId)
                    .sessionId(Integer.toUnsignedLong(sessionId));
            writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + session.encodedLength());
        });
    }

    /** Takes the message at the reader's position, if it is one of this owner's. */
    public boolean readState(StateReader reader, MessageHeaderDecoder header) {
        if (header.templateId() != OpenSessionDecoder.TEMPLATE_ID) {
            return false;
        }
        OpenSessionDecoder session =
                new OpenSessionDecoder().wrapAndApplyHeader(reader.buffer(), reader.position(), header);
        byPrincipal.put((int) session.principalId(), (int) session.sessionId());
        reader.advance(MessageHeaderDecoder.ENCODED_LENGTH + header.blockLength());
        return true;
    }
}
