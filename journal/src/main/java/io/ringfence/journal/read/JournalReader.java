package io.ringfence.journal.read;

import io.ringfence.journal.chain.HashChain;
import io.ringfence.journal.chain.Head;
import io.ringfence.journal.durability.WatermarkFile;
import io.ringfence.journal.durability.WatermarkFile.Watermark;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.fault.JournalException.Fault;
import io.ringfence.journal.record.RecordView;
import io.ringfence.journal.store.RollFileReader;
import io.ringfence.journal.store.RollFiles;
import io.ringfence.journal.store.RollFiles.RollBytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads the records of a journal in order and proves each: its entry hash matches its bytes and the record before it.
 *
 * <p>Another process may write the journal meanwhile; a record that is not complete yet does not show. Reading ends at the last
 * record or at the first {@link #fault()}. Not thread safe.
 */
public final class JournalReader implements AutoCloseable {
    private final String place;
    private final Watermark watermark;
    private final RecordScan scan;
    private final HashChain chain = new HashChain();
    private final byte[] provedHash = new byte[HashChain.HASH_LENGTH];
    private long provedSequence;
    private long provedPolicySequence;
    private Fault fault;
    private int provedFileIndex = -1;
    private long provedPosition;

    private JournalReader(String place, Watermark watermark, RecordScan scan) {
        this.place = place;
        this.watermark = watermark;
        this.scan = scan;
    }

    /**
     * Opens the journal of a directory.
     *
     * @throws JournalException {@code MISSING} if there is none; {@code DAMAGED} if its watermark file cannot be read.
     */
    public static JournalReader open(Path directory) {
        try {
            Watermark watermark = WatermarkFile.read(directory); // First: a file that begins after it is no loss.
            List<Path> files = RollFiles.list(directory);
            if (watermark == null) {
                throw new JournalException(
                        JournalException.Reason.DAMAGED,
                        directory.resolve(WatermarkFile.NAME) + ": no promise in it can be read");
            }
            if (files.isEmpty() && !WatermarkFile.exists(directory)) {
                throw new JournalException(JournalException.Reason.MISSING, "no journal in " + directory);
            }
            return over(directory.toString(), RollFiles.bytes(files), watermark);
        } catch (IOException e) {
            throw new JournalException(
                    JournalException.Reason.DISK_FAILED, "cannot read " + directory + ": " + e.getMessage(), e);
        }
    }

    /**
     * Opens a journal that is given as roll files.
     *
     * @param place     name of the journal in messages.
     * @param files     oldest first.
     * @param watermark that they must reach.
     */
    public static JournalReader over(String place, List<? extends RollBytes> files, Watermark watermark) {
        return over(place, files, watermark, new RollFileReader());
    }

    /**
     * Opens a journal that is given as roll files, with a reader that was used before.
     *
     * @param place     name of the journal in messages.
     * @param files     oldest first.
     * @param watermark that they must reach.
     * @param reader    walks each file; it must not be used elsewhere meanwhile.
     */
    public static JournalReader over(
            String place, List<? extends RollBytes> files, Watermark watermark, RollFileReader reader) {
        return new JournalReader(place, watermark, new RecordScan(files, watermark, reader));
    }

    /** Moves to the next proved record; false at the end and at the first fault. */
    public boolean next() {
        if (fault != null) {
            return false;
        }
        try {
            if (!scan.next()) {
                fault = scan.fault();
                return false;
            }
        } catch (IOException e) {
            throw new JournalException(
                    JournalException.Reason.DISK_FAILED, "cannot read " + place + ": " + e.getMessage(), e);
        }
        RecordView record = scan.record();
        chain.resume(scan.previousHash(), 0);
        int offset = record.arrayOffset();
        if (!chain.proves(record.array(), offset, record.lengthBeforeSeal(), offset + record.entryHashOffset())) {
            fault = new Fault(scan.sequence(), scan.place(), RecordScan.OFF_CHAIN);
            return false;
        }
        provedSequence = scan.sequence();
        provedPolicySequence = scan.policySequence();
        record.copyEntryHash(provedHash, 0);
        provedFileIndex = scan.fileIndex();
        provedPosition = scan.position();
        return true;
    }

    /** Hands every record that is left to a visitor, as {@link #record()} until it returns. */
    public void forEach(Consumer<RecordView> visitor) {
        while (next()) {
            visitor.accept(record());
        }
    }

    /** The record that {@link #next} moved to; valid until the next call. */
    public RecordView record() {
        return scan.record();
    }

    /** Last proved record. */
    public Head head() {
        return new Head(provedSequence, provedHash.clone());
    }

    /** First fault; null if there was none. */
    public Fault fault() {
        return fault;
    }

    /** After the end: does the watermark promise exactly this end? */
    public boolean isAnchored() {
        return fault == null
                && watermark.isPresent()
                && provedSequence == watermark.head().sequence();
    }

    /** After the end: are there bytes of an unfinished record behind it? */
    public boolean isTorn() {
        return fault == null && scan.tornPlace() != null;
    }

    /** Name of the journal, 32 bytes; zeros before the first record. */
    public byte[] journalId() {
        return scan.journalId();
    }

    /** Sequence of the last PolicyActivate proved, applied or refused; 0: none. */
    public long policySequence() {
        return provedPolicySequence;
    }

    /** Index of the file that holds the last proved record; -1 before the first. */
    public int provedFileIndex() {
        return provedFileIndex;
    }

    /** Position behind the last proved record in its file, in bytes. */
    public long provedPosition() {
        return provedPosition;
    }

    @Override
    public void close() {
        try {
            scan.close();
        } catch (IOException e) {
            throw new JournalException(
                    JournalException.Reason.DISK_FAILED, "cannot close " + place + ": " + e.getMessage(), e);
        }
    }
}
