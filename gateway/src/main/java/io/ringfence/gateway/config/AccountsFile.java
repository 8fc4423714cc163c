package io.ringfence.gateway.config;

import io.ringfence.engine.control.ControlCode;
import io.ringfence.engine.intake.AccountRegister;
import io.ringfence.schemas.AccountLimit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The accounts that a file lists, ascending by id. */
public final class AccountsFile {
    private static final Pattern CURRENCY = Pattern.compile("[A-Z0-9]{0,8}");

    private static final List<AccountLimit> OF_ORDERS =
            List.of(AccountLimit.MAX_BUY_QUANTITY, AccountLimit.MAX_SELL_QUANTITY);
    private static final long NO_ORDER = 0;

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
        Map<String, YamlMapping> byName = new LinkedHashMap<>();
        Set<Long> ids = new HashSet<>();
        for (YamlValue value : list.list()) {
            YamlMapping entry = value.mapping();
            if (!ids.add(id(entry))) {
                throw entry.value("id").fault("must stand once", Long.toString(id(entry)));
            }
            String name = entry.value("name").name();
            if (byName.put(name, entry) != null) {
                throw entry.value("name").fault("must stand once", name);
            }
        }
        if (byName.isEmpty()) {
            throw list.fault("must list an account: it is empty");
        }
        List<AccountEntry> accounts = new ArrayList<>();
        for (YamlMapping entry : byName.values()) {
            accounts.add(account(entry, byName));
            entry.refuseUnknown();
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

    private static AccountEntry account(YamlMapping entry, Map<String, YamlMapping> byName) {
        AccountEntry.Purpose purpose = entry.find("for")
                .map(value -> value.word(AccountEntry.Purpose.class))
                .orElse(AccountEntry.Purpose.ORDERS);
        return new AccountEntry(
                id(entry),
                entry.value("name").name(),
                entry.value("granted").micros(0, Long.MAX_VALUE),
                entry.find("cap").map(value -> value.micros(0, Long.MAX_VALUE)).orElse(0L),
                purpose,
                parentId(entry, byName),
                currency(entry),
                limits(entry, purpose == AccountEntry.Purpose.CALLS));
    }

    private static long id(YamlMapping entry) {
        return entry.value("id").wholeNumber(1, Long.MAX_VALUE);
    }

    /** Walks up to the root, which tells a circle and a tree that is too deep. A tree has the currency of its root. */
    private static long parentId(YamlMapping entry, Map<String, YamlMapping> byName) {
        Optional<YamlMapping> parent = parent(entry, byName);
        YamlMapping root = entry;
        int level = 1;
        for (Optional<YamlMapping> above = parent; above.isPresent(); above = parent(root, byName)) {
            root = above.get();
            if (++level > AccountRegister.LEVELS_MAX) {
                throw entry.value("parent")
                        .fault(
                                "must have at most " + (AccountRegister.LEVELS_MAX - 1)
                                        + " accounts above it, and none above itself",
                                entry.value("parent").name());
            }
        }
        String currency = currency(entry);
        if (!currency.isEmpty() && !currency.equals(currency(root))) {
            throw entry.value("currency").fault("must be that of its tree's root: " + currency(root), currency);
        }
        return parent.map(AccountsFile::id).orElse(AccountEntry.NO_PARENT);
    }

    private static Optional<YamlMapping> parent(YamlMapping entry, Map<String, YamlMapping> byName) {
        Optional<YamlValue> parent = entry.find("parent");
        if (parent.isEmpty()) {
            return Optional.empty();
        }
        YamlMapping above = byName.get(parent.get().name());
        if (above == null) {
            throw parent.get()
                    .fault(
                            "must be the name of an account of this file",
                            parent.get().name());
        }
        return Optional.of(above);
    }

    private static String currency(YamlMapping entry) {
        Optional<YamlValue> currency = entry.find("currency");
        String code = currency.map(YamlValue::name).orElse("");
        if (!CURRENCY.matcher(code).matches()) {
            throw currency.get().fault("must be 1 to 8 of A-Z and 0-9", code);
        }
        return code;
    }

    /** An account for calls takes no orders: its limits let none pass, and none of the accounts below it. */
    private static Map<AccountLimit, Long> limits(YamlMapping entry, boolean isForCalls) {
        Map<AccountLimit, Long> limits = new EnumMap<>(AccountLimit.class);
        for (AccountLimit limit : ControlCode.limits()) {
            String key = limit.name().toLowerCase(Locale.ROOT);
            entry.find(key).ifPresent(value -> limits.put(limit, limit(limit, value)));
        }
        if (isForCalls) {
            for (AccountLimit limit : OF_ORDERS) {
                if (limits.put(limit, NO_ORDER) != null) {
                    throw entry.value(limit.name().toLowerCase(Locale.ROOT))
                            .fault("must not be given to an account for calls, which takes no orders");
                }
            }
        }
        return limits;
    }

    private static long limit(AccountLimit limit, YamlValue value) {
        return limit == AccountLimit.MAX_ORDER_VALUE ? value.micros(0, Long.MAX_VALUE) : value.quantity();
    }

    /**
     * One account as configured.
     *
     * @param id            1 and above.
     * @param name          as people say it.
     * @param grantedMicros what it may spend; 0 and above.
     * @param capMicros     most that it may hold at once; 0: no cap.
     * @param purpose       what its budget is for.
     * @param parentId      account above it, or {@link #NO_PARENT}.
     * @param currency      its code; empty: that of its parent, or unnamed.
     * @param limits        those that are set, in their unit on the wire.
     */
    public record AccountEntry(
            long id,
            String name,
            long grantedMicros,
            long capMicros,
            Purpose purpose,
            long parentId,
            String currency,
            Map<AccountLimit, Long> limits) {
        /** In place of the id of a parent: none. */
        public static final long NO_PARENT = 0;

        /** Use of a budget. */
        public enum Purpose {
            /** Orders: its holds end by executions. */
            ORDERS,
            /** Other actions, such as calls of models: its holds end by settles. */
            CALLS
        }
    }
}
