package io.ringfence.engine.selection;

import io.ringfence.engine.kernel.Kernel;
import io.ringfence.engine.kernel.KernelDecision;
import io.ringfence.engine.kernel.KernelInput;
import io.ringfence.engine.policy.Bps;
import io.ringfence.engine.policy.Candidate;
import io.ringfence.engine.policy.Catalog;
import io.ringfence.schemas.ExplorationGuard;

/**
 * Who acts among the kernel's choice and the candidates near it: a pure function of catalog, input, decision, and what was drawn.
 *
 * <p>{@link #begin} finds the near candidates. Then one of {@link #withhold}, {@link #draw} and {@link #play} with {@link #playTo} says
 * who acts. Mutable and reused; not thread safe; allocates only when more candidates are near than ever before.
 */
public final class Explored {
    /** Most candidates in play when candidates are drawn from their posteriors, the kernel's choice included. */
    public static final int IN_PLAY_MAX = 6;

    private static final int CHOICE = 0;
    private static final int DRAW_BITS = 16;

    private final NearCandidates near = new NearCandidates();
    private final int[] indexes = new int[IN_PLAY_MAX]; // In play: the choice, then by rank.
    private final long[] candidateIds = new long[IN_PLAY_MAX];
    private final long[] utilities = new long[IN_PLAY_MAX];
    private final long[] costs = new long[IN_PLAY_MAX];
    private final long[] burdens = new long[IN_PLAY_MAX];
    private final long[] successes = new long[IN_PLAY_MAX];
    private final long[] failures = new long[IN_PLAY_MAX];
    private final int[] draws = new int[IN_PLAY_MAX];
    private Catalog catalog;
    private ExplorationGuard guard = ExplorationGuard.NONE;
    private boolean isDrawn;
    private long draw;
    private long pick;
    private int inPlayCount;
    private long stakeMicros;
    private boolean isExplored;
    private int actedIndex;
    private long numerator;
    private long denominator;
    private long recordedSequence;
    private long recordedDraw;
    private long recordedPick;

    /** Becomes a request on which nothing was to explore. */
    public void clear() {
        settle(false, Catalog.NO_INDEX, 1, 1);
    }

    /**
     * Finds the near candidates of a request; the kernel's choice acts until a draw says otherwise.
     *
     * @param decision   that selects a candidate.
     * @param nearMicros most utility below the choice's; u64 bits.
     * @return is another candidate near?
     */
    public boolean begin(Catalog catalog, KernelInput input, KernelDecision decision, long nearMicros) {
        this.catalog = catalog;
        near.find(catalog, input, decision, nearMicros);
        settle(false, decision.selectedIndex(), 1, 1);
        return near.count() > 0;
    }

    /** A bound, or the lack of a key, keeps the kernel's choice without a draw. */
    public void withhold(ExplorationGuard by) {
        guard = by;
    }

    /**
     * Lets another near candidate act when {@code draw} modulo 10,000 is below the rate and {@code pick} modulo the number of candidates
     * is above 0: that other, counted in the order of the catalog.
     *
     * @param rateBps 0 to 10,000.
     * @param draw    u64 bits, as the next.
     */
    public void draw(int rateBps, long draw, long pick) {
        int windowSize = windowSize();
        int picked = (int) Long.remainderUnsigned(pick, windowSize);
        long whole = (long) Bps.ONE * windowSize;
        boolean isOther = Long.remainderUnsigned(draw, Bps.ONE) < rateBps && picked > 0;
        long kept = windowSize == 1 ? whole : (long) (Bps.ONE - rateBps) * windowSize + rateBps;
        settle(isOther, isOther ? near.index(picked - 1) : actedIndex, isOther ? rateBps : kept, whole);
        isDrawn = true;
        this.draw = draw;
        this.pick = pick;
    }

    /** Puts the choice and the best of the near candidates in play, in the kernel's order; {@link #posterior} gives each its posterior. */
    public void play(KernelInput input) {
        candidateIds[CHOICE] = catalog.candidate(actedIndex).id();
        indexes[CHOICE] = actedIndex;
        burdens[CHOICE] = Kernel.burdenMicros(catalog, actedIndex, input);
        stakeMicros = Kernel.stakeMicros(input);
        inPlayCount = 1;
        for (int place = 0; place < near.count(); place++) {
            insert(near.index(place), input);
        }
    }

    private void insert(int index, KernelInput input) {
        long utility = Kernel.utilityMicros(catalog, index, input);
        long cost = Kernel.costMicros(catalog, index, input);
        int at = inPlayCount;
        while (at > 1 && isAhead(utility, cost, catalog.candidate(index), at - 1)) {
            at--;
        }
        if (at == IN_PLAY_MAX) {
            return;
        }
        inPlayCount = Math.min(inPlayCount + 1, IN_PLAY_MAX);
        for (int moved = inPlayCount - 1; moved > at; moved--) {
            indexes[moved] = indexes[moved - 1];
            candidateIds[moved] = candidateIds[moved - 1];
            utilities[moved] = utilities[moved - 1];
            costs[moved] = costs[moved - 1];
            burdens[moved] = burdens[moved - 1];
        }
        indexes[at] = index;
        candidateIds[at] = catalog.candidate(index).id();
        utilities[at] = utility;
        costs[at] = cost;
        burdens[at] = Kernel.burdenMicros(catalog, index, input);
    }

    /** Ranks as the kernel does: higher utility, lower cost, higher quality, lower id; of those inserted before, ids are lower. */
    private boolean isAhead(long utility, long cost, Candidate candidate, int of) {
        if (utility != utilities[of]) {
            return utility > utilities[of];
        }
        int byCost = Long.compareUnsigned(cost, costs[of]);
        return byCost != 0
                ? byCost < 0
                : candidate.qualityBps() > catalog.candidate(indexes[of]).qualityBps();
    }

    /**
     * Gives a candidate in play its posterior and its draw.
     *
     * @param successes alpha in 1/256, 1 to 2^32 - 1, as the next.
     * @param draw      in 1/65,536, 0 to 65,535.
     */
    public void posterior(int place, long successes, long failures, int draw) {
        this.successes[place] = successes;
        this.failures[place] = failures;
        draws[place] = draw;
    }

    /**
     * Lets the candidate in play act that is worth most by its draw; of equal ones the first. Worth is the stake times the draw, less the
     * burden. Each has its posterior and its draw by now.
     */
    public void playTo() {
        int best = CHOICE;
        for (int place = 1; place < inPlayCount; place++) {
            best = isWorthMore(place, best) ? place : best;
        }
        isExplored = best != CHOICE;
        actedIndex = indexes[best];
    }

    /** Compares what the draw gains with what the burden costs, both in micros times 65,536 and with 128 bits. */
    private boolean isWorthMore(int place, int than) {
        long drawn = draws[place] - draws[than];
        long burden = burdens[place] - burdens[than]; // Both are below 2^63, since all in play have a utility above 0.
        long gainHigh = Math.multiplyHigh(stakeMicros, drawn);
        long lossHigh = burden >> Long.SIZE - DRAW_BITS;
        return gainHigh != lossHigh
                ? gainHigh > lossHigh
                : Long.compareUnsigned(stakeMicros * drawn, burden << DRAW_BITS) > 0;
    }

    private void settle(boolean isOther, int index, long ofWhole, long whole) {
        guard = ExplorationGuard.NONE;
        isDrawn = false;
        draw = 0;
        pick = 0;
        inPlayCount = 0;
        isExplored = isOther;
        actedIndex = index;
        numerator = ofWhole;
        denominator = whole;
    }

    /** Notes the keyed draw that the record of a command holds. */
    void recorded(long sequence, long draw, long pick) {
        recordedSequence = sequence;
        recordedDraw = draw;
        recordedPick = pick;
    }

    boolean isDrawRecorded(long sequence) {
        return recordedSequence == sequence;
    }

    long recordedDraw() {
        return recordedDraw;
    }

    long recordedPick() {
        return recordedPick;
    }

    /** What kept the kernel's choice without a draw; {@link ExplorationGuard#NONE} where a draw was made. */
    public ExplorationGuard guard() {
        return guard;
    }

    /** First 8 bytes of the keyed draw, u64 bits; 0 where none was made. */
    public long draw() {
        return draw;
    }

    /** Next 8 bytes of it. */
    public long pick() {
        return pick;
    }

    /** Was a keyed draw made? */
    public boolean isDrawn() {
        return isDrawn;
    }

    /** Does another candidate than the kernel's choice act? */
    public boolean isExplored() {
        return isExplored;
    }

    /** Index of the acting candidate in the catalog. */
    public int actedIndex() {
        return actedIndex;
    }

    /** The choice and the candidates near it; 1 and above. */
    public int windowSize() {
        return 1 + near.count();
    }

    /** What the dearest of the near candidates would cost, in micros; u64 bits. */
    long greatestCostMicros() {
        return near.greatestCostMicros();
    }

    /** Probability of what was chosen by a keyed draw, in parts of {@link #denominator}; not reduced. */
    public long numerator() {
        return numerator;
    }

    /** {@code 10,000 * windowSize} of a keyed draw, 1 without one. */
    public long denominator() {
        return denominator;
    }

    /** That probability to the nearest basis point, halves upwards; 1 to 10,000. */
    public int propensityBps() {
        return (int) Math.max(1, (numerator * Bps.ONE + denominator / 2) / denominator);
    }

    /** Candidates that were drawn from their posteriors, 2 to {@link #IN_PLAY_MAX}; 0 where none were. */
    public int inPlayCount() {
        return inPlayCount;
    }

    /** Id of a candidate in play, u32; place 0 is the kernel's choice, then by the kernel's rank. */
    public long candidateId(int place) {
        return candidateIds[place];
    }

    /** Alpha of its posterior in 1/256. */
    public long successes(int place) {
        return successes[place];
    }

    /** Beta of its posterior in 1/256. */
    public long failures(int place) {
        return failures[place];
    }

    /** Its draw in 1/65,536, rounded down. */
    public int draw(int place) {
        return draws[place];
    }

    /** What a sure success is worth to the request that candidates are in play for, in micros; above 0. */
    public long stakeMicros() {
        return stakeMicros;
    }

    /** Risk, cost and latency of a candidate in play, in micros: what its utility takes off the stake times its quality. */
    public long burdenMicros(int place) {
        return burdens[place];
    }

    /** Index in the catalog of a candidate in play. */
    int index(int place) {
        return indexes[place];
    }
}
