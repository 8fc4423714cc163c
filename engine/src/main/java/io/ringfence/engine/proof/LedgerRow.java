package io.ringfence.engine.proof;

/**
 * One account as the ledger digest sees it.
 *
 * @param id              in UTF-8; not copied.
 * @param initialMicros   granted in all.
 * @param remainingMicros neither reserved nor committed.
 * @param reservedMicros  held.
 * @param committedMicros spent.
 */
public record LedgerRow(
        byte[] id, long initialMicros, long remainingMicros, long reservedMicros, long committedMicros) {}
