package io.ringfence.engine.pipeline;

import io.ringfence.engine.bandit.Lesson;
import io.ringfence.engine.bandit.Revision;
import io.ringfence.engine.command.CommandType;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.OutcomeLessonDecoder;
import io.ringfence.schemas.OutcomeLessonEncoder;
import io.ringfence.schemas.OutcomeReportDecoder;
import io.ringfence.schemas.RecordSectionsEncoder;
import org.agrona.MutableDirectBuffer;

/**
 * Writes an outcome that stands as the bytes with which a later outcome of its decision is stamped. A flyweight: one a thread; allocates
 * nothing.
 */
public final class StandingOutcome {
    /** Bytes of one: an {@code OutcomeLesson} block. */
    public static final int LENGTH = OutcomeLessonEncoder.BLOCK_LENGTH;

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final OutcomeReportDecoder report = new OutcomeReportDecoder();
    private final OutcomeLessonEncoder encoder = new OutcomeLessonEncoder();

    /** Is the event an outcome that stands? */
    public static boolean is(DecisionEvent event) {
        return event.type() == CommandType.OUTCOME && event.learnt().isStanding();
    }

    /** Writes {@link #LENGTH} bytes of an event that {@link #is} one. */
    public void write(DecisionEvent event, MutableDirectBuffer buffer, int offset) {
        report.wrapAndApplyHeader(event.command().message(), 0, header);
        encoder.wrap(buffer, offset)
                .decisionSequence(report.decisionSequence())
                .sequence(event.sequence())
                .learningAge(event.choice().age())
                .revision(report.revision())
                .lesson(Lesson.toRecord(event.learnt().lesson()));
        Revision.write(report, encoder.content());
    }

    /** Encodes the lessons of an outcome's record: the bytes as they are, for the entries have the layout of the block. */
    void encode(DecisionEvent event, RecordSectionsEncoder sections, MutableDirectBuffer record) {
        boolean isStamped = event.command().hasLesson();
        boolean isStanding = event.learnt().isStanding();
        RecordSectionsEncoder.LessonEncoder group = sections.lessonCount((isStamped ? 1 : 0) + (isStanding ? 1 : 0));
        if (isStamped) {
            record.putBytes(sections.limit(), event.command().lessonBytes(), 0, LENGTH);
            group.next();
        }
        if (isStanding) {
            write(event, record, sections.limit());
            group.next();
        }
    }

    /** Has the slot know the earlier outcome with which a record's is stamped. */
    static void note(OutcomeLessonDecoder first, DecisionEvent event) {
        if (first.sequence() != event.sequence()) {
            event.command().stampLesson(first.buffer(), first.offset());
        }
    }
}
