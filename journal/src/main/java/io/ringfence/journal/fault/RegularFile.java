package io.ringfence.journal.fault;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Refuses what is no regular file before it is opened: to open a FIFO waits until another process opens its other end, and nothing ends that
 * wait. Links are followed. Safe from any thread.
 */
public final class RegularFile {
    private static final int TYPE_MASK = 0xF000; // Of st_mode, see inode(7).
    private static final int FIFO = 0x1000;
    private static final int SOCKET = 0xC000;

    private static final String FIFO_TEXT = "it is a FIFO";

    private RegularFile() {}

    /**
     * Checks a file before it is opened.
     *
     * @param what the file is meant to be: "a roll file".
     * @return the same path; also where there is no such file, or that cannot be seen: opening it says so.
     * @throws FileSystemException when something else is there.
     */
    public static Path require(Path file, String what) throws FileSystemException {
        return Files.exists(file) && !Files.isRegularFile(file) ? refuse(file, what) : file;
    }

    /**
     * The same for a file that is written anew, which refuses a FIFO alone: to open one waits for a reader. What else is there says itself
     * why it cannot be written.
     */
    public static Path requireNoFifo(Path file, String what) throws FileSystemException {
        return FIFO_TEXT.equals(otherwise(file)) ? refuse(file, what) : file;
    }

    private static Path refuse(Path file, String what) throws FileSystemException {
        throw new FileSystemException(
                file.toString(), null, "is " + kind(file) + " where " + what + " belongs; take it away");
    }

    /** What is there in place of a regular file: {@code it is a FIFO}, or {@code there is none}. Null where a regular file is. */
    public static String otherwise(Path file) {
        if (Files.isRegularFile(file)) {
            return null;
        }
        return Files.exists(file) ? "it is " + kind(file) : "there is none";
    }

    private static String kind(Path file) {
        if (Files.isDirectory(file)) {
            return "a directory";
        }
        try {
            int type = (int) Files.getAttribute(file, "unix:mode") & TYPE_MASK;
            return type == FIFO ? "a FIFO" : type == SOCKET ? "a socket" : "a device";
        } catch (IOException | UnsupportedOperationException unknown) {
            return "no regular file";
        }
    }
}
