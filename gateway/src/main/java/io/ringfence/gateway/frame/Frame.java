package io.ringfence.gateway.frame;

import io.ringfence.engine.command.Command;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.intake.RequestMemory;
import io.ringfence.schemas.AdmissionRequestDecoder;
import io.ringfence.schemas.EventRequestDecoder;
import io.ringfence.schemas.HeartbeatDecoder;
import io.ringfence.schemas.HoldListRequestDecoder;
import io.ringfence.schemas.LogonDecoder;
import io.ringfence.schemas.LogoutDecoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.QueryDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.SessionFieldsDecoder;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Tells whether received bytes are one message that this build acts on, with every field in its range, and what is wrong first if not.
 *
 * <p>Checks in this order: header, schema, version, kind, lengths, fields in the order of their ids. Whatever the bytes are, the result
 * is in the accessors and never an exception: valid until the next check; what could not be read is 0. Not thread safe; allocates
 * nothing.
 */
public final class Frame {
    /** Where the body begins. */
    static final int BODY = MessageHeaderDecoder.ENCODED_LENGTH;

    /** Session fields and request id, which every command of a client or an operator begins with. */
    private static final int NUMBERED_LENGTH = CommandType.REQUEST_ID_OFFSET + Long.BYTES - BODY;

    private static final int NOT_ACTED_ON = 0;

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SessionFieldsDecoder sessionFields = new SessionFieldsDecoder();
    private final RequestRules requests = new RequestRules();
    private final ReportRules reports = new ReportRules();
    private final TextRules texts = new TextRules();
    private int blockLength;
    private ReasonCode reason = ReasonCode.NONE;
    private int templateId;
    private CommandType type;
    private int fieldId;
    private long value;
    private boolean isNumbered;
    private long sessionSequence;
    private long highestReplyRead;
    private long clientRequestId;

    /**
     * Checks a loaded message, of any length and content. The fields of a request are read on the way: nobody reads them again.
     *
     * @return this.
     */
    public Frame check(Command command) {
        DirectBuffer buffer = command.message();
        int length = command.length();
        clear();
        if (length < MessageHeaderDecoder.ENCODED_LENGTH) {
            fault(ReasonCode.FRAME_MALFORMED, 0, length);
            return this;
        }
        header.wrap(buffer, 0);
        templateId = header.templateId();
        type = CommandType.ofTemplate(templateId);
        int bodyLength = length - BODY;
        if (isOurSchema() && isActedOn(buffer, bodyLength) && isBlockWhole(bodyLength)) {
            checkBody(command, buffer, bodyLength - blockLength);
        }
        return this;
    }

    private boolean isOurSchema() {
        if (header.schemaId() != MessageHeaderDecoder.SCHEMA_ID) {
            fault(ReasonCode.SCHEMA_UNKNOWN, 0, header.schemaId());
            return false;
        }
        // A higher version may carry fields that this build would lose; there is none below 1.
        if (header.version() < 1 || header.version() > MessageHeaderDecoder.SCHEMA_VERSION) {
            fault(ReasonCode.VERSION_UNSUPPORTED, 0, header.version());
            return false;
        }
        return true;
    }

    private boolean isActedOn(DirectBuffer buffer, int length) {
        blockLength = blockLength();
        if (blockLength != NOT_ACTED_ON) {
            return true;
        }
        if (isNumberedKind() && length >= NUMBERED_LENGTH) {
            readNumbers(buffer); // It is one of its session's messages all the same.
            readRequestId(buffer);
        }
        fault(ReasonCode.NOT_SUPPORTED, 0, templateId);
        return false;
    }

    /** Is it of a kind that a client may send once a build acts on it? */
    private boolean isNumberedKind() {
        return type != null
                ? type.isOfOperator()
                : templateId == HoldListRequestDecoder.TEMPLATE_ID || templateId == EventRequestDecoder.TEMPLATE_ID;
    }

    /** The block length that the message must have; {@link #NOT_ACTED_ON} if no client may send it. */
    private int blockLength() {
        if (type != null) {
            return type.isOfClient() ? type.blockLength() : NOT_ACTED_ON;
        }
        return switch (templateId) {
            case LogonDecoder.TEMPLATE_ID -> LogonDecoder.BLOCK_LENGTH;
            case HeartbeatDecoder.TEMPLATE_ID -> HeartbeatDecoder.BLOCK_LENGTH;
            case LogoutDecoder.TEMPLATE_ID -> LogoutDecoder.BLOCK_LENGTH;
            case QueryDecoder.TEMPLATE_ID -> QueryDecoder.BLOCK_LENGTH;
            default -> NOT_ACTED_ON;
        };
    }

    private boolean isBlockWhole(int bodyLength) {
        if (header.blockLength() != blockLength || bodyLength < blockLength) {
            fault(ReasonCode.FRAME_MALFORMED, 0, bodyLength);
            return false;
        }
        return true;
    }

    private void checkBody(Command command, DirectBuffer buffer, int behindBlock) {
        if (templateId == LogonDecoder.TEMPLATE_ID) {
            texts.checkLogon(buffer, BODY, behindBlock, this);
            return;
        }
        readNumbers(buffer);
        boolean endsWithBlock = type == null || !type.hasText() && !type.hasGroup();
        if (endsWithBlock && behindBlock != 0) {
            fault(ReasonCode.FRAME_MALFORMED, 0, behindBlock);
            return;
        }
        if (type != null || templateId == QueryDecoder.TEMPLATE_ID) {
            readRequestId(buffer);
            boolean isInRange = clientRequestId > 0 && clientRequestId <= RequestMemory.REQUEST_ID_MAX;
            require(isInRange, AdmissionRequestDecoder.clientRequestIdId(), clientRequestId);
        }
        if (type != null) {
            checkCommand(command, buffer, behindBlock);
        }
    }

    private void checkCommand(Command command, DirectBuffer buffer, int behindBlock) {
        switch (type) {
            case ADMISSION -> requests.checkAdmission(command.read(type), buffer, behindBlock, this);
            case ORDER -> requests.checkOrder(command.read(type), buffer, this);
            case CANCEL -> reports.checkCancel(buffer, BODY, this);
            case REPLACE -> reports.checkReplace(buffer, BODY, this);
            case EXECUTION -> reports.checkExecution(buffer, BODY, this);
            case SETTLE -> reports.checkSettle(buffer, BODY, this);
            case OUTCOME -> reports.checkOutcome(buffer, BODY, this);
            case HOLD -> texts.checkHold(buffer, BODY, behindBlock, this);
            case ACCOUNT -> texts.checkAccount(buffer, BODY, behindBlock, this);
            case PRINCIPAL_RESTART -> texts.checkPrincipalRestart(buffer, BODY, behindBlock, this);
            case CLOCK -> texts.checkClock(buffer, BODY, behindBlock, this);
            case POLICY_PIECE -> texts.checkPolicyPiece(buffer, BODY, behindBlock, this);
            case POLICY_CHANGE -> texts.checkPolicyChange(buffer, BODY, behindBlock, this);
            case FACT -> texts.checkFact(buffer, BODY, behindBlock, this);
            case LEARNING -> texts.checkLearning(buffer, BODY, behindBlock, this);
            default -> fault(ReasonCode.NOT_SUPPORTED, 0, templateId); // A new row without its rules.
        }
    }

    private void readNumbers(DirectBuffer buffer) {
        sessionFields.wrap(buffer, BODY);
        isNumbered = true;
        sessionSequence = sessionFields.sessionSequence();
        highestReplyRead = sessionFields.highestReplyRead();
    }

    private void readRequestId(DirectBuffer buffer) {
        clientRequestId = buffer.getLong(CommandType.REQUEST_ID_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    private void clear() {
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
