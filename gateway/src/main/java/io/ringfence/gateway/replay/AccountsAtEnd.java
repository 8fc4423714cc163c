package io.ringfence.gateway.replay;

import io.ringfence.engine.budget.BudgetListing.StandingAccount;
import io.ringfence.engine.pipeline.Engine;
import io.ringfence.journal.fault.JournalException;
import java.nio.file.Path;
import java.util.List;

/**
 * The accounts at the end of a journal, as its newest good snapshot and the records behind it say.
 *
 * <p>The journal may be in use meanwhile; nothing is written. One thread; allocates, and takes the memory of an engine.
 *
 * @param sequence of the last record that was read.
 * @param accounts that were opened, ascending by id.
 */
public record AccountsAtEnd(long sequence, List<Entry> accounts) {
    /**
     * One account.
     *
     * @param account as it stands.
     * @param isOpen  does it take requests?
     */
    public record Entry(StandingAccount account, boolean isOpen) {}

    /**
     * Reads them.
     *
     * @param directory of the journal.
     * @throws JournalException {@code DAMAGED} when a record does not prove, or is not what this build computes.
     */
    public static AccountsAtEnd read(Path directory) {
        Engine engine = EngineAtEnd.of(directory);
        List<Entry> entries = engine.accounts().stream()
                .map(account -> new Entry(account, engine.isOpen(account.id())))
                .toList();
        return new AccountsAtEnd(engine.lastSequence(), entries);
    }
}
