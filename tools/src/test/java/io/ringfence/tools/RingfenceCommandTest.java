package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class RingfenceCommandTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "polcy|ringfence: unknown command \"polcy\": nearest known is policy",
                "policy chek|ringfence policy: unknown command \"chek\": nearest known is check",
                "policy|ringfence policy: a command is needed: known are check, show",
                "hist --jsn a.hlog|ringfence hist: unknown option --jsn: nearest known is --json",
                "hist --colour=red a.hlog|ringfence hist: unknown option --colour: known are -h, --help, --json",
                "hist a.hlog b.hlog|ringfence hist: unexpected argument \"b.hlog\": see --help",
                "hist|ringfence hist: Missing required parameter: 'FILE'"
            })
    void shouldRefuseBadUsageInOneLine(String args, String expected) {
        Shell shell = new Shell(args.split(" "));

        assertEquals(ExitCode.BAD_INPUT, shell.exitCode());
        assertEquals(expected + System.lineSeparator(), shell.err());
        assertEquals("", shell.out());
    }

    @Test
    void shouldSayItsVersion() {
        Shell shell = new Shell("--version");

        assertEquals(ExitCode.DONE, shell.exitCode());
        assertTrue(shell.out().matches("ringfence [0-9]+\\.[0-9]+.* on Java [0-9]+\\R"), shell::out);
    }

    @Test
    void shouldShowAnExampleInTheHelpOfEveryCommand() {
        for (List<String> path : paths(RingfenceCommand.commandLine(), List.of())) {
            List<String> args = new ArrayList<>(path);
            args.add("--help");

            Shell shell = new Shell(args.toArray(String[]::new));

            assertEquals(ExitCode.DONE, shell.exitCode(), () -> path + shell.err());
            assertTrue(shell.out().contains("Example:"), () -> path + ": no example");
            assertTrue(shell.out().contains("  ringfence " + String.join(" ", path)), () -> path + shell.out());
        }
    }

    private static List<List<String>> paths(CommandLine line, List<String> path) {
        List<List<String>> paths = new ArrayList<>();
        paths.add(path);
        line.getSubcommands().forEach((name, command) -> {
            List<String> below = new ArrayList<>(path);
            below.add(name);
            paths.addAll(paths(command, below));
        });
        return paths;
    }
}
