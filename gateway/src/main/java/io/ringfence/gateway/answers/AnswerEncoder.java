package io.ringfence.gateway.answers;

import io.ringfence.engine.budget.BudgetResult;
import io.ringfence.engine.command.Command;
import io.ringfence.engine.control.ControlFailure;
import io.ringfence.engine.kernel.KernelDecision;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.Verdict;
import io.ringfence.schemas.Action;
import io.ringfence.schemas.AdmissionDecisionEncoder;
import io.ringfence.schemas.Durability;
import io.ringfence.schemas.FloorSource;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Tristate;
import org.agrona.MutableDirectBuffer;

/** Writes the answer to a command from what the stages found. A flyweight: one a thread; allocates nothing. */
public final class AnswerEncoder {
    /** Length of an answer: an {@code AdmissionDecision} with its header. */
    public static final int LENGTH = MessageHeaderEncoder.ENCODED_LENGTH + AdmissionDecisionEncoder.BLOCK_LENGTH;

    private static final byte[] NO_DIGEST = new byte[AdmissionDecisionEncoder.decisionDigestLength()];

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final AdmissionDecisionEncoder answer = new AdmissionDecisionEncoder();
    private final Durability durability;

    /** @param durability that every answer says it waited for. */
    public AnswerEncoder(Durability durability) {
        this.durability = durability;
    }

    /**
     * Writes the first answer to a command, {@link #LENGTH} bytes; its session numbers it when it is sent.
     *
     * @param event as the journal stage left it; not a duplicate.
     */
    public void encode(DecisionEvent event, MutableDirectBuffer buffer, int offset) {
        Command command = event.command();
        Verdict verdict = event.verdict();
        long holdId = verdict.holdId();
        boolean hasHold = holdId != Verdict.NO_HOLD;
        answer.wrapAndApplyHeader(buffer, offset, header)
                .replySequence(0)
                .clientRequestId(command.clientRequestId())
                .sequence(command.sequence())
                .timestampNs(command.timestampNs())
                .holdId(hasHold ? holdId : AdmissionDecisionEncoder.holdIdNullValue())
                .costMicros(verdict.costMicros())
                .actedCandidateId(verdict.actedCandidateId())
                .reason(verdict.reason())
                .action(verdict.action())
                .durability(durability)
                .isDuplicate(Tristate.NO)
                .holdStands(hasHold ? Tristate.YES : Tristate.NO)
                .putEntryHash(command.bytes(), event.entryHashOffset(), AdmissionDecisionEncoder.entryHashLength());
        encodeBudget(event.budget());
        if (event.isDecided()) {
            encodeDecided(event);
        } else {
            encodeNotDecided();
        }
    }

    private void encodeDecided(DecisionEvent event) {
        KernelDecision decision = event.decision();
        answer.counterfactualUtilityMicros(decision.counterfactualUtilityMicros())
                .utilityMicros(decision.utilityMicros())
                .counterfactualCandidateId(decision.counterfactualId())
                .kernelReason(decision.reason())
                .floorBps(event.input().minimumQualityBps())
                .kernelAction(decision.action())
                .floorSource(event.floorSource())
                .regime((short) event.regime())
                .tier((short) event.choice().tier())
                .putDecisionDigest(event.decisionDigest(), 0, NO_DIGEST.length);
    }

    private void encodeNotDecided() {
        answer.counterfactualUtilityMicros(0)
                .utilityMicros(0)
                .counterfactualCandidateId(0)
                .kernelReason(ReasonCode.NONE)
                .floorBps(AdmissionDecisionEncoder.floorBpsNullValue())
                .kernelAction(Action.NOTHING_GRANTED)
                .floorSource(FloorSource.HARD)
                .regime(AdmissionDecisionEncoder.regimeNullValue())
                .tier(AdmissionDecisionEncoder.tierNullValue())
                .putDecisionDigest(NO_DIGEST, 0, NO_DIGEST.length);
    }

    /** The result of a command that the budget did not act on is cleared: its amounts are 0 and no control failed. */
    private void encodeBudget(BudgetResult result) {
        answer.heldMicros(result.heldMicros()).remainingMicros(result.balance().availableMicros());
        if (result.isControlFailed()) {
            ControlFailure failure = result.failure();
            answer.failedControlId(result.reason().value())
                    .controlLimit(failure.limit())
                    .controlObserved(failure.observed())
                    .controlHeadroom(failure.headroom())
                    .controlAsked(failure.asked())
                    .controlAccountId(failure.accountId());
        } else {
            answer.failedControlId(AdmissionDecisionEncoder.failedControlIdNullValue())
                    .controlLimit(AdmissionDecisionEncoder.controlLimitNullValue())
                    .controlObserved(AdmissionDecisionEncoder.controlObservedNullValue())
                    .controlHeadroom(AdmissionDecisionEncoder.controlHeadroomNullValue())
                    .controlAsked(AdmissionDecisionEncoder.controlAskedNullValue())
                    .controlAccountId(AdmissionDecisionEncoder.controlAccountIdNullValue());
        }
    }

    /** Is the answer to this command the one that its request id keeps? Not if the id was used before, or may have been. */
    public static boolean isFirstOfItsId(DecisionEvent event) {
        ReasonCode result = event.intakeResult();
        return !event.isDuplicate()
                && result != ReasonCode.REQUEST_ID_REUSED
                && result != ReasonCode.REQUEST_ID_TOO_OLD
                && result != ReasonCode.REQUEST_ID_TOO_FAR;
    }
}
