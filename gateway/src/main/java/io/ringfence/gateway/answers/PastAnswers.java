package io.ringfence.gateway.answers;

/** Looks up in the journal, on another thread, answers that the gateway no longer remembers or that an earlier process gave. */
@FunctionalInterface
public interface PastAnswers {
    /** Declines every question. */
    PastAnswers NONE = question -> false;

    /**
     * Takes a question to another thread, which hands its answer to the admin port. Never waits.
     *
     * @return false when the question cannot be taken: it is answered with ANSWER_NOT_KEPT.
     */
    boolean offer(PastQuestion question);

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
}
