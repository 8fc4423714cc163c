package io.ringfence.journal.read;

import io.ringfence.journal.chain.HashChain;
import io.ringfence.journal.durability.WatermarkFile.Watermark;
import io.ringfence.journal.fault.JournalException.Fault;
import io.ringfence.journal.record.RecordRules;
import io.ringfence.journal.record.RecordView;
import io.ringfence.journal.store.RollFileReader;
import io.ringfence.journal.store.RollFiles;
import io.ringfence.journal.store.RollFiles.RollBytes;
import io.ringfence.journal.store.RollHeader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * Walks the records of a journal in order, from any roll file on. It checks the shape of each and its {@link RecordRules}, that sequences have no gap, that
 * the settings come first, that each file's header belongs there, and that the promised record is there; it computes no hash.
 *
 * <p>A walk that follows ends at no file: it goes on when a writer has appended, and finds the next file by its name, which is
 * the next sequence. It looks at nothing behind a length word of zero, so it never sees a record that is not complete. Not
 * thread safe.
 */
final class RecordWalk implements Closeable {
    /** Detail of the fault of a record whose entry hash is wrong. */
    static final String OFF_CHAIN = "the entry hash does not match the record and the one before it";

    private final Iterator<? extends RollBytes> files;
    private final Path followed;
    private final Watermark watermark;
    private final RollFileReader reader;
    private final RecordView record = new RecordView();
    private final RecordRules rules = new RecordRules();
    private final HashChain genesis = new HashChain();
    private final byte[] previousHash = new byte[HashChain.HASH_LENGTH];
    private final byte[] entryHash = new byte[HashChain.HASH_LENGTH];
    private final byte[] journalId = new byte[HashChain.HASH_LENGTH];
    private final byte[] headerHash = new byte[HashChain.HASH_LENGTH];
    private RollBytes file;
    private boolean isHeaderChecked;
    private boolean isEntered;
    private long policySequence;
    private long policySequenceBefore;
    private int fileIndex;
    private long sequence;
    private String tornPlace;
    private Fault fault;
    private boolean isFinished;

    /**
     * Walks over given files.
     *
     * @param files     oldest first; each is closed when the next one is begun.
     * @param from      sequence whose file the walk begins with; 1: the first file, which must begin with the first record.
     * @param watermark that the journal must reach.
     * @param reader    walks each file.
     */
    RecordWalk(List<? extends RollBytes> files, long from, Watermark watermark, RollFileReader reader) {
        this(files, from, watermark, reader, null);
    }

    /** Follows the journal of a directory, from the file on that holds or will hold a sequence. */
    static RecordWalk follow(Path directory, long from, RollFileReader reader) throws IOException {
        List<RollBytes> files = RollFiles.bytes(RollFiles.list(directory));
        int first = Math.max(0, indexOf(files, from));
        List<RollBytes> begun = files.subList(first, Math.min(first + 1, files.size()));
        return new RecordWalk(begun, from, Watermark.none(), reader, directory);
    }

    private RecordWalk(
            List<? extends RollBytes> files, long from, Watermark watermark, RollFileReader reader, Path followed) {
        if (from < 1) {
            throw new IllegalArgumentException("from must be 1 or above: from=" + from);
        }
        int first = Math.max(0, indexOf(files, from));
        this.files = files.listIterator(first);
        this.fileIndex = first - 1;
        this.watermark = watermark;
        this.reader = reader;
        this.followed = followed;
        this.isEntered = from == 1 || files.isEmpty();
        if (files.isEmpty()) {
            return;
        }
        long begins = RollFiles.firstSequence(files.get(first).name());
        if (begins > from) {
            fail(from, files.get(first).name(), "the first roll file begins with sequence " + begins);
        } else if (!isEntered) {
            sequence = Math.max(1, begins) - 1;
        }
    }

    /** Index of the file that holds a sequence if any does; -1 if all begin behind it. */
    private static int indexOf(List<? extends RollBytes> files, long sequence) {
        int index = files.size() - 1;
        while (index >= 0 && RollFiles.firstSequence(files.get(index).name()) > sequence) {
            index--;
        }
        return index;
    }

    /** Moves to the next record; false at the end and at the first {@link #fault()}. One that follows may be asked again. */
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

    /** Entry hash of the last record, 32 bytes; before the first, the hash in the header of the first file. */
    byte[] entryHash() {
        return entryHash;
    }

    /** Sequence of the last record. */
    long sequence() {
        return sequence;
    }

    /** Sequence of the last PolicyActivate or PolicyChange up to the last record; 0: none. */
    long policySequence() {
        return policySequence;
    }

    /** Sequence of the last PolicyActivate or PolicyChange before the last record; 0: none. */
    long policySequenceBefore() {
        return policySequenceBefore;
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
        return file == null ? "no roll file" : place(file.name(), reader.recordPosition());
    }

    /** File and byte of a record, for messages. */
    static String place(String fileName, long recordPosition) {
        return fileName + " at byte " + recordPosition;
    }

    /** Name of the file that holds the last record; only after {@link #next} returned true. */
    String fileName() {
        return file.name();
    }

    /** Position of the last record in its file, in bytes. */
    long recordPosition() {
        return reader.recordPosition();
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
        if (!isEntered) { // Nothing was read before, so the header is believed until the first record proves it.
            isEntered = true;
            header.copyPreviousHash(entryHash, 0);
            policySequence = header.policySequence();
        }
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
        RollBytes next = nextFile();
        if (next == null) {
            return false;
        }
        close();
        file = next;
        fileIndex++;
        isHeaderChecked = false;
        reader.reset(file, followed != null);
        return true;
    }

    private RollBytes nextFile() {
        if (files.hasNext()) {
            return files.next();
        }
        if (followed == null || (file != null && RollFiles.firstSequence(file.name()) == sequence + 1)) {
            return null; // The file at hand has no record yet.
        }
        Path next = RollFiles.path(followed, sequence + 1);
        return Files.exists(next) ? RollFiles.bytes(List.of(next)).get(0) : null;
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
        String broken = rules.fault(record);
        if (broken != null) {
            return fail(expected, place(), broken);
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
        policySequenceBefore = policySequence;
        if (record.isPolicyActivation()) {
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
        if (followed != null) {
            return false;
        }
        if (!isFinished && sequence < watermark.head().sequence()) {
            return fail(
                    sequence + 1,
                    tornPlace == null ? place() : tornPlace,
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
