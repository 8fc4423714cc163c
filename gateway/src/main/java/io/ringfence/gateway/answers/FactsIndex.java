package io.ringfence.gateway.answers;

import io.ringfence.engine.pipeline.OutcomeFacts;
import io.ringfence.schemas.OutcomeFactsDecoder;
import io.ringfence.schemas.OutcomeFactsEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Tristate;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.BitUtil;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The facts of the last answered decisions, for the outcomes that will be reported on them.
 *
 * <p>A ring of slots, oldest overwritten, found by sequence; on a file it outlives the process. What an outcome is stamped with is
 * journaled, so each slot carries a checksum, and facts that are not as they were written count as not kept. A slot: {@code
 * OutcomeFacts} 65 | zeros 7 | checksum 8. For the duty cycle, but for
 * {@link #touchAhead}; allocates nothing.
 */
public final class FactsIndex implements AutoCloseable {
    /** Name of the file in the data directory. */
    public static final String NAME = "facts.dat";

    /** Decisions kept unless configured otherwise. */
    public static final int DEFAULT_WINDOW = 1 << 20;

    /** Event time after which an outcome comes too late, unless configured otherwise: 30 days. */
    public static final long DEFAULT_MAX_AGE_NS = TimeUnit.DAYS.toNanos(30);

    private static final int CHECKSUM_OFFSET = BitUtil.align(OutcomeFactsEncoder.BLOCK_LENGTH, Long.BYTES);
    static final int SLOT_LENGTH = CHECKSUM_OFFSET + Long.BYTES;

    private static final int PAGE_LENGTH = 4_096;
    private static final int TOUCHED_AHEAD = 16 << 20;

    private static final long CHECKSUM_SEED = 0x72696e67_66637432L;
    private static final long CHECKSUM_FACTOR = 0x9e3779b9_7f4a7c15L; // Odd, so that no word's change is lost.

    private final ByteBuffer memory;
    private final UnsafeBuffer entries;
    private final SequenceIndex index;
    private final OutcomeFactsEncoder encoder = new OutcomeFactsEncoder();
    private final OutcomeFactsDecoder decoder = new OutcomeFactsDecoder();

    private final AtomicLong nextOrdinal = new AtomicLong(); // For the thread that touches ahead.

    private long touchedTo;
    private long answeredSequence;
    private long maxAgeNs = DEFAULT_MAX_AGE_NS;

    private FactsIndex(ByteBuffer memory, int entriesOffset, int window, long answeredSequence) {
        this.memory = memory;
        this.entries = new UnsafeBuffer(memory, entriesOffset, Math.multiplyExact(window, SLOT_LENGTH));
        this.index = new SequenceIndex(window);
        this.answeredSequence = answeredSequence;
    }

    /** Keeps facts in memory only. */
    public static FactsIndex inMemory(int window, long answeredSequence) {
        int slots = BitUtil.findNextPositivePowerOfTwo(window);
        return new FactsIndex(ByteBuffer.allocateDirect(slots * SLOT_LENGTH), 0, slots, answeredSequence);
    }

    /** Length in bytes of the file that keeps so many decisions. */
    public static long fileLength(int window) {
        return FactsFile.ENTRIES_OFFSET + (long) BitUtil.findNextPositivePowerOfTwo(window) * SLOT_LENGTH;
    }

    /**
     * Keeps facts in a file, and takes over what an earlier process of the same journal left there.
     *
     * @param window       decisions kept, rounded up to a power of two.
     * @param journalId    32 bytes: facts of another journal are dropped.
     * @param headSequence last one of the journal: facts of a longer one are dropped.
     */
    public static FactsIndex open(Path path, int window, byte[] journalId, long headSequence) throws IOException {
        int slots = BitUtil.findNextPositivePowerOfTwo(window);
        FactsFile file = FactsFile.open(path, slots * SLOT_LENGTH, journalId);
        FactsIndex index = new FactsIndex(file.memory(), FactsFile.ENTRIES_OFFSET, slots, headSequence);
        index.takeOver(headSequence);
        return index;
    }

    /**
     * Adds all entries from the oldest on, or drops all of them when one is not as it was written or is beyond the head: the
     * journal has them all.
     */
    private void takeOver(long headSequence) {
        long ordinal = newestSlot() + 1L;
        long end = ordinal + index.capacity();
        int emptyCount = 0;
        while (ordinal < end && sequenceAt(index.slot(ordinal)) == 0) {
            ordinal++; // Not written in the first round, or half written by a killed process.
            emptyCount++;
        }
        index.startAt(ordinal);
        boolean isGood = emptyCount <= 1 || index.slot(ordinal) == 0;
        for (; isGood && ordinal < end; ordinal++) {
            int slot = index.slot(ordinal);
            long sequence = sequenceAt(slot);
            isGood = sequence > index.newestSequence() && sequence <= headSequence && isAsWritten(slot, sequence);
            index.add(sequence);
        }
        if (!isGood) {
            ordinal = 0;
            index.startAt(0);
            entries.setMemory(0, entries.capacity(), (byte) 0);
        }
        nextOrdinal.set(ordinal);
    }

    /** Slot of the highest sequence; -1 when there is none. */
    private int newestSlot() {
        int newest = -1;
        long highest = 0;
        for (int slot = 0; slot < index.capacity(); slot++) {
            long sequence = sequenceAt(slot);
            if (sequence > highest) {
                highest = sequence;
                newest = slot;
            }
        }
        return newest;
    }

    private long sequenceAt(int slot) {
        return entries.getLong(slot * SLOT_LENGTH, ByteOrder.LITTLE_ENDIAN);
    }

    private boolean isAsWritten(int slot, long sequence) {
        int offset = slot * SLOT_LENGTH;
        return sequenceAt(slot) == sequence
                && entries.getLong(offset + CHECKSUM_OFFSET, ByteOrder.LITTLE_ENDIAN) == checksum(offset, sequence);
    }

    /** Of an entry with this sequence, whatever sequence stands in it now; another for each change of a single word. */
    private long checksum(int offset, long sequence) {
        long sum = mix(CHECKSUM_SEED ^ sequence);
        for (int i = Long.BYTES; i < CHECKSUM_OFFSET; i += Long.BYTES) {
            sum = mix(sum ^ entries.getLong(offset + i, ByteOrder.LITTLE_ENDIAN));
        }
        return sum;
    }

    private static long mix(long value) {
        long product = value * CHECKSUM_FACTOR;
        return product ^ product >>> 32;
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
        long ordinal = index.add(facts.decisionSequence());
        int offset = index.slot(ordinal) * SLOT_LENGTH;
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
        entries.putLong(offset + CHECKSUM_OFFSET, checksum(offset, facts.decisionSequence()), ByteOrder.LITTLE_ENDIAN);
        entries.putLongRelease(offset, facts.decisionSequence());
        nextOrdinal.setRelease(ordinal + 1);
    }

    /**
     * Has the pages that come next mapped for writing, so that adding never waits for the kernel: it takes the right to write
     * from a page of a file whenever it has brought it to the disk. Another thread's to call, a few times a second; does nothing
     * once this is closed.
     */
    public synchronized void touchAhead() {
        long next = nextOrdinal.getAcquire() * SLOT_LENGTH;
        long end = next + Math.min(TOUCHED_AHEAD, entries.capacity());
        for (long at = Math.max(next, touchedTo); at < end; at += PAGE_LENGTH) {
            entries.getAndAddInt((int) (at % entries.capacity()), 0); // The adding thread may be in that page.
        }
        touchedTo = Math.max(touchedTo, end);
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
     * @return NONE, OUTCOME_TOO_EARLY for what is not answered yet, OUTCOME_TOO_OLD for what is kept no longer or not as it
     *         was written, or FIELD_INVALID for a sequence that is no decision's.
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
        int slot = index.slot(ordinal);
        if (!isAsWritten(slot, decisionSequence)) {
            return ReasonCode.OUTCOME_TOO_OLD;
        }
        read(slot, facts);
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

    /** Waits for whoever touches ahead: a page that is touched when it is gone ends the process. */
    @Override
    public synchronized void close() {
        entries.wrap(0, 0);
        IoUtil.unmap(memory instanceof MappedByteBuffer mapped ? mapped : null);
    }
}
