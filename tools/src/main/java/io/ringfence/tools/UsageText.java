package io.ringfence.tools;

import io.ringfence.gateway.config.Nearest;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says of a command line that cannot be read where it is wrong, what was expected there, and what was found. */
final class UsageText {
    private UsageText() {}

    /** The one line, without the command's name. */
    static String of(ParameterException wrong) {
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

    /** An option or argument that is not there, or an option without the value behind it. */
    private static String missing(MissingParameterException missing) {
        List<ArgSpec> args = missing.getMissing();
        ArgSpec first = args.get(0);
        if (first.isOption() && !first.required()) {
            return name(first) + ": must have a value: " + first.paramLabel();
        }
        return args.stream().map(UsageText::name).collect(Collectors.joining(", ")) + ": must be given";
    }

    private static String wrong(ArgSpec arg, String value) {
        return name(arg) + ": " + OptionRule.of(arg) + ": \"" + value + '"';
    }

    private static String name(ArgSpec arg) {
        return arg instanceof OptionSpec option ? option.longestName() : arg.paramLabel();
    }
}
