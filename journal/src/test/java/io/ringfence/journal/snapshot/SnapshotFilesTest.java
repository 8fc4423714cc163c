package io.ringfence.journal.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.journal.chain.HashChain;
import io.ringfence.journal.snapshot.SnapshotFiles.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("hostile")
class SnapshotFilesTest {
    @TempDir
    Path directory;

    @Test
    void shouldReadBackWhatItWrote() throws IOException {
        SnapshotFiles files = new SnapshotFiles(directory);

        files.write(snapshot(1, 40));
        Snapshot read = files.newest(Long.MAX_VALUE).orElseThrow();

        assertEquals(40, read.sequence());
        assertArrayEquals(new byte[] {1, 2, 3}, read.states().get(0));
        assertArrayEquals(new byte[0], read.states().get(1));
    }

    @Test
    void shouldTakeTheNewestThatIsNotAboveTheHead() throws IOException {
        SnapshotFiles files = new SnapshotFiles(directory);
        files.write(snapshot(1, 40));
        files.write(snapshot(2, 90));

        assertEquals(40, files.newest(89).orElseThrow().sequence());
        assertEquals(90, files.newest(90).orElseThrow().sequence());
        assertTrue(files.newest(39).isEmpty());
    }

    @Test
    void shouldPassOverASnapshotWithAChangedStateByteOrACutEnd() throws IOException {
        SnapshotFiles files = new SnapshotFiles(directory);
        files.write(snapshot(1, 40));
        files.write(snapshot(2, 90));
        Path newer = path(90);
        byte[] good = Files.readAllBytes(newer);

        byte[] flipped = good.clone();
        flipped[flipped.length - 60] ^= 1;
        Files.write(newer, flipped);
        assertEquals(40, files.newest(100).orElseThrow().sequence());

        for (int length = 0; length < good.length; length++) {
            Files.write(newer, java.util.Arrays.copyOf(good, length));
            assertEquals(40, files.newest(100).orElseThrow().sequence());
        }
    }

    @Test
    void shouldPassOverASnapshotThatCannotBeRead() throws IOException {
        SnapshotFiles files = new SnapshotFiles(directory);
        files.write(snapshot(1, 40));
        Files.createDirectory(path(90));

        assertEquals(40, files.newest(100).orElseThrow().sequence());
    }

    @Test
    void shouldWriteTheSameBytesInPieces() throws IOException {
        SnapshotFiles files = new SnapshotFiles(directory);
        Snapshot snapshot = snapshot(1, 40);
        long length = files.write(snapshot);
        byte[] whole = Files.readAllBytes(path(40));
        Files.delete(path(40));

        byte[][] digests;
        long lengthInPieces;
        try (SnapshotOutput output = files.create(40, snapshot.states().size())) {
            for (byte[] state : snapshot.states()) {
                output.begin();
                for (byte piece : state) {
                    output.write(new byte[] {piece, 99}, 1);
                }
            }
            digests = output.digests();
            lengthInPieces =
                    output.finish(1, 40, snapshot.semanticsVersion(), snapshot.entryHash(), snapshot.stateDigest());
        }

        assertArrayEquals(whole, Files.readAllBytes(path(40)));
        assertEquals(length, lengthInPieces);
        assertEquals(whole.length, length);
        assertArrayEquals(HashChain.sha256(snapshot.states().get(0)), digests[0]);
        assertEquals(40, files.newestFile().orElseThrow().sequence());
        assertEquals(length, files.newestFile().orElseThrow().length());
    }

    @Test
    void shouldLeaveNothingOfASnapshotThatWasNotFinished() throws IOException {
        SnapshotFiles files = new SnapshotFiles(directory);
        files.write(snapshot(1, 40));

        try (SnapshotOutput output = files.create(90, 2)) {
            output.begin();
            output.write(new byte[100], 100);
        }

        assertEquals(List.of("040"), endings(directory.resolve("snapshots")));
        assertEquals(40, files.newest(Long.MAX_VALUE).orElseThrow().sequence());
    }

    @Test
    void shouldKeepTheNewestThree() throws IOException {
        SnapshotFiles files = new SnapshotFiles(directory);
        for (int id = 1; id <= 5; id++) {
            files.write(snapshot(id, id * 10));
        }

        assertEquals(List.of("030", "040", "050"), endings(directory.resolve("snapshots")));
    }

    @Test
    void shouldSetAsideWhatIsAboveTheHeadAndDeleteWhatWasNeverFinished() throws IOException {
        SnapshotFiles files = new SnapshotFiles(directory);
        files.write(snapshot(1, 40));
        files.write(snapshot(2, 90));
        Path lost = path(90);
        Files.write(directory.resolve("snapshots/" + lost.getFileName() + ".tmp"), new byte[5]);

        files.begin(89);

        assertEquals(List.of("040"), endings(directory.resolve("snapshots")));
        assertEquals(List.of("090"), endings(directory.resolve("damaged")));
        assertEquals(40, files.newest(Long.MAX_VALUE).orElseThrow().sequence());
    }

    @Test
    void shouldTellTheSemanticsVersionThatItWasWrittenWith() throws IOException {
        SnapshotFiles files = new SnapshotFiles(directory);
        files.write(new Snapshot(1, 40, 7, new byte[32], new byte[32], List.of()));

        assertEquals(7, files.newest(40).orElseThrow().semanticsVersion());
    }

    /** The last three digits of each sequence; whole names of what is no snapshot. */
    private static List<String> endings(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(file -> file.getFileName().toString().replaceFirst("^0{17}(\\d{3})\\.snap$", "$1"))
                    .sorted()
                    .toList();
        }
    }

    private Path path(long sequence) {
        return directory.resolve(String.format(Locale.ROOT, "snapshots/%020d.snap", sequence));
    }

    private static Snapshot snapshot(long id, long sequence) {
        return new Snapshot(id, sequence, 1, new byte[32], new byte[32], List.of(new byte[] {1, 2, 3}, new byte[0]));
    }
}
