package io.ringfence.gateway.session;

import java.util.Set;
import org.agrona.collections.IntHashSet;

/** Knows who may log on and who of them may send operator commands. Immutable; its questions allocate nothing. */
public final class Principals {
    private final IntHashSet known = new IntHashSet();
    private final IntHashSet operators = new IntHashSet();

    /**
     * Takes the principals of the configuration.
     *
     * @param clients   ids of clients, 1 and above.
     * @param operators ids of operators, who may log on and change accounts; they need not be among the clients.
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

    /** May this principal send operator commands? */
    public boolean isOperator(int principalId) {
        return operators.contains(principalId);
    }
}
