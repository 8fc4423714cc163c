package io.ringfence.engine.bounds;

/**
 * How much an engine may keep in memory. It is a part of the deciding settings, because what is beyond a bound is refused: the same
 * commands must be refused in every replay.
 *
 * <p>Each bound is one account's or one principal's, so that nobody's traffic takes another's room; the number of accounts and of
 * principals is bounded too. So the memory of an engine that is full is known before it starts.
 *
 * @param accounts             accounts that may be opened in the life of a journal; 1 to {@link #ACCOUNTS_MAX}.
 * @param holdsPerAccount      holds that may stand on one account at a time, open orders included; 1 to {@link #HOLDS_MAX}. Holds of the
 *                             accounts below it do not count.
 * @param positionsPerAccount  instruments in which one account may have a position or an open order at a time; 1 to
 *                             {@link #POSITIONS_MAX}.
 * @param principals           principals that may ever have a role or a remembered request; 1 to {@link #PRINCIPALS_MAX}.
 * @param policyBytes          bytes of all pieces of one policy; 1 and above.
 * @param candidatePosteriors  posteriors of candidates that are kept, one a use case, regime and candidate; 1 to
 *                             {@link #CANDIDATE_POSTERIORS_MAX}.
 * @param facts                how much of ended holds and executions one account has remembered.
 */
public record Bounds(
        int accounts,
        int holdsPerAccount,
        int positionsPerAccount,
        int principals,
        int policyBytes,
        int candidatePosteriors,
        FactBounds facts) {
    /** Most holds of one account. */
    public static final int HOLDS_MAX = 1 << 26;

    /** Most accounts. */
    public static final int ACCOUNTS_MAX = 1 << 24;

    /** Most positions of one account. */
    public static final int POSITIONS_MAX = 1 << 24;

    /** Most principals. */
    public static final int PRINCIPALS_MAX = 1 << 16;

    /** Most posteriors of candidates. */
    public static final int CANDIDATE_POSTERIORS_MAX = 1 << 24;

    private static final int CANDIDATE_POSTERIORS = 1 << 14;

    /** Bounds that no test or bench reaches. */
    public static final Bounds WIDEST =
            new Bounds(ACCOUNTS_MAX, HOLDS_MAX, POSITIONS_MAX, PRINCIPALS_MAX, Integer.MAX_VALUE);

    /** Checks the ranges above. */
    public Bounds {
        require(accounts >= 1 && accounts <= ACCOUNTS_MAX, "accounts must be 1.." + ACCOUNTS_MAX, accounts);
        require(
                holdsPerAccount >= 1 && holdsPerAccount <= HOLDS_MAX,
                "holdsPerAccount must be 1.." + HOLDS_MAX,
                holdsPerAccount);
        require(
                positionsPerAccount >= 1 && positionsPerAccount <= POSITIONS_MAX,
                "positionsPerAccount must be 1.." + POSITIONS_MAX,
                positionsPerAccount);
        require(principals >= 1 && principals <= PRINCIPALS_MAX, "principals must be 1.." + PRINCIPALS_MAX, principals);
        require(policyBytes >= 1, "policyBytes must be positive", policyBytes);
        require(
                candidatePosteriors >= 1 && candidatePosteriors <= CANDIDATE_POSTERIORS_MAX,
                "candidatePosteriors must be 1.." + CANDIDATE_POSTERIORS_MAX,
                candidatePosteriors);
    }

    /** With the posteriors of the design. */
    public Bounds(
            int accounts,
            int holdsPerAccount,
            int positionsPerAccount,
            int principals,
            int policyBytes,
            FactBounds facts) {
        this(accounts, holdsPerAccount, positionsPerAccount, principals, policyBytes, CANDIDATE_POSTERIORS, facts);
    }

    /** With the memory of facts and the posteriors of the design. */
    public Bounds(int accounts, int holdsPerAccount, int positionsPerAccount, int principals, int policyBytes) {
        this(accounts, holdsPerAccount, positionsPerAccount, principals, policyBytes, FactBounds.defaults());
    }

    /** The bounds of the design: an engine that is full fits a heap of 1 GiB. */
    public static Bounds defaults() {
        return new Bounds(256, 2_048, 512, 16, 8 << 20);
    }

    /** A copy with other accounts and holds of each. */
    public Bounds withHolds(int newAccounts, int newHoldsPerAccount) {
        return new Bounds(
                newAccounts,
                newHoldsPerAccount,
                positionsPerAccount,
                principals,
                policyBytes,
                candidatePosteriors,
                facts);
    }

    /** A copy with another memory of facts. */
    public Bounds withFacts(FactBounds newFacts) {
        return new Bounds(
                accounts, holdsPerAccount, positionsPerAccount, principals, policyBytes, candidatePosteriors, newFacts);
    }

    /** A copy with another bound of posteriors. */
    public Bounds withCandidatePosteriors(int most) {
        return new Bounds(accounts, holdsPerAccount, positionsPerAccount, principals, policyBytes, most, facts);
    }

    private static void require(boolean holds, String rule, int value) {
        if (!holds) {
            throw new IllegalArgumentException(rule + ": value=" + value);
        }
    }
}
