package io.ringfence.gateway.frame;

import io.ringfence.schemas.AccountCommandDecoder;
import io.ringfence.schemas.AdmissionRequestDecoder;
import io.ringfence.schemas.ApprovalDecoder;
import io.ringfence.schemas.ExecutionDecoder;
import io.ringfence.schemas.HeartbeatDecoder;
import io.ringfence.schemas.InstrumentCommandDecoder;
import io.ringfence.schemas.LogonDecoder;
import io.ringfence.schemas.LogoutDecoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.OrderCancelDecoder;
import io.ringfence.schemas.OrderReplaceDecoder;
import io.ringfence.schemas.OrderRequestDecoder;
import io.ringfence.schemas.OutcomeReportDecoder;
import io.ringfence.schemas.QueryDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.SessionFieldsDecoder;
import io.ringfence.schemas.SettleDecoder;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Tells whether received bytes are one message that this build acts on, with every field in its range.
 *
 * <p>Looks in this order: header, schema, version, kind, lengths, fields in the order of their ids. Whatever the bytes
 * are, the answer is a {@link Frame} and never an exception. Not thread safe; allocates nothing.
 */
public final class FrameCheck {
    /** What every operator command begins with: session fields and request id. */
    private static final int OPERATOR_FIELDS_LENGTH = InstrumentCommandDecoder.instrumentIdEncodingOffset();

    private final Frame frame = new Frame();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SessionFieldsDecoder sessionFields = new SessionFieldsDecoder();
    private final RequestRules requests = new RequestRules();
    private final HoldRules holds = new HoldRules();
    private final OutcomeRules outcomes = new OutcomeRules();
    private final AccountRules accounts = new AccountRules();
    private final SessionRules sessions = new SessionRules();

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
        frame.template(header.templateId());
        int bodyOffset = offset + MessageHeaderDecoder.ENCODED_LENGTH;
        int bodyLength = length - MessageHeaderDecoder.ENCODED_LENGTH;
        if (isOurSchema() && isActedOn(buffer, bodyOffset, bodyLength) && isBlockWhole(bodyLength)) {
            checkBody(buffer, bodyOffset, bodyLength);
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
        if (blockLength() == 0) {
            readOperatorFields(buffer, offset, length);
            frame.fault(ReasonCode.NOT_SUPPORTED, 0, header.templateId());
            return false;
        }
        return true;
    }

    /** An operator command that is not acted on yet is still one of its session's messages and names its request. */
    private void readOperatorFields(DirectBuffer buffer, int offset, int length) {
        boolean isOperators = header.templateId() >= InstrumentCommandDecoder.TEMPLATE_ID
                && header.templateId() <= ApprovalDecoder.TEMPLATE_ID;
        if (isOperators && length >= OPERATOR_FIELDS_LENGTH) {
            sessionFields.wrap(buffer, offset);
            frame.numbered(sessionFields.sessionSequence(), sessionFields.highestReplyRead());
            frame.request(buffer.getLong(
                    offset + InstrumentCommandDecoder.clientRequestIdEncodingOffset(), ByteOrder.LITTLE_ENDIAN));
        }
    }

    /** The block length that the message must have; 0 for a kind that is not acted on. */
    private int blockLength() {
        switch (header.templateId()) {
            case AdmissionRequestDecoder.TEMPLATE_ID:
                return AdmissionRequestDecoder.BLOCK_LENGTH;
            case OrderRequestDecoder.TEMPLATE_ID:
                return OrderRequestDecoder.BLOCK_LENGTH;
            case OrderCancelDecoder.TEMPLATE_ID:
                return OrderCancelDecoder.BLOCK_LENGTH;
            case OrderReplaceDecoder.TEMPLATE_ID:
                return OrderReplaceDecoder.BLOCK_LENGTH;
            case ExecutionDecoder.TEMPLATE_ID:
                return ExecutionDecoder.BLOCK_LENGTH;
            case SettleDecoder.TEMPLATE_ID:
                return SettleDecoder.BLOCK_LENGTH;
            case OutcomeReportDecoder.TEMPLATE_ID:
                return OutcomeReportDecoder.BLOCK_LENGTH;
            case LogonDecoder.TEMPLATE_ID:
                return LogonDecoder.BLOCK_LENGTH;
            case HeartbeatDecoder.TEMPLATE_ID:
                return HeartbeatDecoder.BLOCK_LENGTH;
            case LogoutDecoder.TEMPLATE_ID:
                return LogoutDecoder.BLOCK_LENGTH;
            case QueryDecoder.TEMPLATE_ID:
                return QueryDecoder.BLOCK_LENGTH;
            case AccountCommandDecoder.TEMPLATE_ID:
                return AccountCommandDecoder.BLOCK_LENGTH;
            default:
                return 0;
        }
    }

    private boolean isBlockWhole(int bodyLength) {
        if (header.blockLength() != blockLength() || bodyLength < header.blockLength()) {
            frame.fault(ReasonCode.FRAME_MALFORMED, 0, bodyLength);
            return false;
        }
        return true;
    }

    private void checkBody(DirectBuffer buffer, int offset, int length) {
        if (header.templateId() != LogonDecoder.TEMPLATE_ID) {
            sessionFields.wrap(buffer, offset);
            frame.numbered(sessionFields.sessionSequence(), sessionFields.highestReplyRead());
        }
        int behindBlock = length - header.blockLength();
        switch (header.templateId()) {
            case LogonDecoder.TEMPLATE_ID:
                sessions.checkLogon(buffer, offset, behindBlock, frame);
                break;
            case AccountCommandDecoder.TEMPLATE_ID:
                accounts.check(buffer, offset, behindBlock, frame);
                break;
            default:
                checkFixed(buffer, offset, behindBlock);
                break;
        }
    }

    private void checkFixed(DirectBuffer buffer, int offset, int behindBlock) {
        if (behindBlock != 0) {
            frame.fault(ReasonCode.FRAME_MALFORMED, 0, behindBlock);
            return;
        }
        switch (header.templateId()) {
            case AdmissionRequestDecoder.TEMPLATE_ID:
                requests.checkAdmission(buffer, offset, frame);
                break;
            case OrderRequestDecoder.TEMPLATE_ID:
                requests.checkOrder(buffer, offset, frame);
                break;
            case OrderCancelDecoder.TEMPLATE_ID:
                holds.checkCancel(buffer, offset, frame);
                break;
            case OrderReplaceDecoder.TEMPLATE_ID:
                holds.checkReplace(buffer, offset, frame);
                break;
            case ExecutionDecoder.TEMPLATE_ID:
                holds.checkExecution(buffer, offset, frame);
                break;
            case SettleDecoder.TEMPLATE_ID:
                holds.checkSettle(buffer, offset, frame);
                break;
            case OutcomeReportDecoder.TEMPLATE_ID:
                outcomes.check(buffer, offset, frame);
                break;
            case QueryDecoder.TEMPLATE_ID:
                sessions.checkQuery(buffer, offset, frame);
                break;
            default:
                break; // Heartbeat and Logout carry nothing but their numbering.
        }
    }
}
