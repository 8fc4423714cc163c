package io.ringfence.tools.journal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.gateway.config.DecimalMicros;
import io.ringfence.gateway.replay.RecordedDecision;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.journal.record.RecordView;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.ExecutionDecoder;
import io.ringfence.schemas.FactCommandDecoder;
import io.ringfence.schemas.FactVerb;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.SettleDecoder;
import io.ringfence.schemas.Side;
import io.ringfence.tools.AskedNames;
import io.ringfence.tools.ExitCode;
import io.ringfence.tools.Json;
import io.ringfence.tools.Page;
import io.ringfence.tools.QuantityText;
import io.ringfence.tools.RunningEngine;
import io.ringfence.tools.ToolCommand;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
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
    private static final long SECOND_NS = 1_000_000_000;

    /** One fact: its account or {@link #NOBODY}, and what was reported, for machines and for people. */
    private record Fact(long accountId, ObjectNode report, String text) {}

    private final TreeMap<Long, Fact> facts = new TreeMap<>();
    private final RecordedDecision decision = new RecordedDecision();
    private final CommandJson commands = new CommandJson();
    private final FactCommandDecoder settled = new FactCommandDecoder();
    private final ExecutionDecoder execution = new ExecutionDecoder();
    private final SettleDecoder settle = new SettleDecoder();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();

    @Option(names = "--dir", paramLabel = "D", description = "The journal's directory (default ./ringfence-data).")
    private Path directory = RunningEngine.DEFAULT_DIRECTORY;

    @Option(names = "--account", paramLabel = "A", description = "Those of this account only: name or id.")
    private String account;

    @Override
    public Integer call() {
        JournalPath.require("--dir", directory);
        Long only = account == null ? null : AskedNames.accountOf(directory, "--account", account);
        try (JournalReader reader = JournalReader.open(directory, 1)) {
            while (reader.next()) {
                take(reader.record());
            }
            if (reader.fault() != null) {
                err().println(directory + ": damaged: " + reader.fault().text());
                return ExitCode.CHECK_FAILED;
            }
        }
        facts.values().removeIf(fact -> only != null && fact.accountId() != only);
        if (isJson()) {
            ObjectNode object = Json.object();
            ArrayNode array = object.putArray("facts");
            facts.values().forEach(fact -> array.add(fact.report()));
            out().println(Json.text(object));
        } else {
            print(new Page(out()));
        }
        return ExitCode.DONE;
    }

    private void print(Page page) {
        page.line("%d outstanding facts", facts.size());
        if (facts.isEmpty()) {
            return;
        }
        Map<Long, String> names = AskedNames.accountNames(directory);
        facts.forEach(
                (sequence, fact) -> page.text("  " + sequence + "  ", "%s, %s", accountName(fact, names), fact.text()));
        page.text("", "Compare each with its venue or provider: account book or account drop settles it.");
    }

    private static String accountName(Fact fact, Map<Long, String> names) {
        return fact.accountId() == NOBODY
                ? "no account"
                : "account " + names.getOrDefault(fact.accountId(), Long.toString(fact.accountId()));
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
        facts.put(record.sequence(), new Fact(accountId, report, text(record)));
    }

    /** What was reported, and when, for people. */
    private String text(RecordView record) {
        String when = Instant.ofEpochSecond(record.timestampNs() / SECOND_NS).toString();
        return when + ": "
                + (record.kind() == CommandKind.EXECUTION
                        ? trade(execution.wrapAndApplyHeader(record.buffer(), record.commandOffset(), header))
                        : cost(settle.wrapAndApplyHeader(record.buffer(), record.commandOffset(), header)));
    }

    private static String trade(ExecutionDecoder execution) {
        StringBuilder text = new StringBuilder(Words.ofCode(execution.kind()))
                .append(' ')
                .append(Long.toUnsignedString(execution.executionId()));
        if (execution.referenceExecutionId() != ExecutionDecoder.referenceExecutionIdNullValue()) {
            text.append(" of execution ").append(Long.toUnsignedString(execution.referenceExecutionId()));
        }
        text.append(onHold(execution.holdId()));
        if (execution.side() != Side.NULL_VAL) {
            text.append(' ').append(Words.ofCode(execution.side()));
        }
        text.append(' ').append(QuantityText.of(execution.quantity()));
        if (execution.instrumentId() != ExecutionDecoder.instrumentIdNullValue()) {
            text.append(" of instrument ").append(execution.instrumentId());
        }
        return text.append(" at ")
                .append(DecimalMicros.text(execution.priceMicros()))
                .append(", fee ")
                .append(DecimalMicros.text(execution.feeMicros()))
                .toString();
    }

    private static String cost(SettleDecoder settle) {
        return Words.ofCode(settle.kind()) + onHold(settle.holdId()) + ' ' + DecimalMicros.text(settle.amountMicros());
    }

    private static String onHold(long holdId) {
        return " on hold " + Long.toUnsignedString(holdId) + ':';
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
