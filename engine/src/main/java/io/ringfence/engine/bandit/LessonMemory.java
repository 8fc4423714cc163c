package io.ringfence.engine.bandit;

import io.ringfence.engine.recent.RecentRows;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.LessonStateDecoder;
import io.ringfence.schemas.LessonStateEncoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OutcomeFactsDecoder;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * Remembers of each principal the last {@link #CAPACITY} decisions that taught, with their lessons; first in, first out.
 *
 * <p>So the outcomes of one principal's decisions never make another's be forgotten. Allocates the room of a principal at its first
 * lesson, and nothing else. Not thread safe.
 */
final class LessonMemory {
    /** Decisions remembered of one principal. */
    static final int CAPACITY = 1 << 16;

    private static final short NOTHING_LEFT = LessonStateDecoder.lessonNullValue();
    private static final int DECISION = 0;
    private static final int REVISION = 1;
    private static final int CELL = 2; // Use case, regime and tier, a byte each.
    private static final int LESSON = 3;
    private static final int STRIDE = 4;

    private final Int2ObjectHashMap<RecentRows> principals = new Int2ObjectHashMap<>();
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final LessonStateEncoder encoder = new LessonStateEncoder();
    private final LessonStateDecoder decoder = new LessonStateDecoder();

    /** Remembers a decision with the lesson that it taught; false, and no change, when it is remembered already. */
    boolean remember(OutcomeFactsDecoder facts, long revision, int lesson) {
        RecentRows rows = rows((int) facts.principalId());
        if (isRemembered(rows, facts.sequence())) {
            return false;
        }
        add(rows, facts.sequence(), revision, facts.useCase() << 16 | facts.regime() << 8 | facts.tier(), lesson);
        return true;
    }

    private RecentRows rows(int principalId) {
        RecentRows rows = principals.get(principalId);
        if (rows == null) {
            rows = RecentRows.full(CAPACITY, STRIDE);
            principals.put(principalId, rows);
        }
        return rows;
    }

    private static boolean isRemembered(RecentRows rows, long decisionSequence) {
        long hash = RecentRows.hash(decisionSequence);
        int row = rows.find(hash);
        while (row != RecentRows.NONE && rows.cell(row, DECISION) != decisionSequence) {
            row = rows.findOlder(row, hash);
        }
        return row != RecentRows.NONE;
    }

    private static void add(RecentRows rows, long decisionSequence, long revision, int cell, int lesson) {
        int row = rows.add(RecentRows.hash(decisionSequence));
        rows.set(row, DECISION, decisionSequence);
        rows.set(row, REVISION, revision);
        rows.set(row, CELL, cell);
        rows.set(row, LESSON, lesson);
    }

    /** Drops the lessons but keeps the decisions, so that none teaches twice. */
    void voidLessons() {
        for (RecentRows rows : principals.values()) {
            for (int i = 0; i < rows.size(); i++) {
                rows.set(rows.row(i), LESSON, NOTHING_LEFT);
            }
        }
    }

    void clear() {
        principals.clear();
    }

    long stateLength() {
        long count = principals.values().stream().mapToLong(RecentRows::size).sum();
        return StateWriter.length(count, LessonStateEncoder.BLOCK_LENGTH);
    }

    /** Appends the decisions, ascending by principal, each principal's oldest first. */
    void writeState(StateWriter writer) {
        principals.keySet().stream()
                .mapToInt(Integer::intValue)
                .sorted()
                .forEach(principalId -> writeState(principalId, principals.get(principalId), writer));
    }

    private void writeState(int principalId, RecentRows rows, StateWriter writer) {
        for (int i = 0; i < rows.size(); i++) {
            int row = rows.row(i);
            int cell = (int) rows.cell(row, CELL);
            encoder.wrapAndApplyHeader(writer.buffer(), writer.position(), headerEncoder)
                    .decisionSequence(rows.cell(row, DECISION))
                    .revision(rows.cell(row, REVISION))
                    .useCase((short) (cell >> 16))
                    .regime((short) (cell >> 8 & 0xFF))
                    .tier((short) (cell & 0xFF))
                    .lesson((short) rows.cell(row, LESSON))
                    .principalId(principalId);
            writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
        }
    }

    /** Takes the next message, a {@code LessonState}. */
    void readState(StateReader reader, MessageHeaderDecoder header) {
        decoder.wrapAndApplyHeader(reader.buffer(), reader.position(), header);
        add(
                rows((int) decoder.principalId()),
                decoder.decisionSequence(),
                decoder.revision(),
                decoder.useCase() << 16 | decoder.regime() << 8 | decoder.tier(),
                decoder.lesson());
        reader.advance(MessageHeaderDecoder.ENCODED_LENGTH + decoder.encodedLength());
    }
}
