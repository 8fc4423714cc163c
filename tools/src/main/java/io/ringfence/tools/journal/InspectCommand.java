package io.ringfence.tools.journal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.gateway.replay.PolicyHistory;
import io.ringfence.gateway.replay.RecordedDecision;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.journal.record.RecordView;
import io.ringfence.tools.ExitCode;
import io.ringfence.tools.ExitCode.BadInputException;
import io.ringfence.tools.Json;
import io.ringfence.tools.ToolCommand;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows what the records of a journal hold and why they were answered so. */
@Command(
        name = "inspect",
        description = {
            "Show records of a journal, each proved before it is shown, with names, reasons and the kernel's numbers,"
                    + " which are computed again and checked against the record. With --json one object a record, one a"
                    + " line. The journal may be written meanwhile.",
            "What sets no limit, or stands for any, is null in JSON.",
            "Exit 0: all as recorded; 1: a record is damaged, or does not come to what it says, or no record matches; 2: there"
                    + " is no such sequence yet."
        },
        footer = {
            "  ringfence inspect ringfence-data --sequence 42",
            "  ringfence inspect ringfence-data --action reject --json"
        })
public final class InspectCommand extends ToolCommand {
    private static final long LOOK_UP_INTERVAL = 1_024;

    @Parameters(paramLabel = "DIR", description = "The journal's directory.")
    private Path directory;

    @Mixin
    private RecordFilter filter;

    private final PolicyHistory names = new PolicyHistory();
    private final RecordedDecision decision = new RecordedDecision();
    private final RecordJson json = new RecordJson();
    private long lastSequence;
    private long shown;
    private long nextLookUp = LOOK_UP_INTERVAL;
    private String firstDifference;

    @Override
    public Integer call() {
        JournalPath.require(directory);
        filter.check();
        try (JournalReader reader = JournalReader.open(directory)) {
            while (isMoreWanted() && reader.next()) {
                take(reader.record());
            }
            out().flush();
            return conclude(reader);
        }
    }

    /** False once the limit is reached or standard output is closed. */
    private boolean isMoreWanted() {
        return shown < filter.limit() && lastSequence < filter.lastSequence() && !isCutOff();
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

    private void take(RecordView record) {
        lastSequence = record.sequence();
        names.accept(record);
        if (!filter.matches(record)) {
            return;
        }
        decision.read(record, names.policy());
        if (!filter.matches(decision.event())) {
            return;
        }
        ObjectNode object = json.of(record, decision, names);
        out().print(text(object) + System.lineSeparator());
        shown++;
        if (firstDifference == null && decision.difference() != null) {
            firstDifference = "sequence " + record.sequence() + ": " + decision.difference();
        }
    }

    private String text(ObjectNode record) {
        if (isJson()) {
            return Json.text(record);
        }
        return filter.isSingle() ? RecordPage.of(record) : RecordLine.of(record);
    }

    private int conclude(JournalReader reader) {
        if (reader.fault() != null) {
            err().println(directory + ": damaged: " + reader.fault().text());
            return ExitCode.CHECK_FAILED;
        }
        if (firstDifference != null) {
            err().println(directory + ": does not come to what it says: " + firstDifference);
            return ExitCode.CHECK_FAILED;
        }
        if (filter.isSingle() && lastSequence < filter.sequence()) {
            throw new BadInputException(
                    directory + ": has no sequence " + filter.sequence() + ": it ends at " + lastSequence);
        }
        if (shown == 0) {
            err().println(directory + ": no record matches" + filter.text());
            return ExitCode.CHECK_FAILED;
        }
        return ExitCode.DONE;
    }
}
