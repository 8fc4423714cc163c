package io.ringfence.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.read.JournalProver;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.schemas.Durability;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("system")
class KillTest {
    @TempDir
    Path directory;

    private final Random random = new Random(7);
    private final Map<Long, String> answered = new HashMap<>();

    @ParameterizedTest
    @CsvSource({"MEMORY, 4", "DISK, 3"})
    void shouldKeepWhatWasAnsweredWhenKilledInMidAppend(Durability durability, int kills) throws Exception {
        for (int i = 0; i < kills; i++) {
            writeAndKill(durability);

            JournalProver.Report crashed = JournalProver.verify(directory);
            assertNull(crashed.faultText());
        }
        JournalDirectory.Options options =
                JournalDirectory.Options.of(durability).withSegmentLength(1024 * 1024);
        JournalDirectory.open(directory, options).close();

        JournalProver.Report report = JournalProver.verify(directory);

        assertNull(report.faultText());
        assertTrue(report.isAnchored());
        assertTrue(answered.size() > kills);
        assertHoldsWhatWasAnswered();
    }

    private void writeAndKill(Durability durability) throws IOException, InterruptedException {
        Process process = EndlessWriter.process(directory, durability).start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertTrue(lines.readLine().startsWith("recovered "));
            long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100 + random.nextInt(300));
            assertIsInUse(durability);
            String line = lines.readLine();
            while (System.nanoTime() < endNs && line != null) {
                note(line);
                line = lines.readLine();
            }
            process.destroyForcibly(); // SIGKILL.
        } finally {
            process.destroyForcibly();
            assertTrue(process.waitFor(10, TimeUnit.SECONDS));
        }
        assertEquals(128 + 9, process.exitValue());
    }

    private void assertIsInUse(Durability durability) {
        JournalException refusal = assertThrows(
                JournalException.class,
                () -> JournalDirectory.open(directory, JournalDirectory.Options.of(durability)));
        assertEquals(JournalException.Reason.IN_USE, refusal.reason());
        assertNull(JournalProver.verify(directory).faultText()); // Reading needs no lock.
    }

    private void note(String line) {
        int colon = line.indexOf(':');
        answered.put(Long.parseLong(line.substring(0, colon)), line.substring(colon + 1));
    }

    private void assertHoldsWhatWasAnswered() {
        byte[] entryHash = new byte[32];
        try (JournalReader reader = JournalReader.open(directory)) {
            reader.forEach(record -> {
                String expected = answered.remove(record.sequence());
                if (expected != null) {
                    record.copyEntryHash(entryHash, 0);
                    assertEquals(expected, HexFormat.of().formatHex(entryHash));
                }
            });
        }
        assertTrue(answered.isEmpty(), () -> "answered, yet not there: " + answered.keySet());
    }
}
