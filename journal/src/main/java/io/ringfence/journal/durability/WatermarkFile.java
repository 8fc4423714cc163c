package io.ringfence.journal.durability;

import io.ringfence.journal.chain.HashChain;
import io.ringfence.journal.chain.Head;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.WatermarkDecoder;
import io.ringfence.schemas.WatermarkEncoder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
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
 * other slot is whole. A rename instead would need two forces a sync. A write is not forced, except at a clean stop: a loss of
 * power may bring back an older promise, which is a lower bound and still true. Not thread safe.
 */
public final class WatermarkFile implements Closeable {
    /**
     * A promise that a journal is at least this long.
     *
     * @param head      last record known to be safe; sequence 0: nothing is promised.
     * @param journalId name of the journal, 32 bytes.
     */
    public record Watermark(Head head, byte[] journalId) {
        /** Promises nothing. */
        public static Watermark none() {
            return new Watermark(Head.none(), new byte[HashChain.HASH_LENGTH]);
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

    private final FileChannel channel;
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(SLOT_LENGTH);
    private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final WatermarkEncoder message = new WatermarkEncoder();
    private final CRC32C checksum = new CRC32C();
    private int nextSlot;

    private WatermarkFile(FileChannel channel, int nextSlot) {
        this.channel = channel;
        this.nextSlot = nextSlot;
    }

    /** Opens the file for writing; creates it if it is not there. */
    public static WatermarkFile open(Path directory) throws IOException {
        int newest = newestSlot(slots(directory));
        FileChannel channel =
                FileChannel.open(directory.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        return new WatermarkFile(channel, newest < 0 ? 0 : 1 - newest);
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
                    JournalException.Reason.DISK_FAILED, "cannot read " + directory.resolve(NAME) + ": " + e, e);
        }
    }

    /** Writes a promise into the older slot: one write of less than a page, not forced. */
    public void write(Watermark watermark) throws IOException {
        message.wrapAndApplyHeader(buffer, 0, header)
                .sequence(watermark.head().sequence())
                .putEntryHash(watermark.head().entryHash(), 0, HashChain.HASH_LENGTH)
                .putJournalId(watermark.journalId(), 0, HashChain.HASH_LENGTH);
        checksum.reset();
        checksum.update(bytes.clear().limit(CHECKSUM_OFFSET));
        message.checksum(checksum.getValue());
        bytes.clear().limit(MESSAGE_LENGTH);
        long position = (long) nextSlot * SLOT_LENGTH;
        while (bytes.hasRemaining()) {
            position += channel.write(bytes, position);
        }
        nextSlot = 1 - nextSlot;
    }

    /** Makes the last promise safe against loss of power. */
    public void force() throws IOException {
        channel.force(true);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static byte[] slots(Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        return Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
    }

    private static int newestSlot(byte[] slots) {
        int newest = -1;
        long newestSequence = 0;
        for (int slot = 0; slot < SLOTS; slot++) {
            Watermark watermark = decode(slots, slot);
            if (watermark != null && (newest < 0 || watermark.head().sequence() > newestSequence)) {
                newest = slot;
                newestSequence = watermark.head().sequence();
            }
        }
        return newest;
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
        return new Watermark(new Head(message.sequence(), entryHash), journalId);
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
