package io.ringfence.engine.selection;

import io.ringfence.engine.policy.Adaptive;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Tells other threads how much of its bounds each use case has used in the last period in which it was to explore.
 *
 * <p>It follows from the state of the explorer and is no state itself. The explorer's thread publishes, any thread reads. Each number is
 * read by itself, and another thread may see an earlier value. Allocates nothing once made.
 */
public final class PublishedExploration {
    private final AtomicLong useCases = new AtomicLong();
    private final AtomicLongArray periods = new AtomicLongArray(Adaptive.USE_CASES_MAX);
    private final AtomicLongArray decisions = new AtomicLongArray(Adaptive.USE_CASES_MAX);
    private final AtomicLongArray spendsMicros = new AtomicLongArray(Adaptive.USE_CASES_MAX);

    PublishedExploration() {}

    void publish(int useCase, long period, long decisionCount, long spendMicros) {
        periods.setRelease(useCase, period);
        decisions.setRelease(useCase, decisionCount);
        spendsMicros.setRelease(useCase, spendMicros);
        useCases.setRelease(useCases.getPlain() | 1L << useCase); // After the numbers: who sees the bit sees them.
    }

    /** Use cases that have such a period, a bit for each code. */
    public long useCases() {
        return useCases.getAcquire();
    }

    /** The period: how many of the rule's periods lie between 1970 and its begin. */
    public long period(int useCase) {
        return periods.getAcquire(useCase);
    }

    /** Decisions of that period on which another candidate than the kernel's choice acted. */
    public long decisions(int useCase) {
        return decisions.getAcquire(useCase);
    }

    /** What those candidates may cost in all, in micros, as estimated when they were chosen. */
    public long spendMicros(int useCase) {
        return spendsMicros.getAcquire(useCase);
    }
}
