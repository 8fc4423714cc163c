package io.ringfence.tools.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerVectorsTest {
    private static final String TRACE = """
            {"id":1,"kind":"ops","ops":[["ensure","a",100],["reserve","a",60,["Reserved",40],1],%s],\
            "final":{"version":9223372036854775811,"active_reservations":0,"wal_high_watermark":null,\
            "tenants":[["a",100,45,0,55]]},"conservation":["Balanced"],"ledger_digest":\
            "%s"}
            """;
    private static final String DIGEST = "a4bc9fc082951401252f35a58444ac78f65e386b5122d4848d3f1c6cd67dd56f";

    @TempDir
    private Path directory;

    @Test
    void shouldAgreeWithEveryCaseOfTheSharedFile() throws IOException {
        VectorKind.Report report = new LedgerVectors().run(SharedVectors.find("ledger.jsonl.gz"));

        assertNull(report.firstFailure());
        assertEquals(0, report.failed());
        assertEquals(600, report.cases());
    }

    @Test
    void shouldAgreeWithAHandMadeTrace() throws IOException {
        VectorKind.Report report =
                run(String.format(Locale.ROOT, TRACE, "[\"commit\",1,55,[\"Committed\",45,55]]", DIGEST));

        assertNull(report.firstFailure());
    }

    @Test
    void shouldNameTheFirstDifferenceAndGoOn() throws IOException {
        String wrong = String.format(Locale.ROOT, TRACE, "[\"commit\",1,55,[\"Committed\",44,55]]", DIGEST);

        VectorKind.Report report = run(wrong + wrong);

        assertEquals(2, report.failed());
        assertEquals(2, report.cases());
        assertTrue(report.firstFailure().startsWith("id 1, step 2 commit: expected "), report.firstFailure());
    }

    @Test
    void shouldSayWhichLineIsNoVector() {
        String right = String.format(Locale.ROOT, TRACE, "[\"commit\",1,55,[\"Committed\",45,55]]", DIGEST);

        IOException fault = assertThrows(IOException.class, () -> run(right + "{\"kind\":\"kernel\"}\n"));

        assertTrue(fault.getMessage().contains(":2: kind must be static or ops: kind=kernel"), fault.getMessage());
    }

    private VectorKind.Report run(String lines) throws IOException {
        Path file = directory.resolve("ledger.jsonl");
        Files.writeString(file, lines);
        return new LedgerVectors().run(file);
    }
}
