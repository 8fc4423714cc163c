package io.ringfence.engine.budget;

import io.ringfence.schemas.ExecutionDecoder;
import io.ringfence.schemas.ExecutionKind;

/** Reads a venue's report beside the terms of its order: which terms it speaks of, and what it says of them. Pure functions. */
final class ReportedTerms {
    /** Which terms a report speaks of. */
    enum Spoken {
        ACKNOWLEDGED,
        PENDING,
        /** Of terms before the acknowledged ones. */
        EARLIER,
        /** Of terms that this order was not admitted with. */
        FOREIGN,
        /** Not told, and there are two that it may be. */
        UNTOLD
    }

    /** The report does not say it. */
    static final long NOT_SAID = ExecutionDecoder.orderQuantityNullValue();

    private ReportedTerms() {}

    /** The terms that a report speaks of: those that it names, else those that its quantities allow. */
    static Spoken spokenOf(OrderTerms terms, ExecutionDecoder report, ExecutionKind kind) {
        long sequence = report.termsSequence();
        if (sequence != ExecutionDecoder.termsSequenceNullValue()) {
            return spokenOf(terms, sequence);
        }
        long total = kind == ExecutionKind.REPLACE_REJECTED ? NOT_SAID : totalOf(report, kind);
        if (total != NOT_SAID) {
            return spokenOf(terms, total, kind);
        }
        return terms.isPending() || terms.wasReplaced() ? Spoken.UNTOLD : Spoken.ACKNOWLEDGED;
    }

    private static Spoken spokenOf(OrderTerms terms, long sequence) {
        if (sequence == terms.termsSequence()) {
            return Spoken.ACKNOWLEDGED;
        }
        if (terms.isPending() && sequence == terms.pendingSequence()) {
            return Spoken.PENDING;
        }
        return sequence >= terms.holdId() && sequence < terms.termsSequence() ? Spoken.EARLIER : Spoken.FOREIGN;
    }

    /** By the total alone a report is told to be of the waiting terms only where no earlier terms can have had the same. */
    private static Spoken spokenOf(OrderTerms terms, long total, ExecutionKind kind) {
        boolean isOfPending = terms.isPending() && total == terms.pendingOrderQuantity();
        if (total == terms.orderQuantity()) {
            return isOfPending ? Spoken.UNTOLD : Spoken.ACKNOWLEDGED;
        }
        if (isOfPending) {
            return terms.wasReplaced() && kind != ExecutionKind.REPLACED ? Spoken.UNTOLD : Spoken.PENDING;
        }
        if (terms.wasReplaced() && total == terms.earlierOrderQuantity()) {
            return Spoken.EARLIER;
        }
        return terms.isPending() || terms.wasReplaced() ? Spoken.UNTOLD : Spoken.ACKNOWLEDGED;
    }

    /** Order quantity that a report says, or that follows from what it says of an order at work; else {@link #NOT_SAID}. */
    static long totalOf(ExecutionDecoder report, ExecutionKind kind) {
        boolean isAtWork = kind == ExecutionKind.FILL || kind == ExecutionKind.REPLACED;
        long cumulative = report.cumulativeQuantity();
        if (report.orderQuantity() != NOT_SAID || cumulative == NOT_SAID || !isAtWork) {
            return report.orderQuantity();
        }
        return cumulative + report.leavesQuantity();
    }

    /**
     * What has traded in all, as a report of an order at work says it or as it follows from what it leaves; else {@link #NOT_SAID}. A REPLACED
     * that nobody asked for may count in other units than before: a split.
     */
    static long cumulativeOf(OrderTerms terms, Spoken spoken, ExecutionDecoder report, ExecutionKind kind) {
        boolean isAnswer = terms.isPending() && (spoken == Spoken.PENDING || spoken == Spoken.UNTOLD);
        boolean isAtWork = kind == ExecutionKind.FILL || kind == ExecutionKind.REPLACED && isAnswer;
        if (!isAtWork || report.cumulativeQuantity() != NOT_SAID) {
            return isAtWork ? report.cumulativeQuantity() : NOT_SAID;
        }
        long leaves = report.leavesQuantity();
        long total = report.orderQuantity();
        if (total == NOT_SAID) {
            boolean isClear = leaves > 0
                    && (spoken == Spoken.PENDING
                            || spoken == Spoken.ACKNOWLEDGED
                            || spoken == Spoken.UNTOLD && !terms.isPending());
            long known = spoken == Spoken.PENDING ? terms.pendingOrderQuantity() : terms.orderQuantity();
            total = isClear ? known : NOT_SAID;
        }
        return total == NOT_SAID || total < leaves ? NOT_SAID : total - leaves;
    }
}
