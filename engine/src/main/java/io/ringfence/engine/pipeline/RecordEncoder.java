package io.ringfence.engine.pipeline;

import io.ringfence.engine.bandit.TierChoice;
import io.ringfence.engine.budget.BudgetResult;
import io.ringfence.engine.kernel.KernelDecision;
import io.ringfence.engine.kernel.KernelInput;
import io.ringfence.engine.selection.Selection;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.RecordHeaderEncoder;
import io.ringfence.schemas.RecordSectionsEncoder;
import io.ringfence.schemas.Tristate;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Writes a record as the journal keeps it: header, command bytes as received, sections. The seal is the log's to write.
 *
 * <p>What can be recomputed is not written, bar the decision digest; a section that did not take part is a group of 0. A
 * duplicate's record has the intake section alone. Every byte between begin and end is written.
 */
final class RecordEncoder {
    private static final int INITIAL_CAPACITY = 64 * 1024;

    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(INITIAL_CAPACITY);
    private final MessageHeaderEncoder messageHeader = new MessageHeaderEncoder();
    private final RecordHeaderEncoder header = new RecordHeaderEncoder();
    private final RecordSectionsEncoder sections = new RecordSectionsEncoder();
    private final RequestView request = new RequestView();

    MutableDirectBuffer buffer() {
        return buffer;
    }

    /** Encodes from offset 0 and returns the length without the seal. */
    int encode(DecisionEvent event) {
        CommandSection command = event.command();
        int commandOffset = MessageHeaderEncoder.ENCODED_LENGTH + RecordHeaderEncoder.BLOCK_LENGTH;
        int sectionsOffset = commandOffset + command.length();
        buffer.putBytes(commandOffset, command.buffer(), 0, command.length());
        sections.wrap(buffer, sectionsOffset);
        encodeSections(event);
        int length = sections.limit();
        buffer.checkLimit(length + RecordLog.SEAL_ROOM);
        header.wrapAndApplyHeader(buffer, 0, messageHeader)
                .sequence(event.sequence())
                .timestampNs(event.stamp().timestampNs())
                .sessionId(event.stamp().sessionId())
                .principalId(event.stamp().principalId())
                .commandLength(command.length())
                .sectionsLength(length - sectionsOffset)
                .kind(command.kind());
        return length;
    }

    /** In the order of the schema: stamp, intake, regime, effective, tiers, decision, proof, selection, budget, control. */
    private void encodeSections(DecisionEvent event) {
        encodeStamp(event.stamp().facts());
        encodeIntake(event.intake());
        encodeRegime(event.regime());
        encodeEffective(event);
        encodeTierDraws(event.effective());
        encodeDecision(event.decision());
        encodeProof(event.proof());
        encodeSelection(event.selection());
        sections.explorationCount(0);
        encodeBudget(event.budget());
        encodeControl(event.budget());
    }

    private void encodeStamp(OutcomeFacts facts) {
        RecordSectionsEncoder.StampEncoder group = sections.stampCount(facts.isPresent() ? 1 : 0);
        if (facts.isPresent()) {
            group.next()
                    .decisionSequence(facts.decisionSequence())
                    .accountId(facts.accountId())
                    .actedCandidateId(Integer.toUnsignedLong(facts.actedCandidateId()))
                    .useCase((short) facts.useCase())
                    .regime((short) facts.regime())
                    .tier((short) facts.tier())
                    .providerId((short) facts.providerId())
                    .isAdmitted(facts.isAdmitted() ? Tristate.YES : Tristate.NO)
                    .putIdentityDigest(facts.identityDigest(), 0, 32);
        }
    }

    private void encodeIntake(IntakeSection intake) {
        RecordSectionsEncoder.IntakeEncoder group = sections.intakeCount(intake.isPassed() ? 0 : 1);
        if (!intake.isPassed()) {
            group.next()
                    .result(intake.result())
                    .originalSequence(
                            intake.isDuplicate()
                                    ? intake.originalSequence()
                                    : RecordSectionsEncoder.IntakeEncoder.originalSequenceNullValue());
        }
    }

    private void encodeRegime(RegimeSection regime) {
        RecordSectionsEncoder.RegimeEncoder group = sections.regimeCount(regime.isPresent() ? 1 : 0);
        if (regime.isPresent()) {
            group.next()
                    .regime((short) regime.regime())
                    .severity((byte) regime.severity())
                    .floorStepBps((short) regime.floorStepBps());
        }
    }

    /** Each field as the kernel saw it where that differs from what the request says, else null. */
    private void encodeEffective(DecisionEvent event) {
        EffectiveSection effective = event.effective();
        RecordSectionsEncoder.EffectiveEncoder group = sections.effectiveCount(effective.isPresent() ? 1 : 0);
        if (!effective.isPresent()) {
            return;
        }
        request.wrap(event.command());
        KernelInput input = effective.input();
        boolean keepsProviders = input.allowedProviderMask() == request.allowedProviderMask();
        group.next()
                .inputUnits(
                        request.isOrder()
                                ? input.inputUnits()
                                : RecordSectionsEncoder.EffectiveEncoder.inputUnitsNullValue())
                .outputUnits(
                        request.isOrder() || !request.hasOutputUnits()
                                ? input.outputUnits()
                                : RecordSectionsEncoder.EffectiveEncoder.outputUnitsNullValue())
                .businessValueMicros(
                        request.hasBusinessValue()
                                ? RecordSectionsEncoder.EffectiveEncoder.businessValueMicrosNullValue()
                                : input.businessValueMicros())
                .riskBps(
                        request.hasRisk() ? RecordSectionsEncoder.EffectiveEncoder.riskBpsNullValue() : input.riskBps())
                .confidenceBps(
                        request.hasConfidence()
                                ? RecordSectionsEncoder.EffectiveEncoder.confidenceBpsNullValue()
                                : input.confidenceBps())
                .maxP95LatencyMs(
                        request.hasLatencyCap()
                                ? RecordSectionsEncoder.EffectiveEncoder.maxP95LatencyMsNullValue()
                                : input.maxP95LatencyMs())
                .allowedProviderMask(
                        keepsProviders
                                ? RecordSectionsEncoder.EffectiveEncoder.allowedProviderMaskNullValue()
                                : input.allowedProviderMask())
                .minimumQualityBps(input.minimumQualityBps())
                .floorSource(effective.floorSource())
                .tier((short) effective.choice().tier());
    }

    private void encodeTierDraws(EffectiveSection effective) {
        TierChoice choice = effective.choice();
        int count = effective.isPresent() ? choice.tierCount() : 0;
        RecordSectionsEncoder.TierDrawEncoder group = sections.tierDrawCount(count);
        for (int tier = 0; tier < count; tier++) {
            group.next()
                    .successes(choice.successes(tier))
                    .failures(choice.failures(tier))
                    .draw(choice.draw(tier));
        }
    }

    private void encodeDecision(DecisionSection section) {
        RecordSectionsEncoder.DecisionEncoder group = sections.decisionCount(section.isPresent() ? 1 : 0);
        if (section.isPresent()) {
            KernelDecision decision = section.decision();
            group.next()
                    .selectedCandidateId(decision.selectedId())
                    .reason(decision.reason())
                    .action(decision.action());
        }
    }

    private void encodeProof(ProofSection proof) {
        RecordSectionsEncoder.ProofEncoder group = sections.proofCount(proof.isPresent() ? 1 : 0);
        if (proof.isPresent()) {
            group.next().putDecisionDigest(proof.decisionDigest(), 0, 32);
        }
    }

    private void encodeSelection(SelectionSection section) {
        RecordSectionsEncoder.SelectionEncoder group = sections.selectionCount(section.isPresent() ? 1 : 0);
        if (section.isPresent()) {
            Selection selection = section.selection();
            group.next()
                    .actedCandidateId(selection.actedCandidateId())
                    .propensityBps(selection.propensityBps())
                    .strategy(selection.strategy());
        }
    }

    private void encodeBudget(BudgetSection section) {
        RecordSectionsEncoder.BudgetEncoder group = sections.budgetCount(section.isPresent() ? 1 : 0);
        if (section.isPresent()) {
            BudgetResult result = section.result();
            group.next()
                    .result(result.reason())
                    .heldMicros(result.heldMicros())
                    .remainingMicros(result.remainingMicros());
        }
    }

    private void encodeControl(BudgetSection section) {
        boolean hasFailed = section.isPresent() && section.result().isControlFailed();
        RecordSectionsEncoder.ControlEncoder group = sections.controlCount(hasFailed ? 1 : 0);
        if (hasFailed) {
            group.next()
                    .limit(section.result().controlLimit())
                    .observed(section.result().controlObserved())
                    .headroom(section.result().controlHeadroom());
        }
    }
}
