package io.ringfence.engine.pipeline;

import io.ringfence.engine.selection.Selection;

/** Who acts, and what that costs. Written by {@link SelectionStage}. */
public final class SelectionSection extends Section {
    private final Selection selection = new Selection();
    private boolean isPresent;
    private long costMicros;
    private int tier;
    private int providerId;

    void notTaken(long sequence) {
        set(sequence, false, 0, OutcomeFacts.NONE, OutcomeFacts.NONE);
        selection.clear();
    }

    void selected(long sequence, long costMicros, int tier, int providerId) {
        set(sequence, true, costMicros, tier, providerId);
    }

    private void set(long sequence, boolean isPresent, long costMicros, int tier, int providerId) {
        this.isPresent = isPresent;
        this.costMicros = costMicros;
        this.tier = tier;
        this.providerId = providerId;
        done(sequence);
    }

    /** Did the stage take part? */
    public boolean isPresent() {
        return isPresent;
    }

    /** The choice. */
    public Selection selection() {
        return selection;
    }

    /** Estimated cost of the acted candidate in micros, unsigned; 0 when nobody acts. */
    public long costMicros() {
        return costMicros;
    }

    /** Tier of the acted candidate, or {@link OutcomeFacts#NONE}. */
    public int tier() {
        return tier;
    }

    /** Provider of the acted candidate, or {@link OutcomeFacts#NONE}. */
    public int providerId() {
        return providerId;
    }
}
