package io.ringfence.journal.read;

import io.ringfence.journal.chain.HashChain;
import io.ringfence.journal.chain.Head;
import io.ringfence.journal.durability.Watermark;
import io.ringfence.journal.durability.WatermarkFile;
import io.ringfence.journal.fault.Fault;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.record.RecordView;
import io.ringfence.journal.store.RollFileReader;
import io.ringfence.journal.store.RollFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Hands out the proved records of a journal in order: each is on the chain, and so is every record before it.
 *
 * <p>Only reads, and may read while another process writes: what is not complete yet is not there yet. Reading ends at the
 * end or at the first {@link #fault()}. Not thread safe.
 */
public final class JournalReader implements AutoCloseable {
    private final String place;
    private final Watermark watermark;
    private final RecordScan scan;
    private final HashChain chain = new HashChain();
    private final byte[] provedHash = new byte[HashChain.HASH_LENGTH];
    private long provedSequence;
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
            List<Path> files = RollFiles.list(directory);
            Watermark watermark = WatermarkFile.read(directory);
            if (watermark == null) {
                throw new JournalException(
                        JournalException.Reason.DAMAGED,
                        directory.resolve(WatermarkFile.NAME) + ": no promise in it can be read");
            }
            if (files.isEmpty() && !watermark.isPresent()) {
                throw new JournalException(JournalException.Reason.MISSING, "no journal in " + directory);
            }
            return over(directory.toString(), RollSource.of(files), watermark);
        } catch (IOException e) {
            throw new JournalException(
                    JournalException.Reason.DISK_FAILED, "cannot read " + directory + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads roll files from anywhere.
     *
     * @param place     names them in messages.
     * @param source    of the files, oldest first.
     * @param watermark what they must hold.
     */
    public static JournalReader over(String place, RollSource source, Watermark watermark) {
        return over(place, source, watermark, new RollFileReader());
    }

    /**
     * Reads roll files from anywhere, with a reader that was used before.
     *
     * @param place     names them in messages.
     * @param source    of the files, oldest first.
     * @param watermark what they must hold.
     * @param reader    walks each file; nobody else may use it meanwhile.
     */
    public static JournalReader over(String place, RollSource source, Watermark watermark, RollFileReader reader) {
        return new JournalReader(place, watermark, new RecordScan(source, watermark, reader));
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
        record.copyEntryHash(provedHash, 0);
        provedFileIndex = scan.fileIndex();
        provedPosition = scan.position();
        return true;
    }

    /** Hands every record that is left to a visitor. */
    public void forEach(RecordVisitor visitor) {
        while (next()) {
            visitor.onRecord(record());
        }
    }

    /** The record that {@link #next} moved to; good until the next call. */
    public RecordView record() {
        return scan.record();
    }

    /** Last proved record. */
    public Head head() {
        return new Head(provedSequence, provedHash.clone());
    }

    /** What ended the reading, or null. */
    public Fault fault() {
        return fault;
    }

    /** After the end: does the watermark promise exactly this end? */
    public boolean isAnchored() {
        return fault == null
                && watermark.isPresent()
                && provedSequence == watermark.head().sequence();
    }

    /** After the end: do bytes of an unfinished record stand behind it? */
    public boolean isTorn() {
        return fault == null && scan.tornPlace() != null;
    }

    /** Name of the journal, 32 bytes; zeros before the first record. */
    public byte[] journalId() {
        return scan.journalId();
    }

    /** Which file the last proved record stands in, from 0; -1 before the first. */
    public int provedFileIndex() {
        return provedFileIndex;
    }

    /** Position in its file behind the last proved record. */
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
