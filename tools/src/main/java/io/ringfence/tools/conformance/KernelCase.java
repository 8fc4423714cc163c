package io.ringfence.tools.conformance;

import static io.ringfence.tools.conformance.VectorFile.i64;
import static io.ringfence.tools.conformance.VectorFile.row;
import static io.ringfence.tools.conformance.VectorFile.sized;
import static io.ringfence.tools.conformance.VectorFile.u16;
import static io.ringfence.tools.conformance.VectorFile.u32;
import static io.ringfence.tools.conformance.VectorFile.u64;
import static io.ringfence.tools.conformance.VectorFile.u8;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringfence.engine.kernel.KernelInput;
import io.ringfence.engine.policy.Candidate;
import io.ringfence.engine.policy.Catalog;
import java.util.ArrayList;
import java.util.List;

/**
 * One line of kernel vectors: a policy, an input and the expected results.
 *
 * @param id             of the case, which other kinds of vectors name.
 * @param isValid        the policy passes validation.
 * @param isTrusted      the policy passes the check of those that may be decided under.
 * @param isInputInRange the input's proportions are at most one.
 * @param head           of the policy.
 * @param candidates     in the order given.
 * @param input          to decide about.
 * @param expected       the whole line, with the outcome.
 */
record KernelCase(
        String id,
        boolean isValid,
        boolean isTrusted,
        boolean isInputInRange,
        Catalog.Head head,
        List<Candidate> candidates,
        KernelInput input,
        JsonNode expected) {
    private static final int HEAD_SIZE = 6;
    private static final int CANDIDATE_SIZE = 10;
    private static final int INPUT_SIZE = 13;

    /** Refuses a line that is no kernel vector. */
    static KernelCase of(JsonNode line) {
        JsonNode policy = line.path("policy");
        JsonNode models = policy.path("models");
        if (!models.isArray()) {
            throw new IllegalArgumentException("policy.models must be an array");
        }
        List<Candidate> candidates = new ArrayList<>();
        models.forEach(model -> candidates.add(candidate(sized(model, "a model", CANDIDATE_SIZE))));
        return new KernelCase(
                line.path("id").asText(),
                flag(line, "valid"),
                flag(line, "trusted"),
                flag(line, "input_in_range"),
                head(row(policy, "head", HEAD_SIZE)),
                candidates,
                input(row(line, "input", INPUT_SIZE)),
                line);
    }

    private static boolean flag(JsonNode line, String name) {
        JsonNode node = line.path(name);
        if (!node.isBoolean()) {
            throw new IllegalArgumentException(name + " must be true or false: " + node);
        }
        return node.booleanValue();
    }

    private static Catalog.Head head(JsonNode row) {
        return new Catalog.Head(
                u64(row.get(0)), u64(row.get(1)), u16(row.get(2)), u16(row.get(3)), u16(row.get(4)), u64(row.get(5)));
    }

    private static Candidate candidate(JsonNode row) {
        return new Candidate(
                u32(row.get(0)),
                u16(row.get(1)),
                u16(row.get(2)),
                u16(row.get(3)),
                u8(row.get(4)),
                u32(row.get(5)),
                u64(row.get(6)),
                u64(row.get(7)),
                u64(row.get(8)),
                u64(row.get(9)));
    }

    private static KernelInput input(JsonNode row) {
        KernelInput input = new KernelInput();
        input.requestSequence(u64(row.get(0)));
        input.requestedCandidateId(u32(row.get(1)));
        input.inputUnits(u32(row.get(2)));
        input.outputUnits(u32(row.get(3)));
        input.businessValueMicros(i64(row.get(4)));
        input.costLimitMicros(u64(row.get(5)));
        input.riskBps(u16(row.get(6)));
        input.confidenceBps(u16(row.get(7)));
        input.minimumQualityBps(u16(row.get(8)));
        input.maxP95LatencyMs(u32(row.get(9)));
        input.requiredCapabilities(u64(row.get(10)));
        input.allowedProviderMask(u64(row.get(11)));
        input.requiredRegionMask(u64(row.get(12)));
        return input;
    }
}
