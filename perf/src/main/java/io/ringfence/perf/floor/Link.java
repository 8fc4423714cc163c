package io.ringfence.perf.floor;

import io.ringfence.schemas.ExecutionEncoder;
import io.ringfence.schemas.OrderReplaceEncoder;
import io.ringfence.schemas.OrderRequestEncoder;
import io.ringfence.schemas.OutcomeReportEncoder;

/**
 * The client's end of a contestant: begin a message, fill it in, offer it until it is taken, poll for the answers.
 *
 * <p>For the client's thread. Request ids go up by one for each message that is taken.
 */
interface Link extends AutoCloseable {
    /** Most messages that may be unanswered. */
    int WINDOW = 1_024;

    OrderRequestEncoder order();

    OrderReplaceEncoder replace();

    ExecutionEncoder execution();

    OutcomeReportEncoder outcome();

    /** Request id under which the next message is begun. */
    long nextRequestId();

    /**
     * Sends the message begun last.
     *
     * @param recordLength of the record that a floor is to append for it, in bytes.
     * @return false: back pressure, nothing was sent, offer it again.
     * @throws IllegalStateException when the session is over.
     */
    boolean offer(int recordLength);

    /**
     * Takes answers.
     *
     * @return how many messages were taken.
     * @throws IllegalStateException when a request was refused without a sequence.
     */
    int poll(Answers answers, int limit);

    @Override
    void close();

    /** Takes what a poll finds. */
    interface Answers {
        /**
         * @param requestId of the message answered.
         * @param sequence  that it took.
         * @param isGranted an order or replace was admitted, or a report was booked; a floor says so of every message.
         */
        void onAnswer(long requestId, long sequence, boolean isGranted);
    }
}
