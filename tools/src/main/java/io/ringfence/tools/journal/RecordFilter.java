package io.ringfence.tools.journal;

import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.journal.record.RecordView;
import io.ringfence.schemas.Action;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.OrderRequestDecoder;
import io.ringfence.tools.ExitCode.BadInputException;
import io.ringfence.tools.OptionRule;
import io.ringfence.tools.OptionRule.Within;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Selects the records that meet every option given. */
final class RecordFilter {
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final OrderRequestDecoder order = new OrderRequestDecoder();

    @Option(names = "--sequence", paramLabel = "N", description = "The record of this sequence, in full.")
    @Within(least = 1)
    private Long sequence;

    @Option(names = "--from", paramLabel = "N", description = "From this sequence on.")
    @Within(least = 1)
    private Long from;

    @Option(names = "--to", paramLabel = "N", description = "Up to this sequence.")
    @Within(least = 1)
    private Long to;

    @Option(names = "--kind", paramLabel = "KIND", description = "Of this kind, e.g. order or execution.")
    private CommandKind kind;

    @Option(names = "--request", paramLabel = "ID", description = "Of this request id of the client, repetitions too.")
    private Long requestId;

    @Option(names = "--external-id", paramLabel = "ID", description = "Orders of this id of the client.")
    private String externalId;

    @Option(
            names = "--action",
            paramLabel = "ACTION",
            description = "Answered so: execute, substitute, reject or nothing_granted.")
    private Action action;

    @Option(names = "--limit", paramLabel = "N", description = "At most this many.")
    @Within(least = 1)
    private Long limit;

    /** Refuses options that exclude each other. */
    void check(boolean isFollowing) {
        OptionRule.notBoth("--sequence", sequence, "--from", from);
        OptionRule.notBoth("--sequence", sequence, "--to", to);
        OptionRule.notBoth("--sequence", sequence, "--follow", isFollowing ? true : null);
        if (from != null && to != null && from > to) {
            throw new BadInputException("--to: must be at least --from, " + from + ": " + to);
        }
    }

    /** The sequence of {@code --from}; the greatest there is where it is not given. */
    long firstSequence() {
        return from == null ? Long.MAX_VALUE : from;
    }

    /** Is exactly one record wanted? */
    boolean isSingle() {
        return sequence != null;
    }

    /** The sequence wanted; only where {@link #isSingle}. */
    long sequence() {
        return sequence;
    }

    /** Most records to show. */
    long limit() {
        return limit == null ? Long.MAX_VALUE : limit;
    }

    /** The last sequence that can be wanted. */
    long lastSequence() {
        return sequence != null ? sequence : to != null ? to : Long.MAX_VALUE;
    }

    /** The options as on the command line, a blank before each. */
    String text() {
        StringBuilder text = new StringBuilder();
        add(text, "--sequence", sequence);
        add(text, "--from", from);
        add(text, "--to", to);
        add(text, "--kind", kind);
        add(text, "--request", requestId);
        add(text, "--external-id", externalId);
        add(text, "--action", action);
        return text.toString();
    }

    private static void add(StringBuilder text, String option, Object value) {
        if (value instanceof Enum<?> word) {
            add(text, option, word.name().toLowerCase(Locale.ROOT));
        } else if (value != null) {
            text.append(' ').append(option).append(' ').append(value);
        }
    }

    /** Does the record meet the options that need no decision: sequence, kind, request and external id? */
    boolean matches(RecordView record) {
        long first = sequence != null ? sequence : from != null ? from : 1;
        return record.sequence() >= first
                && (kind == null || record.kind() == kind)
                && (requestId == null || hasRequestId(record))
                && (externalId == null || hasExternalId(record));
    }

    /** Does its decision meet {@code --action}? */
    boolean matches(DecisionEvent event) {
        return action == null || event.verdict().action() == action;
    }

    private boolean hasRequestId(RecordView record) {
        return CommandJson.isFromClient(record) && CommandJson.clientRequestId(record) == requestId;
    }

    private boolean hasExternalId(RecordView record) {
        return record.kind() == CommandKind.ORDER
                && order.wrapAndApplyHeader(record.buffer(), record.commandOffset(), header)
                        .externalId()
                        .equals(externalId);
    }
}
