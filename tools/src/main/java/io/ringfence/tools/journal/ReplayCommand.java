package io.ringfence.tools.journal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.gateway.replay.Replay;
import io.ringfence.tools.ExitCode;
import io.ringfence.tools.Json;
import io.ringfence.tools.ToolCommand;
import io.ringfence.tools.WatchedLine;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Decides everything in a journal again and compares it bit for bit. */
@Command(
        name = "replay",
        description = {
            "Decide every command of a journal again in a fresh engine, and compare each record, each stamped fact and"
                    + " the state with what was recorded. Needs no other file than the journal.",
            "Exit 0: equal to the last bit; 1: different, or damaged: the first difference is named."
        },
        footer = "  ringfence replay ringfence-data --json")
public final class ReplayCommand extends ToolCommand {
    @Parameters(paramLabel = "DIR", description = "The journal's directory.")
    private Path directory;

    @Override
    public Integer call() {
        JournalPath.require("DIR", directory);
        Replay.Report report;
        try (WatchedLine line = new WatchedLine(err())) {
            report = Replay.run(directory, records -> line.count(records, "replayed"));
        }
        if (isJson()) {
            out().println(Json.text(json(report)));
        } else {
            print(report);
        }
        return report.isOk() ? ExitCode.DONE : ExitCode.CHECK_FAILED;
    }

    /** The object of {@code replay}. */
    public static ObjectNode json(Replay.Report report) {
        return Json.object()
                .put("ok", report.isOk())
                .put("records", report.records())
                .put("records_per_s", report.recordsPerSecond())
                .put("state_digest", report.stateDigest())
                .put("live_state_digest", report.liveStateDigest())
                .put("first_difference", report.firstDifference())
                .put("authenticated", false)
                .put("caution", Trust.text());
    }

    private void print(Replay.Report report) {
        out().printf(
                        Locale.ROOT,
                        "%s: %s%n  %-16s %,d, %,d a second%n  %-16s %s%n  %-16s %s%n",
                        directory,
                        report.isOk() ? "replays to the same bits" : "does not replay",
                        "records replayed",
                        report.records(),
                        report.recordsPerSecond(),
                        "state digest",
                        report.stateDigest(),
                        "live digest",
                        report.liveStateDigest() == null
                                ? "none: the journal does not end with a clean stop"
                                : report.liveStateDigest());
        if (!report.isOk()) {
            out().printf(Locale.ROOT, "  %-16s %s%n", "first difference", report.firstDifference());
        }
        out().printf(Locale.ROOT, "  %-16s %s%n", "proof", Trust.text());
    }
}
