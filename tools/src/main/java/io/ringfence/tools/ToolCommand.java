package io.ringfence.tools;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every command has: help, {@code --json}, and where to print. */
@Command(
        mixinStandardHelpOptions = false,
        sortOptions = false,
        descriptionHeading = "%n",
        parameterListHeading = "%n",
        optionListHeading = "%n",
        footerHeading = "%nExample:%n")
public abstract class ToolCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean isHelpAsked;

    @Option(names = "--json", description = "Print one JSON object and nothing else.")
    private boolean isJson;

    /** Is one JSON object wanted on standard output, and nothing else there? */
    protected final boolean isJson() {
        return isJson;
    }

    /** Standard output. */
    protected final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Standard error: progress and faults. */
    protected final PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
