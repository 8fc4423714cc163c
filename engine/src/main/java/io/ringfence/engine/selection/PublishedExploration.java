package io.ringfence.engine.selection;

import io.ringfence.engine.policy.Adaptive;
import io.ringfence.engine.policy.ExplorationRule;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Tells other threads how much of its bounds each use case has used in its last period, and what these bounds were.
 *
 * <p>It follows from the state of the explorer and from the rule of the last request, and is no state itself. The explorer's thread
 * publishes, any thread reads. Each number is read by itself, and another thread may see an earlier value. Allocates nothing once made.
 */
public final class PublishedExploration {
    /** What is told of a use case. */
    public enum Figure {
        /** Begin of the period, ns since 1970 of event time; 0 while the length is not known. */
        PERIOD_BEGIN_NS("period_begin_ns"),
        /** Length of the period in ns; 0: not known since a restart until a request of the use case has a near candidate. */
        PERIOD_NS("period_ns"),
        /** Decisions of the period on which another candidate than the kernel's choice acted. */
        DECISIONS("decisions"),
        /** Most there may be; meaningless while the length of the period is not known. */
        MAX_DECISIONS("max_decisions"),
        /** What those candidates may cost in all, in micros, as estimated when they were chosen. */
        SPEND_MICROS("spend_micros"),
        /** Most they may cost, in micros; meaningless while the length of the period is not known. */
        MAX_SPEND_MICROS("max_spend_micros");

        private final String label;

        Figure(String label) {
            this.label = label;
        }

        /** Its name where it is shown. */
        public String label() {
            return label;
        }
    }

    private static final int FIGURES = Figure.values().length;

    private final AtomicLong useCases = new AtomicLong();
    private final AtomicLongArray figures = new AtomicLongArray(Adaptive.USE_CASES_MAX * FIGURES);

    PublishedExploration() {}

    /** Tells nothing of any use case from here on. */
    void clear() {
        useCases.setRelease(0);
    }

    /** @param rule that the use case is held to; null: not known. */
    void publish(int useCase, ExplorationRule rule, long period, long decisionCount, long spendMicros) {
        set(useCase, Figure.PERIOD_BEGIN_NS, rule == null ? 0 : period * rule.periodNs());
        set(useCase, Figure.PERIOD_NS, rule == null ? 0 : rule.periodNs());
        set(useCase, Figure.DECISIONS, decisionCount);
        set(useCase, Figure.MAX_DECISIONS, rule == null ? 0 : rule.decisionsMax());
        set(useCase, Figure.SPEND_MICROS, spendMicros);
        set(useCase, Figure.MAX_SPEND_MICROS, rule == null ? 0 : rule.spendMaxMicros());
        long told = useCases.getPlain();
        if ((told >>> useCase & 1) == 0) {
            useCases.setRelease(told | 1L << useCase); // After the numbers: who sees the bit sees them.
        }
    }

    private void set(int useCase, Figure figure, long value) {
        figures.setRelease(useCase * FIGURES + figure.ordinal(), value);
    }

    /** Use cases that something is told of, a bit for each code. */
    public long useCases() {
        return useCases.getAcquire();
    }

    /** A figure of a use case that something is told of. */
    public long get(int useCase, Figure figure) {
        return figures.getAcquire(useCase * FIGURES + figure.ordinal());
    }
}
