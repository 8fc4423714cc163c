package io.ringfence.gateway.session;

import io.ringfence.engine.rights.Rights;
import io.ringfence.schemas.Role;
import java.util.List;
import org.agrona.collections.Int2ObjectHashMap;

/** Knows the role of each principal, as the last rights commands that were journaled say. For the duty cycle. */
public final class Principals {
    private final Int2ObjectHashMap<Role> roles = new Int2ObjectHashMap<>();

    /** @param entries the rights of the journal. */
    public Principals(List<Rights.Entry> entries) {
        entries.forEach(entry -> roles.put(entry.principalId(), entry.role()));
    }

    /** The role of a principal; {@link Role#NONE} when it is not known. */
    public Role role(int principalId) {
        Role role = roles.get(principalId);
        return role == null ? Role.NONE : role;
    }

    /** Gives a principal another role. */
    void give(int principalId, Role role) {
        roles.put(principalId, role);
    }
}
