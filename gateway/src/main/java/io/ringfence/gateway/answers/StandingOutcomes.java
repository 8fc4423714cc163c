package io.ringfence.gateway.answers;

import io.ringfence.engine.command.Command;
import io.ringfence.engine.command.Stamp;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.StandingOutcome;
import io.ringfence.schemas.OutcomeLessonDecoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.BufferUtil;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.collections.LongArrayList;
import org.agrona.collections.LongHashSet;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Knows which outcome of a decision stands, so that a later one can be stamped with it.
 *
 * <p>Of a decision whose facts are at hand the sequence of that outcome is known for certain; its bytes are at hand for the outcomes of
 * the last commands, and stand in the journal for all. Of any other decision the journal alone tells; what was ordered since it was read
 * is known here. While an outcome is ordered and not yet appended, nobody knows which one stands: a second one of that decision must
 * wait. An outcome of a retry is also one of the decision that it charges. For the duty cycle; allocates only for outcomes of decisions that are not at hand.
 */
public final class StandingOutcomes {
    /** No outcome stands. */
    public static final long NONE = 0;

    private static final int RECENT_MAX = 1 << 16;
    private static final int LATE_MAX = 1 << 16;
    private static final int LATE_DROPPED = LATE_MAX / 4;
    private static final int OPEN_ROOM = 1 << 12;
    private static final int LENGTH = StandingOutcome.LENGTH;
    private static final int SLOT_LENGTH = 2 * LENGTH; // Of the decision and of the one that it charges.
    private static final int SEQUENCE = OutcomeLessonDecoder.sequenceEncodingOffset();
    private static final int DECISION = OutcomeLessonDecoder.decisionSequenceEncodingOffset();

    private final StandingOutcome standing = new StandingOutcome();
    private final LongHashSet open = new LongHashSet(OPEN_ROOM); // Decisions.
    private final Long2LongHashMap late = new Long2LongHashMap(NONE); // Outcomes by decision.
    private final LongArrayList lateDecisions = new LongArrayList(); // Oldest outcome first; some twice.
    private final FactsIndex facts;
    private final ByteBuffer memory;
    private final UnsafeBuffer recent; // By the last bits of their sequences.
    private final int mask;
    private long forgottenSequence;

    StandingOutcomes(FactsIndex facts, int window) {
        this.facts = facts;
        this.mask = Math.min(window, RECENT_MAX) - 1;
        this.memory = ByteBuffer.allocateDirect((mask + 1) * SLOT_LENGTH);
        this.recent = new UnsafeBuffer(memory);
    }

    static long bytes(int window) {
        return (long) Math.min(window, RECENT_MAX) * SLOT_LENGTH;
    }

    /** Notes that an outcome of a decision was ordered; {@link FactsIndex#add} notes that it was appended. */
    public void ordered(long decision) {
        open.add(decision);
    }

    /** Is an outcome of this decision ordered and not yet appended? */
    public boolean isOpen(long decision) {
        return open.contains(decision);
    }

    /** Notes an outcome that was appended. */
    void add(DecisionEvent event) {
        Command command = event.command();
        if (!command.hasFacts()) {
            return;
        }
        long decision = command.facts().sequence();
        open.remove(decision);
        if (command.hasParent()) {
            open.remove(command.ofParent().facts().sequence());
        }
        if (StandingOutcome.is(event)) {
            int slot = slot(event.sequence());
            standing.write(event, recent, slot);
            stands(decision, event.sequence());
            if (StandingOutcome.hasParent(event)) {
                standing.writeParent(event, recent, slot + LENGTH);
                stands(command.ofParent().facts().sequence(), event.sequence());
            }
        }
    }

    private void stands(long decision, long sequence) {
        int offset = facts.offset(decision);
        if (offset != FactsIndex.NONE) {
            facts.outcome(offset, sequence);
        } else {
            addLate(decision, sequence);
        }
    }

    private void addLate(long decision, long sequence) {
        late.put(decision, sequence);
        lateDecisions.addLong(decision);
        if (lateDecisions.size() > LATE_MAX) {
            for (int i = 0; i < LATE_DROPPED; i++) {
                forget(late.remove(lateDecisions.getLong(i)));
            }
            for (int i = LATE_DROPPED; i < lateDecisions.size(); i++) {
                lateDecisions.setLong(i - LATE_DROPPED, lateDecisions.getLong(i));
            }
            for (int i = 0; i < LATE_DROPPED; i++) {
                lateDecisions.fastUnorderedRemove(lateDecisions.size() - 1);
            }
        }
    }

    /** Notes that an outcome is not known here any more: a journal read before it tells too little. */
    void forget(long sequence) {
        forgottenSequence = Math.max(forgottenSequence, sequence);
    }

    private int slot(long sequence) {
        return ((int) sequence & mask) * SLOT_LENGTH;
    }

    /** Sequence of the outcome that stands of a decision whose facts are at hand; {@link #NONE} if none does. */
    public long sequence(long decision) {
        return facts.outcome(facts.offset(decision));
    }

    /** Can {@link #stamp} stamp an outcome of this decision, whose facts are at hand? */
    public boolean isAtHand(long decision) {
        long sequence = sequence(decision);
        return sequence == NONE || isRecent(sequence);
    }

    private boolean isRecent(long sequence) {
        return recent.getLong(slot(sequence) + SEQUENCE, ByteOrder.LITTLE_ENDIAN) == sequence;
    }

    /** Stamps an outcome with the one that stands of its decision or of the one that it charges, if one does. Only where it {@link #isAtHand is at hand}. */
    public void stamp(Stamp stamp, long decision) {
        long sequence = sequence(decision);
        if (sequence != NONE) {
            int slot = slot(sequence);
            boolean isOfDecision = recent.getLong(slot + DECISION, ByteOrder.LITTLE_ENDIAN) == decision;
            stamp.stampLesson(recent, isOfDecision ? slot : slot + LENGTH);
        }
    }

    /**
     * Does an outcome still stand, or still none, after the journal was read?
     *
     * @param sequence of the outcome that the journal said; {@link #NONE} for none.
     */
    public boolean isCurrent(long decision, long sequence) {
        if (facts.offset(decision) != FactsIndex.NONE) {
            return sequence(decision) == sequence;
        }
        long ordered = late.get(decision);
        return ordered == NONE || ordered == sequence;
    }

    /** Was the journal read so far that what is not known here is in what was read? */
    public boolean isReadFarEnough(long readTo) {
        return readTo >= forgottenSequence;
    }

    void close() {
        recent.wrap(0, 0);
        BufferUtil.free(memory);
    }
}
