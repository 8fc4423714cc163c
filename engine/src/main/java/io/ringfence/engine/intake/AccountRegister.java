package io.ringfence.engine.intake;

import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RegisteredAccountDecoder;
import io.ringfence.schemas.RegisteredAccountEncoder;
import io.ringfence.schemas.Tristate;
import org.agrona.collections.Long2LongHashMap;

/** Knows which accounts there are and whether they take requests, so that a stranger's request moves nothing. One thread. */
public final class AccountRegister {
    private static final long MISSING = -1;
    private static final long CLOSED = 0;
    private static final long OPEN = 1;

    private final Long2LongHashMap states = new Long2LongHashMap(1024, 0.55f, MISSING);

    /** {@link ReasonCode#NONE} when the account takes requests, else why not. */
    public ReasonCode check(long accountId) {
        long state = states.get(accountId);
        if (state == MISSING) {
            return ReasonCode.ACCOUNT_UNKNOWN;
        }
        return state == OPEN ? ReasonCode.NONE : ReasonCode.ACCOUNT_CLOSED;
    }

    /** Was it ever opened? */
    public boolean contains(long accountId) {
        return states.get(accountId) != MISSING;
    }

    /** Lets an account take requests. */
    public void open(long accountId) {
        states.put(accountId, OPEN);
    }

    /** Lets an account take no more requests. */
    public void close(long accountId) {
        states.put(accountId, CLOSED);
    }

    /** Writes every account, in ascending order of signed ids. */
    public void writeState(StateWriter writer, MessageHeaderEncoder header) {
        RegisteredAccountEncoder account = new RegisteredAccountEncoder();
        long[] ids =
                states.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
        for (long accountId : ids) {
            account.wrapAndApplyHeader(writer.buffer(), writer.position(), header)
                    .accountId(accountId)
                    .parentAccountId(RegisteredAccountEncoder.parentAccountIdNullValue())
                    .isOpen(states.get(accountId) == OPEN ? Tristate.YES : Tristate.NO);
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
        states.put(account.accountId(), account.isOpen() == Tristate.YES ? OPEN : CLOSED);
        reader.advance(MessageHeaderDecoder.ENCODED_LENGTH + account.encodedLength());
        return true;
    }
}
