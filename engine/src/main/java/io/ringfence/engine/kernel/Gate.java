package io.ringfence.engine.kernel;

import io.ringfence.schemas.ReasonCode;

/** What a candidate must pass, in the order of checking; it is counted under the first that it fails. */
public enum Gate {
    /** It is enabled. */
    DISABLED(ReasonCode.CANDIDATES_DISABLED),
    /** Its quality reaches the request's minimum. */
    QUALITY(ReasonCode.QUALITY_TOO_LOW),
    /** Its p95 latency stays within the cap, if there is one. */
    LATENCY(ReasonCode.LATENCY_TOO_HIGH),
    /** It can do all that is required. */
    CAPABILITY(ReasonCode.CAPABILITY_MISSING),
    /** Its provider is at most 63 and allowed. */
    PROVIDER(ReasonCode.PROVIDER_NOT_ALLOWED),
    /** It serves one of the required regions, if there are any. */
    REGION(ReasonCode.REGION_NOT_ALLOWED),
    /** Its risk ceiling reaches the request's risk. */
    RISK_CEILING(ReasonCode.RISK_CEILING_EXCEEDED),
    /** Its cost stays within the limit. */
    COST_LIMIT(ReasonCode.COST_LIMIT_EXCEEDED),
    /** Its utility is positive. */
    UTILITY(ReasonCode.UTILITY_NOT_POSITIVE);

    /** How many there are. */
    static final int COUNT = values().length;

    private final ReasonCode reason;

    Gate(ReasonCode reason) {
        this.reason = reason;
    }

    /** Why nothing was selected when more candidates fail here than anywhere else. */
    public ReasonCode reason() {
        return reason;
    }
}
