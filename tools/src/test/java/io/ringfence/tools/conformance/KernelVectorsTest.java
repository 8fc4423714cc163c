package io.ringfence.tools.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelVectorsTest {
    private static final String GOLDEN =
            "{\"id\":7,\"kind\":\"golden\",\"valid\":true,\"trusted\":true,\"input_in_range\":true,"
                    + "\"policy\":{\"head\":[7,42,9600,5500,3500,2],\"models\":["
                    + "[1,0,9000,9500,1,200,5,18446744073709551615,250,1000],"
                    + "[2,1,7500,9500,1,90,1,18446744073709551615,25,125]]},"
                    + "\"input\":[1,1,1000,500,100000,50000000,1000,9000,5000,1000,1,18446744073709551615,0],"
                    + "\"decision\":[1,1,1,1,0,2,77098,2,63818,2,2,7,42],"
                    + "\"utilities\":[77098,63818],\"histogram\":[0,0,0,0,0,0,0,0,0],"
                    + "\"policy_digest\":null,\"input_digest\":null,\"decision_digest\":null}";

    @TempDir
    Path directory;

    @Test
    void shouldPassEverySharedKernelVector() throws IOException {
        Path file = SharedVectors.find("kernel.jsonl.gz");

        VectorKind.Report report = new KernelVectors().run(file);

        assertNull(report.firstFailure());
        assertEquals(0, report.failed());
        assertEquals(8_467, report.cases());
    }

    @Test
    void shouldPassTheGoldenCase() throws IOException {
        assertEquals(
                new VectorKind.Report(directory.resolve("kernel.jsonl").toString(), "kernel", 1, 0, null), run(GOLDEN));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = { // what the line says, what it should have said, the failure
                "77098,2,63818 | 77099,2,63818 | decision[6]: expected 77099, got 77098",
                "[77098,63818] | [77098,null]  | utilities[1]: expected null, got 63818",
                "\"valid\":true | \"valid\":false | valid: expected false, got valid",
                "\"trusted\":true | \"trusted\":false | trusted: expected false, got trusted",
                "[2,1,7500 | [1,1,7500 | valid: expected true, got each id must stand once: candidateId=1, value=1",
                "[1,0,9000,9500,1 | [1,0,9000,9500,2 | trusted: expected true, got enabled must be 0 or 1: candidateId=1, value=2",
                "range\":true | range\":false | input_in_range: expected false, got true",
                "[0,0,0,0,0,0,0,0,0] | [0,0,0,0,0,0,0,0,1] | histogram[8]: expected 1, got 0",
                "\"policy_digest\":null | \"policy_digest\":\"00\" | policy_digest: expected 00, got ",
                "\"input_digest\":null | \"input_digest\":\"00\" | input_digest: expected 00, got ",
                "\"decision_digest\":null | \"decision_digest\":\"00\" | decision_digest: expected 00, got "
            })
    void shouldNameTheFirstDifference(String from, String to, String failure) throws IOException {
        VectorKind.Report report = run(GOLDEN.replace(from, to) + "\n" + GOLDEN);

        assertEquals(2, report.cases());
        assertEquals(1, report.failed());
        assertTrue(report.firstFailure().startsWith("case 7: " + failure), report.firstFailure());
    }

    @Test
    void shouldDecideUntrustedPoliciesInTheOrderGiven() throws IOException {
        String swapped = GOLDEN.replace("\"trusted\":true", "\"trusted\":false")
                .replace("[1,0,9000,9500,1,200,5,18446744073709551615,250,1000],", "")
                .replace("25,125]]", "25,125],[1,0,9000,9500,255,200,5,18446744073709551615,250,1000]]")
                .replace("[1,1,1,1,0,2,", "[1,1,1,1,1,2,")
                .replace("[77098,63818]", "[63818,77098]");

        assertNull(run(swapped).firstFailure());
    }

    @Test
    void shouldRefuseALineThatIsNoVector() {
        IOException thrown =
                assertThrows(IOException.class, () -> run(GOLDEN + "\n\n" + GOLDEN.replace("[7,42,9", "[7,4.2,9")));

        assertTrue(
                thrown.getMessage().endsWith("kernel.jsonl:3: a whole number was expected: 4.2"), thrown.getMessage());
    }

    private VectorKind.Report run(String lines) throws IOException {
        return new KernelVectors().run(Files.writeString(directory.resolve("kernel.jsonl"), lines));
    }
}
