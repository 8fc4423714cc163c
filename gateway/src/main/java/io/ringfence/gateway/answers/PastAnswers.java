package io.ringfence.gateway.answers;

import io.ringfence.engine.command.CommandType;

/**
 * Looks up in the journal, on another thread, what the gateway no longer remembers or what an earlier process did: answers, and the
 * facts of decisions. What it finds is handed to the admin port.
 */
@FunctionalInterface
public interface PastAnswers {
    /** Declines everything. */
    PastAnswers NONE = question -> false;

    /**
     * Takes a question to another thread. Never waits.
     *
     * @return false when the question cannot be taken: it is answered with ANSWER_NOT_KEPT.
     */
    boolean offer(PastQuestion question);

    /**
     * Takes a command to another thread that finds the facts of the decision which it names. Never waits.
     *
     * @return false when it cannot be taken: it is refused with RING_FULL.
     */
    default boolean offer(LateCommand command) {
        return false;
    }

    /**
     * Asks for the answer to an earlier request.
     *
     * @param sessionId       session that waits for the answer.
     * @param principalId     principal that sent the request.
     * @param clientRequestId of the request.
     * @param sequence        of the request's record; 0 where only the request id is known.
     */
    record PastQuestion(int sessionId, int principalId, long clientRequestId, long sequence) {
        /** Is it a repeated request, whose first answer had this sequence? If not, it is a query. */
        public boolean isDuplicate() {
            return sequence != 0;
        }
    }

    /**
     * A command of a client that waits for the facts of the decision that it names.
     *
     * @param type        of a kind that is stamped with facts.
     * @param sessionId   session it came by, which may end meanwhile.
     * @param principalId whose command.
     * @param decision    sequence that it names; 1 and above.
     * @param message     as it was checked, with its header; not to be changed.
     */
    record LateCommand(CommandType type, int sessionId, int principalId, long decision, byte[] message) {}
}
