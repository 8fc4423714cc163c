package io.ringfence.tools.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringfence.engine.selection.Exploration;
import io.ringfence.tools.evaluation.OutcomeRecord.Identity;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Checks draws: who acts, with which probability, what is recorded as the selection, and the record's digest. */
public final class ExplorationVectors extends KernelCases.Suite {
    private static final HexFormat HEX = HexFormat.of();

    /** @param files all that are checked together; the kernel vectors are among them, or beside the one that is checked. */
    public ExplorationVectors(List<Path> files) {
        super("exploration", files);
    }

    @Override
    void check(JsonNode vector, KernelCases.Decided of, ExpectedResults results) {
        Exploration exploration = new Exploration(
                HEX.parseHex(vector.path("key_hex").asText()),
                VectorFile.u16(vector.path("rate_bps")),
                VectorFile.u64(vector.path("window")));
        Identity identity = of.identity();
        exploration.choose(of.catalog(), identity.policyDigest(), of.input(), identity.inputDigest(), of.decision());
        results.expect("acted", vector.path("acted"), exploration.actedId());
        results.expect("explored", vector.path("explored"), exploration.isExplored());
        results.expect("window_size", vector.path("window_size"), exploration.windowSize());
        results.expect("num", vector.path("num"), exploration.numerator());
        results.expect("den", vector.path("den"), exploration.denominator());
        results.expect("bps", vector.path("bps"), exploration.propensityBps());
        results.expect("selection", vector.path("selection"), selection(exploration));
        results.expect(
                "record_digest",
                vector.path("record_digest"),
                HEX.formatHex(exploration.recordDigest(
                        identity.policyDigest(), identity.inputDigest(), identity.decisionDigest())));
    }

    /** Strategy, acting candidate, propensity; null when none acts. */
    private static List<Object> selection(Exploration exploration) {
        return exploration.windowSize() == 0
                ? null
                : Arrays.asList(exploration.strategy().value(), exploration.actedId(), exploration.propensityBps());
    }
}
