package io.ringfence.journal.snapshot;

import io.ringfence.journal.chain.HashChain;
import io.ringfence.journal.fault.RegularFile;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.SnapshotHeaderEncoder;
import io.ringfence.schemas.SnapshotSectionEncoder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One snapshot file that is being written, stage by stage and piece by piece, so that no state has to be in memory as a whole.
 *
 * <p>The bytes go to a file of another name, and are forced every 4 MiB, so that no single force takes long. {@link #finish} gives the file
 * its name; {@link #close} deletes what was not finished. One thread.
 */
public final class SnapshotOutput implements Closeable {
    static final String UNFINISHED = ".tmp";
    static final int HEADER_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH + SnapshotHeaderEncoder.BLOCK_LENGTH;
    static final int SECTION_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH + SnapshotSectionEncoder.BLOCK_LENGTH;

    private static final int FORCE_EVERY = 4 << 20;

    private final Path target;
    private final Path temporary;
    private final FileChannel channel;
    private final byte[][] digests;
    private final MessageDigest digest = HashChain.newSha256();
    private int stage = -1;
    private long sectionAt;
    private long position = HEADER_LENGTH;
    private long forcedPosition;
    private boolean isFinished;

    /** @param sectionCount stages that {@link #begin} will be called for. */
    SnapshotOutput(Path target, int sectionCount) throws IOException {
        this.target = target;
        this.temporary = target.resolveSibling(target.getFileName() + UNFINISHED);
        this.digests = new byte[sectionCount][];
        this.channel = FileChannel.open(
                RegularFile.requireNoFifo(temporary, "a snapshot"),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
    }

    /** Begins the next stage's state. */
    public void begin() throws IOException {
        endSection();
        stage++;
        sectionAt = position;
        position += SECTION_LENGTH;
    }

    /** Writes the first bytes of an array behind what was written of the stage's state. */
    public void write(byte[] bytes, int length) throws IOException {
        digest.update(bytes, 0, length);
        put(bytes, length, position);
        position += length;
        if (position - forcedPosition >= FORCE_EVERY) {
            channel.force(false);
            forcedPosition = position;
        }
    }

    /** Digests of the states written, 32 bytes each, in ring order. Ends the last stage's state. */
    public byte[][] digests() throws IOException {
        endSection();
        return digests.clone();
    }

    /**
     * Completes the file; forces file and directory.
     *
     * @param snapshotId       number of the snapshot, from 1.
     * @param sequence         of the marker's record; the states are those after it.
     * @param semanticsVersion of the build that writes it.
     * @param entryHash        of the marker's record, 32 bytes.
     * @param stateDigest      of all states, 32 bytes.
     * @return length of the file in bytes.
     */
    public long finish(long snapshotId, long sequence, int semanticsVersion, byte[] entryHash, byte[] stateDigest)
            throws IOException {
        endSection();
        byte[] header = new byte[HEADER_LENGTH];
        new SnapshotHeaderEncoder()
                .wrapAndApplyHeader(new UnsafeBuffer(header), 0, new MessageHeaderEncoder())
                .snapshotId(snapshotId)
                .sequence(sequence)
                .putEntryHash(entryHash, 0, HashChain.HASH_LENGTH)
                .putStateDigest(stateDigest, 0, HashChain.HASH_LENGTH)
                .semanticsVersion(semanticsVersion)
                .sectionCount(digests.length);
        put(header, HEADER_LENGTH, 0);
        channel.force(true);
        channel.close();
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        isFinished = true;
        try (FileChannel directory = FileChannel.open(target.getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
        return position;
    }

    /** Deletes the file unless it was finished, also when the disk is full. */
    @Override
    public void close() throws IOException {
        channel.close();
        if (!isFinished) {
            Files.deleteIfExists(temporary);
        }
    }

    private void endSection() throws IOException {
        if (stage < 0 || digests[stage] != null) {
            return;
        }
        digests[stage] = digest.digest();
        byte[] section = new byte[SECTION_LENGTH];
        new SnapshotSectionEncoder()
                .wrapAndApplyHeader(new UnsafeBuffer(section), 0, new MessageHeaderEncoder())
                .stage((short) stage)
                .length(position - sectionAt - SECTION_LENGTH)
                .putDigest(digests[stage], 0, HashChain.HASH_LENGTH);
        put(section, SECTION_LENGTH, sectionAt);
    }

    private void put(byte[] bytes, int length, long at) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
        while (buffer.hasRemaining()) {
            channel.write(buffer, at + buffer.position());
        }
    }
}
