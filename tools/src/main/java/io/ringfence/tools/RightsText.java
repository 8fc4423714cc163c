package io.ringfence.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.engine.rights.Rights;
import io.ringfence.gateway.config.PrincipalEntry;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Says who may do what: principals, roles and accounts. */
final class RightsText {
    private RightsText() {}

    /** One line without its end, such as {@code 1 demo: trader on all accounts, later ones included}. */
    static String line(List<Rights.Entry> rights, List<PrincipalEntry> names) {
        if (rights.isEmpty()) {
            return "no principal may log on";
        }
        return rights.stream()
                .map(entry -> entry.principalId() + name(entry.principalId(), names) + ": " + entry)
                .collect(Collectors.joining("; "));
    }

    private static String name(int principalId, List<PrincipalEntry> names) {
        return names.stream()
                .filter(principal -> principal.id() == principalId)
                .map(principal -> " " + principal.name())
                .findFirst()
                .orElse("");
    }

    /** An object a principal; {@code account_ids} is null for all accounts, later ones included. */
    static ArrayNode json(List<Rights.Entry> rights) {
        ArrayNode principals = Json.object().putArray("principals");
        for (Rights.Entry entry : rights) {
            ObjectNode principal = principals
                    .addObject()
                    .put("principal_id", entry.principalId())
                    .put("role", entry.role().name().toLowerCase(Locale.ROOT));
            if (entry.isEverywhere()) {
                principal.putNull("account_ids");
            } else {
                ArrayNode accounts = principal.putArray("account_ids");
                entry.accountIds().forEach(accounts::add);
            }
        }
        return principals;
    }
}
