package io.ringfence.engine.bandit;

import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.LessonStateDecoder;
import io.ringfence.schemas.LessonStateEncoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import java.util.Arrays;
import org.agrona.collections.Long2LongHashMap;

/**
 * Remembers the last {@link #CAPACITY} decisions that taught, with their lessons; first in, first out.
 *
 * <p>Allocates nothing after construction. Not thread safe.
 */
final class LessonMemory {
    /** Decisions remembered. */
    static final int CAPACITY = 1 << 16;

    private static final int INDEX_MASK = CAPACITY - 1;
    private static final long NOT_REMEMBERED = -1;
    private static final short NOTHING_LEFT = LessonStateDecoder.lessonNullValue();

    private final long[] decisionSequences = new long[CAPACITY];
    private final int[] revisions = new int[CAPACITY];
    private final byte[] useCases = new byte[CAPACITY];
    private final byte[] regimes = new byte[CAPACITY];
    private final byte[] tiers = new byte[CAPACITY];
    private final short[] lessons = new short[CAPACITY];
    private final Long2LongHashMap indexes = new Long2LongHashMap(2 * CAPACITY, 0.65f, NOT_REMEMBERED);
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final LessonStateEncoder encoder = new LessonStateEncoder();
    private final LessonStateDecoder decoder = new LessonStateDecoder();
    private long added;

    /** True when this decision taught and is not yet forgotten. */
    boolean isRemembered(long decisionSequence) {
        return indexes.get(decisionSequence) != NOT_REMEMBERED;
    }

    /** Remembers a decision that {@link #isRemembered} does not know; forgets the oldest when full. */
    void remember(long decisionSequence, long revision, int useCase, int regime, int tier, int lesson) {
        int index = (int) added & INDEX_MASK;
        if (added >= CAPACITY) {
            indexes.remove(decisionSequences[index]);
        }
        decisionSequences[index] = decisionSequence;
        revisions[index] = (int) revision;
        useCases[index] = (byte) useCase;
        regimes[index] = (byte) regime;
        tiers[index] = (byte) tier;
        lessons[index] = (short) lesson;
        indexes.put(decisionSequence, index);
        added++;
    }

    /** Drops the lessons but keeps the decisions, so that none teaches twice. */
    void voidLessons() {
        Arrays.fill(lessons, NOTHING_LEFT);
    }

    void clear() {
        indexes.clear();
        added = 0;
    }

    long stateLength() {
        return StateWriter.length(Math.min(added, CAPACITY), LessonStateEncoder.BLOCK_LENGTH);
    }

    /** Appends the decisions, oldest first. */
    void writeState(StateWriter writer) {
        for (long entry = Math.max(0, added - CAPACITY); entry < added; entry++) {
            int index = (int) entry & INDEX_MASK;
            encoder.wrapAndApplyHeader(writer.buffer(), writer.position(), headerEncoder)
                    .decisionSequence(decisionSequences[index])
                    .revision(revisions[index] & 0xFFFF_FFFFL)
                    .useCase(useCases[index])
                    .regime(regimes[index])
                    .tier(tiers[index])
                    .lesson(lessons[index]);
            writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
        }
    }

    /** Takes the next message, a {@code LessonState}. */
    void readState(StateReader reader, MessageHeaderDecoder header) {
        decoder.wrapAndApplyHeader(reader.buffer(), reader.position(), header);
        remember(
                decoder.decisionSequence(),
                decoder.revision(),
                decoder.useCase(),
                decoder.regime(),
                decoder.tier(),
                decoder.lesson());
        reader.advance(MessageHeaderDecoder.ENCODED_LENGTH + decoder.encodedLength());
    }
}
