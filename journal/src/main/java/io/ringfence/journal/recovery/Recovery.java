package io.ringfence.journal.recovery;

import io.ringfence.journal.chain.HashChain;
import io.ringfence.journal.chain.Head;
import io.ringfence.journal.durability.WatermarkFile;
import io.ringfence.journal.durability.WatermarkFile.Watermark;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.fault.JournalException.Fault;
import io.ringfence.journal.read.JournalProver;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.journal.store.RollFileReader;
import io.ringfence.journal.store.RollFiles;
import io.ringfence.journal.store.RollFiles.RollBytes;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the last proved record of a journal, also after a crash, and discards what lies behind it.
 *
 * <p>Reads once, and hands each proved record to a {@link Rebuild}. It begins with the roll file that holds the record which the
 * rebuild begins after, or with the one that holds the watermark's record if that comes first; without such a record, with the first
 * file. So each record that nothing vouches for is proved, and what is before is left to {@link OlderRecords}.
 *
 * <p>A fault at or below the watermark is an error. Above it, the first record that is missing, torn or off
 * the chain ends the journal; every byte behind it is discarded, also intact records. No damaged file is cut in place: its proved
 * part is copied into a fresh file, forced and renamed to the old name, and the damaged file is kept in {@code damaged/}. After a
 * crash at any point of this, the next start can recover again. The caller holds the lock.
 */
public final class Recovery {
    /**
     * State in which a journal was found when it was opened.
     *
     * @param head             last proved record; the next append follows it.
     * @param journalId        name of the journal, 32 bytes; zeros if there is no record.
     * @param policySequence last PolicyActivate of the journal, applied or refused; 0: none.
     * @param wasStoppedCleanly does the watermark promise exactly this end?
     * @param hadWatermark     did the watermark file promise anything? Not if it was missing or empty, as it is until the first sync or
     *                         clean stop of a journal: then nothing tells whether records are lost behind the end.
     * @param discardedRecords number of complete records found behind the end.
     * @param discardedBytes   number of bytes behind the end, up to the last that is not zero.
     * @param cause            fault that ended the journal; null if nothing was discarded.
     * @param setAside         paths of the damaged files, in {@code damaged/}.
     * @param work             what was read, and how long that took.
     */
    public record Report(
            Head head,
            byte[] journalId,
            long policySequence,
            boolean wasStoppedCleanly,
            boolean hadWatermark,
            long discardedRecords,
            long discardedBytes,
            String cause,
            List<Path> setAside,
            Work work) {
        /** Does the journal hold no record yet? */
        public boolean isNew() {
            return head.sequence() == 0;
        }
    }

    /**
     * Work of an opening. Records are proved by other threads while the caller applies them.
     *
     * @param firstSequence first record that was proved; those before it are not. 1 if there is none.
     * @param records       number of proved records.
     * @param provedNs      duration of the reading, in ns: of proving and applying at once.
     * @param appliedNs     part of it in which the caller worked on records, in ns; in the rest it waited for them to be proved.
     */
    public record Work(long firstSequence, long records, long provedNs, long appliedNs) {}

    private static final String DAMAGED = "damaged";
    private static final String COPY_SUFFIX = ".copying";
    private static final int SCAN_LENGTH = 256 * 1024;

    private final Path directory;
    private final List<Path> files;
    private final Watermark watermark;
    private final Rebuild rebuild;
    private final List<Path> setAside = new ArrayList<>();
    private long discardedRecords;
    private long discardedBytes;

    private Recovery(Path directory, List<Path> files, Watermark watermark, Rebuild rebuild) {
        this.directory = directory;
        this.files = files;
        this.watermark = watermark;
        this.rebuild = rebuild;
    }

    /**
     * Recovers the journal of a directory. A directory without a journal is an empty journal.
     *
     * @param watermark of the journal, as {@link WatermarkFile#read} gives it.
     * @param rebuild   takes the records as they are proved.
     * @throws JournalException {@code DAMAGED} if a record that the watermark promises is missing or wrong, or the watermark file
     *                          cannot be read.
     */
    public static Report recover(Path directory, Watermark watermark, Rebuild rebuild) throws IOException {
        if (watermark == null) {
            throw new JournalException(
                    JournalException.Reason.DAMAGED,
                    directory.resolve(WatermarkFile.NAME) + ": no promise in it can be read");
        }
        return new Recovery(directory, RollFiles.list(directory), watermark, rebuild).run();
    }

    private Report run() throws IOException {
        deleteUnfinishedCopies();
        Report report = null;
        for (long maxSequence = Long.MAX_VALUE; report == null; ) {
            long begunSequence = rebuild.begin(maxSequence);
            long beginNs = System.nanoTime();
            long from = Math.max(1, Math.min(begunSequence, watermark.head().sequence()));
            byte[] journalId = from == 1 ? null : journalId();
            try (JournalProver prover = JournalProver.beside(reader(from))) {
                if (isRebuilt(prover, begunSequence)) {
                    Work work = work(prover, from, System.nanoTime() - beginNs);
                    report = end(prover, journalId == null ? prover.journalId() : journalId, work);
                }
                maxSequence = Math.min(prover.head().sequence(), begunSequence - 1);
            }
        }
        return report;
    }

    private JournalReader reader(long from) {
        return JournalReader.over(directory.toString(), RollFiles.bytes(files), from, watermark);
    }

    /** The name of the journal, from its first record; that it is the watermark's is checked there. */
    private byte[] journalId() {
        try (JournalReader beginning = reader(1)) {
            if (!beginning.next()) {
                throw damaged(beginning.fault());
            }
            byte[] journalId = new byte[HashChain.HASH_LENGTH];
            beginning.record().copyJournalId(journalId, 0);
            return journalId;
        }
    }

    /** Hands out the proved records; false when the state that was begun with is none of this journal. */
    private boolean isRebuilt(JournalProver prover, long begunSequence) {
        while (prover.next()) {
            if (prover.record().sequence() >= begunSequence && !rebuild.accept(prover.record())) {
                if (begunSequence == 0) {
                    throw new IllegalStateException("the state before the first record is always the journal's");
                }
                return false;
            }
        }
        if (prover.fault() != null
                && prover.fault().sequence() <= watermark.head().sequence()) {
            throw damaged(prover.fault());
        }
        return prover.head().sequence() >= begunSequence;
    }

    private JournalException damaged(Fault fault) {
        return new JournalException(
                JournalException.Reason.DAMAGED, "journal in " + directory + " is damaged at " + fault.text());
    }

    private Work work(JournalProver prover, long from, long durationNs) {
        long first = JournalReader.firstOfFile(directory, from);
        return new Work(first, prover.head().sequence() + 1 - first, durationNs, durationNs - prover.waitedNs());
    }

    /** Ends the journal behind the last proved record. */
    private Report end(JournalProver prover, byte[] journalId, Work work) throws IOException {
        Head head = prover.head();
        Fault fault = prover.fault();
        boolean isCut = fault != null || prover.isTorn();
        int lastIndex = prover.fileIndex();
        if (isCut) {
            cutBehind(lastIndex, prover.position());
        } else {
            trimBehind(lastIndex, prover.position());
        }
        boolean isAnchored = fault == null
                && watermark.isPresent()
                && head.sequence() == watermark.head().sequence();
        if (!isAnchored) {
            forceAll();
        }
        String cause = fault != null ? fault.text() : isCut ? "the last record was never finished" : null;
        return new Report(
                head,
                journalId,
                prover.policySequence(),
                isAnchored,
                watermark.isPresent(),
                discardedRecords,
                discardedBytes,
                cause,
                setAside,
                work);
    }

    private void deleteUnfinishedCopies() throws IOException {
        try (DirectoryStream<Path> copies = Files.newDirectoryStream(directory, "*" + COPY_SUFFIX)) {
            for (Path copy : copies) {
                Files.delete(copy);
            }
        }
    }

    /** Moves what lies behind the proved part to {@code damaged/}, the newest file first, so that a crash leaves no gap. */
    private void cutBehind(int lastIndex, long position) throws IOException {
        for (int i = files.size() - 1; i > lastIndex; i--) {
            count(files.get(i), 0);
            Files.move(files.get(i), damagedPath(files.get(i)), StandardCopyOption.ATOMIC_MOVE);
        }
        if (lastIndex >= 0 && count(files.get(lastIndex), position) == 0) {
            trim(files.get(lastIndex), position);
        } else if (lastIndex >= 0) {
            Path file = files.get(lastIndex);
            Path copy = file.resolveSibling(file.getFileName() + COPY_SUFFIX);
            copy(file, copy, position);
            Files.createLink(damagedPath(file), file);
            RollFiles.forceDirectory(directory.resolve(DAMAGED));
            Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        RollFiles.forceDirectory(directory);
    }

    /** Cuts the zeros behind the last record. */
    private void trimBehind(int lastIndex, long position) throws IOException {
        for (int i = files.size() - 1; i > lastIndex; i--) {
            Files.delete(files.get(i));
        }
        if (lastIndex >= 0) {
            trim(files.get(lastIndex), position);
        }
    }

    private static void trim(Path file, long length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(length);
        }
    }

    /** Forces the kept records, because no later record is safe before they are. */
    private void forceAll() throws IOException {
        List<Path> kept = RollFiles.list(directory);
        for (Path file : kept) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        }
        RollFiles.forceDirectory(directory);
    }

    private static void copy(Path from, Path to, long length) throws IOException {
        try (FileChannel source = FileChannel.open(from, StandardOpenOption.READ);
                FileChannel target = FileChannel.open(
                        to,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            long position = 0;
            while (position < length) {
                long count = source.transferTo(position, length - position, target);
                if (count <= 0) {
                    throw new IOException("cannot copy " + from + " beyond byte " + position);
                }
                position += count;
            }
            target.force(true);
        }
    }

    private Path damagedPath(Path file) throws IOException {
        Path damaged = Files.createDirectories(directory.resolve(DAMAGED));
        String name = file.getFileName().toString();
        Path path = damaged.resolve(name);
        for (int i = 1; Files.exists(path); i++) {
            path = damaged.resolve(name + "." + i);
        }
        setAside.add(path);
        return path;
    }

    /** Counts records and bytes that are discarded behind a position of a file; returns the number of bytes. */
    private long count(Path file, long position) throws IOException {
        try (RollBytes bytes = RollFiles.bytes(List.of(file)).get(0)) {
            long behind = bytesBehind(bytes, position);
            discardedBytes += behind;
            RollFileReader reader = new RollFileReader();
            reader.reset(bytes);
            while (reader.next() == RollFileReader.Step.RECORD) {
                if (reader.recordPosition() >= position) {
                    discardedRecords++;
                }
            }
            return behind;
        }
    }

    private static long bytesBehind(RollBytes bytes, long position) throws IOException {
        byte[] window = new byte[SCAN_LENGTH];
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
}
