package io.ringfence.tools.journal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.tools.ExitCode;
import io.ringfence.tools.ExitCode.BadInputException;
import io.ringfence.tools.Json;
import io.ringfence.tools.ToolCommand;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what the records of a journal hold and why they were answered so. */
@Command(
        name = "inspect",
        description = {
            "Show records of a journal, each proved before it is shown, with names, reasons and the kernel's numbers,"
                    + " which are computed again and checked against the record. With --json one object a record, one a"
                    + " line. The journal may be written meanwhile; with --follow records are shown as they come.",
            "--sequence opens the roll file that holds the record and the one in which its policy was activated. An account"
                    + " that was opened elsewhere is shown by its number; --from N --to N reads from the first record and knows"
                    + " all names.",
            "What sets no limit, or stands for any, is null in JSON.",
            "Exit 0: all as recorded; 1: a record is damaged, or does not come to what it says, or no record matches; 2: there"
                    + " is no such sequence yet."
        },
        footer = {
            "  ringfence inspect ringfence-data --sequence 42",
            "  ringfence inspect ringfence-data --action reject --json",
            "  ringfence inspect ringfence-data --follow"
        })
public final class InspectCommand extends ToolCommand {
    private static final long LOOK_UP_INTERVAL = 1_024;
    private static final long LOOK_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(20);

    @Parameters(paramLabel = "DIR", description = "The journal's directory.")
    private Path directory;

    @Mixin
    private RecordFilter filter;

    @Option(
            names = "--follow",
            description =
                    "Go on with each record as it is appended, until stopped. Begins with --from, else behind the last record.")
    private boolean isFollowing;

    @Option(
            names = "--propensities",
            description =
                    "With --json or --sequence: show of each decision with which probability the posteriors gave its floor, and with which the acting candidate was"
                            + " chosen given the floor; milliseconds each where candidates were drawn.")
    private boolean showsPropensities;

    private final RecordJson json = new RecordJson();
    private long shown;
    private long nextLookUp = LOOK_UP_INTERVAL;
    private String firstDifference;

    @Override
    public Integer call() {
        JournalPath.require("DIR", directory);
        filter.check(isFollowing);
        if (isFollowing) {
            return follow();
        }
        try (NamedRecords records = NamedRecords.from(directory, filter.isSingle() ? filter.sequence() : 1)) {
            while (isMoreWanted(records) && records.next()) {
                show(records);
            }
            out().flush();
            sayTrust();
            return conclude(records);
        }
    }

    /** Shows what is appended; ends with the limit, at a fault, when standard output is closed, or with the process. */
    private int follow() {
        long from = filter.firstSequence();
        try (NamedRecords records = NamedRecords.follow(directory, from)) {
            boolean isBehind = from < Long.MAX_VALUE;
            while (isMoreWanted(records) && records.fault() == null) {
                if (records.next()) {
                    if (isBehind) {
                        show(records);
                    }
                } else {
                    isBehind = true;
                    out().flush();
                    if (System.out.checkError()) {
                        break;
                    }
                    LockSupport.parkNanos(LOOK_EVERY_NS);
                }
            }
            out().flush();
            sayTrust();
            return records.fault() == null && firstDifference == null ? ExitCode.DONE : conclude(records);
        }
    }

    /** False once the limit is reached or standard output is closed. */
    private boolean isMoreWanted(NamedRecords records) {
        return shown < filter.limit() && records.lastSequence() < filter.lastSequence() && !isCutOff();
    }

    /** Is standard output closed, as when a pipe's reader has ended? Only the stream below the writer knows. */
    private boolean isCutOff() {
        if (shown < nextLookUp) {
            return false;
        }
        nextLookUp = shown + LOOK_UP_INTERVAL;
        out().flush();
        return System.out.checkError();
    }

    private void show(NamedRecords records) {
        if (!filter.matches(records.record())
                || !filter.matches(records.decision().event())) {
            return;
        }
        ObjectNode object = json.of(records);
        if (showsPropensities) {
            DecisionJson.putPropensities(records.decision(), object);
        }
        out().print(text(object) + System.lineSeparator());
        shown++;
        if (firstDifference == null) {
            firstDifference = records.difference();
        }
    }

    private String text(ObjectNode record) {
        if (isJson()) {
            return Json.text(record);
        }
        return filter.isSingle() ? RecordPage.of(record) : RecordLine.of(record);
    }

    /** What it means that the records shown are proved; in JSON each record says it. */
    private void sayTrust() {
        if (!isJson() && shown > 0) {
            err().println(directory + ": " + Trust.text());
        }
    }

    private int conclude(NamedRecords records) {
        if (records.fault() != null) {
            err().println(directory + ": damaged: " + records.fault().text());
            return ExitCode.CHECK_FAILED;
        }
        if (firstDifference != null) {
            err().println(directory + ": does not come to what it says: " + firstDifference);
            return ExitCode.CHECK_FAILED;
        }
        if (filter.isSingle() && records.lastSequence() < filter.sequence()) {
            throw new BadInputException(
                    directory + ": has no sequence " + filter.sequence() + ": it ends at " + records.lastSequence());
        }
        if (shown == 0) {
            err().println(directory + ": no record matches" + filter.text());
            return ExitCode.CHECK_FAILED;
        }
        return ExitCode.DONE;
    }
}
