package io.ringfence.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.read.JournalProver;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.journal.store.RollFileReader;
import io.ringfence.journal.store.RollFiles;
import io.ringfence.schemas.Durability;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("system")
class KillTest {
    private static final int[] PATTERNS = {0x01, 0x80, 0xFF};
    private static final int NOTED_MIN = 2; // Answers before a kill, however slow the machine.

    @TempDir
    Path directory;

    @TempDir
    Path scratch;

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

    @ParameterizedTest
    @EnumSource(
            value = Durability.class,
            names = {"MEMORY", "DISK"})
    void shouldLoseNoMoreThanTheLastRecordWhereverAByteChangedAfterAKill(Durability durability) throws Exception {
        writeAndKill(durability);
        long sequence = JournalProver.verify(directory).records();
        Path newest = newestFile();
        List<Integer> positions = positions(newest);
        int refusals = 0;

        for (int i = 0; i < positions.size(); i++) {
            int position = positions.get(i);
            int pattern = PATTERNS[i % PATTERNS.length];
            Path changed = scratch.resolve(position + "-" + i);
            copy(directory, changed);
            flip(changed.resolve(newest.getFileName()), position, pattern);
            String where = "byte " + position + " ^ " + pattern;
            try (JournalDirectory journal = open(changed, durability)) {
                assertTrue(journal.recovery().head().sequence() >= sequence - 1, where);
            } catch (JournalException refused) {
                assertEquals(JournalException.Reason.DAMAGED, refused.reason(), where);
                assertTrue(refused.getMessage().contains(newest.getFileName() + ""), refused::getMessage);
                flip(changed.resolve(newest.getFileName()), position, pattern);
                open(changed, durability).close(); // Nothing else had changed.
                assertTrue(JournalProver.verify(changed).records() >= sequence, where);
                refusals++;
            }
        }

        assertTrue(refusals > positions.size() / 2, "refusals=" + refusals);
        assertNull(JournalProver.verify(directory).faultText());
    }

    /** Where to change a byte: the store's own pages, header, length words, bodies, padding, the end and what is behind it. */
    private List<Integer> positions(Path file) throws IOException {
        List<Integer> positions = new ArrayList<>(List.of(0, 2, 3, 201, 8433, 16_656, 16_657, 16_670, 16_725));
        byte[] bytes = Files.readAllBytes(file);
        RollFileReader reader = new RollFileReader();
        reader.reset(new MemoryRoll(file.getFileName().toString(), bytes));
        List<Integer> starts = new ArrayList<>();
        while (reader.next() == RollFileReader.Step.RECORD) {
            starts.add((int) reader.recordPosition());
        }
        int end = (int) reader.position();
        for (int index : new int[] {0, 1, starts.size() / 2, starts.size() - 2, starts.size() - 1}) {
            int start = starts.get(index);
            int next = index + 1 < starts.size() ? starts.get(index + 1) : end;
            positions.addAll(
                    List.of(start, start + 1, start + 3, start + 4, start + 9, start + 40, next - 36, next - 1));
        }
        positions.addAll(List.of(end, end + 3, end + 4, end + 12, end + 5_000, bytes.length - 1));
        for (int i = 0; i < 12; i++) {
            positions.add(random.nextInt(end));
        }
        return positions;
    }

    private Path newestFile() throws IOException {
        List<Path> files = RollFiles.list(directory);
        return files.get(files.size() - 1);
    }

    private static void flip(Path file, int position, int pattern) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, position);
            one.put(0, (byte) (one.get(0) ^ pattern)).flip();
            channel.write(one, position);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> entries = Files.list(from)) {
            for (Path path : (Iterable<Path>) entries.filter(Files::isRegularFile)::iterator) {
                Files.copy(path, to.resolve(path.getFileName()));
            }
        }
    }

    private static JournalDirectory open(Path directory, Durability durability) {
        return JournalDirectory.open(
                directory, JournalDirectory.Options.of(durability).withSegmentLength(256 * 1024));
    }

    private void writeAndKill(Durability durability) throws IOException, InterruptedException {
        Process process = EndlessWriter.process(directory, durability).start();
        CompletableFuture.delayedExecutor(200, TimeUnit.SECONDS)
                .execute(process::destroyForcibly); // It may stand still.
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertTrue(lines.readLine().startsWith("recovered "));
            long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100 + random.nextInt(300));
            assertIsInUse(durability);
            String line = lines.readLine();
            for (int noted = 0; line != null && (noted < NOTED_MIN || System.nanoTime() < endNs); noted++) {
                note(line);
                line = lines.readLine();
            }
            process.destroyForcibly(); // SIGKILL.
        } finally {
            process.destroyForcibly();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
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
