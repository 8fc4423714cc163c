package io.ringfence.tools.conformance;

import io.ringfence.engine.budget.AccountLedger;
import io.ringfence.engine.proof.LedgerDigest;
import io.ringfence.schemas.ReasonCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Offers the ledger with the peer's interface: accounts named by text, hold ids from an allocator, results with the peer's names.
 *
 * <p>The allocator and the names are all it adds; every amount is the ledger's. The hold id of a reserve that did not hold is
 * null in its result.
 */
final class PeerLedger {
    private static final long LAST_ID = Long.MAX_VALUE;
    private static final Comparator<LedgerDigest.Row> BY_ID_BYTES =
            Comparator.comparing(LedgerDigest.Row::id, Arrays::compareUnsigned);

    private final AccountLedger ledger = new AccountLedger(16, 64);
    private final Map<String, Long> accountIds = new HashMap<>();
    private final Map<String, Long> capsAhead = new HashMap<>();
    private final Map<Long, Long> holdAccounts = new HashMap<>();
    private long nextId = 1;

    void ensure(String name, long grantedMicros) {
        long account = accountIds.getOrDefault(name, accountIds.size() + 1L);
        if (ledger.ensure(account, grantedMicros) == ReasonCode.NONE) {
            accountIds.put(name, account);
            ledger.setCap(account, capsAhead.getOrDefault(name, 0L));
        }
    }

    List<Object> topUp(String name, long amountMicros) {
        long account = account(name);
        ReasonCode reason = ledger.topUp(account, amountMicros);
        return switch (reason) {
            case AMOUNT_NOT_POSITIVE -> List.of("InvalidAmount");
            case ACCOUNT_UNKNOWN -> List.of("MissingTenant");
            case AMOUNT_OVERFLOW -> List.of("Overflow");
            case NONE ->
                List.of("ToppedUp", amountMicros, ledger.grantedMicros(account), ledger.availableMicros(account));
            default -> throw unexpected(reason);
        };
    }

    void setCap(String name, long capMicros) {
        if (accountIds.containsKey(name)) {
            ledger.setCap(account(name), capMicros);
        } else if (capMicros >= 0) {
            capsAhead.put(name, capMicros);
        }
    }

    /** The result, then the hold id or null. */
    List<Object> reserve(String name, long amountMicros) {
        long account = account(name);
        long hold = nextId;
        ReasonCode reason = ledger.reserve(hold, account, amountMicros);
        boolean isBalanceReached = reason == ReasonCode.NONE || reason == ReasonCode.BUDGET_EXHAUSTED;
        if (isBalanceReached && nextId == LAST_ID) {
            ledger.release(hold); // Without an id there is no hold: the peer looks at the allocator before the balance.
            return Arrays.asList(List.of("Overflow", ledger.reservedMicros(account)), null);
        }
        nextId += isBalanceReached ? 1 : 0;
        if (reason == ReasonCode.NONE) {
            holdAccounts.put(hold, account);
        }
        return Arrays.asList(reserved(reason, account, amountMicros), reason == ReasonCode.NONE ? hold : null);
    }

    List<Object> commit(long hold, long amountMicros) {
        ReasonCode reason = ledger.commit(hold, amountMicros);
        return switch (reason) {
            case AMOUNT_NOT_POSITIVE -> List.of("InvalidAmount");
            case HOLD_UNKNOWN -> List.of("MissingReservation");
            case AMOUNT_OVERFLOW -> List.of("Overflow", available(hold));
            case COMMIT_OVERRUN -> List.of("Overrun", available(hold));
            case NONE -> List.of("Committed", available(hold), amountMicros);
            default -> throw unexpected(reason);
        };
    }

    List<Object> release(long hold) {
        long heldMicros = ledger.heldMicros(hold);
        return ledger.release(hold) == ReasonCode.NONE
                ? List.of("Released", available(hold), heldMicros)
                : List.of("MissingReservation");
    }

    LedgerSnapshot snapshot() {
        nextId++;
        List<LedgerDigest.Row> rows = new ArrayList<>();
        accountIds.forEach((name, account) -> rows.add(new LedgerDigest.Row(
                name.getBytes(StandardCharsets.UTF_8),
                ledger.grantedMicros(account),
                ledger.availableMicros(account),
                ledger.reservedMicros(account),
                ledger.committedMicros(account))));
        rows.sort(BY_ID_BYTES);
        return new LedgerSnapshot(Long.MIN_VALUE | nextId, ledger.openHolds(), OptionalLong.empty(), rows);
    }

    private List<Object> reserved(ReasonCode reason, long account, long amountMicros) {
        return switch (reason) {
            case AMOUNT_NOT_POSITIVE -> List.of("Insufficient", 0L, amountMicros);
            case ACCOUNT_UNKNOWN -> List.of("MissingTenant");
            case AMOUNT_OVERFLOW -> List.of("Overflow", ledger.reservedMicros(account));
            case EXPOSURE_LIMIT ->
                List.of("ExposureLimitExceeded", ledger.reservedMicros(account), ledger.capMicros(account));
            case BUDGET_EXHAUSTED -> List.of("Insufficient", ledger.availableMicros(account), amountMicros);
            case NONE -> List.of("Reserved", ledger.availableMicros(account));
            default -> throw unexpected(reason);
        };
    }

    private long account(String name) {
        return accountIds.getOrDefault(name, 0L);
    }

    private long available(long hold) {
        return ledger.availableMicros(holdAccounts.get(hold));
    }

    private static IllegalStateException unexpected(ReasonCode reason) {
        return new IllegalStateException("the peer has no name for this: reason=" + reason);
    }
}
