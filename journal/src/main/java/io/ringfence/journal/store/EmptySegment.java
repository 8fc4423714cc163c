package io.ringfence.journal.store;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import io.ringfence.journal.fault.FileCall;
import io.ringfence.journal.store.SegmentStore.Preparation;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import net.openhft.chronicle.bytes.SyncMode;
import net.openhft.chronicle.core.io.BackgroundResourceReleaser;
import net.openhft.chronicle.core.io.Closeable;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import org.agrona.BitUtil;

/** Makes a roll file that holds no record yet: takes its room, has Chronicle open it, and gives it a name in the journal's directory. */
final class EmptySegment {
    /** Bytes of the directory's own file, which the store makes beside a roll file and which is deleted again. */
    static final int BESIDE_LENGTH = 256 * 1024;

    /** Name that the store gives to the file of its first cycle, in which its clock stands still. */
    private static final String FIRST_NAME = "19700101F.cq4";

    static final int MIN_BLOCK_LENGTH = 1024 * 1024;
    private static final int INDEX_COUNT = 1024;
    private static final int INDEX_SPACING = 16 * 1024;
    private static final int FORCED_LENGTH = 4 * 1024 * 1024;

    /** Bytes that are written or touched in one go. */
    static final int PART_LENGTH = 256 * 1024;

    private EmptySegment() {}

    /**
     * Makes a roll file, empty but for the store's own pages.
     *
     * <p>Every page has its block on the disk before the file is mapped: a full disk is an exception here, and no fault in the map of
     * the writer later.
     *
     * @param directory   of the journal.
     * @param disk        forces it.
     * @param scratch     directory to make it in; emptied before, gone after.
     * @param number      of the file among those that this process makes; part of its name until it is begun.
     * @param limit       length in bytes that the file may reach; holds the greatest record.
     * @param preparation of its pages.
     * @param rest        called after each part that was written.
     * @throws IOException when it cannot be made, for lack of room among other reasons; nothing of it is left.
     */
    static Segment make(
            Path directory, Disk disk, Path scratch, long number, long limit, Preparation preparation, Runnable rest)
            throws IOException {
        RollFiles.deleteDirectory(scratch);
        Files.createDirectories(scratch);
        SingleChronicleQueue queue = null;
        ExcerptAppender appender = null;
        Path path = null;
        FileChannel channel = null;
        try {
            Path made = scratch.resolve(FIRST_NAME);
            channel = FileChannel.open(
                    made, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (preparation != Preparation.NONE) {
                allocate(channel, limit, disk, made, preparation == Preparation.WRITTEN_BLOCKS, rest);
            }
            queue = queue(scratch, limit);
            queue.storeForCycle(queue.cycle(), 0, true, null).close();
            appender = queue.createAppender();
            appender.singleThreadedCheckDisabled(true);
            if (!Files.isSameFile(made, appender.currentFile().toPath())) {
                throw new IllegalStateException("the store must write to " + made + ": " + appender.currentFile());
            }
            path = Files.move(made, RollFiles.nextPath(directory, number), ATOMIC_MOVE);
            RollFiles.deleteDirectory(scratch);
            return new Segment(disk, path, limit, appender, channel);
        } catch (IOException | RuntimeException | Error e) {
            giveUp(scratch, path, e, channel, appender, queue);
            throw e;
        }
    }

    private static SingleChronicleQueue queue(Path scratch, long limit) {
        int blockLength = BitUtil.findNextPositivePowerOfTwo((int) Math.max(MIN_BLOCK_LENGTH, limit));
        return SingleChronicleQueueBuilder.binary(scratch.toFile())
                .rollCycle(RollCycles.FAST_DAILY)
                .indexCount(INDEX_COUNT)
                .indexSpacing(INDEX_SPACING)
                .blockSize(blockLength)
                .timeProvider(Segment.STANDING_CLOCK)
                .syncMode(SyncMode.NONE)
                .build();
    }

    /**
     * Gives every page of a new file a block that holds zeros, in writes of one page.
     *
     * <p>A sync that finds its blocks written before needs no journal commit of the file system. Writes of one page keep the
     * page cache in single pages, so that a sync writes only the pages that were changed. Longer writes, or touching in ascending
     * order, leave large pages, which are written whole.
     *
     * @param isForced is it forced too? In small parts, because the disk serves the syncs of records meanwhile.
     */
    private static void allocate(FileChannel channel, long limit, Disk disk, Path path, boolean isForced, Runnable rest)
            throws IOException {
        for (long from = 0; from < limit; from += PART_LENGTH) {
            long begin = from;
            long end = Math.min(begin + PART_LENGTH, limit);
            FileCall.run("write", path, () -> Blocks.allocate(channel, begin, end));
            if (isForced && (end % FORCED_LENGTH == 0 || end == limit)) {
                FileCall.run("force", path, () -> disk.force(channel, path, false));
            }
            rest.run();
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
}
