package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.journal.store.RollFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Puts a FIFO where a file belongs: to open it would wait for its other end, which nobody opens. */
@Tag("system")
@Timeout(600)
class FifoTest {
    private static final String BELONGS = ": is a FIFO where %s belongs; take it away";

    @TempDir
    Path folder;

    @Test
    void shouldRefuseAFifoInPlaceOfAFileOfTheJournal() throws IOException, InterruptedException {
        Path journal = written();
        Path roll = RollFiles.list(journal).get(0);
        requireRefused(roll, "a roll file", "verify", "j");
        requireRefused(roll, "a roll file", "head", "j");
        requireRefused(roll, "a roll file", "replay", "j");
        requireRefused(roll, "a roll file", "serve", "--dir", "j");
        requireRefused(journal.resolve("watermark"), "the watermark file", "verify", "j");
        requireRefused(journal.resolve("watermark"), "the watermark file", "serve", "--dir", "j");
        requireRefused(journal.resolve("lock"), "the file of a lock", "serve", "--dir", "j");
        requireRefused(
                journal.resolve("lock"),
                "the file of a lock",
                ("ask --account desk-1 --quantity 1 --price 25.10 --dir j").split(" "));
        requireRefused(journal.resolve("damage.txt"), "the file of a damage", "serve", "--dir", "j");
        requireRefused(journal.resolve("counters.dat"), "a counters file", "status", "--dir", "j");
    }

    private Path written() throws InterruptedException {
        try (ChildProcess server = ChildProcess.start(folder, "serve", "--dir", "j")) {
            server.firstLine();
            server.terminate();
            assertEquals(ExitCode.DONE, server.exitCode(), server::err);
        }
        return folder.resolve("j");
    }

    /** One line at once, and what was in its place is put back. */
    private void requireRefused(Path file, String what, String... command) throws IOException, InterruptedException {
        Path aside = folder.resolve("aside");
        boolean wasThere = Files.exists(file);
        if (wasThere) {
            Files.move(file, aside);
        }
        makeFifo(file);

        ChildProcess refused = ChildProcess.run(folder, command);

        String said = refused.err();
        assertTrue(refused.exitCode() != ExitCode.DONE, said);
        assertTrue(said.contains(folder.relativize(file) + BELONGS.replace("%s", what)), said);
        assertEquals(1, said.lines().count(), said);
        Files.delete(file);
        if (wasThere) {
            Files.move(aside, file);
        }
    }

    @Test
    void shouldSayThatAFifoIsNoFile() throws IOException, InterruptedException {
        Path fifo = folder.resolve("fifo");
        makeFifo(fifo);
        Path config = Files.writeString(folder.resolve("r.yaml"), "policy: fifo\n");
        for (String line : List.of(
                "serve --config fifo|serve: --config: must be a file: it is a FIFO: fifo",
                "serve --config " + config + "|serve: " + config + ": policy: must be a file: it is a FIFO: " + fifo,
                "serve --dir fifo|serve: --dir: must be a directory, or be free for one: fifo is not a directory",
                "policy check fifo|policy check: FILE: must be a file: it is a FIFO: fifo",
                "demo --input bitstamp:fifo|demo: --input: must be a file: it is a FIFO: fifo",
                "demo --accounts fifo|demo: --accounts: must be a file: it is a FIFO: fifo",
                "demo --hlog fifo|demo: --hlog: must be a file that can be written: fifo: is a FIFO where a log of"
                        + " latencies belongs; take it away",
                "hist fifo|hist: FILE: must be a file: it is a FIFO: fifo",
                "conformance fifo|conformance: FILE: must be a file: it is a FIFO: fifo")) {
            String[] parts = line.split("\\|");

            ChildProcess refused = ChildProcess.run(folder, parts[0].split(" "));

            assertEquals("ringfence " + parts[1] + "\n", refused.err());
            assertEquals(ExitCode.BAD_INPUT, refused.exitCode(), parts[0]);
        }
    }

    private static void makeFifo(Path path) throws IOException, InterruptedException {
        Process made = new ProcessBuilder("mkfifo", path.toString()).start();
        assertTrue(made.waitFor(60, TimeUnit.SECONDS) && made.exitValue() == 0, path::toString);
    }
}
