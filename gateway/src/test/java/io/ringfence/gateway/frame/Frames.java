package io.ringfence.gateway.frame;

import io.ringfence.engine.intake.PolicyAssembly;
import io.ringfence.schemas.AccountCommandEncoder;
import io.ringfence.schemas.AccountVerb;
import io.ringfence.schemas.AdmissionRequestEncoder;
import io.ringfence.schemas.ClockCommandEncoder;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.ExecutionEncoder;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.FactCommandEncoder;
import io.ringfence.schemas.FactVerb;
import io.ringfence.schemas.HeartbeatEncoder;
import io.ringfence.schemas.HoldCommandEncoder;
import io.ringfence.schemas.HoldVerb;
import io.ringfence.schemas.LearningCommandEncoder;
import io.ringfence.schemas.LearningVerb;
import io.ringfence.schemas.LogonEncoder;
import io.ringfence.schemas.LogoutEncoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OrderCancelEncoder;
import io.ringfence.schemas.OrderReplaceEncoder;
import io.ringfence.schemas.OrderRequestEncoder;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.OutcomeReportEncoder;
import io.ringfence.schemas.PolicyChangeEncoder;
import io.ringfence.schemas.PolicyPieceEncoder;
import io.ringfence.schemas.PolicySection;
import io.ringfence.schemas.PrincipalRestartEncoder;
import io.ringfence.schemas.QueryEncoder;
import io.ringfence.schemas.SettleEncoder;
import io.ringfence.schemas.SettleKind;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.TimeInForce;
import io.ringfence.schemas.Tristate;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** One sound frame of each kind that a client may send; each field in its range. */
public final class Frames {
    private Frames() {}

    public static List<byte[]> all() {
        return List.of(
                admission(),
                order(),
                cancel(),
                replace(),
                execution(),
                settle(),
                outcome(),
                logon(),
                heartbeat(),
                logout(),
                query(),
                account(),
                principalRestart(),
                learning(),
                clock(),
                hold(),
                fact(),
                policyPiece(),
                policyChange());
    }

    public static byte[] admission() {
        UnsafeBuffer buffer = buffer();
        AdmissionRequestEncoder request = new AdmissionRequestEncoder();
        request.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .clientRequestId(1)
                .accountId(1)
                .useCase((short) 1)
                .inputUnits(1_200)
                .outputUnits(AdmissionRequestEncoder.outputUnitsNullValue())
                .businessValueMicros(AdmissionRequestEncoder.businessValueMicrosNullValue())
                .costLimitMicros(-1)
                .riskBps(10_000)
                .confidenceBps(AdmissionRequestEncoder.confidenceBpsNullValue())
                .minimumQualityBps(0)
                .maxP95LatencyMs(AdmissionRequestEncoder.maxP95LatencyMsNullValue())
                .allowedProviderMask(-1)
                .exposureMicros(0)
                .timeToLiveNs(1)
                .parentSequence(AdmissionRequestEncoder.parentSequenceNullValue())
                .episodeId(7)
                .featuresCount(1)
                .next()
                .value(-5);
        request.session().sessionSequence(1);
        return bytes(buffer, request.encodedLength());
    }

    public static byte[] order() {
        UnsafeBuffer buffer = buffer();
        OrderRequestEncoder request = new OrderRequestEncoder();
        request.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .clientRequestId(1)
                .accountId(1)
                .useCase((short) 2)
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
                .side(Side.SELL)
                .orderType(OrderType.LIMIT)
                .timeInForce(TimeInForce.DAY)
                .quantity(100)
                .limitPriceMicros(1)
                .stopPriceMicros(OrderRequestEncoder.stopPriceMicrosNullValue())
                .displayQuantity(100)
                .basketId(OrderRequestEncoder.basketIdNullValue())
                .externalId("A-1");
        request.session().sessionSequence(1);
        return bytes(buffer, request.encodedLength());
    }

    public static byte[] cancel() {
        UnsafeBuffer buffer = buffer();
        OrderCancelEncoder cancel = new OrderCancelEncoder();
        cancel.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .clientRequestId(1)
                .holdId(1);
        return bytes(buffer, cancel.encodedLength());
    }

    public static byte[] replace() {
        UnsafeBuffer buffer = buffer();
        OrderReplaceEncoder replace = new OrderReplaceEncoder();
        replace.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .clientRequestId(1)
                .holdId(1)
                .orderQuantity(1)
                .limitPriceMicros(1);
        return bytes(buffer, replace.encodedLength());
    }

    public static byte[] execution() {
        UnsafeBuffer buffer = buffer();
        ExecutionEncoder execution = new ExecutionEncoder();
        execution
                .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .clientRequestId(1)
                .holdId(1)
                .executionId(1)
                .kind(ExecutionKind.FILL)
                .feeMicros(-1)
                .referenceExecutionId(ExecutionEncoder.referenceExecutionIdNullValue())
                .termsSequence(ExecutionEncoder.termsSequenceNullValue())
                .accountId(1)
                .orderQuantity(0)
                .cumulativeQuantity(ExecutionEncoder.cumulativeQuantityNullValue())
                .instrumentId(0)
                .side(Side.SELL);
        return bytes(buffer, execution.encodedLength());
    }

    public static byte[] settle() {
        UnsafeBuffer buffer = buffer();
        SettleEncoder settle = new SettleEncoder();
        settle.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .clientRequestId(1)
                .holdId(1)
                .accountId(SettleEncoder.accountIdNullValue())
                .kind(SettleKind.RELEASE);
        return bytes(buffer, settle.encodedLength());
    }

    public static byte[] outcome() {
        UnsafeBuffer buffer = buffer();
        OutcomeReportEncoder outcome = new OutcomeReportEncoder();
        outcome.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .clientRequestId(1)
                .decisionSequence(1)
                .disposition(Disposition.ABANDONED)
                .success(Tristate.UNKNOWN)
                .qualityBps(OutcomeReportEncoder.qualityBpsNullValue())
                .realizedCostMicros(OutcomeReportEncoder.realizedCostMicrosNullValue())
                .realizedLatencyMs(OutcomeReportEncoder.realizedLatencyMsNullValue());
        return bytes(buffer, outcome.encodedLength());
    }

    public static byte[] logon() {
        UnsafeBuffer buffer = buffer();
        LogonEncoder logon = new LogonEncoder();
        logon.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .logonId(1)
                .principalId(1)
                .responseStreamId(2_000)
                .heartbeatIntervalNs(1_000_000)
                .responseChannel("aeron:ipc");
        return bytes(buffer, logon.encodedLength());
    }

    public static byte[] heartbeat() {
        UnsafeBuffer buffer = buffer();
        HeartbeatEncoder heartbeat = new HeartbeatEncoder();
        heartbeat.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder()).timestampNs(1);
        return bytes(buffer, heartbeat.encodedLength());
    }

    public static byte[] logout() {
        UnsafeBuffer buffer = buffer();
        LogoutEncoder logout = new LogoutEncoder();
        logout.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
        return bytes(buffer, logout.encodedLength());
    }

    public static byte[] query() {
        UnsafeBuffer buffer = buffer();
        QueryEncoder query = new QueryEncoder();
        query.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder()).clientRequestId(1);
        return bytes(buffer, query.encodedLength());
    }

    public static byte[] account() {
        UnsafeBuffer buffer = buffer();
        AccountCommandEncoder account = new AccountCommandEncoder();
        account.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .clientRequestId(1)
                .accountId(1)
                .parentAccountId(AccountCommandEncoder.parentAccountIdNullValue())
                .amountMicros(1)
                .verb(AccountVerb.OPEN)
                .limitValue(AccountCommandEncoder.limitValueNullValue())
                .name("desk-1");
        return bytes(buffer, account.encodedLength());
    }

    public static byte[] principalRestart() {
        UnsafeBuffer buffer = buffer();
        PrincipalRestartEncoder restart = new PrincipalRestartEncoder();
        restart.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .clientRequestId(1)
                .principalId(1)
                .justification("ids at their end");
        return bytes(buffer, restart.encodedLength());
    }

    public static byte[] learning() {
        UnsafeBuffer buffer = buffer();
        LearningCommandEncoder learning = new LearningCommandEncoder();
        learning.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .clientRequestId(1)
                .candidateId(LearningCommandEncoder.candidateIdNullValue())
                .verb(LearningVerb.RESET)
                .useCase((short) 1)
                .regime((short) 2)
                .tier((short) 3)
                .justification("labels are wrong");
        return bytes(buffer, learning.encodedLength());
    }

    public static byte[] clock() {
        UnsafeBuffer buffer = buffer();
        ClockCommandEncoder clock = new ClockCommandEncoder();
        clock.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .clientRequestId(1)
                .justification("time server mended");
        return bytes(buffer, clock.encodedLength());
    }

    public static byte[] hold() {
        UnsafeBuffer buffer = buffer();
        HoldCommandEncoder hold = new HoldCommandEncoder();
        hold.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .clientRequestId(1)
                .holdId(1)
                .accountId(HoldCommandEncoder.accountIdNullValue())
                .amountMicros(HoldCommandEncoder.amountMicrosNullValue())
                .verb(HoldVerb.WRITE_OFF)
                .justification("desk closed");
        return bytes(buffer, hold.encodedLength());
    }

    public static byte[] fact() {
        UnsafeBuffer buffer = buffer();
        FactCommandEncoder fact = new FactCommandEncoder();
        fact.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .clientRequestId(1)
                .accountId(1)
                .firstSequence(1)
                .lastSequence(1)
                .count(1)
                .chargeMicros(-1)
                .quantity(-1)
                .instrumentId(0)
                .verb(FactVerb.BOOK)
                .justification("looked into");
        return bytes(buffer, fact.encodedLength());
    }

    public static byte[] policyPiece() {
        UnsafeBuffer buffer = buffer();
        PolicyPieceEncoder piece = new PolicyPieceEncoder();
        piece.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .clientRequestId(1)
                .uploadId(1)
                .epoch(1)
                .index(0)
                .count(2)
                .section(PolicySection.SOURCE)
                .putContent(new byte[PolicyAssembly.PIECE_LENGTH], 0, PolicyAssembly.PIECE_LENGTH);
        return bytes(buffer, piece.encodedLength());
    }

    public static byte[] policyChange() {
        UnsafeBuffer buffer = buffer();
        PolicyChangeEncoder change = new PolicyChangeEncoder();
        change.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .clientRequestId(2)
                .uploadId(1)
                .epoch(1)
                .justification("new fees");
        return bytes(buffer, change.encodedLength());
    }

    private static UnsafeBuffer buffer() {
        return new UnsafeBuffer(new byte[512]);
    }

    private static byte[] bytes(UnsafeBuffer buffer, int encodedLength) {
        return Arrays.copyOf(buffer.byteArray(), MessageHeaderEncoder.ENCODED_LENGTH + encodedLength);
    }
}
