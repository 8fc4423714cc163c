package io.ringfence.tools.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringfence.tools.evaluation.OffPolicyEstimate;
import io.ringfence.tools.evaluation.OffPolicyEstimate.EstimateException;
import io.ringfence.tools.evaluation.OffPolicyEstimate.Fault;
import io.ringfence.tools.evaluation.OffPolicyEstimate.LoggedAct;
import io.ringfence.tools.evaluation.OffPolicyEstimate.Warning;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Checks off-policy estimates: counts, every figure bit by bit, and warnings. */
public final class OffPolicyVectors implements VectorKind.Suite {
    private static final int ACT_SIZE = 5;
    private static final int FIGURE_SIZE = 2; // A shortest text, then the bits.
    private static final Map<Warning, String> WARNINGS = Map.of(
            Warning.LOW_SAMPLE_SIZE, "LowSampleSize",
            Warning.LOW_EFFECTIVE_SAMPLE_SIZE, "LowEffectiveSampleSize",
            Warning.UNSUPPORTED_POLICY, "UnsupportedPolicy",
            Warning.CLIPPED_WEIGHTS, "ClippedWeights");

    @Override
    public VectorKind.Report run(Path file) throws IOException {
        return VectorFile.check(file, "ope", line -> {
            ExpectedResults results =
                    new ExpectedResults("id " + line.path("id").asText());
            check(line, results);
            return results.difference();
        });
    }

    private static void check(JsonNode vector, ExpectedResults results) {
        List<LoggedAct> acts = new ArrayList<>();
        vector.path("records").forEach(row -> acts.add(act(VectorFile.sized(row, "a record", ACT_SIZE))));
        JsonNode clip = vector.path("clip");
        JsonNode expected = vector.path("result");
        try {
            OptionalDouble clipWeight = clip.isNull() ? OptionalDouble.empty() : OptionalDouble.of(figure(clip));
            OffPolicyEstimate estimate = OffPolicyEstimate.of(acts, clipWeight);
            fields(estimate).forEach((name, value) -> results.expect(name, bits(expected.path(name)), value));
        } catch (EstimateException e) {
            results.expect("error", expected.path("error"), error(e.fault(), clip));
        }
    }

    private static LoggedAct act(JsonNode row) {
        return new LoggedAct(
                VectorFile.u32(row.get(0)),
                VectorFile.u64(row.get(1)),
                VectorFile.u64(row.get(2)),
                Double.longBitsToDouble(HexFormat.fromHexDigitsToLong(row.get(3).asText())),
                VectorFile.u32(row.get(4)));
    }

    private static double figure(JsonNode figure) {
        VectorFile.sized(figure, "a figure", FIGURE_SIZE);
        return Double.longBitsToDouble(
                HexFormat.fromHexDigitsToLong(figure.get(1).asText()));
    }

    /** The bits of a figure, which has a text beside them; any other node as it is. */
    private static JsonNode bits(JsonNode node) {
        boolean isFigure = node.size() == FIGURE_SIZE && node.get(1).asText().length() == Long.BYTES * 2;
        return isFigure ? node.get(1) : node;
    }

    private static Map<String, Object> fields(OffPolicyEstimate estimate) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("used", estimate.used());
        fields.put("excluded", estimate.excluded());
        fields.put("matched", estimate.matched());
        fields.put("unsupported", estimate.unsupported());
        fields.put("ips", bits(estimate.ips()));
        fields.put("ci_lo", bits(estimate.ipsLow()));
        fields.put("ci_hi", bits(estimate.ipsHigh()));
        fields.put("snips", estimate.snips().isPresent() ? bits(estimate.snips().getAsDouble()) : null);
        fields.put("ess", bits(estimate.effectiveSize()));
        fields.put("max_weight", bits(estimate.maxWeight()));
        fields.put("warnings", estimate.warnings().stream().map(WARNINGS::get).toList());
        return fields;
    }

    private static String bits(double value) {
        return HexFormat.of().toHexDigits(Double.doubleToRawLongBits(value));
    }

    private static String error(Fault fault, JsonNode clip) {
        return switch (fault) {
            case INVALID_CLIP -> "InvalidClip(" + clip.path(0).asText() + ")";
            case NO_USABLE_RECORDS -> "NoUsableRecords";
            case NUMERIC_OVERFLOW -> "NumericOverflow";
        };
    }
}
