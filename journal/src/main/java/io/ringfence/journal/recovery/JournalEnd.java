package io.ringfence.journal.recovery;

import io.ringfence.journal.chain.Head;
import io.ringfence.journal.durability.WatermarkFile.Watermark;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.journal.snapshot.SnapshotFiles;
import io.ringfence.journal.snapshot.SnapshotFiles.SnapshotFile;
import io.ringfence.journal.store.Disk;
import io.ringfence.journal.store.RecordSearch;
import io.ringfence.journal.store.RollFiles;
import io.ringfence.journal.store.RollFiles.RollBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Ends the roll files of a journal behind its last proved record.
 *
 * <p>What no promise covers is written anew, because a page that a failed sync left in memory reads as if it were on the disk: the
 * proved part of each such file is copied into a fresh file, forced, read back and proved again, and put in the place of the old one. No
 * file is cut in place while bytes stand behind its end: the old one is kept in {@code damaged/} then. After a crash at any point of
 * this, the next start can recover again.
 */
final class JournalEnd {
    private static final String DAMAGED = "damaged";
    private static final String COPY_SUFFIX = ".copying";
    private static final int PART_LENGTH = 256 * 1024;

    private final Path directory;
    private final List<Path> files;
    private final Disk disk;
    private final List<Path> setAside = new ArrayList<>();
    private long discardedRecords;
    private long discardedBytes;

    /**
     * @param directory of the journal.
     * @param files     its roll files, oldest first.
     * @param disk      forces what is written.
     */
    JournalEnd(Path directory, List<Path> files, Disk disk) {
        this.directory = directory;
        this.files = files;
        this.disk = disk;
    }

    /** Deletes what an earlier recovery could not finish. */
    void deleteUnfinishedCopies() throws IOException {
        try (DirectoryStream<Path> copies = Files.newDirectoryStream(directory, "*" + COPY_SUFFIX)) {
            for (Path copy : copies) {
                Files.delete(copy);
            }
        }
    }

    /**
     * A file that shows that the directory held records of a journal, though its roll files hold none; null if there is none.
     *
     * @param isRestarted has the machine restarted, so that whole roll files may have lost their bytes?
     */
    Path traceOfRecords(boolean isRestarted) throws IOException {
        if (isRestarted && !files.isEmpty()) {
            return files.get(0);
        }
        Optional<SnapshotFile> snapshot = new SnapshotFiles(directory).newestFile();
        if (snapshot.isPresent()) {
            return snapshot.get().path();
        }
        Path damaged = directory.resolve(DAMAGED);
        if (Files.isDirectory(damaged)) {
            try (DirectoryStream<Path> kept = Files.newDirectoryStream(damaged, "*.cq4*")) {
                for (Path file : kept) {
                    if (countRecords(file) > 0) {
                        return file;
                    }
                }
            }
        }
        return null;
    }

    /** Cuts the zeros behind the last record, of which the watermark vouches. */
    void trim(int lastIndex, long end) throws IOException {
        deleteBehind(lastIndex);
        if (lastIndex >= 0) {
            try (FileChannel channel = FileChannel.open(files.get(lastIndex), StandardOpenOption.WRITE)) {
                channel.truncate(end);
            }
        }
    }

    /**
     * Writes the proved part of files anew.
     *
     * @param firstIndex of the first file to write anew.
     * @param lastIndex  of the file that holds the last proved record; -1: there is none.
     * @param ends       positions behind the last proved record of each file.
     * @param head       last proved record.
     * @param isCut      do bytes stand behind the end that must be kept?
     */
    void writeAnew(int firstIndex, int lastIndex, long[] ends, Head head, boolean isCut) throws IOException {
        List<Path> copies = new ArrayList<>();
        for (int i = firstIndex; i <= lastIndex; i++) {
            Path copy = files.get(i).resolveSibling(files.get(i).getFileName() + COPY_SUFFIX);
            copy(files.get(i), copy, ends[i]);
            copies.add(copy);
        }
        requireProved(copies, head);
        if (isCut) {
            setAsideBehind(lastIndex);
        } else {
            deleteBehind(lastIndex);
        }
        for (int i = firstIndex; i <= lastIndex; i++) {
            if (isCut && i == lastIndex && count(files.get(i), ends[i]) > 0) {
                Files.createLink(damagedPath(files.get(i)), files.get(i));
                disk.forceDirectory(directory.resolve(DAMAGED));
            }
            Files.move(
                    copies.get(i - firstIndex),
                    files.get(i),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }
        disk.forceDirectory(directory);
    }

    /** Moves the files behind the proved part to {@code damaged/}, the newest first, so that a crash leaves no gap. */
    private void setAsideBehind(int lastIndex) throws IOException {
        for (int i = files.size() - 1; i > lastIndex; i--) {
            setAside(List.of(files.get(i)));
        }
    }

    /** Moves files as they are to {@code damaged/}. */
    void setAside(List<Path> whole) throws IOException {
        for (Path file : whole) {
            count(file, 0);
            Files.move(file, damagedPath(file), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private void deleteBehind(int lastIndex) throws IOException {
        for (int i = files.size() - 1; i > lastIndex; i--) {
            Files.delete(files.get(i));
        }
    }

    /** Copies through this process, because the system could let the copy share the blocks of the file. */
    private void copy(Path from, Path to, long length) throws IOException {
        try (FileChannel source = FileChannel.open(from, StandardOpenOption.READ);
                FileChannel target = FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer part = ByteBuffer.allocateDirect(PART_LENGTH);
            for (long position = 0; position < length; position += part.limit()) {
                part.clear().limit((int) Math.min(PART_LENGTH, length - position));
                while (part.hasRemaining()) {
                    if (source.read(part, position + part.position()) < 0) {
                        throw new IOException("cannot copy " + from + " beyond byte " + (position + part.position()));
                    }
                }
                part.flip();
                while (part.hasRemaining()) {
                    target.write(part, position + part.position());
                }
            }
            disk.force(target, to, true);
        }
    }

    /** The hash of the last record commits to all before it, so the copies hold what was proved if they end with it. */
    private void requireProved(List<Path> copies, Head head) {
        if (copies.isEmpty()) {
            return;
        }
        long from = RollFiles.firstSequence(copies.get(0).getFileName().toString());
        try (JournalReader reader =
                JournalReader.over(directory.toString(), RollFiles.bytes(copies), from, Watermark.none())) {
            while (reader.next()) {
                // Each record is proved.
            }
            if (reader.fault() != null || !head.equals(reader.head())) {
                throw new JournalException(
                        JournalException.Reason.DISK_FAILED,
                        "journal in " + directory + ": the copy of a roll file does not read as the file did: "
                                + (reader.fault() == null
                                        ? "it ends with " + reader.head()
                                        : reader.fault().text()));
            }
        }
    }

    /** Where a person puts a roll file that is to be missed no longer, or an empty file of its name. */
    static Path takenOut(Path file) {
        return file.resolveSibling(DAMAGED).resolve(file.getFileName());
    }

    /** Gives numbers to what persons have {@link #takenOut} of a journal. */
    static void numberTakenOut(Path directory) throws IOException {
        Path damaged = directory.resolve(DAMAGED);
        if (Files.isDirectory(damaged)) {
            for (Path file : RollFiles.named(damaged)) {
                Files.move(file, numbered(file), StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    /** Numbered from 1 on: a name without a number is a person's. */
    private Path damagedPath(Path file) throws IOException {
        Files.createDirectories(directory.resolve(DAMAGED));
        Path path = numbered(takenOut(file));
        setAside.add(path);
        return path;
    }

    private static Path numbered(Path file) {
        for (int i = 1; ; i++) {
            Path path = file.resolveSibling(file.getFileName() + "." + i);
            if (!Files.exists(path)) {
                return path;
            }
        }
    }

    /** Counts records and bytes that are discarded behind a position of a file; returns the number of bytes. */
    private long count(Path file, long position) throws IOException {
        try (RollBytes bytes = RollFiles.bytes(List.of(file)).get(0)) {
            long behind = bytesBehind(bytes, position);
            discardedBytes += behind;
            discardedRecords += countRecords(bytes, position);
            return behind;
        }
    }

    private static long countRecords(Path file) throws IOException {
        try (RollBytes bytes = RollFiles.bytes(List.of(file)).get(0)) {
            return countRecords(bytes, 0);
        }
    }

    private static long countRecords(RollBytes bytes, long from) throws IOException {
        RecordSearch search = new RecordSearch();
        long count = 0;
        for (long at = from; search.find(bytes, at, 0); at = search.end()) {
            count++;
        }
        return count;
    }

    private static long bytesBehind(RollBytes bytes, long position) throws IOException {
        byte[] window = new byte[PART_LENGTH];
        long end = position;
        long at = position;
        int count;
        while ((count = bytes.read(at, window, 0, window.length)) > 0) {
            for (int i = count - 1; i >= 0; i--) {
                if (window[i] != 0) {
                    end = at + i + 1;
                    break;
                }
            }
            at += count;
        }
        return end - position;
    }

    /** Number of complete records behind the end that were found. */
    long discardedRecords() {
        return discardedRecords;
    }

    /** Number of bytes behind the end, up to the last that is not zero. */
    long discardedBytes() {
        return discardedBytes;
    }

    /** Paths of the files that were kept, in {@code damaged/}. */
    List<Path> setAside() {
        return setAside;
    }
}
