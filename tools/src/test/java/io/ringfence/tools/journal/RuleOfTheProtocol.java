package io.ringfence.tools.journal;

import io.ringfence.journal.record.RecordView;
import io.ringfence.schemas.Action;
import io.ringfence.schemas.AdmissionRequestDecoder;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.OrderRequestDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RecordSectionsDecoder;
import io.ringfence.schemas.Strategy;

/** Final action and reason of a record by the two tables of the protocol page, without a class of the engine. */
final class RuleOfTheProtocol {
    private final CommandKind kind;
    private ReasonCode intake;
    private boolean isDuplicate;
    private ReasonCode decisionReason;
    private Action decisionAction;
    private long requestedCandidate;
    private long selectedCandidate;
    private long actedCandidate;
    private Strategy strategy;
    private ReasonCode budget;

    RuleOfTheProtocol(RecordView record) {
        kind = record.kind();
        MessageHeaderDecoder header = new MessageHeaderDecoder().wrap(record.buffer(), 0);
        int body = record.commandOffset() + MessageHeaderDecoder.ENCODED_LENGTH;
        if (kind == CommandKind.ADMISSION) {
            requestedCandidate = new AdmissionRequestDecoder()
                    .wrap(record.buffer(), body, AdmissionRequestDecoder.BLOCK_LENGTH, header.version())
                    .requestedCandidateId();
        } else if (kind == CommandKind.ORDER) {
            requestedCandidate = new OrderRequestDecoder()
                    .wrap(record.buffer(), body, OrderRequestDecoder.BLOCK_LENGTH, header.version())
                    .requestedCandidateId();
        }
        RecordSectionsDecoder sections = new RecordSectionsDecoder()
                .wrap(record.buffer(), record.sectionsOffset(), RecordSectionsDecoder.BLOCK_LENGTH, header.version());
        sections.stamp().forEach(group -> {});
        sections.intake().forEach(group -> {
            intake = group.result();
            isDuplicate = group.originalSequence() != RecordSectionsDecoder.IntakeDecoder.originalSequenceNullValue();
        });
        sections.regime().forEach(group -> {});
        sections.effective().forEach(group -> {});
        sections.tierPosterior().forEach(group -> {});
        sections.tierDraw().forEach(group -> {});
        sections.decision().forEach(group -> {
            decisionReason = group.reason();
            decisionAction = group.action();
            selectedCandidate = group.selectedCandidateId();
        });
        sections.proof().forEach(group -> {});
        sections.selection().forEach(group -> {
            actedCandidate = group.actedCandidateId();
            strategy = group.strategy();
        });
        sections.exploration().forEach(group -> {});
        sections.budget().forEach(group -> budget = group.result());
    }

    String actionAndReason() {
        return action() + " " + (reason() == ReasonCode.NONE ? null : reason()); // inspect shows no reason as null.
    }

    private ReasonCode reason() {
        if (intake != null) {
            return intake;
        }
        if (strategy == Strategy.FOLLOW && actedCandidate == 0) {
            return decisionReason;
        }
        if (strategy == Strategy.DIRECTED && actedCandidate == 0) {
            return ReasonCode.REQUESTED_NOT_ELIGIBLE;
        }
        if (budget != null && budget != ReasonCode.NONE) {
            return budget;
        }
        if (isExplored()) {
            return ReasonCode.EXPLORED;
        }
        if (strategy == Strategy.FOLLOW || strategy == Strategy.EXPLORE) {
            return decisionReason;
        }
        return strategy == Strategy.DIRECTED ? ReasonCode.REQUESTED_DIRECTED : ReasonCode.APPLIED;
    }

    private Action action() {
        boolean asksAdmission =
                (kind == CommandKind.ADMISSION || kind == CommandKind.ORDER || kind == CommandKind.REPLACE)
                        && !isDuplicate;
        if (!asksAdmission) {
            return Action.NOTHING_GRANTED;
        }
        if (intake != null || budget != ReasonCode.NONE) {
            return Action.REJECT;
        }
        if (kind == CommandKind.REPLACE) {
            return Action.EXECUTE;
        }
        if (actedCandidate == 0) {
            return Action.REJECT;
        }
        if (isExplored()) {
            return actedCandidate == requestedCandidate ? Action.EXECUTE : Action.SUBSTITUTE;
        }
        return strategy == Strategy.DIRECTED ? Action.EXECUTE : decisionAction;
    }

    private boolean isExplored() {
        return strategy == Strategy.EXPLORE && actedCandidate != selectedCandidate;
    }
}
