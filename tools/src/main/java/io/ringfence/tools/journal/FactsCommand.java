package io.ringfence.tools.journal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.gateway.replay.RecordedDecision;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.journal.record.RecordView;
import io.ringfence.schemas.FactCommandDecoder;
import io.ringfence.schemas.FactVerb;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.tools.ExitCode;
import io.ringfence.tools.Json;
import io.ringfence.tools.OptionRule;
import io.ringfence.tools.RunningEngine;
import io.ringfence.tools.ToolCommand;
import java.nio.file.Path;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists the reported facts that a person has to book or drop, from the records of a journal. */
@Command(
        name = "facts",
        description = {
            "List the outstanding facts: trades, fees and costs that could not be booked exactly once, each with what was"
                    + " reported. Their accounts take no new risk until account book or account drop has settled them.",
            "The journal is read from its first record, not the engine asked: also beside a running engine, and after its end."
        },
        footer = {"  ringfence account facts", "  ringfence account facts --account 1 --json"})
public final class FactsCommand extends ToolCommand {
    private static final long NOBODY = FactCommandDecoder.accountIdNullValue();

    private record Fact(long accountId, ObjectNode report) {}

    private final TreeMap<Long, Fact> facts = new TreeMap<>();
    private final RecordedDecision decision = new RecordedDecision();
    private final CommandJson commands = new CommandJson();
    private final FactCommandDecoder settled = new FactCommandDecoder();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();

    @Option(names = "--dir", paramLabel = "D", description = "The journal's directory (default ./ringfence-data).")
    private Path directory = RunningEngine.DEFAULT_DIRECTORY;

    @Option(names = "--account", paramLabel = "N", description = "Those of this account only, by its id.")
    @OptionRule.Within(least = 1, most = Long.MAX_VALUE)
    private Long account;

    @Override
    public Integer call() {
        JournalPath.require("--dir", directory);
        try (JournalReader reader = JournalReader.open(directory, 1)) {
            while (reader.next()) {
                take(reader.record());
            }
            if (reader.fault() != null) {
                err().println(directory + ": damaged: " + reader.fault().text());
                return ExitCode.CHECK_FAILED;
            }
        }
        facts.values().removeIf(fact -> account != null && fact.accountId() != account);
        if (isJson()) {
            ObjectNode object = Json.object();
            ArrayNode array = object.putArray("facts");
            facts.values().forEach(fact -> array.add(fact.report()));
            out().println(Json.text(object));
        } else {
            out().println(facts.size() + " outstanding facts");
            facts.values().forEach(fact -> out().println("  " + Json.text(fact.report())));
        }
        return ExitCode.DONE;
    }

    private void take(RecordView record) {
        switch (record.kind()) {
            case EXECUTION, SETTLE -> {
                decision.read(record, null);
                if (decision.event().verdict().reason() == ReasonCode.FACT_OUTSTANDING) {
                    keep(record, decision.event().budget().failure().accountId());
                }
            }
            case FACT -> {
                decision.read(record, null);
                if (decision.event().verdict().reason() == ReasonCode.APPLIED) {
                    settle(settled.wrapAndApplyHeader(record.buffer(), record.commandOffset(), header));
                }
            }
            default -> {}
        }
    }

    private void keep(RecordView record, long accountId) {
        ObjectNode report = Json.object();
        Json.unsigned(report, "sequence", record.sequence());
        Json.unsignedOrNull(report, "account_id", accountId, NOBODY);
        commands.put(record, null, report);
        facts.put(record.sequence(), new Fact(accountId, report));
    }

    /** Facts beyond the list are named by their span, in which none is of another kind but those of other accounts. */
    private void settle(FactCommandDecoder command) {
        if (command.verb() == FactVerb.BOOK_PART) {
            return;
        }
        long owner = isOwner(command.accountId(), command) ? command.accountId() : NOBODY;
        facts.subMap(command.firstSequence(), true, command.lastSequence(), true)
                .values()
                .removeIf(fact -> fact.accountId() == owner);
    }

    private boolean isOwner(long accountId, FactCommandDecoder command) {
        Fact first = facts.get(command.firstSequence());
        return first != null && first.accountId() == accountId;
    }
}
