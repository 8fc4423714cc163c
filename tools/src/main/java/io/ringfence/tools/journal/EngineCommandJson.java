package io.ringfence.tools.journal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.PolicyActivateDecoder;
import io.ringfence.schemas.PolicyPartDecoder;
import io.ringfence.schemas.PrincipalCommandDecoder;
import io.ringfence.schemas.RightCommandDecoder;
import io.ringfence.schemas.SessionClosedDecoder;
import io.ringfence.schemas.SessionOpenedDecoder;
import io.ringfence.schemas.SettingsDecoder;
import io.ringfence.schemas.SnapshotMarkerDecoder;
import io.ringfence.schemas.StartDecoder;
import io.ringfence.schemas.TickDecoder;
import io.ringfence.tools.Json;
import org.agrona.DirectBuffer;

/** Writes a command of the engine itself as JSON. Not thread safe. */
final class EngineCommandJson {
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();

    /** Puts the fields of one kind; nothing for a kind that this build does not act on. */
    void put(CommandKind kind, DirectBuffer buffer, int offset, ObjectNode object) {
        switch (kind) {
            case POLICY_PART -> policyPart(new PolicyPartDecoder().wrapAndApplyHeader(buffer, offset, header), object);
            case POLICY_ACTIVATE ->
                policyActivate(new PolicyActivateDecoder().wrapAndApplyHeader(buffer, offset, header), object);
            case SETTINGS -> settings(new SettingsDecoder().wrapAndApplyHeader(buffer, offset, header), object);
            case START -> start(new StartDecoder().wrapAndApplyHeader(buffer, offset, header), object);
            case SNAPSHOT ->
                Json.unsigned(
                        object,
                        "snapshot_id",
                        new SnapshotMarkerDecoder()
                                .wrapAndApplyHeader(buffer, offset, header)
                                .snapshotId());
            case TICK ->
                Json.unsigned(
                        object,
                        "tick_number",
                        new TickDecoder()
                                .wrapAndApplyHeader(buffer, offset, header)
                                .tickNumber());
            case PRINCIPAL ->
                principal(new PrincipalCommandDecoder().wrapAndApplyHeader(buffer, offset, header), object);
            case RIGHT -> right(new RightCommandDecoder().wrapAndApplyHeader(buffer, offset, header), object);
            case SESSION_OPENED ->
                sessionOpened(new SessionOpenedDecoder().wrapAndApplyHeader(buffer, offset, header), object);
            case SESSION_CLOSED ->
                sessionClosed(new SessionClosedDecoder().wrapAndApplyHeader(buffer, offset, header), object);
            default -> {}
        }
    }

    private static void policyPart(PolicyPartDecoder part, ObjectNode object) {
        ObjectNode piece = object.putObject("policy_part");
        Json.unsigned(piece, "epoch", part.epoch());
        piece.put("section", part.section().name())
                .put("index", part.index())
                .put("count", part.count())
                .put("length", part.contentLength());
    }

    private static void policyActivate(PolicyActivateDecoder activate, ObjectNode object) {
        byte[] digest = new byte[PolicyActivateDecoder.policyDigestLength()];
        ObjectNode activation = object.putObject("policy_activate");
        Json.unsigned(activation, "epoch", activate.epoch());
        activate.getPolicyDigest(digest, 0, digest.length);
        Json.hex(activation, "policy_digest", digest);
        activate.getAdaptiveDigest(digest, 0, digest.length);
        Json.hex(activation, "adaptive_digest", digest);
        activate.getNamesDigest(digest, 0, digest.length);
        Json.hex(activation, "names_digest", digest);
    }

    private static void settings(SettingsDecoder decoder, ObjectNode object) {
        byte[] journalId = new byte[SettingsDecoder.journalIdLength()];
        ObjectNode settings = object.putObject("settings");
        Json.unsigned(settings, "seed", decoder.seed());
        settings.put("value_threshold_micros", decoder.valueThresholdMicros())
                .put("regime_window", decoder.regimeWindow())
                .put("anomaly_z", decoder.anomalyZ())
                .put("common_z", decoder.commonZ())
                .put("anomaly_step_bps", decoder.anomalyStepBps())
                .put("common_step_bps", decoder.commonStepBps())
                .put("remembered_per_principal", decoder.rememberedPerPrincipal());
        Json.unsigned(settings, "tick_interval_ns", decoder.tickIntervalNs());
        settings.put("keyed", decoder.isKeyed().name())
                .put("external_id_once", decoder.isExternalIdOnce().name())
                .put("accounts_max", decoder.accountsMax())
                .put("holds_per_account", decoder.holdsPerAccount())
                .put("positions_per_account", decoder.positionsPerAccount())
                .put("principals_max", decoder.principalsMax())
                .put("policy_size_max", decoder.policyBytesMax())
                .put("facts_per_account", decoder.factsPerAccount())
                .put("facts_horizon_ns", decoder.factsHorizonNs())
                .put("candidate_posteriors_max", decoder.candidatePosteriorsMax())
                .put("circuit_max_age_ns", decoder.circuitMaxAgeNs());
        decoder.getJournalId(journalId, 0, journalId.length);
        Json.hex(settings, "journal_id", journalId);
    }

    private static void start(StartDecoder decoder, ObjectNode object) {
        ObjectNode start = object.putObject("start");
        Json.unsigned(start, "instance_id", decoder.instanceId());
        Json.unsigned(start, "wall_clock_ns", decoder.wallClockNs());
        start.put("semantics_version", decoder.semanticsVersion())
                .put("schema_version", decoder.schemaVersion())
                .put("clock_source", decoder.clockSource().name())
                .put("build", decoder.build());
    }

    private static void principal(PrincipalCommandDecoder decoder, ObjectNode object) {
        object.putObject("principal")
                .put("principal_id", decoder.principalId())
                .put("role", decoder.role().name())
                .put("scope", decoder.scope().name())
                .put("remaining", decoder.remaining())
                .put("name", decoder.name());
    }

    private static void right(RightCommandDecoder decoder, ObjectNode object) {
        ObjectNode right = object.putObject("right")
                .put("principal_id", decoder.principalId())
                .put("verb", decoder.verb().name())
                .put("remaining", decoder.remaining());
        Json.unsigned(right, "account_id", decoder.accountId());
    }

    private static void sessionOpened(SessionOpenedDecoder decoder, ObjectNode object) {
        object.putObject("session_opened")
                .put("session_id", decoder.sessionId())
                .put("principal_id", decoder.principalId());
    }

    private static void sessionClosed(SessionClosedDecoder decoder, ObjectNode object) {
        object.putObject("session_closed")
                .put("session_id", decoder.sessionId())
                .put("principal_id", decoder.principalId())
                .put("end", decoder.end().name());
    }
}
