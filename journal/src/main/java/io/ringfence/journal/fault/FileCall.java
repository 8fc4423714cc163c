package io.ringfence.journal.fault;

import java.io.IOException;
import java.nio.file.Path;

/** Names the call and the file in what the system says of a failed call: {@code force of FILE failed: Input/output error}. */
public final class FileCall {
    /** A call on a file. */
    public interface Action {
        /** @throws IOException what the system says; the JDK often leaves call and file out. */
        void run() throws IOException;
    }

    private FileCall() {}

    /**
     * Makes a call.
     *
     * @param call such as {@code force}.
     * @param file or directory that it is about.
     * @throws IOException with call, file and what the system says; the cause is the exception of the JDK.
     */
    public static void run(String call, Path file, Action action) throws IOException {
        try {
            action.run();
        } catch (IOException failed) {
            throw new IOException(text(call, file, failed), failed);
        }
    }

    /** One line: call, file, and what the system says. */
    public static String text(String call, Path file, Throwable failed) {
        return call + " of " + file + " failed: " + FileRefusal.text(failed);
    }
}
