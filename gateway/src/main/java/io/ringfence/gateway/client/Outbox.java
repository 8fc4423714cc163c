package io.ringfence.gateway.client;

import io.ringfence.schemas.AccountCommandEncoder;
import io.ringfence.schemas.AdmissionRequestEncoder;
import io.ringfence.schemas.ExecutionEncoder;
import io.ringfence.schemas.HeartbeatEncoder;
import io.ringfence.schemas.LogoutEncoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OrderCancelEncoder;
import io.ringfence.schemas.OrderReplaceEncoder;
import io.ringfence.schemas.OrderRequestEncoder;
import io.ringfence.schemas.OutcomeReportEncoder;
import io.ringfence.schemas.QueryEncoder;
import io.ringfence.schemas.SessionFieldsEncoder;
import io.ringfence.schemas.SettleEncoder;
import io.ringfence.schemas.Substitution;
import java.nio.ByteOrder;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The one message that is being written: each verb begins it anew with every field at its "not given".
 *
 * <p>Session fields stand first in every body, and the request id behind them, so that both are set here alone.
 */
final class Outbox {
    private static final int CAPACITY = 1_024;
    private static final int BODY_OFFSET = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int REQUEST_ID_OFFSET = BODY_OFFSET + AdmissionRequestEncoder.clientRequestIdEncodingOffset();
    private static final long ANY = -1L;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[CAPACITY]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final SessionFieldsEncoder sessionFields = new SessionFieldsEncoder();
    private final AdmissionRequestEncoder admission = new AdmissionRequestEncoder();
    private final OrderRequestEncoder order = new OrderRequestEncoder();
    private final OrderCancelEncoder cancel = new OrderCancelEncoder();
    private final OrderReplaceEncoder replace = new OrderReplaceEncoder();
    private final ExecutionEncoder execution = new ExecutionEncoder();
    private final SettleEncoder settle = new SettleEncoder();
    private final OutcomeReportEncoder outcome = new OutcomeReportEncoder();
    private final QueryEncoder query = new QueryEncoder();
    private final AccountCommandEncoder account = new AccountCommandEncoder();
    private final HeartbeatEncoder heartbeat = new HeartbeatEncoder();
    private final LogoutEncoder logout = new LogoutEncoder();

    private int templateId;
    private int blockLength;

    AdmissionRequestEncoder admission(long clientRequestId) {
        begin(AdmissionRequestEncoder.TEMPLATE_ID, AdmissionRequestEncoder.BLOCK_LENGTH);
        return admission
                .wrapAndApplyHeader(buffer, 0, header)
                .clientRequestId(clientRequestId)
                .substitution(Substitution.ALLOWED)
                .outputUnits(AdmissionRequestEncoder.outputUnitsNullValue())
                .businessValueMicros(AdmissionRequestEncoder.businessValueMicrosNullValue())
                .costLimitMicros(ANY)
                .riskBps(AdmissionRequestEncoder.riskBpsNullValue())
                .confidenceBps(AdmissionRequestEncoder.confidenceBpsNullValue())
                .minimumQualityBps(AdmissionRequestEncoder.minimumQualityBpsNullValue())
                .maxP95LatencyMs(AdmissionRequestEncoder.maxP95LatencyMsNullValue())
                .allowedProviderMask(ANY)
                .exposureMicros(AdmissionRequestEncoder.exposureMicrosNullValue())
                .timeToLiveNs(AdmissionRequestEncoder.timeToLiveNsNullValue())
                .parentSequence(AdmissionRequestEncoder.parentSequenceNullValue());
    }

    OrderRequestEncoder order(long clientRequestId) {
        begin(OrderRequestEncoder.TEMPLATE_ID, OrderRequestEncoder.BLOCK_LENGTH);
        return order.wrapAndApplyHeader(buffer, 0, header)
                .clientRequestId(clientRequestId)
                .substitution(Substitution.ALLOWED)
                .inputUnits(OrderRequestEncoder.inputUnitsNullValue())
                .outputUnits(OrderRequestEncoder.outputUnitsNullValue())
                .businessValueMicros(OrderRequestEncoder.businessValueMicrosNullValue())
                .costLimitMicros(ANY)
                .riskBps(OrderRequestEncoder.riskBpsNullValue())
                .confidenceBps(OrderRequestEncoder.confidenceBpsNullValue())
                .minimumQualityBps(OrderRequestEncoder.minimumQualityBpsNullValue())
                .maxP95LatencyMs(OrderRequestEncoder.maxP95LatencyMsNullValue())
                .allowedProviderMask(ANY)
                .exposureMicros(OrderRequestEncoder.exposureMicrosNullValue())
                .stopPriceMicros(OrderRequestEncoder.stopPriceMicrosNullValue())
                .displayQuantity(OrderRequestEncoder.displayQuantityNullValue());
    }

    OrderCancelEncoder cancel(long clientRequestId) {
        begin(OrderCancelEncoder.TEMPLATE_ID, OrderCancelEncoder.BLOCK_LENGTH);
        return cancel.wrapAndApplyHeader(buffer, 0, header).clientRequestId(clientRequestId);
    }

    OrderReplaceEncoder replace(long clientRequestId) {
        begin(OrderReplaceEncoder.TEMPLATE_ID, OrderReplaceEncoder.BLOCK_LENGTH);
        return replace.wrapAndApplyHeader(buffer, 0, header).clientRequestId(clientRequestId);
    }

    ExecutionEncoder execution(long clientRequestId) {
        begin(ExecutionEncoder.TEMPLATE_ID, ExecutionEncoder.BLOCK_LENGTH);
        return execution
                .wrapAndApplyHeader(buffer, 0, header)
                .clientRequestId(clientRequestId)
                .referenceExecutionId(ExecutionEncoder.referenceExecutionIdNullValue());
    }

    SettleEncoder settle(long clientRequestId) {
        begin(SettleEncoder.TEMPLATE_ID, SettleEncoder.BLOCK_LENGTH);
        return settle.wrapAndApplyHeader(buffer, 0, header).clientRequestId(clientRequestId);
    }

    OutcomeReportEncoder outcome(long clientRequestId) {
        begin(OutcomeReportEncoder.TEMPLATE_ID, OutcomeReportEncoder.BLOCK_LENGTH);
        return outcome.wrapAndApplyHeader(buffer, 0, header)
                .clientRequestId(clientRequestId)
                .qualityBps(OutcomeReportEncoder.qualityBpsNullValue())
                .realizedCostMicros(OutcomeReportEncoder.realizedCostMicrosNullValue())
                .realizedLatencyMs(OutcomeReportEncoder.realizedLatencyMsNullValue());
    }

    void query(long clientRequestId) {
        begin(QueryEncoder.TEMPLATE_ID, QueryEncoder.BLOCK_LENGTH);
        query.wrapAndApplyHeader(buffer, 0, header).clientRequestId(clientRequestId);
    }

    AccountCommandEncoder account(long clientRequestId) {
        begin(AccountCommandEncoder.TEMPLATE_ID, AccountCommandEncoder.BLOCK_LENGTH);
        return account.wrapAndApplyHeader(buffer, 0, header)
                .clientRequestId(clientRequestId)
                .parentAccountId(AccountCommandEncoder.parentAccountIdNullValue());
    }

    private void begin(int templateId, int blockLength) {
        this.templateId = templateId;
        this.blockLength = blockLength;
        buffer.setMemory(0, BODY_OFFSET + blockLength, (byte) 0);
    }

    /** Which message was begun; 0 for none. */
    int templateId() {
        return templateId;
    }

    /** The request id of the message begun. */
    long clientRequestId() {
        return buffer.getLong(REQUEST_ID_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Numbers the message and gives its length. */
    int numbered(long sessionSequence, long highestReplyRead) {
        number(buffer, sessionSequence, highestReplyRead);
        return BODY_OFFSET + (templateId == AccountCommandEncoder.TEMPLATE_ID ? account.encodedLength() : blockLength);
    }

    MutableDirectBuffer buffer() {
        return buffer;
    }

    int heartbeat(MutableDirectBuffer target, long timestampNs, long sessionSequence, long highestReplyRead) {
        heartbeat.wrapAndApplyHeader(target, 0, header).timestampNs(timestampNs);
        number(target, sessionSequence, highestReplyRead);
        return BODY_OFFSET + HeartbeatEncoder.BLOCK_LENGTH;
    }

    int logout(MutableDirectBuffer target, long sessionSequence, long highestReplyRead) {
        logout.wrapAndApplyHeader(target, 0, header);
        number(target, sessionSequence, highestReplyRead);
        return BODY_OFFSET + LogoutEncoder.BLOCK_LENGTH;
    }

    private void number(MutableDirectBuffer target, long sessionSequence, long highestReplyRead) {
        sessionFields.wrap(target, BODY_OFFSET).sessionSequence(sessionSequence).highestReplyRead(highestReplyRead);
    }
}
