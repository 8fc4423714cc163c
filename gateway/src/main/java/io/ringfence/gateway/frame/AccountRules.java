package io.ringfence.gateway.frame;

import io.ringfence.schemas.AccountCommandDecoder;
import io.ringfence.schemas.AccountVerb;
import org.agrona.DirectBuffer;

/** Ranges of the fields of an account command. */
final class AccountRules {
    /** Bytes of UTF-8 that a name may have. */
    static final int MAX_NAME_LENGTH = 128;

    private final AccountCommandDecoder account = new AccountCommandDecoder();

    void check(DirectBuffer buffer, int offset, int behindBlock, Frame frame) {
        account.wrap(buffer, offset, AccountCommandDecoder.BLOCK_LENGTH, AccountCommandDecoder.SCHEMA_VERSION);
        frame.request(account.clientRequestId());
        frame.require(
                account.clientRequestId() > 0, AccountCommandDecoder.clientRequestIdId(), account.clientRequestId());
        long accountId = account.accountId();
        frame.require(accountId > 0, AccountCommandDecoder.accountIdId(), accountId);
        long parent = account.parentAccountId();
        frame.require(
                parent == AccountCommandDecoder.parentAccountIdNullValue() || (parent > 0 && parent != accountId),
                AccountCommandDecoder.parentAccountIdId(),
                parent);
        int verb = account.verbRaw();
        long amountMicros = account.amountMicros();
        frame.require(
                verb == AccountVerb.CLOSE.value() ? amountMicros == 0 : amountMicros >= 0,
                AccountCommandDecoder.amountMicrosId(),
                amountMicros);
        frame.require(
                verb >= AccountVerb.OPEN.value() && verb <= AccountVerb.SET_CAP.value(),
                AccountCommandDecoder.verbId(),
                verb);
        int nameOffset = offset + AccountCommandDecoder.BLOCK_LENGTH;
        if (VarText.isWhole(buffer, nameOffset, behindBlock, frame)) {
            int nameLength = VarText.length(buffer, nameOffset);
            int leastLength = verb == AccountVerb.OPEN.value() ? 1 : 0;
            frame.require(
                    nameLength >= leastLength && nameLength <= MAX_NAME_LENGTH,
                    AccountCommandDecoder.nameId(),
                    nameLength);
            VarText.requirePrintable(buffer, nameOffset, AccountCommandDecoder.nameId(), frame);
        }
    }
}
