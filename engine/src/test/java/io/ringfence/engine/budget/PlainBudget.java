package io.ringfence.engine.budget;

import static java.math.BigInteger.ONE;
import static java.math.BigInteger.ZERO;

import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.SettleKind;
import io.ringfence.schemas.Side;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The slow, obvious budget: whole numbers of any size, maps, and nothing kept that can be summed up anew.
 *
 * <p>What is free follows from what was granted, is held and was spent, so this twin cannot lose track of it.
 */
final class PlainBudget {
    private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);
    private static final BigInteger SCALE = BigInteger.valueOf(100_000_000);
    private static final long NO_REFERENCE = -1;

    private static final class Account {
        BigInteger granted;
        BigInteger committed = ZERO;
        BigInteger cap = ZERO;
    }

    private record Whose(long account, long instrument, Side side) {}

    private record Terms(BigInteger quantity, BigInteger price) {
        BigInteger value(BigInteger cost) {
            return quantity.multiply(price)
                    .add(SCALE)
                    .subtract(ONE)
                    .divide(SCALE)
                    .add(cost);
        }

        Terms less(BigInteger traded) {
            return new Terms(quantity.subtract(traded).max(ZERO), price);
        }
    }

    private record Hold(
            long id,
            Whose whose,
            BigInteger held,
            Long deadline,
            Terms terms,
            Terms pending,
            BigInteger cost,
            BigInteger floor) {
        boolean isOrder() {
            return whose.side() != null;
        }

        BigInteger wanted() {
            BigInteger both =
                    pending == null ? terms.value(cost) : terms.value(cost).max(pending.value(cost));
            return both.max(floor);
        }

        Hold with(BigInteger newHeld) {
            return new Hold(id, whose, newHeld, deadline, terms, pending, cost, floor);
        }

        Hold with(Terms newTerms, Terms newPending, BigInteger newCost, BigInteger newFloor) {
            return new Hold(id, whose, held, deadline, newTerms, newPending, newCost, newFloor);
        }
    }

    private record Key(long hold, long execution) {}

    private static final class Booked {
        Whose whose;
        BigInteger quantity = ZERO;
        BigInteger value = ZERO;
        BigInteger fee = ZERO;
        Long correctedBy;

        BigInteger charge() {
            return value.add(fee);
        }
    }

    private final Map<Long, Account> accounts = new HashMap<>();
    private final Map<Long, Hold> holds = new HashMap<>();
    private final Map<List<Long>, BigInteger> positions = new HashMap<>();
    private final Map<Long, Whose> closedOrders;
    private final Map<Key, Booked> executions;

    private Whose touched;
    private BigInteger heldAfter = ZERO;
    private BigInteger asked = ZERO;

    PlainBudget(int remembered) {
        closedOrders = bounded(remembered);
        executions = bounded(remembered);
    }

    Seen openAccount(long id, long granted) {
        begin();
        ReasonCode reason = granted < 0 ? ReasonCode.AMOUNT_NOT_POSITIVE : ReasonCode.NONE;
        if (reason == ReasonCode.NONE && accounts.containsKey(id)) {
            reason = ReasonCode.ACCOUNT_EXISTS;
        }
        if (reason == ReasonCode.NONE) {
            Account account = new Account();
            account.granted = big(granted);
            accounts.put(id, account);
        }
        return endAccount(id, reason);
    }

    Seen topUp(long id, long amount) {
        begin();
        if (amount <= 0) {
            return endAccount(id, ReasonCode.AMOUNT_NOT_POSITIVE);
        }
        Account account = accounts.get(id);
        if (account == null) {
            return end(ReasonCode.ACCOUNT_UNKNOWN);
        }
        BigInteger more = big(amount);
        BigInteger free = free(id).add(more);
        if (!fits(account.granted.add(more))
                || !fits(free)
                || !fits(free.max(ZERO).add(reserved(id)))) {
            return endAccount(id, ReasonCode.AMOUNT_OVERFLOW);
        }
        account.granted = account.granted.add(more);
        return endAccount(id, ReasonCode.NONE);
    }

    Seen setCap(long id, long cap) {
        begin();
        if (cap < 0) {
            return endAccount(id, ReasonCode.AMOUNT_NOT_POSITIVE);
        }
        if (!accounts.containsKey(id)) {
            return end(ReasonCode.ACCOUNT_UNKNOWN);
        }
        accounts.get(id).cap = big(cap);
        return endAccount(id, ReasonCode.NONE);
    }

    Seen account(long id) {
        begin();
        return endAccount(id, accounts.containsKey(id) ? ReasonCode.NONE : ReasonCode.ACCOUNT_UNKNOWN);
    }

    Seen hold(long id, long account, long exposure, long cost, long now, long timeToLive) {
        begin();
        Whose whose = new Whose(account, 0, null);
        touch(whose);
        if (!fits(unsigned(cost))) {
            return end(ReasonCode.AMOUNT_OVERFLOW);
        }
        BigInteger deadline = big(now).add(unsigned(timeToLive));
        BigInteger amount = unsigned(cost).max(big(exposure));
        return enter(new Hold(
                id,
                whose,
                amount,
                deadline.compareTo(MAX) < 0 ? deadline.longValueExact() : null,
                null,
                null,
                ZERO,
                ZERO));
    }

    Seen order(long id, long account, long instrument, Side side, long quantity, long price, long exposure, long cost) {
        begin();
        Whose whose = new Whose(account, instrument, side);
        touch(whose);
        if (quantity <= 0) {
            return end(ReasonCode.QUANTITY_NOT_POSITIVE);
        }
        if (price <= 0) {
            return end(ReasonCode.AMOUNT_NOT_POSITIVE);
        }
        Terms terms = new Terms(big(quantity), big(price));
        Hold hold = new Hold(
                id,
                whose,
                ZERO,
                null,
                terms,
                null,
                unsigned(cost),
                big(exposure).max(ZERO));
        return fits(terms.value(hold.cost())) ? enter(hold.with(hold.wanted())) : end(ReasonCode.AMOUNT_OVERFLOW);
    }

    Seen replace(long id, long quantity, long price) {
        begin();
        if (quantity <= 0) {
            return end(ReasonCode.QUANTITY_NOT_POSITIVE);
        }
        if (price <= 0) {
            return end(ReasonCode.AMOUNT_NOT_POSITIVE);
        }
        ReasonCode reason = checkOrder(id);
        if (reason != ReasonCode.NONE) {
            return end(reason);
        }
        Hold hold = holds.get(id);
        if (hold.pending() != null) {
            return end(ReasonCode.REPLACE_PENDING);
        }
        Terms pending = new Terms(big(quantity), big(price));
        Hold replaced = hold.with(hold.terms(), pending, hold.cost(), hold.floor());
        if (!fits(pending.value(hold.cost()))) {
            return end(ReasonCode.AMOUNT_OVERFLOW);
        }
        asked = replaced.wanted().subtract(hold.held());
        reason = asked.signum() > 0 ? checkReserve(hold.whose().account(), asked) : ReasonCode.NONE;
        if (reason == ReasonCode.NONE) {
            holds.put(id, replaced.with(replaced.wanted().max(hold.held())));
            heldAfter = holds.get(id).held();
        }
        return end(reason);
    }

    Seen cancel(long id) {
        begin();
        return end(checkOrder(id));
    }

    Seen settle(long id, SettleKind kind, long amount) {
        begin();
        Hold hold = holds.get(id);
        if (hold != null) {
            touch(hold.whose());
            heldAfter = hold.held();
        }
        if (hold != null && hold.isOrder()) {
            return end(ReasonCode.HOLD_IS_ORDER);
        }
        if (kind != SettleKind.RELEASE && amount < 0) {
            return end(ReasonCode.AMOUNT_NOT_POSITIVE);
        }
        if (hold == null) {
            return end(ReasonCode.HOLD_UNKNOWN);
        }
        Account account = accounts.get(hold.whose().account());
        BigInteger charge = kind == SettleKind.RELEASE ? ZERO : big(amount);
        if (!fits(account.committed.add(charge))) {
            return end(ReasonCode.AMOUNT_OVERFLOW);
        }
        if (charge.subtract(hold.held()).compareTo(free(hold.whose().account()).max(ZERO)) > 0) {
            return end(ReasonCode.COMMIT_OVERRUN);
        }
        account.committed = account.committed.add(charge);
        holds.remove(id);
        heldAfter = ZERO;
        if (kind == SettleKind.COMMIT_PART) {
            heldAfter = hold.held().subtract(charge).max(ZERO);
            holds.put(id, hold.with(heldAfter));
        }
        return end(ReasonCode.NONE);
    }

    Seen expire(long now, int limit) {
        begin();
        List<Long> due = holds.values().stream()
                .filter(hold -> hold.deadline() != null && hold.deadline() <= now)
                .sorted((a, b) -> a.deadline().equals(b.deadline())
                        ? Long.compareUnsigned(a.id(), b.id())
                        : Long.compare(a.deadline(), b.deadline()))
                .limit(limit)
                .map(Hold::id)
                .toList();
        due.forEach(holds::remove);
        return end(ReasonCode.NONE, due.size());
    }

    Seen execution(
            long id,
            long execution,
            ExecutionKind kind,
            long quantity,
            long price,
            long fee,
            long leaves,
            long reference) {
        begin();
        if (quantity < 0) {
            return end(ReasonCode.QUANTITY_NOT_POSITIVE);
        }
        if (price < 0) {
            return end(ReasonCode.AMOUNT_NOT_POSITIVE);
        }
        boolean isRevision = kind == ExecutionKind.BUST || kind == ExecutionKind.CORRECTION;
        Key standing = isRevision && reference != NO_REFERENCE ? standing(new Key(id, reference)) : null;
        Hold hold = holds.get(id);
        Whose whose = Stream.of(
                        hold == null ? null : hold.whose(),
                        closedOrders.get(id),
                        standing == null ? null : executions.get(standing).whose)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        if (whose == null) {
            return end(ReasonCode.HOLD_UNKNOWN);
        }
        touch(whose);
        heldAfter = hold == null ? ZERO : hold.held();
        if (whose.side() == null) {
            return end(ReasonCode.HOLD_NOT_ORDER);
        }
        if (executions.containsKey(new Key(id, execution))) {
            return end(ReasonCode.EXECUTION_DUPLICATE);
        }
        Booked own = new Booked();
        own.whose = whose;
        own.fee = big(fee);
        if (kind == ExecutionKind.FILL || isRevision) {
            own.quantity = big(quantity);
            own.value = new Terms(big(quantity), big(price)).value(ZERO);
        }
        Booked none = new Booked();
        Booked takenBack = !isRevision ? none : standing == null ? own : executions.get(standing);
        Booked booked = kind == ExecutionKind.BUST ? none : own;
        booked.whose = whose;
        Hold after = hold == null || isRevision ? hold : advance(hold, kind, big(quantity), big(fee), leaves);
        return book(new Key(id, execution), hold, after, kind, booked, takenBack, standing);
    }

    private Seen book(
            Key key, Hold hold, Hold after, ExecutionKind kind, Booked booked, Booked takenBack, Key standing) {
        Whose whose = touched;
        Account account = accounts.get(whose.account());
        BigInteger charge = booked.charge().subtract(takenBack.charge());
        BigInteger traded = booked.quantity.subtract(takenBack.quantity);
        BigInteger position = position(whose).add(whose.side() == Side.SELL ? traded.negate() : traded);
        BigInteger held = after == null ? ZERO : after.held();
        BigInteger reserved = reserved(whose.account())
                .subtract(hold == null ? ZERO : hold.held())
                .add(held);
        BigInteger committed = account.committed.add(charge);
        BigInteger free = account.granted.subtract(reserved).subtract(committed);
        boolean isBookable = Stream.of(
                        booked.value,
                        booked.charge(),
                        takenBack.value,
                        takenBack.charge(),
                        charge,
                        position,
                        committed,
                        free,
                        free.negate(),
                        free.max(ZERO).add(reserved))
                .allMatch(PlainBudget::fits);
        if (!isBookable) {
            return end(ReasonCode.AMOUNT_OVERFLOW);
        }
        account.committed = committed;
        positions.put(List.of(whose.account(), whose.instrument()), position);
        heldAfter = held;
        if (hold != null && after == null) {
            holds.remove(key.hold());
            closedOrders.put(key.hold(), whose);
        } else if (hold != null) {
            holds.put(key.hold(), after);
        }
        remember(key, kind, booked, standing);
        return end(ReasonCode.NONE);
    }

    private void remember(Key key, ExecutionKind kind, Booked booked, Key standing) {
        if (standing != null) {
            Booked old = executions.get(standing);
            old.quantity = ZERO;
            old.value = ZERO;
            old.fee = ZERO;
            old.correctedBy = kind == ExecutionKind.CORRECTION ? Long.valueOf(key.execution()) : null;
        }
        executions.put(key, booked);
    }

    /** The order after an event, or null when it ended. */
    private static Hold advance(Hold hold, ExecutionKind kind, BigInteger quantity, BigInteger fee, long leaves) {
        BigInteger cost = hold.cost().subtract(fee.max(ZERO)).max(ZERO);
        Hold after = switch (kind) {
            case FILL ->
                hold.with(
                        hold.terms().less(quantity),
                        hold.pending() == null ? null : hold.pending().less(quantity),
                        cost,
                        quantity.signum() > 0 ? ZERO : hold.floor());
            case REPLACED ->
                hold.with(hold.pending() == null ? hold.terms() : hold.pending(), null, cost, hold.floor());
            case REPLACE_REJECTED -> hold.with(hold.terms(), null, cost, hold.floor());
            default -> null;
        };
        if (after == null || (kind == ExecutionKind.FILL && leaves == 0)) {
            return null;
        }
        boolean isTradedOut = after.terms().quantity().signum() == 0
                && (after.pending() == null || after.pending().quantity().signum() == 0);
        return isTradedOut ? null : after.with(after.wanted());
    }

    private Key standing(Key key) {
        Key at = key;
        while (executions.containsKey(at) && executions.get(at).correctedBy != null) {
            at = new Key(key.hold(), executions.get(at).correctedBy);
        }
        return executions.containsKey(at) ? at : null;
    }

    private Seen enter(Hold hold) {
        asked = hold.held();
        long account = hold.whose().account();
        ReasonCode reason;
        if (!accounts.containsKey(account)) {
            reason = ReasonCode.ACCOUNT_UNKNOWN;
        } else if (holds.containsKey(hold.id())) {
            reason = ReasonCode.HOLD_DUPLICATE;
        } else {
            reason = checkReserve(account, asked);
        }
        if (reason == ReasonCode.NONE) {
            holds.put(hold.id(), hold);
            heldAfter = hold.held();
        }
        return end(reason);
    }

    private ReasonCode checkReserve(long account, BigInteger amount) {
        BigInteger cap = accounts.get(account).cap;
        BigInteger reserved = reserved(account).add(amount);
        if (free(account).signum() < 0) {
            return ReasonCode.ACCOUNT_OVERDRAWN;
        }
        if (!fits(reserved)) {
            return ReasonCode.AMOUNT_OVERFLOW;
        }
        if (cap.signum() > 0 && amount.signum() > 0 && reserved.compareTo(cap) > 0) {
            return ReasonCode.EXPOSURE_LIMIT;
        }
        return free(account).compareTo(amount) < 0 ? ReasonCode.BUDGET_EXHAUSTED : ReasonCode.NONE;
    }

    private ReasonCode checkOrder(long id) {
        Hold hold = holds.get(id);
        if (hold == null) {
            return ReasonCode.HOLD_UNKNOWN;
        }
        touch(hold.whose());
        heldAfter = hold.held();
        return hold.isOrder() ? ReasonCode.NONE : ReasonCode.HOLD_NOT_ORDER;
    }

    private void begin() {
        touched = null;
        heldAfter = ZERO;
        asked = ZERO;
    }

    private void touch(Whose whose) {
        touched = accounts.containsKey(whose.account()) ? whose : null;
    }

    private Seen endAccount(long id, ReasonCode reason) {
        touch(new Whose(id, 0, null));
        return end(reason);
    }

    private Seen end(ReasonCode reason) {
        return end(reason, 0);
    }

    private Seen end(ReasonCode reason, int expired) {
        if (touched == null) {
            return new Seen(
                    reason, heldAfter.longValueExact(), false, 0, 0, 0, 0, 0, 0, 0, 0, 0, holds.size(), expired);
        }
        long id = touched.account();
        Account account = accounts.get(id);
        BigInteger limit = ZERO;
        BigInteger observed = ZERO;
        BigInteger headroom = ZERO;
        switch (reason) {
            case EXPOSURE_LIMIT -> {
                limit = account.cap;
                observed = reserved(id).add(asked);
                headroom = account.cap.subtract(reserved(id));
            }
            case BUDGET_EXHAUSTED -> {
                limit = account.granted;
                observed = account.granted.subtract(free(id)).add(asked).min(MAX);
                headroom = free(id);
            }
            case ACCOUNT_OVERDRAWN -> {
                observed = free(id).negate();
                headroom = free(id);
            }
            default -> asked = ZERO;
        }
        return new Seen(
                reason,
                heldAfter.longValueExact(),
                observed.signum() != 0,
                limit.longValueExact(),
                observed.longValueExact(),
                headroom.longValueExact(),
                free(id).max(ZERO).longValueExact(),
                reserved(id).longValueExact(),
                account.committed.longValueExact(),
                free(id).negate().max(ZERO).longValueExact(),
                holds.values().stream()
                        .filter(hold -> hold.isOrder() && hold.whose().account() == id)
                        .count(),
                touched.side() == null ? 0 : position(touched).longValueExact(),
                holds.size(),
                expired);
    }

    private BigInteger free(long account) {
        Account row = accounts.get(account);
        return row.granted.subtract(row.committed).subtract(reserved(account));
    }

    private BigInteger reserved(long account) {
        return holds.values().stream()
                .filter(hold -> hold.whose().account() == account)
                .map(Hold::held)
                .reduce(ZERO, BigInteger::add);
    }

    private BigInteger position(Whose whose) {
        return positions.getOrDefault(List.of(whose.account(), whose.instrument()), ZERO);
    }

    private static boolean fits(BigInteger value) {
        return value.bitLength() < Long.SIZE;
    }

    private static BigInteger big(long value) {
        return BigInteger.valueOf(value);
    }

    private static BigInteger unsigned(long bits) {
        return new BigInteger(Long.toUnsignedString(bits));
    }

    private static <K, V> Map<K, V> bounded(int bound) {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > bound;
            }
        };
    }
}
