package io.ringfence.gateway;

import io.ringfence.engine.pipeline.Engine.FailureLatch;
import io.ringfence.journal.fault.FileCall;
import io.ringfence.journal.fault.RegularFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;

/** Writes a command on which a stage failed to {@code fault-<sequence>.txt} in the data directory. It is not in the journal. */
public final class FaultFile {
    /** Name of the file that has one line: why the engine stopped. */
    public static final String REASON = "failure.txt";

    private FaultFile() {}

    /** Why the engine of a data directory stopped last; empty if it did not fail, or could not write that. */
    public static Optional<String> reason(Path directory) {
        try {
            return Optional.of(
                            Files.readString(require(directory.resolve(REASON))).strip())
                    .filter(reason -> !reason.isEmpty());
        } catch (IOException none) {
            return Optional.empty();
        }
    }

    private static Path require(Path file) throws IOException {
        return RegularFile.require(file, "the file of a failure");
    }

    /**
     * Writes why an engine has stopped, or deletes what an earlier one has written. The disk may be what has failed: then standard error
     * alone says it.
     *
     * @param reason one line; null for none.
     */
    static void say(Path directory, String reason) {
        try {
            if (reason == null) {
                Files.deleteIfExists(directory.resolve(REASON));
            } else {
                Files.writeString(
                        require(directory.resolve(REASON)),
                        reason.lines().findFirst().orElse("") + "\n");
            }
        } catch (IOException failed) {
            System.err.println("ringfence: " + FileCall.text("write", directory.resolve(REASON), failed));
        }
    }

    /**
     * Writes stage, sequence, command bytes in hex, and stack trace.
     *
     * @param failure of a stage; null: nothing is written.
     * @throws UncheckedIOException when the file cannot be written.
     */
    static void write(Path directory, FailureLatch.Failure failure) {
        if (failure == null) {
            return;
        }
        Path file = directory.resolve("fault-" + failure.sequence() + ".txt");
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(require(file)))) {
            out.println("stage: " + failure.stage());
            out.println("sequence: " + failure.sequence());
            out.println("command: " + HexFormat.of().formatHex(failure.command()));
            failure.cause().printStackTrace(out);
        } catch (IOException e) {
            throw new UncheckedIOException("the fault file cannot be written: " + file, e);
        }
    }
}
