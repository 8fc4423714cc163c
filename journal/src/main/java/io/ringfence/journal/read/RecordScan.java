package io.ringfence.journal.read;

import io.ringfence.journal.chain.HashChain;
import io.ringfence.journal.chain.Head;
import io.ringfence.journal.durability.Watermark;
import io.ringfence.journal.fault.Fault;
import io.ringfence.journal.record.RecordView;
import io.ringfence.journal.store.RollBytes;
import io.ringfence.journal.store.RollFileReader;
import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;

/**
 * Walks a journal's records in order, over all its roll files, and checks everything but the hashes themselves: shape,
 * sequence without a gap, settings first, and that what the watermark promises is there. Not thread safe.
 */
final class RecordScan implements Closeable {
    /** What is said of a record whose hash is not the one that it must have. */
    static final String OFF_CHAIN = "the entry hash does not match the record and the one before it";

    private final RollSource source;
    private final Watermark watermark;
    private final RollFileReader reader;
    private final RecordView record = new RecordView();
    private final HashChain genesis = new HashChain();
    private final byte[] previousHash = new byte[HashChain.HASH_LENGTH];
    private final byte[] entryHash = new byte[HashChain.HASH_LENGTH];
    private final byte[] journalId = new byte[HashChain.HASH_LENGTH];
    private RollBytes file;
    private int fileIndex = -1;
    private long sequence;
    private String tornPlace;
    private Fault fault;
    private boolean isFinished;

    /**
     * @param source    of the roll files.
     * @param watermark what the journal must hold.
     * @param reader    to walk each file with.
     */
    RecordScan(RollSource source, Watermark watermark, RollFileReader reader) {
        this.source = source;
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
            if (step == RollFileReader.Step.RECORD) {
                return accept();
            }
            if (step == RollFileReader.Step.FAULT) {
                return fail(sequence + 1, place(), reader.detail());
            }
            if (step == RollFileReader.Step.TORN_END && tornPlace == null) {
                tornPlace = place(); // Must be the end of all, which a record in a later file disproves.
            }
            if (!openNext()) {
                return finish();
            }
        }
    }

    /** The record; good until the next step. */
    RecordView record() {
        return record;
    }

    /** What the record's entry hash must be chained to. */
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

    /** Name of the journal; zeros before the first record. */
    byte[] journalId() {
        return journalId.clone();
    }

    /** What ended the scan, or null. */
    Fault fault() {
        return fault;
    }

    /** Where the bytes of an unfinished record stand behind the last one, or null. */
    String tornPlace() {
        return tornPlace;
    }

    /** Which file the last record stands in, from 0; -1 before the first. */
    int fileIndex() {
        return fileIndex;
    }

    /** File and byte of the last record, as messages name it. */
    String place() {
        return file.name() + " at byte " + reader.recordPosition();
    }

    /** Position in its file behind the last record. */
    long position() {
        return reader.position();
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }

    private boolean openNext() throws IOException {
        RollBytes next = source.next();
        if (next == null) {
            return false;
        }
        close();
        file = next;
        fileIndex++;
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
