package io.ringfence.engine.budget;

import io.ringfence.schemas.AccountLimit;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.FactVerb;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.SettleKind;
import io.ringfence.schemas.Side;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;

/** Draws random commands from a seed: mostly sensible ones, some at the ends of i64, many about the same few orders. */
final class BudgetTraffic {
    /** Accounts that the traffic names; not all of them are opened. -1 is SBE null, so no account has it as parent. */
    static final long[] ACCOUNTS = {1, 2, -2, Long.MIN_VALUE, 99, 3, 4, 5, 6};

    private static final long UNIT = 100_000_000;
    private static final long SOME_TOTAL = 7 * UNIT; // That many orders and replaces ask for.
    private static final long NOBODY = -1;
    private static final long NO_INSTRUMENT = 0xFFFF_FFFFL;
    private static final long[] ENDS = {
        Long.MAX_VALUE, Long.MAX_VALUE - 1, Long.MIN_VALUE, Long.MIN_VALUE + 1, -1, 0, 1, Long.MAX_VALUE / 2
    };
    private static final ExecutionKind[] ENDINGS = {
        ExecutionKind.CANCELLED, ExecutionKind.EXPIRED, ExecutionKind.REJECTED_BY_VENUE
    };

    /** One command, as both sides take it. */
    record Step(String text, Function<Budget, BudgetResult> real, Function<PlainBudget, Seen> plain) {}

    private record Fact(Long account, long first, long last, long count) {}

    private final Messages messages = new Messages();
    private final BudgetResult out = new BudgetResult();
    private final Random random;
    private final double wildness;
    private final List<Long> orders = new ArrayList<>(List.of(1L));
    private final List<Long> plainHolds = new ArrayList<>(List.of(1L));
    private final List<Long> replaces = new ArrayList<>(List.of(1L << 40));
    private long lastReplace = 1L << 40;
    private final Map<Long, PlainFacts> outstanding = new TreeMap<>();
    private long sequence;
    private long nowNs = 1;
    private Fact lastFact;
    private int settledTogether;

    /**
     * @param wildness share of figures drawn from the whole of i64, 0..1.
     */
    BudgetTraffic(long seed, double wildness) {
        this.random = new Random(seed);
        this.wildness = wildness;
    }

    Step next() {
        nowNs += random.nextInt(10);
        sequence++;
        messages.at(sequence, nowNs);
        int draw = random.nextInt(100);
        if (draw < 8) {
            return account();
        }
        if (random.nextInt(4) == 0) {
            List<Long> blocked =
                    outstanding.keySet().stream().filter(this::isSettled).toList();
            if (!blocked.isEmpty()) {
                return fact(blocked.get(random.nextInt(blocked.size())));
            }
        }
        if (draw < 22) {
            return hold();
        }
        if (draw < 40) {
            return order();
        }
        if (draw < 50) {
            return replace();
        }
        if (draw < 53) {
            long hold = some(random.nextInt(12) == 0 ? plainHolds : orders);
            return new Step("cancel " + hold, budget -> messages.cancel(budget, hold), plain -> plain.cancel(hold));
        }
        if (draw < 65) {
            return settle();
        }
        return draw < 97 ? execution() : expire();
    }

    /** Notes what the last step came to: a person settles by that. */
    void told(Seen seen) {
        if (seen.reason() == ReasonCode.FACT_OUTSTANDING) {
            outstanding
                    .computeIfAbsent(seen.failedAccount(), account -> new PlainFacts())
                    .add(sequence);
        }
        if (lastFact != null && seen.reason() == ReasonCode.NONE) {
            Fact settled = lastFact;
            settledTogether += settled.count() > 1 ? 1 : 0;
            outstanding.values().stream()
                    .filter(facts -> facts.has(settled.first(), settled.last(), settled.count()))
                    .forEach(facts -> facts.settle(settled.first(), settled.last(), settled.count()));
        }
        lastFact = null;
    }

    /** How often a person settled several facts together. */
    int settledTogether() {
        return settledTogether;
    }

    /** Facts of no account pile up until more are there than are listed. */
    private boolean isSettled(long owner) {
        PlainFacts facts = outstanding.get(owner);
        return owner == NOBODY ? facts.beyond().size() > 5 : facts.count() > 0;
    }

    /** A person settles one fact, or those beyond the list together; at times others than there are. */
    private Step fact(long owner) {
        PlainFacts facts = outstanding.get(owner);
        Long account = owner;
        if (owner == NOBODY && random.nextInt(4) == 0) {
            account = null;
        } else if (owner == NOBODY || random.nextInt(40) == 0) {
            account = someAccount();
        }
        boolean isTogether = !facts.beyond().isEmpty()
                && (random.nextInt(3) == 0 || facts.listed().isEmpty());
        List<Long> some = isTogether
                ? facts.beyond()
                : List.of(facts.listed().get(random.nextInt(facts.listed().size())));
        long first = some.get(0) - (random.nextInt(20) == 0 ? 1 : 0);
        long last = some.get(some.size() - 1);
        FactVerb verb = FactVerb.get((short) (1 + random.nextInt(3)));
        long charge = verb == FactVerb.DROP ? 0 : amount(500) - 100;
        Long instrument = null;
        if (verb != FactVerb.DROP && random.nextBoolean()) {
            instrument = (long) random.nextInt(2);
        }
        long quantity = instrument == null ? 0 : quantity() - 4 * UNIT;
        Long on = account;
        Long in = instrument;
        lastFact = verb == FactVerb.BOOK_PART ? null : new Fact(on, first, last, some.size());
        long count = some.size();
        return new Step(
                verb + " " + on + " " + first + ".." + last + " " + charge + " " + quantity + " " + instrument,
                budget -> messages.fact(
                        budget,
                        verb,
                        on == null ? NOBODY : on,
                        first,
                        last,
                        count,
                        charge,
                        quantity,
                        in == null ? NO_INSTRUMENT : in),
                plain -> plain.fact(verb, on, first, last, count, charge, quantity, in));
    }

    private Step account() {
        long account = someAccount();
        long amount = amount(30_000);
        return switch (random.nextInt(7)) {
            case 0 ->
                new Step(
                        "open " + account + " " + amount,
                        budget -> budget.openAccount(account, amount, out),
                        plain -> plain.openAccount(account, amount));
            case 1, 3 -> {
                long parent = someAccount();
                yield new Step(
                        "open " + account + " below " + parent + " " + amount,
                        budget -> budget.openAccountBelow(account, parent, amount, out),
                        plain -> plain.openAccountBelow(account, parent, amount));
            }
            case 4, 5 -> limit(account);
            case 2 -> {
                long more = amount(300_000); // Else most accounts would stay overdrawn by what is booked late.
                yield new Step(
                        "topUp " + account + " " + more,
                        budget -> budget.topUp(account, more, out),
                        plain -> plain.topUp(account, more));
            }
            default -> {
                long cap = random.nextInt(5) > 0 ? 0 : amount;
                yield new Step(
                        "cap " + account + " " + cap,
                        budget -> budget.setCap(account, cap, out),
                        plain -> plain.setCap(account, cap));
            }
        };
    }

    private Step limit(long account) {
        AccountLimit limit = AccountLimit.get((short) (1 + random.nextInt(3)));
        long some = Math.max(0, amount(limit == AccountLimit.MAX_ORDER_VALUE ? 3_000 : 10 * UNIT));
        long value = random.nextInt(3) == 0 ? some : Accounts.NOT_SET;
        return new Step(
                "limit " + account + " " + limit + " " + value,
                budget -> budget.setLimit(account, limit, value, out),
                plain -> plain.setLimit(account, limit, value));
    }

    private Step hold() {
        long id = newHold(plainHolds);
        long account = someAccount();
        long exposure = amount(2_000);
        long cost = random.nextInt(3) == 0 ? amount(500) : random.nextInt(500);
        long timeToLive = random.nextInt(3) == 0 ? amount(300) : -1;
        long now = nowNs;
        return new Step(
                "hold " + id + " " + account + " " + exposure + " " + cost + " " + now + " " + timeToLive,
                budget -> messages.hold(budget, id, account, exposure, cost, now, timeToLive),
                plain -> plain.hold(id, account, exposure, cost, now, timeToLive));
    }

    private Step order() {
        long id = newHold(orders);
        long account = someAccount();
        long instrument = instrument();
        Side side = random.nextBoolean() ? Side.BUY : Side.SELL;
        long quantity = random.nextInt(4) == 0 ? SOME_TOTAL : quantity();
        long price = amount(300);
        long exposure = random.nextInt(3) == 0 ? amount(5_000) : Long.MIN_VALUE;
        long cost = random.nextInt(20);
        return new Step(
                "order " + id + " " + account + " " + side + " " + quantity + " " + price + " " + exposure + " " + cost,
                budget -> messages.order(budget, id, account, instrument, side, quantity, price, exposure, cost),
                plain -> plain.order(id, account, instrument, side, quantity, price, exposure, cost));
    }

    private Step replace() {
        long hold = some(random.nextInt(12) == 0 ? plainHolds : orders);
        long quantity = random.nextInt(4) == 0 ? SOME_TOTAL : quantity();
        long price = amount(300);
        long sequence = ++lastReplace;
        replaces.add(sequence);
        return new Step(
                "replace " + sequence + " " + hold + " " + quantity + " " + price,
                budget -> messages.replace(budget, sequence, hold, quantity, price),
                plain -> plain.replace(sequence, hold, quantity, price));
    }

    private Step settle() {
        long hold = some(random.nextInt(8) == 0 ? orders : plainHolds);
        SettleKind kind = SettleKind.get((short) (1 + random.nextInt(3)));
        long amount = amount(2_000);
        Messages.Named named = named();
        long at = sequence;
        long now = nowNs;
        return new Step(
                "settle " + hold + " " + kind + " " + amount + " " + named,
                budget -> messages.naming(named).settle(budget, hold, kind, amount),
                plain -> plain.settle(hold, named.accountId(), kind, amount, at, now));
    }

    private Step execution() {
        boolean isCrowd = random.nextInt(3) > 0; // Many reports on few executions of one order, in any order.
        int names = isCrowd ? 16 : 12;
        long hold = isCrowd
                ? orders.get((orders.size() - 1) / 20 * 20)
                : some(random.nextInt(30) == 0 ? plainHolds : orders);
        if (random.nextInt(60) == 0) {
            hold = sequence + random.nextInt(3); // No command before this one can have made it.
        }
        return execution(hold, names);
    }

    private Step execution(long hold, int names) {
        long execution = random.nextInt(names);
        ExecutionKind kind = executionKind();
        long quantity = random.nextInt(8) == 0 ? 0 : quantity();
        long price = amount(300);
        long fee = random.nextInt(3) == 0 ? amount(40) - 15 : random.nextInt(4);
        long leaves = random.nextInt(3) == 0 ? 0 : random.nextInt(3) > 0 ? UNIT * random.nextInt(8) : amount(9 * UNIT);
        long leavesOrNone = Math.max(0, leaves);
        long terms = terms(hold);
        long total = random.nextInt(3) > 0 ? Messages.NO_QUANTITY : random.nextInt(3) > 0 ? SOME_TOTAL : quantity();
        long cumulative = random.nextInt(4) > 0 ? Messages.NO_QUANTITY : SOME_TOTAL - leavesOrNone;
        PlainTerms.Said said = new PlainTerms.Said(
                kind,
                BigInteger.valueOf(quantity),
                BigInteger.valueOf(price),
                BigInteger.valueOf(leavesOrNone),
                terms == Messages.NO_TERMS ? null : terms,
                total == Messages.NO_QUANTITY ? null : BigInteger.valueOf(total),
                cumulative == Messages.NO_QUANTITY ? null : BigInteger.valueOf(cumulative));
        long reference = random.nextInt(10) == 0 ? -1 : random.nextInt(names);
        Messages.Named named = named();
        long at = sequence;
        long now = nowNs;
        return new Step(
                "execution " + hold + " " + execution + " " + kind + " " + quantity + " " + price + " " + fee + " "
                        + reference + " " + said + " " + named,
                budget -> {
                    messages.naming(named).says(terms, total, cumulative);
                    return messages.execution(
                            budget, hold, execution, kind, quantity, price, fee, leavesOrNone, reference);
                },
                plain -> plain.execution(
                        hold, execution, kind, quantity, price, fee, leavesOrNone, reference, said, named, at, now));
    }

    private long terms(long hold) {
        int draw = random.nextInt(6);
        if (draw > 2) {
            return Messages.NO_TERMS;
        }
        return draw == 0 ? hold : replaces.get(Math.max(0, replaces.size() - 1 - random.nextInt(8)));
    }

    private Step expire() {
        long now = nowNs;
        int limit = 1 + random.nextInt(4);
        return new Step(
                "expire " + now + " " + limit,
                budget -> budget.expire(now, limit, out),
                plain -> plain.expire(now, limit));
    }

    private ExecutionKind executionKind() {
        int draw = random.nextInt(20);
        if (draw < 8) {
            return ExecutionKind.FILL;
        }
        if (draw < 10) {
            return ExecutionKind.REPLACED;
        }
        if (draw < 12) {
            return ExecutionKind.REPLACE_REJECTED;
        }
        if (draw < 15) {
            return ExecutionKind.BUST;
        }
        return draw < 18 ? ExecutionKind.CORRECTION : ENDINGS[random.nextInt(ENDINGS.length)];
    }

    private long newHold(List<Long> kind) {
        kind.add(sequence);
        return sequence;
    }

    /** What a report says of its hold, should that not be known; at times not enough. */
    private Messages.Named named() {
        if (random.nextInt(3) == 0) {
            return Messages.Named.NOTHING;
        }
        long instrument = random.nextInt(8) == 0 ? NO_INSTRUMENT : random.nextInt(2);
        return new Messages.Named(
                someAccount(), instrument, random.nextInt(8) == 0 ? Side.NULL_VAL.value() : 1 + random.nextInt(2));
    }

    /** One of the latest: the traffic stays with the same few holds for a while. */
    private long some(List<Long> kind) {
        return kind.get(Math.max(0, kind.size() - 1 - random.nextInt(12)));
    }

    private long someAccount() {
        return ACCOUNTS[random.nextInt(ACCOUNTS.length)];
    }

    private long instrument() {
        return random.nextInt(4) == 0 ? 0xFFFF_FFFEL : random.nextInt(2);
    }

    private long quantity() {
        return random.nextInt(3) == 0 ? amount(10 * UNIT) : UNIT * random.nextInt(10);
    }

    private long amount(long usual) {
        if (random.nextDouble() >= wildness) {
            return (long) (random.nextDouble() * usual);
        }
        return random.nextBoolean() ? ENDS[random.nextInt(ENDS.length)] : random.nextLong() >> random.nextInt(63);
    }
}
