package io.ringfence.tools;

import io.ringfence.schemas.Action;
import io.ringfence.schemas.CommandKind;
import io.ringfence.tools.evaluation.EvaluateCommand;
import io.ringfence.tools.evaluation.pilot.PilotCommand;
import io.ringfence.tools.journal.CalibrateCommand;
import io.ringfence.tools.journal.ExplainCommand;
import io.ringfence.tools.journal.InspectCommand;
import io.ringfence.tools.journal.ReplayCommand;
import io.ringfence.tools.journal.VerifyCommand;
import io.ringfence.tools.load.DemoCommand;
import io.ringfence.tools.load.LoadCommand;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.RunLast;

/** The {@code ringfence} command: finds the command that was meant, and runs it. */
@Command(
        name = "ringfence",
        versionProvider = Installation.class,
        description = "Admits, substitutes or rejects requests; seals and journals every answer.",
        footer = "  ringfence demo")
public final class RingfenceCommand extends CommandGroup {
    /** Every command there is, in the order of the help. A new one is added here. */
    private static final List<Class<?>> COMMANDS = List.of(
            DemoCommand.class,
            ServeCommand.class,
            AskCommand.class,
            ReportsOnDecision.Outcome.class,
            ReportsOnDecision.Settle.class,
            LoadCommand.class,
            StatusCommand.class,
            ClockCommand.class,
            AccountCommand.class,
            VerifyCommand.class,
            ReplayCommand.class,
            InspectCommand.class,
            ExplainCommand.class,
            ReportCommand.class,
            CalibrateCommand.class,
            VerifyCommand.HeadCommand.class,
            PolicyCommand.class,
            PrincipalsCommand.class,
            LearningCommand.class,
            EvaluateCommand.class,
            PilotCommand.class,
            ConformanceCommand.class,
            HistCommand.class);

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    private boolean isVersionAsked;

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT); // Numbers print the same everywhere.
        StopSignal.own();
        try {
            CommandLine line = commandLine();
            line.setOut(utf8(FileDescriptor.out));
            line.setErr(utf8(FileDescriptor.err));
            StopSignal.exit(line.execute(args));
        } catch (Error broken) {
            Faults.end(broken);
        }
    }

    /** What is printed has the same bytes everywhere, too. */
    private static PrintWriter utf8(FileDescriptor file) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(file), StandardCharsets.UTF_8), true);
    }

    /** The whole command line, for running and for tests. */
    public static CommandLine commandLine() {
        CommandLine line = new CommandLine(new RingfenceCommand());
        COMMANDS.forEach(line::addSubcommand);
        line.setExecutionStrategy(parsed -> {
            OptionRule.requireWithin(parsed);
            return new RunLast().execute(parsed);
        });
        line.setParameterExceptionHandler(Faults::onUsage);
        line.setExecutionExceptionHandler(Faults::onFailure);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.registerConverter(CommandKind.class, new OptionRule.KnownWords<>(CommandKind.class));
        line.registerConverter(Action.class, new OptionRule.KnownWords<>(Action.class));
        OptionRule.registerNumbers(line);
        line.registerConverter(Path.class, OptionRule::path);
        line.setHelpFactory(WholeWordsHelp::new);
        line.setUsageHelpWidth(Page.WIDTH);
        return line;
    }
}
