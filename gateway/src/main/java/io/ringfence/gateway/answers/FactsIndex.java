package io.ringfence.gateway.answers;

import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.Verdict.DecisionFacts;
import io.ringfence.schemas.OutcomeFactsDecoder;
import io.ringfence.schemas.ReasonCode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The facts of the last answered decisions, for the outcomes that will be reported on them. Facts of earlier decisions are in the journal alone.
 *
 * <p>It is a ring of {@code OutcomeFacts} blocks in memory, found by sequence; the oldest is overwritten. With each block goes the
 * record of the outcome of that decision that stands, which {@link StandingOutcomes} keeps, and the decision that it charges as a retry.
 *
 * <p>For the duty cycle; allocates nothing once made. Every page is written when it is made.
 */
public final class FactsIndex implements AutoCloseable {
    /** Decisions kept unless configured otherwise. */
    public static final int DEFAULT_WINDOW = 1 << 20;

    /** Event time after which an outcome comes too late, unless configured otherwise: 30 days. */
    public static final long DEFAULT_MAX_AGE_NS = TimeUnit.DAYS.toNanos(30);

    /** Returned by {@link #offset} for a decision whose facts are not kept. */
    public static final int NONE = -1;

    private static final int OUTCOME = BitUtil.align(DecisionFacts.LENGTH, Long.BYTES); // In a slot.
    private static final int PARENT = OUTCOME + Long.BYTES;
    private static final int SLOT_LENGTH = PARENT + Long.BYTES;
    private static final int SEQUENCE = OutcomeFactsDecoder.sequenceEncodingOffset();

    private final ByteBuffer memory;
    private final UnsafeBuffer entries;
    private final DecisionFacts facts = new DecisionFacts();
    private final StandingOutcomes outcomes;
    private final OutcomeFactsDecoder decoder = new OutcomeFactsDecoder();
    private final long maxAgeNs;
    private final int capacity;
    private long addedCount;
    private long firstSequence;
    private long answeredSequence;

    /**
     * Makes room. Facts of decisions up to {@code answeredSequence} are in the journal alone, unless {@link #recovered} says otherwise.
     *
     * @param window           decisions kept, rounded up to a power of two.
     * @param maxAgeNs         event time after which an outcome comes too late; 1 and above.
     * @param answeredSequence last sequence that was answered.
     */
    public FactsIndex(int window, long maxAgeNs, long answeredSequence) {
        this.capacity = BitUtil.findNextPositivePowerOfTwo(window);
        this.memory = ByteBuffer.allocateDirect(Math.multiplyExact(capacity, SLOT_LENGTH));
        this.entries = new UnsafeBuffer(memory);
        this.outcomes = new StandingOutcomes(this, capacity);
        this.maxAgeNs = maxAgeNs;
        this.answeredSequence = answeredSequence;
        this.firstSequence = answeredSequence + 1;
    }

    /** Bytes beside the heap that a window takes. */
    public static long bytes(int window) {
        int slots = BitUtil.findNextPositivePowerOfTwo(window);
        return (long) slots * SLOT_LENGTH + StandingOutcomes.bytes(slots);
    }

    /** Where the facts are. */
    public DirectBuffer buffer() {
        return entries;
    }

    /**
     * Keeps the facts of an event that {@linkplain DecisionFacts#has has} any, unless it is not newer than the newest: then they are kept
     * already. Notes an outcome.
     */
    public void add(DecisionEvent event) {
        if (DecisionFacts.has(event) && (addedCount == 0 || event.sequence() > sequence(addedCount - 1))) {
            int offset = offsetOf(addedCount++);
            if (outcome(offset) != StandingOutcomes.NONE) {
                outcomes.forget(outcome(offset));
            }
            facts.write(event, entries, offset);
            outcome(offset, StandingOutcomes.NONE);
            entries.putLong(offset + PARENT, DecisionFacts.parent(event), ByteOrder.LITTLE_ENDIAN);
        }
        if (event.type() == CommandType.OUTCOME) {
            outcomes.add(event);
        }
    }

    /** Which outcomes of the decisions stand. */
    public StandingOutcomes outcomes() {
        return outcomes;
    }

    /** Sequence of the outcome that stands of the decision at an offset. */
    long outcome(int offset) {
        return entries.getLong(offset + OUTCOME, ByteOrder.LITTLE_ENDIAN);
    }

    void outcome(int offset, long sequence) {
        entries.putLong(offset + OUTCOME, sequence, ByteOrder.LITTLE_ENDIAN);
    }

    /** The decision that outcomes of the one at an offset charge: {@link DecisionFacts#parent}; 0 for none. */
    public long parent(int offset) {
        return entries.getLong(offset + PARENT, ByteOrder.LITTLE_ENDIAN);
    }

    /** Notes that from this answered sequence on all facts are added. To be called in the order of sequences. */
    public void recovered(long sequence) {
        firstSequence = Math.min(firstSequence, sequence);
    }

    /** Notes that everything up to a sequence has been answered. */
    public void answered(long sequence) {
        answeredSequence = sequence;
    }

    /** Where the facts of a decision stand in {@link #buffer()}, or {@link #NONE}. */
    public int offset(long decisionSequence) {
        // From one entry to the next the sequence rises by 1 or more. So the entry is at most that many entries back.
        long high = addedCount - 1;
        long low = high < 0 ? 0 : Math.max(oldest(), high - Math.max(0, sequence(high) - decisionSequence));
        while (low <= high) {
            long middle = (low + high) >>> 1;
            long found = sequence(middle);
            if (found == decisionSequence) {
                return offsetOf(middle);
            }
            if (found < decisionSequence) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return NONE;
    }

    /** The oldest entry that is kept, counted from the first that was ever added. */
    private long oldest() {
        return Math.max(0, addedCount - capacity);
    }

    private long sequence(long ordinal) {
        return entries.getLong(offsetOf(ordinal) + SEQUENCE, ByteOrder.LITTLE_ENDIAN);
    }

    private int offsetOf(long ordinal) {
        return ((int) ordinal & capacity - 1) * SLOT_LENGTH;
    }

    /**
     * May an outcome be reported on this decision?
     *
     * @param timestampNs event time of the outcome.
     * @return NONE if {@link #offset} finds its facts, or if {@link #isElsewhere only the journal may have them}; OUTCOME_TOO_EARLY if it is
     *         not answered yet; OUTCOME_TOO_OLD if it is too long ago; FIELD_INVALID for a sequence that is no decision's.
     */
    public ReasonCode check(long decisionSequence, long timestampNs) {
        if (decisionSequence > answeredSequence) {
            return ReasonCode.OUTCOME_TOO_EARLY;
        }
        if (isElsewhere(decisionSequence)) {
            return ReasonCode.NONE;
        }
        int offset = offset(decisionSequence);
        if (offset == NONE) {
            return ReasonCode.FIELD_INVALID;
        }
        decoder.wrap(entries, offset, OutcomeFactsDecoder.BLOCK_LENGTH, OutcomeFactsDecoder.SCHEMA_VERSION);
        return isTooOld(decoder.timestampNs(), timestampNs) ? ReasonCode.OUTCOME_TOO_OLD : ReasonCode.NONE;
    }

    /** Is the sequence below all that are kept, so that only the journal says what it is? */
    public boolean isElsewhere(long sequence) {
        return sequence < firstSequence || oldest() > 0 && sequence < sequence(oldest());
    }

    /**
     * Is a decision too long ago for an outcome?
     *
     * @param decidedAtNs event time of the decision.
     * @param timestampNs event time of the outcome.
     */
    public boolean isTooOld(long decidedAtNs, long timestampNs) {
        return timestampNs - decidedAtNs > maxAgeNs;
    }

    /** Frees the memory at once. Nothing may be called after that. */
    @Override
    public void close() {
        entries.wrap(0, 0);
        BufferUtil.free(memory);
        outcomes.close();
    }
}
