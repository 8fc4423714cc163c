package io.ringfence.engine.pipeline;

import io.ringfence.engine.digest.Sha256;
import io.ringfence.engine.policy.Adaptive;
import io.ringfence.engine.policy.AdaptiveCodec;
import io.ringfence.engine.policy.AlarmRule;
import io.ringfence.engine.policy.Candidate;
import io.ringfence.engine.policy.Catalog;
import io.ringfence.engine.policy.CatalogCodec;
import io.ringfence.engine.policy.ExplorationRule;
import io.ringfence.engine.policy.ExplorationRule.Method;
import io.ringfence.engine.policy.Policy;
import io.ringfence.engine.policy.Policy.UseCase;
import io.ringfence.engine.policy.PriorPattern;
import io.ringfence.engine.policy.RewardRule;
import io.ringfence.schemas.AccountCommandEncoder;
import io.ringfence.schemas.AccountLimit;
import io.ringfence.schemas.AccountScope;
import io.ringfence.schemas.AccountVerb;
import io.ringfence.schemas.AdmissionRequestEncoder;
import io.ringfence.schemas.AdmissionRequestEncoder.FeaturesEncoder;
import io.ringfence.schemas.ClockCommandEncoder;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.ExecutionEncoder;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.FactCommandEncoder;
import io.ringfence.schemas.FactVerb;
import io.ringfence.schemas.FollowUp;
import io.ringfence.schemas.HoldCommandEncoder;
import io.ringfence.schemas.HoldVerb;
import io.ringfence.schemas.LearningCommandEncoder;
import io.ringfence.schemas.LearningVerb;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OrderCancelEncoder;
import io.ringfence.schemas.OrderReplaceEncoder;
import io.ringfence.schemas.OrderRequestEncoder;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.OutcomeReportEncoder;
import io.ringfence.schemas.PolicyActivateEncoder;
import io.ringfence.schemas.PolicyPartEncoder;
import io.ringfence.schemas.PolicySection;
import io.ringfence.schemas.PrincipalCommandEncoder;
import io.ringfence.schemas.PrincipalRestartEncoder;
import io.ringfence.schemas.RightCommandEncoder;
import io.ringfence.schemas.RightVerb;
import io.ringfence.schemas.Role;
import io.ringfence.schemas.SessionClosedEncoder;
import io.ringfence.schemas.SessionEnd;
import io.ringfence.schemas.SessionOpenedEncoder;
import io.ringfence.schemas.SettleEncoder;
import io.ringfence.schemas.SettleKind;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.SnapshotMarkerEncoder;
import io.ringfence.schemas.StartEncoder;
import io.ringfence.schemas.Substitution;
import io.ringfence.schemas.TickEncoder;
import io.ringfence.schemas.TimeInForce;
import io.ringfence.schemas.Tristate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Encodes commands for tests, each with values that pass every check unless a test says otherwise. */
final class Commands {
    private static final int FEATURES_MAX = 16;

    /** A candidate id beyond the sign bit of an int. */
    static final long HIGH_ID = 0x9000_0000L;

    /** Bounds that random traffic reaches now and then. */
    static final ExplorationRule THOMPSON =
            new ExplorationRule(Method.THOMPSON, 0, 1_000_000, 1_000_000_000L, 6, 1_000_000_000);

    static final ExplorationRule KEYED =
            new ExplorationRule(Method.KEYED, 4_000, Long.MAX_VALUE, 500_000_000L, 100, 80_000);

    /** Raised now and then by random traffic. */
    static final AlarmRule ALARMS = new AlarmRule(40, 500, 8, 1_000, 5);

    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(1024);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();

    /** A request with its use case's defaults; {@code exposureMicros} is what it holds when above the cost. */
    byte[] admission(long requestId, long accountId, long candidateId, Substitution substitution, long exposureMicros) {
        return admission(requestId, accountId, candidateId, substitution, exposureMicros, 65_535, 0);
    }

    byte[] admission(
            long requestId,
            long accountId,
            long candidateId,
            Substitution substitution,
            long exposureMicros,
            int minimumQualityBps,
            long timeToLiveNs) {
        AdmissionRequestEncoder request = new AdmissionRequestEncoder();
        Arrays.fill(buffer.byteArray(), (byte) 0);
        request.wrapAndApplyHeader(buffer, 0, header)
                .clientRequestId(requestId)
                .accountId(accountId)
                .useCase((short) 1)
                .requestedCandidateId(candidateId)
                .substitution(substitution)
                .inputUnits(1_200)
                .outputUnits(AdmissionRequestEncoder.outputUnitsNullValue())
                .businessValueMicros(AdmissionRequestEncoder.businessValueMicrosNullValue())
                .costLimitMicros(-1L)
                .riskBps(AdmissionRequestEncoder.riskBpsNullValue())
                .confidenceBps(AdmissionRequestEncoder.confidenceBpsNullValue())
                .minimumQualityBps(minimumQualityBps)
                .maxP95LatencyMs(AdmissionRequestEncoder.maxP95LatencyMsNullValue())
                .allowedProviderMask(-1L)
                .exposureMicros(exposureMicros)
                .timeToLiveNs(timeToLiveNs == 0 ? AdmissionRequestEncoder.timeToLiveNsNullValue() : timeToLiveNs)
                .parentSequence(AdmissionRequestEncoder.parentSequenceNullValue())
                .episodeId(requestId);
        int count = (int) (requestId % (FEATURES_MAX + 1));
        FeaturesEncoder features = request.featuresCount(count);
        for (int i = 0; i < count; i++) {
            features.next().value((int) requestId - i);
        }
        return message(request.encodedLength());
    }

    byte[] order(long requestId, long accountId, long candidateId, Side side, long quantity, long priceMicros) {
        OrderRequestEncoder request = new OrderRequestEncoder();
        Arrays.fill(buffer.byteArray(), (byte) 0);
        request.wrapAndApplyHeader(buffer, 0, header)
                .clientRequestId(requestId)
                .accountId(accountId)
                .useCase((short) 2)
                .requestedCandidateId(candidateId)
                .substitution(Substitution.ALLOWED)
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
                .side(side)
                .orderType(OrderType.LIMIT)
                .timeInForce(TimeInForce.DAY)
                .quantity(quantity)
                .limitPriceMicros(priceMicros)
                .stopPriceMicros(OrderRequestEncoder.stopPriceMicrosNullValue())
                .displayQuantity(OrderRequestEncoder.displayQuantityNullValue())
                .basketId(OrderRequestEncoder.basketIdNullValue())
                .traderId(7)
                .externalId("A-" + requestId);
        return message(request.encodedLength());
    }

    byte[] order(long requestId, long accountId, String externalId, long quantity) {
        byte[] bytes = order(requestId, accountId, 2, Side.BUY, quantity, 25_000_000L);
        new OrderRequestEncoder()
                .wrap(new UnsafeBuffer(bytes), MessageHeaderEncoder.ENCODED_LENGTH)
                .externalId(externalId);
        return bytes;
    }

    byte[] writeOff(long requestId, long holdId, String why) {
        HoldCommandEncoder hold = new HoldCommandEncoder();
        Arrays.fill(buffer.byteArray(), (byte) 0);
        hold.wrapAndApplyHeader(buffer, 0, header)
                .clientRequestId(requestId)
                .holdId(holdId)
                .accountId(HoldCommandEncoder.accountIdNullValue())
                .amountMicros(HoldCommandEncoder.amountMicrosNullValue())
                .verb(HoldVerb.WRITE_OFF)
                .justification(why);
        return message(hold.encodedLength());
    }

    byte[] cancel(long requestId, long holdId) {
        OrderCancelEncoder cancel = new OrderCancelEncoder();
        Arrays.fill(buffer.byteArray(), (byte) 0);
        cancel.wrapAndApplyHeader(buffer, 0, header).clientRequestId(requestId).holdId(holdId);
        return message(cancel.encodedLength());
    }

    byte[] replace(long requestId, long holdId, long orderQuantity, long priceMicros) {
        OrderReplaceEncoder replace = new OrderReplaceEncoder();
        Arrays.fill(buffer.byteArray(), (byte) 0);
        replace.wrapAndApplyHeader(buffer, 0, header)
                .clientRequestId(requestId)
                .holdId(holdId)
                .orderQuantity(orderQuantity)
                .limitPriceMicros(priceMicros);
        return message(replace.encodedLength());
    }

    byte[] execution(
            long requestId, long holdId, long executionId, ExecutionKind kind, long quantity, long price, long leaves) {
        return execution(
                requestId,
                holdId,
                executionId,
                kind,
                quantity,
                price,
                leaves,
                ExecutionEncoder.referenceExecutionIdNullValue());
    }

    byte[] execution(
            long requestId,
            long holdId,
            long executionId,
            ExecutionKind kind,
            long quantity,
            long price,
            long leaves,
            long reference) {
        return execution(requestId, holdId, executionId, kind, quantity, price, leaves, reference, Named.NOTHING);
    }

    byte[] execution(
            long requestId,
            long holdId,
            long executionId,
            ExecutionKind kind,
            long quantity,
            long price,
            long leaves,
            long reference,
            Named named) {
        ExecutionEncoder execution = new ExecutionEncoder();
        Arrays.fill(buffer.byteArray(), (byte) 0);
        execution
                .wrapAndApplyHeader(buffer, 0, header)
                .clientRequestId(requestId)
                .holdId(holdId)
                .executionId(executionId)
                .kind(kind)
                .quantity(quantity)
                .priceMicros(price)
                .feeMicros(quantity == 0 ? 0 : 3)
                .leavesQuantity(leaves)
                .referenceExecutionId(reference)
                .termsSequence(ExecutionEncoder.termsSequenceNullValue())
                .orderQuantity(ExecutionEncoder.orderQuantityNullValue())
                .cumulativeQuantity(ExecutionEncoder.cumulativeQuantityNullValue())
                .accountId(named.accountId())
                .instrumentId(named.instrumentId())
                .side(named.side());
        return message(execution.encodedLength());
    }

    /** What a report says of an order that is not known. */
    record Named(long accountId, long instrumentId, Side side) {
        static final Named NOTHING = new Named(
                ExecutionEncoder.accountIdNullValue(), ExecutionEncoder.instrumentIdNullValue(), Side.NULL_VAL);
    }

    byte[] settle(long requestId, long holdId, SettleKind kind, long amountMicros) {
        return settle(requestId, holdId, SettleEncoder.accountIdNullValue(), kind, amountMicros);
    }

    byte[] fact(long requestId, FactVerb verb, long accountId, long sequence, long chargeMicros) {
        FactCommandEncoder fact = new FactCommandEncoder();
        Arrays.fill(buffer.byteArray(), (byte) 0);
        fact.wrapAndApplyHeader(buffer, 0, header)
                .clientRequestId(requestId)
                .accountId(accountId)
                .firstSequence(sequence)
                .lastSequence(sequence)
                .count(1)
                .chargeMicros(chargeMicros)
                .instrumentId(FactCommandEncoder.instrumentIdNullValue())
                .verb(verb)
                .justification("looked into");
        return message(fact.encodedLength());
    }

    byte[] settle(long requestId, long holdId, long accountId, SettleKind kind, long amountMicros) {
        SettleEncoder settle = new SettleEncoder();
        Arrays.fill(buffer.byteArray(), (byte) 0);
        settle.wrapAndApplyHeader(buffer, 0, header)
                .clientRequestId(requestId)
                .holdId(holdId)
                .accountId(accountId)
                .kind(kind)
                .amountMicros(amountMicros);
        return message(settle.encodedLength());
    }

    byte[] outcome(long requestId, long decisionSequence, Disposition disposition, Tristate success) {
        return outcome(requestId, decisionSequence, 0, disposition, success);
    }

    byte[] outcome(long requestId, long decisionSequence, long revision, Disposition disposition, Tristate success) {
        OutcomeReportEncoder outcome = new OutcomeReportEncoder();
        Arrays.fill(buffer.byteArray(), (byte) 0);
        outcome.wrapAndApplyHeader(buffer, 0, header)
                .clientRequestId(requestId)
                .decisionSequence(decisionSequence)
                .revision(revision)
                .disposition(disposition)
                .success(success)
                .qualityBps(OutcomeReportEncoder.qualityBpsNullValue())
                .realizedCostMicros(OutcomeReportEncoder.realizedCostMicrosNullValue())
                .realizedLatencyMs(OutcomeReportEncoder.realizedLatencyMsNullValue())
                .followUp(FollowUp.NONE);
        return message(outcome.encodedLength());
    }

    byte[] account(long accountId, AccountVerb verb, long amountMicros) {
        return account(accountId, verb, amountMicros, 0);
    }

    /** With a cap, which only {@link AccountVerb#OPEN} takes; 0: none. */
    byte[] account(long accountId, AccountVerb verb, long amountMicros, long capMicros) {
        long noParent = AccountCommandEncoder.parentAccountIdNullValue();
        long noLimit = AccountCommandEncoder.limitValueNullValue();
        return account(accountId, verb, noParent, "", amountMicros, capMicros, AccountLimit.NONE, noLimit);
    }

    byte[] openBelow(long accountId, long parentId, String currency, long grantedMicros) {
        long noLimit = AccountCommandEncoder.limitValueNullValue();
        return account(accountId, AccountVerb.OPEN, parentId, currency, grantedMicros, 0, AccountLimit.NONE, noLimit);
    }

    /** {@link AccountCommandEncoder#limitValueNullValue()} lifts the limit. */
    byte[] limit(long accountId, AccountLimit limit, long value) {
        long noParent = AccountCommandEncoder.parentAccountIdNullValue();
        return account(accountId, AccountVerb.SET_LIMIT, noParent, "", 0, 0, limit, value);
    }

    private byte[] account(
            long accountId,
            AccountVerb verb,
            long parentId,
            String currency,
            long amountMicros,
            long capMicros,
            AccountLimit limit,
            long limitValue) {
        AccountCommandEncoder account = new AccountCommandEncoder();
        Arrays.fill(buffer.byteArray(), (byte) 0);
        account.wrapAndApplyHeader(buffer, 0, header)
                .accountId(accountId)
                .parentAccountId(parentId)
                .amountMicros(amountMicros)
                .verb(verb)
                .capMicros(capMicros)
                .currency(currency)
                .limitKind(limit)
                .limitValue(limitValue)
                .name("account-" + accountId);
        return message(account.encodedLength());
    }

    byte[] principal(int principalId, Role role, AccountScope scope) {
        PrincipalCommandEncoder principal = new PrincipalCommandEncoder();
        Arrays.fill(buffer.byteArray(), (byte) 0);
        principal
                .wrapAndApplyHeader(buffer, 0, header)
                .principalId(principalId)
                .role(role)
                .scope(scope)
                .name("principal-" + principalId);
        return message(principal.encodedLength());
    }

    byte[] right(int principalId, long accountId, RightVerb verb) {
        RightCommandEncoder right = new RightCommandEncoder();
        Arrays.fill(buffer.byteArray(), (byte) 0);
        right.wrapAndApplyHeader(buffer, 0, header)
                .principalId(principalId)
                .accountId(accountId)
                .verb(verb);
        return message(right.encodedLength());
    }

    byte[] principalRestart(long requestId, int principalId) {
        PrincipalRestartEncoder restart = new PrincipalRestartEncoder();
        Arrays.fill(buffer.byteArray(), (byte) 0);
        restart.wrapAndApplyHeader(buffer, 0, header)
                .clientRequestId(requestId)
                .principalId(principalId)
                .justification("ids at their end");
        return message(restart.encodedLength());
    }

    byte[] sessionOpened(int sessionId, int principalId) {
        SessionOpenedEncoder opened = new SessionOpenedEncoder();
        opened.wrapAndApplyHeader(buffer, 0, header).sessionId(sessionId).principalId(principalId);
        return message(opened.encodedLength());
    }

    byte[] sessionClosed(int sessionId, int principalId) {
        SessionClosedEncoder closed = new SessionClosedEncoder();
        closed.wrapAndApplyHeader(buffer, 0, header)
                .sessionId(sessionId)
                .principalId(principalId)
                .end(SessionEnd.LOGOUT);
        return message(closed.encodedLength());
    }

    byte[] start() {
        return start(0);
    }

    byte[] start(long wallClockNs) {
        StartEncoder start = new StartEncoder();
        Arrays.fill(buffer.byteArray(), (byte) 0);
        start.wrapAndApplyHeader(buffer, 0, header)
                .instanceId(5)
                .wallClockNs(wallClockNs)
                .semanticsVersion(Engine.SEMANTICS_VERSION)
                .build("test");
        return message(start.encodedLength());
    }

    byte[] clock(long requestId, long wallClockNs) {
        ClockCommandEncoder clock = new ClockCommandEncoder();
        Arrays.fill(buffer.byteArray(), (byte) 0);
        clock.wrapAndApplyHeader(buffer, 0, header)
                .clientRequestId(requestId)
                .wallClockNs(wallClockNs)
                .justification("mended");
        return message(clock.encodedLength());
    }

    byte[] tick(long number) {
        TickEncoder tick = new TickEncoder();
        tick.wrapAndApplyHeader(buffer, 0, header).tickNumber(number);
        return message(tick.encodedLength());
    }

    /** A command about all use cases, or one; nulls where a number is below 0. */
    byte[] learning(long requestId, LearningVerb verb, int useCase, int regime, int tier, long candidateId) {
        LearningCommandEncoder learning = new LearningCommandEncoder();
        Arrays.fill(buffer.byteArray(), (byte) 0);
        learning.wrapAndApplyHeader(buffer, 0, header)
                .clientRequestId(requestId)
                .candidateId(candidateId < 0 ? LearningCommandEncoder.candidateIdNullValue() : candidateId)
                .verb(verb)
                .useCase(useCase < 0 ? LearningCommandEncoder.useCaseNullValue() : (short) useCase)
                .regime(regime < 0 ? LearningCommandEncoder.regimeNullValue() : (short) regime)
                .tier(tier < 0 ? LearningCommandEncoder.tierNullValue() : (short) tier)
                .justification("labels are wrong");
        return message(learning.encodedLength());
    }

    byte[] snapshotMarker(long snapshotId) {
        SnapshotMarkerEncoder marker = new SnapshotMarkerEncoder();
        marker.wrapAndApplyHeader(buffer, 0, header).snapshotId(snapshotId);
        return message(marker.encodedLength());
    }

    /** Every command that puts a policy of three candidates, two use cases and four tiers into force. */
    List<byte[]> policy(long epoch) {
        return policy(epoch, 4);
    }

    /** The same with another number of tiers, up to four. */
    List<byte[]> policy(long epoch, int tierCount) {
        return policy(epoch, adaptive(tierCount));
    }

    /** The same with a reward in each use case. */
    List<byte[]> policy(long epoch, RewardRule reward) {
        Adaptive plain = adaptive(4);
        int[] floorsBps = IntStream.range(0, 4).map(plain::tierFloorBps).toArray();
        List<UseCase> useCases =
                plain.useCases().stream().map(useCase -> useCase.with(reward)).toList();
        return policy(
                epoch, Adaptive.of(floorsBps, useCases, plain.halfLifeMinutes()).value());
    }

    /** The same with alarms in each use case. */
    List<byte[]> policy(long epoch, AlarmRule alarms) {
        return policy(epoch, alarms, RewardRule.NONE, adaptive(4).halfLifeMinutes());
    }

    /** The same with a reward in each use case, and a half-life. */
    List<byte[]> policy(long epoch, AlarmRule alarms, RewardRule reward, long minutes) {
        Adaptive plain = adaptive(4);
        int[] floorsBps = IntStream.range(0, 4).map(plain::tierFloorBps).toArray();
        List<UseCase> useCases = plain.useCases().stream()
                .map(useCase -> useCase.with(alarms).with(reward))
                .toList();
        return policy(epoch, Adaptive.of(floorsBps, useCases, minutes).value());
    }

    /** The same with another adaptive part. */
    List<byte[]> policy(long epoch, Adaptive ofAdaptive) {
        byte[] catalog = CatalogCodec.encode(catalog(epoch));
        byte[] adaptive = AdaptiveCodec.encode(ofAdaptive);
        byte[] names = {1, 2, 3};
        List<byte[]> commands = new ArrayList<>();
        commands.add(part(epoch, PolicySection.CATALOG, catalog));
        commands.add(part(epoch, PolicySection.ADAPTIVE, adaptive));
        commands.add(part(epoch, PolicySection.NAMES, names));
        commands.add(part(epoch, PolicySection.SOURCE, new byte[] {4}));
        PolicyActivateEncoder activate = new PolicyActivateEncoder();
        activate.wrapAndApplyHeader(buffer, 0, header)
                .epoch(epoch)
                .putPolicyDigest(Policy.digestOfCatalog(catalog), 0, 32)
                .putAdaptiveDigest(Sha256.of(adaptive), 0, 32)
                .putNamesDigest(Sha256.of(names), 0, 32);
        commands.add(message(activate.encodedLength()));
        return commands;
    }

    byte[] part(long epoch, PolicySection section, byte[] content) {
        return part(epoch, section, 0, 1, content);
    }

    byte[] part(long epoch, PolicySection section, int index, int count, byte[] content) {
        PolicyPartEncoder part = new PolicyPartEncoder();
        part.wrapAndApplyHeader(buffer, 0, header)
                .epoch(epoch)
                .section(section)
                .index(index)
                .count(count)
                .putContent(content, 0, content.length);
        return message(part.encodedLength());
    }

    static Catalog catalog(long epoch) {
        return Catalog.trusted(
                        new Catalog.Head(epoch, 1, 9_500, 5_000, 3_500, 0),
                        List.of(
                                new Candidate(1, 0, 6_000, 9_000, 1, 100, 3, 1, 2_000_000, 8_000_000),
                                new Candidate(HIGH_ID, 1, 8_000, 9_000, 1, 200, 3, 1, 5_000_000, 20_000_000),
                                new Candidate(3, 2, 9_500, 9_000, 1, 300, 3, 1, 30_000_000 + epoch, 90_000_000)))
                .value();
    }

    static Adaptive adaptive(int tierCount) {
        return adaptive(tierCount, 0);
    }

    static Adaptive adaptive(int tierCount, long halfLifeMinutes) {
        UseCase support = new UseCase(
                1,
                new UseCase.Defaults(2_000_000, 0, 500, 9_000, 300, 0),
                1_000,
                2_000,
                PriorPattern.SUPPORT.targetSuccessBps(),
                PriorPattern.SUPPORT.priors(tierCount));
        UseCase trading = new UseCase(
                2,
                new UseCase.Defaults(0, 50, 1_500, 9_000, 1, 0),
                1_000,
                2_000,
                PriorPattern.TRADING.targetSuccessBps(),
                PriorPattern.TRADING.priors(tierCount));
        int[] floorsBps = Arrays.copyOf(new int[] {3_000, 5_000, 7_000, 9_000}, tierCount);
        return Adaptive.of(
                        floorsBps, List.of(support.with(THOMPSON).with(ALARMS), trading.with(KEYED)), halfLifeMinutes)
                .value();
    }

    private byte[] message(int encodedLength) {
        return Arrays.copyOf(buffer.byteArray(), MessageHeaderEncoder.ENCODED_LENGTH + encodedLength);
    }
}
