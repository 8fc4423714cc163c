package io.ringfence.engine.kernel;

import static io.ringfence.engine.kernel.Terms.MILLION;

import io.ringfence.engine.policy.Bps;
import io.ringfence.engine.policy.CandidateTable;
import io.ringfence.engine.policy.CandidateTable.Column;
import io.ringfence.engine.policy.Catalog;

/**
 * Passes candidates through the two gates that need arithmetic and finds the two that rank first.
 *
 * <p>Values whose products fit in 60 bits, the usual case, need few divisions. Each candidate has a score, linear in its
 * columns and free of divisions. It is at least a million times the utility and exceeds that by less than four millions:
 * <pre>
 *   score = worth * quality - units in * price in - units out * price out - delay * p95 - risk
 *   worth = value * confidence / 100, rounded up; delay = penalty * 1e6; risk = exact risk term * 1e6
 * </pre>
 * This holds because each of the two cost terms rounds up by less than a million and the quality term rounds down by less than
 * one, while rounding worth up adds at most the quality. So the score decides who is eligible except in a narrow band, and only
 * candidates that may rank first or second are computed exactly. Since quality falls with the position, the bounds of prices
 * and latencies decide whole words of 64 candidates at once. Larger values are computed one by one in {@link Terms}.
 */
final class Scorer {
    /** No position. */
    static final int NOBODY = -1;

    /** Below it the utility cannot be positive. */
    private static final long NEVER_BELOW = MILLION;
    /** From here on the utility must be positive. */
    private static final long SURELY_FROM = 4 * MILLION;

    private static final int TERM_BITS = 60;
    /** A value times two proportions in bps is divided by 100, which leaves 60.4 bits. */
    private static final int SHARE_BITS = 67;
    /** A proportion counts as 14 bits at least, so that a value times one of them also fits. */
    private static final int PROPORTION_BITS = 14;

    private static final int MILLION_BITS = 20;
    /** From here on a limit in micros is above every cost of this scorer. */
    private static final int LIMIT_BITS = 42;

    private CandidateTable table;
    private long penalty;
    private long delay;
    private int riskMultiplierBps;
    private long inputUnits;
    private long outputUnits;
    private long valueTimesConfidence;
    private long worth;
    private long riskMicros;
    private long risk;
    private long limitMicros;
    private long withinSpend;
    private long leastBurden;
    private long mostBurden;
    private long threshold;
    private int overLimitCount;
    private int eligibleCount;
    private int firstPosition;
    private long firstCost;
    private long firstUtility;
    private int secondPosition;
    private long secondCost;
    private long secondUtility;

    /** Scores the candidates of this catalog from now on. */
    void follow(Catalog catalog) {
        table = catalog.table();
        penalty = catalog.head().latencyPenaltyMicrosPerMs();
        delay = penalty * MILLION;
        riskMultiplierBps = catalog.head().riskPenaltyMultiplierBps();
    }

    /** True when every product of the score fits in 64 bits. */
    boolean fits(KernelInput input) {
        int valueBits = Column.bits(Math.max(input.businessValueMicros(), 0));
        int qualityBits = Math.max(Column.bits(table.count() == 0 ? 0 : table.qualityBps(0)), PROPORTION_BITS);
        int multiplierBits = Math.max(Column.bits(riskMultiplierBps), PROPORTION_BITS);
        return valueBits + Column.bits(input.confidenceBps()) + qualityBits <= SHARE_BITS
                && valueBits + Column.bits(input.riskBps()) + multiplierBits <= SHARE_BITS
                && Column.bits(input.inputUnits()) + table.inputPrice().bits() <= TERM_BITS
                && Column.bits(input.outputUnits()) + table.outputPrice().bits() <= TERM_BITS
                && Column.bits(penalty) + table.latency().bits() + MILLION_BITS <= TERM_BITS;
    }

    /**
     * Scores the candidates that passed the plain gates, writes the counts, and finds the two that rank first.
     *
     * @param passed      a bit for each position; word w stands for positions 64w to 64w + 63.
     * @param passedCount bits set in it.
     */
    void run(KernelInput input, long[] passed, int wordCount, int passedCount, KernelDecision out) {
        overLimitCount = 0;
        eligibleCount = 0;
        firstPosition = NOBODY;
        secondPosition = NOBODY;
        boolean isNarrow = fits(input);
        if (isNarrow) {
            prepare(input);
        }
        for (int word = 0; word < wordCount; word++) {
            if (isNarrow) {
                scoreWord(word << 6, passed[word]);
            } else {
                scoreWordExactly(word << 6, passed[word], input);
            }
        }
        out.scored(overLimitCount, passedCount - overLimitCount - eligibleCount, eligibleCount);
    }

    /** Position of the candidate that ranks first, or {@link #NOBODY}. */
    int firstPosition() {
        return firstPosition;
    }

    long firstCost() {
        return firstCost;
    }

    long firstUtility() {
        return firstUtility;
    }

    /** Position of the candidate that ranks second, or {@link #NOBODY}. */
    int secondPosition() {
        return secondPosition;
    }

    long secondUtility() {
        return secondUtility;
    }

    private void scoreWordExactly(int begin, long passed, KernelInput input) {
        for (long rest = passed; rest != 0; rest &= rest - 1) {
            int position = begin + Long.numberOfTrailingZeros(rest);
            long cost = Terms.costMicros(
                    input, table.inputPrice().at(position), table.outputPrice().at(position));
            if (Long.compareUnsigned(cost, input.costLimitMicros()) > 0) {
                overLimitCount++;
                continue;
            }
            long latencyMs = table.latency().at(position);
            long utility =
                    Terms.utilityMicros(input, table.qualityBps(position), riskMultiplierBps, cost, latencyMs, penalty);
            if (utility > 0) {
                eligibleCount++;
                offer(position, cost, utility);
            }
        }
    }

    private void prepare(KernelInput input) {
        long value = Math.max(input.businessValueMicros(), 0);
        inputUnits = input.inputUnits();
        outputUnits = input.outputUnits();
        valueTimesConfidence = value * input.confidenceBps();
        worth = (valueTimesConfidence + 99) / 100;
        riskMicros = share(value * input.riskBps(), riskMultiplierBps);
        risk = riskMicros * MILLION;
        Column inputPrices = table.inputPrice();
        Column outputPrices = table.outputPrice();
        long leastSpend = inputUnits * inputPrices.min() + outputUnits * outputPrices.min();
        long mostSpend = inputUnits * inputPrices.max() + outputUnits * outputPrices.max();
        leastBurden = leastSpend + delay * table.latency().min() + risk;
        mostBurden = mostSpend + delay * table.latency().max() + risk;
        prepareLimit(input.costLimitMicros(), mostSpend);
        threshold = NEVER_BELOW;
    }

    /** A cost is below (spend / 1e6) + 2: so a spend up to (limit - 1) * 1e6 is sure to stay within. */
    private void prepareLimit(long limit, long mostSpend) {
        limitMicros = limit;
        withinSpend = Column.bits(limit) > LIMIT_BITS ? Long.MAX_VALUE : (limit - 1) * MILLION;
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
                countRest(begin, rest); // No later candidate can rank first or second.
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
            offer(position, cost, utility);
            if (secondPosition != NOBODY) {
                threshold = secondUtility * MILLION;
            }
        }
    }

    private boolean isEligible(int position, long score) {
        return score >= SURELY_FROM || (score >= NEVER_BELOW && utilityMicros(position, costMicros(position)) > 0);
    }

    private long spendOf(int position) {
        return inputUnits * table.inputPrice().at(position)
                + outputUnits * table.outputPrice().at(position);
    }

    private long scoreOf(int position, long spend) {
        return worth * table.qualityBps(position)
                - spend
                - delay * table.latency().at(position)
                - risk;
    }

    private long costMicros(int position) {
        return ceilByMillion(inputUnits * table.inputPrice().at(position))
                + ceilByMillion(outputUnits * table.outputPrice().at(position));
    }

    private long utilityMicros(int position, long cost) {
        return share(valueTimesConfidence, table.qualityBps(position))
                - riskMicros
                - cost
                - penalty * table.latency().at(position);
    }

    /** Ranks by higher utility, then lower cost (u64 bits), then lower position: offers come in order of position. */
    private void offer(int position, long costMicros, long utilityMicros) {
        if (firstPosition == NOBODY || isAhead(utilityMicros, costMicros, firstUtility, firstCost)) {
            secondPosition = firstPosition;
            secondCost = firstCost;
            secondUtility = firstUtility;
            firstPosition = position;
            firstCost = costMicros;
            firstUtility = utilityMicros;
        } else if (secondPosition == NOBODY || isAhead(utilityMicros, costMicros, secondUtility, secondCost)) {
            secondPosition = position;
            secondCost = costMicros;
            secondUtility = utilityMicros;
        }
    }

    private static boolean isAhead(long utility, long cost, long otherUtility, long otherCost) {
        return utility > otherUtility || (utility == otherUtility && Long.compareUnsigned(cost, otherCost) < 0);
    }

    /** floor(valueTimesOneBps * otherBps / 1e8). Both valueTimesOneBps and the result times 1e4 must fit in 64 bits. */
    private static long share(long valueTimesOneBps, int otherBps) {
        long high = valueTimesOneBps / Bps.ONE;
        long low = valueTimesOneBps - high * Bps.ONE;
        return (high * otherBps + low * otherBps / Bps.ONE) / Bps.ONE;
    }

    /** A product of at most 62 bits, divided by a million and rounded up. */
    private static long ceilByMillion(long product) {
        return (product + (MILLION - 1)) / MILLION;
    }
}
