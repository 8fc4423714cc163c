package io.ringfence.journal.fault;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Says in words for people why the file system refused a file. */
public final class FileRefusal {
    private FileRefusal() {}

    /** One line for any failure: a refused file as below, the message of a {@link JournalException}, else class and message. */
    public static String text(Throwable failed) {
        if (failed instanceof IOException refused) {
            return text(refused);
        }
        return failed instanceof JournalException ? failed.getMessage() : failed.toString();
    }

    /** One line: the file, then the reason. The messages of some exceptions of the JDK are the bare name of the file. */
    public static String text(IOException refused) {
        if (!(refused instanceof FileSystemException about)) {
            return refused.getMessage() == null ? refused.toString() : refused.getMessage();
        }
        if (about instanceof NoSuchFileException) {
            return about.getFile() + ": there is no such file or directory, and none can be made";
        }
        if (about instanceof AccessDeniedException) {
            return about.getFile() + ": permission denied";
        }
        if (about instanceof NotDirectoryException) {
            return about.getFile() + ": is there and is not a directory";
        }
        return about.getReason() == null ? about.toString() : about.getFile() + ": " + about.getReason();
    }
}
