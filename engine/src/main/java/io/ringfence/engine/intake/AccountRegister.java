package io.ringfence.engine.intake;

import io.ringfence.engine.rights.Rights;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RegisteredAccountDecoder;
import io.ringfence.schemas.RegisteredAccountEncoder;
import io.ringfence.schemas.Tristate;
import java.nio.ByteOrder;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.collections.LongArrayList;

/**
 * Knows which accounts there are, in which trees they stand, and whether they take requests, so that a stranger's request moves nothing.
 *
 * <p>An account gets its parent and its currency when it is opened, for good, so a tree has no circle. A tree has one currency and at
 * most {@link #LEVELS_MAX} levels. An account is closed, too, while one above it is. A slot numbers the accounts of this register from
 * 0 and means nothing elsewhere. One thread; allocates only for a new account.
 */
public final class AccountRegister implements Rights.AccountTree {
    /** Levels of a tree, the root's counted. */
    public static final int LEVELS_MAX = 8;

    /** In place of a parent: none. */
    public static final long NO_PARENT = RegisteredAccountEncoder.parentAccountIdNullValue();

    /** In place of a currency: none was said. */
    public static final long NO_CURRENCY = 0;

    private static final long MISSING = -1;
    private static final long IS_OPEN = 1;
    private static final long HAS_PARENT = 2;
    private static final int SLOT_SHIFT = 2;
    private static final float LOAD_FACTOR = 0.55f;

    /** Slot, {@link #HAS_PARENT}, {@link #IS_OPEN}. */
    private final Long2LongHashMap states = new Long2LongHashMap(1024, LOAD_FACTOR, MISSING);

    private final LongArrayList ids = new LongArrayList(); // By slot.
    private final Long2LongHashMap parents = new Long2LongHashMap(NO_PARENT);
    private final Long2LongHashMap currencies =
            new Long2LongHashMap(NO_CURRENCY); // 8 characters as a u64, little endian.

    /** {@link ReasonCode#NONE} when the account takes requests; else {@code ACCOUNT_UNKNOWN} or {@code ACCOUNT_CLOSED}. */
    public ReasonCode check(long accountId) {
        return check(accountId, states.get(accountId));
    }

    /** As {@link #check(long)}, with {@code ACCOUNT_NOT_PERMITTED} for what the sender may not act on, be it open or closed. */
    public ReasonCode check(long accountId, Rights.Principal sender) {
        long state = states.get(accountId);
        boolean isForeign = state != MISSING && !sender.mayActOn(slotOf(state));
        return isForeign ? ReasonCode.ACCOUNT_NOT_PERMITTED : check(accountId, state);
    }

    private ReasonCode check(long accountId, long itsState) {
        if (itsState == MISSING) {
            return ReasonCode.ACCOUNT_UNKNOWN;
        }
        long state = itsState;
        for (long id = accountId; (state & HAS_PARENT) != 0 && (state & IS_OPEN) != 0; state = states.get(id)) {
            id = parents.get(id);
        }
        return (state & IS_OPEN) == 0 ? ReasonCode.ACCOUNT_CLOSED : ReasonCode.NONE;
    }

    private static int slotOf(long state) {
        return (int) (state >> SLOT_SHIFT); // -1, which is NONE, for MISSING.
    }

    /** Was it ever opened? */
    public boolean contains(long accountId) {
        return states.get(accountId) != MISSING;
    }

    /** The account above; {@link #NO_PARENT} for none, or for an account that was never opened. */
    public long parentId(long accountId) {
        return parents.get(accountId);
    }

    /** Slot of an account; {@link #NONE} for one that was never opened. */
    public int slot(long accountId) {
        return slotOf(states.get(accountId));
    }

    @Override
    public int size() {
        return ids.size();
    }

    @Override
    public long id(int slot) {
        return ids.getLong(slot);
    }

    @Override
    public int parent(int slot) {
        return slot(parentId(id(slot)));
    }

    /**
     * Lets a new account take requests: {@code PARENT_UNKNOWN}, {@code ACCOUNT_CLOSED} (the parent or one above it),
     * {@code TREE_TOO_DEEP}, {@code CURRENCY_DIFFERS}.
     *
     * @param accountId that was never opened.
     * @param parentId  the account above it, or {@link #NO_PARENT}.
     * @param currency  its code; {@link #NO_CURRENCY} takes that of the parent.
     */
    public ReasonCode open(long accountId, long parentId, long currency) {
        ReasonCode reason = parentId == NO_PARENT ? ReasonCode.NONE : checkParent(parentId, currency);
        if (reason == ReasonCode.NONE) {
            long itsCurrency = parentId == NO_PARENT || currency != NO_CURRENCY ? currency : currencies.get(parentId);
            put(accountId, parentId, itsCurrency, true);
        }
        return reason;
    }

    private ReasonCode checkParent(long parentId, long currency) {
        ReasonCode ofParent = check(parentId);
        if (ofParent != ReasonCode.NONE) {
            return ofParent == ReasonCode.ACCOUNT_UNKNOWN ? ReasonCode.PARENT_UNKNOWN : ofParent;
        }
        if (level(parentId) == LEVELS_MAX) {
            return ReasonCode.TREE_TOO_DEEP;
        }
        return currency == NO_CURRENCY || currency == currencies.get(parentId)
                ? ReasonCode.NONE
                : ReasonCode.CURRENCY_DIFFERS;
    }

    private int level(long accountId) {
        int level = 1;
        for (long id = parents.get(accountId); id != NO_PARENT; id = parents.get(id)) {
            level++;
        }
        return level;
    }

    /** Lets an account, and those below it, take no more requests. */
    public void close(long accountId) {
        states.put(accountId, states.get(accountId) & ~IS_OPEN);
    }

    private void put(long accountId, long parentId, long currency, boolean isOpen) {
        long slot = ids.size();
        ids.addLong(accountId);
        states.put(accountId, slot << SLOT_SHIFT | (parentId == NO_PARENT ? 0 : HAS_PARENT) | (isOpen ? IS_OPEN : 0));
        if (parentId != NO_PARENT) {
            parents.put(accountId, parentId);
        }
        if (currency != NO_CURRENCY) {
            currencies.put(accountId, currency);
        }
    }

    /** How many bytes {@link #writeState} would append now. */
    public long stateLength() {
        return StateWriter.length(ids.size(), RegisteredAccountEncoder.BLOCK_LENGTH);
    }

    /** Writes every account, in ascending order of signed ids. */
    public void writeState(StateWriter writer, MessageHeaderEncoder header) {
        RegisteredAccountEncoder account = new RegisteredAccountEncoder();
        for (long accountId : ids.stream().mapToLong(Long::longValue).sorted().toArray()) {
            account.wrapAndApplyHeader(writer.buffer(), writer.position(), header)
                    .accountId(accountId)
                    .parentAccountId(parents.get(accountId))
                    .isOpen((states.get(accountId) & IS_OPEN) != 0 ? Tristate.YES : Tristate.NO);
            writer.buffer()
                    .putLong(
                            account.offset() + RegisteredAccountEncoder.currencyEncodingOffset(),
                            currencies.get(accountId),
                            ByteOrder.LITTLE_ENDIAN);
            writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + account.encodedLength());
        }
    }

    /** Takes the message at the reader's position, if it is one of this owner's. */
    public boolean readState(StateReader reader, MessageHeaderDecoder header) {
        if (header.templateId() != RegisteredAccountDecoder.TEMPLATE_ID) {
            return false;
        }
        RegisteredAccountDecoder account =
                new RegisteredAccountDecoder().wrapAndApplyHeader(reader.buffer(), reader.position(), header);
        long currency = reader.buffer()
                .getLong(account.offset() + RegisteredAccountDecoder.currencyEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
        put(account.accountId(), account.parentAccountId(), currency, account.isOpen() == Tristate.YES);
        reader.advance(MessageHeaderDecoder.ENCODED_LENGTH + account.encodedLength());
        return true;
    }
}
