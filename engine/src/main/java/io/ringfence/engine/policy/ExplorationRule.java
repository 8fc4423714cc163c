package io.ringfence.engine.policy;

/**
 * The one way in which a use case chooses among candidates that are nearly as good as the kernel's choice, and the bounds of it.
 *
 * @param method         how.
 * @param rateBps        of {@link Method#KEYED}: share of requests that explore, 0 to 10,000; 0 for the others.
 * @param nearMicros     a candidate is near when its utility is at most so far below that of the kernel's choice; 0 to 2^63 - 1.
 * @param periodNs       event time after which the two bounds begin anew; 1 to 2^63 - 1, and 0 for {@link Method#NONE}.
 * @param decisionsMax   decisions of a period on which another candidate than the kernel's choice may act, u32.
 * @param spendMaxMicros what the candidates that act on those may cost in all, as estimated when they are chosen; 0 to 2^63 - 1.
 */
public record ExplorationRule(
        Method method, int rateBps, long nearMicros, long periodNs, long decisionsMax, long spendMaxMicros) {
    /** Ways to choose; the number of each is its place. */
    public enum Method {
        /** The kernel's choice acts. */
        NONE,
        /** Another near candidate acts at a rate, by a draw that a secret key determines. */
        KEYED,
        /** The near candidate acts whose utility is highest when a draw from its posterior stands for its quality. */
        THOMPSON
    }

    /** The kernel's choice acts. */
    public static final ExplorationRule NONE = new ExplorationRule(Method.NONE, 0, 0, 0, 0, 0);

    /** May another candidate than the kernel's choice act? */
    public boolean explores() {
        return method != Method.NONE;
    }
}
