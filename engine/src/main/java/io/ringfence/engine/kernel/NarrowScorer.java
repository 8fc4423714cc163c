package io.ringfence.engine.kernel;

import static io.ringfence.engine.kernel.Terms.MILLION;
import static io.ringfence.engine.kernel.Terms.ceilByMillion;

import io.ringfence.engine.policy.Bounds;
import io.ringfence.engine.policy.CandidateTable;
import io.ringfence.engine.policy.Catalog;
import io.ringfence.engine.policy.CatalogHead;

/**
 * Does what {@link WideScorer} does for values whose products fit in 60 bits, the usual case, with few divisions.
 *
 * <p>Every candidate has a score, linear in its columns and free of divisions, that is an upper bound of a million times its
 * utility and exceeds it by less than four millions:
 * <pre>
 *   score = worth * quality - units in * price in - units out * price out - delay * p95 - risk
 *   worth = value * confidence / 100, rounded up; delay = penalty * 1e6; risk = exact risk term * 1e6
 * </pre>
 * For the two terms of the cost round up by less than a million each, and the quality term down by less than one; rounding
 * worth up adds at most the quality. So a score settles who is eligible but for a narrow band, and only who may come to stand
 * on the podium is worked out exactly. Since quality falls with the position, the bounds of prices and latencies settle
 * whole words of 64 candidates at once. All of it integers.
 */
final class NarrowScorer {
    /** Below it the utility cannot be positive. */
    private static final long NEVER_BELOW = MILLION;
    /** From here on the utility must be positive. */
    private static final long SURELY_FROM = 4 * MILLION;

    private static final int TERM_BITS = 60;
    /** A value times two proportions in bps, over 100, has 60.4 bits. */
    private static final int SHARE_BITS = 67;
    /** Proportions count as 14 bits at least, so that value times one of them is sure to fit, too. */
    private static final int PROPORTION_BITS = 14;

    private static final int MILLION_BITS = 20;
    /** From here on a limit in micros is above every cost of this scorer. */
    private static final int LIMIT_BITS = 42;

    private final Podium podium;
    private CandidateTable table;
    private long inputUnits;
    private long outputUnits;
    private long valueTimesConfidence;
    private long worth;
    private long penalty;
    private long delay;
    private long riskMicros;
    private long risk;
    private long limitMicros;
    private long withinSpend;
    private long leastBurden;
    private long mostBurden;
    private long threshold;
    private int overLimitCount;
    private int eligibleCount;

    NarrowScorer(Podium podium) {
        this.podium = podium;
    }

    /** Are the values small enough? Then {@link #run} may be called for the same. */
    static boolean fits(Catalog catalog, KernelInput input) {
        CandidateTable table = catalog.table();
        CatalogHead head = catalog.head();
        int valueBits = Bounds.bits(Math.max(input.businessValueMicros(), 0));
        int qualityBits = Math.max(table.qualityBits(), PROPORTION_BITS);
        int multiplierBits = Math.max(Bounds.bits(head.riskPenaltyMultiplierBps()), PROPORTION_BITS);
        int penaltyBits = Bounds.bits(head.latencyPenaltyMicrosPerMs());
        return valueBits + Bounds.bits(input.confidenceBps()) + qualityBits <= SHARE_BITS
                && valueBits + Bounds.bits(input.riskBps()) + multiplierBits <= SHARE_BITS
                && Bounds.bits(input.inputUnits()) + table.inputPriceBounds().bits() <= TERM_BITS
                && Bounds.bits(input.outputUnits()) + table.outputPriceBounds().bits() <= TERM_BITS
                && penaltyBits + table.latencyBounds().bits() + MILLION_BITS <= TERM_BITS;
    }

    void run(Catalog catalog, KernelInput input, Sieve sieve, KernelDecision decision) {
        prepare(catalog, input);
        for (int word = 0; word < sieve.wordCount(); word++) {
            long passed = sieve.passed(word);
            if (passed != 0) {
                scoreWord(word << 6, passed);
            }
        }
        decision.scored(overLimitCount, sieve.passedCount() - overLimitCount - eligibleCount, eligibleCount);
    }

    private void prepare(Catalog catalog, KernelInput input) {
        CatalogHead head = catalog.head();
        long value = Math.max(input.businessValueMicros(), 0);
        table = catalog.table();
        inputUnits = input.inputUnits();
        outputUnits = input.outputUnits();
        valueTimesConfidence = value * input.confidenceBps();
        worth = (valueTimesConfidence + 99) / 100;
        penalty = head.latencyPenaltyMicrosPerMs();
        delay = penalty * MILLION;
        riskMicros = Terms.share(value * input.riskBps(), head.riskPenaltyMultiplierBps());
        risk = riskMicros * MILLION;
        Bounds inputPrices = table.inputPriceBounds();
        Bounds outputPrices = table.outputPriceBounds();
        long leastSpend = inputUnits * inputPrices.min() + outputUnits * outputPrices.min();
        long mostSpend = inputUnits * inputPrices.max() + outputUnits * outputPrices.max();
        leastBurden = leastSpend + delay * table.latencyBounds().min() + risk;
        mostBurden = mostSpend + delay * table.latencyBounds().max() + risk;
        prepareLimit(input.costLimitMicros(), mostSpend);
        threshold = NEVER_BELOW;
        overLimitCount = 0;
        eligibleCount = 0;
    }

    /** A cost is below (spend / 1e6) + 2: so a spend up to (limit - 1) * 1e6 is sure to stay within. */
    private void prepareLimit(long limit, long mostSpend) {
        limitMicros = limit;
        withinSpend = Bounds.bits(limit) > LIMIT_BITS ? Long.MAX_VALUE : (limit - 1) * MILLION;
        if (mostSpend <= withinSpend) {
            withinSpend = Long.MAX_VALUE;
        }
    }

    private void scoreWord(int begin, long passed) {
        long rest = passed;
        boolean isLimitOpen = withinSpend == Long.MAX_VALUE;
        while (rest != 0) {
            int position = begin + Long.numberOfTrailingZeros(rest);
            if (isLimitOpen && worth * table.qualityBps(position) - leastBurden < threshold) {
                countRest(begin, rest); // From here on nobody can reach the podium.
                return;
            }
            score(position);
            rest &= rest - 1;
        }
    }

    private void countRest(int begin, long rest) {
        int first = begin + Long.numberOfTrailingZeros(rest);
        int last = begin + 63 - Long.numberOfLeadingZeros(rest);
        if (worth * table.qualityBps(first) - leastBurden < NEVER_BELOW) {
            return;
        }
        if (worth * table.qualityBps(last) - mostBurden >= SURELY_FROM) {
            eligibleCount += Long.bitCount(rest);
            return;
        }
        int count = 0;
        for (long bits = rest; bits != 0; bits &= bits - 1) {
            int position = begin + Long.numberOfTrailingZeros(bits);
            count += isEligible(position, scoreOf(position, spendOf(position))) ? 1 : 0;
        }
        eligibleCount += count;
    }

    private void score(int position) {
        long spend = spendOf(position);
        if (spend > withinSpend && Long.compareUnsigned(costMicros(position), limitMicros) > 0) {
            overLimitCount++;
            return;
        }
        long score = scoreOf(position, spend);
        if (score >= threshold) {
            rank(position);
        } else if (isEligible(position, score)) {
            eligibleCount++;
        }
    }

    private void rank(int position) {
        long cost = costMicros(position);
        long utility = utilityMicros(position, cost);
        if (utility > 0) {
            eligibleCount++;
            podium.offer(position, cost, utility);
            if (podium.secondPosition() != Podium.NOBODY) {
                threshold = podium.secondUtility() * MILLION;
            }
        }
    }

    private boolean isEligible(int position, long score) {
        return score >= SURELY_FROM || (score >= NEVER_BELOW && utilityMicros(position, costMicros(position)) > 0);
    }

    private long spendOf(int position) {
        return inputUnits * table.inputPriceMicrosPerM(position) + outputUnits * table.outputPriceMicrosPerM(position);
    }

    private long scoreOf(int position, long spend) {
        return worth * table.qualityBps(position) - spend - delay * table.p95LatencyMs(position) - risk;
    }

    private long costMicros(int position) {
        return ceilByMillion(inputUnits * table.inputPriceMicrosPerM(position))
                + ceilByMillion(outputUnits * table.outputPriceMicrosPerM(position));
    }

    private long utilityMicros(int position, long cost) {
        return Terms.share(valueTimesConfidence, table.qualityBps(position))
                - riskMicros
                - cost
                - penalty * table.p95LatencyMs(position);
    }
}
