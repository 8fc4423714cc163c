package io.ringfence.gateway.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who may log on, and what it may do.
 *
 * @param id         1 and above; stands in every record.
 * @param name       as people say it.
 * @param role       what it may send.
 * @param accountIds on which accounts it may act, with those below them, ascending; empty: on all, later ones included.
 */
public record PrincipalEntry(int id, String name, Role role, List<Long> accountIds) {
    private static final List<PrincipalEntry> DEFAULTS = List.of(
            new PrincipalEntry(1, "demo", Role.TRADER, List.of()),
            new PrincipalEntry(2, "ops", Role.OPERATOR, List.of()),
            new PrincipalEntry(3, "risk", Role.RISK, List.of()),
            new PrincipalEntry(4, "tools", Role.TRADER, List.of()));

    /** What a principal may send; the protocol page has the table. */
    public enum Role {
        /** Asks and reports. */
        TRADER,
        /** Reports. */
        REPORTER,
        /** Commands accounts, announces cancels. */
        RISK,
        /** Commands accounts. */
        OPERATOR,
        /** Asks for earlier answers. */
        READER;

        /** The role as commands and state have it. */
        public io.ringfence.schemas.Role asSent() {
            return io.ringfence.schemas.Role.valueOf(name());
        }
    }

    /** May it act on all accounts? */
    public boolean isEverywhere() {
        return accountIds.isEmpty();
    }

    /** Reads the list of principals, ascending by id; without one there are two, each on all accounts. */
    static List<PrincipalEntry> read(Optional<YamlValue> list) {
        if (list.isEmpty()) {
            return DEFAULTS;
        }
        List<PrincipalEntry> principals = new ArrayList<>();
        Set<Integer> ids = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (YamlValue value : list.get().list()) {
            YamlMapping keys = value.mapping();
            PrincipalEntry principal = new PrincipalEntry(
                    keys.value("id").as(Setting.PRINCIPAL_ID),
                    keys.value("name").name(),
                    keys.value("role").as(Setting.PRINCIPAL_ROLE),
                    keys.find("accounts").map(PrincipalEntry::accountIds).orElse(List.of()));
            keys.refuseUnknown();
            if (!ids.add(principal.id())) {
                throw keys.value("id").fault("must stand once", Integer.toString(principal.id()));
            }
            if (!names.add(principal.name())) {
                throw keys.value("name").fault("must stand once", principal.name());
            }
            principals.add(principal);
        }
        principals.sort(Comparator.comparingInt(PrincipalEntry::id));
        return List.copyOf(principals);
    }

    private static List<Long> accountIds(YamlValue list) {
        List<Long> ids = list.list().stream()
                .map(value -> value.wholeNumber(1, Long.MAX_VALUE))
                .distinct()
                .sorted()
                .toList();
        if (ids.isEmpty()) {
            throw list.fault("must list an account, or be left out for all accounts: it is empty");
        }
        return ids;
    }
}
