package io.ringfence.tools.journal;

import io.ringfence.engine.bandit.Lesson;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.policy.Bps;
import io.ringfence.gateway.replay.RecordedDecision;
import io.ringfence.journal.record.RecordView;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.OutcomeFactsDecoder;
import io.ringfence.schemas.OutcomeReportDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Tristate;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * The outcomes of a journal: of each decision that was acted on, what was reported of it last. A later revision replaces an earlier one; of
 * two reports of one revision the first counts.
 */
public final class OutcomeLog {
    /** Quality of an outcome that was not graded. */
    public static final int NOT_GRADED = -1;

    /**
     * The last report on one decision.
     *
     * @param decision    sequence of it.
     * @param revision    of the report, u32.
     * @param disposition of the act: a grade counts once it has ended.
     * @param candidateId that acted.
     * @param useCase     code of it.
     * @param tier        of the candidate.
     * @param success     YES, NO or UNKNOWN.
     * @param qualityBps  0 to 10,000, or {@link #NOT_GRADED}.
     */
    public record Outcome(
            long decision,
            long revision,
            Disposition disposition,
            long candidateId,
            int useCase,
            int tier,
            Tristate success,
            int qualityBps) {
        /** Was it graded? */
        public boolean isGraded() {
            return qualityBps != NOT_GRADED;
        }
    }

    private final Map<Long, Outcome> byDecision = new HashMap<>();
    private final RecordedDecision recorded = new RecordedDecision();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final OutcomeReportDecoder report = new OutcomeReportDecoder();
    private String difference;

    /** Takes the next record; only outcomes that the engine took count. */
    public void accept(RecordView record) {
        if (record.kind() != CommandKind.OUTCOME) {
            return;
        }
        recorded.read(record, null);
        DecisionEvent event = recorded.event();
        ReasonCode reason = event.verdict().reason();
        boolean isTaken = reason == ReasonCode.APPLIED || Lesson.isReason(reason);
        if (recorded.difference() != null) {
            difference = difference == null ? recorded.difference() : difference;
        } else if (isTaken && !event.isDuplicate()) {
            add(
                    report.wrapAndApplyHeader(record.buffer(), record.commandOffset(), header),
                    event.command().facts());
        }
    }

    private void add(OutcomeReportDecoder of, OutcomeFactsDecoder facts) {
        Outcome outcome = new Outcome(
                of.decisionSequence(),
                of.revision(),
                of.disposition(),
                facts.actedCandidateId(),
                facts.useCase(),
                facts.tier(),
                of.success(),
                of.qualityBps() <= Bps.ONE ? of.qualityBps() : NOT_GRADED);
        byDecision.merge(of.decisionSequence(), outcome, (old, next) -> next.revision() > old.revision() ? next : old);
    }

    /** The last outcome of each decision, in no order; not of one whose last report takes the act back. */
    public Collection<Outcome> outcomes() {
        return byDecision.values().stream()
                .filter(outcome -> outcome.disposition() == Disposition.APPLIED)
                .toList();
    }

    /** Why the first outcome that is not as recorded was left out; null for none. */
    public String difference() {
        return difference;
    }
}
