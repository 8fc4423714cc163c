package io.ringfence.journal.read;

import io.ringfence.journal.chain.HashChain;
import io.ringfence.journal.chain.Head;
import io.ringfence.journal.durability.WatermarkFile.Watermark;
import io.ringfence.journal.fault.JournalException.Fault;
import io.ringfence.journal.record.RecordView;
import io.ringfence.journal.store.RollFileReader;
import io.ringfence.journal.store.RollFiles;
import io.ringfence.journal.store.RollFiles.RollBytes;
import io.ringfence.journal.store.RollHeader;
import io.ringfence.schemas.CommandKind;
import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * Walks the records of a journal in order, over all its roll files. It checks the shape of each, that sequences have no gap,
 * that the settings come first, and that the promised record is there; it computes no hash. Not thread safe.
 */
final class RecordScan implements Closeable {
    /** Detail of the fault of a record whose entry hash is wrong. */
    static final String OFF_CHAIN = "the entry hash does not match the record and the one before it";

    private final Iterator<? extends RollBytes> files;
    private final Watermark watermark;
    private final RollFileReader reader;
    private final RecordView record = new RecordView();
    private final HashChain genesis = new HashChain();
    private final byte[] previousHash = new byte[HashChain.HASH_LENGTH];
    private final byte[] entryHash = new byte[HashChain.HASH_LENGTH];
    private final byte[] journalId = new byte[HashChain.HASH_LENGTH];
    private final byte[] headerHash = new byte[HashChain.HASH_LENGTH];
    private RollBytes file;
    private boolean isHeaderChecked;
    private long policySequence;
    private int fileIndex = -1;
    private long sequence;
    private String tornPlace;
    private Fault fault;
    private boolean isFinished;

    /**
     * @param files     oldest first; each is closed when the next one is begun.
     * @param watermark that the journal must reach.
     * @param reader    walks each file.
     */
    RecordScan(List<? extends RollBytes> files, Watermark watermark, RollFileReader reader) {
        this.files = files.iterator();
        this.watermark = watermark;
        this.reader = reader;
    }

    /** Moves to the next record; false at the end and at the first {@link #fault()}. */
    boolean next() throws IOException {
        if (isFinished || (file == null && !openNext())) {
            return finish();
        }
        while (true) {
            RollFileReader.Step step = reader.next();
            if (reader.hasHeader() && !isHeaderChecked && !acceptHeader()) {
                return false;
            }
            if (step == RollFileReader.Step.RECORD) {
                return accept();
            }
            if (step == RollFileReader.Step.FAULT) {
                return fail(sequence + 1, place(), reader.detail());
            }
            if (step == RollFileReader.Step.TORN_END && tornPlace == null) {
                tornPlace = place(); // A fault if a record follows in a later file.
            }
            if (!openNext()) {
                return finish();
            }
        }
    }

    /** The record that {@link #next} moved to; valid until the next call. */
    RecordView record() {
        return record;
    }

    /** Entry hash of the record before, 32 bytes; before the first record, the hash that genesis gives. */
    byte[] previousHash() {
        return previousHash;
    }

    /** Sequence and entry hash of the last record. */
    Head head() {
        return new Head(sequence, entryHash.clone());
    }

    /** Sequence of the last record. */
    long sequence() {
        return sequence;
    }

    /** Sequence of the last PolicyActivate up to the last record; 0: none. */
    long policySequence() {
        return policySequence;
    }

    /** Name of the journal; zeros before the first record. */
    byte[] journalId() {
        return journalId.clone();
    }

    /** First fault; null if there was none. */
    Fault fault() {
        return fault;
    }

    /** Place of the bytes of an unfinished record behind the last one; null if there are none. */
    String tornPlace() {
        return tornPlace;
    }

    /** Index of the file that holds the last record; -1 before the first. */
    int fileIndex() {
        return fileIndex;
    }

    /** File and byte of the last record, for messages. */
    String place() {
        return file.name() + " at byte " + reader.recordPosition();
    }

    /** Position behind the last record in its file, in bytes. */
    long position() {
        return reader.position();
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }

    /** Compares the file's header with its name and with the records before it. The first record proves the first hash. */
    private boolean acceptHeader() {
        long expected = sequence + 1;
        RollHeader header = reader.header();
        isHeaderChecked = true;
        header.copyPreviousHash(headerHash, 0);
        if (header.firstSequence() != expected || RollFiles.firstSequence(file.name()) != expected) {
            return fail(
                    expected,
                    file.name(),
                    "the file's name says sequence " + RollFiles.firstSequence(file.name()) + ", its header "
                            + header.firstSequence() + "; sequence " + expected + " belongs here");
        }
        if (expected > 1 && !Arrays.equals(headerHash, entryHash)) {
            return fail(expected, file.name(), "the file's header has another hash than the record before it");
        }
        if (header.policySequence() != policySequence) {
            return fail(
                    expected,
                    file.name(),
                    "the file's header says that the last policy was activated at sequence " + header.policySequence()
                            + "; it was at " + policySequence);
        }
        return true;
    }

    private boolean openNext() throws IOException {
        if (!files.hasNext()) {
            return false;
        }
        close();
        file = files.next();
        fileIndex++;
        isHeaderChecked = false;
        reader.reset(file);
        return true;
    }

    private boolean accept() {
        long expected = sequence + 1;
        if (tornPlace != null) {
            return fail(expected, tornPlace, "a record is torn here, yet records follow at " + place());
        }
        String shape = record.wrap(reader.array(), reader.offset(), reader.length());
        if (shape != null) {
            return fail(expected, place(), shape);
        }
        if (record.sequence() != expected) {
            return fail(expected, place(), "sequence " + record.sequence() + " stands here");
        }
        if (record.isAuthenticated()) {
            return fail(expected, place(), "key id and mac in a journal without a key");
        }
        if (expected == 1) {
            if (!record.isSettings()) {
                return fail(1, place(), "the first record must hold the settings");
            }
            genesis.begin(record.array(), record.arrayOffset() + record.commandOffset(), record.commandLength());
            genesis.copyPrevious(previousHash, 0);
            if (!Arrays.equals(headerHash, previousHash)) {
                return fail(1, file.name(), "the file's header has another hash than the settings give");
            }
            record.copyJournalId(journalId, 0);
            if (watermark.isPresent() && !Arrays.equals(journalId, watermark.journalId())) {
                return fail(1, place(), "the watermark is another journal's");
            }
        } else {
            System.arraycopy(entryHash, 0, previousHash, 0, HashChain.HASH_LENGTH);
        }
        if (expected == watermark.head().sequence() && !isPromised()) {
            return fail(expected, place(), "the watermark promises another entry hash");
        }
        record.copyEntryHash(entryHash, 0);
        if (record.kindCode() == CommandKind.POLICY_ACTIVATE.value()) {
            policySequence = expected;
        }
        sequence = expected;
        return true;
    }

    private boolean isPromised() {
        int offset = record.arrayOffset() + record.entryHashOffset();
        int end = offset + HashChain.HASH_LENGTH;
        return Arrays.equals(record.array(), offset, end, watermark.head().entryHash(), 0, HashChain.HASH_LENGTH);
    }

    private boolean finish() {
        if (!isFinished && sequence < watermark.head().sequence()) {
            String place = file == null ? "no roll file" : place();
            return fail(
                    sequence + 1,
                    tornPlace == null ? place : tornPlace,
                    "the journal ends here, yet the watermark promises sequence "
                            + watermark.head().sequence());
        }
        isFinished = true;
        return false;
    }

    private boolean fail(long firstBad, String place, String detail) {
        fault = new Fault(firstBad, place, detail);
        isFinished = true;
        return false;
    }
}
