package io.ringfence.gateway.answers;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.UUID;

/**
 * The file under a {@link FactsIndex}, little endian: magic "ringfct2" 8 | journal id 32 | boot id 36 | zeros up to 4096 |
 * entries.
 *
 * <p>Pages of a mapped file reach the disk in any order. What a killed process wrote is all there; what stood before a loss
 * of power may be in part, so a file of another boot of the machine starts anew.
 */
record FactsFile(MappedByteBuffer memory) {
    static final int ENTRIES_OFFSET = 4_096;

    private static final byte[] MAGIC = "ringfct2".getBytes(StandardCharsets.US_ASCII);
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final int BOOT_ID_LENGTH = 36;
    private static final int JOURNAL_ID_LENGTH = 32;
    static final int HEADER_LENGTH = Long.BYTES + JOURNAL_ID_LENGTH + BOOT_ID_LENGTH;

    /** Opens the file, made anew with blocks of its own unless it is of this journal, boot and length. */
    static FactsFile open(Path path, int entriesLength, byte[] journalId) throws IOException {
        byte[] header = header(journalId);
        long length = ENTRIES_OFFSET + (long) entriesLength;
        if (!isOurs(path, header, length)) {
            create(path, header, length);
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, length);
            memory.order(ByteOrder.LITTLE_ENDIAN);
            return new FactsFile(memory);
        }
    }

    private static byte[] header(byte[] journalId) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER_LENGTH);
        header.put(MAGIC).put(journalId, 0, JOURNAL_ID_LENGTH).put(bootId());
        return header.array();
    }

    /** Name of the machine's run since it was switched on; where there is none, a name never met again. */
    private static byte[] bootId() throws IOException {
        String bootId = Files.isReadable(BOOT_ID)
                ? Files.readString(BOOT_ID).strip()
                : UUID.randomUUID().toString();
        return Arrays.copyOf(bootId.getBytes(StandardCharsets.US_ASCII), BOOT_ID_LENGTH);
    }

    private static boolean isOurs(Path path, byte[] header, long length) throws IOException {
        if (!Files.exists(path) || Files.size(path) != length) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer found = ByteBuffer.allocate(header.length);
            int count = 0;
            while (found.hasRemaining() && count >= 0) {
                count = channel.read(found); // May give less than was asked for.
            }
            return Arrays.equals(found.array(), header);
        }
    }

    /** Writes every byte, so that a full disk shows here and not as a fault in the middle of an answer. */
    private static void create(Path path, byte[] header, long length) throws IOException {
        Files.deleteIfExists(path);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocate(1 << 16);
            for (long position = 0; position < length; position += zeros.limit()) {
                zeros.clear().limit((int) Math.min(zeros.capacity(), length - position));
                write(channel, zeros, position);
            }
            write(channel, ByteBuffer.wrap(header), 0);
        }
    }

    private static void write(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
        channel.position(position);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
