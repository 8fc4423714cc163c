package io.ringfence.engine.budget;

import io.ringfence.engine.budget.ReportedTerms.Spoken;
import io.ringfence.schemas.ExecutionDecoder;
import io.ringfence.schemas.ExecutionKind;

/**
 * The terms of one order while an event changes them: those that the venue acknowledged last, and those of a replace that waits.
 *
 * <p>A report speaks of the terms that the venue had when it made it. What it leaves open is taken for those terms alone. Under the
 * acknowledged terms there is open what the fills left or what the venue said last, whichever is more. The order ends once nothing is open
 * under either terms. Quantities are 1e-8 units.
 */
final class OrderTerms {
    /** A fill left nothing open under the acknowledged terms. */
    private static final long FILLED = 1;

    /** The venue ended the order under the acknowledged terms. */
    private static final long ENDED = 2;

    /** A report showed that the venue took the replace; the REPLACED itself is still to come. */
    private static final long REPLACED_TO_COME = 4;

    private final Holds holds;
    private final RareTerms rare;

    private long holdId;
    private long costMicros;
    private long floorMicros;
    private long filledQuantity; // Below 0 while a bust is ahead of its fill.
    private long storedOpenQuantity; // Of the order as it was loaded.

    // Acknowledged by the venue last.
    private long termsSequence;
    private long orderQuantity;
    private long countedQuantity; // Open by the fills that were booked.
    private long saidQuantity; // Open as the venue said it last; 0 where it is no more than what is counted.
    private long limitPriceMicros;
    private long earlierOrderQuantity; // Of the terms before; 0 without.
    private long unreportedQuantity; // Traded as the venue says, and not booked yet.
    private long unreportedPriceMicros; // The highest limit price at which it can have traded.
    private long marks;

    // Of the replace that waits.
    private long pendingSequence;
    private long pendingOrderQuantity;
    private long pendingQuantity; // Open once the venue takes it.
    private long pendingPriceMicros; // 0: no replace waits.

    OrderTerms(Holds holds, RareTerms rare) {
        this.holds = holds;
        this.rare = rare;
    }

    /** Reads a standing order. */
    void load(int row) {
        holdId = holds.id(row);
        costMicros = holds.costMicros(row);
        countedQuantity = holds.quantity(row);
        limitPriceMicros = holds.limitPriceMicros(row);
        int beside = rare.find(holdId);
        floorMicros = rare.cell(beside, RareTerms.FLOOR);
        filledQuantity = rare.cell(beside, RareTerms.FILLED);
        orderQuantity = countedQuantity + filledQuantity + rare.cell(beside, RareTerms.UNCOUNTED);
        saidQuantity = rare.cell(beside, RareTerms.SAID);
        long sequence = rare.cell(beside, RareTerms.TERMS);
        termsSequence = sequence == 0 ? holdId : sequence;
        earlierOrderQuantity = rare.cell(beside, RareTerms.EARLIER_TOTAL);
        marks = rare.cell(beside, RareTerms.MARKS);
        pendingSequence = rare.cell(beside, RareTerms.PENDING_TERMS);
        pendingOrderQuantity = rare.cell(beside, RareTerms.PENDING_TOTAL);
        pendingQuantity = rare.cell(beside, RareTerms.PENDING);
        pendingPriceMicros = rare.cell(beside, RareTerms.PENDING_PRICE);
        unreportedQuantity = rare.cell(beside, RareTerms.UNREPORTED);
        unreportedPriceMicros = rare.cell(beside, RareTerms.UNREPORTED_PRICE);
        storedOpenQuantity = openQuantity();
    }

    /**
     * Reads an order that has ended, under the highest limit price that it had. A report that opens it again makes a new row necessary.
     *
     * @param total      order quantity when it ended.
     * @param sequence   of the terms that it ended under; 0: of the order itself.
     * @param endedMarks as {@link #marks()} told.
     */
    void loadEnded(long endedHoldId, long limitMicros, long total, long filled, long sequence, long endedMarks) {
        holdId = endedHoldId;
        costMicros = 0;
        floorMicros = 0;
        filledQuantity = filled;
        orderQuantity = total;
        countedQuantity = 0;
        saidQuantity = 0;
        limitPriceMicros = limitMicros;
        termsSequence = sequence == 0 ? holdId : sequence;
        earlierOrderQuantity = 0;
        marks = endedMarks;
        unreportedQuantity = 0;
        unreportedPriceMicros = 0;
        dropPending();
        storedOpenQuantity = 0;
    }

    /** May this report open an order that has ended? It must say that something is open. */
    static boolean mayReopen(ExecutionDecoder report) {
        ExecutionKind kind = report.kind();
        return report.leavesQuantity() > 0
                && (kind == ExecutionKind.BUST || kind == ExecutionKind.CORRECTION || kind == ExecutionKind.REPLACED);
    }

    /** Writes the terms to their standing order. */
    void store(int row) {
        holds.terms(row, countedQuantity, limitPriceMicros, costMicros);
        long uncounted = orderQuantity - countedQuantity - filledQuantity;
        long sequence = replaceSequence();
        boolean isPlain =
                (floorMicros | filledQuantity | uncounted | saidQuantity | sequence | marks | unreportedQuantity) == 0;
        if (isPlain && !isPending()) {
            rare.remove(holdId);
            return;
        }
        int beside = rare.claim(holdId);
        rare.cell(beside, RareTerms.FLOOR, floorMicros);
        rare.cell(beside, RareTerms.FILLED, filledQuantity);
        rare.cell(beside, RareTerms.UNCOUNTED, uncounted);
        rare.cell(beside, RareTerms.SAID, saidQuantity);
        rare.cell(beside, RareTerms.TERMS, sequence);
        rare.cell(beside, RareTerms.EARLIER_TOTAL, earlierOrderQuantity);
        rare.cell(beside, RareTerms.MARKS, marks);
        rare.cell(beside, RareTerms.PENDING_TERMS, pendingSequence);
        rare.cell(beside, RareTerms.PENDING_TOTAL, pendingOrderQuantity);
        rare.cell(beside, RareTerms.PENDING, pendingQuantity);
        rare.cell(beside, RareTerms.PENDING_PRICE, pendingPriceMicros);
        rare.cell(beside, RareTerms.UNREPORTED, unreportedQuantity);
        rare.cell(beside, RareTerms.UNREPORTED_PRICE, unreportedQuantity == 0 ? 0 : unreportedPriceMicros);
    }

    /**
     * Lets a replace wait; false when its open quantity leaves the range of i64.
     *
     * @param sequence of the command.
     * @param total    new order quantity, 1 and above, with what has traded.
     */
    boolean replace(long sequence, long total, long priceMicros) {
        long traded = filledQuantity - aboveCount(); // As the venue counts, which may have taken trades back.
        if (Micros.differenceOverflows(filledQuantity, aboveCount()) || Micros.differenceOverflows(total, traded)) {
            return false;
        }
        pendingSequence = sequence;
        pendingOrderQuantity = total;
        pendingQuantity = Math.max(0, total - traded);
        pendingPriceMicros = priceMicros;
        return true;
    }

    /** Applies what a venue reports. Only what it says to be open makes the order hold more than before. */
    void advance(ExecutionDecoder report) {
        ExecutionKind kind = report.kind();
        long leaves = report.leavesQuantity();
        Spoken spoken = ReportedTerms.spokenOf(this, report, kind);
        hear(spoken, report, kind);
        switch (kind) {
            case FILL -> fill(spoken, report.quantity(), leaves);
            case REPLACED -> replaced(spoken, report);
            case REPLACE_REJECTED -> replaceRejected(spoken, leaves);
            case CANCELLED, EXPIRED, REJECTED_BY_VENUE -> end(spoken);
            case BUST, CORRECTION -> {
                revise(spoken, leaves);
                return; // The fees of the order did not change.
            }
            case NULL_VAL, SBE_UNKNOWN -> throw new IllegalArgumentException("kind must be known: kind=" + kind);
        }
        costMicros = Math.max(0, costMicros - Math.max(0, report.feeMicros())); // A rebate leaves it.
    }

    /** Ends the order under whatever terms, because a person says so. */
    void writeOff() {
        dropPending();
        nothingLeft(ENDED);
    }

    /** Adds what an execution booked, below 0 what it took back, to what the order has filled; the sum must fit i64. */
    void traded(long tradedQuantity) {
        filledQuantity += tradedQuantity;
        unreportedQuantity = Math.max(0, unreportedQuantity - Math.max(0, tradedQuantity));
    }

    /** Amount that the order must hold, 0 and above, or {@link Micros#OVERFLOW}. */
    long heldMicros() {
        if (isClosed()) {
            return 0;
        }
        long now = withCost(valueMicros(acknowledgedQuantity(), limitPriceMicros));
        long pending = isPending() ? withCost(valueMicros(pendingQuantity, pendingPriceMicros)) : 0;
        return now == Micros.OVERFLOW || pending == Micros.OVERFLOW
                ? Micros.OVERFLOW
                : Math.max(floorMicros, Math.max(now, pending));
    }

    /** What the order may still trade: the larger of the acknowledged terms and those of the replace that waits. */
    long openQuantity() {
        return Math.max(acknowledgedQuantity(), pendingQuantity);
    }

    /** By how much the event changed what the order may still trade. */
    long openedQuantity() {
        return openQuantity() - storedOpenQuantity;
    }

    /** The higher of the limit price and that of a replace that waits. */
    long highestPriceMicros() {
        return Math.max(limitPriceMicros, pendingPriceMicros);
    }

    /** The limit price that bounds what a report books; of earlier terms, whose fills are still to come, also theirs. */
    long limitPriceMicros(ExecutionDecoder report) {
        boolean isOfEarlier =
                unreportedQuantity > 0 && ReportedTerms.spokenOf(this, report, report.kind()) == Spoken.EARLIER;
        return isOfEarlier ? Math.max(unreportedPriceMicros, highestPriceMicros()) : highestPriceMicros();
    }

    /** Has the order ended? Then it holds 0. */
    boolean isClosed() {
        return openQuantity() == 0;
    }

    boolean isPending() {
        return pendingPriceMicros > 0;
    }

    /** Total under the acknowledged terms; below 0 when it left the range of i64. */
    long orderQuantity() {
        return orderQuantity;
    }

    long limitPriceMicros() {
        return limitPriceMicros;
    }

    long holdId() {
        return holdId;
    }

    /** Sequence of the command that brought the acknowledged terms. */
    long termsSequence() {
        return termsSequence;
    }

    /** Total under the terms before the acknowledged ones; 0 without. */
    long earlierOrderQuantity() {
        return earlierOrderQuantity;
    }

    /** Sequence of the replace that waits; 0: none does. */
    long pendingSequence() {
        return pendingSequence;
    }

    /** Total under the replace that waits; 0: none does. */
    long pendingOrderQuantity() {
        return pendingOrderQuantity;
    }

    long filledQuantity() {
        return filledQuantity;
    }

    /** Sequence of the replace that made the acknowledged terms; 0: they are of the order itself. */
    long replaceSequence() {
        return wasReplaced() ? termsSequence : 0;
    }

    /** What reports that come late must not undo. */
    long marks() {
        return marks;
    }

    private long acknowledgedQuantity() {
        return Math.max(countedQuantity, saidQuantity);
    }

    /** By how much the venue has more open than was counted. */
    private long aboveCount() {
        return acknowledgedQuantity() - countedQuantity;
    }

    /** Are the acknowledged terms those of a replace? */
    boolean wasReplaced() {
        return termsSequence != holdId;
    }

    /**
     * Takes what the venue says to have traded in all. What is more than what was booked is still to come, and has traded at the limit price
     * of now, or at an earlier one.
     */
    private void hear(Spoken spoken, ExecutionDecoder report, ExecutionKind kind) {
        long cumulative = ReportedTerms.cumulativeOf(this, spoken, report, kind);
        if (cumulative == ReportedTerms.NOT_SAID || cumulative <= filledQuantity) {
            return;
        }
        long toCome =
                Micros.differenceOverflows(cumulative, filledQuantity) ? Long.MAX_VALUE : cumulative - filledQuantity;
        if (toCome > unreportedQuantity) {
            unreportedPriceMicros = Math.max(unreportedQuantity == 0 ? 0 : unreportedPriceMicros, limitPriceMicros);
            unreportedQuantity = toCome;
        }
    }

    /** The client's own figure was for the whole order, so it ends with the first trade. */
    private void fill(Spoken spoken, long traded, long leaves) {
        boolean isOfPending = spoken == Spoken.PENDING;
        if (isOfPending) {
            acknowledge();
            marks = REPLACED_TO_COME;
        }
        countedQuantity = Math.max(0, countedQuantity - traded);
        saidQuantity = Math.max(0, saidQuantity - traded);
        pendingQuantity = Math.max(0, pendingQuantity - traded);
        floorMicros = traded > 0 ? 0 : floorMicros;
        boolean isOfAcknowledged = isOfPending || spoken == Spoken.ACKNOWLEDGED;
        if (leaves == 0 && (isOfAcknowledged || spoken == Spoken.UNTOLD && !wasReplaced())) {
            nothingLeft(FILLED);
        } else if (isOfAcknowledged) {
            leave(leaves);
        } else if (spoken != Spoken.EARLIER) {
            leaveOneOf(leaves);
        }
    }

    private void replaced(Spoken spoken, ExecutionDecoder report) {
        if ((marks & REPLACED_TO_COME) != 0 && (spoken == Spoken.ACKNOWLEDGED || spoken == Spoken.UNTOLD)) {
            marks &= ~REPLACED_TO_COME; // Older than what showed that it would come.
        } else if (spoken == Spoken.PENDING || spoken == Spoken.UNTOLD && isPending()) {
            acknowledge();
            orderQuantity = report.orderQuantity() == ReportedTerms.NOT_SAID ? orderQuantity : report.orderQuantity();
            leave(report.leavesQuantity());
        } else if (spoken != Spoken.EARLIER) {
            restate(spoken, report);
        }
    }

    /** The venue changed the order unasked: what it says stands, up or down. */
    private void restate(Spoken spoken, ExecutionDecoder report) {
        long leaves = report.leavesQuantity();
        long total = ReportedTerms.totalOf(report, ExecutionKind.REPLACED);
        if (leaves == 0) {
            if (total != ReportedTerms.NOT_SAID) {
                nothingLeft(ENDED);
            }
            return;
        }
        if (spoken == Spoken.FOREIGN && report.termsSequence() > termsSequence) {
            earlierOrderQuantity = orderQuantity;
            termsSequence = report.termsSequence();
        }
        orderQuantity = total == ReportedTerms.NOT_SAID ? leaves + filledQuantity : total;
        countedQuantity =
                Micros.sumOverflows(leaves, unreportedQuantity) ? Long.MAX_VALUE : leaves + unreportedQuantity;
        saidQuantity = 0;
        marks &= ~(FILLED | ENDED);
        limitPriceMicros = report.priceMicros() > 0 ? report.priceMicros() : limitPriceMicros;
    }

    /** The acknowledged terms go on; an order that ended under them ends. */
    private void replaceRejected(Spoken spoken, long leaves) {
        if (!isPending() || spoken == Spoken.EARLIER || spoken == Spoken.FOREIGN) {
            return;
        }
        dropPending();
        if (leaves > 0 && spoken != Spoken.PENDING) {
            leave(leaves);
        }
    }

    /** What an end leaves is not open any more: FIX lets it say 0 or the rest. */
    private void end(Spoken spoken) {
        if (spoken == Spoken.EARLIER) {
            return;
        }
        if (spoken == Spoken.PENDING) {
            acknowledge();
            marks = REPLACED_TO_COME;
        }
        nothingLeft(ENDED);
    }

    /**
     * What the order may still trade does not change, unless the venue opens again what was traded. Where all has traded by what was
     * booked, the report is older than the last fill.
     */
    private void revise(Spoken spoken, long leaves) {
        boolean isOver = (marks & ENDED) != 0 || acknowledgedQuantity() == 0 && filledQuantity >= orderQuantity;
        if (isOver || spoken == Spoken.EARLIER || leaves <= acknowledgedQuantity()) {
            return;
        }
        marks &= ~FILLED;
        if (spoken == Spoken.ACKNOWLEDGED) {
            leave(leaves);
        } else {
            leaveOneOf(leaves);
        }
    }

    private void acknowledge() {
        unreportedPriceMicros = Math.max(unreportedPriceMicros, limitPriceMicros);
        earlierOrderQuantity = orderQuantity;
        orderQuantity = pendingOrderQuantity;
        countedQuantity = pendingQuantity;
        saidQuantity = 0;
        limitPriceMicros = pendingPriceMicros;
        termsSequence = pendingSequence;
        marks = 0;
        dropPending();
    }

    private void dropPending() {
        pendingSequence = 0;
        pendingOrderQuantity = 0;
        pendingQuantity = 0;
        pendingPriceMicros = 0;
    }

    private void nothingLeft(long mark) {
        countedQuantity = 0;
        saidQuantity = 0;
        unreportedQuantity = 0;
        marks |= mark;
    }

    /** Takes what the venue leaves open under the acknowledged terms; a replace that waits will have as much more or less. */
    private void leave(long leaves) {
        if ((marks & (FILLED | ENDED)) != 0) {
            return; // An older report that came late.
        }
        long aboveBefore = aboveCount();
        saidQuantity = leaves > countedQuantity ? leaves : 0;
        if (isPending()) {
            long more = aboveCount() - aboveBefore;
            pendingQuantity =
                    Micros.sumOverflows(pendingQuantity, more) ? Long.MAX_VALUE : Math.max(0, pendingQuantity + more);
        }
    }

    /** Takes what the venue leaves open under one of the terms that it may have had: under each, where it is more than either has. */
    private void leaveOneOf(long leaves) {
        if (!isPending()) {
            leave(leaves);
        } else if (leaves > openQuantity()) {
            marks &= ~FILLED;
            leave(leaves);
            pendingQuantity = Math.max(pendingQuantity, leaves);
        }
    }

    /** Value of an open quantity at a limit price; what the venue says to have traded at a higher one counts at that. */
    private long valueMicros(long quantity, long priceMicros) {
        long traded = unreportedPriceMicros > priceMicros ? Math.min(unreportedQuantity, quantity) : 0;
        long open = Micros.ceilMicros(quantity - traded, priceMicros);
        long unreported = Micros.ceilMicros(traded, unreportedPriceMicros);
        return open == Micros.OVERFLOW || unreported == Micros.OVERFLOW || Micros.sumOverflows(open, unreported)
                ? Micros.OVERFLOW
                : open + unreported;
    }

    private long withCost(long notionalMicros) {
        return notionalMicros == Micros.OVERFLOW || Micros.sumOverflows(notionalMicros, costMicros)
                ? Micros.OVERFLOW
                : notionalMicros + costMicros;
    }
}
