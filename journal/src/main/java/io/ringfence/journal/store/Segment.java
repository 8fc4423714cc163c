package io.ringfence.journal.store;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import io.ringfence.journal.chain.HashChain;
import io.ringfence.journal.chain.Head;
import io.ringfence.journal.fault.FileCall;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.record.RecordView;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.RecordHeaderDecoder;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.core.io.BackgroundResourceReleaser;
import net.openhft.chronicle.core.io.Closeable;
import net.openhft.chronicle.core.time.TimeProvider;
import net.openhft.chronicle.queue.ExcerptAppender;
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
    /** The store's header and index pages end before this position; the header of the roll file begins at it. */
    static final int INDEX_LENGTH = 32 * 1024;

    /** Of the store, which asks for the time at each append: a roll file goes on until this project's own code begins the next. */
    static final TimeProvider STANDING_CLOCK = () -> 0L;

    private static final int PAGE_LENGTH = 4096;
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

    /** For {@link EmptySegment}: takes over what is open. */
    Segment(Disk disk, Path path, long limit, ExcerptAppender appender, FileChannel channel) {
        this.disk = disk;
        this.path = path;
        this.limit = limit;
        this.appender = appender;
        this.channel = channel;
        this.pages = new UnsafeBuffer(appender.wire().bytes().addressForWrite(0), (int) limit);
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
                    JournalException.Reason.DISK_FAILED, FileCall.text("rename to " + named.getFileName(), path, e), e);
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
        try {
            write(record, offset, length);
        } catch (InternalError fault) {
            throw taken("write to", fault);
        }
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
        try {
            for (long at = from & -PAGE_LENGTH; at < end; at += PAGE_LENGTH) {
                pages.getAndAddInt((int) at, 0);
            }
        } catch (InternalError fault) {
            throw taken("touch of", fault);
        }
    }

    /** Forces the length and every page of a file that nobody writes yet, and meets each page in the appender's map. */
    void forceWhole() throws IOException {
        FileCall.run("force", path, () -> disk.force(channel, path, true));
        for (int at = 0; at < limit; at += PAGE_LENGTH) {
            pages.getIntVolatile(at);
        }
    }

    /** Makes the records safe against loss of power. Sync thread only. */
    void force() throws IOException {
        FileCall.run("force", path, () -> disk.force(channel, path, false));
    }

    /**
     * Unmaps the file, makes it safe against loss of power, cuts its unused tail and closes it. Sync thread only, after the writer
     * has left the file.
     *
     * <p>It unmaps first: to write a mapped page back, the kernel interrupts every processor that runs this process.
     */
    void retire() throws IOException {
        isRetired = true;
        try {
            readLast();
        } catch (InternalError fault) {
            throw taken("read of", fault);
        }
        unmap();
        force();
        FileCall.run("truncate", path, () -> channel.truncate(position));
        FileCall.run("close", path, channel::close);
    }

    /** Unmaps, closes and deletes a file that holds no record. */
    void discard() throws IOException {
        unmap();
        channel.close();
        Files.deleteIfExists(path);
    }

    /** The JVM throws InternalError when the system has taken a mapped page away. */
    private JournalException taken(String call, InternalError fault) {
        return new JournalException(
                JournalException.Reason.DISK_FAILED, FileCall.text(call + " a mapped page", path, fault), fault);
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
        assert INDEX_LENGTH + RecordView.MAX_LENGTH < EmptySegment.MIN_BLOCK_LENGTH / 4;
    }
}
