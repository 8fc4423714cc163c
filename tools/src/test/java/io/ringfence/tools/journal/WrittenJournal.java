package io.ringfence.tools.journal;

import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.Engine;
import io.ringfence.engine.pipeline.EngineSettings;
import io.ringfence.engine.pipeline.RecordLog;
import io.ringfence.engine.pipeline.SnapshotSink;
import io.ringfence.engine.pipeline.Verdict.DecisionFacts;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.gateway.config.CompiledPolicy.PolicyPiece;
import io.ringfence.journal.JournalDirectory;
import io.ringfence.schemas.AccountCommandEncoder;
import io.ringfence.schemas.AccountScope;
import io.ringfence.schemas.AccountVerb;
import io.ringfence.schemas.AdmissionRequestEncoder;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.Durability;
import io.ringfence.schemas.ExecutionEncoder;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.FactCommandEncoder;
import io.ringfence.schemas.FactVerb;
import io.ringfence.schemas.FollowUp;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OrderRequestEncoder;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.OutcomeReportEncoder;
import io.ringfence.schemas.PolicyActivateEncoder;
import io.ringfence.schemas.PolicyPartEncoder;
import io.ringfence.schemas.PrincipalCommandEncoder;
import io.ringfence.schemas.Role;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.Substitution;
import io.ringfence.schemas.TickEncoder;
import io.ringfence.schemas.TimeInForce;
import io.ringfence.schemas.Tristate;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Writes a small journal of a desk, under the policy for US shares unless another is given, through a real engine on the caller's thread. */
public final class WrittenJournal implements AutoCloseable {
    public static final long START_NS = 1_793_232_000_000_000_000L;
    public static final long ONE = 100_000_000;
    public static final int IEXG = 6;
    public static final int MEMX = 7;

    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(64 * 1024);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final DecisionEvent event = new DecisionEvent();
    private final DecisionFacts decisionFacts = new DecisionFacts();
    private final UnsafeBuffer facts = new UnsafeBuffer(new byte[DecisionFacts.LENGTH]);
    private final UnsafeBuffer parentFacts = new UnsafeBuffer(new byte[DecisionFacts.LENGTH]);
    private long decisionSequence;
    private boolean isRetry;
    private long beginNs = START_NS;
    private final JournalDirectory journal;
    private final Engine engine;

    /** Begins with settings, policy and account 1, desk-1, of a thousand units. */
    WrittenJournal(Path directory) {
        this(directory, log -> log);
    }

    /** The same, of an account of so many micros. */
    public WrittenJournal(Path directory, long grantedMicros) {
        this(directory, log -> log, grantedMicros);
    }

    /** The same, under another policy. */
    public WrittenJournal(Path directory, CompiledPolicy policy, long grantedMicros) {
        this(directory, log -> log, policy, grantedMicros);
    }

    /** The same, with something between engine and journal. */
    WrittenJournal(Path directory, UnaryOperator<RecordLog> between) {
        this(directory, between, 1_000_000_000);
    }

    private WrittenJournal(Path directory, UnaryOperator<RecordLog> between, long grantedMicros) {
        this(
                directory,
                between,
                CompiledPolicy.read(
                        Path.of(System.getProperty("ringfence.root", "..")).resolve("conf/policies/venues.yaml")),
                grantedMicros);
    }

    /** The defaults, without circuits: a test may have as many failures in a row as it likes. */
    private static EngineSettings settings() {
        EngineSettings defaults = EngineSettings.defaults(7, new byte[32]);
        return new EngineSettings(
                defaults.seed(),
                defaults.valueThresholdMicros(),
                defaults.regimeWindow(),
                defaults.anomalyZ(),
                defaults.commonZ(),
                defaults.anomalyStepBps(),
                defaults.commonStepBps(),
                defaults.rememberedPerPrincipal(),
                defaults.tickIntervalNs(),
                defaults.isKeyed(),
                defaults.isExternalIdOnce(),
                defaults.bounds(),
                0,
                defaults.journalId());
    }

    private WrittenJournal(
            Path directory, UnaryOperator<RecordLog> between, CompiledPolicy policy, long grantedMicros) {
        journal = JournalDirectory.open(
                directory, JournalDirectory.Options.of(Durability.MEMORY).withSegmentLength(256 * 1024));
        EngineSettings settings = settings();
        engine = new Engine(settings, between.apply(journal.writer()::append), SnapshotSink.NONE);
        byte[] command = settings.encode();
        buffer.putBytes(0, command);
        apply(CommandType.SETTINGS, 0, command.length);
        activate(policy);
        permit(3, "desk");
        open(1, "desk-1", grantedMicros);
    }

    /** The next record has this event time, each one behind it 1 ns more. */
    public void timeNs(long nextNs) {
        beginNs = nextNs - engine.lastSequence() - 1;
    }

    /**
     * A call of account 1 or another by principal 3, as a client asks; its sequence.
     *
     * @param candidateId      0: none in particular.
     * @param minimumQualityBps that the client states; null: it leaves the floor to the engine.
     */
    public long call(
            long requestId,
            long accountId,
            int useCase,
            long candidateId,
            Substitution substitution,
            long valueMicros,
            int riskBps,
            Integer minimumQualityBps) {
        return call(
                requestId,
                call -> call.accountId(accountId)
                        .useCase((short) useCase)
                        .requestedCandidateId(candidateId)
                        .substitution(substitution)
                        .businessValueMicros(valueMicros)
                        .riskBps(riskBps)
                        .minimumQualityBps(
                                minimumQualityBps == null
                                        ? AdmissionRequestEncoder.minimumQualityBpsNullValue()
                                        : minimumQualityBps));
    }

    /** The same of account 1 and use case 0, worth 1, of risk 1 %, for any candidate; then changed. */
    long call(long requestId, Consumer<AdmissionRequestEncoder> change) {
        AdmissionRequestEncoder call = new AdmissionRequestEncoder();
        call.wrapAndApplyHeader(zeroed(), 0, header)
                .clientRequestId(requestId)
                .accountId(1)
                .substitution(Substitution.ALLOWED)
                .inputUnits(1_000)
                .outputUnits(0)
                .businessValueMicros(1_000_000)
                .costLimitMicros(-1)
                .riskBps(100)
                .confidenceBps(10_000)
                .minimumQualityBps(AdmissionRequestEncoder.minimumQualityBpsNullValue())
                .maxP95LatencyMs(0)
                .allowedProviderMask(-1)
                .exposureMicros(AdmissionRequestEncoder.exposureMicrosNullValue())
                .timeToLiveNs(AdmissionRequestEncoder.timeToLiveNsNullValue())
                .parentSequence(AdmissionRequestEncoder.parentSequenceNullValue())
                .episodeId(AdmissionRequestEncoder.episodeIdNullValue())
                .featuresCount(0);
        change.accept(call);
        return apply(CommandType.ADMISSION, 3, call.encodedLength() + MessageHeaderEncoder.ENCODED_LENGTH);
    }

    /** The command applied last, with all that it came to; until the next one. */
    public DecisionEvent event() {
        return event;
    }

    /** The next record begins a new roll file. */
    void roll() {
        journal.writer().roll();
    }

    long lastSequence() {
        return engine.lastSequence();
    }

    /** A buy at 25.10 of account 1 by principal 3; its sequence. */
    public long order(long requestId, String externalId, long quantity, int candidateId, Substitution substitution) {
        OrderRequestEncoder order = new OrderRequestEncoder();
        order.wrapAndApplyHeader(zeroed(), 0, header)
                .clientRequestId(requestId)
                .accountId(1)
                .requestedCandidateId(candidateId)
                .substitution(substitution)
                .inputUnits(OrderRequestEncoder.inputUnitsNullValue())
                .outputUnits(OrderRequestEncoder.outputUnitsNullValue())
                .businessValueMicros(OrderRequestEncoder.businessValueMicrosNullValue())
                .costLimitMicros(-1)
                .riskBps(OrderRequestEncoder.riskBpsNullValue())
                .confidenceBps(OrderRequestEncoder.confidenceBpsNullValue())
                .minimumQualityBps(OrderRequestEncoder.minimumQualityBpsNullValue())
                .maxP95LatencyMs(OrderRequestEncoder.maxP95LatencyMsNullValue())
                .allowedProviderMask(-1)
                .exposureMicros(OrderRequestEncoder.exposureMicrosNullValue())
                .side(Side.BUY)
                .orderType(OrderType.LIMIT)
                .timeInForce(TimeInForce.DAY)
                .quantity(quantity)
                .limitPriceMicros(25_100_000)
                .stopPriceMicros(OrderRequestEncoder.stopPriceMicrosNullValue())
                .displayQuantity(OrderRequestEncoder.displayQuantityNullValue())
                .basketId(OrderRequestEncoder.basketIdNullValue())
                .strategyId(4)
                .externalId(externalId);
        return apply(CommandType.ORDER, 3, order.encodedLength() + MessageHeaderEncoder.ENCODED_LENGTH);
    }

    /** Facts of the order just applied go to the next {@link #outcome}. */
    public void rememberFacts() {
        decisionFacts.write(event, facts, 0);
        decisionSequence = event.sequence();
    }

    /** A call, then one that retries it; the next {@link #outcome} reports on the retry and charges the first one, whose sequence it returns. */
    long retried(long requestId, int useCase) {
        long first = call(requestId, 1, useCase, 0, Substitution.ALLOWED, 1_000_000, 100, 0);
        rememberFacts();
        parentFacts.putBytes(0, facts, 0, facts.capacity());
        new AdmissionRequestEncoder() // The same again.
                .wrap(buffer, MessageHeaderEncoder.ENCODED_LENGTH)
                .clientRequestId(requestId + 1)
                .parentSequence(first);
        accept(CommandType.ADMISSION, 3, event.command().length());
        event.command().stampFacts(facts, 0);
        engine.apply(event);
        rememberFacts();
        isRetry = true;
        return first;
    }

    long fill(long requestId, long holdId, long quantity) {
        ExecutionEncoder execution = new ExecutionEncoder();
        execution
                .wrapAndApplyHeader(zeroed(), 0, header)
                .clientRequestId(requestId)
                .holdId(holdId)
                .executionId(requestId)
                .kind(ExecutionKind.FILL)
                .quantity(quantity)
                .priceMicros(25_000_000)
                .feeMicros(100_000)
                .leavesQuantity(0)
                .referenceExecutionId(ExecutionEncoder.referenceExecutionIdNullValue())
                .termsSequence(holdId)
                .accountId(ExecutionEncoder.accountIdNullValue())
                .orderQuantity(ExecutionEncoder.orderQuantityNullValue())
                .cumulativeQuantity(quantity)
                .instrumentId(ExecutionEncoder.instrumentIdNullValue())
                .side(Side.NULL_VAL);
        return apply(CommandType.EXECUTION, 3, execution.encodedLength() + MessageHeaderEncoder.ENCODED_LENGTH);
    }

    long outcome(long requestId) {
        return outcome(requestId, 0, OutcomeReportEncoder.qualityBpsNullValue(), Tristate.YES);
    }

    public long outcome(long requestId, long revision, int qualityBps, Tristate success) {
        return outcome(requestId, revision, Disposition.APPLIED, qualityBps, success);
    }

    /** Reports on the decision whose facts were remembered. */
    public long outcome(long requestId, long revision, Disposition disposition, int qualityBps, Tristate success) {
        OutcomeReportEncoder outcome = new OutcomeReportEncoder();
        outcome.wrapAndApplyHeader(zeroed(), 0, header)
                .clientRequestId(requestId)
                .decisionSequence(decisionSequence)
                .disposition(disposition)
                .revision(revision)
                .success(success)
                .qualityBps(qualityBps)
                .realizedCostMicros(100_000)
                .realizedLatencyMs(OutcomeReportEncoder.realizedLatencyMsNullValue())
                .followUp(FollowUp.NONE);
        long sequence = engine.lastSequence() + 1;
        accept(CommandType.OUTCOME, 3, outcome.encodedLength() + MessageHeaderEncoder.ENCODED_LENGTH);
        event.command().stampFacts(facts, 0);
        if (isRetry) {
            event.command().ofParent().stampFacts(parentFacts, 0);
        }
        engine.apply(event);
        return sequence;
    }

    /** A person drops a fact of no account. */
    long drop(long sequence) {
        FactCommandEncoder fact = new FactCommandEncoder();
        fact.wrapAndApplyHeader(zeroed(), 0, header)
                .accountId(FactCommandEncoder.accountIdNullValue())
                .firstSequence(sequence)
                .lastSequence(sequence)
                .count(1)
                .instrumentId(FactCommandEncoder.instrumentIdNullValue())
                .verb(FactVerb.DROP)
                .justification("looked into");
        return apply(CommandType.FACT, 0, fact.encodedLength() + MessageHeaderEncoder.ENCODED_LENGTH);
    }

    long tick(long number) {
        TickEncoder tick = new TickEncoder();
        tick.wrapAndApplyHeader(zeroed(), 0, header).tickNumber(number);
        return apply(CommandType.TICK, 0, tick.encodedLength() + MessageHeaderEncoder.ENCODED_LENGTH);
    }

    /** Puts a policy into force. */
    public void activate(CompiledPolicy policy) {
        for (PolicyPiece piece : policy.pieces()) {
            PolicyPartEncoder part = new PolicyPartEncoder();
            part.wrapAndApplyHeader(zeroed(), 0, header)
                    .epoch(policy.epoch())
                    .section(piece.section())
                    .index(piece.index())
                    .count(piece.count())
                    .putContent(piece.content(), 0, piece.content().length);
            apply(CommandType.POLICY_PART, 0, part.encodedLength() + MessageHeaderEncoder.ENCODED_LENGTH);
        }
        PolicyActivateEncoder activate = new PolicyActivateEncoder();
        activate.wrapAndApplyHeader(zeroed(), 0, header)
                .epoch(policy.epoch())
                .putPolicyDigest(policy.policyDigest(), 0, 32)
                .putAdaptiveDigest(policy.adaptiveDigest(), 0, 32)
                .putNamesDigest(policy.namesDigest(), 0, 32);
        apply(CommandType.POLICY_ACTIVATE, 0, activate.encodedLength() + MessageHeaderEncoder.ENCODED_LENGTH);
    }

    private void permit(int principalId, String name) {
        PrincipalCommandEncoder principal = new PrincipalCommandEncoder();
        principal
                .wrapAndApplyHeader(zeroed(), 0, header)
                .principalId(principalId)
                .role(Role.TRADER)
                .scope(AccountScope.ALL)
                .name(name);
        apply(CommandType.PRINCIPAL, 0, principal.encodedLength() + MessageHeaderEncoder.ENCODED_LENGTH);
    }

    private void open(long accountId, String name, long grantedMicros) {
        open(accountId, AccountCommandEncoder.parentAccountIdNullValue(), "", name, grantedMicros);
    }

    /** Opens one more account; an empty currency: that of its parent, if it has one. */
    public void open(long accountId, long parentId, String currency, String name, long grantedMicros) {
        AccountCommandEncoder account = new AccountCommandEncoder();
        account.wrapAndApplyHeader(zeroed(), 0, header)
                .accountId(accountId)
                .parentAccountId(parentId)
                .amountMicros(grantedMicros)
                .verb(AccountVerb.OPEN)
                .currency(currency)
                .name(name);
        apply(CommandType.ACCOUNT, 0, account.encodedLength() + MessageHeaderEncoder.ENCODED_LENGTH);
    }

    private ExpandableArrayBuffer zeroed() {
        Arrays.fill(buffer.byteArray(), (byte) 0);
        return buffer;
    }

    private long apply(CommandType type, int principalId, int length) {
        accept(type, principalId, length);
        engine.apply(event);
        return event.sequence();
    }

    private void accept(CommandType type, int principalId, int length) {
        long sequence = engine.lastSequence() + 1;
        event.accept(type, sequence, beginNs + sequence, principalId, principalId, buffer, 0, length);
    }

    @Override
    public void close() {
        journal.close();
    }
}
