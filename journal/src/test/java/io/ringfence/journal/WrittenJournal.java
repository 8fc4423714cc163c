package io.ringfence.journal;

import io.ringfence.journal.durability.WatermarkFile;
import io.ringfence.journal.durability.WatermarkFile.Watermark;
import io.ringfence.journal.fault.JournalException.Fault;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.journal.store.RollFileReader;
import io.ringfence.journal.store.RollFiles;
import io.ringfence.schemas.Durability;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.RollHeaderEncoder;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;

/** A journal that was written by the real writer, and where each of its records lies. */
final class WrittenJournal {
    /** Where a record lies: its length word is at {@code position}, and {@code end} is behind its padding. */
    record Place(long sequence, int fileIndex, int position, int length, int end) {}

    final List<MemoryRoll> files = new ArrayList<>();
    final List<Place> places = new ArrayList<>();
    final List<Place> headers = new ArrayList<>();
    final Watermark watermark;
    private final RollFileReader reader = new RollFileReader(160 * 1024);

    private WrittenJournal(Path directory) throws IOException {
        this.watermark = WatermarkFile.read(directory);
        for (Path file : RollFiles.list(directory)) {
            files.add(new MemoryRoll(file.getFileName().toString(), Files.readAllBytes(file)));
        }
        long sequence = 0;
        for (int i = 0; i < files.size(); i++) {
            headers.add(header(i, sequence + 1));
            reader.reset(files.get(i));
            while (reader.next() == RollFileReader.Step.RECORD) {
                int position = (int) reader.recordPosition();
                places.add(new Place(++sequence, i, position, reader.length(), (int) reader.position()));
            }
        }
    }

    /** Writes so many records to each of so many roll files. */
    static WrittenJournal write(Path directory, byte journalName, int fileCount, int recordsPerFile)
            throws IOException {
        return write(directory, journalName, journalName, fileCount, recordsPerFile);
    }

    /** The same, with records of another seed than the name of the journal. */
    static WrittenJournal write(Path directory, byte journalName, long seed, int fileCount, int recordsPerFile)
            throws IOException {
        RecordFactory factory = new RecordFactory(seed);
        JournalDirectory.Options options =
                JournalDirectory.Options.of(Durability.MEMORY).withSegmentLength(256 * 1024);
        try (JournalDirectory journal = JournalDirectory.open(directory, options)) {
            for (long sequence = 1; sequence <= (long) fileCount * recordsPerFile; sequence++) {
                if (sequence > 1 && (sequence - 1) % recordsPerFile == 0) {
                    journal.writer().roll();
                }
                RecordFactory record = sequence == 1 ? factory.settings(journalName) : factory.record(sequence);
                record.appendTo(journal.writer());
            }
        }
        return new WrittenJournal(directory);
    }

    /** Where the header of a file lies: the document directly before the first record. */
    private Place header(int fileIndex, long firstSequence) throws IOException {
        reader.reset(files.get(fileIndex));
        reader.next();
        int length = MessageHeaderEncoder.ENCODED_LENGTH + RollHeaderEncoder.BLOCK_LENGTH;
        int end = (int) reader.recordPosition();
        int padding = -(length + 4) & 3;
        return new Place(firstSequence, fileIndex, end - padding - length - 4, length, end);
    }

    /** Makes the checksum of a changed header right. */
    static void putChecksum(byte[] bytes, Place header) {
        int offset = header.position() + 4;
        int checksumOffset = MessageHeaderEncoder.ENCODED_LENGTH + RollHeaderEncoder.checksumEncodingOffset();
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, offset, checksumOffset);
        new UnsafeBuffer(bytes).putLong(offset + checksumOffset, checksum.getValue(), ByteOrder.LITTLE_ENDIAN);
    }

    /** What reading finds wrong with these files; null if nothing. */
    Fault faultOf(List<MemoryRoll> files, Watermark watermark) {
        try (JournalReader journal = JournalReader.over("memory", files, 1, watermark, reader)) {
            while (journal.next()) {
                // Only the end is of interest.
            }
            return journal.fault();
        }
    }

    /** How many records reading proves in these files. */
    long provedIn(List<MemoryRoll> files, Watermark watermark) {
        try (JournalReader journal = JournalReader.over("memory", files, 1, watermark, reader)) {
            while (journal.next()) {
                // Only the end is of interest.
            }
            return journal.head().sequence();
        }
    }

    /** The files with one of them replaced. */
    List<MemoryRoll> with(int fileIndex, byte[] bytes) {
        List<MemoryRoll> changed = new ArrayList<>(files);
        changed.set(fileIndex, new MemoryRoll(files.get(fileIndex).name(), bytes));
        return changed;
    }
}
