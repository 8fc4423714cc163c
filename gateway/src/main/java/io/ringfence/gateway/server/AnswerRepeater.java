package io.ringfence.gateway.server;

import io.ringfence.gateway.answers.AnswerEncoder;
import io.ringfence.gateway.answers.AnswerMemory;
import io.ringfence.gateway.answers.PastAnswers.PastQuestion;
import io.ringfence.gateway.session.Session;
import io.ringfence.schemas.Action;
import io.ringfence.schemas.AdmissionDecisionEncoder;
import io.ringfence.schemas.Durability;
import io.ringfence.schemas.FloorSource;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Tristate;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Gives the first answer again, to a repeated request or a query. */
final class AnswerRepeater {
    private static final int HOLD_ID_OFFSET =
            MessageHeaderEncoder.ENCODED_LENGTH + AdmissionDecisionEncoder.holdIdEncodingOffset();

    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[AnswerEncoder.LENGTH]);
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final AdmissionDecisionEncoder answer = new AdmissionDecisionEncoder();
    private final AnswerMemory answers;
    private final LookUps lookUps;
    private final Durability durability;
    private final TurnClock clock;

    /**
     * @param lookUps    finds what {@code answers} does not have at hand.
     * @param durability that every answer says it waited for.
     */
    AnswerRepeater(AnswerMemory answers, LookUps lookUps, Durability durability, TurnClock clock) {
        this.answers = answers;
        this.lookUps = lookUps;
        this.durability = durability;
        this.clock = clock;
    }

    /**
     * Answers a query or has its answer looked up; otherwise says why not: NOT_ANSWERED_YET or REQUEST_ID_UNKNOWN.
     *
     * @return {@link ReasonCode#NONE} if it is answered, or will be.
     */
    ReasonCode query(Session session, long clientRequestId) {
        int principalId = session.principalId();
        long sequence = answers.sequence(principalId, clientRequestId);
        if (sequence == 0) {
            return answers.isOpen(principalId, clientRequestId)
                    ? ReasonCode.NOT_ANSWERED_YET
                    : ReasonCode.REQUEST_ID_UNKNOWN;
        }
        int offset = answers.find(sequence);
        if (offset != AnswerMemory.NONE) {
            repeat(answers.buffer(), offset, Tristate.UNKNOWN);
            session.reply(scratch, 0, AnswerEncoder.LENGTH, clock.nowNs());
            return ReasonCode.NONE;
        }
        lookUps.ask(new PastQuestion(session.sessionId(), principalId, clientRequestId, sequence, false, false));
        session.taken();
        return ReasonCode.NONE;
    }

    /**
     * Answers a command that intake knew again.
     *
     * @param firstSequence  of the first answer.
     * @param isHoldStanding does the hold stand that the first one made or names? As of the repeated command.
     */
    void answer(Session session, long clientRequestId, long firstSequence, boolean isHoldStanding) {
        int offset = answers.find(firstSequence);
        if (offset != AnswerMemory.NONE) {
            repeat(answers.buffer(), offset, stands(isHoldStanding));
            session.answer(scratch, 0, AnswerEncoder.LENGTH, clock.nowNs());
            return;
        }
        lookUps.ask(new PastQuestion(
                session.sessionId(), session.principalId(), clientRequestId, firstSequence, true, isHoldStanding));
    }

    /** Gives an answer that was looked up; null when its record cannot be read. */
    void answer(Session session, PastQuestion question, DirectBuffer found, int offset) {
        if (found != null) {
            repeat(found, offset, question.isDuplicate() ? stands(question.isHoldStanding()) : Tristate.UNKNOWN);
        } else if (question.isDuplicate()) {
            encodeNotKept(question);
        } else {
            session.refuseQuery(question.clientRequestId(), ReasonCode.ANSWER_NOT_KEPT, clock.nowNs());
            return;
        }
        session.answer(scratch, 0, AnswerEncoder.LENGTH, clock.nowNs());
    }

    private static Tristate stands(boolean isHoldStanding) {
        return isHoldStanding ? Tristate.YES : Tristate.NO;
    }

    /** Copies a first answer; one that named no hold has none that could stand. */
    private void repeat(DirectBuffer first, int offset, Tristate holdStands) {
        scratch.putBytes(0, first, offset, AnswerEncoder.LENGTH);
        boolean hasHold =
                scratch.getLong(HOLD_ID_OFFSET, ByteOrder.LITTLE_ENDIAN) != AdmissionDecisionEncoder.holdIdNullValue();
        answer.wrap(scratch, MessageHeaderEncoder.ENCODED_LENGTH)
                .isDuplicate(Tristate.YES)
                .holdStands(hasHold ? holdStands : Tristate.NO);
    }

    /** The command took a sequence, so it must be answered; all that can be said is that it was known, and whether its hold stands. */
    private void encodeNotKept(PastQuestion question) {
        scratch.setMemory(0, scratch.capacity(), (byte) 0);
        answer.wrapAndApplyHeader(scratch, 0, headerEncoder)
                .clientRequestId(question.clientRequestId())
                .sequence(question.sequence())
                .holdId(AdmissionDecisionEncoder.holdIdNullValue())
                .controlLimit(AdmissionDecisionEncoder.controlLimitNullValue())
                .controlObserved(AdmissionDecisionEncoder.controlObservedNullValue())
                .controlHeadroom(AdmissionDecisionEncoder.controlHeadroomNullValue())
                .controlAsked(AdmissionDecisionEncoder.controlAskedNullValue())
                .controlAccountId(AdmissionDecisionEncoder.controlAccountIdNullValue())
                .failedControlId(AdmissionDecisionEncoder.failedControlIdNullValue())
                .reason(ReasonCode.ANSWER_NOT_KEPT)
                .floorBps(AdmissionDecisionEncoder.floorBpsNullValue())
                .action(Action.NOTHING_GRANTED)
                .floorSource(FloorSource.HARD)
                .regime(AdmissionDecisionEncoder.regimeNullValue())
                .tier(AdmissionDecisionEncoder.tierNullValue())
                .durability(durability)
                .isDuplicate(Tristate.YES)
                .holdStands(stands(question.isHoldStanding()));
    }
}
