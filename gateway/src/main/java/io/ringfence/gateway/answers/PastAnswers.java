package io.ringfence.gateway.answers;

import io.ringfence.engine.command.CommandType;

/**
 * Looks up in the journal, on another thread, what the gateway no longer remembers or what an earlier process did: answers, and the
 * facts of decisions. What it finds is handed to the admin port.
 */
@FunctionalInterface
public interface PastAnswers {
    /** Takes nothing. */
    PastAnswers NONE = lookUp -> false;

    /** Look-ups that are taken and not handed back at a time, at most. */
    int CAPACITY = 256;

    /** Takes a look-up to another thread. Never waits. False when {@link #CAPACITY} are out, and at the end of the process. */
    boolean offer(LookUp lookUp);

    /** Something that stands in one record of the journal, which its sequence finds. */
    sealed interface LookUp permits PastQuestion, LateCommand {
        /** Session that asks; it may end meanwhile. */
        int sessionId();

        /** Principal that asks. */
        int principalId();

        /** Sequence of the record, which may be answered. */
        long sequence();
    }

    /**
     * Asks for the first answer to a request.
     *
     * @param sessionId       session that waits for the answer.
     * @param principalId     principal that sent the request.
     * @param clientRequestId of the request.
     * @param sequence        of the request's record.
     * @param isDuplicate     does a repeated request ask? If not, a query does.
     * @param isHoldStanding  of a duplicate: does the hold of the first one stand?
     */
    record PastQuestion(
            int sessionId,
            int principalId,
            long clientRequestId,
            long sequence,
            boolean isDuplicate,
            boolean isHoldStanding)
            implements LookUp {}

    /**
     * A command of a client that waits for the facts of the decision that it names.
     *
     * @param type        of a kind that is stamped with facts.
     * @param sessionId   session it came by.
     * @param principalId whose command; 1 and above.
     * @param decision    sequence that it names; 1 and above.
     * @param message     as it was checked, with its header; not to be changed.
     */
    record LateCommand(CommandType type, int sessionId, int principalId, long decision, byte[] message)
            implements LookUp {
        @Override
        public long sequence() {
            return decision;
        }
    }
}
