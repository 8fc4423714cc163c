package io.ringfence.tools.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Off-policy estimates, outcome records, draws and verdicts against the shared vectors. */
class DecidedVectorsTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"ope, 101", "outcome, 506", "exploration, 814", "explain, 122"})
    void shouldAgreeWithEveryCaseOfTheSharedFile(String word, int cases) throws IOException {
        VectorKind.Report report = suite(word).run(SharedVectors.find(word + ".jsonl.gz"));

        assertNull(report.firstFailure());
        assertEquals(0, report.failed());
        assertEquals(cases, report.cases());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = { // the file, what its first line says, what it is made to say, the failure
                "ope | \"matched\":0 | \"matched\":1 | id 0, matched: expected 1, actual 0",
                "ope | \"snips\":null | \"snips\":0 | id 0, snips: expected 0, actual null",
                "ope | [\"LowSampleSize\", | [ | id 0, warnings: expected ",
                "outcome | \"validate\":\"MissingPropensity( | \"validate\":\"Ok( | case 18, validate: expected ",
                "outcome | \"revision\":0 | \"revision\":1 | case 18, outcome_digest: expected ",
                "outcome | \"selection\":[0,25 | \"selection\":[0,26 | case 18, selection_digest: expected ",
                "outcome | \"identity\":[\"6c0c | \"identity\":[\"6c0d | case 18, identity_digest: expected ",
                "exploration | \"explored\":false | \"explored\":true | case 91, explored: expected true, actual false",
                "exploration | \"num\":29998 | \"num\":29999 | case 91, num: expected 29999, actual 29998",
                "exploration | \"window\":1000000 | \"window\":0 | case 91, window_size: expected 3, actual 2",
                "exploration | \"record_digest\":\"56 | \"record_digest\":\"57 | case 91, record_digest: expected ",
                "explain | 6751,5787 | 6751,5786 | case 163, verdicts: expected ",
                "explain | \"OverBudget\",619176 | \"Quality\",619176 | case 163, verdicts: expected ",
                "explain | [0,0,4, | [0,0,3, | case 163, histogram_1x: expected "
            })
    void shouldNameTheFirstDifference(String word, String from, String to, String failure) throws IOException {
        Path shared = SharedVectors.find(word + ".jsonl.gz");
        String line = text(shared).lines().findFirst().orElseThrow();
        assertTrue(line.contains(from), line);
        Files.writeString(directory.resolve("kernel.jsonl"), text(shared.resolveSibling("kernel.jsonl.gz")));
        Path file = Files.writeString(directory.resolve(word + ".jsonl"), line.replace(from, to) + "\n");

        VectorKind.Report report = suite(word).run(file);

        assertEquals(1, report.failed());
        assertTrue(report.firstFailure().startsWith(failure), report.firstFailure());
    }

    @Test
    void shouldNameTheKernelVectorsThatAreNotThere() throws IOException {
        Path file = Files.createFile(directory.resolve("outcome-2.jsonl"));

        NoSuchFileException thrown =
                assertThrows(NoSuchFileException.class, () -> suite("outcome").run(file));

        assertEquals(directory.resolve("kernel-2.jsonl").toString(), thrown.getFile());
    }

    @Test
    void shouldLookCasesUpInTheKernelFileOfTheSameCall() throws IOException {
        Path shared = SharedVectors.find("outcome.jsonl.gz");
        Path kernel = Files.copy(shared.resolveSibling("kernel.jsonl.gz"), directory.resolve("a-kernel.jsonl.gz"));
        Path file = Files.copy(shared, directory.resolve("outcome-of-another-name.jsonl.gz"));

        VectorKind.Report report = new OutcomeVectors(List.of(file, kernel)).run(file);

        assertEquals(0, report.failed(), report.firstFailure());
    }

    @Test
    void shouldRefuseALineThatNamesNoKernelVector() throws IOException {
        Files.createFile(directory.resolve("kernel.jsonl"));
        Path file = Files.writeString(directory.resolve("exploration.jsonl"), "{\"kernel_case\":5}\n");

        IOException thrown =
                assertThrows(IOException.class, () -> suite("exploration").run(file));

        assertEquals(file + ":1: kernel_case must be the id of a kernel vector: 5", thrown.getMessage());
    }

    private static VectorKind.Suite suite(String word) {
        return VectorKind.of(Path.of(word))
                .flatMap(kind -> kind.suite(List.of()))
                .orElseThrow();
    }

    private static String text(Path gzip) throws IOException {
        try (InputStream bytes = new GZIPInputStream(Files.newInputStream(gzip))) {
            return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
