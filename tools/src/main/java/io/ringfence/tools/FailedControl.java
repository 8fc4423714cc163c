package io.ringfence.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.gateway.config.DecimalMicros;
import io.ringfence.schemas.ReasonCode;

/**
 * How far a request was from passing the control that it failed, in that control's own unit.
 *
 * @param control  which one.
 * @param limit    what it allows.
 * @param observed what it saw.
 * @param headroom what was left below the limit.
 */
public record FailedControl(ReasonCode control, long limit, long observed, long headroom) {
    /** Puts it into an object: the names of its three numbers end with the unit, where this build knows that. */
    public void putInto(ObjectNode object) {
        String unit = isMoney() ? "_micros" : "";
        object.put("control", control.name())
                .put("limit" + unit, limit)
                .put("observed" + unit, observed)
                .put("headroom" + unit, headroom);
    }

    /** In one line for a person. */
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
