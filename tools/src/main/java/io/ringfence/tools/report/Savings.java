package io.ringfence.tools.report;

import io.ringfence.engine.kernel.Kernel;
import io.ringfence.engine.kernel.KernelInput;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.policy.Catalog;
import java.math.BigInteger;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/**
 * What admitted decisions cost by their acting candidates, and what they would have cost by three other ways to choose, by account, use case
 * and week.
 *
 * <p>Each cost is the kernel's: the decision's effective input at the prices of the policy under which it was decided. Costs are estimates at
 * the time of the decision, not what was paid. Sums are exact. One thread; allocates.
 */
public final class Savings {
    private final Map<Key, Sums> sums = new TreeMap<>();

    /** Ways to choose without an engine, or with less of it. */
    public enum Baseline {
        /** No routing: the candidate that was asked for acts, also where a gate would have stopped it. */
        NONE,
        /** Basic routing: the cheapest candidate acts that passes every gate of the effective input, its floor included. */
        BASIC,
        /** Smart routing: the kernel's choice acts: the highest utility, without exploration and without a client's direction. */
        SMART
    }

    /**
     * Whose decisions are added up.
     *
     * @param accountId u64 bits.
     * @param useCase   code, 0 to 63.
     * @param week      its Monday, in UTC.
     */
    public record Key(long accountId, int useCase, LocalDate week) implements Comparable<Key> {
        private static final Comparator<Key> ORDER = Comparator.<Key, Long>comparing(
                        Key::accountId, Long::compareUnsigned)
                .thenComparing(Key::useCase)
                .thenComparing(Key::week);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }

        /** The Monday of the week in which an event time lies, in UTC. */
        static LocalDate week(long timestampNs) {
            return Instant.ofEpochSecond(0, timestampNs)
                    .atZone(ZoneOffset.UTC)
                    .toLocalDate()
                    .with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
        }
    }

    /** Counts and sums of micros. All sums are over the same decisions: those that are compared. */
    public static final class Sums {
        private long decisions;
        private long admitted;
        private long compared;
        private long substituted;
        private long askedStopped;
        private BigInteger acted = BigInteger.ZERO;
        private BigInteger notCompared = BigInteger.ZERO;
        private final BigInteger[] baselines = {BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO};

        /** Adds those of others. */
        public Sums add(Sums other) {
            decisions += other.decisions;
            admitted += other.admitted;
            compared += other.compared;
            substituted += other.substituted;
            askedStopped += other.askedStopped;
            acted = acted.add(other.acted);
            notCompared = notCompared.add(other.notCompared);
            for (int baseline = 0; baseline < baselines.length; baseline++) {
                baselines[baseline] = baselines[baseline].add(other.baselines[baseline]);
            }
            return this;
        }

        /** Requests that the kernel decided. */
        public long decisions() {
            return decisions;
        }

        /** Of these, those that were admitted. */
        public long admitted() {
            return admitted;
        }

        /** Of these, those that asked for a candidate of the policy: all costs but {@link #notComparedMicros()} are of them. */
        public long compared() {
            return compared;
        }

        /** Of these, those on which another candidate acted than was asked for. */
        public long substituted() {
            return substituted;
        }

        /** Of the compared, those whose asked candidate fails a gate: no routing would have passed a limit. */
        public long askedStopped() {
            return askedStopped;
        }

        /** Cost of what acted. */
        public BigInteger actedMicros() {
            return acted;
        }

        /** Cost of what acted on admitted requests that cannot be compared, because they asked for no candidate of the policy. */
        public BigInteger notComparedMicros() {
            return notCompared;
        }

        /** Cost of what a baseline would have chosen. */
        public BigInteger micros(Baseline baseline) {
            return baselines[baseline.ordinal()];
        }

        /** What a baseline would have cost more; below 0: less. */
        public BigInteger savedMicros(Baseline baseline) {
            return micros(baseline).subtract(acted);
        }

        private void compare(DecisionEvent event, int asked) {
            Catalog catalog = event.policy().catalog();
            KernelInput input = event.input();
            compared++;
            substituted += catalog.candidate(asked).id() == event.verdict().actedCandidateId() ? 0 : 1;
            askedStopped += Kernel.isEligible(catalog, asked, input) ? 0 : 1;
            acted = acted.add(unsigned(actedMicros(event)));
            add(Baseline.NONE, Kernel.costMicros(catalog, asked, input));
            add(Baseline.BASIC, leastCostMicros(catalog, input));
            add(Baseline.SMART, event.decision().costMicros());
        }

        private void add(Baseline baseline, long micros) {
            baselines[baseline.ordinal()] = baselines[baseline.ordinal()].add(unsigned(micros));
        }

        private static long actedMicros(DecisionEvent event) {
            Catalog catalog = event.policy().catalog();
            return Kernel.costMicros(catalog, catalog.indexOf(event.verdict().actedCandidateId()), event.input());
        }

        /** Of an admitted request some candidate is eligible. */
        private static long leastCostMicros(Catalog catalog, KernelInput input) {
            long least = -1L; // The largest u64.
            for (int index = 0; index < catalog.count(); index++) {
                if (Kernel.isEligible(catalog, index, input)) {
                    long micros = Kernel.costMicros(catalog, index, input);
                    least = Long.compareUnsigned(micros, least) < 0 ? micros : least;
                }
            }
            return least;
        }

        private static BigInteger unsigned(long bits) {
            return bits >= 0 ? BigInteger.valueOf(bits) : new BigInteger(Long.toUnsignedString(bits));
        }
    }

    /**
     * Takes a recorded decision. Repeated requests and those that no kernel saw are not counted.
     *
     * @param event as it was read from its record, with the policy under which it was decided.
     */
    public void accept(DecisionEvent event) {
        if (!event.type().isRequest() || !event.isDecided() || event.isDuplicate()) {
            return;
        }
        Key key = new Key(
                event.request().accountId(),
                event.request().useCase(),
                Key.week(event.command().timestampNs()));
        Sums of = sums.computeIfAbsent(key, none -> new Sums());
        of.decisions++;
        if (event.verdict().isAdmitted()) {
            of.admitted++;
            int asked = event.policy().catalog().indexOf(event.request().requestedCandidateId());
            if (asked == Catalog.NO_INDEX) {
                of.notCompared = of.notCompared.add(Sums.unsigned(Sums.actedMicros(event)));
            } else {
                of.compare(event, asked);
            }
        }
    }

    /** By account, use case and week, ascending. */
    public Map<Key, Sums> sums() {
        return sums;
    }
}
