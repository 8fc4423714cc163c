package io.ringfence.engine.control;

import io.ringfence.schemas.AccountLimit;
import io.ringfence.schemas.ReasonCode;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.Predicate;

/**
 * The controls that there are, in the order in which they are checked. Immutable; safe from any thread.
 *
 * <p>The bit of a control stands in records, so it never changes and is never used again. The order may change; then
 * {@code Engine.SEMANTICS_VERSION} grows.
 */
public enum ControlCode {
    /** No new risk on an account that is overdrawn. */
    OVERDRAWN(0, ReasonCode.ACCOUNT_OVERDRAWN, Asked.ALWAYS),
    /** No new risk on an account that has outstanding facts. */
    OUTSTANDING(6, ReasonCode.ACCOUNT_OUTSTANDING, Asked.ALWAYS),
    /** No order of more than so much. */
    ORDER_QUANTITY(
            4,
            ReasonCode.ORDER_QUANTITY_LIMIT,
            Asked.WHERE_SET,
            AccountLimit.MAX_BUY_QUANTITY,
            AccountLimit.MAX_SELL_QUANTITY),
    /** No order worth more than so much. */
    ORDER_VALUE(5, ReasonCode.ORDER_VALUE_LIMIT, Asked.WHERE_SET, AccountLimit.MAX_ORDER_VALUE),
    /** No sum that leaves the range of i64. */
    RANGE(1, ReasonCode.AMOUNT_OVERFLOW, Asked.ALWAYS),
    /** No more reserved at one time than the cap. */
    EXPOSURE(2, ReasonCode.EXPOSURE_LIMIT, Asked.WHERE_SET),
    /** No more held than what is available. */
    AVAILABLE(3, ReasonCode.BUDGET_EXHAUSTED, Asked.ALWAYS);

    /** When a control runs. */
    private enum Asked {
        ALWAYS,
        WHERE_SET
    }

    /** Bits of the controls that run whatever is configured. */
    static final long ALWAYS = bitsOf(code -> code.asked == Asked.ALWAYS);

    /** Bits of the controls that look at orders alone. */
    static final long OF_ORDERS = bitsOf(code -> code.limits.length > 0);

    private static final ControlCode[] ALL = values();

    private final long bit;
    private final ReasonCode reason;
    private final Asked asked;
    private final AccountLimit[] limits;

    /** @param limits of orders that this control keeps. */
    ControlCode(int bitNumber, ReasonCode reason, Asked asked, AccountLimit... limits) {
        this.bit = 1L << bitNumber;
        this.reason = reason;
        this.asked = asked;
        this.limits = limits;
    }

    /** Every limit that a control keeps, ascending by code; allocates. */
    public static AccountLimit[] limits() {
        return Arrays.stream(ALL)
                .flatMap(code -> Arrays.stream(code.limits))
                .sorted(Comparator.comparingInt(AccountLimit::value))
                .toArray(AccountLimit[]::new);
    }

    /** The control that keeps a limit; {@link IllegalArgumentException} for none. */
    public static ControlCode of(AccountLimit limit) {
        for (ControlCode code : ALL) {
            for (AccountLimit kept : code.limits) {
                if (kept == limit) {
                    return code;
                }
            }
        }
        throw new IllegalArgumentException("limit must be one that a control keeps: limit=" + limit);
    }

    /** Bits of the controls that keep a limit which is set at an account. */
    static long ofLimits(AccountView accounts, int slot) {
        long bits = 0;
        for (ControlCode code : ALL) {
            bits |= code.isLimitedAt(accounts, slot) ? code.bit : 0;
        }
        return bits;
    }

    /** Is a limit that this control keeps set at an account? */
    public boolean isLimitedAt(AccountView accounts, int slot) {
        for (AccountLimit limit : limits) {
            if (accounts.limit(slot, limit) != AccountView.NOT_SET) {
                return true;
            }
        }
        return false;
    }

    /** Its bit in the record's set of controls that ran. */
    public long bit() {
        return bit;
    }

    /** Its code on the wire and in records: what a refusal by it is called. */
    public ReasonCode reason() {
        return reason;
    }

    private static long bitsOf(Predicate<ControlCode> isMeant) {
        return Arrays.stream(values())
                .filter(isMeant)
                .mapToLong(ControlCode::bit)
                .reduce(0, (all, bit) -> all | bit);
    }
}
