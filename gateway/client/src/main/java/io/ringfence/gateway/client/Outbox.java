package io.ringfence.gateway.client;

import io.ringfence.schemas.AccountCommandEncoder;
import io.ringfence.schemas.AdmissionRequestEncoder;
import io.ringfence.schemas.AdmissionRequestEncoder.FeaturesEncoder;
import io.ringfence.schemas.ClockCommandEncoder;
import io.ringfence.schemas.ExecutionEncoder;
import io.ringfence.schemas.FactCommandEncoder;
import io.ringfence.schemas.GroupSizeEncodingEncoder;
import io.ringfence.schemas.HoldCommandEncoder;
import io.ringfence.schemas.LearningCommandEncoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OrderCancelEncoder;
import io.ringfence.schemas.OrderReplaceEncoder;
import io.ringfence.schemas.OrderRequestEncoder;
import io.ringfence.schemas.OutcomeReportEncoder;
import io.ringfence.schemas.PolicyChangeEncoder;
import io.ringfence.schemas.PolicyPieceEncoder;
import io.ringfence.schemas.PrincipalRestartEncoder;
import io.ringfence.schemas.QueryEncoder;
import io.ringfence.schemas.SessionFieldsEncoder;
import io.ringfence.schemas.SettleEncoder;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.Substitution;
import java.nio.ByteOrder;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Holds the bytes of the message that was begun last. Each verb begins a new message, whose optional fields are null.
 *
 * <p>In every body the session fields stand first and the request id behind them, so this class alone sets both.
 */
final class Outbox {
    private static final int CAPACITY = 1_024;
    private static final int BODY_OFFSET = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int REQUEST_ID_OFFSET = BODY_OFFSET + AdmissionRequestEncoder.clientRequestIdEncodingOffset();
    private static final long ANY = -1L;
    private static final char FIRST_PRINTABLE = ' ';
    private static final char LAST_PRINTABLE = '~';

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[CAPACITY]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final SessionFieldsEncoder sessionFields = new SessionFieldsEncoder();
    private final AdmissionRequestEncoder admission = new AdmissionRequestEncoder();
    private final GroupSizeEncodingEncoder features = new GroupSizeEncodingEncoder();
    private final OrderRequestEncoder order = new OrderRequestEncoder();
    private final OrderCancelEncoder cancel = new OrderCancelEncoder();
    private final OrderReplaceEncoder replace = new OrderReplaceEncoder();
    private final ExecutionEncoder execution = new ExecutionEncoder();
    private final SettleEncoder settle = new SettleEncoder();
    private final OutcomeReportEncoder outcome = new OutcomeReportEncoder();
    private final QueryEncoder query = new QueryEncoder();
    private final AccountCommandEncoder account = new AccountCommandEncoder();
    private final PrincipalRestartEncoder restart = new PrincipalRestartEncoder();
    private final ClockCommandEncoder clock = new ClockCommandEncoder();
    private final LearningCommandEncoder learning = new LearningCommandEncoder();
    private final HoldCommandEncoder hold = new HoldCommandEncoder();
    private final FactCommandEncoder fact = new FactCommandEncoder();
    private final PolicyPieceEncoder policyPiece = new PolicyPieceEncoder();
    private final PolicyChangeEncoder policyChange = new PolicyChangeEncoder();

    private int templateId;
    private int blockLength;

    AdmissionRequestEncoder admission(long clientRequestId) {
        begin(AdmissionRequestEncoder.TEMPLATE_ID, AdmissionRequestEncoder.BLOCK_LENGTH);
        features.wrap(buffer, BODY_OFFSET + AdmissionRequestEncoder.BLOCK_LENGTH)
                .blockLength((short) FeaturesEncoder.sbeBlockLength())
                .numInGroup((short) 0);
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
                .parentSequence(AdmissionRequestEncoder.parentSequenceNullValue())
                .episodeId(AdmissionRequestEncoder.episodeIdNullValue());
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
                .displayQuantity(OrderRequestEncoder.displayQuantityNullValue())
                .basketId(OrderRequestEncoder.basketIdNullValue());
    }

    /** The encoder would say only that a string is too large, and take other characters for question marks. */
    static void requireExternalId(String externalId) {
        int lengthMax = OrderRequestEncoder.externalIdLength();
        boolean isPrintable = true;
        for (int i = 0; i < externalId.length(); i++) {
            isPrintable &= externalId.charAt(i) >= FIRST_PRINTABLE && externalId.charAt(i) <= LAST_PRINTABLE;
        }
        if (externalId.length() > lengthMax || !isPrintable) {
            throw new IllegalArgumentException("externalId must have at most " + lengthMax
                    + " characters, of printable ASCII: externalId=\"" + externalId + "\", length="
                    + externalId.length());
        }
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
                .referenceExecutionId(ExecutionEncoder.referenceExecutionIdNullValue())
                .termsSequence(ExecutionEncoder.termsSequenceNullValue())
                .accountId(ExecutionEncoder.accountIdNullValue())
                .orderQuantity(ExecutionEncoder.orderQuantityNullValue())
                .cumulativeQuantity(ExecutionEncoder.cumulativeQuantityNullValue())
                .instrumentId(ExecutionEncoder.instrumentIdNullValue())
                .side(Side.NULL_VAL);
    }

    SettleEncoder settle(long clientRequestId) {
        begin(SettleEncoder.TEMPLATE_ID, SettleEncoder.BLOCK_LENGTH);
        return settle.wrapAndApplyHeader(buffer, 0, header)
                .clientRequestId(clientRequestId)
                .accountId(SettleEncoder.accountIdNullValue());
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
                .parentAccountId(AccountCommandEncoder.parentAccountIdNullValue())
                .limitValue(AccountCommandEncoder.limitValueNullValue());
    }

    PrincipalRestartEncoder principalRestart(long clientRequestId) {
        begin(PrincipalRestartEncoder.TEMPLATE_ID, PrincipalRestartEncoder.BLOCK_LENGTH);
        return restart.wrapAndApplyHeader(buffer, 0, header).clientRequestId(clientRequestId);
    }

    ClockCommandEncoder clock(long clientRequestId) {
        begin(ClockCommandEncoder.TEMPLATE_ID, ClockCommandEncoder.BLOCK_LENGTH);
        return clock.wrapAndApplyHeader(buffer, 0, header).clientRequestId(clientRequestId);
    }

    LearningCommandEncoder learning(long clientRequestId) {
        begin(LearningCommandEncoder.TEMPLATE_ID, LearningCommandEncoder.BLOCK_LENGTH);
        return learning.wrapAndApplyHeader(buffer, 0, header)
                .clientRequestId(clientRequestId)
                .candidateId(LearningCommandEncoder.candidateIdNullValue())
                .useCase(LearningCommandEncoder.useCaseNullValue())
                .regime(LearningCommandEncoder.regimeNullValue())
                .tier(LearningCommandEncoder.tierNullValue());
    }

    HoldCommandEncoder hold(long clientRequestId) {
        begin(HoldCommandEncoder.TEMPLATE_ID, HoldCommandEncoder.BLOCK_LENGTH);
        return hold.wrapAndApplyHeader(buffer, 0, header)
                .clientRequestId(clientRequestId)
                .accountId(HoldCommandEncoder.accountIdNullValue())
                .amountMicros(HoldCommandEncoder.amountMicrosNullValue());
    }

    FactCommandEncoder fact(long clientRequestId) {
        begin(FactCommandEncoder.TEMPLATE_ID, FactCommandEncoder.BLOCK_LENGTH);
        return fact.wrapAndApplyHeader(buffer, 0, header)
                .clientRequestId(clientRequestId)
                .accountId(FactCommandEncoder.accountIdNullValue())
                .instrumentId(FactCommandEncoder.instrumentIdNullValue());
    }

    PolicyPieceEncoder policyPiece(long clientRequestId) {
        begin(PolicyPieceEncoder.TEMPLATE_ID, PolicyPieceEncoder.BLOCK_LENGTH);
        return policyPiece
                .wrapAndApplyHeader(buffer, 0, header)
                .clientRequestId(clientRequestId)
                .uploadId(clientRequestId);
    }

    PolicyChangeEncoder policyChange(long clientRequestId) {
        begin(PolicyChangeEncoder.TEMPLATE_ID, PolicyChangeEncoder.BLOCK_LENGTH);
        return policyChange.wrapAndApplyHeader(buffer, 0, header).clientRequestId(clientRequestId);
    }

    private void begin(int templateId, int blockLength) {
        this.templateId = templateId;
        this.blockLength = blockLength;
        buffer.setMemory(0, BODY_OFFSET + blockLength, (byte) 0);
    }

    /** The request id of the message begun. */
    long clientRequestId() {
        return buffer.getLong(REQUEST_ID_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Does it name an earlier request id, instead of using one up? */
    boolean isQuery() {
        return templateId == QueryEncoder.TEMPLATE_ID;
    }

    /** Sets the session fields of the message and gives its length in bytes, header included. */
    int numbered(long sessionSequence, long highestReplyRead) {
        if (templateId == 0) {
            throw new IllegalStateException("no message was begun: call order() or another verb first");
        }
        sessionFields.wrap(buffer, BODY_OFFSET).sessionSequence(sessionSequence).highestReplyRead(highestReplyRead);
        return BODY_OFFSET + bodyLength();
    }

    /** A request whose features were not begun has none. */
    private int bodyLength() {
        return switch (templateId) {
            case AdmissionRequestEncoder.TEMPLATE_ID ->
                Math.max(admission.encodedLength(), blockLength + GroupSizeEncodingEncoder.ENCODED_LENGTH);
            case AccountCommandEncoder.TEMPLATE_ID -> account.encodedLength();
            case PrincipalRestartEncoder.TEMPLATE_ID -> restart.encodedLength();
            case ClockCommandEncoder.TEMPLATE_ID -> clock.encodedLength();
            case LearningCommandEncoder.TEMPLATE_ID -> learning.encodedLength();
            case HoldCommandEncoder.TEMPLATE_ID -> hold.encodedLength();
            case FactCommandEncoder.TEMPLATE_ID -> fact.encodedLength();
            case PolicyPieceEncoder.TEMPLATE_ID -> policyPiece.encodedLength();
            case PolicyChangeEncoder.TEMPLATE_ID -> policyChange.encodedLength();
            default -> blockLength;
        };
    }

    MutableDirectBuffer buffer() {
        return buffer;
    }

    /** Does a message of this template id get an answer? */
    static boolean isRequest(int templateId) {
        switch (templateId) {
            case AdmissionRequestEncoder.TEMPLATE_ID:
            case OrderRequestEncoder.TEMPLATE_ID:
            case OrderCancelEncoder.TEMPLATE_ID:
            case OrderReplaceEncoder.TEMPLATE_ID:
            case ExecutionEncoder.TEMPLATE_ID:
            case SettleEncoder.TEMPLATE_ID:
            case OutcomeReportEncoder.TEMPLATE_ID:
            case QueryEncoder.TEMPLATE_ID:
            case AccountCommandEncoder.TEMPLATE_ID:
            case PrincipalRestartEncoder.TEMPLATE_ID:
            case ClockCommandEncoder.TEMPLATE_ID:
            case LearningCommandEncoder.TEMPLATE_ID:
            case HoldCommandEncoder.TEMPLATE_ID:
            case FactCommandEncoder.TEMPLATE_ID:
            case PolicyPieceEncoder.TEMPLATE_ID:
            case PolicyChangeEncoder.TEMPLATE_ID:
                return true;
            default:
                return false;
        }
    }
}
