package io.ringfence.engine.pipeline;

import io.ringfence.engine.command.Command;
import io.ringfence.engine.digest.Sha256;
import io.ringfence.schemas.OutcomeFactsEncoder;
import io.ringfence.schemas.Tristate;
import org.agrona.MutableDirectBuffer;

/** Writes the facts of a decision that a later outcome is stamped with. A flyweight: one a thread; allocates nothing. */
public final class DecisionFacts {
    /** Stands for "no regime", "no tier" and "no provider". */
    public static final int NONE = 255;

    /** Bytes of the facts of one decision: an {@code OutcomeFacts} block. */
    public static final int LENGTH = OutcomeFactsEncoder.BLOCK_LENGTH;

    private final OutcomeFactsEncoder encoder = new OutcomeFactsEncoder();

    /** Has this event facts: is it an admission request or an order, other than a repeated one? */
    public static boolean has(DecisionEvent event) {
        return event.type().isRequest() && !event.isDuplicate();
    }

    /**
     * Writes {@link #LENGTH} bytes.
     *
     * @param event that {@link #has} facts, as the journal stage left it.
     */
    public void write(DecisionEvent event, MutableDirectBuffer buffer, int offset) {
        Command command = event.command();
        boolean isDecided = event.isDecided();
        encoder.wrap(buffer, offset)
                .sequence(command.sequence())
                .accountId(event.request().accountId())
                .timestampNs(command.timestampNs())
                .actedCandidateId(isDecided ? event.selection().actedCandidateId() : 0)
                .useCase((short) event.request().useCase())
                .regime((short) (isDecided ? event.regime() : NONE))
                .tier((short) (isDecided ? event.selection().tier() : NONE))
                .providerId((short) (isDecided ? event.selection().providerId() : NONE))
                .isAdmitted(event.verdict().isAdmitted() ? Tristate.YES : Tristate.NO)
                .putEntryHash(command.bytes(), event.entryHashOffset(), Sha256.LENGTH);
    }
}
