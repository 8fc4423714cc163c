package io.ringfence.tools.journal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.gateway.replay.PolicyHistory;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.journal.record.RecordView;
import io.ringfence.tools.ExitCode;
import io.ringfence.tools.Json;
import io.ringfence.tools.Page;
import io.ringfence.tools.ToolCommand;
import io.ringfence.tools.WatchedLine;
import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/** A command that reads a journal from its first record to its last, and then shows what it found. One thread; writes nothing there. */
public abstract class JournalReport extends ToolCommand {
    /** Ends the description of each of them. */
    public static final String EXIT_CODES =
            "Exit 0: shown; 1: the journal is damaged, or a record does not come to what it says; the others are shown.";

    @Parameters(paramLabel = "DIR", description = "The journal's directory.")
    private Path directory;

    private final PolicyHistory history = new PolicyHistory();

    /**
     * Takes the next record. Policy and names of {@link #history()} are those after it.
     *
     * @param record proved by its reader; valid during the call.
     */
    protected abstract void accept(RecordView record);

    /** Why the first record that does not come to what it says was left out; null for none. */
    protected abstract String difference();

    /**
     * Called once behind the last record, before anything is shown. What it throws ends the command.
     *
     * @param fault what is wrong with the journal; null for nothing.
     */
    protected void conclude(String fault) {}

    /** What could not be done of what was asked for, in one line; null for nothing. The command then ends with 1. */
    protected String failure() {
        return null;
    }

    /** Called before the journal is read; refuses options by throwing. */
    protected void check() {}

    /** What {@code --json} prints. */
    protected abstract ObjectNode json();

    /** Prints for a person. */
    protected abstract void print(Page page);

    /** Policy and names in force at the record at hand; behind the last one, at the journal's end. */
    protected final PolicyHistory history() {
        return history;
    }

    /** The journal's directory, as it was given. */
    protected final Path directory() {
        return directory;
    }

    @Override
    public final Integer call() {
        check();
        JournalPath.require("DIR", directory);
        String fault;
        try (JournalReader reader = JournalReader.open(directory, 1);
                WatchedLine line = new WatchedLine(err())) {
            while (reader.next()) {
                history.accept(reader.record());
                accept(reader.record());
                line.count(reader.record().sequence(), "read");
            }
            fault = reader.fault() == null ? difference() : reader.fault().text();
        }
        conclude(fault);
        if (isJson()) {
            out().println(Json.text(json()));
        } else {
            print(new Page(out()));
        }
        if (fault != null) {
            err().println(directory + ": damaged: " + fault);
        }
        if (failure() != null) {
            err().println(failure());
        }
        return fault == null && failure() == null ? ExitCode.DONE : ExitCode.CHECK_FAILED;
    }
}
