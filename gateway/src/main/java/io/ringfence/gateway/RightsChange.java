package io.ringfence.gateway;

import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.rights.Rights;
import io.ringfence.gateway.config.PrincipalEntry;
import io.ringfence.schemas.AccountScope;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.PrincipalCommandEncoder;
import io.ringfence.schemas.RightCommandEncoder;
import io.ringfence.schemas.RightVerb;
import io.ringfence.schemas.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** What must change in the rights of a journal, so that they are those of a configuration: in lines for people, and in commands. */
final class RightsChange {
    /**
     * A command that is to be put.
     *
     * @param type  PRINCIPAL or RIGHT.
     * @param bytes the message with its header.
     */
    record Change(CommandType type, byte[] bytes) {}

    private final List<String> lines = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();

    /** Compares the rights of the journal with those of the configuration. */
    RightsChange(List<Rights.Entry> journal, List<PrincipalEntry> file) {
        Map<Integer, Rights.Entry> recorded = byId(journal, Rights.Entry::principalId);
        Map<Integer, PrincipalEntry> configured = byId(file, PrincipalEntry::id);
        TreeSet<Integer> ids = new TreeSet<>(recorded.keySet());
        ids.addAll(configured.keySet());
        for (int id : ids) {
            compare(id, recorded.get(id), configured.get(id));
        }
        tellWhatRemains();
    }

    private static <T> Map<Integer, T> byId(List<T> entries, ToIntFunction<T> id) {
        return entries.stream()
                .collect(Collectors.toMap(id::applyAsInt, Function.identity(), (one, other) -> one, TreeMap::new));
    }

    /** One line for each principal whose rights differ, ascending by id. */
    List<String> lines() {
        return lines;
    }

    /** The commands that take the difference away, in order; each tells how many of them follow it. */
    List<Change> changes() {
        return changes;
    }

    private void compare(int id, Rights.Entry recorded, PrincipalEntry configured) {
        if (configured == null) {
            lines.add("principal " + id + ": the journal says " + recorded + "; the file does not name it");
            principal(id, Role.NONE, AccountScope.LISTED, "");
            return;
        }
        Rights.Entry wanted =
                new Rights.Entry(id, configured.role().asSent(), configured.isEverywhere(), configured.accountIds());
        if (wanted.equals(recorded)) {
            return;
        }
        lines.add("principal " + id + " (" + configured.name() + "): the journal "
                + (recorded == null ? "does not name it" : "says " + recorded) + "; the file says "
                + wanted);
        boolean isScopeKept = recorded != null && recorded.isEverywhere() == wanted.isEverywhere();
        if (!isScopeKept || recorded.role() != wanted.role()) {
            AccountScope scope = wanted.isEverywhere() ? AccountScope.ALL : AccountScope.LISTED;
            principal(id, wanted.role(), scope, configured.name());
        }
        List<Long> listed = isScopeKept ? recorded.accountIds() : List.of();
        listed.stream()
                .filter(account -> !wanted.accountIds().contains(account))
                .forEach(account -> right(id, account, RightVerb.TAKE));
        wanted.accountIds().stream()
                .filter(account -> !listed.contains(account))
                .forEach(account -> right(id, account, RightVerb.GIVE));
    }

    private void principal(int id, Role role, AccountScope scope, String name) {
        PrincipalCommandEncoder command = new PrincipalCommandEncoder();
        command.wrapAndApplyHeader(buffer, 0, header)
                .clientRequestId(0)
                .principalId(id)
                .role(role)
                .scope(scope)
                .remaining(0)
                .name(name)
                .session()
                .sessionSequence(0)
                .highestReplyRead(0);
        add(CommandType.PRINCIPAL, command.encodedLength());
    }

    private void right(int id, long accountId, RightVerb verb) {
        RightCommandEncoder command = new RightCommandEncoder();
        command.wrapAndApplyHeader(buffer, 0, header)
                .clientRequestId(0)
                .principalId(id)
                .accountId(accountId)
                .verb(verb)
                .remaining(0)
                .session()
                .sessionSequence(0)
                .highestReplyRead(0);
        add(CommandType.RIGHT, command.encodedLength());
    }

    private void add(CommandType type, int encodedLength) {
        byte[] bytes = new byte[MessageHeaderEncoder.ENCODED_LENGTH + encodedLength];
        buffer.getBytes(0, bytes);
        changes.add(new Change(type, bytes));
    }

    private void tellWhatRemains() {
        for (int i = 0; i < changes.size(); i++) {
            UnsafeBuffer message = new UnsafeBuffer(changes.get(i).bytes());
            int remaining = changes.size() - 1 - i;
            if (changes.get(i).type() == CommandType.PRINCIPAL) {
                new PrincipalCommandEncoder()
                        .wrap(message, MessageHeaderEncoder.ENCODED_LENGTH)
                        .remaining(remaining);
            } else {
                new RightCommandEncoder()
                        .wrap(message, MessageHeaderEncoder.ENCODED_LENGTH)
                        .remaining(remaining);
            }
        }
    }
}
