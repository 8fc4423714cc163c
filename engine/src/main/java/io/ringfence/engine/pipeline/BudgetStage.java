package io.ringfence.engine.pipeline;

import io.ringfence.engine.budget.Budget;
import io.ringfence.engine.budget.BudgetResult;
import io.ringfence.engine.budget.HoldAccounts;
import io.ringfence.engine.budget.Sweep;
import io.ringfence.engine.command.Command;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.control.AccountView;
import io.ringfence.engine.control.ControlContext;
import io.ringfence.engine.rights.Rights;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.AccountCommandDecoder;
import io.ringfence.schemas.Action;
import io.ringfence.schemas.ExecutionDecoder;
import io.ringfence.schemas.FactCommandDecoder;
import io.ringfence.schemas.HoldCommandDecoder;
import io.ringfence.schemas.HoldVerb;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OrderReplaceDecoder;
import io.ringfence.schemas.OrderRequestDecoder;
import io.ringfence.schemas.PrincipalCommandDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RightCommandDecoder;
import io.ringfence.schemas.SettleDecoder;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;

/**
 * Holds what an admitted request may cost, books what happened to it, frees the rest, and writes every command's verdict. Of a duplicate
 * it says whether the hold of the first one stands.
 */
final class BudgetStage implements Stage {
    private static final int ACCOUNT_CAPACITY = 1024;
    private static final int HOLD_CAPACITY = 64 * 1024;
    private static final int EXPIRIES_PER_TICK = 1024;

    private static final int EXTERNAL_ID =
            MessageHeaderDecoder.ENCODED_LENGTH + OrderRequestDecoder.externalIdEncodingOffset();

    private final boolean isExternalIdOnce;
    private final Budget budget;
    private final HoldAccounts holdAccounts;
    private final Sweep sweep;
    private final boolean sweepDependsOnOrders;
    private final Rights rights;
    private final ControlContext asked = new ControlContext();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final OrderReplaceDecoder replace = new OrderReplaceDecoder();
    private final ExecutionDecoder execution = new ExecutionDecoder();
    private final SettleDecoder settle = new SettleDecoder();
    private final HoldCommandDecoder hold = new HoldCommandDecoder();
    private final AccountCommandDecoder account = new AccountCommandDecoder();
    private final FactCommandDecoder fact = new FactCommandDecoder();
    private final PrincipalCommandDecoder principal = new PrincipalCommandDecoder();
    private final RightCommandDecoder right = new RightCommandDecoder();

    BudgetStage(EngineSettings settings) {
        isExternalIdOnce = settings.isExternalIdOnce();
        budget = new Budget(ACCOUNT_CAPACITY, HOLD_CAPACITY, settings.bounds());
        holdAccounts = budget.holdAccounts();
        sweep = budget.sweep();
        sweepDependsOnOrders = sweep.dependsOnOrders();
        rights = new Rights(holdAccounts.tree());
    }

    @Override
    public void onEvent(DecisionEvent event) {
        if (event.isPassed() && book(event, event.budget())) {
            event.booked();
        } else if (event.isDuplicate()
                && (event.type().isRequest() || event.type().isOnHold())) {
            holdAccounts.tell(event.holdInQuestion(), event.budget());
            event.booked();
        } else {
            event.budget().clear();
        }
        if (event.type() != CommandType.ORDER || sweepDependsOnOrders) {
            sweep.publish();
        }
        event.verdict().settle(event);
        event.wrote(Engine.BUDGET);
    }

    /** Acts on the command; false when it is none of the budget's business. */
    private boolean book(DecisionEvent event, BudgetResult result) {
        Command command = event.command();
        DirectBuffer message = command.message();
        if (command.type().isOnHold() && isForeign(command)) {
            holdAccounts.refuse(ReasonCode.HOLD_NOT_PERMITTED, result);
            return true;
        }
        asked.begin(command, event.request());
        switch (command.type()) {
            case ADMISSION, ORDER -> {
                return hold(event, result);
            }
            case CANCEL -> budget.cancel(asked, command.holdId(), result);
            case REPLACE -> {
                replace.wrapAndApplyHeader(message, 0, header);
                budget.replace(asked, replace.holdId(), replace.orderQuantity(), replace.limitPriceMicros(), result);
            }
            case EXECUTION -> budget.execution(asked, execution.wrapAndApplyHeader(message, 0, header), result);
            case SETTLE -> {
                settle.wrapAndApplyHeader(message, 0, header);
                budget.settle(asked, settle.holdId(), settle.accountId(), settle.kind(), settle.amountMicros(), result);
            }
            case HOLD -> hold(hold.wrapAndApplyHeader(message, 0, header), result);
            case ACCOUNT -> account(account.wrapAndApplyHeader(message, 0, header), result);
            case FACT -> {
                fact.wrapAndApplyHeader(message, 0, header);
                budget.fact(asked, fact, rights.of(command.principalId()).isEverywhere(), result);
            }
            case PRINCIPAL -> {
                rights.apply(principal.wrapAndApplyHeader(message, 0, header));
                return false;
            }
            case RIGHT -> {
                rights.apply(right.wrapAndApplyHeader(message, 0, header));
                return false;
            }
            case TICK -> budget.expire(command.timestampNs(), EXPIRIES_PER_TICK, result);
            default -> {
                return false;
            }
        }
        return true;
    }

    /**
     * Is the hold of an account on which the sender may not act? A hold that is not known is of the account that a report names; of none
     * it is nobody's: its verb says so.
     */
    private boolean isForeign(Command command) {
        Rights.Principal sender = rights.of(command.principalId());
        if (sender.isEverywhere()) {
            return false;
        }
        boolean isNamed = false;
        int slot;
        switch (command.type()) {
            case EXECUTION -> {
                execution.wrapAndApplyHeader(command.message(), 0, header);
                isNamed = execution.accountId() != ExecutionDecoder.accountIdNullValue();
                slot = holdAccounts.slot(execution);
            }
            case SETTLE -> {
                settle.wrapAndApplyHeader(command.message(), 0, header);
                isNamed = settle.accountId() != SettleDecoder.accountIdNullValue();
                slot = holdAccounts.slot(settle);
            }
            default -> slot = holdAccounts.slot(command.holdId());
        }
        return slot == Rights.AccountTree.NONE ? isNamed : !sender.mayActOn(slot);
    }

    private boolean hold(DecisionEvent event, BudgetResult result) {
        if (!event.isDecided() || event.selection().action() == Action.REJECT) {
            budget.refusedBefore(asked);
            return false;
        }
        long costMicros = event.selection().costMicros();
        if (event.request().isOrder()) {
            if (isExternalIdOnce) {
                asked.externalId(event.command().message(), EXTERNAL_ID);
            }
            asked.acted(event.selection().actedCandidateId());
            budget.order(asked, costMicros, result);
        } else {
            budget.hold(asked, costMicros, result);
        }
        return true;
    }

    /** A verb that no build has acted on is in no journal; a switch without it would act on it as on another. */
    private void hold(HoldCommandDecoder command, BudgetResult result) {
        if (command.verb() == HoldVerb.WRITE_OFF) {
            budget.writeOff(asked, command.holdId(), result);
        } else {
            holdAccounts.refuse(ReasonCode.FIELD_OUT_OF_RANGE, result);
        }
    }

    /** A closed account takes no requests: intake refuses them. Its holds end as they would. */
    private void account(AccountCommandDecoder command, BudgetResult result) {
        switch (command.verb()) {
            case OPEN -> open(command, result);
            case TOP_UP -> budget.topUp(command.accountId(), command.amountMicros(), result);
            case SET_CAP -> budget.setCap(command.accountId(), command.amountMicros(), result);
            case SET_LIMIT -> budget.setLimit(command.accountId(), command.limitKind(), limit(command), result);
            default -> budget.account(command.accountId(), result);
        }
    }

    /** Opens an account with its cap: both or neither. Intake has checked the amounts and the tree that the account joins. */
    private void open(AccountCommandDecoder command, BudgetResult result) {
        long parentId = command.parentAccountId();
        if (parentId == AccountCommandDecoder.parentAccountIdNullValue()) {
            budget.openAccount(command.accountId(), command.amountMicros(), result);
        } else {
            budget.openAccountBelow(command.accountId(), parentId, command.amountMicros(), result);
        }
        if (result.reason() == ReasonCode.NONE) {
            rights.accountOpened();
            budget.setCap(command.accountId(), command.capMicros(), result);
        }
    }

    private static long limit(AccountCommandDecoder command) {
        long value = command.limitValue();
        return value == AccountCommandDecoder.limitValueNullValue() ? AccountView.NOT_SET : value;
    }

    /** When a tick has work; {@link Sweep#dueNs}. */
    long dueNs() {
        return sweep.dueNs();
    }

    Budget budget() {
        return budget;
    }

    void forEachAccount(Consumer<BudgetResult> visitor) {
        budget.listing().forEachAccount(visitor);
    }

    @Override
    public long stateLength() {
        return rights.stateLength() + budget.stateLength();
    }

    @Override
    public void writeState(StateWriter writer) {
        rights.writeState(writer, new MessageHeaderEncoder());
        budget.writeState(writer);
    }

    @Override
    public void readState(StateReader reader) {
        boolean isOfRights = true; // They stand first.
        while (isOfRights && reader.hasRemaining()) {
            header.wrap(reader.buffer(), reader.position());
            isOfRights = rights.readState(reader, header);
        }
        budget.readState(reader);
        rights.restored();
    }
}
