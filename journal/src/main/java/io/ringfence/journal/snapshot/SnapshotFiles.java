package io.ringfence.journal.snapshot;

import io.ringfence.journal.chain.HashChain;
import io.ringfence.journal.fault.RegularFile;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.SnapshotHeaderDecoder;
import io.ringfence.schemas.SnapshotSectionDecoder;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Keeps snapshots as files beside the journal: {@code snapshots/<20 digits of the sequence>.snap}.
 *
 * <p>A file is a {@code SnapshotHeader} and, per stage, a {@code SnapshotSection} with the stage's bytes behind it. It is written
 * under another name, forced and renamed, so a file of that name is whole. The digest of each section is checked as well.
 * Any thread may read; one thread at a time may write.
 */
public final class SnapshotFiles {
    /**
     * States of all stages at one marker.
     *
     * @param snapshotId  number of the snapshot, from 1.
     * @param sequence    of the marker's record; the states are those after it.
     * @param semanticsVersion of the build that wrote it.
     * @param entryHash   of the marker's record, 32 bytes.
     * @param stateDigest of all states, 32 bytes.
     * @param states      canonical bytes, one a stage, in ring order.
     */
    public record Snapshot(
            long snapshotId,
            long sequence,
            int semanticsVersion,
            byte[] entryHash,
            byte[] stateDigest,
            List<byte[]> states) {}

    private static final String SUFFIX = ".snap";
    private static final int DIGITS = 20;
    private static final int KEPT = 3;
    private static final int ARRAY_LENGTH_MAX = Integer.MAX_VALUE - 8;
    private static final Pattern NAME = Pattern.compile("0\\d{19}\\.snap"); // Sequences have 19 digits at most.

    private final Path directory;

    /** @param journalDirectory of the journal that the snapshots belong to. */
    public SnapshotFiles(Path journalDirectory) {
        this.directory = journalDirectory.resolve("snapshots");
    }

    /**
     * Begins the file of a snapshot, which does not count before it is finished.
     *
     * @param sequence     of the marker's record.
     * @param sectionCount stages whose states will be written.
     */
    public SnapshotOutput create(long sequence, int sectionCount) throws IOException {
        Files.createDirectories(directory);
        return new SnapshotOutput(
                directory.resolve(String.format(Locale.ROOT, "%020d%s", sequence, SUFFIX)), sectionCount);
    }

    /**
     * Writes a snapshot; forces file and directory. Deletes all but the newest three snapshots.
     *
     * @return length of the file in bytes.
     */
    public long write(Snapshot snapshot) throws IOException {
        long length;
        try (SnapshotOutput output =
                create(snapshot.sequence(), snapshot.states().size())) {
            for (byte[] state : snapshot.states()) {
                output.begin();
                output.write(state, state.length);
            }
            length = output.finish(
                    snapshot.snapshotId(),
                    snapshot.sequence(),
                    snapshot.semanticsVersion(),
                    snapshot.entryHash(),
                    snapshot.stateDigest());
        }
        removeOld();
        return length;
    }

    /** Deletes all but the newest three snapshots. */
    public void removeOld() throws IOException {
        List<Path> files = files();
        for (Path old : files.subList(Math.min(KEPT, files.size()), files.size())) {
            Files.delete(old);
        }
    }

    /**
     * A finished snapshot file.
     *
     * @param path       of the file.
     * @param sequence   of the marker's record, by its name.
     * @param length     in bytes.
     * @param modifiedMs when it was written, in ms since 1970.
     */
    public record SnapshotFile(Path path, long sequence, long length, long modifiedMs) {}

    /** The newest finished file, whatever is in it; empty if there is none. */
    public Optional<SnapshotFile> newestFile() throws IOException {
        List<Path> files = files();
        if (files.isEmpty()) {
            return Optional.empty();
        }
        Path newest = files.get(0);
        return Optional.of(new SnapshotFile(
                newest,
                sequence(newest),
                Files.size(newest),
                Files.getLastModifiedTime(newest).toMillis()));
    }

    /**
     * Cleans up before a journal goes on from its head: deletes unfinished files, and moves each snapshot of a sequence above
     * the head to {@code damaged/}, because another record will take that sequence. No thread may write meanwhile.
     */
    public void begin(long headSequence) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> unfinished = Files.newDirectoryStream(directory, "*" + SnapshotOutput.UNFINISHED)) {
            for (Path file : unfinished) {
                Files.delete(file);
            }
        }
        for (Path file : files()) {
            if (sequence(file) > headSequence) {
                Path damaged = Files.createDirectories(directory.resolveSibling("damaged"));
                Files.move(file, damaged.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** Newest snapshot whose sequence is not above this one. Skips damaged files. */
    public Optional<Snapshot> newest(long maxSequence) throws IOException {
        for (Path file : files()) {
            Optional<Snapshot> snapshot = sequence(file) <= maxSequence ? read(file) : Optional.empty();
            if (snapshot.isPresent() && snapshot.get().sequence() == sequence(file)) {
                return snapshot;
            }
        }
        return Optional.empty();
    }

    private List<Path> files() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(
                            file -> NAME.matcher(file.getFileName().toString()).matches())
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }
    }

    private static long sequence(Path file) {
        return Long.parseLong(file.getFileName().toString(), 0, DIGITS, 10);
    }

    /**
     * Reads a snapshot file; empty if it cannot be read, its shape or a digest is wrong, or the heap cannot take it: it is needed twice in
     * memory.
     */
    static Optional<Snapshot> read(Path file) {
        byte[] bytes;
        try {
            long length = Files.size(file);
            if (length > ARRAY_LENGTH_MAX || length > Runtime.getRuntime().maxMemory() / 3) {
                return Optional.empty();
            }
            bytes = Files.readAllBytes(RegularFile.require(file, "a snapshot"));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
        UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        MessageHeaderDecoder messageHeader = new MessageHeaderDecoder();
        if (bytes.length < SnapshotOutput.HEADER_LENGTH
                || messageHeader.wrap(buffer, 0).templateId() != SnapshotHeaderDecoder.TEMPLATE_ID
                || messageHeader.blockLength() != SnapshotHeaderDecoder.BLOCK_LENGTH) {
            return Optional.empty();
        }
        SnapshotHeaderDecoder header = new SnapshotHeaderDecoder().wrapAndApplyHeader(buffer, 0, messageHeader);
        byte[] entryHash = new byte[32];
        byte[] stateDigest = new byte[32];
        header.getEntryHash(entryHash, 0, 32);
        header.getStateDigest(stateDigest, 0, 32);
        List<byte[]> states = new ArrayList<>();
        int position = SnapshotOutput.HEADER_LENGTH;
        for (int stage = 0; stage < header.sectionCount(); stage++) {
            Optional<byte[]> state = readState(buffer, position, stage);
            if (state.isEmpty()) {
                return Optional.empty();
            }
            states.add(state.get());
            position += SnapshotOutput.SECTION_LENGTH + state.get().length;
        }
        return position == bytes.length
                ? Optional.of(new Snapshot(
                        header.snapshotId(),
                        header.sequence(),
                        header.semanticsVersion(),
                        entryHash,
                        stateDigest,
                        states))
                : Optional.empty();
    }

    private static Optional<byte[]> readState(UnsafeBuffer buffer, int position, int stage) {
        MessageHeaderDecoder messageHeader = new MessageHeaderDecoder();
        if (buffer.capacity() - position < SnapshotOutput.SECTION_LENGTH
                || messageHeader.wrap(buffer, position).templateId() != SnapshotSectionDecoder.TEMPLATE_ID
                || messageHeader.blockLength() != SnapshotSectionDecoder.BLOCK_LENGTH) {
            return Optional.empty();
        }
        SnapshotSectionDecoder section =
                new SnapshotSectionDecoder().wrapAndApplyHeader(buffer, position, messageHeader);
        long length = section.length();
        if (section.stage() != stage
                || length < 0
                || length > buffer.capacity() - position - SnapshotOutput.SECTION_LENGTH) {
            return Optional.empty();
        }
        byte[] state = new byte[(int) length];
        buffer.getBytes(position + SnapshotOutput.SECTION_LENGTH, state);
        byte[] digest = new byte[32];
        section.getDigest(digest, 0, 32);
        return Arrays.equals(digest, HashChain.sha256(state)) ? Optional.of(state) : Optional.empty();
    }
}
