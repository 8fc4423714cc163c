package io.ringfence.engine.intake;

import io.ringfence.engine.command.Command;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.ClockCommandDecoder;
import io.ringfence.schemas.ClockStateDecoder;
import io.ringfence.schemas.ClockStateEncoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.StartDecoder;

/** Knows how far event time is ahead of the wall clock because a person accepted that the clock had stepped back. */
public final class ClockSteps {
    private final ClockCommandDecoder accepted = new ClockCommandDecoder();
    private final StartDecoder start = new StartDecoder();
    private long aheadNs;

    /**
     * How far event time is ahead of the wall clock once a command has accepted that. A wall clock that is ahead of event time is
     * followed.
     *
     * @param timestampNs event time of the command.
     * @param wallClockNs what the wall clock said then.
     * @return ns, 0 and above.
     */
    public static long aheadNs(long timestampNs, long wallClockNs) {
        return Math.max(0, timestampNs - wallClockNs);
    }

    /** Accepts the clock as it is: that is never refused, so the result is {@code NONE}. */
    public ReasonCode accept(Command command, MessageHeaderDecoder header) {
        accepted.wrapAndApplyHeader(command.message(), 0, header);
        aheadNs = aheadNs(command.timestampNs(), accepted.wallClockNs());
        return ReasonCode.NONE;
    }

    /** Forgets what the wall clock has caught up with when a process starts. A step back that was not accepted is not. The result is {@code NONE}. */
    public ReasonCode started(Command command, MessageHeaderDecoder header) {
        start.wrapAndApplyHeader(command.message(), 0, header);
        aheadNs = Math.min(aheadNs, aheadNs(command.timestampNs(), start.wallClockNs()));
        return ReasonCode.NONE;
    }

    /** How far event time is ahead of the wall clock by steps that were accepted, in ns; 0 and above. */
    public long aheadNs() {
        return aheadNs;
    }

    /** How many bytes {@link #writeState} appends. */
    public long stateLength() {
        return StateWriter.length(1, ClockStateEncoder.BLOCK_LENGTH);
    }

    /** Writes one message. */
    public void writeState(StateWriter writer, MessageHeaderEncoder header) {
        ClockStateEncoder state = new ClockStateEncoder();
        state.wrapAndApplyHeader(writer.buffer(), writer.position(), header).aheadNs(aheadNs);
        writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + state.encodedLength());
    }

    /** Takes the message at the reader's position, if it is one of this owner's. */
    public boolean readState(StateReader reader, MessageHeaderDecoder header) {
        if (header.templateId() != ClockStateDecoder.TEMPLATE_ID) {
            return false;
        }
        ClockStateDecoder state = new ClockStateDecoder();
        aheadNs = state.wrapAndApplyHeader(reader.buffer(), reader.position(), header)
                .aheadNs();
        reader.advance(MessageHeaderDecoder.ENCODED_LENGTH + state.encodedLength());
        return true;
    }
}
