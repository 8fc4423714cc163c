package io.ringfence.engine.pipeline;

import io.ringfence.engine.bandit.TierBandit.TierChoice;
import io.ringfence.engine.budget.BudgetResult;
import io.ringfence.engine.command.Command;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.command.Request;
import io.ringfence.engine.command.Stamp;
import io.ringfence.engine.control.ControlFailure;
import io.ringfence.engine.digest.Sha256;
import io.ringfence.engine.kernel.KernelDecision;
import io.ringfence.engine.kernel.KernelInput;
import io.ringfence.engine.selection.Explored;
import io.ringfence.engine.selection.Selection;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.JournalStateDecoder;
import io.ringfence.schemas.JournalStateEncoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OutcomeFactsDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RecordHeaderEncoder;
import io.ringfence.schemas.RecordSectionsEncoder;
import io.ringfence.schemas.RecordSectionsEncoder.EffectiveEncoder;
import io.ringfence.schemas.Strategy;
import io.ringfence.schemas.Tristate;
import org.agrona.MutableDirectBuffer;

/** Completes the record behind the command and has it sealed and appended; the answer may leave after that. */
final class JournalStage implements Stage {
    private static final int HASH_LENGTH = 32;

    private final RecordEncoder encoder = new RecordEncoder();
    private final byte[] lastEntryHash = new byte[HASH_LENGTH];
    private RecordLog log;
    private long lastSequence;

    JournalStage(RecordLog log) {
        this.log = log;
    }

    /** Changes where records go; only while no stage runs. */
    void log(RecordLog next) {
        log = next;
    }

    @Override
    public void onEvent(DecisionEvent event) {
        long sequence = event.sequence();
        if (sequence != lastSequence + 1) {
            throw new IllegalStateException(
                    "sequence must follow the last: sequence=" + sequence + ", last=" + lastSequence);
        }
        if (!event.isReadyForJournal()) {
            throw new IllegalStateException("a section was not written for this command: sequence=" + sequence);
        }
        byte[] bytes = event.command().bytes();
        int length = encoder.encode(event);
        log.append(sequence, bytes, Command.RECORD_OFFSET, length);
        System.arraycopy(bytes, Command.RECORD_OFFSET + length, lastEntryHash, 0, HASH_LENGTH);
        lastSequence = sequence;
        event.appended(length);
    }

    /** Sequence of the last record appended; 0 for none. */
    long lastSequence() {
        return lastSequence;
    }

    /** The head: sequence and hash of the last record. */
    @Override
    public void writeState(StateWriter writer) {
        JournalStateEncoder state = new JournalStateEncoder();
        state.wrapAndApplyHeader(writer.buffer(), writer.position(), new MessageHeaderEncoder())
                .sequence(lastSequence)
                .putEntryHash(lastEntryHash, 0, HASH_LENGTH);
        writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + state.encodedLength());
    }

    @Override
    public void readState(StateReader reader) {
        JournalStateDecoder state = new JournalStateDecoder();
        state.wrapAndApplyHeader(reader.buffer(), reader.position(), new MessageHeaderDecoder());
        lastSequence = state.sequence();
        state.getEntryHash(lastEntryHash, 0, HASH_LENGTH);
        reader.advance(MessageHeaderDecoder.ENCODED_LENGTH + state.encodedLength());
    }

    /**
     * Completes a record around the command that stands in the slot: header before it, sections behind it. The log writes the seal.
     *
     * <p>Not written is what can be recomputed, except the decision digest; a section whose stage took no part is a group of 0. A
     * duplicate's record has the intake and the budget section alone. Every byte between begin and end is written.
     */
    private static final class RecordEncoder {
        private final MessageHeaderEncoder messageHeader = new MessageHeaderEncoder();
        private final RecordHeaderEncoder header = new RecordHeaderEncoder();
        private final RecordSectionsEncoder sections = new RecordSectionsEncoder();
        private final StandingOutcome standing = new StandingOutcome();

        /** Encodes around the event's command and returns the record's length without the seal. */
        int encode(DecisionEvent event) {
            Command command = event.command();
            MutableDirectBuffer record = command.record();
            int sectionsOffset = Command.OFFSET_IN_RECORD + command.length();
            sections.wrap(record, sectionsOffset);
            encodeStamp(command, record);
            encodeIntake(event);
            if (event.isDecided()) {
                encodeDecided(event);
            } else {
                encodeNotDecided(event.verdict());
            }
            encodeBudget(event);
            encodeCandidates(event);
            if (event.type() == CommandType.OUTCOME) {
                standing.encode(event, sections, record);
            } else {
                sections.lessonCount(0);
            }
            int length = sections.limit();
            header.wrapAndApplyHeader(record, 0, messageHeader)
                    .sequence(command.sequence())
                    .timestampNs(command.timestampNs())
                    .sessionId(command.sessionId())
                    .principalId(command.principalId())
                    .commandLength(command.length())
                    .sectionsLength(length - sectionsOffset)
                    .kind(command.type().kind());
            return length;
        }

        /** The facts' bytes as they are: an entry of the group has the layout of an {@code OutcomeFacts} block. */
        private void encodeStamp(Command command, MutableDirectBuffer record) {
            int count = (command.hasFacts() ? 1 : 0) + (command.hasParent() ? 1 : 0);
            RecordSectionsEncoder.StampEncoder group = sections.stampCount(count);
            if (command.hasFacts()) {
                encodeStamp(command.ofDecision(), group, record);
            }
            if (command.hasParent()) {
                encodeStamp(command.ofParent(), group, record);
            }
        }

        private void encodeStamp(Stamp stamp, RecordSectionsEncoder.StampEncoder group, MutableDirectBuffer record) {
            int offset = sections.limit();
            group.next();
            record.putBytes(offset, stamp.factsBytes(), 0, OutcomeFactsDecoder.BLOCK_LENGTH);
        }

        private void encodeIntake(DecisionEvent event) {
            ReasonCode ofLearning = event.learnt().reason();
            boolean stands = ofLearning != ReasonCode.NONE || !event.isPassed();
            RecordSectionsEncoder.IntakeEncoder group = sections.intakeCount(stands ? 1 : 0);
            if (stands) {
                group.next()
                        .result(ofLearning != ReasonCode.NONE ? ofLearning : event.intakeResult())
                        .originalSequence(
                                event.isDuplicate()
                                        ? event.originalSequence()
                                        : RecordSectionsEncoder.IntakeEncoder.originalSequenceNullValue());
            }
        }

        /** Only an admitted replace has a candidate then: its order's. */
        private void encodeNotDecided(Verdict verdict) {
            sections.regimeCount(0);
            sections.effectiveCount(0);
            sections.tierPosteriorCount(0);
            sections.tierDrawCount(0);
            sections.decisionCount(0);
            sections.proofCount(0);
            RecordSectionsEncoder.SelectionEncoder selection = sections.selectionCount(verdict.isAdmitted() ? 1 : 0);
            if (verdict.isAdmitted()) {
                selection
                        .next()
                        .actedCandidateId(verdict.actedCandidateId())
                        .propensityBps(Selection.NO_PROPENSITY)
                        .strategy(Strategy.DIRECTED);
            }
            sections.explorationCount(0);
        }

        private void encodeDecided(DecisionEvent event) {
            sections.regimeCount(1)
                    .next()
                    .regime((short) event.regime())
                    .severity((byte) event.severity())
                    .floorStepBps((short) event.floorStepBps());
            encodeEffective(event);
            encodeTiers(event.choice());
            KernelDecision decision = event.decision();
            sections.decisionCount(1)
                    .next()
                    .selectedCandidateId(decision.selectedId())
                    .reason(decision.reason())
                    .action(decision.action());
            sections.proofCount(1).next().putDecisionDigest(event.decisionDigest(), 0, Sha256.LENGTH);
            Selection selection = event.selection();
            sections.selectionCount(1)
                    .next()
                    .actedCandidateId(selection.actedCandidateId())
                    .propensityBps(selection.propensityBps())
                    .strategy(selection.strategy());
            RecordSectionsEncoder.ExplorationEncoder exploration =
                    sections.explorationCount(selection.hasNear() ? 1 : 0);
            if (selection.hasNear()) {
                Explored explored = selection.explored();
                exploration.next().draw(explored.draw()).pick(explored.pick()).guard(explored.guard());
            }
        }

        /** Each field as the kernel saw it where that differs from what the request says, else null. */
        private void encodeEffective(DecisionEvent event) {
            Request request = event.request();
            KernelInput input = event.input();
            boolean keepsProviders = input.allowedProviderMask() == request.allowedProviderMask();
            boolean isOrder = request.isOrder();
            sections.effectiveCount(1)
                    .next()
                    .inputUnits(isOrder ? input.inputUnits() : EffectiveEncoder.inputUnitsNullValue())
                    .outputUnits(
                            isOrder || !request.hasOutputUnits()
                                    ? input.outputUnits()
                                    : EffectiveEncoder.outputUnitsNullValue())
                    .businessValueMicros(
                            request.hasValue()
                                    ? EffectiveEncoder.businessValueMicrosNullValue()
                                    : input.businessValueMicros())
                    .riskBps(request.hasRisk() ? EffectiveEncoder.riskBpsNullValue() : input.riskBps())
                    .confidenceBps(
                            request.hasConfidence() ? EffectiveEncoder.confidenceBpsNullValue() : input.confidenceBps())
                    .maxP95LatencyMs(
                            request.hasLatencyCap()
                                    ? EffectiveEncoder.maxP95LatencyMsNullValue()
                                    : input.maxP95LatencyMs())
                    .allowedProviderMask(
                            keepsProviders
                                    ? EffectiveEncoder.allowedProviderMaskNullValue()
                                    : input.allowedProviderMask())
                    .minimumQualityBps(input.minimumQualityBps())
                    .floorSource(event.floorSource())
                    .tier((short) event.choice().tier());
        }

        private void encodeTiers(TierChoice choice) {
            RecordSectionsEncoder.TierPosteriorEncoder posteriors = sections.tierPosteriorCount(choice.tierCount());
            for (int tier = 0; tier < choice.tierCount(); tier++) {
                posteriors.next().successes(choice.successes(tier)).failures(choice.failures(tier));
            }
            RecordSectionsEncoder.TierDrawEncoder draws = sections.tierDrawCount(choice.sampledCount());
            for (int tier = 0; tier < choice.sampledCount(); tier++) {
                draws.next().draw(choice.draw(tier));
            }
        }

        private void encodeCandidates(DecisionEvent event) {
            Selection selection = event.selection();
            Explored explored = selection.explored();
            int count = event.isDecided() && selection.hasNear() ? explored.inPlayCount() : 0;
            RecordSectionsEncoder.CandidateDrawEncoder candidates = sections.candidateDrawCount(count);
            for (int place = 0; place < count; place++) {
                candidates
                        .next()
                        .candidateId(explored.candidateId(place))
                        .successes(explored.successes(place))
                        .failures(explored.failures(place))
                        .draw(explored.draw(place));
            }
        }

        private void encodeBudget(DecisionEvent event) {
            BudgetResult result = event.budget();
            boolean isBooked = event.isBooked();
            RecordSectionsEncoder.BudgetEncoder group = sections.budgetCount(isBooked ? 1 : 0);
            if (isBooked) {
                group.next()
                        .result(result.reason())
                        .heldMicros(result.heldMicros())
                        .remainingMicros(result.balance().availableMicros())
                        .controls(result.controls())
                        .holdStands(result.isHoldStanding() ? Tristate.YES : Tristate.NO);
            }
            boolean hasFailed = isBooked && result.isControlFailed();
            RecordSectionsEncoder.ControlEncoder control = sections.controlCount(hasFailed ? 1 : 0);
            if (hasFailed) {
                ControlFailure failure = result.failure();
                control.next()
                        .limit(failure.limit())
                        .observed(failure.observed())
                        .headroom(failure.headroom())
                        .asked(failure.asked())
                        .accountId(failure.accountId());
            }
        }
    }
}
