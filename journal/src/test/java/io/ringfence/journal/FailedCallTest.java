package io.ringfence.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringfence.journal.fault.FileRefusal;
import io.ringfence.journal.store.Disk;
import io.ringfence.schemas.Durability;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A journal whose disk fails says which call on which file failed, and what the system said. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class FailedCallTest {
    private static final String ERROR = "Input/output error";

    @TempDir
    Path directory;

    private volatile boolean isBroken;

    @ParameterizedTest
    @CsvSource({
        "0000000000000000001.cq4, force of DIR/0000000000000000001.cq4 failed: Input/output error",
        "., force of the names of DIR failed: Input/output error",
        "watermark, force of DIR/watermark failed: Input/output error",
    })
    void shouldSayWhichCallOnWhichFileFailedAndWhy(String broken, String expected) throws Exception {
        Path file = directory.resolve(broken).normalize();
        JournalDirectory journal = JournalDirectory.open(
                directory, JournalDirectory.Options.of(Durability.DISK).withDisk(failing(file)));
        RecordFactory factory = new RecordFactory(1);
        isBroken = true;
        factory.settings((byte) 1).appendTo(journal.writer());
        Await.until("the journal fails", () -> journal.failure() != null);

        String text = expected.replace("DIR", directory.toString());
        assertEquals(text, FileRefusal.text(journal.failure()));
        IllegalStateException refused = assertThrows(
                IllegalStateException.class, () -> factory.record(2).appendTo(journal.writer()));
        assertEquals("the journal has failed: " + text, refused.getMessage());
        isBroken = false;
        journal.close();
    }

    private Disk failing(Path broken) {
        return new Disk() {
            @Override
            public void force(FileChannel channel, Path file, boolean isMetadata) throws IOException {
                failAt(file);
                Disk.super.force(channel, file, isMetadata);
            }

            @Override
            public void forceDirectory(Path names) throws IOException {
                failAt(names);
                Disk.super.forceDirectory(names);
            }

            private void failAt(Path file) throws IOException {
                if (isBroken && file.equals(broken)) {
                    throw new IOException(ERROR);
                }
            }
        };
    }
}
