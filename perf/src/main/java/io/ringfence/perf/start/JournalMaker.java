package io.ringfence.perf.start;

import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.Engine;
import io.ringfence.engine.pipeline.SnapshotSink;
import io.ringfence.gateway.Ringfence;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.replay.EngineRecovery;
import io.ringfence.journal.JournalDirectory;
import io.ringfence.schemas.Durability;
import io.ringfence.schemas.ExecutionEncoder;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OrderRequestEncoder;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.TimeInForce;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.agrona.ExpandableArrayBuffer;

/**
 * Writes a journal through a real engine, without a gateway: orders, and for those that are admitted the fills that end them. One in a
 * hundred of these stays open. One thread.
 */
final class JournalMaker {
    private static final int PRINCIPAL = 1;
    private static final int OPEN_SHARE = 100;
    private static final long STEP_NS = 100;
    private static final long QUANTITY = 800_000_000L;
    private static final long PRICE_MICROS = 235_000_000L;
    private static final int SHOW_EVERY = 1 << 16;

    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(1024);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final OrderRequestEncoder order = new OrderRequestEncoder();
    private final ExecutionEncoder execution = new ExecutionEncoder();
    private final DecisionEvent event = new DecisionEvent();
    private final ServerConfig config;
    private final LongConsumer progress;
    private Engine engine;
    private long timestampNs;
    private long admitted;

    /** @param progress takes the number of records written, now and then. */
    JournalMaker(ServerConfig config, LongConsumer progress) {
        this.config = config;
        this.progress = progress;
    }

    /**
     * Makes a journal whose newest snapshot is some records before its end.
     *
     * @param records of the whole journal, some more at most.
     * @param behind  how many of them come after the snapshot.
     */
    void make(long records, long behind) {
        Ringfence.start(config).close(); // Settings, policy, rights, accounts.
        extend(records - behind);
        Ringfence.start(config).close(); // It writes the snapshot.
        extend(records);
    }

    /** Opens the journal, appends up to a sequence, and stops it cleanly. */
    private void extend(long lastSequence) {
        AtomicReference<EngineRecovery> recovery = new AtomicReference<>();
        recovery.set(new EngineRecovery(
                config.dataDir(),
                settings -> new Engine(settings, recovery.get().log(), SnapshotSink.NONE),
                replayed -> {}));
        JournalDirectory.Options options = JournalDirectory.Options.of(Durability.MEMORY);
        try (JournalDirectory journal = JournalDirectory.open(config.dataDir(), options, recovery.get())) {
            engine = recovery.get().finish(journal.recovery().head().sequence());
            engine.log(journal.writer()::append, SnapshotSink.NONE);
            timestampNs = recovery.get().lastTimestampNs();
            while (engine.lastSequence() < lastSequence) {
                trade(engine.lastSequence() + 1);
                if (event.sequence() % SHOW_EVERY <= 1) {
                    progress.accept(event.sequence());
                }
            }
        }
    }

    private void trade(long holdId) {
        ask(holdId);
        if (event.verdict().isAdmitted() && ++admitted % OPEN_SHARE != 0) {
            fill(holdId);
        }
    }

    private void ask(long requestId) {
        order.wrapAndApplyHeader(buffer, 0, header);
        buffer.setMemory(order.offset(), OrderRequestEncoder.BLOCK_LENGTH, (byte) 0);
        order.clientRequestId(requestId)
                .accountId(1)
                .useCase((short) 10)
                .requestedCandidateId(1)
                .inputUnits(OrderRequestEncoder.inputUnitsNullValue())
                .outputUnits(OrderRequestEncoder.outputUnitsNullValue())
                .businessValueMicros(OrderRequestEncoder.businessValueMicrosNullValue())
                .costLimitMicros(-1L)
                .riskBps(OrderRequestEncoder.riskBpsNullValue())
                .confidenceBps(OrderRequestEncoder.confidenceBpsNullValue())
                .minimumQualityBps(OrderRequestEncoder.minimumQualityBpsNullValue())
                .maxP95LatencyMs(OrderRequestEncoder.maxP95LatencyMsNullValue())
                .allowedProviderMask(-1L)
                .exposureMicros(OrderRequestEncoder.exposureMicrosNullValue())
                .side(Side.BUY)
                .orderType(OrderType.LIMIT)
                .timeInForce(TimeInForce.GOOD_TILL_CANCEL)
                .quantity(QUANTITY + (requestId & 1023))
                .limitPriceMicros(PRICE_MICROS)
                .stopPriceMicros(OrderRequestEncoder.stopPriceMicrosNullValue())
                .displayQuantity(OrderRequestEncoder.displayQuantityNullValue())
                .traderId(1)
                .externalId("START");
        apply(CommandType.ORDER, OrderRequestEncoder.BLOCK_LENGTH);
    }

    private void fill(long holdId) {
        execution.wrapAndApplyHeader(buffer, 0, header);
        buffer.setMemory(execution.offset(), ExecutionEncoder.BLOCK_LENGTH, (byte) 0);
        execution
                .clientRequestId(holdId + 1)
                .holdId(holdId)
                .executionId(1)
                .kind(ExecutionKind.FILL)
                .quantity(QUANTITY + (holdId & 1023))
                .priceMicros(PRICE_MICROS)
                .leavesQuantity(0)
                .referenceExecutionId(ExecutionEncoder.referenceExecutionIdNullValue())
                .termsSequence(ExecutionEncoder.termsSequenceNullValue())
                .orderQuantity(ExecutionEncoder.orderQuantityNullValue())
                .cumulativeQuantity(ExecutionEncoder.cumulativeQuantityNullValue());
        apply(CommandType.EXECUTION, ExecutionEncoder.BLOCK_LENGTH);
        if (event.verdict().reason() != ReasonCode.APPLIED) {
            throw new IllegalStateException("the fills of the journal must be booked: reason="
                    + event.verdict().reason());
        }
    }

    private void apply(CommandType type, int blockLength) {
        timestampNs += STEP_NS;
        int length = MessageHeaderEncoder.ENCODED_LENGTH + blockLength;
        event.accept(type, engine.lastSequence() + 1, timestampNs, 1, PRINCIPAL, buffer, 0, length);
        engine.apply(event);
    }
}
