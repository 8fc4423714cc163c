package io.ringfence.gateway.session;

import java.util.Set;
import org.agrona.collections.IntHashSet;

/** Who may log on, and who of them may give operators' commands. Immutable after construction; allocates nothing. */
public final class Principals {
    private final IntHashSet known = new IntHashSet();
    private final IntHashSet operators = new IntHashSet();

    /**
     * Takes the principals of the configuration.
     *
     * @param clients   ids of those who may ask, 1 and above.
     * @param operators ids of those who may also change accounts; they need not be among the clients.
     */
    public Principals(Set<Integer> clients, Set<Integer> operators) {
        clients.forEach(Principals::requirePositive);
        operators.forEach(Principals::requirePositive);
        this.known.addAll(clients);
        this.known.addAll(operators);
        this.operators.addAll(operators);
    }

    private static void requirePositive(int principalId) {
        if (principalId <= 0) {
            throw new IllegalArgumentException("principalId must be positive: principalId=" + principalId);
        }
    }

    /** May this principal log on? */
    public boolean isKnown(int principalId) {
        return known.contains(principalId);
    }

    /** May this principal give operators' commands? */
    public boolean isOperator(int principalId) {
        return operators.contains(principalId);
    }
}
