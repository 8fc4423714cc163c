package io.ringfence.gateway.config;

/** What a name belongs to. The code is what the names section of a policy carries. */
public enum NameKind {
    /** A candidate; its id. */
    CANDIDATE(1),
    /** A provider; 0 to 63. */
    PROVIDER(2),
    /** A capability; its bit, 0 to 63. */
    CAPABILITY(3),
    /** A region; its bit, 0 to 63. */
    REGION(4),
    /** A use case; its code, 0 to 63. */
    USE_CASE(5),
    /** A tier; its place, cheapest first, from 0. */
    TIER(6);

    private static final NameKind[] KINDS = values();

    private final int code;

    NameKind(int code) {
        this.code = code;
    }

    /** Stable; 1 and above. */
    public int code() {
        return code;
    }

    /** The kind of a code; null if there is none. */
    static NameKind of(int code) {
        return code >= 1 && code <= KINDS.length ? KINDS[code - 1] : null;
    }

    /** As people say it. */
    String word() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }
}
