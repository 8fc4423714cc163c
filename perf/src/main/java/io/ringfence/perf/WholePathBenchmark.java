package io.ringfence.perf;

import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.Engine;
import io.ringfence.engine.pipeline.EngineSettings;
import io.ringfence.engine.pipeline.SnapshotSink;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.gateway.config.CompiledPolicy.PolicyPiece;
import io.ringfence.journal.JournalDirectory;
import io.ringfence.schemas.AccountCommandEncoder;
import io.ringfence.schemas.AccountLimit;
import io.ringfence.schemas.AccountScope;
import io.ringfence.schemas.AccountVerb;
import io.ringfence.schemas.Durability;
import io.ringfence.schemas.ExecutionEncoder;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OrderRequestEncoder;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.PolicyActivateEncoder;
import io.ringfence.schemas.PolicyPartEncoder;
import io.ringfence.schemas.PrincipalCommandEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Role;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.Substitution;
import io.ringfence.schemas.TimeInForce;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.IoUtil;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Time of one command through all eight stages into a real journal with {@code MEMORY}, on one thread and without transport: an
 * order under the crypto policy, then the execution that fills it.
 *
 * <p>Run it from the root of the checkout, or with {@code -Dringfence.home} naming it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "-XX:+IgnoreUnrecognizedVMOptions",
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dchronicle.analytics.disable=true",
            "-Dchronicle.announcer.disable=true",
            "-Dchronicle.disk.monitor.disable=true",
            "-Dsbe.enable.precedence.checks=false"
        })
public class WholePathBenchmark {
    private static final int PRINCIPAL = 1;
    private static final int COMMANDS_PER_ORDER = 2;
    private static final long QUANTITY = 800_000_000L;
    private static final long PRICE_MICROS = 235_000_000L;

    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(64 * 1024);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final OrderRequestEncoder order = new OrderRequestEncoder();
    private final ExecutionEncoder execution = new ExecutionEncoder();

    /** Slots that are walked in turn, as on a ring of this size; 1 leaves memory out. */
    @Param({"1", "256", "4096"})
    private int slots;

    private DecisionEvent[] ring;
    private DecisionEvent event;
    private Path directory;
    private JournalDirectory journal;
    private Engine engine;
    private long requestId;

    /** Opens a journal, and puts policy and account into force. */
    @Setup
    public void open() throws IOException {
        ring = Stream.generate(DecisionEvent::new).limit(slots).toArray(DecisionEvent[]::new);
        directory = Files.createTempDirectory("ringfence-whole-path");
        journal = JournalDirectory.open(directory, JournalDirectory.Options.of(Durability.MEMORY));
        EngineSettings settings = EngineSettings.defaults(1, new byte[32]);
        engine = new Engine(settings, journal.writer()::append, SnapshotSink.NONE);
        buffer.putBytes(0, settings.encode());
        apply(CommandType.SETTINGS, 0, settings.encode().length);
        Path home = Path.of(System.getProperty("ringfence.home", ""));
        activate(CompiledPolicy.read(home.resolve("conf/policies/crypto.yaml")));
        PrincipalCommandEncoder principal = new PrincipalCommandEncoder();
        principal
                .wrapAndApplyHeader(buffer, 0, header)
                .principalId(PRINCIPAL)
                .role(Role.TRADER)
                .scope(AccountScope.ALL)
                .name("perf");
        apply(CommandType.PRINCIPAL, 0, principal.encodedLength() + MessageHeaderEncoder.ENCODED_LENGTH);
        AccountCommandEncoder account = new AccountCommandEncoder();
        account.wrapAndApplyHeader(buffer, 0, header)
                .clientRequestId(0)
                .accountId(1)
                .parentAccountId(AccountCommandEncoder.parentAccountIdNullValue())
                .amountMicros(Long.MAX_VALUE / 2)
                .verb(AccountVerb.OPEN)
                .capMicros(0)
                .currency("")
                .limitKind(AccountLimit.NONE)
                .limitValue(AccountCommandEncoder.limitValueNullValue())
                .name("desk-1");
        apply(CommandType.ACCOUNT, 0, account.encodedLength() + MessageHeaderEncoder.ENCODED_LENGTH);
    }

    private void activate(CompiledPolicy policy) {
        PolicyPartEncoder part = new PolicyPartEncoder();
        for (PolicyPiece piece : policy.pieces()) {
            part.wrapAndApplyHeader(buffer, 0, header)
                    .epoch(policy.epoch())
                    .section(piece.section())
                    .index(piece.index())
                    .count(piece.count())
                    .putContent(piece.content(), 0, piece.content().length);
            apply(CommandType.POLICY_PART, 0, part.encodedLength() + MessageHeaderEncoder.ENCODED_LENGTH);
        }
        PolicyActivateEncoder activate = new PolicyActivateEncoder();
        activate.wrapAndApplyHeader(buffer, 0, header)
                .epoch(policy.epoch())
                .putPolicyDigest(policy.policyDigest(), 0, policy.policyDigest().length)
                .putAdaptiveDigest(policy.adaptiveDigest(), 0, policy.adaptiveDigest().length)
                .putNamesDigest(policy.namesDigest(), 0, policy.namesDigest().length);
        apply(CommandType.POLICY_ACTIVATE, 0, activate.encodedLength() + MessageHeaderEncoder.ENCODED_LENGTH);
    }

    /** Removes the journal. */
    @TearDown
    public void close() {
        journal.close();
        IoUtil.delete(directory.toFile(), true);
    }

    /** An order, then the fill that ends it. */
    @Benchmark
    @OperationsPerInvocation(COMMANDS_PER_ORDER)
    public DecisionEvent decide() {
        long holdId = ask();
        fill(holdId);
        return event;
    }

    private long ask() {
        order.wrapAndApplyHeader(buffer, 0, header)
                .clientRequestId(++requestId)
                .accountId(1)
                .useCase((short) 10)
                .requestedCandidateId(1)
                .substitution(Substitution.ALLOWED)
                .inputUnits(OrderRequestEncoder.inputUnitsNullValue())
                .outputUnits(OrderRequestEncoder.outputUnitsNullValue())
                .businessValueMicros(OrderRequestEncoder.businessValueMicrosNullValue())
                .costLimitMicros(-1L)
                .riskBps(OrderRequestEncoder.riskBpsNullValue())
                .confidenceBps(OrderRequestEncoder.confidenceBpsNullValue())
                .minimumQualityBps(OrderRequestEncoder.minimumQualityBpsNullValue())
                .maxP95LatencyMs(OrderRequestEncoder.maxP95LatencyMsNullValue())
                .requiredCapabilities(0)
                .allowedProviderMask(-1L)
                .requiredRegionMask(0)
                .exposureMicros(OrderRequestEncoder.exposureMicrosNullValue())
                .instrumentId(0)
                .side(Side.BUY)
                .orderType(OrderType.LIMIT)
                .timeInForce(TimeInForce.DAY)
                .quantity(QUANTITY + (requestId & 1023))
                .limitPriceMicros(PRICE_MICROS)
                .stopPriceMicros(OrderRequestEncoder.stopPriceMicrosNullValue())
                .displayQuantity(OrderRequestEncoder.displayQuantityNullValue())
                .traderId(1)
                .externalId("");
        long sequence = apply(
                CommandType.ORDER, PRINCIPAL, OrderRequestEncoder.BLOCK_LENGTH + MessageHeaderEncoder.ENCODED_LENGTH);
        if (!event.verdict().isAdmitted()) {
            throw new IllegalStateException("the benchmark's orders must be admitted: reason="
                    + event.verdict().reason());
        }
        return sequence;
    }

    private void fill(long holdId) {
        execution
                .wrapAndApplyHeader(buffer, 0, header)
                .clientRequestId(++requestId)
                .holdId(holdId)
                .executionId(1)
                .kind(ExecutionKind.FILL)
                .quantity(QUANTITY)
                .priceMicros(PRICE_MICROS)
                .feeMicros(0)
                .leavesQuantity(0)
                .referenceExecutionId(ExecutionEncoder.referenceExecutionIdNullValue())
                .termsSequence(ExecutionEncoder.termsSequenceNullValue())
                .orderQuantity(ExecutionEncoder.orderQuantityNullValue())
                .cumulativeQuantity(ExecutionEncoder.cumulativeQuantityNullValue());
        apply(CommandType.EXECUTION, PRINCIPAL, ExecutionEncoder.BLOCK_LENGTH + MessageHeaderEncoder.ENCODED_LENGTH);
        if (event.verdict().reason() != ReasonCode.APPLIED) {
            throw new IllegalStateException("the benchmark's fills must be booked: reason="
                    + event.verdict().reason());
        }
    }

    private long apply(CommandType type, int principalId, int length) {
        long sequence = engine.lastSequence() + 1;
        event = ring[(int) sequence & slots - 1];
        event.accept(type, sequence, sequence, 1, principalId, buffer, 0, length);
        engine.apply(event);
        return sequence;
    }
}
