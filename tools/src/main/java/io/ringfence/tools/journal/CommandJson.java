package io.ringfence.tools.journal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.engine.command.CommandType;
import io.ringfence.gateway.config.Names.NameKind;
import io.ringfence.gateway.replay.PolicyHistory;
import io.ringfence.journal.record.RecordView;
import io.ringfence.schemas.AccountCommandDecoder;
import io.ringfence.schemas.AccountVerb;
import io.ringfence.schemas.ClockCommandDecoder;
import io.ringfence.schemas.ExecutionDecoder;
import io.ringfence.schemas.FactCommandDecoder;
import io.ringfence.schemas.HoldCommandDecoder;
import io.ringfence.schemas.LearningCommandDecoder;
import io.ringfence.schemas.LearningVerb;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.OrderCancelDecoder;
import io.ringfence.schemas.OrderReplaceDecoder;
import io.ringfence.schemas.OutcomeReportDecoder;
import io.ringfence.schemas.PolicyChangeDecoder;
import io.ringfence.schemas.PolicyPieceDecoder;
import io.ringfence.schemas.PrincipalRestartDecoder;
import io.ringfence.schemas.SettleDecoder;
import io.ringfence.schemas.Side;
import io.ringfence.tools.Json;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** Writes the command of a client or an operator as JSON. Not thread safe. */
final class CommandJson {
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final RequestJson request = new RequestJson();
    private final EngineCommandJson engineCommand = new EngineCommandJson();
    private final OrderCancelDecoder cancel = new OrderCancelDecoder();
    private final OrderReplaceDecoder replace = new OrderReplaceDecoder();
    private final ExecutionDecoder execution = new ExecutionDecoder();
    private final SettleDecoder settle = new SettleDecoder();
    private final OutcomeReportDecoder outcome = new OutcomeReportDecoder();
    private final ClockCommandDecoder clock = new ClockCommandDecoder();
    private final HoldCommandDecoder hold = new HoldCommandDecoder();
    private final AccountCommandDecoder account = new AccountCommandDecoder();
    private final FactCommandDecoder fact = new FactCommandDecoder();

    /** Puts the fields of a record's command. */
    void put(RecordView record, PolicyHistory names, ObjectNode object) {
        DirectBuffer buffer = record.buffer();
        int offset = record.commandOffset();
        switch (record.kind()) {
            case ADMISSION -> request.admission(buffer, offset, names, object);
            case ORDER -> request.order(buffer, offset, names, object);
            case CANCEL ->
                Json.unsigned(
                        object,
                        "hold_id",
                        cancel.wrapAndApplyHeader(buffer, offset, header).holdId());
            case REPLACE -> replace(replace.wrapAndApplyHeader(buffer, offset, header), object);
            case EXECUTION -> execution(execution.wrapAndApplyHeader(buffer, offset, header), object);
            case SETTLE -> settle(settle.wrapAndApplyHeader(buffer, offset, header), object);
            case OUTCOME -> outcome(outcome.wrapAndApplyHeader(buffer, offset, header), object);
            case CLOCK -> clock(clock.wrapAndApplyHeader(buffer, offset, header), object);
            case HOLD -> hold(hold.wrapAndApplyHeader(buffer, offset, header), object);
            case ACCOUNT -> account(account.wrapAndApplyHeader(buffer, offset, header), names, object);
            case PRINCIPAL_RESTART ->
                restart(new PrincipalRestartDecoder().wrapAndApplyHeader(buffer, offset, header), object);
            case LEARNING ->
                learning(new LearningCommandDecoder().wrapAndApplyHeader(buffer, offset, header), names, object);
            case FACT -> fact(fact.wrapAndApplyHeader(buffer, offset, header), object);
            case POLICY_PIECE ->
                policyPiece(new PolicyPieceDecoder().wrapAndApplyHeader(buffer, offset, header), object);
            case POLICY_CHANGE ->
                policyChange(new PolicyChangeDecoder().wrapAndApplyHeader(buffer, offset, header), object);
            default -> engineCommand.put(record.kind(), buffer, offset, object);
        }
        if (isFromClient(record)) {
            Json.unsigned(object, "client_request_id", clientRequestId(record));
        }
    }

    /** Does the command carry a request id? */
    static boolean isFromClient(RecordView record) {
        CommandType type = CommandType.of(record.kind());
        return record.principalId() != 0 && type != null && type.isOfClient();
    }

    /** The request id of a command that has one. */
    static long clientRequestId(RecordView record) {
        return record.buffer().getLong(record.commandOffset() + CommandType.REQUEST_ID_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    private static void replace(OrderReplaceDecoder replace, ObjectNode object) {
        Json.unsigned(object, "hold_id", replace.holdId());
        object.putObject("replace")
                .put("order_quantity", replace.orderQuantity())
                .put("limit_price_micros", replace.limitPriceMicros());
    }

    private static void execution(ExecutionDecoder execution, ObjectNode object) {
        Json.unsigned(object, "hold_id", execution.holdId());
        ObjectNode report = object.putObject("execution");
        Json.unsigned(report, "execution_id", execution.executionId());
        report.put("kind", execution.kind().name())
                .put("quantity", execution.quantity())
                .put("price_micros", execution.priceMicros())
                .put("fee_micros", execution.feeMicros())
                .put("leaves_quantity", execution.leavesQuantity());
        Json.unsignedOrNull(
                report,
                "reference_execution_id",
                execution.referenceExecutionId(),
                ExecutionDecoder.referenceExecutionIdNullValue());
        Json.unsignedOrNull(
                report, "terms_sequence", execution.termsSequence(), ExecutionDecoder.termsSequenceNullValue());
        Json.orNull(report, "order_quantity", execution.orderQuantity(), ExecutionDecoder.orderQuantityNullValue());
        Json.orNull(
                report,
                "cumulative_quantity",
                execution.cumulativeQuantity(),
                ExecutionDecoder.cumulativeQuantityNullValue());
        Json.unsignedOrNull(report, "account_id", execution.accountId(), ExecutionDecoder.accountIdNullValue());
        Json.orNull(report, "instrument_id", execution.instrumentId(), ExecutionDecoder.instrumentIdNullValue());
        report.put(
                "side",
                execution.side() == Side.NULL_VAL ? null : execution.side().name());
    }

    private static void settle(SettleDecoder settle, ObjectNode object) {
        Json.unsigned(object, "hold_id", settle.holdId());
        ObjectNode report = object.putObject("settle")
                .put("kind", settle.kind().name())
                .put("amount_micros", settle.amountMicros());
        Json.unsignedOrNull(report, "account_id", settle.accountId(), SettleDecoder.accountIdNullValue());
    }

    private static void fact(FactCommandDecoder fact, ObjectNode object) {
        ObjectNode command =
                object.putObject("fact_command").put("verb", fact.verb().name());
        Json.unsignedOrNull(command, "account_id", fact.accountId(), FactCommandDecoder.accountIdNullValue());
        command.put("first_sequence", fact.firstSequence())
                .put("last_sequence", fact.lastSequence())
                .put("count", fact.count())
                .put("charge_micros", fact.chargeMicros())
                .put("quantity", fact.quantity());
        Json.orNull(command, "instrument_id", fact.instrumentId(), FactCommandDecoder.instrumentIdNullValue());
        Json.textOrNull(command, "justification", fact.justification()); // Last: it stands behind the block.
    }

    private static void outcome(OutcomeReportDecoder outcome, ObjectNode object) {
        ObjectNode report = object.putObject("outcome");
        Json.unsigned(report, "decision_sequence", outcome.decisionSequence());
        report.put("revision", outcome.revision())
                .put("disposition", outcome.disposition().name())
                .put("success", outcome.success().name());
        Json.orNull(report, "quality_bps", outcome.qualityBps(), OutcomeReportDecoder.qualityBpsNullValue());
        Json.unsignedOrNull(
                report,
                "realized_cost_micros",
                outcome.realizedCostMicros(),
                OutcomeReportDecoder.realizedCostMicrosNullValue());
        Json.orNull(
                report,
                "realized_latency_ms",
                outcome.realizedLatencyMs(),
                OutcomeReportDecoder.realizedLatencyMsNullValue());
        report.put("follow_up", outcome.followUp().name());
    }

    private static void learning(LearningCommandDecoder learning, PolicyHistory names, ObjectNode object) {
        ObjectNode command =
                object.putObject("learning").put("verb", learning.verb().name());
        command.put(
                "use_case",
                learning.useCase() == LearningCommandDecoder.useCaseNullValue()
                        ? "all"
                        : names.name(NameKind.USE_CASE, learning.useCase()));
        if (learning.verb() == LearningVerb.RESET) {
            boolean isOfTier = learning.tier() != LearningCommandDecoder.tierNullValue();
            command.put("regime", learning.regime());
            command.put(
                    isOfTier ? "tier" : "candidate",
                    isOfTier
                            ? names.name(NameKind.TIER, learning.tier())
                            : names.name(NameKind.CANDIDATE, learning.candidateId()));
        }
        command.put("justification", learning.justification());
    }

    private static void restart(PrincipalRestartDecoder restart, ObjectNode object) {
        object.putObject("principal_restart")
                .put("principal_id", restart.principalId())
                .put("justification", restart.justification());
    }

    private static void policyPiece(PolicyPieceDecoder piece, ObjectNode object) {
        ObjectNode command = object.putObject("policy_piece");
        Json.unsigned(command, "upload_id", piece.uploadId());
        Json.unsigned(command, "epoch", piece.epoch());
        command.put("section", piece.section().name())
                .put("index", piece.index())
                .put("count", piece.count())
                .put("length", piece.contentLength());
    }

    private static void policyChange(PolicyChangeDecoder change, ObjectNode object) {
        byte[] digest = new byte[PolicyChangeDecoder.policyDigestLength()];
        ObjectNode command = object.putObject("policy_change");
        Json.unsigned(command, "upload_id", change.uploadId());
        Json.unsigned(command, "epoch", change.epoch());
        change.getPolicyDigest(digest, 0, digest.length);
        Json.hex(command, "policy_digest", digest);
        change.getAdaptiveDigest(digest, 0, digest.length);
        Json.hex(command, "adaptive_digest", digest);
        change.getNamesDigest(digest, 0, digest.length);
        Json.hex(command, "names_digest", digest);
        change.getSourceDigest(digest, 0, digest.length);
        Json.hex(command, "source_digest", digest);
        command.put("justification", change.justification()); // Last: it stands behind the block.
    }

    private static void clock(ClockCommandDecoder clock, ObjectNode object) {
        ObjectNode command = object.putObject("clock_command");
        Json.unsigned(command, "wall_clock_ns", clock.wallClockNs());
        Json.textOrNull(command, "justification", clock.justification()); // Last: it stands behind the block.
    }

    private static void hold(HoldCommandDecoder hold, ObjectNode object) {
        Json.unsigned(object, "hold_id", hold.holdId());
        object.putObject("hold_command").put("verb", hold.verb().name()).put("justification", hold.justification());
    }

    private static void account(AccountCommandDecoder account, PolicyHistory names, ObjectNode object) {
        long accountId = account.accountId();
        long amountMicros = account.amountMicros();
        AccountVerb verb = account.verb();
        Json.unsigned(object, "account_id", accountId);
        object.put("account", names.account(accountId));
        ObjectNode command =
                object.putObject("account_command").put("verb", verb.name()).put("amount_micros", amountMicros);
        if (verb == AccountVerb.OPEN) {
            command.put("cap_micros", account.capMicros());
        }
        Json.unsignedOrNull(
                command,
                "parent_account_id",
                account.parentAccountId(),
                AccountCommandDecoder.parentAccountIdNullValue());
        Json.textOrNull(command, "currency", account.currency());
        if (verb == AccountVerb.SET_LIMIT) {
            command.put("limit", account.limitKind().name());
            Json.orNull(command, "limit_value", account.limitValue(), AccountCommandDecoder.limitValueNullValue());
        }
        String text = verb == AccountVerb.OPEN ? "name" : "justification";
        Json.textOrNull(command, text, account.name()); // Last: it stands behind the block.
    }
}
