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
            BigInteger floor,
            BigInteger filled) {
        boolean isOrder() {
            return whose.side() != null;
        }

        BigInteger wanted() {
            BigInteger both =
                    pending == null ? terms.value(cost) : terms.value(cost).max(pending.value(cost));
            return both.max(floor);
        }

        Hold with(BigInteger newHeld) {
            return new Hold(id, whose, newHeld, deadline, terms, pending, cost, floor, filled);
        }

        Hold with(Terms newTerms, Terms newPending, BigInteger newCost, BigInteger newFloor) {
            return new Hold(id, whose, held, deadline, newTerms, newPending, newCost, newFloor, filled);
        }

        Hold traded(BigInteger quantity) {
            return new Hold(id, whose, held, deadline, terms, pending, cost, floor, filled.add(quantity));
        }
    }

    private record Key(long hold, long execution) {}

    private record Figures(BigInteger quantity, BigInteger value, BigInteger charge) {
        static final Figures NONE = new Figures(ZERO, ZERO, ZERO);
    }

    /** An execution by its id: what of it stands in the books today, or why nothing does. */
    private static final class Known {
        final Whose whose;
        Figures standing = Figures.NONE;
        boolean isBusted;
        Key correctedBy;
        BigInteger ahead; // It has not come yet; so much of it was taken off the position already.

        Known(Whose whose) {
            this.whose = whose;
        }

        boolean isDead() {
            return isBusted || ahead != null;
        }
    }

    private final Map<Long, Account> accounts = new HashMap<>();
    private final Map<Long, Hold> holds = new HashMap<>();
    private final Map<List<Long>, BigInteger> positions = new HashMap<>();
    private final Map<Long, Whose> closedOrders;
    private final Map<Key, Known> executions;

    private Whose touched;
    private long holdAfter; // 0: none stood, and none was made.
    private BigInteger heldAfter = ZERO;
    private boolean isHoldEnded;
    private boolean tellsPosition;
    private BigInteger asked = ZERO;
    private boolean isUnmatched;

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
                big(exposure).max(ZERO),
                ZERO);
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
        BigInteger open = big(quantity).subtract(hold.filled());
        Terms pending = new Terms(open.max(ZERO), big(price));
        Hold replaced = hold.with(hold.terms(), pending, hold.cost(), hold.floor());
        if (!fits(open) || !fits(pending.value(hold.cost()))) {
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
            holdAfter = id;
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
        isHoldEnded = kind != SettleKind.COMMIT_PART;
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
        boolean isBust = kind == ExecutionKind.BUST;
        boolean isCorrection = kind == ExecutionKind.CORRECTION;
        Key key = new Key(id, execution);
        Key about = (isBust || isCorrection) && reference != NO_REFERENCE ? new Key(id, reference) : null;
        Known known = executions.get(key);
        Known target = about == null ? null : latest(about);
        Hold hold = holds.get(id);
        Whose whose = Stream.of(
                        hold == null ? null : hold.whose(),
                        closedOrders.get(id),
                        target == null ? null : target.whose,
                        known == null ? null : known.whose)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        if (whose == null) {
            return end(ReasonCode.HOLD_UNKNOWN);
        }
        touch(whose);
        holdAfter = hold == null ? 0 : id;
        heldAfter = hold == null ? ZERO : hold.held();
        tellsPosition = whose.side() != null;
        if (whose.side() == null) {
            return end(ReasonCode.HOLD_NOT_ORDER);
        }
        if (known != null && known.ahead == null) {
            return end(ReasonCode.EXECUTION_DUPLICATE);
        }

        boolean isTrade = isBust || isCorrection || kind == ExecutionKind.FILL;
        Figures told = isTrade ? figures(quantity, price, fee) : figures(0, 0, fee);
        boolean isTooLate = isCorrection && target != null && target.isDead();
        Figures booked = isBust || isTooLate ? Figures.NONE : told;
        if (known != null) {
            booked = new Figures(known.ahead, ZERO, ZERO); // Whatever it says, it was taken back already.
        }
        Known loser = target;
        if (isCorrection && target != null) {
            Known successor = latest(key);
            loser = isTooLate ? successor : target == successor ? null : target;
        }
        boolean isStranger = (isBust || isCorrection) && target == null;
        Figures takenBack = isStranger ? new Figures(told.quantity(), ZERO, ZERO) : Figures.NONE;
        if (loser != null) {
            takenBack = loser.standing;
        }

        Hold after =
                isBust || isCorrection || hold == null ? hold : advance(hold, kind, big(quantity), big(fee), leaves);
        ReasonCode reason = book(id, hold, after, booked, takenBack);
        if (reason != ReasonCode.NONE) {
            return end(reason);
        }
        isUnmatched = isStranger;
        if (known != null) {
            known.ahead = null;
            known.isBusted = known.correctedBy == null;
        }
        if (isStranger && about != null && !about.equals(key)) {
            target = new Known(whose);
            target.ahead = told.quantity();
            executions.put(about, target);
            loser = isCorrection && latest(key) != target ? target : null;
        }
        if (loser != null) {
            loser.standing = Figures.NONE;
            if (isCorrection && !isTooLate) {
                loser.correctedBy = key;
            } else if (loser.ahead == null) {
                loser.isBusted = true;
                loser.correctedBy = null;
            }
        }
        if (known == null) {
            known = new Known(whose);
            known.standing = booked;
            known.isBusted = isTooLate;
            executions.put(key, known);
        }
        return end(ReasonCode.NONE);
    }

    private ReasonCode book(long id, Hold hold, Hold after, Figures booked, Figures takenBack) {
        Whose whose = touched;
        Account account = accounts.get(whose.account());
        BigInteger traded = booked.quantity().subtract(takenBack.quantity());
        BigInteger position = position(whose).add(whose.side() == Side.SELL ? traded.negate() : traded);
        BigInteger held = after == null ? ZERO : after.held();
        BigInteger reserved = reserved(whose.account())
                .subtract(hold == null ? ZERO : hold.held())
                .add(held);
        BigInteger committed = account.committed.add(booked.charge()).subtract(takenBack.charge());
        BigInteger free = account.granted.subtract(reserved).subtract(committed);
        BigInteger filled = hold == null ? ZERO : hold.filled().add(traded);
        boolean isBookable = Stream.of(
                        filled,
                        booked.value(),
                        booked.charge(),
                        position,
                        committed,
                        free,
                        free.negate(),
                        free.max(ZERO).add(reserved))
                .allMatch(PlainBudget::fits);
        if (!isBookable) {
            return ReasonCode.AMOUNT_OVERFLOW;
        }
        account.committed = committed;
        positions.put(List.of(whose.account(), whose.instrument()), position);
        heldAfter = held;
        if (hold != null && after == null) {
            holds.remove(id);
            isHoldEnded = true;
            closedOrders.put(id, whose);
        } else if (hold != null) {
            holds.put(id, after.traded(traded));
        }
        return ReasonCode.NONE;
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

    /** What the figures of an execution have passed on to through its corrections, as far as they are remembered. */
    private Known latest(Key key) {
        Known at = executions.get(key);
        while (at != null && at.correctedBy != null && executions.containsKey(at.correctedBy)) {
            at = executions.get(at.correctedBy);
        }
        return at;
    }

    private static Figures figures(long quantity, long price, long fee) {
        BigInteger value = new Terms(big(quantity), big(price)).value(ZERO);
        return new Figures(big(quantity), value, value.add(big(fee)).max(ZERO));
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
            holdAfter = hold.id();
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
        holdAfter = id;
        heldAfter = hold.held();
        return hold.isOrder() ? ReasonCode.NONE : ReasonCode.HOLD_NOT_ORDER;
    }

    private void begin() {
        touched = null;
        holdAfter = 0;
        heldAfter = ZERO;
        isHoldEnded = false;
        tellsPosition = false;
        asked = ZERO;
        isUnmatched = false;
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
                    reason,
                    holdAfter,
                    heldAfter.longValueExact(),
                    isHoldEnded,
                    false,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    holds.size(),
                    expired,
                    false);
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
                holdAfter,
                heldAfter.longValueExact(),
                isHoldEnded,
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
                tellsPosition ? position(touched).longValueExact() : 0,
                holds.size(),
                expired,
                isUnmatched);
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
