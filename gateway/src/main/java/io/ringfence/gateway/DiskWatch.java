package io.ringfence.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Watches how much room the journal's disk has. One thread looks; any thread asks. */
final class DiskWatch {
    private final Path directory;
    private final long headroomBytes;
    private volatile boolean isLow;

    /** @param headroomBytes that must be free for anything new to be taken on. */
    DiskWatch(Path directory, long headroomBytes) {
        this.directory = directory;
        this.headroomBytes = headroomBytes;
    }

    /** Looks again. */
    void look() {
        isLow = usableBytes() < headroomBytes;
    }

    /** Room on the disk; none when the disk does not say, for then nothing new may be taken on. */
    private long usableBytes() {
        try {
            return Files.getFileStore(directory).getUsableSpace();
        } catch (IOException e) {
            return 0;
        }
    }

    /** Was there too little room at the last look? */
    boolean isLow() {
        return isLow;
    }
}
