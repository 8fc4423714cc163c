package io.ringfence.journal.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Makes what was written safe against loss of power. All that a journal promises goes through it, so a test can put its own in the place
 * of {@link #REAL}: to see the order, or to fail.
 */
public interface Disk {
    /** Forces for real. */
    Disk REAL = new Disk() {};

    /**
     * Forces the bytes of a file.
     *
     * @param file       path of the file, as it was when the channel was opened or later.
     * @param isMetadata true: also what a reading of the bytes does not need.
     * @throws IOException when the bytes may be lost; the system may have marked them as written all the same, so it must not be tried again.
     */
    default void force(FileChannel channel, Path file, boolean isMetadata) throws IOException {
        channel.force(isMetadata);
    }

    /** Forces the names in a directory. */
    default void forceDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
