package io.ringfence.journal.store;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import io.ringfence.journal.chain.HashChain;
import io.ringfence.journal.chain.Head;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.record.RecordView;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.RecordHeaderDecoder;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.SyncMode;
import net.openhft.chronicle.core.io.BackgroundResourceReleaser;
import net.openhft.chronicle.core.io.Closeable;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes one roll file: a Chronicle Queue of exactly one file, which no Chronicle ever opens again.
 *
 * <p>Chronicle rolls by the clock, and when it opens a queue it trusts positions, indexes and a lock word that a crash may have
 * left wrong. So its clock stands still here, and each roll file is a queue of its own: made in a scratch directory, given
 * its name when its first sequence is known, written once. We decide when to roll, a restart never waits for the lock of a dead process that had the same id,
 * and no file that a crash left is appended to. One map spans the whole file, so no append maps memory.
 *
 * <p>The thread of {@link SegmentAgent} makes it, the writer appends to it, the sync thread retires it once the writer has left.
 */
final class Segment {
    /** The store's header and index pages end before this position; our own pre-writing begins at it. */
    static final int INDEX_LENGTH = 32 * 1024;

    private static final int MIN_BLOCK_LENGTH = 1024 * 1024;
    private static final int INDEX_COUNT = 1024;
    private static final int INDEX_SPACING = 16 * 1024;
    private static final int PAGE_LENGTH = 4096;
    private static final int FORCED_LENGTH = 4 * 1024 * 1024;
    private static final int WORD_LENGTH = Integer.BYTES;
    private static final int SEQUENCE_OFFSET =
            MessageHeaderDecoder.ENCODED_LENGTH + RecordHeaderDecoder.sequenceEncodingOffset();
    private static final VarHandle POSITION;
    private static final int CLEARED_BEHIND = Long.BYTES;

    private final Disk disk;
    private final long limit;
    private final ExcerptAppender appender;
    private final FileChannel channel;
    private final UnsafeBuffer pages;
    private volatile Path path;
    private boolean isBegun;
    private long position = INDEX_LENGTH;
    private int lastLength;
    private Head last = Head.none();
    private boolean isRetired;
    private boolean isUnmapped;

    private Segment(Disk disk, Path path, long limit, ExcerptAppender appender, FileChannel channel) {
        this.disk = disk;
        this.path = path;
        this.limit = limit;
        this.appender = appender;
        this.channel = channel;
        this.pages = new UnsafeBuffer(appender.wire().bytes().addressForWrite(0), (int) limit);
    }

    /**
     * Makes a roll file, empty but for the store's own pages.
     *
     * @param directory of the journal.
     * @param disk      forces it.
     * @param scratch   directory to make it in; emptied before, gone after.
     * @param number    of the file among those that this process makes; part of its name until it is begun.
     * @param limit     length in bytes that the file may reach; holds the greatest record.
     */
    static Segment create(Path directory, Disk disk, Path scratch, long number, long limit) throws IOException {
        RollFiles.deleteDirectory(scratch);
        Files.createDirectories(scratch);
        int blockLength = BitUtil.findNextPositivePowerOfTwo((int) Math.max(MIN_BLOCK_LENGTH, limit));
        SingleChronicleQueue queue = SingleChronicleQueueBuilder.binary(scratch.toFile())
                .rollCycle(RollCycles.FAST_DAILY)
                .indexCount(INDEX_COUNT)
                .indexSpacing(INDEX_SPACING)
                .blockSize(blockLength)
                .timeProvider(() -> 0L)
                .syncMode(SyncMode.NONE)
                .build();
        ExcerptAppender appender = null;
        Path path = null;
        FileChannel channel = null;
        try {
            queue.storeForCycle(queue.cycle(), 0, true, null).close();
            appender = queue.createAppender();
            appender.singleThreadedCheckDisabled(true);
            path = Files.move(appender.currentFile().toPath(), RollFiles.nextPath(directory, number), ATOMIC_MOVE);
            RollFiles.deleteDirectory(scratch);
            channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
            return new Segment(disk, path, limit, appender, channel);
        } catch (IOException | RuntimeException | Error e) {
            giveUp(scratch, path, e, channel, appender, queue);
            throw e;
        }
    }

    /** Closes and deletes what was made of a file: creating it is tried again and again, and each try would keep its map. */
    private static void giveUp(Path scratch, Path made, Throwable why, Object... opened) {
        Closeable.closeQuietly(opened);
        BackgroundResourceReleaser.releasePendingResources();
        try {
            RollFiles.deleteDirectory(scratch);
            if (made != null) {
                Files.deleteIfExists(made);
            }
        } catch (IOException | RuntimeException e) {
            why.addSuppressed(e);
        }
    }

    /** Has the file its name and its header? Any thread; to others than the writer it may show late. */
    boolean isBegun() {
        return isBegun;
    }

    /**
     * Gives the file the name of its first sequence and writes its header. Writer only, once, before the first append.
     *
     * <p>The name comes first: a file without it holds nothing.
     */
    void begin(RollHeader header) {
        Path named = RollFiles.path(path.getParent(), header.firstSequence());
        try {
            Files.move(path, named, ATOMIC_MOVE);
        } catch (IOException e) {
            throw new JournalException(
                    JournalException.Reason.DISK_FAILED, "cannot give " + path + " the name " + named + ": " + e, e);
        }
        path = named;
        write(header.bytes(), 0, RollHeader.LENGTH);
        assert position == BitUtil.align(RollHeader.POSITION + WORD_LENGTH + RollHeader.LENGTH, WORD_LENGTH);
        isBegun = true;
    }

    /** Was nothing appended? Writer only, or once the writer has left the file. */
    boolean isEmpty() {
        return lastLength == 0;
    }

    /** Has {@link #retire} been called? Sync thread only. */
    boolean isRetired() {
        return isRetired;
    }

    /** Position of the next record, in bytes. Any thread; to others than the writer an earlier one may show. */
    long position() {
        return (long) POSITION.getOpaque(this);
    }

    /** Bytes that may still be written. Writer only. */
    long remaining() {
        return limit - position;
    }

    /** Does a record of this length fit? Writer only. */
    boolean hasRoomFor(int length) {
        return position + WORD_LENGTH + length + CLEARED_BEHIND <= limit;
    }

    /** Appends a record that {@link #hasRoomFor fits} behind the header. Writer only; allocates nothing. */
    void append(byte[] record, int offset, int length) {
        write(record, offset, length);
        lastLength = length;
    }

    private void write(byte[] content, int offset, int length) {
        DocumentContext document = appender.writingDocument();
        boolean isWhole = false;
        try {
            Bytes<?> bytes = document.wire().bytes();
            bytes.write(content, offset, length);
            POSITION.setOpaque(this, BitUtil.align(bytes.writePosition(), WORD_LENGTH));
            isWhole = true;
        } finally {
            if (!isWhole) {
                document.rollbackOnClose();
            }
            document.close();
        }
    }

    /** The last record appended; {@link Head#none()} if there is none. After {@link #retire} only. */
    Head last() {
        return last;
    }

    /**
     * Makes pages present and writable in the appender's map: one atomic add of 0 in each, which changes no byte and may run
     * beside the writer. Any thread but the writer's. Does nothing once the file was retired or discarded.
     *
     * @param from position in the first page.
     * @param to   end, exclusive; what lies behind the end of the file is left out.
     */
    synchronized void touch(long from, long to) {
        long end = isUnmapped ? 0 : Math.min(to, limit);
        for (long at = from & -PAGE_LENGTH; at < end; at += PAGE_LENGTH) {
            pages.getAndAddInt((int) at, 0);
        }
    }

    /**
     * Gives every page a block on the disk that holds zeros, in writes of one page, then forces them.
     *
     * <p>A sync that finds its blocks written before needs no journal commit of the file system. Writes of one page keep the
     * page cache in single pages, so that a sync writes only the pages that were changed. Longer writes, or touching in ascending
     * order, leave large pages, which are written whole. Nobody appends yet, so nothing races.
     */
    void writeZeros() throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect(PAGE_LENGTH);
        for (long at = INDEX_LENGTH; at < limit; at += PAGE_LENGTH) {
            zeros.clear();
            channel.write(zeros, at);
            if (at % FORCED_LENGTH == 0) {
                disk.force(
                        channel, path,
                        false); // In small parts, because the disk serves the syncs of records meanwhile.
            }
        }
        disk.force(channel, path, true);
        for (int at = 0; at < limit; at += PAGE_LENGTH) {
            pages.getIntVolatile(at);
        }
    }

    /** Makes the records safe against loss of power. Sync thread only. */
    void force() throws IOException {
        disk.force(channel, path, false);
    }

    /**
     * Unmaps the file, makes it safe against loss of power, cuts its unused tail and closes it. Sync thread only, after the writer
     * has left the file.
     *
     * <p>It unmaps first: to write a mapped page back, the kernel interrupts every processor that runs this process.
     */
    void retire() throws IOException {
        isRetired = true;
        readLast();
        unmap();
        disk.force(channel, path, false);
        channel.truncate(position);
        channel.close();
    }

    /** Unmaps, closes and deletes a file that holds no record. */
    void discard() throws IOException {
        unmap();
        channel.close();
        Files.deleteIfExists(path);
    }

    private void readLast() {
        if (!isEmpty()) {
            int offset = (int) position - BitUtil.align(lastLength, WORD_LENGTH);
            byte[] entryHash = new byte[HashChain.HASH_LENGTH];
            pages.getBytes(offset + lastLength - RecordView.SEAL_LENGTH, entryHash);
            last = new Head(pages.getLong(offset + SEQUENCE_OFFSET, ByteOrder.LITTLE_ENDIAN), entryHash);
        }
    }

    /** Unmaps at once; Chronicle alone would leave it to a thread of its own. */
    private synchronized void unmap() {
        isUnmapped = true;
        Closeable.closeQuietly(appender, appender.queue());
        BackgroundResourceReleaser.releasePendingResources();
    }

    static {
        try {
            POSITION = MethodHandles.lookup().findVarHandle(Segment.class, "position", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
        assert INDEX_LENGTH + RecordView.MAX_LENGTH < MIN_BLOCK_LENGTH / 4;
    }
}
