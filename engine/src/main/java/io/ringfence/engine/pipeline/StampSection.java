package io.ringfence.engine.pipeline;

/**
 * What the gateway stamps onto a command before it claims: identity, event time and, for an outcome, the facts of the
 * decision that it reports on. Written by the gateway.
 */
public final class StampSection extends Section {
    private final OutcomeFacts facts = new OutcomeFacts();
    private long sequence;
    private long timestampNs;
    private int sessionId;
    private int principalId;

    void accept(long sequence, long timestampNs, int sessionId, int principalId) {
        this.sequence = sequence;
        this.timestampNs = timestampNs;
        this.sessionId = sessionId;
        this.principalId = principalId;
        facts.clear();
    }

    /** From 1, no gaps, never reset. */
    public long sequence() {
        return sequence;
    }

    /** Event time in nanoseconds since 1970. Never falls. */
    public long timestampNs() {
        return timestampNs;
    }

    /** Session the command came by; 0 for none. */
    public int sessionId() {
        return sessionId;
    }

    /** Whose command; 0 for the engine itself. */
    public int principalId() {
        return principalId;
    }

    /** Facts of the decision that an outcome reports on; absent for all other kinds. */
    public OutcomeFacts facts() {
        return facts;
    }

    /** Stamps the facts found for an outcome, from a record's {@code stamp} section or the gateway's index. */
    public void facts(OutcomeFacts found) {
        facts.copyFrom(found);
    }
}
