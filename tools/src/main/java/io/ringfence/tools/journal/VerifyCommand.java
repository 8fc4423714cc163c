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

/** Checks that not one byte of a journal's records has changed. */
@Command(
        name = "verify",
        description = {
            "Check a journal: every byte of every record, the hash chain through all of them, and the end that its"
                    + " watermark promises. Needs no engine and no key; the journal may be written meanwhile.",
            "Exit 0: whole; 1: damaged, naming the first bad sequence."
        },
        footer = "  ringfence verify ringfence-data --json")
public final class VerifyCommand extends ToolCommand {
    @Parameters(paramLabel = "DIR", description = "The journal's directory.")
    private Path directory;

    @Override
    public Integer call() {
        JournalPath.require(directory);
        VerifyReport report;
        try (WatchedLine line = new WatchedLine(err())) {
            report = Verifier.verify(directory, records -> line.count(records, "verified"));
        }
        if (isJson()) {
            out().println(JsonLine.text(CheckJson.of(report)));
        } else {
            print(report);
        }
        return report.isOk() ? ExitCode.DONE : ExitCode.CHECK_FAILED;
    }

    private void print(VerifyReport report) {
        out().printf(
                        "%s: %s%n  %-14s %,d, %,.0f a second%n  %-14s %d %s%n",
                        directory,
                        report.isOk() ? "whole" : "damaged from sequence " + report.firstBadSequence() + " on",
                        "records proved",
                        report.records(),
                        report.recordsPerSecond(),
                        "head",
                        report.head().sequence(),
                        report.head().entryHashHex());
        if (report.isOk()) {
            out().printf("  %-14s %s%n", "end", end(report));
        } else {
            out().printf("  %-14s %s%n", "fault", report.faultText());
        }
    }

    private static String end(VerifyReport report) {
        if (report.isAnchored()) {
            return "the watermark vouches for it";
        }
        if (!report.hasWatermark()) {
            return "nothing vouches for it: the watermark file is empty or missing, as until the first sync or clean stop;"
                    + " whether records are lost behind it cannot be told";
        }
        return report.isTorn()
                ? "nothing vouches for it; bytes of an unfinished record stand behind it"
                : "nothing vouches for it: the journal is in use, or its writer was killed";
    }
}
