package io.ringfence.journal.recovery;

import io.ringfence.journal.chain.Head;
import java.nio.file.Path;
import java.util.List;

/**
 * State in which a journal was found when it was opened.
 *
 * @param head             last proved record; the next append follows it.
 * @param journalId        name of the journal, 32 bytes; zeros if there is no record.
 * @param wasStoppedCleanly does the watermark promise exactly this end?
 * @param hadWatermark     did the watermark file promise anything? Not if it was missing or empty, as it is until the first sync or
 *                         clean stop of a journal: then nothing tells whether records are lost behind the end.
 * @param discardedRecords number of complete records found behind the end.
 * @param discardedBytes   number of bytes behind the end, up to the last that is not zero.
 * @param cause            fault that ended the journal; null if nothing was discarded.
 * @param setAside         paths of the damaged files, in {@code damaged/}.
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
