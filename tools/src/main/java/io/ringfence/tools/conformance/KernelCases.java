package io.ringfence.tools.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringfence.engine.kernel.Kernel;
import io.ringfence.engine.kernel.KernelDecision;
import io.ringfence.engine.kernel.KernelInput;
import io.ringfence.engine.policy.Catalog;
import io.ringfence.engine.policy.CatalogFault;
import io.ringfence.engine.policy.Checked;
import io.ringfence.engine.policy.Policy;
import io.ringfence.engine.proof.DecisionSeal;
import io.ringfence.tools.evaluation.OutcomeRecord.Identity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The kernel vectors beside a vector file that names their cases, each decided when it is asked for. */
final class KernelCases {
    private static final int DIGEST_LENGTH = 32;

    private final Map<String, KernelCase> byId = new HashMap<>();
    private final Kernel kernel = new Kernel();
    private final DecisionSeal seal = new DecisionSeal();

    /**
     * A case with its decision.
     *
     * @param identity names the decision by its digests.
     */
    record Decided(Catalog catalog, KernelInput input, KernelDecision decision, Identity identity) {}

    /** Checks vectors whose lines name a case of the kernel vectors. */
    abstract static class Suite implements VectorKind.Suite {
        private final String word;
        private final List<Path> files;

        /**
         * @param word  of the kind.
         * @param files all that are checked together.
         */
        Suite(String word, List<Path> files) {
            this.word = word;
            this.files = files;
        }

        @Override
        public final VectorKind.Report run(Path file) throws IOException {
            KernelCases cases = KernelCases.of(files, file, word);
            return VectorFile.check(file, word, line -> {
                ExpectedResults results =
                        new ExpectedResults("case " + line.path("kernel_case").asText());
                check(line, cases.decide(line), results);
                return results.difference();
            });
        }

        /** Compares what one line says with what it comes to. */
        abstract void check(JsonNode vector, Decided of, ExpectedResults results);
    }

    private KernelCases() {}

    /**
     * Reads the kernel vectors that a file's cases stand in: those among the files that are checked together, else the file beside it that
     * has the same name with {@code kernel} in place of its kind's word.
     */
    static KernelCases of(List<Path> files, Path file, String word) throws IOException {
        List<Path> given = files.stream()
                .filter(other -> VectorKind.of(other).equals(Optional.of(VectorKind.KERNEL)))
                .toList();
        Path beside = file.resolveSibling(file.getFileName().toString().replace(word, "kernel"));
        KernelCases cases = new KernelCases();
        for (Path kernelFile : given.isEmpty() ? List.of(beside) : given) {
            VectorFile.check(kernelFile, "kernel", line -> {
                KernelCase vector = KernelCase.of(line);
                cases.byId.put(vector.id(), vector);
                return Optional.empty();
            });
        }
        return cases;
    }

    /** The case that a line names. */
    Decided decide(JsonNode line) {
        String id = line.path("kernel_case").asText();
        KernelCase vector = byId.get(id);
        if (vector == null) {
            throw new IllegalArgumentException("kernel_case must be the id of a kernel vector: " + id);
        }
        Checked<Catalog, CatalogFault> trusted = Catalog.trusted(vector.head(), vector.candidates());
        Catalog catalog = trusted.isValid() ? trusted.value() : Catalog.asGiven(vector.head(), vector.candidates());
        KernelDecision decision = new KernelDecision();
        kernel.evaluate(catalog, vector.input(), decision);
        byte[] inputDigest = new byte[DIGEST_LENGTH];
        seal.input(vector.input(), inputDigest, 0);
        byte[] decisionDigest = new byte[DIGEST_LENGTH];
        seal.decision(decision, decisionDigest, 0);
        return new Decided(
                catalog,
                vector.input(),
                decision,
                new Identity(
                        Policy.digestOf(catalog),
                        inputDigest,
                        decisionDigest,
                        vector.input().requestSequence()));
    }
}
