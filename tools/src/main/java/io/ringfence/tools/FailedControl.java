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
 * @param headroom room that was left below the limit.
 */
public record FailedControl(ReasonCode control, long limit, long observed, long headroom) {
    /** Puts control, limit, observed and headroom into an object. The names of amounts end in {@code _micros}. */
    public void putInto(ObjectNode object) {
        String unit = isMoney() ? "_micros" : "";
        object.put("control", control.name())
                .put("limit" + unit, limit)
                .put("observed" + unit, observed)
                .put("headroom" + unit, headroom);
    }

    /** Limit, observed and headroom in one line for a person. */
    public String text() {
        return "limit " + text(limit) + ", observed " + text(observed) + ", headroom " + text(headroom);
    }

    private String text(long value) {
        return isMoney() ? DecimalMicros.text(value) : Long.toString(value);
    }

    private boolean isMoney() {
        return switch (control) {
            case BUDGET_EXHAUSTED, EXPOSURE_LIMIT, ACCOUNT_OVERDRAWN -> true;
            default -> false;
        };
    }
}
