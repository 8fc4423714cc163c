package io.ringfence.engine.budget;

import static java.math.BigInteger.ONE;
import static java.math.BigInteger.ZERO;

import io.ringfence.engine.bounds.FactBounds;
import io.ringfence.schemas.AccountLimit;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.FactVerb;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.SettleKind;
import io.ringfence.schemas.Side;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
    private static final long NOBODY = -1; // As SBE has no account.
    private static final Long NO_ACCOUNT = -1L;
    private static final long NO_INSTRUMENT = 0xFFFF_FFFFL;

    private static final class Account {
        Long parent;
        BigInteger granted;
        BigInteger committed = ZERO; // Its own: without the accounts below it.
        BigInteger cap = ZERO;
        final Map<AccountLimit, BigInteger> limits = new EnumMap<>(AccountLimit.class);
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
    }

    private record Hold(long id, Whose whose, BigInteger held, Long deadline, PlainTerms terms) {
        boolean isOrder() {
            return whose.side() != null;
        }

        BigInteger open() {
            return isOrder() ? terms.open() : ZERO;
        }

        Hold with(BigInteger newHeld, PlainTerms newTerms) {
            return new Hold(id, whose, newHeld, deadline, newTerms);
        }
    }

    private record Key(long hold, long execution) {}

    private record Figures(BigInteger quantity, BigInteger value, BigInteger charge, boolean isRoundedUp) {
        static final Figures NONE = of(ZERO);

        static Figures of(BigInteger quantity) {
            return new Figures(quantity, ZERO, ZERO, false);
        }

        Figures roundedDown() {
            return new Figures(
                    quantity,
                    value.subtract(BigInteger.ONE),
                    charge.subtract(BigInteger.ONE).max(ZERO),
                    false);
        }
    }

    /** A hold that ended and is remembered. */
    private static final class Ended {
        final Whose whose;
        final BigInteger limit; // null: none is known.
        final PlainTerms terms; // null: none are known.
        final long endedNs;
        boolean isSettled;

        Ended(Whose whose, BigInteger limit, PlainTerms terms, long endedNs, boolean isSettled) {
            this.whose = whose;
            this.limit = limit;
            this.terms = terms;
            this.endedNs = endedNs;
            this.isSettled = isSettled;
        }
    }

    /** An execution by its id: what of it stands in the books today, or why nothing does. */
    private static final class Known {
        final Whose whose;
        Figures standing = Figures.NONE;
        boolean isBusted;
        boolean isOutstanding;
        Key correctedBy;
        BigInteger ahead; // It has not come yet; so much of it was taken off the position already.

        Known(Whose whose) {
            this.whose = whose;
        }

        boolean isDead() {
            return isBusted || isOutstanding || ahead != null;
        }
    }

    private final Map<Long, Account> accounts = new HashMap<>();
    private final Map<Long, Hold> holds = new HashMap<>();
    private final Map<List<Long>, BigInteger> positions = new HashMap<>();
    private final Map<Long, Ended> ended = new LinkedHashMap<>();
    private final Map<Long, Long> forgotten = new HashMap<>();
    private final Map<Key, Known> executions = new HashMap<>();
    private final Map<Long, PlainFacts> outstanding = new HashMap<>();
    private final FactBounds bounds;

    private Whose touched;
    private long holdAfter; // 0: none stood, and none was made.
    private BigInteger heldAfter = ZERO;
    private boolean isHoldEnded;
    private boolean tellsPosition;
    private ReasonCode failed = ReasonCode.NONE;
    private long failedAccount;
    private BigInteger[] figures = {}; // limit, observed, asked, headroom
    private boolean isUnmatched;
    private int refusedAbove;
    private int late;
    private int takenOver;

    PlainBudget(FactBounds bounds) {
        this.bounds = bounds;
    }

    /** How often a fact was booked on a hold that had ended. */
    int late() {
        return late;
    }

    /** How often a fact was booked on a hold that was never known. */
    int takenOver() {
        return takenOver;
    }

    /** How often a control failed at an account above the command's own. */
    int refusedAbove() {
        return refusedAbove;
    }

    Seen openAccount(long id, long granted) {
        return openAccountBelow(id, null, granted);
    }

    Seen openAccountBelow(long id, Long parent, long granted) {
        begin();
        ReasonCode reason = granted < 0 ? ReasonCode.AMOUNT_NOT_POSITIVE : ReasonCode.NONE;
        if (reason == ReasonCode.NONE && accounts.containsKey(id)) {
            reason = ReasonCode.ACCOUNT_EXISTS;
        }
        if (reason == ReasonCode.NONE && parent != null && !accounts.containsKey(parent)) {
            reason = ReasonCode.PARENT_UNKNOWN;
        }
        if (reason == ReasonCode.NONE) {
            Account account = new Account();
            account.parent = parent;
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

    Seen setLimit(long id, AccountLimit limit, long value) {
        begin();
        if (value < 0 && value != Accounts.NOT_SET) {
            return endAccount(id, ReasonCode.FIELD_OUT_OF_RANGE);
        }
        if (!accounts.containsKey(id)) {
            return end(ReasonCode.ACCOUNT_UNKNOWN);
        }
        if (value == Accounts.NOT_SET) {
            accounts.get(id).limits.remove(limit);
        } else {
            accounts.get(id).limits.put(limit, big(value));
        }
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
        Long at = deadline.compareTo(MAX) < 0 ? deadline.longValueExact() : null;
        return enter(new Hold(id, whose, amount, at, null), null);
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
        PlainTerms terms = new PlainTerms(
                id, big(quantity), big(price), unsigned(cost), big(exposure).max(ZERO));
        return terms.isRepresentable()
                ? enter(new Hold(id, whose, terms.wanted(), null, terms), new Terms(big(quantity), big(price)))
                : end(ReasonCode.AMOUNT_OVERFLOW);
    }

    Seen replace(long sequence, long id, long quantity, long price) {
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
        if (hold.terms().isPending()) {
            return end(ReasonCode.REPLACE_PENDING);
        }
        PlainTerms replaced = hold.terms().copy();
        if (!replaced.replace(sequence, big(quantity), big(price)) || !replaced.isRepresentable()) {
            return end(ReasonCode.AMOUNT_OVERFLOW);
        }
        BigInteger raise = replaced.wanted().subtract(hold.held());
        Terms whole = new Terms(big(quantity), big(price));
        Terms before = new Terms(hold.terms().total(), hold.terms().price());
        boolean isDearer = worth(whole).compareTo(worth(before)) > 0;
        BigInteger more = replaced.open().subtract(hold.open());
        reason = check(hold.whose(), raise.max(ZERO), raise.signum() > 0, whole, more, isDearer);
        if (reason == ReasonCode.NONE) {
            holds.put(id, hold.with(replaced.wanted().max(hold.held()), replaced));
            heldAfter = holds.get(id).held();
            tellsPosition = true;
        }
        return end(reason);
    }

    Seen cancel(long id) {
        begin();
        return end(checkOrder(id));
    }

    Seen settle(long id, long named, SettleKind kind, long amount, long sequence, long now) {
        begin();
        Hold hold = holds.get(id);
        boolean isCommit = kind != SettleKind.RELEASE;
        boolean isCost = isCommit && amount > 0;
        if (hold != null) {
            touch(hold.whose());
            holdAfter = id;
            heldAfter = hold.held();
        }
        if (hold != null && hold.isOrder()) {
            return isCost ? keep(hold.whose().account(), sequence) : end(ReasonCode.HOLD_IS_ORDER);
        }
        if (isCommit && amount < 0) {
            return end(ReasonCode.AMOUNT_NOT_POSITIVE);
        }
        BigInteger charge = isCommit ? big(amount) : ZERO;
        if (hold == null) {
            return settleLate(id, named, kind, charge, sequence, now);
        }
        long account = hold.whose().account();
        if (!path(account).stream().allMatch(at -> fits(committed(at).add(charge)))) {
            return keep(account, sequence);
        }
        accounts.get(account).committed = accounts.get(account).committed.add(charge);
        holds.remove(id);
        heldAfter = ZERO;
        if (kind == SettleKind.COMMIT_PART) {
            heldAfter = hold.held().subtract(charge).max(ZERO);
            holds.put(id, hold.with(heldAfter, null));
        } else {
            isHoldEnded = true;
            remember(id, new Ended(hold.whose(), null, null, now, kind == SettleKind.COMMIT_FINAL));
        }
        return end(ReasonCode.NONE);
    }

    private Seen settleLate(long id, long named, SettleKind kind, BigInteger charge, long sequence, long now) {
        Ended past = ended.get(id);
        if (kind == SettleKind.RELEASE || past == null && charge.signum() == 0) {
            return end(ReasonCode.HOLD_UNKNOWN);
        }
        Long account = past != null ? Long.valueOf(past.whose.account()) : named(named);
        touch(new Whose(account == null ? 0 : account, 0, null));
        boolean isOpen = past != null
                ? !past.isSettled && past.whose.side() == null
                : account != null && mayBeNew(account, id, sequence);
        if (!isOpen && charge.signum() == 0) {
            return end(ReasonCode.HOLD_UNKNOWN);
        }
        if (!isOpen || !path(account).stream().allMatch(at -> isBookable(at, ZERO, charge))) {
            return keep(account, sequence);
        }
        accounts.get(account).committed = accounts.get(account).committed.add(charge);
        boolean isFinal = kind == SettleKind.COMMIT_FINAL;
        late += past == null ? 0 : 1;
        takenOver += past == null ? 1 : 0;
        if (past == null) {
            remember(id, new Ended(new Whose(account, 0, null), null, null, now, isFinal));
        } else {
            past.isSettled |= isFinal;
        }
        return end(ReasonCode.NONE);
    }

    /** Books or drops by the word of a person who may act on all accounts. */
    Seen fact(
            FactVerb verb,
            Long account,
            long first,
            long last,
            long count,
            long charge,
            long quantity,
            Long instrument) {
        begin();
        if (account != null && !accounts.containsKey(account)) {
            return end(ReasonCode.ACCOUNT_UNKNOWN);
        }
        touch(new Whose(account == null ? 0 : account, instrument == null ? 0 : instrument, null));
        PlainFacts facts = Stream.of(account, NO_ACCOUNT)
                .filter(Objects::nonNull)
                .map(outstanding::get)
                .filter(some -> some != null && some.has(first, last, count))
                .findFirst()
                .orElse(null);
        if (facts == null) {
            return end(ReasonCode.FACT_UNKNOWN);
        }
        if (verb != FactVerb.DROP) {
            if (account == null) {
                return end(ReasonCode.ACCOUNT_UNKNOWN);
            }
            BigInteger position = position(touched).add(instrument == null ? ZERO : big(quantity));
            if (!fits(position) || !path(account).stream().allMatch(at -> isBookable(at, ZERO, big(charge)))) {
                return end(ReasonCode.AMOUNT_OVERFLOW);
            }
            accounts.get(account).committed = accounts.get(account).committed.add(big(charge));
            if (instrument != null) {
                positions.put(List.of(account, instrument), position);
                tellsPosition = true;
            }
        }
        if (verb != FactVerb.BOOK_PART) {
            facts.settle(first, last, count);
        }
        return end(ReasonCode.NONE);
    }

    /** A fact that waits for a person. */
    private Seen keep(Long account, long sequence) {
        touch(new Whose(account == null ? 0 : account, touched == null ? 0 : touched.instrument(), null));
        PlainFacts facts = outstanding.computeIfAbsent(account == null ? NO_ACCOUNT : account, key -> new PlainFacts());
        facts.add(sequence);
        BigInteger count = big(facts.count());
        failed = ReasonCode.FACT_OUTSTANDING;
        failedAccount = account == null ? NOBODY : account;
        figures = new BigInteger[] {ZERO, count, ONE, count.negate()};
        return end(failed);
    }

    private Long named(long account) {
        return account != NOBODY && accounts.containsKey(account) ? account : null;
    }

    private boolean mayBeNew(long account, long id, long sequence) {
        return Long.compareUnsigned(id, sequence) < 0
                && Long.compareUnsigned(id, forgotten.getOrDefault(account, 0L)) > 0;
    }

    private boolean hasRoom(long account) {
        return rows(account) < bounds.rowsPerAccount()
                || ended.values().stream().anyMatch(past -> past.whose.account() == account);
    }

    private long rows(long account) {
        return ended.values().stream()
                        .filter(past -> past.whose.account() == account)
                        .count()
                + executions.values().stream()
                        .filter(known -> known.whose.account() == account)
                        .count();
    }

    private void remember(long id, Ended past) {
        ended.put(id, past);
        trim(past.whose.account());
    }

    private void trim(long account) {
        while (rows(account) > bounds.rowsPerAccount()) {
            Long oldest = ended.entrySet().stream()
                    .filter(entry -> entry.getValue().whose.account() == account)
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElse(null);
            if (oldest == null) {
                return;
            }
            forget(oldest);
        }
    }

    private void forget(long id) {
        Ended past = ended.remove(id);
        executions.keySet().removeIf(key -> key.hold() == id);
        forgotten.merge(past.whose.account(), id, (a, b) -> Long.compareUnsigned(a, b) > 0 ? a : b);
    }

    Seen expire(long now, int limit) {
        begin();
        List<Long> due = inTurns(now, limit);
        for (long id : due) {
            remember(id, new Ended(holds.remove(id).whose(), null, null, now, false));
        }
        for (int i = 0; i < limit && !ended.isEmpty(); i++) {
            Map.Entry<Long, Ended> oldest = ended.entrySet().iterator().next();
            if (now - oldest.getValue().endedNs < bounds.horizonNs()) {
                break;
            }
            forget(oldest.getKey());
        }
        return end(ReasonCode.NONE, due.size());
    }

    /** Rounds: in each, the earliest hold of every account that has one due, in the order of these holds. */
    private List<Long> inTurns(long now, int limit) {
        List<Hold> left = new ArrayList<>(holds.values().stream()
                .filter(hold -> hold.deadline() != null && hold.deadline() <= now)
                .sorted((a, b) -> a.deadline().equals(b.deadline())
                        ? Long.compareUnsigned(a.id(), b.id())
                        : Long.compare(a.deadline(), b.deadline()))
                .toList());
        List<Long> turns = new ArrayList<>();
        while (!left.isEmpty()) {
            Set<Long> had = new HashSet<>();
            for (Hold hold : List.copyOf(left)) {
                if (had.add(hold.whose().account())) {
                    turns.add(hold.id());
                    left.remove(hold);
                }
            }
        }
        return turns.subList(0, Math.min(limit, turns.size()));
    }

    Seen execution(
            long id,
            long execution,
            ExecutionKind kind,
            long quantity,
            long price,
            long fee,
            long leaves,
            long reference,
            PlainTerms.Said said,
            Messages.Named named,
            long sequence,
            long now) {
        begin();
        if (quantity < 0) {
            return end(ReasonCode.QUANTITY_NOT_POSITIVE);
        }
        boolean isBust = kind == ExecutionKind.BUST;
        boolean isCorrection = kind == ExecutionKind.CORRECTION;
        boolean isTrade = isBust || isCorrection || kind == ExecutionKind.FILL;
        boolean isFact = isTrade || fee != 0;
        Key key = new Key(id, execution);
        Key about = (isBust || isCorrection) && reference != NO_REFERENCE ? new Key(id, reference) : null;
        Known known = executions.get(key);
        Known target = about == null ? null : latest(about);
        Hold hold = holds.get(id);
        Ended past = ended.get(id);
        boolean isUnknown = hold == null && past == null;
        if (isUnknown && !isFact) {
            return end(ReasonCode.HOLD_UNKNOWN);
        }
        Whose whose;
        if (isUnknown) {
            Long account = named(named.accountId());
            Side side = named.side() == 1 ? Side.BUY : named.side() == 2 ? Side.SELL : null;
            boolean isDescribed = account != null && side != null && named.instrumentId() != NO_INSTRUMENT;
            if (!isDescribed || !mayBeNew(account, id, sequence)) {
                return keep(account, sequence);
            }
            whose = new Whose(account, named.instrumentId(), side);
        } else {
            whose = hold != null ? hold.whose() : past.whose;
        }
        touch(whose);
        holdAfter = hold == null ? 0 : id;
        heldAfter = hold == null ? ZERO : hold.held();
        tellsPosition = whose.side() != null;
        if (known != null && known.ahead == null) {
            return end(ReasonCode.EXECUTION_DUPLICATE);
        }
        if (whose.side() == null) {
            return isFact ? keep(key, hold, past, whose, sequence, now) : end(ReasonCode.HOLD_NOT_ORDER);
        }

        BigInteger limit = hold != null ? hold.terms().limitOf(said) : isUnknown ? null : past.limit;
        BigInteger counted =
                whose.side() == Side.SELL && limit != null ? big(price).min(limit) : big(price);
        Figures told = isTrade ? figures(quantity, counted.max(ZERO), fee) : figures(0, ZERO, fee);
        boolean isTooLate = isCorrection && target != null && target.isDead();
        boolean isPriced = known == null && !isBust && !isTooLate && isTrade && quantity > 0;
        Figures booked = isBust || isTooLate ? Figures.NONE : told;
        if (known != null) {
            booked = Figures.of(known.ahead); // Whatever it says, it was taken back already.
        }
        Known loser = target;
        if (isCorrection && target != null) {
            Known successor = latest(key);
            loser = isTooLate ? successor : target == successor ? null : target;
        }
        boolean isStranger = (isBust || isCorrection) && target == null;
        Figures takenBack = isStranger ? Figures.of(told.quantity()) : Figures.NONE;
        if (loser != null) {
            takenBack = loser.standing;
        }
        boolean isUncertain = Stream.of(target, loser).anyMatch(some -> some != null && some.isOutstanding);

        boolean mayReopen = leaves > 0 && (isBust || isCorrection || kind == ExecutionKind.REPLACED);
        PlainTerms after = hold != null
                ? hold.terms().copy()
                : mayReopen && past != null && past.terms != null ? past.terms.copy() : null;
        if (after != null) {
            after.booked(booked.quantity().subtract(takenBack.quantity()));
            after.report(said, big(fee));
        }
        BigInteger heldNow = after == null ? ZERO : after.wanted();
        BigInteger freed = (hold == null ? ZERO : hold.held()).subtract(heldNow);
        BigInteger charge = booked.charge().subtract(takenBack.charge());
        boolean lacksOneMicro = path(whose.account()).stream()
                .anyMatch(at -> free(at).signum() >= 0
                        && free(at).add(freed).add(BigInteger.ONE).equals(charge));
        if (lacksOneMicro && booked.isRoundedUp()) {
            booked = booked.roundedDown();
        }
        if (isUncertain
                || isPriced && counted.signum() < 0
                || after != null && after.open().signum() > 0 && !hasRoom(whose.account())
                || !book(id, hold, after, booked, takenBack)) {
            return keep(key, hold, past, whose, sequence, now);
        }
        late += past == null ? 0 : 1;
        takenOver += isUnknown ? 1 : 0;
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
        if (isHoldEnded) {
            BigInteger highest = hold.terms().highestPrice();
            remember(id, new Ended(whose, highest, after.ended(highest), now, false));
        } else if (isUnknown) {
            remember(id, new Ended(whose, null, null, now, false));
        }
        trim(whose.account());
        return end(ReasonCode.NONE);
    }

    /** A report on a known order waits for a person; a repeated one is told where there is room for its execution. */
    private Seen keep(Key key, Hold hold, Ended past, Whose whose, long sequence, long now) {
        PlainFacts facts = outstanding.get(whose.account());
        if (hold == null || hasRoom(whose.account()) || facts == null || facts.isNextListed()) {
            Known known = executions.computeIfAbsent(key, none -> new Known(whose));
            known.standing = Figures.NONE;
            known.ahead = null;
            known.isOutstanding = true;
            trim(whose.account());
        }
        if (hold == null && past == null) {
            remember(key.hold(), new Ended(whose, null, null, now, false));
        }
        Seen seen = keep(whose.account(), sequence);
        touch(whose);
        return tellsPosition ? end(failed) : seen;
    }

    private boolean book(long id, Hold hold, PlainTerms after, Figures booked, Figures takenBack) {
        Whose whose = touched;
        Account account = accounts.get(whose.account());
        BigInteger traded = booked.quantity().subtract(takenBack.quantity());
        BigInteger position = position(whose).add(whose.side() == Side.SELL ? traded.negate() : traded);
        BigInteger held = after == null ? ZERO : after.wanted();
        BigInteger filled = after == null ? ZERO : after.filled;
        BigInteger opened = (after == null ? ZERO : after.open()).subtract(hold == null ? ZERO : hold.open());
        BigInteger freed = (hold == null ? ZERO : hold.held()).subtract(held);
        BigInteger charge = booked.charge().subtract(takenBack.charge());
        boolean isBookable = (after == null || after.isRepresentable())
                && Stream.of(
                                filled,
                                booked.value(),
                                booked.charge(),
                                position,
                                open(whose, whose.side()).add(opened))
                        .allMatch(PlainBudget::fits)
                && path(whose.account()).stream().allMatch(at -> isBookable(at, freed, charge));
        if (!isBookable) {
            return false;
        }
        account.committed = account.committed.add(charge);
        positions.put(List.of(whose.account(), whose.instrument()), position);
        heldAfter = held;
        boolean isOpen = after != null && after.open().signum() > 0;
        if (isOpen) {
            ended.remove(id);
            holds.put(id, new Hold(id, whose, held, null, after));
            holdAfter = id;
        } else if (hold != null) {
            holds.remove(id);
            isHoldEnded = true;
        }
        return true;
    }

    private boolean isBookable(long account, BigInteger freed, BigInteger charge) {
        BigInteger reserved = reserved(account).subtract(freed);
        BigInteger committed = committed(account).add(charge);
        BigInteger free = accounts.get(account).granted.subtract(reserved).subtract(committed);
        return committed.signum() >= 0
                && Stream.of(
                                free(account).add(freed),
                                reserved,
                                committed,
                                free,
                                free.negate(),
                                free.max(ZERO).add(reserved))
                        .allMatch(PlainBudget::fits);
    }

    /** What the figures of an execution have passed on to through its corrections, as far as they are remembered. */
    private Known latest(Key key) {
        Known at = executions.get(key);
        while (at != null && at.correctedBy != null && executions.containsKey(at.correctedBy)) {
            at = executions.get(at.correctedBy);
        }
        return at;
    }

    private static Figures figures(long quantity, BigInteger price, long fee) {
        BigInteger value = new Terms(big(quantity), price).value(ZERO);
        boolean isRoundedUp = !value.multiply(BigInteger.valueOf(100_000_000))
                .equals(big(quantity).multiply(price));
        return new Figures(big(quantity), value, value.add(big(fee)).max(ZERO), isRoundedUp);
    }

    private Seen enter(Hold hold, Terms order) {
        long account = hold.whose().account();
        ReasonCode reason;
        if (!accounts.containsKey(account)) {
            reason = ReasonCode.ACCOUNT_UNKNOWN;
        } else if (holds.containsKey(hold.id())) {
            reason = ReasonCode.HOLD_DUPLICATE;
        } else {
            reason = check(hold.whose(), hold.held(), true, order, hold.open(), true);
        }
        if (reason == ReasonCode.NONE) {
            holds.put(hold.id(), hold);
            holdAfter = hold.id();
            heldAfter = hold.held();
            tellsPosition = hold.isOrder();
        }
        return end(reason);
    }

    /** Each control in its order, each from the account up: the first that says no. */
    private ReasonCode check(
            Whose whose, BigInteger amount, boolean isRaise, Terms order, BigInteger more, boolean isDearer) {
        List<Long> path = path(whose.account());
        for (long at : path) {
            if (isRaise && free(at).signum() < 0) {
                return fail(ReasonCode.ACCOUNT_OVERDRAWN, at, ZERO, free(at).negate(), amount, free(at));
            }
        }
        for (long at : path) {
            BigInteger facts = big(outstandingFacts(at));
            if (isRaise && facts.signum() > 0) {
                return fail(ReasonCode.ACCOUNT_OUTSTANDING, at, ZERO, facts, amount, facts.negate());
            }
        }
        if (order != null) {
            boolean isExempt = more.signum() == 0 && !isDearer || isReducing(whose, more);
            AccountLimit ofSide =
                    whose.side() == Side.BUY ? AccountLimit.MAX_BUY_QUANTITY : AccountLimit.MAX_SELL_QUANTITY;
            for (long at : path) {
                BigInteger limit = accounts.get(at).limits.get(ofSide);
                BigInteger quantity = order.quantity();
                if (limit != null && quantity.compareTo(limit) > 0 && !isExempt) {
                    return fail(ReasonCode.ORDER_QUANTITY_LIMIT, at, limit, quantity, quantity, limit);
                }
            }
            for (long at : path) {
                BigInteger limit = accounts.get(at).limits.get(AccountLimit.MAX_ORDER_VALUE);
                BigInteger value = worth(order);
                if (limit != null && value.compareTo(limit) > 0 && !isExempt) {
                    return fail(ReasonCode.ORDER_VALUE_LIMIT, at, limit, value, value, limit);
                }
            }
        }
        BigInteger open = open(whose, whose.side());
        for (long at : path) {
            if (!fits(reserved(at).add(amount))) {
                return fail(ReasonCode.AMOUNT_OVERFLOW, at, MAX, MAX, amount, MAX.subtract(reserved(at)));
            }
            if (!fits(open.add(more))) {
                return fail(ReasonCode.AMOUNT_OVERFLOW, at, MAX, MAX, more, MAX.subtract(open));
            }
        }
        for (long at : path) {
            BigInteger cap = accounts.get(at).cap;
            BigInteger reserved = reserved(at).add(amount);
            if (cap.signum() > 0 && amount.signum() > 0 && reserved.compareTo(cap) > 0) {
                return fail(ReasonCode.EXPOSURE_LIMIT, at, cap, reserved, amount, cap.subtract(reserved(at)));
            }
        }
        for (long at : path) {
            if (isRaise && free(at).compareTo(amount) < 0) {
                BigInteger granted = accounts.get(at).granted;
                BigInteger used = granted.subtract(free(at)).add(amount).min(MAX);
                return fail(ReasonCode.BUDGET_EXHAUSTED, at, granted, used, amount, free(at));
            }
        }
        return ReasonCode.NONE;
    }

    /** Value of a whole order, the largest i64 when it leaves that range. */
    private static BigInteger worth(Terms order) {
        boolean isInRange = fits(order.quantity()) && order.quantity().signum() >= 0;
        return isInRange ? order.value(ZERO).min(MAX) : MAX;
    }

    /** Would neither the long nor the short side be larger, whatever of the open orders trades? */
    private boolean isReducing(Whose whose, BigInteger more) {
        BigInteger longBefore = position(whose).add(open(whose, Side.BUY));
        BigInteger shortBefore = open(whose, Side.SELL).subtract(position(whose));
        BigInteger before = whose.side() == Side.BUY ? longBefore : shortBefore;
        BigInteger stand =
                whose.side() == Side.BUY ? position(whose) : position(whose).negate();
        return stand.signum() < 0 && before.add(more).signum() <= 0;
    }

    private ReasonCode fail(ReasonCode reason, long account, BigInteger... its) {
        failed = reason;
        failedAccount = account;
        refusedAbove += account == touched.account() ? 0 : 1;
        figures = its;
        return reason;
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
        failed = ReasonCode.NONE;
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
        boolean hasFailed = failed != ReasonCode.NONE;
        boolean isTouched = touched != null;
        long id = isTouched ? touched.account() : 0;
        return new Seen(
                reason,
                holdAfter,
                heldAfter.longValueExact(),
                isHoldEnded,
                hasFailed,
                hasFailed ? figures[0].longValueExact() : 0,
                hasFailed ? figures[1].longValueExact() : 0,
                hasFailed ? figures[2].longValueExact() : 0,
                hasFailed ? figures[3].longValueExact() : 0,
                hasFailed ? failedAccount : 0,
                isTouched ? free(id).max(ZERO).longValueExact() : 0,
                isTouched ? reserved(id).longValueExact() : 0,
                isTouched ? committed(id).longValueExact() : 0,
                isTouched ? free(id).negate().max(ZERO).longValueExact() : 0,
                isTouched
                        ? holds.values().stream()
                                .filter(hold ->
                                        hold.isOrder() && isOn(id, hold.whose().account()))
                                .count()
                        : 0,
                outstandingFacts(isTouched ? id : NO_ACCOUNT),
                tellsPosition ? position(touched).longValueExact() : 0,
                tellsPosition ? open(touched, Side.BUY).longValueExact() : 0,
                tellsPosition ? open(touched, Side.SELL).longValueExact() : 0,
                holds.size(),
                expired,
                isTouched && isUnmatched);
    }

    private long outstandingFacts(long account) {
        return outstanding.containsKey(account) ? outstanding.get(account).count() : 0;
    }

    /** The account and all above it. */
    private List<Long> path(long account) {
        return Stream.iterate(account, Objects::nonNull, at -> accounts.get(at).parent)
                .toList();
    }

    private boolean isOn(long top, long account) {
        Long at = account;
        while (at != null && at != top) {
            at = accounts.get(at).parent;
        }
        return at != null;
    }

    private BigInteger free(long account) {
        return accounts.get(account).granted.subtract(committed(account)).subtract(reserved(account));
    }

    private BigInteger committed(long account) {
        return accounts.entrySet().stream()
                .filter(entry -> isOn(account, entry.getKey()))
                .map(entry -> entry.getValue().committed)
                .reduce(ZERO, BigInteger::add);
    }

    private BigInteger reserved(long account) {
        return holds.values().stream()
                .filter(hold -> isOn(account, hold.whose().account()))
                .map(Hold::held)
                .reduce(ZERO, BigInteger::add);
    }

    private BigInteger open(Whose whose, Side side) {
        return holds.values().stream()
                .filter(hold ->
                        side != null && hold.whose().equals(new Whose(whose.account(), whose.instrument(), side)))
                .map(Hold::open)
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
}
