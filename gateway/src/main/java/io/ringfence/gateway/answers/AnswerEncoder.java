package io.ringfence.gateway.answers;

import io.ringfence.engine.budget.BudgetResult;
import io.ringfence.engine.kernel.KernelDecision;
import io.ringfence.engine.pipeline.ClientFields;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.schemas.Action;
import io.ringfence.schemas.AdmissionDecisionEncoder;
import io.ringfence.schemas.AdmissionRequestDecoder;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.Durability;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OrderReplaceDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.SettleDecoder;
import io.ringfence.schemas.SettleKind;
import io.ringfence.schemas.Tristate;
import java.nio.ByteOrder;
import org.agrona.MutableDirectBuffer;

/** Writes the answer to a command from what the stages found. A flyweight: one a thread; allocates nothing. */
public final class AnswerEncoder {
    private static final int TIME_TO_LIVE_OFFSET =
            MessageHeaderEncoder.ENCODED_LENGTH + AdmissionRequestDecoder.timeToLiveNsEncodingOffset();
    private static final int HOLD_ID_OFFSET =
            MessageHeaderEncoder.ENCODED_LENGTH + OrderReplaceDecoder.holdIdEncodingOffset();

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final AdmissionDecisionEncoder answer = new AdmissionDecisionEncoder();
    private final Durability durability;

    /** Every answer says that it waited for this. */
    public AnswerEncoder(Durability durability) {
        this.durability = durability;
    }

    /** The request id of a client's command. */
    public static long clientRequestId(DecisionEvent event) {
        return event.command().buffer().getLong(ClientFields.REQUEST_ID_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** The hold that a cancel, replace, execution or settle acts on: in all of them it follows the request id. */
    public static long actedHoldId(DecisionEvent event) {
        return event.command().buffer().getLong(HOLD_ID_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Has this command ended the hold that it acts on? */
    public static boolean isHoldEnded(DecisionEvent event) {
        if (!event.budget().isPresent() || event.budget().result().reason() != ReasonCode.NONE) {
            return false;
        }
        return switch (event.command().kind()) {
            // A standing order holds more than nothing: its quantity and price are positive.
            case EXECUTION -> event.budget().result().heldMicros() == 0;
            case SETTLE -> isFinal(event);
            default -> false;
        };
    }

    private static boolean isFinal(DecisionEvent event) {
        return event.command()
                        .buffer()
                        .getByte(MessageHeaderEncoder.ENCODED_LENGTH + SettleDecoder.kindEncodingOffset())
                != SettleKind.COMMIT_PART.value();
    }

    /** When a sweep may end the hold that an admitted command made; {@link AnswerMemory#NO_DEADLINE}: never. */
    public static long holdDeadlineNs(DecisionEvent event) {
        if (event.command().kind() != CommandKind.ADMISSION || !event.isAdmitted()) {
            return AnswerMemory.NO_DEADLINE;
        }
        long timeToLiveNs = event.command().buffer().getLong(TIME_TO_LIVE_OFFSET, ByteOrder.LITTLE_ENDIAN);
        long deadlineNs = event.stamp().timestampNs() + timeToLiveNs;
        return timeToLiveNs < 0 || deadlineNs < 0 ? AnswerMemory.NO_DEADLINE : deadlineNs;
    }

    /** Is the answer to this command the one that its request id keeps? Not if the id was used before, or may have been. */
    public static boolean isFirstOfItsId(DecisionEvent event) {
        ReasonCode result = event.intake().result();
        return !event.intake().isDuplicate()
                && result != ReasonCode.REQUEST_ID_REUSED
                && result != ReasonCode.REQUEST_ID_TOO_OLD;
    }

    /** Writes the first answer to a command, {@link AnswerMemory#ANSWER_LENGTH} bytes; its reply sequence is left 0. */
    public void encode(DecisionEvent event, MutableDirectBuffer buffer, int offset) {
        answer.wrapAndApplyHeader(buffer, offset, header)
                .replySequence(0)
                .clientRequestId(clientRequestId(event))
                .sequence(event.sequence())
                .timestampNs(event.stamp().timestampNs())
                .reason(event.reason())
                .action(event.action())
                .durability(durability)
                .isDuplicate(Tristate.NO)
                .putDecisionDigest(event.proof().decisionDigest(), 0, AdmissionDecisionEncoder.decisionDigestLength())
                .putEntryHash(event.record().entryHash(), 0, AdmissionDecisionEncoder.entryHashLength());
        encodeKernel(event);
        encodeFloor(event);
        encodeActed(event);
        encodeBudget(event.budget().result());
        encodeHold(event);
    }

    private void encodeKernel(DecisionEvent event) {
        boolean isPresent = event.decision().isPresent();
        KernelDecision decision = event.decision().decision();
        answer.kernelAction(isPresent ? decision.action() : Action.NOTHING_GRANTED)
                .kernelReason(isPresent ? decision.reason() : ReasonCode.NONE)
                .utilityMicros(isPresent ? decision.utilityMicros() : 0)
                .counterfactualCandidateId(isPresent ? decision.counterfactualId() : 0)
                .counterfactualUtilityMicros(isPresent ? decision.counterfactualUtilityMicros() : 0);
    }

    private void encodeFloor(DecisionEvent event) {
        boolean isPresent = event.effective().isPresent();
        answer.floorBps(
                        isPresent
                                ? event.effective().input().minimumQualityBps()
                                : AdmissionDecisionEncoder.floorBpsNullValue())
                .floorSource(event.effective().floorSource())
                .tier((short) event.effective().choice().tier())
                .regime(
                        event.regime().isPresent()
                                ? (short) event.regime().regime()
                                : AdmissionDecisionEncoder.regimeNullValue());
    }

    /** Names who acts only where somebody may. */
    private void encodeActed(DecisionEvent event) {
        boolean isActing = event.isAdmitted() && event.selection().isPresent();
        answer.actedCandidateId(isActing ? event.selection().selection().actedCandidateId() : 0)
                .costMicros(isActing ? event.selection().costMicros() : 0);
    }

    /** A section that is not present was cleared: its amounts are 0 and no control failed. */
    private void encodeBudget(BudgetResult result) {
        boolean hasFailed = result.isControlFailed();
        answer.heldMicros(result.heldMicros())
                .remainingMicros(result.remainingMicros())
                .failedControlId(
                        hasFailed ? result.reason().value() : AdmissionDecisionEncoder.failedControlIdNullValue())
                .controlLimit(hasFailed ? result.controlLimit() : AdmissionDecisionEncoder.controlLimitNullValue())
                .controlObserved(
                        hasFailed ? result.controlObserved() : AdmissionDecisionEncoder.controlObservedNullValue())
                .controlHeadroom(
                        hasFailed ? result.controlHeadroom() : AdmissionDecisionEncoder.controlHeadroomNullValue());
    }

    private void encodeHold(DecisionEvent event) {
        long holdId = holdId(event);
        answer.holdId(holdId)
                .holdStands(holdId == AdmissionDecisionEncoder.holdIdNullValue() ? Tristate.NO : Tristate.YES);
    }

    /** The hold that stands after a command which made it or acts on it; SBE null where none does. */
    public static long holdId(DecisionEvent event) {
        if (event.isAdmitted()) {
            return event.command().kind() == CommandKind.REPLACE ? actedHoldId(event) : event.sequence();
        }
        boolean isBooked = event.budget().isPresent() && event.budget().result().reason() == ReasonCode.NONE;
        boolean actsOnHold = switch (event.command().kind()) {
            case CANCEL, EXECUTION, SETTLE -> true;
            default -> false;
        };
        return isBooked && actsOnHold && !isHoldEnded(event)
                ? actedHoldId(event)
                : AdmissionDecisionEncoder.holdIdNullValue();
    }
}
