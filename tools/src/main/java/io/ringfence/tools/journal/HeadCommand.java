package io.ringfence.tools.journal;

import io.ringfence.journal.read.Verifier;
import io.ringfence.journal.read.VerifyReport;
import io.ringfence.tools.CheckJson;
import io.ringfence.tools.ExitCode;
import io.ringfence.tools.JsonLine;
import io.ringfence.tools.ToolCommand;
import io.ringfence.tools.WatchedLine;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Names the last proved record of a journal. */
@Command(
        name = "head",
        description = {
            "Prove a journal and print sequence and entry hash of its last proved record: whoever keeps them can tell"
                    + " later that nothing before it has changed.",
            "Exit 0: the journal is whole; 1: it is damaged behind that record."
        },
        footer = "  ringfence head ringfence-data")
public final class HeadCommand extends ToolCommand {
    @Parameters(paramLabel = "DIR", description = "The journal's directory.")
    private Path directory;

    @Override
    public Integer call() {
        JournalPath.require(directory);
        VerifyReport report;
        try (WatchedLine line = new WatchedLine(err())) {
            report = Verifier.verify(directory, records -> line.count(records, "proved"));
        }
        if (isJson()) {
            out().println(JsonLine.text(CheckJson.of(report.head())));
        } else {
            out().println(report.head().sequence() + " " + report.head().entryHashHex());
        }
        if (!report.isOk()) {
            err().println(directory + ": damaged: " + report.faultText());
        }
        return report.isOk() ? ExitCode.DONE : ExitCode.CHECK_FAILED;
    }
}
