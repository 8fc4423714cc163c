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
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Gives the first answer again, to a repeated request or a query, with what is known of its hold by now. */
final class AnswerRepeater {
    private static final int HOLD_STANDS_OFFSET =
            MessageHeaderEncoder.ENCODED_LENGTH + AdmissionDecisionEncoder.holdStandsEncodingOffset();

    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[AnswerEncoder.LENGTH]);
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final AdmissionDecisionEncoder answer = new AdmissionDecisionEncoder();
    private final AnswerMemory answers;
    private final LookUps lookUps;
    private final Durability durability;
    private final TurnClock clock;

    /**
     * @param lookUps    finds what {@code answers} does not keep.
     * @param durability that every answer says it waited for.
     */
    AnswerRepeater(AnswerMemory answers, LookUps lookUps, Durability durability, TurnClock clock) {
        this.answers = answers;
        this.lookUps = lookUps;
        this.durability = durability;
        this.clock = clock;
    }

    /** Answers a query or has its answer looked up; otherwise says why not, other than {@link ReasonCode#NONE}. */
    ReasonCode query(Session session, long clientRequestId) {
        int offset = answers.find(session.principalId(), clientRequestId);
        if (offset == AnswerMemory.NONE) {
            return lookUp(session, clientRequestId);
        }
        repeat(offset);
        session.reply(scratch, 0, AnswerEncoder.LENGTH, clock.nowNs());
        return ReasonCode.NONE;
    }

    private ReasonCode lookUp(Session session, long clientRequestId) {
        if (clientRequestId > answers.highestRequestId(session.principalId())) {
            return ReasonCode.ANSWER_NOT_KEPT; // Never asked, so never answered: the journal need not be read for that.
        }
        if (!session.mayLookUp()) {
            return ReasonCode.WINDOW_FULL;
        }
        PastQuestion question = new PastQuestion(session.sessionId(), session.principalId(), clientRequestId, 0);
        if (!lookUps.ask(question)) {
            return ReasonCode.ANSWER_NOT_KEPT;
        }
        session.lookUpBegun();
        return ReasonCode.NONE;
    }

    /** Answers a command that intake knew again. */
    void answer(Session session, long clientRequestId, long originalSequence) {
        int offset = answers.find(session.principalId(), clientRequestId);
        if (offset != AnswerMemory.NONE) {
            repeat(offset);
            session.answer(scratch, 0, AnswerEncoder.LENGTH, clock.nowNs());
            return;
        }
        PastQuestion question =
                new PastQuestion(session.sessionId(), session.principalId(), clientRequestId, originalSequence);
        if (!lookUps.ask(question)) {
            notKept(session, question);
        }
    }

    /**
     * Gives an answer that was looked up elsewhere; null when there is none.
     *
     * <p>What it says of its hold is as of the reading. A hold that had ended stays so; one that stood may have ended since,
     * so that it is told as not known.
     */
    void answer(Session session, PastQuestion question, DirectBuffer found, int offset) {
        if (!question.isDuplicate()) {
            session.lookUpEnded();
        }
        if (found == null) {
            notKept(session, question);
            return;
        }
        scratch.putBytes(0, found, offset, AnswerEncoder.LENGTH);
        wrapScratch().isDuplicate(Tristate.YES);
        if (scratch.getByte(HOLD_STANDS_OFFSET) == Tristate.YES.value()) {
            answer.holdStands(Tristate.UNKNOWN);
        }
        send(session, question);
    }

    private void repeat(int offset) {
        scratch.putBytes(0, answers.buffer(), offset, AnswerEncoder.LENGTH);
        wrapScratch().isDuplicate(Tristate.YES).holdStands(answers.holdStands(offset));
    }

    private AdmissionDecisionEncoder wrapScratch() {
        return answer.wrap(scratch, MessageHeaderEncoder.ENCODED_LENGTH);
    }

    /** The command took a sequence, so it must be answered; all that can be said is that it was known. */
    private void notKept(Session session, PastQuestion question) {
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
                .action(Action.REJECT)
                .floorSource(FloorSource.HARD)
                .regime(AdmissionDecisionEncoder.regimeNullValue())
                .tier(AdmissionDecisionEncoder.tierNullValue())
                .durability(durability)
                .isDuplicate(Tristate.YES)
                .holdStands(Tristate.UNKNOWN);
        send(session, question);
    }

    private void send(Session session, PastQuestion question) {
        if (question.isDuplicate()) {
            session.answer(scratch, 0, AnswerEncoder.LENGTH, clock.nowNs());
        } else {
            session.reply(scratch, 0, AnswerEncoder.LENGTH, clock.nowNs());
        }
    }
}
