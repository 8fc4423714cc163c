package io.ringfence.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.gateway.config.DecimalMicros;
import io.ringfence.schemas.ReasonCode;

/**
 * The control that a request failed, with its limit and what it found, in the control's own unit.
 *
 * @param control  that failed.
 * @param limit    that the control allows.
 * @param observed value of the request.
 * @param asked    what the request asked of it.
 * @param headroom room that was left below the limit.
 * @param account  at which it failed, as people say it: the request's own or one above it.
 */
public record FailedControl(ReasonCode control, long limit, long observed, long asked, long headroom, String account) {
    /** Puts all of it into an object. The names of amounts end in {@code _micros}. */
    public void putInto(ObjectNode object) {
        String unit = isMoney() ? "_micros" : "";
        object.put("control", control.name())
                .put("limit" + unit, limit)
                .put("observed" + unit, observed)
                .put("asked" + unit, asked)
                .put("headroom" + unit, headroom)
                .put("account", account);
    }

    /** The figures and the account in one line for a person. */
    public String text() {
        return "limit " + text(limit) + ", observed " + text(observed) + ", asked " + text(asked) + ", headroom "
                + text(headroom) + " at " + account;
    }

    private String text(long value) {
        return isMoney() ? DecimalMicros.text(value) : Long.toString(value);
    }

    private boolean isMoney() {
        return isMoney(control);
    }

    /** Are the figures of a control amounts in micros? */
    static boolean isMoney(ReasonCode control) {
        return switch (control) {
            case BUDGET_EXHAUSTED, EXPOSURE_LIMIT, ACCOUNT_OVERDRAWN, ORDER_VALUE_LIMIT -> true;
            default -> false;
        };
    }
}
