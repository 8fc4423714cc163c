package io.ringfence.engine.intake;

import io.ringfence.engine.bounds.Bounds;
import io.ringfence.engine.command.Command;
import io.ringfence.engine.rights.Rights;
import io.ringfence.schemas.AccountCommandDecoder;
import io.ringfence.schemas.AccountVerb;
import io.ringfence.schemas.FactCommandDecoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.PrincipalCommandDecoder;
import io.ringfence.schemas.PrincipalRestartDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RightCommandDecoder;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.collections.IntHashSet;

/**
 * Checks the commands that change what intake knows of accounts, rights and principals, and applies those that pass. Such commands are
 * rare; it may allocate. For the owner's thread.
 */
public final class RegisterCommands {
    private final AccountRegister accounts;
    private final Rights rights;
    private final OpenSessions sessions;
    private final RequestMemory memory;
    private final Bounds bounds;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final AccountCommandDecoder account = new AccountCommandDecoder();
    private final FactCommandDecoder fact = new FactCommandDecoder();
    private final PrincipalCommandDecoder principal = new PrincipalCommandDecoder();
    private final RightCommandDecoder right = new RightCommandDecoder();
    private final PrincipalRestartDecoder restart = new PrincipalRestartDecoder();

    /** @param bounds of accounts and principals. */
    public RegisterCommands(
            AccountRegister accounts, Rights rights, OpenSessions sessions, RequestMemory memory, Bounds bounds) {
        this.accounts = accounts;
        this.rights = rights;
        this.sessions = sessions;
        this.memory = memory;
        this.bounds = bounds;
    }

    /**
     * Checks a command and applies it.
     *
     * @param command of type ACCOUNT, FACT, PRINCIPAL, RIGHT or PRINCIPAL_RESTART; else {@link IllegalArgumentException}.
     * @return NONE, or the first reason why not; then nothing has changed.
     */
    public ReasonCode apply(Command command, Rights.Principal sender) {
        DirectBuffer message = command.message();
        return switch (command.type()) {
            case ACCOUNT -> account(account.wrapAndApplyHeader(message, 0, header), sender);
            case FACT -> fact(fact.wrapAndApplyHeader(message, 0, header).accountId(), sender);
            case PRINCIPAL -> principal(principal.wrapAndApplyHeader(message, 0, header));
            case RIGHT -> right(right.wrapAndApplyHeader(message, 0, header));
            case PRINCIPAL_RESTART ->
                restart((int) restart.wrapAndApplyHeader(message, 0, header).principalId(), sender);
            default -> throw new IllegalArgumentException("type must change a register: type=" + command.type());
        };
    }

    private ReasonCode account(AccountCommandDecoder command, Rights.Principal sender) {
        long accountId = command.accountId();
        if (command.verb() == AccountVerb.OPEN) {
            return open(command, accountId, sender);
        }
        ReasonCode result = known(accountId, sender);
        if (result == ReasonCode.NONE && command.verb() == AccountVerb.CLOSE) {
            accounts.close(accountId);
        }
        return result;
    }

    /** Facts of no account are for a sender who may act on all. The budget settles them. */
    private ReasonCode fact(long accountId, Rights.Principal sender) {
        if (accountId == FactCommandDecoder.accountIdNullValue()) {
            return sender.isEverywhere() ? ReasonCode.NONE : ReasonCode.ACCOUNT_NOT_PERMITTED;
        }
        return known(accountId, sender);
    }

    private ReasonCode known(long accountId, Rights.Principal sender) {
        int slot = accounts.slot(accountId);
        if (slot == Rights.AccountTree.NONE) {
            return ReasonCode.ACCOUNT_UNKNOWN;
        }
        return sender.mayActOn(slot) ? ReasonCode.NONE : ReasonCode.ACCOUNT_NOT_PERMITTED;
    }

    private ReasonCode open(AccountCommandDecoder command, long accountId, Rights.Principal sender) {
        if (!sender.mayOpen(accountId, accounts.slot(command.parentAccountId()))) {
            return ReasonCode.ACCOUNT_NOT_PERMITTED;
        }
        if (accounts.contains(accountId)) {
            return ReasonCode.ACCOUNT_EXISTS;
        }
        if (accountId == 0 || command.amountMicros() < 0 || command.capMicros() < 0) {
            return ReasonCode.FIELD_OUT_OF_RANGE;
        }
        if (accounts.size() == bounds.accounts()) {
            return ReasonCode.BOUND_REACHED;
        }
        long currency = command.buffer()
                .getLong(command.offset() + AccountCommandDecoder.currencyEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
        ReasonCode result = accounts.open(accountId, command.parentAccountId(), currency);
        if (result == ReasonCode.NONE) {
            rights.accountOpened();
        }
        return result;
    }

    private ReasonCode principal(PrincipalCommandDecoder command) {
        ReasonCode result = rights.check(command);
        if (result == ReasonCode.NONE && !hasRoomFor((int) command.principalId())) {
            result = ReasonCode.BOUND_REACHED;
        }
        if (result == ReasonCode.NONE) {
            rights.apply(command);
        }
        return result;
    }

    /** A principal that lost its role counts while its requests are remembered. */
    private boolean hasRoomFor(int principalId) {
        IntHashSet known = new IntHashSet();
        memory.forEachPrincipal((id, highest) -> known.add(id));
        rights.entries().forEach(entry -> known.add(entry.principalId()));
        return known.contains(principalId) || known.size() < bounds.principals();
    }

    private ReasonCode right(RightCommandDecoder command) {
        ReasonCode result = rights.check(command);
        if (result == ReasonCode.NONE) {
            rights.apply(command);
        }
        return result;
    }

    /** What is forgotten may be asked a second time, on any account: the sender must be one who may act on all. */
    private ReasonCode restart(int principalId, Rights.Principal sender) {
        if (!sender.isEverywhere()) {
            return ReasonCode.ACCOUNT_NOT_PERMITTED;
        }
        return sessions.has(principalId) ? ReasonCode.PRINCIPAL_LOGGED_ON : memory.restart(principalId);
    }
}
