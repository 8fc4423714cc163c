package io.ringfence.gateway.frame;

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
 * Tells whether received bytes are one message that this build acts on, with every field in its range.
 *
 * <p>Checks in this order: header, schema, version, kind, lengths, fields in the order of their ids. Whatever the bytes are, the result
 * is a {@link Frame} and never an exception. Not thread safe; allocates nothing.
 */
public final class FrameCheck {
    /** Session fields and request id, which every command of a client or an operator begins with. */
    private static final int NUMBERED_LENGTH =
            CommandType.REQUEST_ID_OFFSET + Long.BYTES - MessageHeaderDecoder.ENCODED_LENGTH;

    private static final int NOT_ACTED_ON = 0;

    private final Frame frame = new Frame();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SessionFieldsDecoder sessionFields = new SessionFieldsDecoder();
    private final RequestRules requests = new RequestRules();
    private final ReportRules reports = new ReportRules();
    private final TextRules texts = new TextRules();
    private CommandType type;
    private int blockLength;

    /**
     * Checks one frame.
     *
     * @param length of the frame, header included; {@code 0 <= length} and {@code offset + length <= capacity}.
     */
    public Frame check(DirectBuffer buffer, int offset, int length) {
        frame.clear();
        if (length < MessageHeaderDecoder.ENCODED_LENGTH) {
            frame.fault(ReasonCode.FRAME_MALFORMED, 0, length);
            return frame;
        }
        header.wrap(buffer, offset);
        type = CommandType.ofTemplate(header.templateId());
        frame.message(header.templateId(), type);
        int bodyOffset = offset + MessageHeaderDecoder.ENCODED_LENGTH;
        int bodyLength = length - MessageHeaderDecoder.ENCODED_LENGTH;
        if (isOurSchema() && isActedOn(buffer, bodyOffset, bodyLength) && isBlockWhole(bodyLength)) {
            checkBody(buffer, bodyOffset, bodyLength - blockLength);
        }
        return frame;
    }

    private boolean isOurSchema() {
        if (header.schemaId() != MessageHeaderDecoder.SCHEMA_ID) {
            frame.fault(ReasonCode.SCHEMA_UNKNOWN, 0, header.schemaId());
            return false;
        }
        // A higher version may carry fields that this build would lose; there is none below 1.
        if (header.version() < 1 || header.version() > MessageHeaderDecoder.SCHEMA_VERSION) {
            frame.fault(ReasonCode.VERSION_UNSUPPORTED, 0, header.version());
            return false;
        }
        return true;
    }

    private boolean isActedOn(DirectBuffer buffer, int offset, int length) {
        blockLength = blockLength();
        if (blockLength != NOT_ACTED_ON) {
            return true;
        }
        if (isNumberedKind() && length >= NUMBERED_LENGTH) {
            readNumbers(buffer, offset); // It is one of its session's messages all the same.
            readRequestId(buffer, offset);
        }
        frame.fault(ReasonCode.NOT_SUPPORTED, 0, header.templateId());
        return false;
    }

    /** Is it of a kind that a client may send once a build acts on it? */
    private boolean isNumberedKind() {
        return type != null
                ? type.isOfOperator()
                : header.templateId() == HoldListRequestDecoder.TEMPLATE_ID
                        || header.templateId() == EventRequestDecoder.TEMPLATE_ID;
    }

    /** The block length that the message must have; {@link #NOT_ACTED_ON} if no client may send it. */
    private int blockLength() {
        if (type != null) {
            return type.isOfClient() ? type.blockLength() : NOT_ACTED_ON;
        }
        return switch (header.templateId()) {
            case LogonDecoder.TEMPLATE_ID -> LogonDecoder.BLOCK_LENGTH;
            case HeartbeatDecoder.TEMPLATE_ID -> HeartbeatDecoder.BLOCK_LENGTH;
            case LogoutDecoder.TEMPLATE_ID -> LogoutDecoder.BLOCK_LENGTH;
            case QueryDecoder.TEMPLATE_ID -> QueryDecoder.BLOCK_LENGTH;
            default -> NOT_ACTED_ON;
        };
    }

    private boolean isBlockWhole(int bodyLength) {
        if (header.blockLength() != blockLength || bodyLength < blockLength) {
            frame.fault(ReasonCode.FRAME_MALFORMED, 0, bodyLength);
            return false;
        }
        return true;
    }

    private void checkBody(DirectBuffer buffer, int offset, int behindBlock) {
        if (header.templateId() == LogonDecoder.TEMPLATE_ID) {
            texts.checkLogon(buffer, offset, behindBlock, frame);
            return;
        }
        readNumbers(buffer, offset);
        boolean endsWithBlock = type == null || !type.hasText() && !type.hasGroup();
        if (endsWithBlock && behindBlock != 0) {
            frame.fault(ReasonCode.FRAME_MALFORMED, 0, behindBlock);
            return;
        }
        if (type != null || header.templateId() == QueryDecoder.TEMPLATE_ID) {
            long clientRequestId = readRequestId(buffer, offset);
            boolean isInRange = clientRequestId > 0 && clientRequestId <= RequestMemory.REQUEST_ID_MAX;
            frame.require(isInRange, AdmissionRequestDecoder.clientRequestIdId(), clientRequestId);
        }
        if (type != null) {
            checkCommand(buffer, offset, behindBlock);
        }
    }

    private void checkCommand(DirectBuffer buffer, int offset, int behindBlock) {
        switch (type) {
            case ADMISSION -> requests.checkAdmission(buffer, offset, behindBlock, frame);
            case ORDER -> requests.checkOrder(buffer, offset, frame);
            case CANCEL -> reports.checkCancel(buffer, offset, frame);
            case REPLACE -> reports.checkReplace(buffer, offset, frame);
            case EXECUTION -> reports.checkExecution(buffer, offset, frame);
            case SETTLE -> reports.checkSettle(buffer, offset, frame);
            case OUTCOME -> reports.checkOutcome(buffer, offset, frame);
            case ACCOUNT -> texts.checkAccount(buffer, offset, behindBlock, frame);
            default -> frame.fault(ReasonCode.NOT_SUPPORTED, 0, header.templateId()); // A new row without its rules.
        }
    }

    private void readNumbers(DirectBuffer buffer, int offset) {
        sessionFields.wrap(buffer, offset);
        frame.numbered(sessionFields.sessionSequence(), sessionFields.highestReplyRead());
    }

    private long readRequestId(DirectBuffer buffer, int offset) {
        long clientRequestId = buffer.getLong(
                offset + AdmissionRequestDecoder.clientRequestIdEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
        frame.request(clientRequestId);
        return clientRequestId;
    }
}
