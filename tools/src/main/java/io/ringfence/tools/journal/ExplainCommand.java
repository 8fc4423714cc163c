package io.ringfence.tools.journal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.tools.ExitCode;
import io.ringfence.tools.ExitCode.BadInputException;
import io.ringfence.tools.Json;
import io.ringfence.tools.ToolCommand;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Explains one record: what was asked, what each stage made of it, and how every candidate fared. */
@Command(
        name = "explain",
        description = {
            "Explain one record of a journal from the journal alone: what was asked, the floor and where it came from, the gate"
                    + " at which each candidate stopped with what was measured and what was asked for, who acted, the control"
                    + " that failed, what was held. All of it is computed again and checked against the record.",
            "--sequence opens the roll file that holds the record. An id of the client is searched for from the first record;"
                    + " the first one that has it is explained. Request ids are the principal's own: add --principal.",
            "Exit 0: as recorded; 1: the record is damaged, or does not come to what it says, or none matches; 2: there is no"
                    + " such sequence yet."
        },
        footer = {
            "  ringfence explain ringfence-data --sequence 42",
            "  ringfence explain ringfence-data --external-id A-17 --json"
        })
public final class ExplainCommand extends ToolCommand {
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
        return ExitCode.DONE;
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
