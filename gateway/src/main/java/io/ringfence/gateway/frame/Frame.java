package io.ringfence.gateway.frame;

import io.ringfence.engine.command.CommandType;
import io.ringfence.schemas.ReasonCode;

/**
 * What one received frame was found to be: a sound message, or the first thing that is wrong with it.
 *
 * <p>Mutable and reused by {@link FrameCheck}: valid until the next check. What could not be read is 0.
 */
public final class Frame {
    private ReasonCode reason = ReasonCode.NONE;
    private int templateId;
    private CommandType type;
    private int fieldId;
    private long value;
    private boolean isNumbered;
    private long sessionSequence;
    private long highestReplyRead;
    private long clientRequestId;

    Frame() {}

    void clear() {
        reason = ReasonCode.NONE;
        templateId = 0;
        type = null;
        fieldId = 0;
        value = 0;
        isNumbered = false;
        sessionSequence = 0;
        highestReplyRead = 0;
        clientRequestId = 0;
    }

    void message(int templateId, CommandType type) {
        this.templateId = templateId;
        this.type = type;
    }

    void numbered(long sessionSequence, long highestReplyRead) {
        this.isNumbered = true;
        this.sessionSequence = sessionSequence;
        this.highestReplyRead = highestReplyRead;
    }

    void request(long clientRequestId) {
        this.clientRequestId = clientRequestId;
    }

    void fault(ReasonCode reason, int fieldId, long value) {
        this.reason = reason;
        this.fieldId = fieldId;
        this.value = value;
    }

    /** Notes that no message is as long; what was read of it, such as its number, stays. */
    public void tooLong(int length) {
        fault(ReasonCode.FRAME_MALFORMED, 0, length);
    }

    /** Notes the field as invalid unless the rule holds or an earlier one was broken: the first fault is the one told. */
    void require(boolean rule, int fieldId, long value) {
        if (!rule && isSound()) {
            fault(ReasonCode.FIELD_INVALID, fieldId, value);
        }
    }

    /** Notes the field as one whose value this build does not act on, as {@link #require} notes an invalid one. */
    void requireActedOn(boolean rule, int fieldId, long value) {
        if (!rule && isSound()) {
            fault(ReasonCode.NOT_SUPPORTED, fieldId, value);
        }
    }

    /** May its message be acted on, as far as its bytes tell? */
    public boolean isSound() {
        return reason == ReasonCode.NONE;
    }

    /** What is wrong; {@link ReasonCode#NONE} for nothing. */
    public ReasonCode reason() {
        return reason;
    }

    /** Which message; 0 when the header could not be read. */
    public int templateId() {
        return templateId;
    }

    /** Type of the command; null when it is none, or the header could not be read. */
    public CommandType type() {
        return type;
    }

    /** The field that is wrong, by its schema id; 0 for no single one. */
    public int fieldId() {
        return fieldId;
    }

    /** What that field holds. */
    public long value() {
        return value;
    }

    /** Does it carry a session sequence that could be read? */
    public boolean isNumbered() {
        return isNumbered;
    }

    /** Its number within its session. */
    public long sessionSequence() {
        return sessionSequence;
    }

    /** The highest reply that its sender has read. */
    public long highestReplyRead() {
        return highestReplyRead;
    }

    /** The request that it names; 0 for none. */
    public long clientRequestId() {
        return clientRequestId;
    }
}
