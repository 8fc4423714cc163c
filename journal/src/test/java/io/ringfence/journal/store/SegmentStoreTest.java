package io.ringfence.journal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.store.SegmentStore.Preparation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentStoreTest {
    @TempDir
    Path directory;

    @Test
    void shouldLeaveNoThreadBehindWhenItCannotOpen() throws IOException {
        Files.createFile(directory.resolve(SegmentStore.SCRATCH)); // In the way of the directory of that name.
        Set<Thread> before = threads();

        JournalException failure = assertThrows(
                JournalException.class,
                () -> SegmentStore.open(directory, Disk.REAL, Preparation.NONE, SegmentStore.MIN_SEGMENT_LENGTH, 0));

        assertEquals(JournalException.Reason.DISK_FAILED, failure.reason());
        assertEquals(before, threads());
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("ringfence-pages"))
                .collect(Collectors.toSet());
    }
}
