package io.ringfence.gateway.answers;

/**
 * Which old answer is wanted, and for whom.
 *
 * @param sessionId       session that waits for it.
 * @param principalId     whose request it was.
 * @param clientRequestId of the request.
 * @param sequence        of the request's record; 0 where only the request id is known.
 */
public record PastQuestion(int sessionId, int principalId, long clientRequestId, long sequence) {
    /** Did the repetition take a sequence of its own, or is it a mere query? */
    public boolean isDuplicate() {
        return sequence != 0;
    }
}
