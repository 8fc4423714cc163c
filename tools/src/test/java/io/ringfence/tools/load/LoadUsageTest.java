package io.ringfence.tools.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.tools.ExitCode;
import io.ringfence.tools.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoadUsageTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--requests 5 --duration 5 | --requests and --duration: must not both be given",
                "--inflight 5 --rate 5     | --inflight and --rate: must not both be given",
                "--requests 0              | --requests: must be a whole number from 1 to 1000000000000: \"0\"",
                "--duration NaN            | --duration: must be a number from 0.001 to 1000000: \"NaN\"",
                "--duration -1             | --duration: must be a number from 0.001 to 1000000: \"-1\"",
                "--inflight 1025           | --inflight: must be a whole number from 1 to 1024: \"1025\"",
                "--rate 0                  | --rate: must be a number from 0.001 to 1000000000: \"0\"",
                "--input orders.csv        | --input: must be synthetic, synthetic:SEED",
                "--inflght 5               | unknown option --inflght: nearest known is --inflight",
                "--durability never        | --durability: must be memory or disk: \"never\"",
                "--mode invoker            | --mode: must be auto, compact, shared or dedicated: \"invoker\""
            })
    void shouldRefuseInOneLineWhatItCannotDo(String options, String expected) {
        for (String command : new String[] {"demo", "load"}) {
            Shell shell = new Shell((command + " " + options).split(" "));

            assertEquals(ExitCode.BAD_INPUT, shell.exitCode());
            assertTrue(shell.err().startsWith("ringfence " + command + ": " + expected), shell::err);
            assertEquals(1, shell.err().lines().count());
            assertEquals("", shell.out());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "load"})
    void shouldRefuseALatencyFileBeforeAnythingRuns(String command) {
        String missing = folder.resolve("none/run.hlog").toString();
        Path journal = folder.resolve("journal");

        Shell nowhere = new Shell(command, "--dir", journal.toString(), "--hlog", missing);
        Shell directory = new Shell(command, "--dir", journal.toString(), "--hlog", folder.toString());

        assertEquals(ExitCode.BAD_INPUT, nowhere.exitCode());
        assertEquals(
                "ringfence " + command + ": --hlog: must be a file that can be written: " + missing
                        + ": there is no such file or directory, and none can be made\n",
                nowhere.err());
        assertEquals(ExitCode.BAD_INPUT, directory.exitCode());
        assertEquals(
                "ringfence " + command + ": --hlog: must be a file that can be written: " + folder
                        + ": is a directory where a log of latencies belongs; take it away\n",
                directory.err());
        assertTrue(Files.notExists(journal));
    }

    @Test
    void shouldRefuseADirectoryThatIsNeitherNewNorEmpty() throws IOException {
        Path file = Files.writeString(folder.resolve("there.txt"), "kept");

        Shell full = new Shell("demo", "--dir", folder.toString());
        Shell noDirectory = new Shell("demo", "--dir", file.toString());

        assertEquals(ExitCode.BAD_INPUT, full.exitCode());
        assertTrue(full.err().contains("must be a new or an empty directory for a demo: " + folder), full::err);
        assertEquals(ExitCode.BAD_INPUT, noDirectory.exitCode());
        assertEquals("kept", Files.readString(file));
    }

    @Test
    void shouldRefuseToLoadWhereNoEngineRuns() {
        Shell shell = new Shell("load", "--dir", folder.toString());

        assertEquals(ExitCode.BAD_INPUT, shell.exitCode());
        assertTrue(shell.err().contains("must be the directory of a running engine"), shell::err);
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "load", "serve", "ask", "status"})
    void shouldHelpWithAnExample(String command) {
        Shell shell = new Shell(command, "--help");

        assertEquals(ExitCode.DONE, shell.exitCode());
        assertTrue(shell.out().contains("Example:\n  ringfence " + command), shell::out);
    }
}
