package io.ringfence.tools;

import io.ringfence.gateway.config.ConfigFault;
import io.ringfence.gateway.config.Nearest;
import io.ringfence.journal.fault.JournalException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what goes wrong into one line on standard error and an exit code. */
final class Faults {
    private Faults() {}

    /** A command line that cannot be read. */
    static int onUsage(ParameterException wrong, String[] args) {
        CommandLine command = wrong.getCommandLine();
        String text = wrong instanceof UnmatchedArgumentException unmatched
                ? unmatched(command, unmatched.getUnmatched().get(0))
                : wrong.getMessage();
        say(command, text);
        return ExitCode.BAD_INPUT;
    }

    /** A command that could not do its work. */
    static int onFailure(Exception failure, CommandLine command, ParseResult parsed) {
        if (failure instanceof ConfigFault) {
            command.getErr().println(failure.getMessage());
            return ExitCode.BAD_INPUT;
        }
        if (failure instanceof BadInputException) {
            say(command, failure.getMessage());
            return ExitCode.BAD_INPUT;
        }
        if (failure instanceof JournalException journal) {
            say(command, failure.getMessage());
            return switch (journal.reason()) {
                case MISSING -> ExitCode.BAD_INPUT;
                case DAMAGED -> ExitCode.CHECK_FAILED;
                case IN_USE, NO_ROOM, DISK_FAILED -> ExitCode.ENVIRONMENT_FAILED;
            };
        }
        if (failure instanceof EnvironmentException
                || failure instanceof IOException
                || failure instanceof UncheckedIOException) {
            say(command, failure.getMessage());
            return ExitCode.ENVIRONMENT_FAILED;
        }
        say(command, "a fault of this program, not of yours: " + failure);
        failure.printStackTrace(command.getErr());
        return ExitCode.ENVIRONMENT_FAILED;
    }

    private static String unmatched(CommandLine command, String word) {
        if (word.startsWith("-")) {
            Collection<String> options = command.getCommandSpec().optionsMap().keySet();
            String name = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
            return "unknown option " + name + ": " + Nearest.hint(name, options);
        }
        Collection<String> commands = command.getSubcommands().keySet();
        return commands.isEmpty()
                ? "unexpected argument \"" + word + "\": see --help"
                : "unknown command \"" + word + "\": " + Nearest.hint(word, commands);
    }

    private static void say(CommandLine command, String text) {
        String line = command.getCommandSpec().qualifiedName() + ": " + text;
        command.getErr().println(line.replaceAll("\\s*[\\r\\n]+\\s*", " "));
    }
}
