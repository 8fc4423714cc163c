package io.ringfence.engine.budget;

import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.AccountBalanceEncoder;
import io.ringfence.schemas.BookedExecutionEncoder;
import io.ringfence.schemas.ClosedOrderEncoder;
import io.ringfence.schemas.HoldStateEncoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.PositionStateEncoder;

/** Encodes the budget's entities, one message each. */
final class EntityWriter {
    private final StateWriter writer;
    private final Accounts accounts;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final AccountBalanceEncoder balance = new AccountBalanceEncoder();
    private final HoldStateEncoder hold = new HoldStateEncoder();
    private final PositionStateEncoder position = new PositionStateEncoder();
    private final BookedExecutionEncoder execution = new BookedExecutionEncoder();
    private final ClosedOrderEncoder closedOrder = new ClosedOrderEncoder();

    EntityWriter(StateWriter writer, Accounts accounts) {
        this.writer = writer;
        this.accounts = accounts;
    }

    void account(int slot) {
        balance.wrapAndApplyHeader(writer.buffer(), writer.position(), header)
                .accountId(accounts.id(slot))
                .grantedMicros(accounts.grantedMicros(slot))
                .availableMicros(accounts.availableMicros(slot))
                .reservedMicros(accounts.reservedMicros(slot))
                .committedMicros(accounts.committedMicros(slot))
                .overdrawnMicros(accounts.overdrawnMicros(slot))
                .capMicros(accounts.capMicros(slot))
                .openOrders(accounts.openOrders(slot));
        advance(AccountBalanceEncoder.BLOCK_LENGTH);
    }

    void hold(Holds holds, int row, OrderTerms terms) {
        long owner = holds.owner(row);
        boolean isOrder = Owner.isOrder(owner);
        long deadlineNs = holds.deadlineNs(row);
        hold.wrapAndApplyHeader(writer.buffer(), writer.position(), header)
                .holdId(holds.id(row))
                .accountId(accounts.id(holds.accountSlot(row)))
                .heldMicros(holds.heldMicros(row))
                .costPartMicros(isOrder ? terms.costMicros() : 0)
                .remainingQuantity(isOrder ? terms.quantity() : 0)
                .limitPriceMicros(isOrder ? terms.limitPriceMicros() : 0)
                .pendingQuantity(isOrder ? terms.pendingQuantity() : 0)
                .pendingPriceMicros(isOrder ? terms.pendingPriceMicros() : 0)
                .deadlineNs(deadlineNs == Holds.NO_DEADLINE ? HoldStateEncoder.deadlineNsNullValue() : deadlineNs)
                .instrumentId(Owner.instrumentId(owner))
                .side(Owner.side(owner))
                .floorMicros(isOrder ? terms.floorMicros() : 0);
        advance(HoldStateEncoder.BLOCK_LENGTH);
    }

    void position(int slot, long instrumentId, long quantity) {
        position.wrapAndApplyHeader(writer.buffer(), writer.position(), header)
                .accountId(accounts.id(slot))
                .instrumentId(instrumentId)
                .quantity(quantity);
        advance(PositionStateEncoder.BLOCK_LENGTH);
    }

    void execution(BookedExecutions executions, int row) {
        long owner = executions.owner(row);
        execution
                .wrapAndApplyHeader(writer.buffer(), writer.position(), header)
                .holdId(executions.holdId(row))
                .executionId(executions.executionId(row))
                .quantity(executions.quantity(row))
                .valueMicros(executions.valueMicros(row))
                .feeMicros(executions.feeMicros(row))
                .accountId(accounts.id(Owner.accountSlot(owner)))
                .instrumentId(Owner.instrumentId(owner))
                .side(Owner.side(owner))
                .correctedBy(executions.correctedBy(row));
        advance(BookedExecutionEncoder.BLOCK_LENGTH);
    }

    void closedOrder(ClosedOrders orders, int row) {
        long owner = orders.ownerAt(row);
        closedOrder
                .wrapAndApplyHeader(writer.buffer(), writer.position(), header)
                .holdId(orders.id(row))
                .accountId(accounts.id(Owner.accountSlot(owner)))
                .instrumentId(Owner.instrumentId(owner))
                .side(Owner.side(owner));
        advance(ClosedOrderEncoder.BLOCK_LENGTH);
    }

    private void advance(int blockLength) {
        writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + blockLength);
    }
}
