package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringfence.journal.store.RollFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages of the roll file in use are taken away, as a disk that fails does. */
@Tag("system")
class FailedJournalSystemTest {
    @TempDir
    Path folder;

    @Test
    void shouldSayWhichCallOnWhichFileFailed() throws IOException, InterruptedException {
        Path file = RollFiles.path(folder.resolve("j"), 1);
        try (ChildProcess server = ChildProcess.start(folder, "serve", "--dir", "j")) {
            server.firstLine();
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(0);
            }

            ChildProcess.run(folder, "load", "--requests", "100", "--dir", "j");

            assertEquals(ExitCode.ENVIRONMENT_FAILED, server.exitCode(), server::err);
            String line = server.err()
                    .lines()
                    .filter(said -> said.startsWith("ringfence serve: "))
                    .findFirst()
                    .orElse("");
            assertTrue(
                    line.startsWith("ringfence serve: the engine stopped: the journal has failed: ")
                            && line.contains(" a mapped page of j/0000000000000000001.cq4 failed: "),
                    server::err);
            ChildProcess status = ChildProcess.run(folder, "status", "--json", "--dir", "j");
            JsonNode shown = status.json();
            assertEquals(ExitCode.CHECK_FAILED, status.exitCode());
            assertEquals("failed", shown.path("state").textValue());
            assertEquals(
                    line.substring("ringfence serve: the engine stopped: ".length()),
                    shown.path("failure").textValue());
            assertTrue(ChildProcess.run(folder, "status", "--dir", "j")
                    .out()
                    .contains("Failure     the journal has failed"));
        }
    }
}
