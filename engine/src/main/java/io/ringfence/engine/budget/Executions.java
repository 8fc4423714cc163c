package io.ringfence.engine.budget;

import io.ringfence.engine.control.ControlContext;
import io.ringfence.schemas.ExecutionDecoder;
import io.ringfence.schemas.ReasonCode;

/**
 * Books what venues report on the account of the order, whether the order still stands or has ended; keeps as outstanding what cannot be
 * booked exactly once.
 *
 * <p>A fact is never refused for lack of budget. A buy commits what it paid; a sell commits what it sold at its limit at most, however much
 * more it brought in, so a fill at the limit or better never overdraws an account by its value. A bust or correction moves position and
 * money, and the hold only where the venue opens again what was traded. An order that is not known is booked on the account that the report
 * names, and is remembered from then on as one that has ended.
 */
final class Executions {
    private final Accounts accounts;
    private final Holds holds;
    private final Orders orders;
    private final OrderTerms terms;
    private final Positions positions;
    private final EndedHolds ended;
    private final OutstandingFacts outstanding;
    private final ExecutionEffect effect;

    // What the report in hand is about.
    private int row; // Of the standing hold.
    private int endedRow; // Of one that has ended.
    private long key; // Positions.NO_KEY: the hold is not known and was not taken over.
    private long limitMicros;
    private boolean isAtWork; // The order stands, or the report may open it again: its terms are loaded.

    Executions(
            Accounts accounts,
            Holds holds,
            Orders orders,
            Positions positions,
            BookedExecutions executions,
            EndedHolds ended,
            OutstandingFacts outstanding) {
        this.accounts = accounts;
        this.holds = holds;
        this.orders = orders;
        this.terms = orders.terms();
        this.positions = positions;
        this.ended = ended;
        this.outstanding = outstanding;
        this.effect = new ExecutionEffect(executions);
    }

    /** Books a report, keeps it as outstanding, or changes nothing; {@link Budget#execution} lists the reasons. */
    ReasonCode book(ControlContext asked, ExecutionDecoder report, BudgetResult out) {
        if (report.quantity() < 0) {
            return ReasonCode.QUANTITY_NOT_POSITIVE;
        }
        boolean isFact = ExecutionEffect.isTrade(report.kind()) || report.feeMicros() != 0;
        long holdId = report.holdId();
        find(holdId);
        if (key == Positions.NO_KEY) {
            if (!isFact) {
                return ReasonCode.HOLD_UNKNOWN;
            }
            int slot = namedSlot(report);
            key = keyOfUnknown(report, slot, asked.sequence());
            if (key == Positions.NO_KEY) {
                return outstanding.keep(asked, slot, out);
            }
        }
        out.account(Positions.accountSlot(key));
        if (row != Holds.NONE) {
            out.hold(holdId, holds.heldMicros(row));
        }
        effect.find(holdId, report.executionId(), report.kind(), report.referenceExecutionId());
        if (!Positions.isOrder(key)) {
            if (effect.isDuplicate()) {
                return ReasonCode.EXECUTION_DUPLICATE;
            }
            return isFact ? keep(asked, holdId, out) : ReasonCode.HOLD_NOT_ORDER;
        }
        int position = positions.find(key);
        out.position(positions, position, Positions.instrumentId(key));
        if (effect.isDuplicate()) {
            return ReasonCode.EXECUTION_DUPLICATE;
        }
        if (!compute(report) || !move(position, out)) {
            return keep(asked, holdId, out);
        }
        // From here on all of it must stand: nothing below may refuse.
        if (effect.isUnmatched()) {
            out.unmatched();
        }
        remember(holdId, asked.timestampNs(), out);
        return ReasonCode.NONE;
    }

    /** Ends a standing order by the word of a person, as a cancel by its venue does; late executions of it are booked all the same. */
    ReasonCode writeOff(ControlContext asked, long holdId, BudgetResult out) {
        find(holdId);
        int position = positions.find(key);
        out.account(Positions.accountSlot(key));
        terms.load(row);
        limitMicros = terms.highestPriceMicros();
        terms.writeOff();
        holds.mustBook(row, 0, 0);
        out.position(positions, positions.move(position, key, 0, terms.openedQuantity()), Positions.instrumentId(key));
        out.hold(holdId, 0);
        out.holdEnded();
        end(holdId, asked.timestampNs());
        return ReasonCode.NONE;
    }

    /** Slot of the account that {@link #book} would book a report on, or {@link Accounts#NONE}. */
    int accountSlot(ExecutionDecoder report) {
        find(report.holdId());
        return key == Positions.NO_KEY ? namedSlot(report) : Positions.accountSlot(key);
    }

    private void find(long holdId) {
        row = holds.find(holdId);
        endedRow = row == Holds.NONE ? ended.find(holdId) : EndedHolds.NONE;
        key = endedRow == EndedHolds.NONE ? Positions.NO_KEY : ended.key(endedRow);
        if (row != Holds.NONE) {
            key = holds.key(row);
        }
    }

    private int namedSlot(ExecutionDecoder report) {
        return report.accountId() == ExecutionDecoder.accountIdNullValue()
                ? Accounts.NONE
                : accounts.find(report.accountId());
    }

    /** Key of an order that was never known here, as the report describes it; none where it may have been booked before. */
    private long keyOfUnknown(ExecutionDecoder report, int slot, long sequence) {
        int side = report.sideRaw();
        boolean isDescribed = slot != Accounts.NONE
                && (side == Positions.BUY || side == Positions.SELL)
                && report.instrumentId() != ExecutionDecoder.instrumentIdNullValue();
        if (!isDescribed || !ended.isNew(slot, report.holdId(), sequence)) {
            return Positions.NO_KEY;
        }
        long described = Positions.orderKey(slot, side, report.instrumentId());
        boolean hasPlace = positions.find(described) != Positions.NONE || positions.hasRoom(slot);
        return hasPlace ? described : Positions.NO_KEY;
    }

    /** Works out the figures; false where they cannot be booked, or not be remembered. */
    private boolean compute(ExecutionDecoder report) {
        long priceMicros = report.priceMicros();
        load(report);
        boolean isBoundByLimit = Positions.side(key) == Positions.SELL;
        long boundMicros = row == Holds.NONE ? limitMicros : terms.limitPriceMicros(report);
        effect.compute(
                report.quantity(),
                isBoundByLimit ? Math.min(priceMicros, boundMicros) : priceMicros,
                report.feeMicros());
        if (!isAtWork) {
            return true;
        }
        if (Micros.sumOverflows(terms.filledQuantity(), effect.tradedQuantity())) {
            return false;
        }
        terms.traded(effect.tradedQuantity());
        terms.advance(report);
        int slot = Positions.accountSlot(key);
        return terms.isClosed() || ended.hasRoom(slot) && (row != Holds.NONE || holds.hasRoom(slot));
    }

    private void load(ExecutionDecoder report) {
        isAtWork = row != Holds.NONE;
        limitMicros = EndedHolds.NO_LIMIT;
        if (isAtWork) {
            terms.load(row);
            limitMicros = terms.highestPriceMicros();
        } else if (endedRow != EndedHolds.NONE) {
            isAtWork = OrderTerms.mayReopen(report) && ended.load(endedRow, terms);
            limitMicros = ended.limitPriceMicros(endedRow);
        }
    }

    /** Moves position and money together, or changes nothing: false when a sum leaves its range. */
    private boolean move(int position, BudgetResult out) {
        int slot = Positions.accountSlot(key);
        long traded = Positions.signed(key, effect.tradedQuantity());
        long heldMicros = isAtWork ? terms.heldMicros() : 0;
        long opened = isAtWork ? terms.openedQuantity() : 0;
        long open = Positions.side(key) == Positions.BUY ? positions.openBuys(position) : positions.openSells(position);
        if (!effect.isRepresentable()
                || heldMicros == Micros.OVERFLOW
                || Micros.sumOverflows(open, opened)
                || Micros.sumOverflows(positions.filled(position), traded)) {
            return false;
        }
        long freedMicros = (row == Holds.NONE ? 0 : holds.heldMicros(row)) - heldMicros;
        if (lacksOneMicro(slot, freedMicros, effect.chargeMicros())) {
            effect.roundDown();
        }
        ReasonCode reason = row == Holds.NONE
                ? accounts.book(slot, freedMicros, effect.chargeMicros())
                : holds.book(row, heldMicros, effect.chargeMicros());
        if (reason == ReasonCode.NONE) {
            out.position(positions, positions.move(position, key, traded, opened), Positions.instrumentId(key));
        }
        return reason == ReasonCode.NONE;
    }

    /** Would an account that is not overdrawn be so by one micro, here or above, once this was booked? */
    private boolean lacksOneMicro(int slot, long freedMicros, long chargeMicros) {
        for (int at = slot; at != Accounts.NONE; at = accounts.parent(at)) {
            long free = accounts.freeMicros(at);
            if (free >= 0 && free + freedMicros - chargeMicros == -1) {
                return true;
            }
        }
        return false;
    }

    /** Keeps the report as outstanding, and its execution so that a repeated one is told, where there is room or it is settled alone. */
    private ReasonCode keep(ControlContext asked, long holdId, BudgetResult out) {
        int slot = Positions.accountSlot(key);
        if (row == Holds.NONE || ended.hasRoom(slot) || outstanding.isListed(slot)) {
            ended.took(slot, effect.outstand());
        }
        if (isUnknown()) {
            ended.addUnknown(holdId, key, asked.timestampNs());
        }
        return outstanding.keep(asked, slot, out);
    }

    private void remember(long holdId, long nowNs, BudgetResult out) {
        int slot = Positions.accountSlot(key);
        int rows = effect.remember();
        boolean hasEnded = row != Holds.NONE && terms.isClosed();
        if (hasEnded) {
            out.holdEnded();
        } else if (isAtWork && !terms.isClosed()) {
            stand(holdId, out);
        }
        ended.took(slot, rows); // Maybe this order itself, if it is the account's oldest that has ended.
        if (hasEnded) {
            end(holdId, nowNs);
        } else if (isUnknown()) {
            ended.addUnknown(holdId, key, nowNs);
        }
    }

    private void end(long holdId, long nowNs) {
        ended.addOrder(holdId, key, limitMicros, terms, row, nowNs);
        orders.close(row);
    }

    /** What the venue has open is held, again where the order had ended. */
    private void stand(long holdId, BudgetResult out) {
        if (row == Holds.NONE) {
            row = holds.add(holdId, key, terms.heldMicros());
            ended.reopen(endedRow, row);
        }
        terms.store(row);
        out.hold(holdId, holds.heldMicros(row));
    }

    private boolean isUnknown() {
        return row == Holds.NONE && endedRow == EndedHolds.NONE;
    }
}
