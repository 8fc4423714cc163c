package io.ringfence.tools.input;

import io.ringfence.engine.policy.Candidate;
import io.ringfence.engine.policy.Catalog;
import io.ringfence.engine.policy.Policy.UseCase;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.gateway.config.Names.NameKind;
import java.util.List;

/**
 * Chooses candidate and use case of a book's orders under a policy.
 *
 * <p>All ask for the enabled candidate of lowest id, as the use case of lowest code. Blocks, that is orders from
 * {@link #BLOCK_NOTIONAL_MICROS} on, go as the use case of that name with {@code _block} behind it, where there is one.
 */
public final class OrderRouting {
    /** Notional from which on an order is a block: 10,000 currency units. */
    public static final long BLOCK_NOTIONAL_MICROS = 10_000_000_000L;

    private static final long QUANTITY_ONE = 100_000_000;

    private final long candidateId;
    private final int useCase;
    private final int blockUseCase;

    /** Routing under a policy. */
    public OrderRouting(CompiledPolicy policy) {
        List<UseCase> useCases = policy.adaptive().useCases();
        candidateId = firstEnabled(policy.catalog());
        useCase = useCases.get(0).code();
        String block = policy.names().name(NameKind.USE_CASE, useCase) + "_block";
        blockUseCase = (int) policy.names().id(NameKind.USE_CASE, block).orElse(useCase);
    }

    /** The candidate that every order asks for. */
    public long candidateId() {
        return candidateId;
    }

    /**
     * Use case of an order.
     *
     * @param quantity    in 1e-8 units; 1 and above.
     * @param priceMicros a unit; 1 and above.
     */
    public int useCase(long quantity, long priceMicros) {
        long product = quantity * priceMicros; // Beyond i64 if the high half or the sign says so.
        boolean isBeyond = Math.multiplyHigh(quantity, priceMicros) != 0 || product < 0;
        boolean isBlock = isBeyond || product / QUANTITY_ONE >= BLOCK_NOTIONAL_MICROS;
        return isBlock ? blockUseCase : useCase;
    }

    private static long firstEnabled(Catalog catalog) {
        for (int index = 0; index < catalog.count(); index++) {
            Candidate candidate = catalog.candidate(index);
            if (candidate.isEnabled()) {
                return candidate.id();
            }
        }
        throw new IllegalArgumentException("a catalog has an enabled candidate: count=" + catalog.count());
    }
}
