package io.ringfence.gateway.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The accounts that a file lists, ascending by id. */
public final class AccountsFile {
    private final List<AccountEntry> accounts;

    private AccountsFile(List<AccountEntry> accounts) {
        this.accounts = accounts.stream()
                .sorted(Comparator.comparingLong(AccountEntry::id))
                .toList();
    }

    /**
     * Reads a file.
     *
     * @throws ConfigFault for the first thing wrong in it.
     */
    public static AccountsFile read(Path path) {
        YamlMapping root = YamlFile.read(path).root();
        YamlValue list = root.value("accounts");
        root.refuseUnknown();
        List<AccountEntry> accounts = new ArrayList<>();
        Set<Long> ids = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (YamlValue value : list.list()) {
            YamlMapping entry = value.mapping();
            AccountEntry account = account(entry);
            entry.refuseUnknown();
            if (!ids.add(account.id())) {
                throw entry.value("id").fault("must stand once", Long.toString(account.id()));
            }
            if (!names.add(account.name())) {
                throw entry.value("name").fault("must stand once", account.name());
            }
            accounts.add(account);
        }
        if (accounts.isEmpty()) {
            throw list.fault("must list an account: it is empty");
        }
        return new AccountsFile(accounts);
    }

    /** All accounts, ascending by id. */
    public List<AccountEntry> accounts() {
        return accounts;
    }

    /** Ids of the accounts for orders, ascending. */
    public long[] orderAccountIds() {
        return accounts.stream()
                .filter(account -> account.purpose() == AccountEntry.Purpose.ORDERS)
                .mapToLong(AccountEntry::id)
                .toArray();
    }

    /** The account with a name. */
    public Optional<AccountEntry> account(String name) {
        return accounts.stream().filter(account -> account.name().equals(name)).findFirst();
    }

    /** Names of all accounts, ascending by id. */
    public Collection<String> names() {
        return accounts.stream().map(AccountEntry::name).toList();
    }

    private static AccountEntry account(YamlMapping entry) {
        return new AccountEntry(
                entry.value("id").wholeNumber(1, Long.MAX_VALUE),
                entry.value("name").name(),
                entry.value("granted").micros(0, Long.MAX_VALUE),
                entry.find("cap").map(value -> value.micros(0, Long.MAX_VALUE)).orElse(0L),
                entry.find("for")
                        .map(value -> value.word(AccountEntry.Purpose.class))
                        .orElse(AccountEntry.Purpose.ORDERS));
    }

    /**
     * One account as configured.
     *
     * @param id            1 and above.
     * @param name          as people say it.
     * @param grantedMicros what it may spend; 0 and above.
     * @param capMicros     most that it may hold at once; 0: no cap.
     * @param purpose       what its budget is for.
     */
    public record AccountEntry(long id, String name, long grantedMicros, long capMicros, Purpose purpose) {
        /** Use of a budget. */
        public enum Purpose {
            /** Orders: its holds end by executions. */
            ORDERS,
            /** Other actions, such as calls of models: its holds end by settles. */
            CALLS
        }
    }
}
