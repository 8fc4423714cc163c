package io.ringfence.perf.floor;

import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.ExecutionEncoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OrderReplaceEncoder;
import io.ringfence.schemas.OrderRequestEncoder;
import io.ringfence.schemas.OutcomeReportEncoder;
import io.ringfence.schemas.SessionFieldsEncoder;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The client of a {@link FloorServer}: encodes and decodes as the product's client does, without its session.
 *
 * <p>The length of the record to append travels in the field that tells the highest reply read. An echo gets its messages
 * back as they were, all of one length.
 */
final class FloorLink implements Link, FragmentHandler {
    static final int SESSION_OFFSET = MessageHeaderEncoder.ENCODED_LENGTH;
    static final int RECORD_LENGTH_OFFSET = SESSION_OFFSET + SessionFieldsEncoder.highestReplyReadEncodingOffset();
    static final int REQUEST_ID_OFFSET =
            MessageHeaderEncoder.ENCODED_LENGTH + OrderRequestEncoder.clientRequestIdEncodingOffset();
    static final int ECHO_LENGTH = 256;

    private static final long ANY = -1L;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[512]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final OrderRequestEncoder order = new OrderRequestEncoder();
    private final OrderReplaceEncoder replace = new OrderReplaceEncoder();
    private final ExecutionEncoder execution = new ExecutionEncoder();
    private final OutcomeReportEncoder outcome = new OutcomeReportEncoder();
    private final AdmissionDecisionDecoder decision = new AdmissionDecisionDecoder();
    private final ExclusivePublication requests;
    private final Subscription replies;
    private final boolean isEcho;

    private Answers answers;
    private long requestId;
    private long highestSequence;
    private int length;

    FloorLink(ExclusivePublication requests, Subscription replies, boolean isEcho) {
        this.requests = requests;
        this.replies = replies;
        this.isEcho = isEcho;
    }

    @Override
    public OrderRequestEncoder order() {
        begin(OrderRequestEncoder.BLOCK_LENGTH);
        return order.wrapAndApplyHeader(buffer, 0, header)
                .clientRequestId(nextRequestId())
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

    @Override
    public OrderReplaceEncoder replace() {
        begin(OrderReplaceEncoder.BLOCK_LENGTH);
        return replace.wrapAndApplyHeader(buffer, 0, header).clientRequestId(nextRequestId());
    }

    @Override
    public ExecutionEncoder execution() {
        begin(ExecutionEncoder.BLOCK_LENGTH);
        return execution
                .wrapAndApplyHeader(buffer, 0, header)
                .clientRequestId(nextRequestId())
                .referenceExecutionId(ExecutionEncoder.referenceExecutionIdNullValue());
    }

    @Override
    public OutcomeReportEncoder outcome() {
        begin(OutcomeReportEncoder.BLOCK_LENGTH);
        return outcome.wrapAndApplyHeader(buffer, 0, header)
                .clientRequestId(nextRequestId())
                .qualityBps(OutcomeReportEncoder.qualityBpsNullValue())
                .realizedCostMicros(OutcomeReportEncoder.realizedCostMicrosNullValue())
                .realizedLatencyMs(OutcomeReportEncoder.realizedLatencyMsNullValue());
    }

    private void begin(int blockLength) {
        length = MessageHeaderEncoder.ENCODED_LENGTH + blockLength;
        buffer.setMemory(0, length, (byte) 0);
    }

    @Override
    public long nextRequestId() {
        return requestId + 1;
    }

    @Override
    public boolean offer(int recordLength) {
        buffer.putLong(SESSION_OFFSET, requestId + 1, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(RECORD_LENGTH_OFFSET, recordLength, ByteOrder.LITTLE_ENDIAN);
        long position = requests.offer(buffer, 0, isEcho ? ECHO_LENGTH : length);
        if (position <= 0) {
            if (position == Publication.BACK_PRESSURED || position == Publication.ADMIN_ACTION) {
                return false;
            }
            throw new IllegalStateException("the server is gone: " + Publication.errorString(position));
        }
        requestId++;
        return true;
    }

    @Override
    public int poll(Answers answers, int limit) {
        this.answers = answers;
        return replies.poll(this, limit);
    }

    @Override
    public void onFragment(DirectBuffer reply, int offset, int replyLength, Header fragment) {
        if (isEcho) {
            highestSequence++;
            answers.onAnswer(reply.getLong(offset + REQUEST_ID_OFFSET, ByteOrder.LITTLE_ENDIAN), highestSequence, true);
            return;
        }
        decision.wrap(
                reply,
                offset + MessageHeaderEncoder.ENCODED_LENGTH,
                AdmissionDecisionDecoder.BLOCK_LENGTH,
                AdmissionDecisionDecoder.SCHEMA_VERSION);
        answers.onAnswer(decision.clientRequestId(), decision.sequence(), true);
    }

    @Override
    public void close() {
        requests.close();
        replies.close();
    }
}
