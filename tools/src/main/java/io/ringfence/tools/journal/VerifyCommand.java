package io.ringfence.tools.journal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.journal.chain.Head;
import io.ringfence.journal.read.JournalProver;
import io.ringfence.tools.ExitCode;
import io.ringfence.tools.ExitCode.BadInputException;
import io.ringfence.tools.Json;
import io.ringfence.tools.ToolCommand;
import io.ringfence.tools.WatchedLine;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks that not one byte of a journal's records has changed. */
@Command(
        name = "verify",
        description = {
            "Check a journal: every byte of every record, the hash chain through all of them, and the end that its"
                    + " watermark promises. Needs no engine and no key; the journal may be written meanwhile.",
            "The chain proves that nothing in the journal has changed since its head was taken. It does not prove who wrote it: so"
                    + " keep heads where nobody who writes here can write, and give the newest one with --expect.",
            "Exit 0: whole, and the head expected is in it; 1: damaged, naming the first bad sequence, or the head expected is"
                    + " not in it."
        },
        footer = {
            "  ringfence verify ringfence-data --json",
            "  ringfence verify ringfence-data --expect \"$(cat /mnt/kept/head)\""
        })
public class VerifyCommand extends ToolCommand {
    @Parameters(paramLabel = "DIR", description = "The journal's directory.")
    private Path directory;

    @Option(
            names = "--expect",
            paramLabel = "SEQ:HASH",
            description =
                    "A head that was kept: the record of this sequence must have this entry hash. It need not be the last.")
    private String expected;

    @Override
    public Integer call() {
        Head kept = kept();
        JournalPath.require("DIR", directory);
        JournalProver.Report report;
        try (WatchedLine line = new WatchedLine(err())) {
            report = JournalProver.verify(directory, kept, records -> line.count(records, "verified"));
        }
        if (isJson()) {
            out().println(Json.text(printed(report)));
        } else {
            print(report);
        }
        return report.isOk() ? ExitCode.DONE : ExitCode.CHECK_FAILED;
    }

    /** The head of {@code --expect}; null if it is not given. */
    private Head kept() {
        if (expected == null) {
            return null;
        }
        return Head.read(expected.strip())
                .orElseThrow(() ->
                        new BadInputException("--expect: must be SEQ:HASH or what head prints, a sequence from 1 on and"
                                + " 64 hexadecimal digits: \"" + expected + '"'));
    }

    /** The object of {@code verify}. */
    public static ObjectNode json(JournalProver.Report report) {
        ObjectNode object = Json.object()
                .put("ok", report.isOk())
                .put("records", report.records())
                .put("records_per_s", Math.round(report.recordsPerSecond()))
                .put("authenticated", report.isAuthenticated())
                .put("anchored", report.isAnchored())
                .put("watermark", report.hasWatermark());
        Trust.put(report, object);
        object.set("head", json(report.head()));
        if (report.fault() == null) {
            return object.putNull("first_bad_sequence").put("fault", Trust.refusal(report));
        }
        return object.put("first_bad_sequence", report.firstBadSequence()).put("fault", report.faultText());
    }

    /** The object of {@code head}. */
    public static ObjectNode json(Head head) {
        return Json.object().put("sequence", head.sequence()).put("entry_hash", head.entryHashHex());
    }

    final Path directory() {
        return directory;
    }

    /** What {@code --json} prints. */
    ObjectNode printed(JournalProver.Report report) {
        return json(report);
    }

    /** Prints for a person. */
    void print(JournalProver.Report report) {
        out().printf(
                        Locale.ROOT,
                        "%s: %s%n  %-14s %,d, %,.0f a second%n  %-14s %d %s%n",
                        directory,
                        result(report),
                        "records proved",
                        report.records(),
                        report.recordsPerSecond(),
                        "head",
                        report.head().sequence(),
                        report.head().entryHashHex());
        row(report.fault() == null ? "end" : "fault", report.fault() == null ? end(report) : report.faultText());
        if (!report.isKeptFound()) {
            row("kept head", Trust.refusal(report));
        }
        row("proof", Trust.text(report));
    }

    private void row(String label, String text) {
        out().printf(Locale.ROOT, "  %-14s %s%n", label, text);
    }

    private static String result(JournalProver.Report report) {
        if (report.fault() != null) {
            return "damaged from sequence " + report.firstBadSequence() + " on";
        }
        return report.isOk() ? "whole" : "whole, but not the journal of the head that was kept";
    }

    private static String end(JournalProver.Report report) {
        if (report.isAnchored()) {
            return "the watermark vouches for it";
        }
        if (!report.hasWatermark()) {
            return "nothing vouches for it: the watermark file names no record, as until the first sync or clean stop, or is missing;"
                    + " whether records are lost behind it cannot be told";
        }
        return report.isTorn()
                ? "nothing vouches for it; bytes of an unfinished record stand behind it"
                : "nothing vouches for it: the journal is in use, or its writer was killed";
    }

    /** Names the last proved record of a journal. */
    @Command(
            name = "head",
            description = {
                "Prove a journal and print sequence and entry hash of its last proved record: keep them elsewhere, and you"
                        + " can tell later that nothing before it has changed.",
                "Exit 0: the journal is whole; 1: it is damaged behind that record, or the head expected is not in it."
            },
            footer = "  ringfence head ringfence-data")
    public static final class HeadCommand extends VerifyCommand {
        @Override
        ObjectNode printed(JournalProver.Report report) {
            sayDamage(report);
            return json(report.head());
        }

        @Override
        void print(JournalProver.Report report) {
            sayDamage(report);
            out().println(report.head().sequence() + " " + report.head().entryHashHex());
        }

        private void sayDamage(JournalProver.Report report) {
            if (report.fault() != null) {
                err().println(directory() + ": damaged: " + report.faultText());
            }
            if (!report.isKeptFound()) {
                err().println(directory() + ": " + Trust.refusal(report));
            }
        }
    }
}
