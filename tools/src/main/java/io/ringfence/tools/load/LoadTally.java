package io.ringfence.tools.load;

import io.ringfence.schemas.Action;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.ReasonCode;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.collections.Long2LongCounterMap;

/**
 * Counts requests and their answers. The load thread writes; other threads may read once that thread has ended.
 *
 * <p>A request is an order whose admission was asked. It ends once: admitted, rejected by a decision, or refused for good by the
 * gateway. Back pressure ends nothing. Allocates nothing once each pair of candidates has been seen.
 */
final class LoadTally {
    /** Bytes of an entry hash. */
    static final int HASH_LENGTH = 32;

    private static final ReasonCode[] REASONS = ReasonCode.values();

    private final long[] rejectedBecause = new long[REASONS.length];
    private final long[] refusedBecause = new long[REASONS.length];
    private final Long2LongCounterMap actedInstead = new Long2LongCounterMap(0);
    private final byte[] headHash = new byte[HASH_LENGTH];

    private long executed;
    private long substituted;
    private long rejected;
    private long refused;
    private long replaced;
    private long replacesDenied;
    private long executions;
    private long executionsDenied;
    private long outcomes;
    private long outcomesDenied;
    private long pressed;
    private long headSequence;

    /** Sets all counts to 0; keeps the head. */
    void clear() {
        Arrays.fill(rejectedBecause, 0);
        Arrays.fill(refusedBecause, 0);
        actedInstead.clear();
        executed = 0;
        substituted = 0;
        rejected = 0;
        refused = 0;
        replaced = 0;
        replacesDenied = 0;
        executions = 0;
        executionsDenied = 0;
        outcomes = 0;
        outcomesDenied = 0;
        pressed = 0;
    }

    /** Counts the decision of an order. */
    void decided(AdmissionDecisionDecoder decision) {
        Action action = decision.action();
        if (action == Action.EXECUTE) {
            executed++;
        } else if (action == Action.SUBSTITUTE) {
            substituted++;
            actedInstead.incrementAndGet(decision.actedCandidateId());
        } else {
            rejected++;
            rejectedBecause[decision.reason().ordinal()]++;
        }
    }

    /** Counts an order that the gateway refused and that is not sent again. */
    void refused(ReasonCode reason) {
        refused++;
        refusedBecause[reason.ordinal()]++;
    }

    void replaceAnswered(boolean isAdmitted) {
        replaced += isAdmitted ? 1 : 0;
        replacesDenied += isAdmitted ? 0 : 1;
    }

    void executionAnswered(boolean isBooked) {
        executions += isBooked ? 1 : 0;
        executionsDenied += isBooked ? 0 : 1;
    }

    void outcomeAnswered(boolean isTaken) {
        outcomes += isTaken ? 1 : 0;
        outcomesDenied += isTaken ? 0 : 1;
    }

    /** Counts a message that the gateway had no room for; it is sent again. */
    void pressed() {
        pressed++;
    }

    /** Keeps the record of the highest sequence as the head. */
    void head(AdmissionDecisionDecoder decision) {
        if (decision.sequence() > headSequence) {
            headSequence = decision.sequence();
            decision.getEntryHash(headHash, 0, headHash.length);
        }
    }

    /** Orders with a final answer: admitted, rejected or refused. */
    long requests() {
        return admitted() + rejected + refused;
    }

    long admitted() {
        return executed + substituted;
    }

    long substituted() {
        return substituted;
    }

    long rejected() {
        return rejected;
    }

    long refused() {
        return refused;
    }

    /** Replaces that were admitted. */
    long replaced() {
        return replaced;
    }

    /** Replaces that were denied. */
    long replacesDenied() {
        return replacesDenied;
    }

    /** Executions that were booked. */
    long executions() {
        return executions;
    }

    /** Executions that were not booked: 0 unless something is wrong. */
    long executionsDenied() {
        return executionsDenied;
    }

    long outcomes() {
        return outcomes;
    }

    long outcomesDenied() {
        return outcomesDenied;
    }

    /** Number of times that the gateway had no room and a message was sent again. */
    long retries() {
        return pressed;
    }

    /** Messages that took a sequence. */
    long messages() {
        return requests()
                - refused
                + replaced
                + replacesDenied
                + executions
                + executionsDenied
                + outcomes
                + outcomesDenied;
    }

    long headSequence() {
        return headSequence;
    }

    byte[] headHash() {
        return headHash.clone();
    }

    Map<ReasonCode, Long> rejectedBecause() {
        return byReason(rejectedBecause);
    }

    Map<ReasonCode, Long> refusedBecause() {
        return byReason(refusedBecause);
    }

    /** Number of times each candidate acted in place of the requested one. */
    Map<Long, Long> actedInstead() {
        Map<Long, Long> counts = new TreeMap<>();
        actedInstead.forEach(counts::put);
        return counts;
    }

    private static Map<ReasonCode, Long> byReason(long[] counts) {
        Map<ReasonCode, Long> found = new EnumMap<>(ReasonCode.class);
        for (ReasonCode reason : REASONS) {
            if (counts[reason.ordinal()] > 0) {
                found.put(reason, counts[reason.ordinal()]);
            }
        }
        return found;
    }
}
