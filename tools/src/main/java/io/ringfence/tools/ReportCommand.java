package io.ringfence.tools;

import io.ringfence.tools.report.LearningCommand;
import io.ringfence.tools.report.SavingsCommand;
import picocli.CommandLine.Command;

/** What a journal says about the time that it covers. */
@Command(
        name = "report",
        subcommands = {SavingsCommand.class, LearningCommand.class},
        description =
                "Report from a journal alone: what the engine's choices saved, and what outcomes say of its beliefs.",
        footer = {"  ringfence report savings ringfence-data", "  ringfence report learning ringfence-data"})
final class ReportCommand extends CommandGroup {}
