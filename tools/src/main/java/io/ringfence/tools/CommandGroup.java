package io.ringfence.tools;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A word that only other commands follow: by itself it is refused, with the commands that are known. */
@Command(
        sortOptions = false,
        descriptionHeading = "%n",
        optionListHeading = "%n",
        commandListHeading = "%nCommands:%n",
        footerHeading = "%nExample:%n")
abstract class CommandGroup implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean isHelpAsked;

    @Override
    public final Integer call() {
        throw new ParameterException(
                spec.commandLine(),
                "a command is needed: known are "
                        + String.join(", ", spec.subcommands().keySet()));
    }
}
