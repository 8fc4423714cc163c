package io.ringfence.gateway.replay;

import io.ringfence.engine.pipeline.Verdict.DecisionFacts;
import io.ringfence.gateway.answers.FactsIndex;
import io.ringfence.journal.record.RecordView;
import io.ringfence.schemas.CommandKind;

/** Reads the facts of decisions from the records that a snapshot stands for, which no engine replays. One thread. */
public final class FactsRebuild {
    private final PolicyHistory history = new PolicyHistory();
    private final RecordedDecision decision = new RecordedDecision();
    private final FactsIndex facts;

    /** @param facts receives them. */
    public FactsRebuild(FactsIndex facts) {
        this.facts = facts;
    }

    /** Takes the next record, from the first on; a decision met before is known already. */
    public void accept(RecordView record) {
        history.accept(record);
        if (record.kind() == CommandKind.ADMISSION || record.kind() == CommandKind.ORDER) {
            decision.read(record, history.policy());
            if (decision.difference() == null && DecisionFacts.has(decision.event())) {
                facts.add(decision.event());
            }
        }
    }
}
