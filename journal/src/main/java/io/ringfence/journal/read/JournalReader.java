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
 * Reads the records of a journal in order, from any sequence on, and proves each: its entry hash matches its bytes and the
 * record before it. The first file that it opens is the one that holds the sequence; what is before that file is believed, by
 * the hash in the file's header.
 *
 * <p>Another process may write the journal meanwhile; a record that is not complete yet does not show. A reader that was {@link
 * #open opened} ends at the last record or at the first {@link #fault()}; one that {@link #follow follows} ends at a fault only.
 * Not thread safe.
 */
public final class JournalReader implements AutoCloseable {
    private static final int FOLLOWING_WINDOW = 256 * 1024; // Read anew for the records of each poll.

    private final String place;
    private final RecordWalk walk;
    private final long from;
    private final HashChain chain = new HashChain();
    private final byte[] provedHash = new byte[HashChain.HASH_LENGTH];
    private long provedSequence;
    private Fault fault;

    private JournalReader(String place, RecordWalk walk, long from) {
        this.place = place;
        this.walk = walk;
        this.from = from;
    }

    /**
     * Opens the journal of a directory from its first record on.
     *
     * @throws JournalException {@code MISSING} if there is none; {@code DAMAGED} if its watermark file cannot be read.
     */
    public static JournalReader open(Path directory) {
        return open(directory, 1);
    }

    /**
     * Opens the journal of a directory from a sequence on.
     *
     * @param from first sequence that {@link #next} moves to, 1 and above; if the journal ends before it, there is none.
     * @throws JournalException {@code MISSING} if there is none; {@code DAMAGED} if its watermark file cannot be read.
     */
    public static JournalReader open(Path directory, long from) {
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
            return over(directory.toString(), RollFiles.bytes(files), from, watermark);
        } catch (IOException e) {
            throw cannot("read", directory.toString(), e);
        }
    }

    /**
     * The first sequence of the roll file that holds a sequence, or would hold it if the journal went on in its last file. Opens
     * no file.
     *
     * @param sequence 1 and above.
     * @return 1 and above; 1 if there is no file.
     */
    public static long firstOfFile(Path directory, long sequence) {
        try {
            long first = 1;
            for (Path file : RollFiles.list(directory)) {
                long begins = RollFiles.firstSequence(file.getFileName().toString());
                first = begins <= sequence ? begins : first;
            }
            return first;
        } catch (IOException e) {
            throw cannot("read", directory.toString(), e);
        }
    }

    /**
     * Follows the journal of a directory, which a writer may be at work on, also in another process: {@link #next} returns false
     * while no further record is complete, and may be asked again. It goes over from file to file by itself. The directory may still
     * be empty. What the watermark promises is not checked.
     *
     * @param from first sequence that {@link #next} moves to, 1 and above.
     */
    public static JournalReader follow(Path directory, long from) {
        try {
            RecordWalk walk = RecordWalk.follow(directory, from, new RollFileReader(FOLLOWING_WINDOW));
            return new JournalReader(directory.toString(), walk, from);
        } catch (IOException e) {
            throw cannot("read", directory.toString(), e);
        }
    }

    /**
     * Opens a journal that is given as roll files.
     *
     * @param place     name of the journal in messages.
     * @param files     oldest first.
     * @param from      first sequence that {@link #next} moves to, 1 and above.
     * @param watermark that they must reach.
     */
    public static JournalReader over(String place, List<? extends RollBytes> files, long from, Watermark watermark) {
        return over(place, files, from, watermark, new RollFileReader());
    }

    /**
     * Opens a journal that is given as roll files, with a reader of files that was used before.
     *
     * @param reader walks each file; it must not be used elsewhere meanwhile.
     */
    public static JournalReader over(
            String place, List<? extends RollBytes> files, long from, Watermark watermark, RollFileReader reader) {
        return new JournalReader(place, new RecordWalk(files, from, watermark, reader), from);
    }

    /**
     * Moves to the next proved record. False at the end and at the first fault; of one that follows, also while no further record
     * is complete.
     */
    public boolean next() {
        boolean isMoved = step();
        while (isMoved && provedSequence < from) {
            isMoved = step();
        }
        return isMoved;
    }

    private boolean step() {
        if (fault != null) {
            return false;
        }
        try {
            if (!walk.next()) {
                fault = walk.fault();
                return false;
            }
        } catch (IOException e) {
            throw cannot("read", place, e);
        }
        RecordView record = walk.record();
        chain.resume(walk.previousHash(), 0);
        int offset = record.arrayOffset();
        if (!chain.proves(record.array(), offset, record.lengthBeforeSeal(), offset + record.entryHashOffset())) {
            fault = new Fault(walk.sequence(), walk.place(), RecordWalk.OFF_CHAIN);
            return false;
        }
        provedSequence = walk.sequence();
        record.copyEntryHash(provedHash, 0);
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
        return walk.record();
    }

    /** Last proved record, also one before the sequence that was asked for. */
    public Head head() {
        return new Head(provedSequence, provedHash.clone());
    }

    /** First fault; null if there was none. */
    public Fault fault() {
        return fault;
    }

    /** Sequence of the last PolicyActivate or PolicyChange before {@link #record()}, applied or refused; 0: none. */
    public long policySequenceBefore() {
        return walk.policySequenceBefore();
    }

    /** What {@link JournalProver} walks along in its place. */
    RecordWalk walk() {
        return walk;
    }

    /** First sequence that is asked for. */
    long from() {
        return from;
    }

    /** Name of the journal in messages. */
    String place() {
        return place;
    }

    @Override
    public void close() {
        try {
            walk.close();
        } catch (IOException e) {
            throw cannot("close", place, e);
        }
    }

    static JournalException cannot(String verb, String place, IOException cause) {
        return new JournalException(
                JournalException.Reason.DISK_FAILED, "cannot " + verb + " " + place + ": " + cause.getMessage(), cause);
    }
}
