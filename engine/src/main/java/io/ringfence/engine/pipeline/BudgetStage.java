package io.ringfence.engine.pipeline;

import io.ringfence.engine.budget.Budget;
import io.ringfence.engine.budget.BudgetResult;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.AccountCommandDecoder;
import io.ringfence.schemas.Action;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.ExecutionDecoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.OrderCancelDecoder;
import io.ringfence.schemas.OrderReplaceDecoder;
import io.ringfence.schemas.SettleDecoder;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;

/** Holds what an admitted request may cost, books what happened to it, and frees the rest. */
final class BudgetStage implements Stage {
    private static final int ACCOUNT_CAPACITY = 1024;
    private static final int HOLD_CAPACITY = 64 * 1024;
    private static final int EXPIRIES_PER_TICK = 1024;

    private final Budget budget = new Budget(ACCOUNT_CAPACITY, HOLD_CAPACITY);
    private final RequestView request = new RequestView();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final OrderCancelDecoder cancel = new OrderCancelDecoder();
    private final OrderReplaceDecoder replace = new OrderReplaceDecoder();
    private final ExecutionDecoder execution = new ExecutionDecoder();
    private final SettleDecoder settle = new SettleDecoder();
    private final AccountCommandDecoder account = new AccountCommandDecoder();

    @Override
    public void onEvent(DecisionEvent event) {
        BudgetResult result = event.intake().isPassed() ? book(event) : null;
        if (result == null) {
            event.budget().notTaken(event.sequence());
        } else {
            event.budget().booked(event.sequence(), result);
        }
        budget.tellSwept(event.budget().swept());
    }

    /** Acts on the command; null when it is none of the budget's business. */
    private BudgetResult book(DecisionEvent event) {
        DirectBuffer command = event.command().buffer();
        return switch (event.command().kind()) {
            case ADMISSION, ORDER -> isToBeHeld(event.selection()) ? hold(event) : null;
            case CANCEL ->
                budget.cancel(cancel.wrapAndApplyHeader(command, 0, header).holdId());
            case REPLACE -> replace(replace.wrapAndApplyHeader(command, 0, header));
            case EXECUTION -> budget.execution(execution.wrapAndApplyHeader(command, 0, header));
            case SETTLE -> settle(settle.wrapAndApplyHeader(command, 0, header));
            case ACCOUNT -> account(account.wrapAndApplyHeader(command, 0, header));
            case TICK -> budget.expire(event.stamp().timestampNs(), EXPIRIES_PER_TICK);
            default -> null;
        };
    }

    private static boolean isToBeHeld(SelectionSection selection) {
        return selection.isPresent() && selection.selection().action() != Action.REJECT;
    }

    private BudgetResult hold(DecisionEvent event) {
        request.wrap(event.command());
        long costMicros = event.selection().costMicros();
        if (event.command().kind() == CommandKind.ADMISSION) {
            return budget.hold(
                    event.sequence(),
                    request.accountId(),
                    request.exposureMicros(),
                    costMicros,
                    event.stamp().timestampNs(),
                    request.timeToLiveNs());
        }
        return budget.order(event.sequence(), request.order(), request.exposureMicros(), costMicros);
    }

    private BudgetResult replace(OrderReplaceDecoder command) {
        return budget.replace(command.holdId(), command.quantity(), command.limitPriceMicros());
    }

    private BudgetResult settle(SettleDecoder command) {
        return budget.settle(command.holdId(), command.kind(), command.amountMicros());
    }

    /** A closed account takes no requests any more, which is intake's to see to; its holds end as they would. */
    private BudgetResult account(AccountCommandDecoder command) {
        return switch (command.verb()) {
            case OPEN -> budget.openAccount(command.accountId(), command.amountMicros());
            case TOP_UP -> budget.topUp(command.accountId(), command.amountMicros());
            case SET_CAP -> budget.setCap(command.accountId(), command.amountMicros());
            default -> budget.account(command.accountId());
        };
    }

    void forEachAccount(Consumer<BudgetResult> visitor) {
        budget.forEachAccount(visitor);
    }

    @Override
    public void writeState(StateWriter writer) {
        budget.writeState(writer);
    }

    @Override
    public void readState(StateReader reader) {
        budget.readState(reader);
    }
}
