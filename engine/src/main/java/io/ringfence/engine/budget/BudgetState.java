package io.ringfence.engine.budget;

import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.AccountBalanceDecoder;
import io.ringfence.schemas.BookedExecutionDecoder;
import io.ringfence.schemas.ClosedOrderDecoder;
import io.ringfence.schemas.HoldStateDecoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.PositionStateDecoder;

/** Puts the budget's whole state into its canonical order, and takes it back. Allocates: for snapshots. */
final class BudgetState {
    private final AccountLedger ledger;
    private final OrderHolds orderHolds;
    private final Positions positions;
    private final BookedExecutions executions;
    private final ClosedOrders closedOrders;

    BudgetState(
            AccountLedger ledger,
            OrderHolds orderHolds,
            Positions positions,
            BookedExecutions executions,
            ClosedOrders closedOrders) {
        this.ledger = ledger;
        this.orderHolds = orderHolds;
        this.positions = positions;
        this.executions = executions;
        this.closedOrders = closedOrders;
    }

    void write(StateWriter writer) {
        EntityWriter entities = new EntityWriter(writer, ledger.accounts());
        int[] slotsById = ledger.accounts().slotsById();
        for (int slot : slotsById) {
            entities.account(slot);
        }
        OrderTerms terms = new OrderTerms();
        for (int row : ledger.holds().rowsById()) {
            orderHolds.load(row, terms);
            entities.hold(ledger.holds(), row, terms);
        }
        for (long key : positions.keysByRank(slotsById)) {
            int slot = slotsById[Positions.rank(key)];
            entities.position(slot, Positions.instrumentId(key), positions.quantity(slot, Positions.instrumentId(key)));
        }
        for (int age = 0; age < executions.size(); age++) {
            entities.execution(executions, executions.row(age));
        }
        for (int age = 0; age < closedOrders.size(); age++) {
            entities.closedOrder(closedOrders, closedOrders.row(age));
        }
    }

    void read(StateReader reader) {
        ledger.accounts().clear();
        ledger.holds().clear();
        orderHolds.clear();
        positions.clear();
        executions.clear();
        closedOrders.clear();
        MessageHeaderDecoder header = new MessageHeaderDecoder();
        while (reader.hasRemaining()) {
            header.wrap(reader.buffer(), reader.position());
            readMessage(reader, header);
            reader.advance(MessageHeaderDecoder.ENCODED_LENGTH + header.blockLength());
        }
    }

    private void readMessage(StateReader reader, MessageHeaderDecoder header) {
        switch (header.templateId()) {
            case AccountBalanceDecoder.TEMPLATE_ID ->
                account(new AccountBalanceDecoder().wrapAndApplyHeader(reader.buffer(), reader.position(), header));
            case HoldStateDecoder.TEMPLATE_ID ->
                hold(new HoldStateDecoder().wrapAndApplyHeader(reader.buffer(), reader.position(), header));
            case PositionStateDecoder.TEMPLATE_ID ->
                position(new PositionStateDecoder().wrapAndApplyHeader(reader.buffer(), reader.position(), header));
            case BookedExecutionDecoder.TEMPLATE_ID ->
                execution(new BookedExecutionDecoder().wrapAndApplyHeader(reader.buffer(), reader.position(), header));
            case ClosedOrderDecoder.TEMPLATE_ID ->
                closedOrder(new ClosedOrderDecoder().wrapAndApplyHeader(reader.buffer(), reader.position(), header));
            default ->
                throw new IllegalArgumentException("message must be the budget's: templateId=" + header.templateId());
        }
    }

    private void account(AccountBalanceDecoder balance) {
        int slot = ledger.accounts()
                .restore(
                        balance.accountId(),
                        balance.grantedMicros(),
                        balance.availableMicros() - balance.overdrawnMicros(),
                        balance.reservedMicros(),
                        balance.committedMicros());
        ledger.accounts().cap(slot, balance.capMicros());
    }

    private void hold(HoldStateDecoder hold) {
        long owner = owner(hold.accountId(), hold.side(), hold.instrumentId());
        int row = ledger.holds().add(hold.holdId(), owner, hold.heldMicros());
        if (Owner.isOrder(owner)) {
            ledger.accounts().orderOpened(Owner.accountSlot(owner));
            OrderTerms terms = new OrderTerms();
            terms.set(hold.remainingQuantity(), hold.limitPriceMicros(), hold.costPartMicros(), hold.floorMicros());
            terms.replace(hold.pendingQuantity(), hold.pendingPriceMicros());
            orderHolds.store(row, terms);
        } else if (hold.deadlineNs() != HoldStateDecoder.deadlineNsNullValue()) {
            ledger.holds().deadline(row, hold.deadlineNs());
        }
    }

    private void position(PositionStateDecoder position) {
        positions.quantity(slotOf(position.accountId()), position.instrumentId(), position.quantity());
    }

    private void execution(BookedExecutionDecoder execution) {
        TradeFigures figures = new TradeFigures();
        figures.set(execution.quantity(), execution.valueMicros(), execution.feeMicros());
        long owner = owner(execution.accountId(), execution.side(), execution.instrumentId());
        int row = executions.add(execution.holdId(), execution.executionId(), owner, figures);
        executions.correctedBy(row, execution.correctedBy());
    }

    private void closedOrder(ClosedOrderDecoder order) {
        closedOrders.add(order.holdId(), owner(order.accountId(), order.side(), order.instrumentId()));
    }

    private long owner(long accountId, short side, long instrumentId) {
        return Owner.order(slotOf(accountId), side, instrumentId);
    }

    private int slotOf(long accountId) {
        int slot = ledger.accounts().find(accountId);
        if (slot == Accounts.NONE) {
            throw new IllegalArgumentException(
                    "account must stand before what names it: account=" + Long.toUnsignedString(accountId));
        }
        return slot;
    }
}
