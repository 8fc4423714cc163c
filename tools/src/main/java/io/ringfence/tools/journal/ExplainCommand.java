package io.ringfence.tools.journal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.tools.ExitCode;
import io.ringfence.tools.ExitCode.BadInputException;
import io.ringfence.tools.Json;
import io.ringfence.tools.ToolCommand;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Explains one record: what was asked, what each stage made of it, and how every candidate fared. */
@Command(
        name = "explain",
        description = {
            "Explain one record of a journal from the journal alone: what was asked, the floor and where it came from, the gate"
                    + " at which each candidate stopped with what was measured and what was asked for, who acted, the control"
                    + " that failed, what was held. The kernel's part, the selection and the amount held are computed again and"
                    + " compared with the record; what the engine had learnt is taken from it (replay checks that too).",
            "--sequence opens the roll file that holds the record. For an id of the client the whole journal is read: the first"
                    + " record that has it is explained, and a line says where others are. Request ids are the principal's own:"
                    + " add --principal.",
            "Exit 0: as recorded; 1: the record is damaged, or does not come to what it says, or none matches; 2: there is no"
                    + " such sequence yet."
        },
        footer = {
            "  ringfence explain ringfence-data --sequence 42",
            "  ringfence explain ringfence-data --external-id A-17 --json"
        })
public final class ExplainCommand extends ToolCommand {
    private static final int TOLD_MAX = 5;

    @Parameters(paramLabel = "DIR", description = "The journal's directory.")
    private Path directory;

    @Mixin
    private WantedRecord wanted;

    @Override
    public Integer call() {
        JournalPath.require("DIR", directory);
        wanted.requireOne();
        try (NamedRecords records = NamedRecords.from(directory, wanted.isSingle() ? wanted.sequence() : 1)) {
            while (records.next()) {
                if (wanted.matches(records.record())) {
                    return explain(records);
                }
            }
            return conclude(records);
        }
    }

    /** Says where else the id stands, on standard error. */
    private int tellOthers(NamedRecords records) {
        List<String> others = new ArrayList<>();
        int count = 0;
        while (records.next()) {
            if (wanted.matches(records.record())) {
                count++;
                if (count <= TOLD_MAX) {
                    others.add(Long.toString(records.lastSequence()));
                }
            }
        }
        if (count > 0) {
            err().println(directory + ": " + count + (count == 1 ? " more record matches" : " more records match")
                    + wanted.text() + ": sequence " + String.join(", ", others) + (count > TOLD_MAX ? " ..." : ""));
        }
        return records.fault() == null ? ExitCode.DONE : conclude(records);
    }

    private int explain(NamedRecords records) {
        ObjectNode record = new RecordJson().of(records);
        CandidateJson.put(records.decision(), records.names(), record);
        DecisionJson.putPropensities(records.decision(), record);
        if (isJson()) {
            out().println(Json.text(record));
        } else {
            out().print(ExplainedPage.of(record));
            out().flush();
            err().println(directory + ": " + Trust.text());
        }
        if (records.difference() != null) {
            err().println(directory + ": does not come to what it says: " + records.difference());
            return ExitCode.CHECK_FAILED;
        }
        return wanted.isSingle() ? ExitCode.DONE : tellOthers(records);
    }

    private int conclude(NamedRecords records) {
        if (records.fault() != null) {
            err().println(directory + ": damaged: " + records.fault().text());
            return ExitCode.CHECK_FAILED;
        }
        if (wanted.isSingle() && records.lastSequence() < wanted.sequence()) {
            throw new BadInputException(
                    directory + ": has no sequence " + wanted.sequence() + ": it ends at " + records.lastSequence());
        }
        err().println(directory + ": no record matches" + wanted.text());
        return ExitCode.CHECK_FAILED;
    }
}
