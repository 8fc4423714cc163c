package io.ringfence.journal.recovery;

import io.ringfence.journal.chain.Head;
import java.nio.file.Path;
import java.util.List;

/**
 * What a journal was found to be when it was opened.
 *
 * @param head             last proved record; what is appended next follows it.
 * @param journalId        name of the journal, 32 bytes; zeros if there is no record.
 * @param wasStoppedCleanly does the watermark vouch for exactly this end?
 * @param hadWatermark     did the watermark file promise anything? Not if it was missing or empty, as it is until the first sync or
 *                         clean stop of a journal: then nothing tells whether records are lost behind the end.
 * @param discardedRecords complete records behind the end that could still be told apart.
 * @param discardedBytes   bytes behind the end, the records' and others, up to the last that is not zero.
 * @param cause            why the journal ends where it does; null if nothing was discarded.
 * @param setAside         where the damaged files lie now.
 */
public record RecoveryReport(
        Head head,
        byte[] journalId,
        boolean wasStoppedCleanly,
        boolean hadWatermark,
        long discardedRecords,
        long discardedBytes,
        String cause,
        List<Path> setAside) {
    /** Does the journal hold no record yet? */
    public boolean isNew() {
        return head.sequence() == 0;
    }
}
