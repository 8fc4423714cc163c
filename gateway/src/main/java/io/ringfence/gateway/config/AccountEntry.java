package io.ringfence.gateway.config;

/**
 * One account as configured.
 *
 * @param id            1 and above.
 * @param name          as people say it.
 * @param grantedMicros what it may spend; 0 and above.
 * @param capMicros     most that it may hold at once; 0: no cap.
 * @param purpose       what its budget is for.
 */
public record AccountEntry(long id, String name, long grantedMicros, long capMicros, Purpose purpose) {
    /** What a budget is for. */
    public enum Purpose {
        /** Orders: its holds end by executions. */
        ORDERS,
        /** Other actions, such as calls of models: its holds end by settles. */
        CALLS
    }
}
