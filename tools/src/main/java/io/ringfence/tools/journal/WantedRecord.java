package io.ringfence.tools.journal;

import io.ringfence.journal.record.RecordView;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.OrderRequestDecoder;
import io.ringfence.tools.ExitCode.BadInputException;
import io.ringfence.tools.OptionRule;
import io.ringfence.tools.OptionRule.Within;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Says which record is wanted: by its sequence, or by an id that its client gave. */
class WantedRecord {
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final OrderRequestDecoder order = new OrderRequestDecoder();

    @Option(names = "--sequence", paramLabel = "N", description = "The record of this sequence, in full.")
    @Within(least = 1)
    private Long sequence;

    @Option(
            names = "--request",
            paramLabel = "ID",
            description = "Of this request id of the client; repetitions have it too.")
    @Within(least = 1)
    private Long requestId;

    @Option(names = "--external-id", paramLabel = "ID", description = "Orders of this id of the client.")
    private String externalId;

    @Option(names = "--principal", paramLabel = "N", description = "Of this principal.")
    @Within(least = 0)
    private Integer principalId;

    /** Is a record of one sequence wanted? */
    final boolean isSingle() {
        return sequence != null;
    }

    /** Refuses options that name no record, or name it twice. */
    final void requireOne() {
        requireExternalId();
        OptionRule.notBoth("--sequence", sequence, "--request", requestId);
        OptionRule.notBoth("--sequence", sequence, "--external-id", externalId);
        OptionRule.notBoth("--sequence", sequence, "--principal", principalId);
        if (sequence == null && requestId == null && externalId == null) {
            throw new BadInputException("--sequence, --request or --external-id: must say which record");
        }
    }

    /** Refuses an id that no order can have. */
    final void requireExternalId() {
        if (externalId != null && externalId.isEmpty()) {
            throw new BadInputException("--external-id: must not be empty");
        }
    }

    /** The sequence wanted; null if any. */
    final Long sequence() {
        return sequence;
    }

    /** The options as on the command line, a blank before each. */
    String text() {
        StringBuilder text = new StringBuilder();
        add(text, "--sequence", sequence);
        add(text, "--request", requestId);
        add(text, "--external-id", externalId);
        add(text, "--principal", principalId);
        return text.toString();
    }

    static void add(StringBuilder text, String option, Object value) {
        if (value instanceof Enum<?> word) {
            add(text, option, word.name().toLowerCase(Locale.ROOT));
        } else if (value != null) {
            text.append(' ').append(option).append(' ').append(value);
        }
    }

    /** Does the record meet the options that need no decision? */
    boolean matches(RecordView record) {
        return (sequence == null || record.sequence() >= sequence)
                && (principalId == null || record.principalId() == principalId)
                && (requestId == null || hasRequestId(record))
                && (externalId == null || hasExternalId(record));
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
