package io.ringfence.tools.report;

import io.ringfence.journal.record.RecordView;
import io.ringfence.schemas.AccountCommandDecoder;
import io.ringfence.schemas.AccountVerb;
import io.ringfence.schemas.MessageHeaderDecoder;
import java.util.HashMap;
import java.util.Map;

/** The currency of each account of a journal: the one that it was opened with, else its parent's. One thread. */
final class AccountCurrencies {
    /** In place of a currency: none was said. */
    static final String UNNAMED = "";

    private final Map<Long, String> byAccount = new HashMap<>();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final AccountCommandDecoder account = new AccountCommandDecoder();

    /** Takes an account command that was applied. */
    void accept(RecordView applied) {
        account.wrapAndApplyHeader(applied.buffer(), applied.commandOffset(), header);
        if (account.verb() == AccountVerb.OPEN) {
            String own = account.currency();
            byAccount.put(account.accountId(), own.isEmpty() ? of(account.parentAccountId()) : own);
        }
    }

    /** Code of the currency; {@link #UNNAMED} where none was said. */
    String of(long accountId) {
        return byAccount.getOrDefault(accountId, UNNAMED);
    }
}
