package io.ringfence.engine.policy;

/** The rules of a policy's adaptive part: of its bytes, its tiers, its use cases. */
public enum AdaptiveRule {
    TRUNCATED("section", "must not end before its last field, whose end is at byte"),
    LAYOUT_UNKNOWN("layout", "must be 1"),
    TIER_COUNT("tier_count", "must be 1 to 8"),
    TIER_FLOOR_RANGE("floor_bps", "must be 0 to 10000"),
    TIER_FLOOR_ORDER("floor_bps", "must be above the cheaper tier's"),
    USE_CASE_COUNT("use_case_count", "must be 0 to 64"),
    TRAILING_BYTES("section", "must end with its last field; bytes behind it"),
    USE_CASE_CODE("code", "must be 0 to 63"),
    USE_CASE_ORDER("code", "must be above the one before"),
    BUSINESS_VALUE("business_value_micros", "must not be the lowest i64"),
    VALUE_OF_NOTIONAL("value_bps_of_notional", "must be 0 to 4294967295"),
    RISK("risk_bps", "must be 0 to 10000"),
    CONFIDENCE("confidence_bps", "must be 0 to 10000"),
    OUTPUT_UNITS("output_units", "must be 0 to 4294967294"),
    MAX_P95_LATENCY("max_p95_latency_ms", "must be 0 to 4294967294"),
    HARD_FLOOR("hard_floor_bps", "must be 0 to 10000"),
    RECOMMENDED_FLOOR("recommended_floor_bps", "must be 0 to 10000"),
    TARGET_SUCCESS("target_success_bps", "must be 0 to 10000"),
    PRIOR_COUNT("priors", "must be one a tier"),
    PRIOR_SUCCESSES("prior_successes", "must be 1 to 2147483647"),
    PRIOR_FAILURES("prior_failures", "must be 1 to 2147483647");

    private final String field;
    private final String text;

    AdaptiveRule(String field, String text) {
        this.field = field;
        this.text = text;
    }

    /** The field that is wrong. */
    public String field() {
        return field;
    }

    /** What it must be. */
    public String text() {
        return text;
    }
}
