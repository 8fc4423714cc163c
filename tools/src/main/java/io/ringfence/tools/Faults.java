package io.ringfence.tools;

import io.ringfence.gateway.config.ConfigFault;
import io.ringfence.journal.fault.JournalException;
import java.io.IOException;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Turns what goes wrong into one line on standard error and an exit code. */
final class Faults {
    private Faults() {}

    /** A command line that cannot be read. */
    static int onUsage(ParameterException wrong, String[] args) {
        say(wrong.getCommandLine(), UsageText.of(wrong));
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

    private static void say(CommandLine command, String text) {
        String line = command.getCommandSpec().qualifiedName() + ": " + text;
        command.getErr().println(line.replaceAll("\\s*[\\r\\n]+\\s*", " "));
    }
}
