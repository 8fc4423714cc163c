package io.ringfence.gateway.answers;

/** Finds answers that the gateway no longer keeps, or gave before it was started: off the path, from the journal. */
@FunctionalInterface
public interface PastAnswers {
    /** Keeps none: every question is declined. */
    PastAnswers NONE = question -> false;

    /**
     * Takes a question to another thread, which hands its answer to the admin port. Never waits.
     *
     * @return false when the question cannot be taken: it is answered with ANSWER_NOT_KEPT.
     */
    boolean offer(PastQuestion question);
}
