package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class RingfenceCommandTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "polcy|ringfence: unknown command \"polcy\": nearest known is policy",
                "verfy j --json|ringfence: unknown command \"verfy\": nearest known is verify",
                "policy chek|ringfence policy: unknown command \"chek\": nearest known is check",
                "policy|ringfence policy: a command is needed: known are check, show, activate",
                "hist --jsn a.hlog|ringfence hist: unknown option --jsn: nearest known is --json",
                "hist --colour=red a.hlog|ringfence hist: unknown option --colour: see --help",
                "hist a.hlog b.hlog|ringfence hist: unexpected argument \"b.hlog\": see --help",
                "hist|ringfence hist: FILE: must be given",
                "ask --input-units 5|ringfence ask: --account: must be given",
                "ask --input 5 --account a|ringfence ask: unknown option --input: nearest known is --input-units",
                "verify --xyzzy j|ringfence verify: unknown option --xyzzy: see --help",
                "account release 0 --why x|ringfence account release: HOLD: must be a whole number from 1 to"
                        + " 9223372036854775807: \"0\"",
                "ask --acount 1|ringfence ask: unknown option --acount: nearest known is --account",
                "ask --input-units 5 --acount=1|ringfence ask: unknown option --acount: nearest known is --account",
                "status --dir|ringfence status: --dir: must have a value: D",
                "status --dir a --dir b|ringfence status: --dir: must be given once",
                "demo --requests many|ringfence demo: --requests: must be a whole number from 1 to 1000000000000: \"many\"",
                "demo --requests 0|ringfence demo: --requests: must be a whole number from 1 to 1000000000000: \"0\"",
                "demo --rate fast|ringfence demo: --rate: must be a number from 0.001 to 1000000000: \"fast\"",
                "demo --mode fast|ringfence demo: --mode: must be auto, compact, shared or dedicated: \"fast\"",
                "ask --account a --side hold|ringfence ask: --side: must be buy or sell: \"hold\"",
                "load --principal 0|ringfence load: --principal: must be a whole number from 1 to 2147483647: \"0\"",
                "inspect j --limit -1|ringfence inspect: --limit: must be a whole number of 1 or more: \"-1\"",
                "inspect j --limit 99999999999999999999|ringfence inspect: --limit: must be a whole number of 1 or more:"
                        + " \"99999999999999999999\"",
                "inspect j --action null_val|ringfence inspect: --action: must be nothing_granted, execute, substitute or"
                        + " reject: \"null_val\"",
                "inspect --kin order j|ringfence inspect: unknown option --kin: nearest known is --kind"
            })
    void shouldRefuseBadUsageInOneLine(String args, String expected) {
        Shell shell = new Shell(args.split(" "));

        assertEquals(ExitCode.BAD_INPUT, shell.exitCode());
        assertEquals(expected + System.lineSeparator(), shell.err());
        assertEquals("", shell.out());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "verify nowhere|verify: DIR: must be the directory of a journal: there is none: nowhere",
                "replay nowhere|replay: DIR: must be the directory of a journal: there is none: nowhere",
                "inspect nowhere|inspect: DIR: must be the directory of a journal: there is none: nowhere",
                "head nowhere|head: DIR: must be the directory of a journal: there is none: nowhere",
                "account holds --dir nowhere"
                        + "|account holds: --dir: must be the directory of a journal: there is none: nowhere",
                "account facts --dir nowhere"
                        + "|account facts: --dir: must be the directory of a journal: there is none: nowhere",
                "account show --dir nowhere"
                        + "|account show: --dir: must be the directory of a journal: there is none: nowhere",
                "status --dir nowhere"
                        + "|status: --dir: must be the directory of an engine that runs or ran: nowhere is no directory",
                "serve --config nowhere|serve: --config: must be a file: there is none: nowhere",
                "serve --config .|serve: --config: must be a file: it is a directory: .",
                "demo --policy nowhere|demo: --policy: must be a file: there is none: nowhere",
                "demo --accounts nowhere|demo: --accounts: must be a file: there is none: nowhere",
                "demo --input bitstamp:nowhere|demo: --input: must be a file: there is none: nowhere",
                "load --policy nowhere|load: --policy: must be a file: there is none: nowhere",
                "ask --account 1 --input-units 3 --policy nowhere|ask: --policy: must be a file: there is none: nowhere",
                "ask --account 1 --input-units 3 --accounts nowhere"
                        + "|ask: --accounts: must be a file: there is none: nowhere",
                "policy check nowhere|policy check: FILE: must be a file: there is none: nowhere",
                "policy show nowhere|policy show: FILE: must be a file: there is none: nowhere",
                "hist nowhere|hist: FILE: must be a file: there is none: nowhere",
                "conformance kernel.jsonl|conformance: FILE: must be a file: there is none: kernel.jsonl"
            })
    void shouldNameTheOptionOfAPathThatIsNotThere(String args, String expected) {
        System.setProperty("ringfence.home", System.getProperty("ringfence.root"));

        Shell shell = new Shell(args.split(" "));

        assertEquals("ringfence " + expected + System.lineSeparator(), shell.err());
        assertEquals(ExitCode.BAD_INPUT, shell.exitCode());
    }

    /** An option of one name means one thing: a number of units and a source of orders are two. */
    @Test
    void shouldMeanOneThingByOneOptionInAllCommands() {
        Map<String, Map<String, Set<String>>> labels = new TreeMap<>();
        for (List<String> path : paths(RingfenceCommand.commandLine(), List.of())) {
            CommandLine line = RingfenceCommand.commandLine();
            for (String name : path) {
                line = line.getSubcommands().get(name);
            }
            line.getCommandSpec()
                    .options()
                    .forEach(option -> labels.computeIfAbsent(option.longestName(), name -> new TreeMap<>())
                            .computeIfAbsent(option.typeInfo().getClassSimpleName(), type -> new TreeSet<>())
                            .add(String.join(" ", path)));
        }
        labels.get("--account").clear(); // A name or an id; where a journal is read, an id.
        labels.values()
                .removeIf(types -> types.size() < 2
                        || Set.of("int", "Integer", "long", "Long").containsAll(types.keySet()));

        assertEquals(Map.of(), labels);
    }

    @ParameterizedTest
    @ValueSource(strings = {"oder", "NULL_VAL", "SBE_UNKNOWN"})
    void shouldNameTheKindsOfRecordsThatThereAre(String unknown) {
        Shell shell = new Shell("inspect", "j", "--kind", unknown);

        assertEquals(ExitCode.BAD_INPUT, shell.exitCode());
        assertTrue(
                shell.err().startsWith("ringfence inspect: --kind: must be admission, order, cancel, replace,"),
                shell::err);
        assertTrue(shell.err().endsWith(": \"" + unknown + "\"" + System.lineSeparator()), shell::err);
        assertFalse(shell.err().replace(unknown, "").matches("(?is).*(null_val|sbe_unknown).*"), shell::err);
        assertEquals(1, shell.err().lines().count());
    }

    @Test
    void shouldHelpWhateverElseIsGiven() {
        Shell shell = new Shell("demo", "--rate", "0", "--help");

        assertEquals(ExitCode.DONE, shell.exitCode(), shell::err);
        assertTrue(shell.out().contains("Example:"), shell::out);
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

    /** An empty path would be the current directory, and be printed as nothing. */
    @Test
    void shouldRefuseAnEmptyPathOfEveryCommand() {
        int pathCount = 0;
        for (List<String> path : paths(RingfenceCommand.commandLine(), List.of())) {
            CommandLine line = RingfenceCommand.commandLine();
            for (String name : path) {
                line = line.getSubcommands().get(name);
            }
            for (CommandLine.Model.ArgSpec arg : line.getCommandSpec().args()) {
                if (List.of(arg.auxiliaryTypes()).contains(Path.class)) {
                    requireEmptyRefused(path, arg);
                    pathCount++;
                }
            }
        }
        assertTrue(pathCount > 25, "pathCount=" + pathCount);
    }

    private static void requireEmptyRefused(List<String> path, CommandLine.Model.ArgSpec arg) {
        List<String> args = new ArrayList<>(path);
        if (arg.isOption()) {
            args.add(Faults.name(arg));
        }
        args.add("");

        Shell shell = new Shell(args.toArray(String[]::new));

        String kind = arg.paramLabel().startsWith("D") ? "directory" : "file";
        assertEquals(
                "ringfence " + String.join(" ", path) + ": " + Faults.name(arg) + ": must name a " + kind
                        + ": it is empty" + System.lineSeparator(),
                shell.err());
        assertEquals(ExitCode.BAD_INPUT, shell.exitCode());
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

    /** Digits of other scripts would be read here and refused in a configuration. */
    @ParameterizedTest
    @CsvSource({
        "ask --account desk-1 --candidate XNAS --price 1 --quantity \u0661\u0660, --quantity: must be a number above 0",
        "ask --account desk-1 --candidate XNAS --price 1 --quantity 1e3, --quantity: must be a number above 0",
        "ask --account team-a --candidate gpt-4o --input-units \u0661\u0662, --input-units: must be a whole number",
        "load --requests \u0661\u0660, --requests: must be a whole number",
        "inspect . --sequence \u0662, --sequence: must be a whole number",
        "load --rate 1e3, --rate: must be a number",
        "load --rate \uFF12, --rate: must be a number",
        "inspect . --from 10 --to 5, --to: must be at least --from"
    })
    void shouldReadNumbersInAsciiDigitsAlone(String line, String refusal) {
        Shell refused = new Shell(line.split(" "));

        assertEquals(ExitCode.BAD_INPUT, refused.exitCode(), refused::err);
        assertTrue(refused.err().contains(refusal), refused::err);
    }
}
