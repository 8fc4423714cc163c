package io.ringfence.journal.durability;

import io.ringfence.journal.chain.HashChain;
import io.ringfence.journal.chain.Head;
import io.ringfence.journal.fault.FileCall;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.fault.RegularFile;
import io.ringfence.journal.store.Disk;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.WatermarkDecoder;
import io.ringfence.schemas.WatermarkEncoder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Keeps the watermark in the file {@code watermark}: two slots of 4,096 bytes, each a {@code Watermark} message.
 *
 * <p>Slots are written in turn. A write that was broken off destroys the older promise only: its checksum is wrong, and the
 * other slot is whole. A rename instead would need two forces a sync. A write is not forced by itself: a loss of
 * power may bring back an older promise, which is a lower bound and still true. {@link #force} bounds how old. Each promise has a number, and the
 * greater one of two is the newer. Not thread safe.
 */
public final class WatermarkFile implements Closeable {
    /**
     * A promise that a journal is at least this long.
     *
     * @param head      last record known to be safe; sequence 0: nothing is promised.
     * @param journalId name of the journal, 32 bytes; zeros if nothing is promised.
     * @param bootId    run of the machine's kernel in which it was written, see {@link BootId}, 16 bytes; zeros if not known.
     * @param begunSequence first sequence of the roll file that was begun last since the journal was opened; 0: none. Its name need not
     *                      have been forced: a restart of the machine may have lost it.
     */
    public record Watermark(Head head, byte[] journalId, byte[] bootId, long begunSequence) {
        /** Promises nothing. */
        public static Watermark none() {
            return new Watermark(Head.none(), new byte[HashChain.HASH_LENGTH], BootId.unknown(), 0);
        }

        /** Was it read from a file, even if it promises no record? */
        public boolean isWritten() {
            return isPresent() || BootId.isKnown(bootId);
        }

        /** Has the machine restarted since it was written? False if that is not known. */
        public boolean isOfAnotherBoot() {
            return BootId.isRestart(bootId, BootId.current());
        }

        /** First sequence of a roll file that must be there though no promise covers it; 0: none is known. */
        public long requiredSequence() {
            return isOfAnotherBoot() || begunSequence <= head.sequence() ? 0 : begunSequence;
        }

        /** Is a record promised? */
        public boolean isPresent() {
            return head.sequence() > 0;
        }
    }

    /** Name of the file in the journal's directory. */
    public static final String NAME = "watermark";

    private static final int SLOT_LENGTH = 4096;
    private static final int SLOTS = 2;
    private static final int MESSAGE_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH + WatermarkEncoder.BLOCK_LENGTH;
    private static final int CHECKSUM_OFFSET =
            MessageHeaderEncoder.ENCODED_LENGTH + WatermarkEncoder.checksumEncodingOffset();

    private final Path path;
    private final Disk disk;
    private final FileChannel channel;
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(SLOT_LENGTH);
    private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final WatermarkEncoder message = new WatermarkEncoder();
    private final CRC32C checksum = new CRC32C();
    private int nextSlot;
    private long number;

    private WatermarkFile(Path path, Disk disk, FileChannel channel, int nextSlot, long number) {
        this.path = path;
        this.disk = disk;
        this.channel = channel;
        this.nextSlot = nextSlot;
        this.number = number;
    }

    /** Opens the file for writing; creates it if it is not there. */
    public static WatermarkFile open(Path directory) throws IOException {
        return open(directory, Disk.REAL);
    }

    /** The same, on a disk of the caller. */
    public static WatermarkFile open(Path directory, Disk disk) throws IOException {
        byte[] slots = slots(directory);
        int newest = newestSlot(slots);
        long number = newest < 0 ? 0 : number(slots, newest);
        Path path = directory.resolve(NAME);
        FileChannel channel = FileChannel.open(require(path), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        return new WatermarkFile(path, disk, channel, newest < 0 ? 0 : 1 - newest, number);
    }

    /** Is there such a file? A writer makes it before its first roll file. */
    public static boolean exists(Path directory) {
        return Files.exists(directory.resolve(NAME));
    }

    /**
     * Reads the newest promise.
     *
     * @return the promise; {@link Watermark#none()} if there is no file or it holds zeros only; null if it holds other bytes
     *     and no slot is whole.
     * @throws JournalException {@code DISK_FAILED} if the file cannot be read.
     */
    public static Watermark read(Path directory) {
        try {
            byte[] slots = slots(directory);
            int newest = newestSlot(slots);
            return newest >= 0 ? decode(slots, newest) : isZero(slots) ? Watermark.none() : null;
        } catch (IOException e) {
            throw new JournalException(
                    JournalException.Reason.DISK_FAILED, FileCall.text("read", directory.resolve(NAME), e), e);
        }
    }

    /** Writes a promise into the older slot: one write of less than a page, not forced. */
    public void write(Watermark watermark) throws IOException {
        message.wrapAndApplyHeader(buffer, 0, header)
                .sequence(watermark.head().sequence())
                .putEntryHash(watermark.head().entryHash(), 0, HashChain.HASH_LENGTH)
                .putJournalId(watermark.journalId(), 0, HashChain.HASH_LENGTH)
                .putBootId(watermark.bootId(), 0, WatermarkEncoder.bootIdLength())
                .number(++number)
                .begunSequence(watermark.begunSequence());
        checksum.reset();
        checksum.update(bytes.clear().limit(CHECKSUM_OFFSET));
        message.checksum(checksum.getValue());
        bytes.clear().limit(MESSAGE_LENGTH);
        long position = (long) nextSlot * SLOT_LENGTH;
        try {
            while (bytes.hasRemaining()) {
                position += channel.write(bytes, position);
            }
        } catch (IOException failed) {
            throw new IOException(FileCall.text("write", path, failed), failed);
        }
        nextSlot = 1 - nextSlot;
    }

    /** Makes the last promise safe against loss of power. */
    public void force() throws IOException {
        FileCall.run("force", path, () -> disk.force(channel, path, true));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static byte[] slots(Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        return Files.exists(file) ? Files.readAllBytes(require(file)) : new byte[0];
    }

    private static Path require(Path file) throws IOException {
        return RegularFile.require(file, "the watermark file");
    }

    private static int newestSlot(byte[] slots) {
        int newest = -1;
        for (int slot = 0; slot < SLOTS; slot++) {
            if (decode(slots, slot) != null && (newest < 0 || number(slots, slot) > number(slots, newest))) {
                newest = slot;
            }
        }
        return newest;
    }

    /** Number of the promise in a slot that {@link #decode} accepts. */
    private static long number(byte[] slots, int slot) {
        int offset = slot * SLOT_LENGTH + MessageHeaderEncoder.ENCODED_LENGTH;
        return new UnsafeBuffer(slots)
                .getLong(offset + WatermarkEncoder.numberEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
    }

    private static Watermark decode(byte[] slots, int slot) {
        int offset = slot * SLOT_LENGTH;
        if (offset + MESSAGE_LENGTH > slots.length) {
            return null;
        }
        UnsafeBuffer buffer = new UnsafeBuffer(slots, offset, MESSAGE_LENGTH);
        MessageHeaderDecoder header = new MessageHeaderDecoder().wrap(buffer, 0);
        CRC32C checksum = new CRC32C();
        checksum.update(slots, offset, CHECKSUM_OFFSET);
        WatermarkDecoder message = new WatermarkDecoder()
                .wrap(buffer, MessageHeaderDecoder.ENCODED_LENGTH, WatermarkDecoder.BLOCK_LENGTH, header.version());
        if (header.templateId() != WatermarkDecoder.TEMPLATE_ID || message.checksum() != checksum.getValue()) {
            return null;
        }
        byte[] entryHash = new byte[HashChain.HASH_LENGTH];
        byte[] journalId = new byte[HashChain.HASH_LENGTH];
        message.getEntryHash(entryHash, 0, HashChain.HASH_LENGTH);
        message.getJournalId(journalId, 0, HashChain.HASH_LENGTH);
        byte[] bootId = new byte[WatermarkEncoder.bootIdLength()];
        message.getBootId(bootId, 0, bootId.length);
        return new Watermark(new Head(message.sequence(), entryHash), journalId, bootId, message.begunSequence());
    }

    private static boolean isZero(byte[] slots) {
        for (byte b : slots) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }
}
