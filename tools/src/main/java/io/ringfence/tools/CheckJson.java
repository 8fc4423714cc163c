package io.ringfence.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.gateway.replay.ReplayReport;
import io.ringfence.journal.chain.Head;
import io.ringfence.journal.read.VerifyReport;

/** Says in JSON what a verification and a replay found. */
public final class CheckJson {
    private CheckJson() {}

    /** The object of {@code verify}. */
    public static ObjectNode of(VerifyReport report) {
        ObjectNode object = JsonLine.object()
                .put("ok", report.isOk())
                .put("records", report.records())
                .put("records_per_s", Math.round(report.recordsPerSecond()))
                .put("authenticated", report.isAuthenticated())
                .put("anchored", report.isAnchored())
                .put("watermark", report.hasWatermark());
        object.set("head", of(report.head()));
        if (report.isOk()) {
            return object.putNull("first_bad_sequence").putNull("fault");
        }
        return object.put("first_bad_sequence", report.firstBadSequence()).put("fault", report.faultText());
    }

    /** The object of {@code replay}. */
    public static ObjectNode of(ReplayReport report) {
        return JsonLine.object()
                .put("ok", report.isOk())
                .put("records", report.records())
                .put("records_per_s", report.recordsPerSecond())
                .put("state_digest", report.stateDigest())
                .put("live_state_digest", report.liveStateDigest())
                .put("first_difference", report.firstDifference());
    }

    /** The object of a head. */
    public static ObjectNode of(Head head) {
        return JsonLine.object().put("sequence", head.sequence()).put("entry_hash", head.entryHashHex());
    }
}
