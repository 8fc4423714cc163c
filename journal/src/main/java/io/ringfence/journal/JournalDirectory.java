package io.ringfence.journal;

import io.ringfence.journal.durability.SyncAgent;
import io.ringfence.journal.durability.WatermarkFile;
import io.ringfence.journal.durability.WatermarkFile.Watermark;
import io.ringfence.journal.fault.FileRefusal;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.lock.OwnerLock;
import io.ringfence.journal.lock.OwnerLock.OwnedException;
import io.ringfence.journal.recovery.DamageFile;
import io.ringfence.journal.recovery.OlderRecords;
import io.ringfence.journal.recovery.Rebuild;
import io.ringfence.journal.recovery.Recovery;
import io.ringfence.journal.store.Disk;
import io.ringfence.journal.store.SegmentStore;
import io.ringfence.journal.store.SegmentStore.Preparation;
import io.ringfence.schemas.Durability;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.CloseHelper;

/**
 * Opens the directory of a journal for its one writer.
 *
 * <pre>
 * lock                owned by the writer while it lives, see {@link OwnerLock}
 * watermark           a lower bound of the journal's length, see {@link WatermarkFile}
 * 0000000000000000001.cq4 ...  the roll files, named by their first sequence; each start begins a new one and never writes to
 *                     an old one
 * next-1.cq4 ...      the roll file that is made ready; making/ is where. Either may be there after a crash, not after a clean
 *                     stop
 * damage.txt          record that was found damaged while the journal was in use, see {@link DamageFile}
 * damaged/            files that recovery replaced by their proved part, or that lay behind the end
 * </pre>
 *
 * <p>Opening takes the lock, checks the room, recovers, has a state built meanwhile if it is given a {@link Rebuild}, and makes the first roll file ready. {@link #close} is the clean
 * stop: it forces every record and writes the watermark of the last one.
 *
 * <p>An open journal has two threads: {@code ringfence-pages}, which makes files and keeps pages writable, and
 * {@code ringfence-sync}. With nothing appended each wakes 4 times a second. A third one proves {@link #older} records, if asked to.
 */
public final class JournalDirectory implements AutoCloseable {
    /**
     * Settings of a journal's writer.
     *
     * @param durability    {@code MEMORY}: answers wait for the append; {@code DISK}: for the sync.
     * @param segmentLength length at which a roll file is full, in bytes, 256 KiB to 512 MiB. The next file is made
     *                      while one is written, so a journal takes the room of two at once.
     * @param requiredBytes free room that the disk must have when the journal is opened, in bytes; two roll files at least.
     * @param disk          forces all that is promised.
     */
    public record Options(Durability durability, long segmentLength, long requiredBytes, Disk disk) {
        private static final long MEBIBYTE = 1024 * 1024;

        /** Default settings: roll files of 64 MiB with {@code DISK}, 128 MiB with {@code MEMORY}. */
        public static Options of(Durability durability) {
            return new Options(
                    durability, durability == Durability.DISK ? 64 * MEBIBYTE : 128 * MEBIBYTE, 0, Disk.REAL);
        }

        /** A copy with another length of roll files, in bytes. */
        public Options withSegmentLength(long bytes) {
            return new Options(durability, bytes, requiredBytes, disk);
        }

        /** A copy with another demand on free room, in bytes. */
        public Options withRequiredBytes(long bytes) {
            return new Options(durability, segmentLength, bytes, disk);
        }

        /** A copy with another disk. */
        public Options withDisk(Disk other) {
            return new Options(durability, segmentLength, requiredBytes, other);
        }
    }

    private static final String LOCK = "lock";

    private final OwnerLock lock;
    private final Recovery.Report recovery;
    private final SegmentStore store;
    private final WatermarkFile watermarkFile;
    private final SyncAgent sync;
    private final JournalWriter writer;
    private final OlderRecords older;
    private final boolean isDisk;

    private JournalDirectory(
            OwnerLock lock,
            Recovery.Report recovery,
            OlderRecords older,
            SegmentStore store,
            WatermarkFile watermarkFile,
            Durability durability) {
        this.lock = lock;
        this.recovery = recovery;
        this.older = older;
        this.store = store;
        this.watermarkFile = watermarkFile;
        this.isDisk = durability == Durability.DISK;
        this.writer = new JournalWriter(store, recovery.head(), recovery.journalId());
        this.sync = new SyncAgent(store, watermarkFile, durability, writer);
        writer.tell(sync, isDisk);
    }

    /**
     * Opens a journal, or begins a new one.
     *
     * @param path    of the directory; made if it is not there.
     * @param options of the writer.
     * @throws JournalException with one clear line: {@code IN_USE}, {@code NO_ROOM}, {@code DAMAGED} or {@code DISK_FAILED}.
     */
    public static JournalDirectory open(Path path, Options options) {
        return open(path, options, Rebuild.NONE);
    }

    /**
     * The same, with a state that is built from the records as they are proved.
     *
     * @param rebuild called on this thread while the directory is locked; what it throws ends the opening, and is thrown on.
     */
    public static JournalDirectory open(Path path, Options options, Rebuild rebuild) {
        try {
            makeDirectory(path);
            OwnerLock lock = takeLock(path);
            try {
                return open(path, options, rebuild, lock);
            } catch (IOException | RuntimeException | Error e) {
                CloseHelper.close(e::addSuppressed, lock);
                throw e;
            }
        } catch (IOException e) {
            throw new JournalException(
                    JournalException.Reason.DISK_FAILED,
                    "cannot open the journal in " + path + ": " + FileRefusal.text(e),
                    e);
        }
    }

    /** Head at which the journal goes on, and which records were discarded. */
    public Recovery.Report recovery() {
        return recovery;
    }

    /** Records that the opening left out. {@link OlderRecords#start} has them proved; {@link #close} ends that. */
    public OlderRecords older() {
        return older;
    }

    /** Appends records. One thread only. */
    public JournalWriter writer() {
        return writer;
    }

    /** Last sequence that is safe against loss of power. Any thread. */
    public long watermark() {
        return sync.watermark();
    }

    /** Last sequence that may be answered: appended with {@code MEMORY}, synced with {@code DISK}. Any thread. */
    public long answerableSequence() {
        return isDisk ? sync.watermark() : writer.sequence();
    }

    /** Number of syncs since the start; 0 with {@code MEMORY}. Any thread. */
    public long syncs() {
        return sync.syncs();
    }

    /** Duration of the last sync in ns; 0 before the first. Any thread. */
    public long lastSyncNs() {
        return sync.lastSyncNs();
    }

    /**
     * Why the next roll file could not be made at the last attempt; null if it could. It is tried again within 4 s, and records
     * go on in the file in use; the journal fails when that is full. Any thread.
     */
    public Throwable prepareFailure() {
        return store.prepareFailure();
    }

    /** First failure; null if there was none. Nothing may be answered once there is one. Any thread. */
    public Throwable failure() {
        return writer.failure();
    }

    /**
     * Stops cleanly: forces every record, writes the watermark of the last one, releases the lock. The appending thread must
     * have ended. A journal that has failed is closed without a new watermark.
     *
     * @throws JournalException {@code DISK_FAILED} if it could not be stopped cleanly; the lock is released all the same.
     */
    @Override
    public void close() {
        try {
            older.close();
            sync.stop();
            boolean isWhole = failure() == null;
            store.close();
            if (isWhole) {
                sync.seal();
            }
        } catch (IOException e) {
            throw new JournalException(
                    JournalException.Reason.DISK_FAILED, "the journal could not be stopped cleanly: " + e, e);
        } finally {
            letGo();
        }
    }

    private static void makeDirectory(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            Files.createDirectories(path);
        }
    }

    /**
     * Forces the names on the way to the directory, of which this start or one that was cut short may have made some: those of its file
     * system, from below. A directory that this process may not read was not made by it.
     */
    private static void forceAbove(Path path, Disk disk) throws IOException {
        Path real = path.toRealPath();
        FileStore store = Files.getFileStore(real);
        for (Path above = real.getParent();
                above != null && Files.getFileStore(above).equals(store);
                above = above.getParent()) {
            if (Files.isReadable(above)) {
                disk.forceDirectory(above);
            }
        }
    }

    private static JournalDirectory open(Path path, Options options, Rebuild rebuild, OwnerLock lock)
            throws IOException {
        long usableBytes = Files.getFileStore(path).getUsableSpace();
        long requiredBytes = Math.max(options.requiredBytes(), 2 * options.segmentLength());
        if (usableBytes < requiredBytes) {
            throw new JournalException(
                    JournalException.Reason.NO_ROOM,
                    "too little room for the journal in " + path + ": " + requiredBytes + " bytes needed, "
                            + usableBytes + " free");
        }
        DamageFile.requireNone(path);
        SegmentStore.clean(path);
        Watermark watermark = WatermarkFile.read(path);
        Recovery.Report recovery = Recovery.recover(path, watermark, rebuild, options.disk());
        if (recovery.isNew()) {
            forceAbove(path, options.disk());
        }
        OlderRecords older = new OlderRecords(path, recovery.work().firstSequence(), watermark);
        WatermarkFile watermarkFile = WatermarkFile.open(path, options.disk());
        SegmentStore store = null;
        try {
            Preparation preparation =
                    options.durability() == Durability.DISK ? Preparation.WRITTEN_BLOCKS : Preparation.TOUCHED_PAGES;
            store = SegmentStore.open(
                    path, options.disk(), preparation, options.segmentLength(), recovery.policySequence());
            JournalDirectory directory =
                    new JournalDirectory(lock, recovery, older, store, watermarkFile, options.durability());
            options.disk().forceDirectory(path); // The name of the watermark file, and names that recovery gave.
            directory.start(path);
            return directory;
        } catch (IOException | RuntimeException | Error e) {
            CloseHelper.closeAll(e::addSuppressed, store, watermarkFile);
            throw e;
        }
    }

    private void start(Path path) throws IOException {
        sync.seal(); // Recovery has forced all of it.
        Recovery.numberTakenOut(path);
        sync.start();
    }

    private void letGo() {
        try (lock) {
            watermarkFile.close();
        } catch (IOException e) {
            throw new JournalException(JournalException.Reason.DISK_FAILED, "cannot let go of the journal: " + e, e);
        }
    }

    /**
     * Has a process that lives opened the journal of this directory?
     *
     * @throws IOException when that cannot be found out.
     */
    public static boolean isInUse(Path directory) throws IOException {
        return OwnerLock.isOwned(directory.resolve(LOCK));
    }

    private static OwnerLock takeLock(Path directory) throws IOException {
        try {
            return OwnerLock.take(directory.resolve(LOCK));
        } catch (OwnedException owned) {
            throw new JournalException(
                    JournalException.Reason.IN_USE,
                    "journal directory in use by another writer: " + directory + ": " + owned.getMessage());
        }
    }
}
