package io.ringfence.gateway.transport.aeron;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.buffer.LogFactory;
import io.aeron.driver.buffer.RawLog;
import io.aeron.exceptions.StorageSpaceException;
import io.aeron.logbuffer.LogBufferDescriptor;
import io.ringfence.journal.store.Blocks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.agrona.IoUtil;
import org.agrona.LangUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Makes the files of the driver's streams, for {@link SharedAccess those who may use them} alone.
 *
 * <p>Aeron's own factory looks at the free room and then meets the pages through its map. Where others take the room in between, that is a
 * fault in a map. Here all of the file is written before it is mapped: no room is an exception, which Aeron tells the client that asked.
 *
 * <p>Aeron has no public way to set a factory. {@link #install} calls the setter of its tests.
 */
final class StreamFiles implements LogFactory {
    private static final int PAGE_LENGTH = LogBufferDescriptor.PAGE_MIN_SIZE;

    private final Path publications;
    private final Path images;
    private final SharedAccess access;

    StreamFiles(Path aeronDirectory, SharedAccess access) {
        this.publications = aeronDirectory.resolve(DriverDirectory.PUBLICATIONS);
        this.images = aeronDirectory.resolve(DriverDirectory.IMAGES);
        this.access = access;
    }

    /** Length of the file of a stream, in bytes. */
    static long length(int termLength) {
        return LogBufferDescriptor.computeLogLength(termLength, PAGE_LENGTH);
    }

    /** Has a driver that is not launched yet take its streams from here. */
    void install(MediaDriver.Context context) {
        try {
            var setter = MediaDriver.Context.class.getDeclaredMethod("logFactory", LogFactory.class);
            setter.setAccessible(true);
            setter.invoke(context, this);
        } catch (ReflectiveOperationException changed) {
            throw new IllegalStateException("this build of Aeron takes no factory of streams", changed);
        }
    }

    @Override
    public RawLog newPublication(long correlationId, int termLength, boolean isSparse) {
        return make(publications, correlationId, termLength);
    }

    @Override
    public RawLog newImage(long correlationId, int termLength, boolean isSparse) {
        return make(images, correlationId, termLength);
    }

    private RawLog make(Path directory, long correlationId, int termLength) {
        long length = length(termLength);
        Path file = directory.resolve(correlationId + ".logbuffer");
        if (length > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a term is too long: length=" + termLength);
        }
        try {
            if (!Files.isDirectory(directory)) {
                access.makeDirectory(directory);
            }
            return new StreamFile(file, map(file, length), termLength);
        } catch (IOException cannot) {
            throw new UncheckedIOException("cannot make the stream " + file + ": " + cannot, cannot);
        }
    }

    /** Maps a new file; what is there under its name already is left alone. */
    private MappedByteBuffer map(Path file, long length) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                SharedAccess.ownersOnly())) {
            try {
                take(channel, file, length);
                access.share(file);
                return channel.map(FileChannel.MapMode.READ_WRITE, 0, length);
            } catch (IOException | RuntimeException failed) {
                delete(file);
                throw failed;
            }
        }
    }

    private static void take(FileChannel channel, Path file, long length) {
        try {
            Blocks.allocate(channel, 0, length);
        } catch (IOException noRoom) {
            throw new StorageSpaceException("insufficient usable storage for a stream of " + length + " bytes in "
                    + file.getParent() + ": " + noRoom.getMessage());
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException cannot) {
            LangUtil.rethrowUnchecked(cannot);
        }
    }

    @Override
    public void close() {
        // Each stream is closed by itself.
    }

    /** One stream, mapped as a whole, with each page met. */
    private static final class StreamFile implements RawLog {
        private final Path file;
        private final int termLength;
        private final UnsafeBuffer[] terms = new UnsafeBuffer[LogBufferDescriptor.PARTITION_COUNT];
        private final UnsafeBuffer metadata;
        private MappedByteBuffer map;

        StreamFile(Path file, MappedByteBuffer map, int termLength) {
            this.file = file;
            this.map = map;
            this.termLength = termLength;
            map.order(ByteOrder.LITTLE_ENDIAN);
            for (int at = 0; at < map.capacity(); at += PAGE_LENGTH) {
                map.put(at, (byte) 0);
            }
            for (int i = 0; i < terms.length; i++) {
                terms[i] = new UnsafeBuffer(map, i * termLength, termLength);
            }
            int metadataLength = LogBufferDescriptor.LOG_META_DATA_LENGTH;
            metadata = new UnsafeBuffer(map, map.capacity() - metadataLength, metadataLength);
        }

        @Override
        public int termLength() {
            return termLength;
        }

        @Override
        public UnsafeBuffer[] termBuffers() {
            return terms;
        }

        @Override
        public UnsafeBuffer metaData() {
            return metadata;
        }

        @Override
        public ByteBuffer[] sliceTerms() {
            ByteBuffer[] slices = new ByteBuffer[terms.length];
            for (int i = 0; i < slices.length; i++) {
                slices[i] = map.slice(i * termLength, termLength);
            }
            return slices;
        }

        @Override
        public String fileName() {
            return file.toAbsolutePath().toString();
        }

        /** Gives map and file back; nobody may read the stream after. */
        @Override
        public boolean free() {
            if (map != null) {
                for (UnsafeBuffer term : terms) {
                    term.wrap(0, 0);
                }
                metadata.wrap(0, 0);
                IoUtil.unmap(map);
                map = null;
            }
            delete(file);
            return true;
        }

        @Override
        public void close() {
            free();
        }
    }
}
