package io.ringfence.engine.pipeline;

import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.pipeline.Commands.Named;
import io.ringfence.engine.pipeline.Verdict.DecisionFacts;
import io.ringfence.engine.policy.RewardRule;
import io.ringfence.schemas.AccountCommandEncoder;
import io.ringfence.schemas.AccountLimit;
import io.ringfence.schemas.AccountScope;
import io.ringfence.schemas.AccountVerb;
import io.ringfence.schemas.Action;
import io.ringfence.schemas.AdmissionRequestEncoder;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.ExecutionEncoder;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.FactCommandEncoder;
import io.ringfence.schemas.FactVerb;
import io.ringfence.schemas.LearningVerb;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RightVerb;
import io.ringfence.schemas.Role;
import io.ringfence.schemas.SettleKind;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.Substitution;
import io.ringfence.schemas.Tristate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Random commands of every kind that is acted on, each stamped by a run on the caller's thread, so that outcomes carry the facts of
 * decisions of the same batch. The same seed gives the same commands.
 */
public final class Traffic {
    public static final int FIRST_PRINCIPAL = 11;

    /** May act on some accounts only, and not always on the same. */
    public static final int NARROW_PRINCIPAL = FIRST_PRINCIPAL + 2;

    private static final int OPERATOR = FIRST_PRINCIPAL + 3;
    private static final int RISK_PRINCIPAL = FIRST_PRINCIPAL + 4;

    private static final int EXTERNAL_EVERY = 41;
    private static final int EXTERNAL_IDS = 4;
    private static final int WRITE_OFF_EVERY = 97;
    private static final int BAD_EVERY = 1_500;
    private static final int BAD_LENGTH = 500;
    private static final int PAUSE_EVERY = 701;
    private static final long PAUSE_NS = 12_000_000_000L;
    private static final long SMALL_QUANTITY = 100_000L;
    private static final long NO_REFERENCE = ExecutionEncoder.referenceExecutionIdNullValue();

    private record Trade(long order, long execution) {}

    private record Outstanding(long accountId, long sequence) {}

    private final SplittableRandom random;
    /** Of each use case: what a client says of a retry counts, and so does what a retry costs. */
    private static final RewardRule REWARD = new RewardRule(2, 1, 0, 1, 0, 1_000, 0, 5_000);

    private final Commands commands = new Commands();
    private final Engine engine;
    private final Consumer<DecisionEvent> observer;
    private final DecisionEvent event = new DecisionEvent();
    private final DecisionFacts decisionFacts = new DecisionFacts();
    private final List<StampedCommand> stamped = new ArrayList<>();
    private final List<Long> decisions = new ArrayList<>();
    private final List<Long> orders = new ArrayList<>();
    private final List<Long> holds = new ArrayList<>();
    private final List<Trade> trades = new ArrayList<>();
    private final List<Trade> aheadOf = new ArrayList<>(); // Revised before they come.
    private final List<Outstanding> outstanding = new ArrayList<>();
    private final Map<Long, byte[]> facts = new HashMap<>();
    private final Map<Long, byte[]> lessons = new HashMap<>();
    private final Map<Long, Long> parents = new HashMap<>(); // The decision that it charges, by retry.
    private final Map<Integer, Long> lastAdmitted = new HashMap<>(); // Calls, by principal.
    private final StandingOutcome standing = new StandingOutcome();
    private long timestampNs = 1_000_000_000L;
    private long requestId;
    private long executionId;
    private long epoch = 1;
    private long snapshotId;
    private int chargedCount;
    private long tick;

    public Traffic(long seed, Engine engine, Consumer<DecisionEvent> observer) {
        this.random = new SplittableRandom(seed);
        this.engine = engine;
        this.observer = observer;
    }

    /** Opens the journal, then applies that many random commands. */
    public List<StampedCommand> run(EngineSettings settings, int count) {
        apply(CommandType.SETTINGS, 0, settings.encode());
        apply(CommandType.START, 0, commands.start(timestampNs));
        activate(epoch);
        apply(CommandType.PRINCIPAL, 0, commands.principal(FIRST_PRINCIPAL, Role.TRADER, AccountScope.ALL));
        apply(CommandType.PRINCIPAL, 0, commands.principal(FIRST_PRINCIPAL + 1, Role.TRADER, AccountScope.ALL));
        apply(CommandType.PRINCIPAL, 0, commands.principal(RISK_PRINCIPAL, Role.RISK, AccountScope.ALL));
        apply(CommandType.PRINCIPAL, 0, commands.principal(NARROW_PRINCIPAL, Role.TRADER, AccountScope.LISTED));
        apply(CommandType.RIGHT, 0, commands.right(NARROW_PRINCIPAL, 2, RightVerb.GIVE));
        apply(CommandType.PRINCIPAL, 0, commands.principal(OPERATOR, Role.OPERATOR, AccountScope.ALL));
        apply(CommandType.ACCOUNT, 0, commands.account(1, AccountVerb.OPEN, 160_000_000L));
        apply(CommandType.ACCOUNT, 0, commands.openBelow(2, 1, "", 80_000_000L));
        apply(CommandType.ACCOUNT, 0, commands.account(3, AccountVerb.OPEN, 120_000_000L));
        apply(CommandType.ACCOUNT, 0, commands.openBelow(4, 2, "", 160_000_000L));
        while (stamped.size() < count) {
            next();
        }
        return stamped;
    }

    /** Outcomes of retries that charged the decisions which they retry. */
    int chargedCount() {
        return chargedCount;
    }

    private void next() {
        timestampNs += random.nextLong(5_000_000) + (stamped.size() % PAUSE_EVERY == 0 ? PAUSE_NS : 0);
        if (stamped.size() % EXTERNAL_EVERY == 0) {
            String externalId = "R-" + requestId % EXTERNAL_IDS;
            apply(CommandType.ORDER, FIRST_PRINCIPAL, commands.order(++requestId, 3, externalId, SMALL_QUANTITY));
        }
        if (stamped.size() % WRITE_OFF_EVERY == 0 && !orders.isEmpty()) {
            long hold = orders.get(orders.size() / 2);
            apply(CommandType.HOLD, 0, commands.writeOff(++requestId, hold, "owner gone"));
        }
        if (!outstanding.isEmpty() && random.nextInt(2) == 0) {
            fact(outstanding.remove(random.nextInt(outstanding.size())));
            return;
        }
        int principal = random.nextInt(6) == 0 ? NARROW_PRINCIPAL : FIRST_PRINCIPAL + random.nextInt(2);
        switch (random.nextInt(24)) {
            case 0, 1, 2, 3, 4, 5 -> order(principal);
            case 6, 7, 8, 9 -> admission(principal);
            case 10, 11, 12 -> execution(principal);
            case 13 -> replace(principal);
            case 14 -> apply(CommandType.CANCEL, principal, commands.cancel(++requestId, anyOf(orders)));
            case 15, 16 -> settle(principal);
            case 17, 18 -> outcome(principal);
            case 19 -> repeat(principal);
            case 20 -> tick();
            case 21 -> account(principal);
            case 22 -> apply(CommandType.SNAPSHOT, 0, commands.snapshotMarker(++snapshotId));
            default -> {
                switch (random.nextInt(8)) {
                    case 0 -> {
                        if (++epoch % 2 == 0) {
                            upload(epoch);
                        } else {
                            activate(epoch);
                        }
                    }
                    case 1 -> session(random.nextBoolean() ? OPERATOR : principal);
                    case 2 -> restart();
                    case 3 -> learning();
                    default -> changeRights();
                }
            }
        }
    }

    /** Now and then a person accepts the clock, or another process starts. */
    private void tick() {
        apply(CommandType.TICK, 0, commands.tick(++tick));
        if (random.nextInt(8) == 0) {
            apply(CommandType.CLOCK, RISK_PRINCIPAL, commands.clock(++requestId, timestampNs - random.nextInt(1_000)));
        } else if (random.nextInt(8) == 0) {
            apply(CommandType.START, 0, commands.start(timestampNs - random.nextInt(1_000)));
        }
    }

    private void order(int principal) {
        long quantity = 1 + random.nextLong(random.nextBoolean() ? 10_000_000L : 5_000_000_000L);
        long price = 1 + random.nextLong(300_000_000L);
        Side side = random.nextBoolean() ? Side.BUY : Side.SELL;
        long account = 1 + random.nextLong(5); // The fifth is unknown.
        long candidate = anyCandidate();
        long sequence = apply(
                CommandType.ORDER, principal, commands.order(++requestId, account, candidate, side, quantity, price));
        decided(sequence, orders);
    }

    private void admission(int principal) {
        boolean isNever = random.nextInt(3) == 0;
        boolean isExpiring = random.nextInt(4) == 0;
        int floor = random.nextInt(3) == 0 ? random.nextInt(10_001) : 65_535;
        byte[] command = commands.admission(
                ++requestId,
                1 + random.nextLong(4),
                anyCandidate(),
                isNever ? Substitution.NEVER : Substitution.ALLOWED,
                random.nextLong(500_000),
                floor,
                isExpiring ? 1 + random.nextLong(30_000_000) : 0);
        long parent =
                random.nextInt(3) == 0 ? anyToRetry(principal) : AdmissionRequestEncoder.parentSequenceNullValue();
        new AdmissionRequestEncoder()
                .wrap(new UnsafeBuffer(command), MessageHeaderEncoder.ENCODED_LENGTH)
                .parentSequence(parent);
        long sequence = apply(CommandType.ADMISSION, principal, command, facts.get(parent));
        decided(sequence, holds);
        if (event.verdict().isAdmitted()) {
            lastAdmitted.put(principal, sequence);
        }
        if (random.nextInt(3) == 0 || parents.getOrDefault(sequence, 0L) != 0) {
            outcomeOf(principal, decisions.get(decisions.size() - 1)); // In its decision's batch.
        }
    }

    /** The principal's own last call as a rule, else one of anybody's. */
    private long anyToRetry(int principal) {
        Long own = random.nextInt(4) == 0 ? null : lastAdmitted.get(principal);
        return own == null ? anyOf(decisions) : own;
    }

    private void decided(long sequence, List<Long> admitted) {
        decisions.add(sequence);
        if (event.verdict().action() == Action.EXECUTE || event.verdict().action() == Action.SUBSTITUTE) {
            admitted.add(sequence);
        }
        if (DecisionFacts.has(event)) {
            byte[] found = new byte[DecisionFacts.LENGTH];
            decisionFacts.write(event, new UnsafeBuffer(found), 0);
            facts.put(sequence, found);
            parents.put(sequence, DecisionFacts.parent(event));
        }
    }

    private void execution(int principal) {
        if (random.nextInt(4) == 0) {
            revision(principal);
            return;
        }
        if (!aheadOf.isEmpty() && random.nextInt(6) == 0) {
            fill(principal, aheadOf.remove(random.nextInt(aheadOf.size())));
            return;
        }
        ExecutionKind[] ends = {
            ExecutionKind.CANCELLED, ExecutionKind.REPLACED, ExecutionKind.REPLACE_REJECTED, ExecutionKind.EXPIRED
        };
        long id = random.nextInt(9) == 0 && executionId > 0 ? executionId : ++executionId;
        Trade trade = new Trade(anyReported(), id);
        if (random.nextInt(7) < 3) {
            fill(principal, trade);
        } else {
            execution(principal, trade, ends[random.nextInt(ends.length)], 0, NO_REFERENCE);
        }
    }

    /** Now and then of an order that was rejected, or of what is no order; or of one that cannot be yet. */
    private long anyReported() {
        return switch (random.nextInt(90)) {
            case 0 -> anyOf(decisions);
            case 1 -> random.nextBoolean() ? stamped.size() + 1L + random.nextInt(2) : anyOf(holds);
            default -> anyOf(orders);
        };
    }

    /** What a report says of its order, should that not be known. */
    private Named named() {
        return random.nextBoolean()
                ? Named.NOTHING
                : new Named(1 + random.nextLong(5), random.nextInt(3), random.nextBoolean() ? Side.BUY : Side.SELL);
    }

    /** A person books or drops what waits; now and then another fact, which is not known. */
    private void fact(Outstanding fact) {
        FactVerb verb = random.nextBoolean() ? FactVerb.BOOK : FactVerb.DROP;
        boolean isOfNobody = fact.accountId() == FactCommandEncoder.accountIdNullValue();
        long account = isOfNobody && verb == FactVerb.BOOK ? 1 + random.nextLong(4) : fact.accountId();
        long sequence = random.nextInt(10) == 0 ? fact.sequence() - 1 : fact.sequence();
        long charge = verb == FactVerb.BOOK ? random.nextLong(20_000) : 0;
        int principal = random.nextInt(10) == 0 ? FIRST_PRINCIPAL : RISK_PRINCIPAL;
        apply(CommandType.FACT, principal, commands.fact(++requestId, verb, account, sequence, charge));
        if (event.verdict().reason() != ReasonCode.APPLIED) {
            outstanding.add(fact);
        }
    }

    private void fill(int principal, Trade trade) {
        trades.add(trade);
        execution(principal, trade, ExecutionKind.FILL, 1 + random.nextLong(9_000_000L), NO_REFERENCE);
    }

    /** About a trade that is known, maybe not for the first time, or about one that is still to come, or never will. */
    private void revision(int principal) {
        Trade trade;
        if (trades.isEmpty() || random.nextInt(4) == 0) {
            trade = new Trade(anyOf(orders), ++executionId);
            aheadOf.add(trade);
        } else {
            trade = trades.get(Math.max(0, trades.size() - 1 - random.nextInt(12)));
        }
        ExecutionKind kind = random.nextInt(3) == 0 ? ExecutionKind.CORRECTION : ExecutionKind.BUST;
        Trade own = new Trade(trade.order(), ++executionId);
        if (kind == ExecutionKind.CORRECTION) {
            trades.add(own);
        }
        long reference = random.nextInt(12) == 0 ? NO_REFERENCE : trade.execution();
        execution(principal, own, kind, random.nextLong(9_000_000L), reference);
    }

    private void execution(int principal, Trade trade, ExecutionKind kind, long quantity, long reference) {
        long price = 1 + random.nextLong(300_000_000L);
        long leaves = random.nextInt(4) == 0 ? 0 : 1_000;
        apply(
                CommandType.EXECUTION,
                principal,
                commands.execution(
                        ++requestId,
                        trade.order(),
                        trade.execution(),
                        kind,
                        quantity,
                        random.nextInt(120) == 0 ? -price : price,
                        leaves,
                        reference,
                        named()));
    }

    private void replace(int principal) {
        long quantity = 1 + random.nextLong(20_000_000L);
        long price = 1 + random.nextLong(300_000_000L);
        apply(CommandType.REPLACE, principal, commands.replace(++requestId, anyOf(orders), quantity, price));
    }

    private void settle(int principal) {
        SettleKind kind = SettleKind.get((short) (1 + random.nextInt(3)));
        long amount = kind == SettleKind.RELEASE ? 0 : random.nextLong(400_000);
        long hold = random.nextInt(30) == 0 ? anyReported() : anyOf(holds);
        apply(CommandType.SETTLE, principal, commands.settle(++requestId, hold, named().accountId(), kind, amount));
    }

    private void outcome(int principal) {
        if (!decisions.isEmpty()) {
            outcomeOf(principal, anyOf(decisions));
        }
    }

    private void outcomeOf(int principal, long decision) {
        byte[] command = commands.outcome(
                ++requestId,
                decision,
                random.nextInt(3),
                random.nextInt(5) == 0 ? Disposition.ABANDONED : Disposition.APPLIED,
                random.nextInt(3) == 0 || isBadPhase() ? Tristate.NO : Tristate.YES);
        apply(CommandType.OUTCOME, principal, command, facts.get(decision), lessons.get(decision));
    }

    /** For some time all fails, so that circuits open. */
    private boolean isBadPhase() {
        return stamped.size() % BAD_EVERY > BAD_EVERY - BAD_LENGTH;
    }

    /** Sends an earlier client command again; now and then with another body under the same id. */
    private void repeat(int principal) {
        StampedCommand earlier = stamped.get(random.nextInt(stamped.size()));
        boolean isOfClient = earlier.principalId() != 0 && earlier.type().isOfClient();
        if (!isOfClient || earlier.type() == CommandType.OUTCOME || earlier.principalId() == OPERATOR) {
            return;
        }
        byte[] bytes = earlier.bytes().clone();
        if (random.nextInt(4) == 0) {
            bytes[CommandType.REQUEST_ID_OFFSET + Long.BYTES] ^= 1;
        }
        apply(earlier.type(), random.nextInt(4) == 0 ? principal : earlier.principalId(), bytes);
    }

    private void account(int principal) {
        switch (random.nextInt(6)) {
            case 0 -> apply(CommandType.ACCOUNT, 0, limit());
            case 1 -> {
                String currency = random.nextInt(4) == 0 ? "EUR" : "";
                long parent = 1 + random.nextLong(9);
                apply(CommandType.ACCOUNT, 0, commands.openBelow(5 + random.nextLong(5), parent, currency, 9_000_000));
            }
            default -> {
                AccountVerb[] verbs = {AccountVerb.TOP_UP, AccountVerb.TOP_UP, AccountVerb.SET_CAP, AccountVerb.OPEN};
                AccountVerb verb = random.nextInt(40) == 0 ? AccountVerb.CLOSE : verbs[random.nextInt(verbs.length)];
                long amount = verb == AccountVerb.SET_CAP ? 60_000_000L : random.nextLong(12_000_000);
                long cap = verb == AccountVerb.OPEN ? random.nextLong(2_000_000) : 0;
                long first = verb == AccountVerb.CLOSE ? 3 : 1; // What stands below a closed account takes no request.
                apply(CommandType.ACCOUNT, 0, commands.account(first + random.nextLong(4), verb, amount, cap));
            }
        }
    }

    private byte[] limit() {
        AccountLimit limit = AccountLimit.get((short) (1 + random.nextInt(3)));
        boolean isLifted = random.nextInt(3) > 0;
        long value = random.nextLong(limit == AccountLimit.MAX_ORDER_VALUE ? 10_000_000L : 5_000_000_000L);
        return commands.limit(
                1 + random.nextLong(6), limit, isLifted ? AccountCommandEncoder.limitValueNullValue() : value);
    }

    /** Of the one principal that has few; each kind of change, also one that is refused. */
    private void changeRights() {
        if (random.nextInt(3) == 0) {
            Role[] roles = {Role.TRADER, Role.TRADER, Role.REPORTER, Role.NONE};
            AccountScope scope = random.nextInt(4) == 0 ? AccountScope.ALL : AccountScope.LISTED;
            apply(
                    CommandType.PRINCIPAL,
                    0,
                    commands.principal(NARROW_PRINCIPAL, roles[random.nextInt(roles.length)], scope));
        } else {
            RightVerb verb = random.nextInt(4) == 0 ? RightVerb.TAKE : RightVerb.GIVE;
            apply(CommandType.RIGHT, 0, commands.right(NARROW_PRINCIPAL, 1 + random.nextLong(6), verb));
        }
    }

    private void session(int principal) {
        int session = principal - FIRST_PRINCIPAL + 1;
        if (random.nextBoolean()) {
            apply(CommandType.SESSION_OPENED, principal, commands.sessionOpened(session, principal));
        } else {
            apply(CommandType.SESSION_CLOSED, principal, commands.sessionClosed(session, principal));
        }
    }

    /** The operator begins anew, or one that never asked anything; ids of the others stay what they are. */
    private void restart() {
        int sender = random.nextInt(4) == 0 ? NARROW_PRINCIPAL : OPERATOR;
        int principal = random.nextInt(4) == 0 ? OPERATOR + 1 : OPERATOR;
        apply(CommandType.PRINCIPAL_RESTART, sender, commands.principalRestart(++requestId, principal));
    }

    private void learning() {
        int sender = random.nextInt(4) == 0 ? NARROW_PRINCIPAL : OPERATOR;
        LearningVerb verb = LearningVerb.get((short) (1 + random.nextInt(4)));
        boolean isReset = verb == LearningVerb.RESET;
        boolean isOfTier = random.nextBoolean();
        int useCase = isReset || random.nextInt(3) > 0 ? 1 + random.nextInt(3) : -1;
        byte[] command = commands.learning(
                ++requestId,
                verb,
                useCase,
                isReset ? random.nextInt(8) : -1,
                isReset && isOfTier ? random.nextInt(5) : -1,
                isReset && !isOfTier ? 1 + random.nextInt(3) : -1);
        apply(CommandType.LEARNING, sender, command);
        if (verb == LearningVerb.FREEZE) {
            apply(CommandType.LEARNING, OPERATOR, commands.learning(++requestId, LearningVerb.THAW, -1, -1, -1, -1));
        }
    }

    private void activate(long newEpoch) {
        List<byte[]> all = commands.policy(newEpoch, REWARD);
        for (int i = 0; i < all.size(); i++) {
            boolean isLast = i == all.size() - 1;
            apply(isLast ? CommandType.POLICY_ACTIVATE : CommandType.POLICY_PART, 0, all.get(i));
        }
    }

    /** A person brings a policy; now and then another begins one meanwhile, or nobody puts it into force. */
    private void upload(long newEpoch) {
        List<byte[]> all = new UploadCommands().policy(requestId + 1, newEpoch, 4);
        requestId += all.size();
        int end = random.nextInt(4) == 0 ? random.nextInt(all.size()) : all.size();
        int disturbed = random.nextInt(3) == 0 ? random.nextInt(all.size()) : all.size();
        for (int i = 0; i < end; i++) {
            boolean isLast = i == all.size() - 1;
            apply(isLast ? CommandType.POLICY_CHANGE : CommandType.POLICY_PIECE, RISK_PRINCIPAL, all.get(i));
            if (i == disturbed) {
                byte[] other =
                        new UploadCommands().policy(++requestId, newEpoch, 3).get(0);
                apply(CommandType.POLICY_PIECE, OPERATOR, other);
            }
        }
    }

    private long anyCandidate() {
        int candidate = random.nextInt(4);
        return candidate == 2 ? Commands.HIGH_ID : candidate; // 0 asks for any.
    }

    private long anyOf(List<Long> sequences) {
        return sequences.isEmpty() ? 1 : sequences.get(random.nextInt(sequences.size()));
    }

    private long apply(CommandType type, int principal, byte[] bytes) {
        return apply(type, principal, bytes, null);
    }

    private long apply(CommandType type, int principal, byte[] bytes, byte[] stampedFacts) {
        return apply(type, principal, bytes, stampedFacts, null);
    }

    private long apply(CommandType type, int principal, byte[] bytes, byte[] stampedFacts, byte[] stampedLesson) {
        long sequence = stamped.size() + 1L;
        int session = principal == 0 ? 0 : principal - FIRST_PRINCIPAL + 1;
        long decision = stampedFacts == null ? 0 : new UnsafeBuffer(stampedFacts).getLong(0);
        long parent = type == CommandType.OUTCOME ? parents.getOrDefault(decision, 0L) : 0;
        StampedCommand command = new StampedCommand(
                type,
                sequence,
                timestampNs,
                session,
                principal,
                bytes,
                stampedFacts,
                stampedLesson,
                facts.get(parent),
                lessons.get(parent));
        command.acceptInto(event);
        engine.apply(event);
        observer.accept(event);
        stamped.add(command);
        if (StandingOutcome.is(event)) {
            byte[] block = new byte[StandingOutcome.LENGTH];
            standing.write(event, new UnsafeBuffer(block), 0);
            lessons.put(decision, block);
        }
        if (StandingOutcome.hasParent(event)) {
            byte[] block = new byte[StandingOutcome.LENGTH];
            standing.writeParent(event, new UnsafeBuffer(block), 0);
            lessons.put(parent, block);
            chargedCount++;
        }
        if (event.verdict().reason() == ReasonCode.FACT_OUTSTANDING) {
            outstanding.add(new Outstanding(event.budget().failure().accountId(), sequence));
        }
        return sequence;
    }
}
