package io.ringfence.tools;

import io.ringfence.gateway.StartStoppedException;
import io.ringfence.gateway.client.MissingRight;
import io.ringfence.gateway.config.ConfigFault;
import io.ringfence.gateway.config.Nearest;
import io.ringfence.journal.fault.FileRefusal;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.tools.ExitCode.BadInputException;
import io.ringfence.tools.ExitCode.EnvironmentException;
import io.ringfence.tools.ExitCode.StoppedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns a failure into one line on standard error and an exit code. */
public final class Faults {
    private Faults() {}

    /** Reports a command line that cannot be read; returns the exit code. */
    static int onUsage(ParameterException wrong, String[] args) {
        say(wrong.getCommandLine(), text(wrong));
        return ExitCode.BAD_INPUT;
    }

    /** Reports a command that failed; returns the exit code. */
    static int onFailure(Exception failure, CommandLine command, ParseResult parsed) {
        if (failure instanceof ConfigFault) {
            command.getErr().println(failure.getMessage());
            return ExitCode.BAD_INPUT;
        }
        if (failure instanceof BadInputException) {
            say(command, failure.getMessage());
            return ExitCode.BAD_INPUT;
        }
        if (failure instanceof StoppedException || failure instanceof StartStoppedException) {
            say(command, failure.getMessage());
            return ExitCode.INTERRUPTED;
        }
        if (failure instanceof JournalException journal) {
            say(command, told(failure));
            return switch (journal.reason()) {
                case MISSING, OTHER_VERSION -> ExitCode.BAD_INPUT;
                case DAMAGED -> ExitCode.CHECK_FAILED;
                case IN_USE, NO_ROOM, DISK_FAILED -> ExitCode.ENVIRONMENT_FAILED;
            };
        }
        if (failure instanceof EnvironmentException
                || failure instanceof IOException
                || failure instanceof UncheckedIOException) {
            say(command, told(failure));
            return ExitCode.ENVIRONMENT_FAILED;
        }
        say(command, "a fault of this program, not of yours: " + failure + stackTrace(failure));
        return ExitCode.ENVIRONMENT_FAILED;
    }

    /** One line for a refusal of the file system: the file and the reason; the right and its owner where a right is lacking. */
    public static String text(IOException refusal) {
        String lacking = MissingRight.of(refusal);
        return lacking == null ? FileRefusal.text(refusal) : lacking;
    }

    /** The message, in which the file that a lacking right led to is told in whole. */
    private static String told(Exception failure) {
        if (failure instanceof UncheckedIOException unchecked
                && unchecked.getCause().toString().equals(failure.getMessage())) {
            return text(unchecked.getCause()); // It has no message of its own.
        }
        if (failure instanceof IOException refusal) {
            return text(refusal);
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof AccessDeniedException denied) {
                return told(failure.getMessage(), denied);
            }
        }
        return failure.getMessage();
    }

    private static String told(String message, AccessDeniedException denied) {
        String right = text(denied);
        String bare = FileRefusal.text(denied);
        if (message.contains(right)) {
            return message;
        }
        return message.contains(bare)
                ? message.replace(bare, right)
                : message.equals(denied.getMessage()) ? right : message.replace(denied.toString(), right);
    }

    /** Writes the stack trace to a file, for the report; says which, or why there is none. */
    private static String stackTrace(Exception failure) {
        try {
            Path file = Files.createTempFile("ringfence-fault-", ".txt");
            try (PrintWriter writer = new PrintWriter(Files.newBufferedWriter(file))) {
                failure.printStackTrace(writer);
            }
            return "; the stack trace is in " + file;
        } catch (IOException cannot) {
            StackTraceElement[] stack = failure.getStackTrace();
            return "; at " + (stack.length == 0 ? "an unknown place" : stack[0])
                    + "; the stack trace cannot be written: " + FileRefusal.text(cannot);
        }
    }

    /**
     * Ends the process at once, with one line: after an error of the JVM, such as no memory, nothing can be relied upon, a clean stop least
     * of all. Where the process is another program's, throws the error on.
     */
    public static void end(Error broken) {
        if (!StopSignal.isOwned()) {
            throw broken;
        }
        try {
            System.err.println("ringfence: ends at once: ".concat(inOneLine(broken)));
        } finally {
            Runtime.getRuntime().halt(ExitCode.ENVIRONMENT_FAILED);
        }
    }

    /** The error, and the lack of memory behind it, as where a lambda could not be linked. No lambda here, for that reason. */
    private static String inOneLine(Error broken) {
        Throwable root = broken;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String text = broken.toString();
        if (root != broken && root instanceof VirtualMachineError) {
            text = text.concat(", caused by ").concat(root.toString());
        }
        return text.replaceAll("\\s*[\\r\\n]+\\s*", " ");
    }

    /**
     * Does work beside an engine, or a session with one, that is to be closed afterwards. An error of the JVM {@link #end ends the process}
     * before that, because closing may hang then.
     */
    public static <T> T orEnd(Supplier<T> work) {
        try {
            return work.get();
        } catch (Error broken) {
            end(broken);
            throw broken;
        }
    }

    private static void say(CommandLine command, String text) {
        String line = command.getCommandSpec().qualifiedName() + ": " + text;
        command.getErr().println(line.replaceAll("\\s*[\\r\\n]+\\s*", " "));
    }

    /** One line: what is wrong in the command line, where, and what was expected. */
    private static String text(ParameterException wrong) {
        String unknown = unknownOption(wrong.getCommandLine());
        if (unknown != null && !isUnknownCommandFirst(wrong.getCommandLine())) {
            return unmatched(wrong.getCommandLine(), unknown); // Mostly another option, misspelt: so it comes first.
        }
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            return unmatched(wrong.getCommandLine(), unmatched.getUnmatched().get(0));
        }
        if (wrong instanceof MissingParameterException missing) {
            return missing(missing);
        }
        if (wrong instanceof OverwrittenOptionException twice) {
            return name(twice.getOverwritten()) + ": must be given once";
        }
        if (wrong.getArgSpec() != null && wrong.getValue() != null) {
            return wrong(wrong.getArgSpec(), wrong.getValue());
        }
        return wrong.getMessage();
    }

    private static String unknownOption(CommandLine command) {
        return command.getUnmatchedArguments().stream()
                .filter(word -> word.startsWith("-"))
                .findFirst()
                .orElse(null);
    }

    /** Whether a word stands where a command is needed; what follows is its options, not those of the command before. */
    private static boolean isUnknownCommandFirst(CommandLine command) {
        return !command.getSubcommands().isEmpty()
                && !command.getUnmatchedArguments().isEmpty()
                && !command.getUnmatchedArguments().get(0).startsWith("-");
    }

    private static String unmatched(CommandLine command, String word) {
        if (word.startsWith("-")) {
            Collection<String> options = command.getCommandSpec().optionsMap().keySet();
            String name = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
            return "unknown option " + name + ": "
                    + Nearest.of(name, options)
                            .or(() -> options.stream()
                                    .filter(option -> option.startsWith(name + "-"))
                                    .findFirst())
                            .map(nearest -> "nearest known is " + nearest)
                            .orElse("see --help");
        }
        Collection<String> commands = command.getSubcommands().keySet();
        return commands.isEmpty()
                ? "unexpected argument \"" + word + "\": see --help"
                : "unknown command \"" + word + "\": " + Nearest.hint(word, commands);
    }

    /** Text for a missing option or argument, or an option without its value. */
    private static String missing(MissingParameterException missing) {
        List<ArgSpec> args = missing.getMissing();
        ArgSpec first = args.get(0);
        if (first.isOption() && !first.required()) {
            return name(first) + ": must have a value: " + first.paramLabel();
        }
        return args.stream().map(Faults::name).collect(Collectors.joining(", ")) + ": must be given";
    }

    private static String wrong(ArgSpec arg, String value) {
        String found = value.isEmpty() && OptionRule.isPath(arg) ? "it is empty" : '"' + value + '"';
        return name(arg) + ": " + OptionRule.of(arg) + ": " + found;
    }

    static String name(ArgSpec arg) {
        return arg instanceof OptionSpec option ? option.longestName() : arg.paramLabel();
    }
}
