package io.ringfence.gateway.replay;

import io.ringfence.engine.pipeline.DecisionFacts;
import io.ringfence.engine.pipeline.OutcomeFacts;
import io.ringfence.gateway.answers.FactsIndex;
import io.ringfence.journal.record.RecordView;
import io.ringfence.schemas.CommandKind;

/**
 * Reads from the records that no engine replays the facts that a facts file did not carry over.
 *
 * <p>After a loss of power, and where the file is damaged or gone, that is all of them; after a kill those of the decisions that
 * were not answered. One thread.
 */
public final class FactsRebuild {
    private final PolicyHistory history = new PolicyHistory();
    private final RecordedDecision decision = new RecordedDecision();
    private final DecisionFacts decisionFacts = new DecisionFacts();
    private final OutcomeFacts decided = new OutcomeFacts();
    private final FactsIndex facts;

    /** @param facts opened, and to be completed. */
    public FactsRebuild(FactsIndex facts) {
        this.facts = facts;
    }

    /** Takes the next record, from the first on; records met before are known already. */
    public void accept(RecordView record) {
        history.accept(record);
        boolean isDecision = record.kind() == CommandKind.ADMISSION || record.kind() == CommandKind.ORDER;
        if (isDecision && record.sequence() > facts.newestSequence()) {
            decision.read(record, history.policy());
            decisionFacts.read(decision.event(), decided);
            boolean isReadable = decision.difference() == null;
            if (isReadable && decided.isPresent() && !decision.event().intake().isDuplicate()) {
                facts.add(decided, record.timestampNs());
            }
        }
    }
}
