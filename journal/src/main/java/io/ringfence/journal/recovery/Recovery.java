package io.ringfence.journal.recovery;

import io.ringfence.journal.chain.HashChain;
import io.ringfence.journal.chain.Head;
import io.ringfence.journal.durability.WatermarkFile;
import io.ringfence.journal.durability.WatermarkFile.Watermark;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.fault.JournalException.Fault;
import io.ringfence.journal.read.JournalProver;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.journal.store.Disk;
import io.ringfence.journal.store.RollFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Finds the last proved record of a journal, also after a crash, and ends the journal there.
 *
 * <p>Reads once, and hands each proved record to a {@link Rebuild}. It begins with the roll file that holds the record which the
 * rebuild begins after, or with the one that holds the watermark's record if that comes first; without such a record, with the first
 * file. So each record that nothing vouches for is proved, and what is before is left to {@link OlderRecords}.
 *
 * <p>A fault at or below the watermark is an error, and so is one above it that is no {@link Tail torn end}. Nothing on the disk is
 * changed then. What no promise covers is {@link JournalEnd written anew} before anything is promised. The caller holds the lock.
 */
public final class Recovery {
    /**
     * State in which a journal was found when it was opened.
     *
     * @param head             last proved record; the next append follows it.
     * @param journalId        name of the journal, 32 bytes; zeros if there is no record.
     * @param policySequence last PolicyActivate or PolicyChange of the journal, applied or refused; 0: none.
     * @param wasStoppedCleanly does the watermark promise exactly this end?
     * @param hadWatermark     was there a watermark, even one that promised no record? If not, nothing tells whether records are lost behind
     *                         the end.
     * @param discardedRecords number of whole records found behind the end.
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

    private final Path directory;
    private final List<Path> files;
    private final List<Path> unnamed;
    private final Watermark watermark;
    private final Rebuild rebuild;
    private final boolean isRestarted;
    private final JournalEnd journalEnd;
    private final long[] ends;

    private Recovery(Path directory, Watermark watermark, Rebuild rebuild, Disk disk) throws IOException {
        this.directory = directory;
        this.files = RollFiles.list(directory);
        this.unnamed = RollFiles.unnamed(directory);
        this.watermark = watermark;
        this.rebuild = rebuild;
        this.isRestarted = watermark.isOfAnotherBoot();
        this.journalEnd = new JournalEnd(directory, files, disk);
        this.ends = new long[files.size()];
    }

    /**
     * Recovers the journal of a directory. A directory without a journal is an empty journal.
     *
     * @param watermark of the journal, as {@link WatermarkFile#read} gives it.
     * @param rebuild   takes the records as they are proved.
     * @param disk      forces what is written anew.
     * @throws JournalException {@code DAMAGED} if a record that the watermark promises is missing or wrong, if a fault above it is no
     *                          torn end, if there is no record although the directory held some, or if the watermark file cannot be read.
     */
    public static Report recover(Path directory, Watermark watermark, Rebuild rebuild, Disk disk) throws IOException {
        if (watermark == null) {
            throw new JournalException(
                    JournalException.Reason.DAMAGED,
                    directory.resolve(WatermarkFile.NAME) + ": no promise in it can be read");
        }
        return new Recovery(directory, watermark, rebuild, disk).run();
    }

    /**
     * Numbers the roll files in {@code damaged/} that a person took out of the journal: a file of the same name that is begun from now on
     * must be missed. To be called once the end of the journal is promised, and before a file is begun.
     */
    public static void numberTakenOut(Path directory) throws IOException {
        JournalEnd.numberTakenOut(directory);
    }

    private Report run() throws IOException {
        requireLostHeaders();
        journalEnd.deleteUnfinishedCopies();
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

    /** A file whose name and header were both lost is set aside; nothing says where its records belong. */
    private void requireLostHeaders() throws IOException {
        for (Path file : unnamed) {
            if (!new Tail(files, isRestarted).hasLostHeader(file)) {
                throw new JournalException(
                        JournalException.Reason.DAMAGED,
                        "journal in " + directory + ": " + file.getFileName()
                                + " has records but no header that can be read; nothing was changed");
            }
        }
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
    private boolean isRebuilt(JournalProver prover, long begunSequence) throws IOException {
        while (prover.next()) {
            ends[prover.fileIndex()] = prover.position();
            if (prover.record().sequence() >= begunSequence && !rebuild.accept(prover.record())) {
                if (begunSequence == 0) {
                    throw new IllegalStateException("the state before the first record is always the journal's");
                }
                return false;
            }
        }
        if (prover.fault() != null) {
            requireTornEnd(prover);
        }
        return prover.head().sequence() >= begunSequence;
    }

    private void requireTornEnd(JournalProver prover) throws IOException {
        Fault fault = prover.fault();
        long promised = watermark.head().sequence();
        if (fault.sequence() <= promised) {
            throw damaged(fault);
        }
        String damage = new Tail(files, isRestarted).damage(fault, prover.fileIndex(), prover.position());
        if (damage != null) {
            throw new JournalException(
                    JournalException.Reason.DAMAGED,
                    damaged(fault).getMessage() + "; " + damage
                            + ", so it is no torn end; the watermark promises sequence " + promised
                            + "; nothing was changed");
        }
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
        requireBegun(head.sequence());
        boolean isAnchored = fault == null
                && watermark.isPresent()
                && head.sequence() == watermark.head().sequence();
        if (head.sequence() == 0) {
            requireNoTrace();
        }
        if (isAnchored && !isCut) {
            journalEnd.trim(lastIndex, prover.position());
        } else {
            journalEnd.writeAnew(firstUnpromised(lastIndex), lastIndex, ends, head, isCut);
        }
        journalEnd.setAside(unnamed);
        return new Report(
                head,
                journalId,
                prover.policySequence(),
                isAnchored,
                watermark.isWritten(),
                journalEnd.discardedRecords(),
                journalEnd.discardedBytes(),
                cause(prover),
                journalEnd.setAside(),
                work);
    }

    private String cause(JournalProver prover) {
        if (prover.fault() != null) {
            return prover.fault().text();
        }
        if (prover.isTorn()) {
            return new Fault(prover.head().sequence() + 1, prover.tornPlace(), "this record was never finished").text();
        }
        return unnamed.isEmpty() ? null : unnamed.get(0).getFileName() + " has lost its name and its header";
    }

    /** Index of the first file with a record that is not promised; the last proved file, if all are. 0 if none is proved. */
    private int firstUnpromised(int lastIndex) {
        int index = Math.max(0, lastIndex);
        while (index > 0
                && RollFiles.firstSequence(files.get(index).getFileName().toString())
                        > watermark.head().sequence() + 1) {
            index--;
        }
        return index;
    }

    /** Within one run of the machine a file that was begun is there, unless somebody took it away. */
    private void requireBegun(long lastSequence) {
        if (watermark.requiredSequence() == 0) {
            return;
        }
        Path file = RollFiles.path(directory, watermark.requiredSequence());
        if (!Files.exists(file) && !Files.exists(JournalEnd.takenOut(file))) {
            Fault missing = new Fault(
                    lastSequence + 1, file.getFileName().toString(), "this roll file was begun, and it is missing");
            throw new JournalException(
                    JournalException.Reason.DAMAGED,
                    damaged(missing).getMessage() + "; the watermark promises sequence "
                            + watermark.head().sequence() + "; nothing was changed");
        }
    }

    private void requireNoTrace() throws IOException {
        Path trace = unnamed.isEmpty() ? journalEnd.traceOfRecords(isRestarted) : unnamed.get(0);
        if (trace != null) {
            throw new JournalException(
                    JournalException.Reason.DAMAGED,
                    "journal in " + directory + ": no record can be read, yet " + trace
                            + " is there: no new journal begins in a directory that held one; nothing was changed");
        }
    }
}
