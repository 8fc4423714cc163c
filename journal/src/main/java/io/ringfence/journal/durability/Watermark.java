package io.ringfence.journal.durability;

import io.ringfence.journal.chain.Head;

/**
 * A promise that a journal is at least this long.
 *
 * @param head      last record known to be safe.
 * @param journalId name of the journal, 32 bytes.
 */
public record Watermark(Head head, byte[] journalId) {
    /** Promises nothing. */
    public static Watermark none() {
        return new Watermark(Head.none(), new byte[32]);
    }

    /** Does it promise anything? */
    public boolean isPresent() {
        return head.sequence() > 0;
    }
}
