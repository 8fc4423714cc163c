package io.ringfence.tools.input;

import io.ringfence.engine.budget.BudgetResult;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.Engine;
import io.ringfence.engine.pipeline.EngineSettings;
import io.ringfence.engine.pipeline.SnapshotSink;
import io.ringfence.engine.pipeline.Verdict.DecisionFacts;
import io.ringfence.gateway.config.AccountsFile;
import io.ringfence.gateway.config.AccountsFile.AccountEntry;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.gateway.config.CompiledPolicy.PolicyPiece;
import io.ringfence.schemas.AccountCommandEncoder;
import io.ringfence.schemas.AccountScope;
import io.ringfence.schemas.AccountVerb;
import io.ringfence.schemas.Action;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.ExecutionEncoder;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OrderReplaceEncoder;
import io.ringfence.schemas.OrderRequestEncoder;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.OutcomeReportEncoder;
import io.ringfence.schemas.PolicyActivateEncoder;
import io.ringfence.schemas.PolicyPartEncoder;
import io.ringfence.schemas.PrincipalCommandEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Role;
import io.ringfence.schemas.TimeInForce;
import io.ringfence.schemas.Tristate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A desk with an engine of its own in the same thread: every ask is answered before it returns. */
final class EngineDesk implements OrderActions {
    /** An account as the engine last showed it. */
    record Balance(
            long openOrders, long reservedMicros, long committedMicros, long position, long openBuys, long openSells) {}

    private static final int TRADER = 1;

    private final Engine engine = new Engine(
            EngineSettings.defaults(1, new byte[32]), (sequence, bytes, offset, length) -> {}, SnapshotSink.NONE);
    private final DecisionEvent event = new DecisionEvent();
    private final DecisionFacts decisionFacts = new DecisionFacts();
    private final Map<Long, UnsafeBuffer> facts = new HashMap<>();
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(64 * 1024);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final OrderRouting routing;
    private final OrderFlow flow;

    private final Map<Action, Long> actions = new EnumMap<>(Action.class);
    private final Map<ReasonCode, Long> reasons = new EnumMap<>(ReasonCode.class);
    private final Map<Long, Balance> balances = new TreeMap<>();
    private final List<String> records = new ArrayList<>();
    private long sequence;
    private long timestampNs = 1_000;

    EngineDesk(CompiledPolicy policy, AccountsFile accounts) {
        routing = new OrderRouting(policy);
        flow = new OrderFlow(this, new AccountRule(accounts.orderAccountIds()));
        byte[] settings = EngineSettings.defaults(1, new byte[32]).encode();
        apply(CommandType.SETTINGS, new UnsafeBuffer(settings), settings.length);
        activate(policy);
        permit();
        accounts.accounts().forEach(this::open);
    }

    OrderFlow flow() {
        return flow;
    }

    Map<Action, Long> actions() {
        return actions;
    }

    Map<ReasonCode, Long> reasons() {
        return reasons;
    }

    Map<Long, Balance> balances() {
        return balances;
    }

    /** One JSON object an admission or replace, with what the check of budgets needs of a record. */
    List<String> records() {
        return records;
    }

    @Override
    public void admit(FlowOrder order, long quantity, long priceMicros) {
        OrderRequestEncoder request = new OrderRequestEncoder();
        request.wrapAndApplyHeader(zeroed(), 0, header)
                .clientRequestId(sequence + 1)
                .accountId(order.accountId())
                .useCase((short) routing.useCase(quantity, priceMicros))
                .requestedCandidateId(routing.candidateId())
                .inputUnits(OrderRequestEncoder.inputUnitsNullValue())
                .outputUnits(OrderRequestEncoder.outputUnitsNullValue())
                .businessValueMicros(OrderRequestEncoder.businessValueMicrosNullValue())
                .costLimitMicros(-1L)
                .riskBps(
                        order.riskBps() == FlowOrder.RISK_UNKNOWN
                                ? OrderRequestEncoder.riskBpsNullValue()
                                : order.riskBps())
                .confidenceBps(OrderRequestEncoder.confidenceBpsNullValue())
                .minimumQualityBps(OrderRequestEncoder.minimumQualityBpsNullValue())
                .maxP95LatencyMs(OrderRequestEncoder.maxP95LatencyMsNullValue())
                .allowedProviderMask(-1L)
                .exposureMicros(OrderRequestEncoder.exposureMicrosNullValue())
                .side(order.side())
                .orderType(OrderType.LIMIT)
                .timeInForce(TimeInForce.GOOD_TILL_CANCEL)
                .quantity(quantity)
                .limitPriceMicros(priceMicros)
                .stopPriceMicros(OrderRequestEncoder.stopPriceMicrosNullValue())
                .displayQuantity(OrderRequestEncoder.displayQuantityNullValue())
                .externalId(order.externalId());
        apply(CommandType.ORDER, request.encodedLength());
        actions.merge(event.verdict().action(), 1L, Long::sum);
        reasons.merge(event.verdict().reason(), 1L, Long::sum);
        UnsafeBuffer found = new UnsafeBuffer(new byte[DecisionFacts.LENGTH]);
        decisionFacts.write(event, found, 0);
        facts.put(sequence, found);
        records.add("{\"kind\":\"ORDER\",\"sequence\":" + sequence + ",\"external_id\":\"" + order.externalId()
                + "\",\"action\":\"" + event.verdict().action() + "\",\"acted_candidate_id\":"
                + event.verdict().actedCandidateId() + '}');
        flow.onAnswer(order, event.verdict().isAdmitted(), sequence);
    }

    @Override
    public void replace(FlowOrder order, long orderQuantity, long priceMicros) {
        OrderReplaceEncoder replace = new OrderReplaceEncoder();
        replace.wrapAndApplyHeader(zeroed(), 0, header)
                .clientRequestId(sequence + 1)
                .holdId(order.holdId())
                .orderQuantity(orderQuantity)
                .limitPriceMicros(priceMicros);
        apply(CommandType.REPLACE, replace.encodedLength());
        records.add("{\"kind\":\"REPLACE\",\"sequence\":" + sequence + ",\"hold_id\":" + order.holdId()
                + ",\"action\":\"" + event.verdict().action() + "\"}");
        flow.onAnswer(order, event.verdict().isAdmitted(), sequence);
    }

    @Override
    public void execution(
            FlowOrder order,
            long executionId,
            ExecutionKind kind,
            long quantity,
            long priceMicros,
            long leavesQuantity) {
        ExecutionEncoder execution = new ExecutionEncoder();
        execution
                .wrapAndApplyHeader(zeroed(), 0, header)
                .clientRequestId(sequence + 1)
                .holdId(order.holdId())
                .executionId(executionId)
                .kind(kind)
                .quantity(quantity)
                .priceMicros(priceMicros)
                .leavesQuantity(leavesQuantity)
                .referenceExecutionId(ExecutionEncoder.referenceExecutionIdNullValue())
                .termsSequence(ExecutionEncoder.termsSequenceNullValue())
                .orderQuantity(ExecutionEncoder.orderQuantityNullValue())
                .cumulativeQuantity(ExecutionEncoder.cumulativeQuantityNullValue());
        apply(CommandType.EXECUTION, execution.encodedLength());
        if (event.verdict().reason() != ReasonCode.APPLIED) {
            throw new IllegalStateException(
                    "a fact is booked: reason=" + event.verdict().reason() + ", " + order.externalId());
        }
    }

    @Override
    public void outcome(FlowOrder order, boolean isSuccess) {
        OutcomeReportEncoder outcome = new OutcomeReportEncoder();
        outcome.wrapAndApplyHeader(zeroed(), 0, header)
                .clientRequestId(sequence + 1)
                .decisionSequence(order.holdId())
                .disposition(Disposition.APPLIED)
                .success(isSuccess ? Tristate.YES : Tristate.NO)
                .qualityBps(OutcomeReportEncoder.qualityBpsNullValue())
                .realizedCostMicros(OutcomeReportEncoder.realizedCostMicrosNullValue())
                .realizedLatencyMs(OutcomeReportEncoder.realizedLatencyMsNullValue());
        accept(CommandType.OUTCOME, buffer, MessageHeaderEncoder.ENCODED_LENGTH + outcome.encodedLength());
        event.command().stampFacts(facts.remove(order.holdId()), 0);
        engine.apply(event);
    }

    private void activate(CompiledPolicy policy) {
        for (PolicyPiece piece : policy.pieces()) {
            PolicyPartEncoder part = new PolicyPartEncoder();
            part.wrapAndApplyHeader(zeroed(), 0, header)
                    .epoch(policy.epoch())
                    .section(piece.section())
                    .index(piece.index())
                    .count(piece.count())
                    .putContent(piece.content(), 0, piece.content().length);
            apply(CommandType.POLICY_PART, part.encodedLength());
        }
        PolicyActivateEncoder activate = new PolicyActivateEncoder();
        activate.wrapAndApplyHeader(zeroed(), 0, header)
                .epoch(policy.epoch())
                .putPolicyDigest(policy.policyDigest(), 0, 32)
                .putAdaptiveDigest(policy.adaptiveDigest(), 0, 32)
                .putNamesDigest(policy.namesDigest(), 0, 32);
        apply(CommandType.POLICY_ACTIVATE, activate.encodedLength());
        if (event.verdict().reason() != ReasonCode.APPLIED) {
            throw new IllegalStateException(
                    "the policy is taken: reason=" + event.verdict().reason());
        }
    }

    private void permit() {
        PrincipalCommandEncoder principal = new PrincipalCommandEncoder();
        principal
                .wrapAndApplyHeader(zeroed(), 0, header)
                .principalId(TRADER)
                .role(Role.TRADER)
                .scope(AccountScope.ALL)
                .name("desk");
        apply(CommandType.PRINCIPAL, principal.encodedLength());
    }

    private void open(AccountEntry entry) {
        AccountCommandEncoder account = new AccountCommandEncoder();
        account.wrapAndApplyHeader(zeroed(), 0, header)
                .clientRequestId(sequence + 1)
                .accountId(entry.id())
                .parentAccountId(AccountCommandEncoder.parentAccountIdNullValue())
                .amountMicros(entry.grantedMicros())
                .verb(AccountVerb.OPEN)
                .capMicros(entry.capMicros())
                .name(entry.name());
        apply(CommandType.ACCOUNT, account.encodedLength());
    }

    private ExpandableArrayBuffer zeroed() {
        buffer.setMemory(0, 1_024, (byte) 0);
        return buffer;
    }

    private void apply(CommandType type, int encodedLength) {
        apply(type, buffer, MessageHeaderEncoder.ENCODED_LENGTH + encodedLength);
    }

    private void apply(CommandType type, org.agrona.DirectBuffer command, int length) {
        accept(type, command, length);
        engine.apply(event);
        BudgetResult result = event.budget();
        long accountId = result.balance().accountId();
        if (event.isBooked() && accountId != 0) {
            Balance before = balances.get(accountId);
            boolean isTold = result.hasPosition() || before == null;
            balances.put(
                    accountId,
                    new Balance(
                            result.balance().openOrders(),
                            result.balance().reservedMicros(),
                            result.balance().committedMicros(),
                            isTold ? result.position() : before.position(),
                            isTold ? result.openBuyQuantity() : before.openBuys(),
                            isTold ? result.openSellQuantity() : before.openSells()));
        }
    }

    private void accept(CommandType type, org.agrona.DirectBuffer command, int length) {
        sequence++;
        timestampNs += 1_000;
        int principalId = type.isOfClient() && type != CommandType.ACCOUNT ? TRADER : 0;
        event.accept(type, sequence, timestampNs, principalId, principalId, command, 0, length);
    }
}
