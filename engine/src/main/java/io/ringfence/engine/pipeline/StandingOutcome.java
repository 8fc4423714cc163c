package io.ringfence.engine.pipeline;

import io.ringfence.engine.bandit.Lesson;
import io.ringfence.engine.bandit.Revision;
import io.ringfence.engine.command.Command;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.command.Stamp;
import io.ringfence.engine.pipeline.Verdict.Learnt;
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

    /** Does the event, which {@link #is} one, also change what stands of the decision that its own one retries? */
    public static boolean hasParent(DecisionEvent event) {
        return event.learnt().ofParent().isChanged();
    }

    /** Writes {@link #LENGTH} bytes of an event that {@link #is} one. */
    public void write(DecisionEvent event, MutableDirectBuffer buffer, int offset) {
        Learnt learnt = event.learnt();
        report.wrapAndApplyHeader(event.command().message(), 0, header);
        encoder.wrap(buffer, offset)
                .decisionSequence(report.decisionSequence())
                .sequence(event.sequence())
                .learningAge(event.choice().age())
                .revision(report.revision())
                .lesson(Lesson.toRecord(learnt.lesson()));
        Revision.write(report, encoder.content());
        learnt.charge().write(encoder.charge());
        learnt.charged().write(encoder.charged());
    }

    /** Writes {@link #LENGTH} bytes of what stands of the parent, where the event {@link #hasParent} such. */
    public void writeParent(DecisionEvent event, MutableDirectBuffer buffer, int offset) {
        Stamp parent = event.command().ofParent();
        ParentCharge changed = event.learnt().ofParent();
        encoder.wrap(buffer, offset);
        if (parent.hasLesson()) {
            buffer.putBytes(offset, parent.lessonBytes(), 0, LENGTH);
        } else {
            encoder.decisionSequence(parent.facts().sequence()).revision(0);
            Revision.writeNotReported(encoder.content());
            encoder.charged().costMicros(0).latencyMs(0).retries(0);
        }
        encoder.sequence(event.sequence()).learningAge(event.choice().age()).lesson(Lesson.toRecord(changed.lesson()));
        changed.charge().write(encoder.charge());
    }

    /** Encodes the lessons of an outcome's record: the bytes as they are, for the entries have the layout of the block. */
    void encode(DecisionEvent event, RecordSectionsEncoder sections, MutableDirectBuffer record) {
        Stamp own = event.command().ofDecision();
        Stamp parent = event.command().ofParent();
        boolean isStanding = event.learnt().isStanding();
        boolean isParentChanged = hasParent(event);
        RecordSectionsEncoder.LessonEncoder group = sections.lessonCount((own.hasLesson() ? 1 : 0)
                + (isStanding ? 1 : 0)
                + (parent.hasLesson() ? 1 : 0)
                + (isParentChanged ? 1 : 0));
        copy(own, sections, group, record);
        if (isStanding) {
            write(event, record, sections.limit());
            group.next();
        }
        copy(parent, sections, group, record);
        if (isParentChanged) {
            writeParent(event, record, sections.limit());
            group.next();
        }
    }

    private static void copy(
            Stamp stamp,
            RecordSectionsEncoder sections,
            RecordSectionsEncoder.LessonEncoder group,
            MutableDirectBuffer record) {
        if (stamp.hasLesson()) {
            record.putBytes(sections.limit(), stamp.lessonBytes(), 0, LENGTH);
            group.next();
        }
    }

    /** Has the slot, which has the record's facts, know an earlier outcome with which the record is stamped. */
    static void note(OutcomeLessonDecoder entry, DecisionEvent event) {
        if (entry.sequence() != event.sequence()) {
            Command command = event.command();
            boolean isOfParent = entry.decisionSequence() != command.facts().sequence();
            Stamp stamp = isOfParent ? command.ofParent() : command.ofDecision();
            stamp.stampLesson(entry.buffer(), entry.offset());
        }
    }
}
