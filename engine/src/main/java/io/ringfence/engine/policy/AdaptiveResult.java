package io.ringfence.engine.policy;

import java.util.Objects;
import java.util.Optional;

/** The adaptive part of a policy, or the first rule that keeps it from being one. */
public final class AdaptiveResult {
    private final Adaptive adaptive;
    private final AdaptiveFault fault;

    private AdaptiveResult(Adaptive adaptive, AdaptiveFault fault) {
        this.adaptive = adaptive;
        this.fault = fault;
    }

    static AdaptiveResult of(Adaptive adaptive) {
        return new AdaptiveResult(Objects.requireNonNull(adaptive), null);
    }

    static AdaptiveResult refused(AdaptiveFault fault) {
        return new AdaptiveResult(null, Objects.requireNonNull(fault));
    }

    /** Is there a policy part to use? */
    public boolean isValid() {
        return fault == null;
    }

    /** What is wrong; empty when there is a policy part. */
    public Optional<AdaptiveFault> fault() {
        return Optional.ofNullable(fault);
    }

    /**
     * The policy part.
     *
     * @throws IllegalStateException when there is none; the text is the fault's.
     */
    public Adaptive adaptive() {
        if (fault != null) {
            throw new IllegalStateException(fault.text());
        }
        return adaptive;
    }
}
