package io.ringfence.tools.journal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.gateway.replay.PolicyHistory;
import io.ringfence.gateway.replay.RecordedDecision;
import io.ringfence.journal.record.RecordView;
import io.ringfence.tools.Json;
import io.ringfence.tools.ReasonText;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Writes a record and what follows from it as JSON. Not thread safe. */
final class RecordJson {
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    /** Fields of every record, in this order; null where a record has no value. */
    private static final List<String> FIXED_FIELDS = List.of(
            "client_request_id",
            "account_id",
            "account",
            "external_id",
            "use_case",
            "candidate_id",
            "candidate",
            "hold_id",
            "action",
            "reason",
            "why",
            "acted_candidate_id",
            "acted_candidate",
            "duplicate_of",
            "held_micros",
            "remaining_micros",
            "failed_control",
            "floor_bps",
            "floor_source",
            "regime",
            "tier",
            "kernel",
            "input_digest",
            "decision_digest",
            "entry_hash",
            "authenticated",
            "difference");

    private final CommandJson command = new CommandJson();
    private final DecisionJson stages = new DecisionJson();

    /** The object of the record in hand. */
    ObjectNode of(NamedRecords records) {
        RecordView record = records.record();
        RecordedDecision decision = records.decision();
        PolicyHistory names = records.names();
        DecisionEvent event = decision.event();
        ObjectNode object = Json.object();
        Json.unsigned(object, "sequence", record.sequence());
        object.put("timestamp_ns", record.timestampNs())
                .put("time", time(record.timestampNs()))
                .put("kind", record.kind().name())
                .put("session_id", Integer.toUnsignedLong(record.sessionId()))
                .put("principal_id", Integer.toUnsignedLong(record.principalId()));
        FIXED_FIELDS.forEach(object::putNull);
        object.put("action", event.verdict().action().name()).put("why", why(event));
        if (!event.isDuplicate()) {
            object.put("reason", event.verdict().reason().name());
        }
        command.put(record, names, object);
        stages.put(event, names, object);
        if (event.verdict().isAdmitted() && event.type().isRequest()) {
            Json.unsigned(object, "hold_id", record.sequence());
        }
        Json.hex(object, "entry_hash", event.entryHash());
        object.put("authenticated", record.isAuthenticated());
        return object.put("difference", decision.difference());
    }

    private static String why(DecisionEvent event) {
        return event.isDuplicate()
                ? "The same request came before; its first answer was given again."
                : ReasonText.of(event.verdict().reason());
    }

    private static String time(long timestampNs) {
        return Instant.ofEpochSecond(Math.floorDiv(timestampNs, SECOND_NS), Math.floorMod(timestampNs, SECOND_NS))
                .toString();
    }
}
