package io.ringfence.gateway.answers;

import io.ringfence.engine.pipeline.OutcomeFacts;
import io.ringfence.schemas.OutcomeFactsDecoder;
import io.ringfence.schemas.OutcomeFactsEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Tristate;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.agrona.BitUtil;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The facts of the last answered decisions, for the outcomes that will be reported on them.
 *
 * <p>A ring of {@code OutcomeFacts} entries, oldest overwritten, found by sequence; on a file it outlives the process. Used
 * by the duty cycle only; allocates nothing.
 */
public final class FactsIndex implements AutoCloseable {
    /** Decisions kept unless configured otherwise. */
    public static final int DEFAULT_WINDOW = 1 << 20;

    /** Event time after which an outcome comes too late, unless configured otherwise: 30 days. */
    public static final long DEFAULT_MAX_AGE_NS = TimeUnit.DAYS.toNanos(30);

    static final int SLOT_LENGTH = BitUtil.align(OutcomeFactsEncoder.BLOCK_LENGTH, Long.BYTES);

    private final ByteBuffer memory;
    private final UnsafeBuffer entries;
    private final SequenceIndex index;
    private final OutcomeFactsEncoder encoder = new OutcomeFactsEncoder();
    private final OutcomeFactsDecoder decoder = new OutcomeFactsDecoder();

    private long answeredSequence;
    private long maxAgeNs = DEFAULT_MAX_AGE_NS;

    private FactsIndex(ByteBuffer memory, int entriesOffset, int window, long answeredSequence) {
        this.memory = memory;
        this.entries = new UnsafeBuffer(memory, entriesOffset, window * SLOT_LENGTH);
        this.index = new SequenceIndex(window);
        this.answeredSequence = answeredSequence;
    }

    /** Keeps facts in memory only. */
    public static FactsIndex inMemory(int window, long answeredSequence) {
        int slots = BitUtil.findNextPositivePowerOfTwo(window);
        return new FactsIndex(ByteBuffer.allocateDirect(slots * SLOT_LENGTH), 0, slots, answeredSequence);
    }

    /**
     * Keeps facts in a file, and takes over what an earlier process of the same journal left there.
     *
     * @param window       decisions kept, rounded up to a power of two.
     * @param journalId    32 bytes: facts of another journal are dropped.
     * @param headSequence last one of the journal: facts beyond it are dropped.
     */
    public static FactsIndex open(Path path, int window, byte[] journalId, long headSequence) throws IOException {
        int slots = BitUtil.findNextPositivePowerOfTwo(window);
        FactsFile file = FactsFile.open(path, slots * SLOT_LENGTH, journalId);
        FactsIndex index = new FactsIndex(file.memory(), FactsFile.ENTRIES_OFFSET, slots, headSequence);
        index.takeOver(headSequence);
        return index;
    }

    /** Adds all entries from the one behind the newest on, once around; drops everything if they do not rise. */
    private void takeOver(long headSequence) {
        long ordinal = newestSlot(headSequence) + 1L;
        long end = ordinal + index.capacity();
        while (ordinal < end && sequenceAt(index.slot(ordinal)) == 0) {
            ordinal++; // Not written in the first round, or beyond the head.
        }
        index.startAt(ordinal);
        long last = 0;
        for (; ordinal < end; ordinal++) {
            long sequence = sequenceAt(index.slot(ordinal));
            if (sequence <= last) {
                index.startAt(0);
                entries.setMemory(0, entries.capacity(), (byte) 0);
                return;
            }
            index.add(sequence);
            last = sequence;
        }
    }

    /** Slot of the highest sequence up to the head; clears what is beyond the head. -1 when there is none. */
    private int newestSlot(long headSequence) {
        int newest = -1;
        long highest = 0;
        for (int slot = 0; slot < index.capacity(); slot++) {
            long sequence = sequenceAt(slot);
            if (sequence > headSequence) {
                entries.putLong(slot * SLOT_LENGTH, 0);
            } else if (sequence > highest) {
                highest = sequence;
                newest = slot;
            }
        }
        return newest;
    }

    private long sequenceAt(int slot) {
        decoder.wrap(entries, slot * SLOT_LENGTH, OutcomeFactsDecoder.BLOCK_LENGTH, OutcomeFactsDecoder.SCHEMA_VERSION);
        return decoder.sequence();
    }

    /** Sets the event time after which an outcome comes too late; 1 and above. */
    public void maxAgeNs(long ageNs) {
        maxAgeNs = ageNs;
    }

    /** Keeps the facts of an answered decision; those that a recovery meets again are there already. */
    public void add(OutcomeFacts facts, long timestampNs) {
        if (facts.decisionSequence() <= index.newestSequence()) {
            return;
        }
        int offset = index.slot(index.add(facts.decisionSequence())) * SLOT_LENGTH;
        // The sequence last, so that an entry that a killed process left half written is an empty one.
        encoder.wrap(entries, offset)
                .sequence(0)
                .accountId(facts.accountId())
                .timestampNs(timestampNs)
                .actedCandidateId(facts.actedCandidateId())
                .useCase((short) facts.useCase())
                .regime((short) facts.regime())
                .tier((short) facts.tier())
                .providerId((short) facts.providerId())
                .isAdmitted(facts.isAdmitted() ? Tristate.YES : Tristate.NO)
                .putIdentityDigest(facts.identityDigest(), 0, OutcomeFactsEncoder.identityDigestLength());
        entries.putLongRelease(offset, facts.decisionSequence());
    }

    /** Sequence of the newest decision whose facts are kept; 0 when there is none. */
    public long newestSequence() {
        return index.newestSequence();
    }

    /** Notes that everything up to a sequence has been answered. */
    public void answered(long sequence) {
        answeredSequence = sequence;
    }

    /**
     * Looks up the facts of a decision for an outcome.
     *
     * @param timestampNs event time of the outcome.
     * @param facts       receives them; to be used only when the answer is NONE.
     * @return as {@link #find(long, OutcomeFacts)}, and OUTCOME_TOO_OLD for what is too long ago.
     */
    public ReasonCode find(long decisionSequence, long timestampNs, OutcomeFacts facts) {
        ReasonCode result = find(decisionSequence, facts);
        boolean isTooLongAgo = result == ReasonCode.NONE && timestampNs - decoder.timestampNs() > maxAgeNs;
        return isTooLongAgo ? ReasonCode.OUTCOME_TOO_OLD : result;
    }

    /**
     * Looks up the facts of a decision, however long ago.
     *
     * @param facts receives them; unchanged when there are none.
     * @return NONE, OUTCOME_TOO_EARLY for what is not answered yet, OUTCOME_TOO_OLD for what is kept no longer, or
     *         FIELD_INVALID for a sequence that is no decision's.
     */
    public ReasonCode find(long decisionSequence, OutcomeFacts facts) {
        if (decisionSequence > answeredSequence) {
            return ReasonCode.OUTCOME_TOO_EARLY;
        }
        if (decisionSequence < index.oldestSequence()) {
            return ReasonCode.OUTCOME_TOO_OLD;
        }
        long ordinal = index.find(decisionSequence);
        if (ordinal == SequenceIndex.NONE) {
            return ReasonCode.FIELD_INVALID;
        }
        read(index.slot(ordinal), facts);
        return ReasonCode.NONE;
    }

    private void read(int slot, OutcomeFacts facts) {
        decoder.wrap(entries, slot * SLOT_LENGTH, OutcomeFactsDecoder.BLOCK_LENGTH, OutcomeFactsDecoder.SCHEMA_VERSION);
        facts.set(
                decoder.sequence(),
                decoder.accountId(),
                (int) decoder.actedCandidateId(),
                decoder.useCase(),
                decoder.regime(),
                decoder.tier(),
                decoder.providerId(),
                decoder.isAdmittedRaw() == Tristate.YES.value());
        decoder.getIdentityDigest(facts.identityDigest(), 0, OutcomeFactsEncoder.identityDigestLength());
    }

    @Override
    public void close() {
        IoUtil.unmap(memory instanceof MappedByteBuffer mapped ? mapped : null);
    }
}
