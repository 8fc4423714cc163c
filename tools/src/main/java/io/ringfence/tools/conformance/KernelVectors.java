package io.ringfence.tools.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringfence.engine.kernel.Kernel;
import io.ringfence.engine.kernel.KernelDecision;
import io.ringfence.engine.kernel.KernelDecision.Gate;
import io.ringfence.engine.kernel.KernelInput;
import io.ringfence.engine.policy.Catalog;
import io.ringfence.engine.policy.CatalogFault;
import io.ringfence.engine.policy.Checked;
import io.ringfence.engine.policy.Policy;
import io.ringfence.engine.proof.DecisionSeal;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Checks validation, decision, utilities, gate counts and the three digests of kernel vectors.
 *
 * <p>The kernel decides about any policy and input, so untrusted and invalid ones are decided, too, as given; what a line
 * says about validity, trust and range is checked beside. Fields that a line gives as null are not compared.
 */
public final class KernelVectors implements VectorKind.Suite {
    private static final String KIND = "kernel";
    /** The vectors' order of gate counts. */
    private static final List<Gate> HISTOGRAM = List.of(
            Gate.DISABLED,
            Gate.QUALITY,
            Gate.RISK_CEILING,
            Gate.LATENCY,
            Gate.CAPABILITY,
            Gate.PROVIDER,
            Gate.REGION,
            Gate.COST_LIMIT,
            Gate.UTILITY);

    private static final int DIGEST_LENGTH = 32;

    private final Kernel kernel = new Kernel();
    private final KernelDecision decision = new KernelDecision();
    private final DecisionSeal seal = new DecisionSeal();

    @Override
    public VectorKind.Report run(Path file) throws IOException {
        return VectorFile.check(file, KIND, line -> failure(KernelCase.of(line)));
    }

    private Optional<String> failure(KernelCase vector) {
        return difference(vector).map(text -> "case " + vector.id() + ": " + text);
    }

    /** The first difference, in the order of the line's fields. */
    private Optional<String> difference(KernelCase vector) {
        Catalog asGiven = Catalog.asGiven(vector.head(), vector.candidates());
        Optional<CatalogFault> fault = asGiven.fault();
        if (fault.isEmpty() != vector.isValid()) {
            return differs(
                    "valid", vector.isValid(), fault.map(CatalogFault::text).orElse("valid"));
        }
        Checked<Catalog, CatalogFault> trusted = Catalog.trusted(vector.head(), vector.candidates());
        if (trusted.isValid() != vector.isTrusted()) {
            return differs(
                    "trusted",
                    vector.isTrusted(),
                    trusted.fault().map(CatalogFault::text).orElse("trusted"));
        }
        Catalog catalog = trusted.isValid() ? trusted.value() : asGiven;
        if (vector.input().isInRange() != vector.isInputInRange()) {
            return differs(
                    "input_in_range", vector.isInputInRange(), vector.input().isInRange());
        }
        kernel.evaluate(catalog, vector.input(), decision);
        return compare(vector.expected(), "decision", decisionRow())
                .or(() -> compare(vector.expected(), "utilities", utilities(catalog, vector.input())))
                .or(() -> compare(vector.expected(), "histogram", histogram(decision)))
                .or(() -> compareDigests(vector, catalog));
    }

    private List<BigInteger> decisionRow() {
        return List.of(
                unsigned(decision.requestSequence()),
                BigInteger.valueOf(decision.action().value()),
                BigInteger.valueOf(decision.reason().value()),
                BigInteger.valueOf(decision.selectedId()),
                BigInteger.valueOf(decision.selectedIndex()),
                unsigned(decision.costMicros()),
                BigInteger.valueOf(decision.utilityMicros()),
                BigInteger.valueOf(decision.counterfactualId()),
                BigInteger.valueOf(decision.counterfactualUtilityMicros()),
                BigInteger.valueOf(decision.evaluatedCount()),
                BigInteger.valueOf(decision.eligibleCount()),
                unsigned(decision.policyEpoch()),
                unsigned(decision.catalogEpoch()));
    }

    private List<BigInteger> utilities(Catalog catalog, KernelInput input) {
        List<BigInteger> utilities = new ArrayList<>();
        for (int index = 0; index < catalog.count(); index++) {
            boolean isEligible = Kernel.gateOf(catalog, index, input) == 0;
            utilities.add(isEligible ? BigInteger.valueOf(Kernel.utilityMicros(catalog, index, input)) : null);
        }
        return utilities;
    }

    /** The candidates that failed at each gate, in the vectors' order of gates. */
    static List<BigInteger> histogram(KernelDecision decision) {
        return HISTOGRAM.stream()
                .map(gate -> BigInteger.valueOf(decision.gateCount(gate)))
                .toList();
    }

    private static Optional<String> compare(JsonNode line, String name, List<BigInteger> actual) {
        JsonNode expected = line.path(name);
        if (expected.isNull()) {
            return Optional.empty();
        }
        VectorFile.sized(expected, name, actual.size());
        for (int index = 0; index < actual.size(); index++) {
            JsonNode node = expected.get(index);
            BigInteger value = node.isNull() ? null : node.bigIntegerValue();
            if (value == null ? actual.get(index) != null : !value.equals(actual.get(index))) {
                return differs(name + "[" + index + "]", value, actual.get(index));
            }
        }
        return Optional.empty();
    }

    private Optional<String> compareDigests(KernelCase vector, Catalog catalog) {
        byte[] ofInput = new byte[DIGEST_LENGTH];
        seal.input(vector.input(), ofInput, 0);
        byte[] ofDecision = new byte[DIGEST_LENGTH];
        seal.decision(decision, ofDecision, 0);
        return compare(vector.expected(), "policy_digest", Policy.digestOf(catalog))
                .or(() -> compare(vector.expected(), "input_digest", ofInput))
                .or(() -> compare(vector.expected(), "decision_digest", ofDecision));
    }

    private static Optional<String> compare(JsonNode line, String name, byte[] digest) {
        JsonNode expected = line.path(name);
        String actual = HexFormat.of().formatHex(digest);
        if (expected.isNull() || actual.equals(expected.asText())) {
            return Optional.empty();
        }
        return differs(name, expected.asText(), actual);
    }

    private static Optional<String> differs(String name, Object expected, Object actual) {
        return Optional.of(name + ": expected " + expected + ", got " + actual);
    }

    private static BigInteger unsigned(long bits) {
        return new BigInteger(Long.toUnsignedString(bits));
    }
}
