package io.ringfence.tools.journal;

import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.journal.record.RecordView;
import io.ringfence.schemas.Action;
import io.ringfence.schemas.CommandKind;
import io.ringfence.tools.ExitCode.BadInputException;
import io.ringfence.tools.OptionRule;
import io.ringfence.tools.OptionRule.Within;
import picocli.CommandLine.Option;

/** Selects the records that meet every option given. */
final class RecordFilter extends WantedRecord {
    @Option(names = "--from", paramLabel = "N", description = "From this sequence on.")
    @Within(least = 1)
    private Long from;

    @Option(names = "--to", paramLabel = "N", description = "Up to this sequence.")
    @Within(least = 1)
    private Long to;

    @Option(names = "--kind", paramLabel = "KIND", description = "Of this kind, e.g. order or execution.")
    private CommandKind kind;

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
        requireExternalId();
        OptionRule.notBoth("--sequence", sequence(), "--from", from);
        OptionRule.notBoth("--sequence", sequence(), "--to", to);
        OptionRule.notBoth("--sequence", sequence(), "--follow", isFollowing ? true : null);
        if (from != null && to != null && from > to) {
            throw new BadInputException("--to: must be at least --from, " + from + ": " + to);
        }
    }

    /** The sequence of {@code --from}; the greatest there is where it is not given. */
    long firstSequence() {
        return from == null ? Long.MAX_VALUE : from;
    }

    /** Most records to show. */
    long limit() {
        return limit == null ? Long.MAX_VALUE : limit;
    }

    /** The last sequence that can be wanted. */
    long lastSequence() {
        return sequence() != null ? sequence() : to != null ? to : Long.MAX_VALUE;
    }

    @Override
    String text() {
        StringBuilder text = new StringBuilder();
        add(text, "--from", from);
        add(text, "--to", to);
        add(text, "--kind", kind);
        text.append(super.text());
        add(text, "--action", action);
        return text.toString();
    }

    @Override
    boolean matches(RecordView record) {
        return record.sequence() >= (from == null ? 1 : from)
                && (kind == null || record.kind() == kind)
                && super.matches(record);
    }

    /** Does its decision meet {@code --action}? */
    boolean matches(DecisionEvent event) {
        return action == null || event.verdict().action() == action;
    }
}
