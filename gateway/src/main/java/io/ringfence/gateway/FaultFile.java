package io.ringfence.gateway;

import io.ringfence.engine.pipeline.Engine.FailureLatch;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/** Writes a command on which a stage failed to {@code fault-<sequence>.txt} in the data directory. It is not in the journal. */
final class FaultFile {
    private FaultFile() {}

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
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
            out.println("stage: " + failure.stage());
            out.println("sequence: " + failure.sequence());
            out.println("command: " + HexFormat.of().formatHex(failure.command()));
            failure.cause().printStackTrace(out);
        } catch (IOException e) {
            throw new UncheckedIOException("the fault file cannot be written: " + file, e);
        }
    }
}
