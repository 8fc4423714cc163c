package io.ringfence.engine.budget;

import io.ringfence.engine.control.ControlCode;
import io.ringfence.engine.control.Controls;
import io.ringfence.engine.snapshot.SortRoom;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.AccountBalanceDecoder;
import io.ringfence.schemas.AccountBalanceEncoder;
import io.ringfence.schemas.AccountLimit;
import io.ringfence.schemas.BookedExecutionDecoder;
import io.ringfence.schemas.BookedExecutionEncoder;
import io.ringfence.schemas.EndedHoldDecoder;
import io.ringfence.schemas.EndedHoldEncoder;
import io.ringfence.schemas.ExternalIdStateDecoder;
import io.ringfence.schemas.ExternalIdStateEncoder;
import io.ringfence.schemas.ForgottenHoldsDecoder;
import io.ringfence.schemas.ForgottenHoldsEncoder;
import io.ringfence.schemas.HoldStateDecoder;
import io.ringfence.schemas.HoldStateEncoder;
import io.ringfence.schemas.LimitStateDecoder;
import io.ringfence.schemas.LimitStateEncoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OrderTermsStateDecoder;
import io.ringfence.schemas.OrderTermsStateEncoder;
import io.ringfence.schemas.OutstandingFactDecoder;
import io.ringfence.schemas.OutstandingFactEncoder;
import io.ringfence.schemas.OutstandingFactsDecoder;
import io.ringfence.schemas.OutstandingFactsEncoder;
import io.ringfence.schemas.PositionStateDecoder;
import io.ringfence.schemas.PositionStateEncoder;
import io.ringfence.schemas.Tristate;

/** Writes the budget's whole state in its canonical order, one message an entity, and reads it back. Allocates. */
final class BudgetState {
    private final Accounts accounts;
    private final Holds holds;
    private final Orders orders;
    private final Positions positions;
    private final BookedExecutions executions;
    private final EndedHolds ended;
    private final OutstandingFacts outstanding;
    private final Controls controls;
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final AccountBalanceEncoder accountEncoder = new AccountBalanceEncoder();
    private final LimitStateEncoder limitEncoder = new LimitStateEncoder();
    private final HoldStateEncoder holdEncoder = new HoldStateEncoder();
    private final ExternalIdStateEncoder externalIdEncoder = new ExternalIdStateEncoder();
    private final OrderTermsStateEncoder termsEncoder = new OrderTermsStateEncoder();
    private final PositionStateEncoder positionEncoder = new PositionStateEncoder();
    private final BookedExecutionEncoder executionEncoder = new BookedExecutionEncoder();
    private final EndedHoldEncoder endedEncoder = new EndedHoldEncoder();
    private final ForgottenHoldsEncoder forgottenEncoder = new ForgottenHoldsEncoder();
    private final OutstandingFactEncoder factEncoder = new OutstandingFactEncoder();
    private final OutstandingFactsEncoder factsEncoder = new OutstandingFactsEncoder();

    BudgetState(
            Accounts accounts,
            Holds holds,
            Orders orders,
            Positions positions,
            BookedExecutions executions,
            EndedHolds ended,
            OutstandingFacts outstanding,
            Controls controls) {
        this.accounts = accounts;
        this.holds = holds;
        this.orders = orders;
        this.positions = positions;
        this.executions = executions;
        this.ended = ended;
        this.outstanding = outstanding;
        this.controls = controls;
    }

    long length() {
        return StateWriter.length(accounts.size(), AccountBalanceEncoder.BLOCK_LENGTH)
                + StateWriter.length(accounts.limitCount(), LimitStateEncoder.BLOCK_LENGTH)
                + StateWriter.length(holds.size(), HoldStateEncoder.BLOCK_LENGTH)
                + StateWriter.length(
                        holds.externalIds().size() + ended.externalIdCount(), ExternalIdStateEncoder.BLOCK_LENGTH)
                + StateWriter.length(orders.rare().size(), OrderTermsStateEncoder.BLOCK_LENGTH)
                + StateWriter.length(positions.size(), PositionStateEncoder.BLOCK_LENGTH)
                + StateWriter.length(executions.size(), BookedExecutionEncoder.BLOCK_LENGTH)
                + StateWriter.length(ended.size(), EndedHoldEncoder.BLOCK_LENGTH)
                + StateWriter.length(ended.forgetfulAccounts(), ForgottenHoldsEncoder.BLOCK_LENGTH)
                + StateWriter.length(outstanding.listedInAll(), OutstandingFactEncoder.BLOCK_LENGTH)
                + StateWriter.length(outstanding.beyondAccounts(), OutstandingFactsEncoder.BLOCK_LENGTH)
                + controls.stateLength();
    }

    /** Writes all of it; throws {@link IllegalStateException} when holds, balances and positions do not add up. */
    void write(StateWriter writer) {
        checkConserved(writer.rest());
        int[] slotsById = accounts.slotsById();
        writeAccounts(writer, slotsById);
        for (int slot : slotsById) {
            writeLimits(writer, slot);
        }
        long[] holdIds = holdIdsInOrder(writer.sortRoom(), writer.rest());
        int holdCount = holds.size();
        for (int i = 0; i < holdCount; i++) {
            writeHold(writer, holds.find(holdIds[i]));
            writeExecutions(writer, holdIds[i]);
        }
        ExternalIds ids = holds.externalIds();
        for (int i = 0; i < holdCount && ids.size() > 0; i++) {
            int row = holds.find(holdIds[i]);
            if (ids.has(row)) {
                writeExternalId(writer, holdIds[i], ids.first(row), ids.second(row), ids.third(row));
            }
        }
        for (long key : positions.keysByRank(slotsById)) {
            writePosition(writer, slotsById[Positions.accountSlot(key)], Positions.instrumentId(key));
        }
        for (int row = ended.oldest(); row != EndedHolds.NONE; row = ended.next(row)) {
            writeEnded(writer, row);
            writeExecutions(writer, ended.id(row));
            if (ended.hasExternalId(row)) {
                writeExternalId(
                        writer,
                        ended.id(row),
                        ended.externalId(row, 0),
                        ended.externalId(row, 1),
                        ended.externalId(row, 2));
            }
        }
        for (int slot : slotsById) {
            writeForgotten(writer, slot);
        }
        writeOutstanding(writer, Accounts.NONE, OutstandingFactEncoder.accountIdNullValue());
        for (int slot : slotsById) {
            writeOutstanding(writer, slot, accounts.id(slot));
        }
        controls.writeState(writer);
    }

    private void checkConserved(Runnable rest) {
        checkReserved(rest);
        positions.checkOpen(accounts, holds, orders, rest);
    }

    private void checkReserved(Runnable rest) {
        long[] reserved = new long[accounts.size()];
        for (int row = holds.nextRow(0, rest); row != Holds.NONE; row = holds.nextRow(row + 1, rest)) {
            for (int slot = holds.accountSlot(row); slot != Accounts.NONE; slot = accounts.parent(slot)) {
                reserved[slot] += holds.heldMicros(row);
            }
        }
        for (int slot = 0; slot < accounts.size(); slot++) {
            accounts.checkConserved(slot);
            if (reserved[slot] != accounts.reservedMicros(slot)) {
                throw new IllegalStateException("holds must add up to reserved: account="
                        + Long.toUnsignedString(accounts.id(slot)) + ", holds=" + reserved[slot] + ", reserved="
                        + accounts.reservedMicros(slot));
            }
        }
    }

    /** Replaces all of it; throws {@link IllegalStateException} when it does not add up. */
    void read(StateReader reader) {
        accounts.clear();
        holds.clear();
        orders.rare().clear();
        positions.clear();
        executions.clear();
        ended.clear();
        outstanding.clear();
        controls.clear();
        MessageHeaderDecoder header = new MessageHeaderDecoder();
        while (reader.hasRemaining()) {
            header.wrap(reader.buffer(), reader.position());
            if (!controls.readState(reader, header)) {
                readMessage(reader, header);
                reader.advance(MessageHeaderDecoder.ENCODED_LENGTH + header.blockLength());
            }
        }
        checkConserved(StateWriter.NO_REST);
    }

    /** Level by level from the roots, so that each account comes behind the one above it. */
    private void writeAccounts(StateWriter writer, int[] slotsById) {
        int written = 0;
        for (int level = 1; written < slotsById.length; level++) {
            for (int slot : slotsById) {
                if (level(slot) == level) {
                    writeAccount(writer, slot);
                    written++;
                }
            }
        }
    }

    private int level(int slot) {
        int parent = accounts.parent(slot);
        return parent == Accounts.NONE ? 1 : 1 + level(parent);
    }

    private void writeAccount(StateWriter writer, int slot) {
        int parent = accounts.parent(slot);
        accountEncoder
                .wrapAndApplyHeader(writer.buffer(), writer.position(), headerEncoder)
                .accountId(accounts.id(slot))
                .grantedMicros(accounts.grantedMicros(slot))
                .availableMicros(accounts.availableMicros(slot))
                .reservedMicros(accounts.reservedMicros(slot))
                .committedMicros(accounts.committedMicros(slot))
                .overdrawnMicros(accounts.overdrawnMicros(slot))
                .capMicros(accounts.capMicros(slot))
                .openOrders(accounts.openOrders(slot))
                .parentAccountId(
                        parent == Accounts.NONE
                                ? AccountBalanceEncoder.parentAccountIdNullValue()
                                : accounts.id(parent));
        advance(writer, AccountBalanceEncoder.BLOCK_LENGTH);
    }

    private void writeLimits(StateWriter writer, int slot) {
        for (AccountLimit limit : ControlCode.limits()) {
            long value = accounts.limit(slot, limit);
            if (value != Accounts.NOT_SET) {
                limitEncoder
                        .wrapAndApplyHeader(writer.buffer(), writer.position(), headerEncoder)
                        .accountId(accounts.id(slot))
                        .limitKind(limit)
                        .value(value);
                advance(writer, LimitStateEncoder.BLOCK_LENGTH);
            }
        }
    }

    /** Valid until the room is used again; the array has as many ids as there are holds, and may be longer. */
    private long[] holdIdsInOrder(SortRoom room, Runnable rest) {
        room.reserve(holds.size());
        long[] ids = room.keys();
        int count = 0;
        for (int row = holds.nextRow(0, rest); row != Holds.NONE; row = holds.nextRow(row + 1, rest)) {
            ids[count++] = holds.id(row);
        }
        return room.sort(count, rest);
    }

    private void writeHold(StateWriter writer, int row) {
        long key = holds.key(row);
        long deadlineNs = holds.deadlineNs(row);
        holdEncoder
                .wrapAndApplyHeader(writer.buffer(), writer.position(), headerEncoder)
                .holdId(holds.id(row))
                .accountId(accounts.id(holds.accountSlot(row)))
                .heldMicros(holds.heldMicros(row))
                .deadlineNs(deadlineNs == Holds.NO_DEADLINE ? HoldStateEncoder.deadlineNsNullValue() : deadlineNs)
                .instrumentId(Positions.instrumentId(key))
                .side((short) Positions.side(key));
        boolean isOrder = Positions.isOrder(key);
        holdEncoder
                .costPartMicros(isOrder ? holds.costMicros(row) : 0)
                .remainingQuantity(isOrder ? holds.quantity(row) : 0)
                .limitPriceMicros(isOrder ? holds.limitPriceMicros(row) : 0)
                .actedCandidateId(isOrder ? holds.actedCandidateId(row) : 0);
        advance(writer, HoldStateEncoder.BLOCK_LENGTH);
        int beside = orders.rare().find(holds.id(row));
        if (beside != RareTerms.NONE) {
            orders.rare()
                    .write(beside, termsEncoder.wrapAndApplyHeader(writer.buffer(), writer.position(), headerEncoder));
            advance(writer, OrderTermsStateEncoder.BLOCK_LENGTH);
        }
    }

    private void writeExternalId(StateWriter writer, long holdId, long first, long second, long third) {
        externalIdEncoder
                .wrapAndApplyHeader(writer.buffer(), writer.position(), headerEncoder)
                .holdId(holdId);
        ExternalIds.write(externalIdEncoder, first, second, third);
        advance(writer, ExternalIdStateEncoder.BLOCK_LENGTH);
    }

    private void writePosition(StateWriter writer, int slot, long instrumentId) {
        int row = positions.find(slot, instrumentId);
        positionEncoder
                .wrapAndApplyHeader(writer.buffer(), writer.position(), headerEncoder)
                .accountId(accounts.id(slot))
                .instrumentId(instrumentId)
                .quantity(positions.filled(row))
                .openBuyQuantity(positions.openBuys(row))
                .openSellQuantity(positions.openSells(row));
        advance(writer, PositionStateEncoder.BLOCK_LENGTH);
    }

    private void writeExecutions(StateWriter writer, long holdId) {
        for (int row = executions.first(holdId); row != BookedExecutions.NONE; row = executions.next(row)) {
            executionEncoder
                    .wrapAndApplyHeader(writer.buffer(), writer.position(), headerEncoder)
                    .holdId(holdId)
                    .executionId(executions.executionId(row))
                    .quantity(executions.quantity(row))
                    .valueMicros(executions.valueMicros(row))
                    .feeMicros(executions.feeMicros(row))
                    .correctedBy(executions.correctedBy(row));
            advance(writer, BookedExecutionEncoder.BLOCK_LENGTH);
        }
    }

    private void writeEnded(StateWriter writer, int row) {
        long key = ended.key(row);
        endedEncoder
                .wrapAndApplyHeader(writer.buffer(), writer.position(), headerEncoder)
                .holdId(ended.id(row))
                .accountId(accounts.id(Positions.accountSlot(key)))
                .limitPriceMicros(ended.limitPriceMicros(row))
                .endedNs(ended.endedNs(row))
                .instrumentId(Positions.instrumentId(key))
                .side((short) Positions.side(key))
                .orderQuantity(ended.total(row))
                .filledQuantity(ended.filled(row))
                .termsSequence(ended.terms(row))
                .marks((short) ended.marks(row))
                .isSettled(ended.isSettled(row) ? Tristate.YES : Tristate.NO)
                .actedCandidateId(ended.actedCandidateId(row));
        advance(writer, EndedHoldEncoder.BLOCK_LENGTH);
    }

    private void writeForgotten(StateWriter writer, int slot) {
        if (ended.highestForgotten(slot) != 0) {
            forgottenEncoder
                    .wrapAndApplyHeader(writer.buffer(), writer.position(), headerEncoder)
                    .accountId(accounts.id(slot))
                    .highestHoldId(ended.highestForgotten(slot));
            advance(writer, ForgottenHoldsEncoder.BLOCK_LENGTH);
        }
    }

    private void writeOutstanding(StateWriter writer, int slot, long accountId) {
        int row = outstanding.row(slot);
        if (row == BookedExecutions.NONE) {
            return;
        }
        for (int i = 0; i < outstanding.listedCount(row); i++) {
            factEncoder
                    .wrapAndApplyHeader(writer.buffer(), writer.position(), headerEncoder)
                    .accountId(accountId)
                    .sequence(outstanding.sequence(row, i));
            advance(writer, OutstandingFactEncoder.BLOCK_LENGTH);
        }
        if (outstanding.beyondCount(row) > 0) {
            factsEncoder
                    .wrapAndApplyHeader(writer.buffer(), writer.position(), headerEncoder)
                    .accountId(accountId)
                    .count(outstanding.beyondCount(row))
                    .firstSequence(outstanding.firstBeyond(row))
                    .lastSequence(outstanding.lastBeyond(row));
            advance(writer, OutstandingFactsEncoder.BLOCK_LENGTH);
        }
    }

    private static void advance(StateWriter writer, int blockLength) {
        writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + blockLength);
    }

    private void readMessage(StateReader reader, MessageHeaderDecoder header) {
        switch (header.templateId()) {
            case AccountBalanceDecoder.TEMPLATE_ID ->
                readAccount(new AccountBalanceDecoder().wrapAndApplyHeader(reader.buffer(), reader.position(), header));
            case LimitStateDecoder.TEMPLATE_ID ->
                readLimit(new LimitStateDecoder().wrapAndApplyHeader(reader.buffer(), reader.position(), header));
            case HoldStateDecoder.TEMPLATE_ID ->
                readHold(new HoldStateDecoder().wrapAndApplyHeader(reader.buffer(), reader.position(), header));
            case ExternalIdStateDecoder.TEMPLATE_ID ->
                readExternalId(
                        new ExternalIdStateDecoder().wrapAndApplyHeader(reader.buffer(), reader.position(), header));
            case OrderTermsStateDecoder.TEMPLATE_ID ->
                orders.rare()
                        .read(new OrderTermsStateDecoder()
                                .wrapAndApplyHeader(reader.buffer(), reader.position(), header));
            case PositionStateDecoder.TEMPLATE_ID ->
                readPosition(new PositionStateDecoder().wrapAndApplyHeader(reader.buffer(), reader.position(), header));
            case BookedExecutionDecoder.TEMPLATE_ID ->
                readExecution(
                        new BookedExecutionDecoder().wrapAndApplyHeader(reader.buffer(), reader.position(), header));
            case EndedHoldDecoder.TEMPLATE_ID ->
                readEnded(new EndedHoldDecoder().wrapAndApplyHeader(reader.buffer(), reader.position(), header));
            case ForgottenHoldsDecoder.TEMPLATE_ID ->
                readForgotten(
                        new ForgottenHoldsDecoder().wrapAndApplyHeader(reader.buffer(), reader.position(), header));
            case OutstandingFactDecoder.TEMPLATE_ID ->
                readFact(new OutstandingFactDecoder().wrapAndApplyHeader(reader.buffer(), reader.position(), header));
            case OutstandingFactsDecoder.TEMPLATE_ID ->
                readFacts(new OutstandingFactsDecoder().wrapAndApplyHeader(reader.buffer(), reader.position(), header));
            default ->
                throw new IllegalArgumentException(
                        "message must be one of the budget's entities: templateId=" + header.templateId());
        }
    }

    private void readAccount(AccountBalanceDecoder balance) {
        long parentId = balance.parentAccountId();
        boolean isRoot = parentId == AccountBalanceDecoder.parentAccountIdNullValue();
        int slot = accounts.restore(balance, isRoot ? Accounts.NONE : slotOf(parentId));
        accounts.cap(slot, balance.capMicros());
        controls.configured(slot);
    }

    private void readLimit(LimitStateDecoder limit) {
        int slot = slotOf(limit.accountId());
        accounts.limit(slot, limit.limitKind(), limit.value());
        controls.configured(slot);
    }

    private void readHold(HoldStateDecoder hold) {
        long key = key(hold.accountId(), hold.side(), hold.instrumentId());
        int row = holds.add(hold.holdId(), key, hold.heldMicros());
        if (Positions.isOrder(key)) {
            holds.terms(row, hold.remainingQuantity(), hold.limitPriceMicros(), hold.costPartMicros());
            holds.acted(row, hold.actedCandidateId());
        } else if (hold.deadlineNs() != HoldStateDecoder.deadlineNsNullValue()) {
            holds.deadline(row, hold.deadlineNs());
        }
    }

    private void readExternalId(ExternalIdStateDecoder external) {
        long first = ExternalIds.part(external, 0);
        long second = ExternalIds.part(external, 1);
        long third = ExternalIds.lastPart(external);
        int row = holds.find(external.holdId());
        int endedRow = row == Holds.NONE ? ended.find(external.holdId()) : EndedHolds.NONE;
        if (row != Holds.NONE && holds.isOrder(row)) {
            holds.externalIds().add(row, first, second, third);
        } else if (endedRow != EndedHolds.NONE) {
            ended.externalId(endedRow, first, second, third);
        } else {
            throw new IllegalArgumentException(
                    "order must come before its external id: hold=" + Long.toUnsignedString(external.holdId()));
        }
    }

    private void readPosition(PositionStateDecoder position) {
        positions.restore(
                slotOf(position.accountId()),
                position.instrumentId(),
                position.quantity(),
                position.openBuyQuantity(),
                position.openSellQuantity());
    }

    /** Behind its hold, which stands or has ended. */
    private void readExecution(BookedExecutionDecoder execution) {
        long holdId = execution.holdId();
        int hold = holds.find(holdId);
        int endedRow = hold == Holds.NONE ? ended.find(holdId) : EndedHolds.NONE;
        if (hold == Holds.NONE && endedRow == EndedHolds.NONE) {
            throw new IllegalArgumentException(
                    "hold must come before its executions: hold=" + Long.toUnsignedString(holdId));
        }
        int row = executions.add(
                holdId, execution.executionId(), execution.quantity(), execution.valueMicros(), execution.feeMicros());
        executions.correctedBy(row, execution.correctedBy());
        ended.restoreRows(hold == Holds.NONE ? Positions.accountSlot(ended.key(endedRow)) : holds.accountSlot(hold), 1);
    }

    private void readEnded(EndedHoldDecoder hold) {
        int row = ended.restore(
                hold.holdId(),
                key(hold.accountId(), hold.side(), hold.instrumentId()),
                hold.limitPriceMicros(),
                hold.isSettled() == Tristate.YES,
                hold.endedNs());
        ended.terms(row, hold.orderQuantity(), hold.filledQuantity(), hold.termsSequence(), hold.marks());
        ended.acted(row, hold.actedCandidateId());
    }

    private void readForgotten(ForgottenHoldsDecoder forgotten) {
        ended.restoreForgotten(slotOf(forgotten.accountId()), forgotten.highestHoldId());
    }

    private void readFact(OutstandingFactDecoder fact) {
        outstanding.restore(slotOfFacts(fact.accountId()), fact.sequence());
    }

    private void readFacts(OutstandingFactsDecoder facts) {
        outstanding.restore(slotOfFacts(facts.accountId()), facts.count(), facts.firstSequence(), facts.lastSequence());
    }

    private int slotOfFacts(long accountId) {
        return accountId == OutstandingFactDecoder.accountIdNullValue() ? Accounts.NONE : slotOf(accountId);
    }

    private long key(long accountId, short side, long instrumentId) {
        int slot = slotOf(accountId);
        return side == 0 && instrumentId == 0 ? Positions.plainKey(slot) : Positions.orderKey(slot, side, instrumentId);
    }

    private int slotOf(long accountId) {
        int slot = accounts.find(accountId);
        if (slot == Accounts.NONE) {
            throw new IllegalArgumentException(
                    "account must come before all that names it: account=" + Long.toUnsignedString(accountId));
        }
        return slot;
    }
}
