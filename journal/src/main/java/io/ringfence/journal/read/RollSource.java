package io.ringfence.journal.read;

import io.ringfence.journal.store.RollBytes;
import io.ringfence.journal.store.RollFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/** Opens the roll files of a journal one after the other. */
@FunctionalInterface
public interface RollSource {
    /** The next file, opened; the caller closes it. Null behind the last. */
    RollBytes next() throws IOException;

    /** Files on the disk, oldest first. */
    static RollSource of(List<Path> files) {
        Iterator<Path> iterator = files.iterator();
        return () -> iterator.hasNext() ? RollFile.open(iterator.next()) : null;
    }

    /** Files opened already, oldest first. */
    static RollSource ofOpened(List<? extends RollBytes> files) {
        Iterator<? extends RollBytes> iterator = files.iterator();
        return () -> iterator.hasNext() ? iterator.next() : null;
    }
}
