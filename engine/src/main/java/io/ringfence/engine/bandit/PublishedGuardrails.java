package io.ringfence.engine.bandit;

import io.ringfence.schemas.LearningFreeze;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Tells other threads in which use cases learning is frozen, by what, and which circuits of providers are not closed.
 *
 * <p>It follows from the state of the guardrails and is no state itself. The guardrails' thread publishes, any thread reads. Each mask is
 * read by itself, and another thread may see an earlier value. Allocates nothing once made.
 */
public final class PublishedGuardrails {
    private final AtomicLong[] frozen = new AtomicLong[LearningFreeze.values().length]; // By the cause's ordinal.
    private final AtomicLong open = new AtomicLong();
    private final AtomicLongArray halfOpenFromNs = new AtomicLongArray(Long.SIZE); // Of providers that are open.

    PublishedGuardrails() {
        for (int cause = 0; cause < frozen.length; cause++) {
            frozen[cause] = new AtomicLong();
        }
    }

    /** Publishes what has changed. */
    void publish(Freezes freezes, Circuits circuits) {
        publish(LearningFreeze.COMMAND, freezes);
        publish(LearningFreeze.DRIFT, freezes);
        publish(LearningFreeze.DIVERGENCE, freezes);
        for (long left = circuits.open(); left != 0; left &= left - 1) {
            int provider = Long.numberOfTrailingZeros(left);
            halfOpenFromNs.setRelease(provider, circuits.halfOpenFromNs(provider));
        }
        publish(open, circuits.open()); // After the times: who sees the bit sees its time.
    }

    private void publish(LearningFreeze cause, Freezes freezes) {
        publish(frozen[cause.ordinal()], freezes.frozenBy(cause));
    }

    /** A store that changes nothing would cost the readers a cache miss. */
    private static void publish(AtomicLong mask, long value) {
        if (mask.getPlain() != value) {
            mask.setRelease(value);
        }
    }

    /** Use cases whose learning this cause has frozen, a bit for each code; 0 for NONE. */
    public long frozenBy(LearningFreeze cause) {
        return frozen[cause.ordinal()].getAcquire();
    }

    /** Providers whose circuit is not closed, a bit each. */
    public long open() {
        return open.getAcquire();
    }

    /** Those of them that are half open at an event time: 30 s have passed, and a request may probe them, or has done so and has no outcome yet. */
    public long halfOpen(long nowNs) {
        long halfOpen = 0;
        for (long left = open(); left != 0; left &= left - 1) {
            int provider = Long.numberOfTrailingZeros(left);
            halfOpen |= halfOpenFromNs.getAcquire(provider) <= nowNs ? 1L << provider : 0;
        }
        return halfOpen;
    }
}
