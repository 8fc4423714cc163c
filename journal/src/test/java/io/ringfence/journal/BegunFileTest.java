package io.ringfence.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.journal.chain.HashChain;
import io.ringfence.journal.chain.Head;
import io.ringfence.journal.durability.SyncAgent;
import io.ringfence.journal.durability.WatermarkFile;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.store.RecordStore;
import io.ringfence.schemas.Durability;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When the watermark names a roll file: a kill at any moment leaves no name without its file, and no answer without the name. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class BegunFileTest {
    @TempDir
    Path directory;

    private final RecordFactory factory = new RecordFactory(3);
    private WatermarkFile file;

    @BeforeEach
    void open() throws IOException {
        file = WatermarkFile.open(directory);
    }

    @AfterEach
    void close() throws IOException {
        file.close();
    }

    @Test
    void shouldNameAFileWithMemoryAfterItsFirstRecordIsStoredAndBeforeItIsShown() throws IOException {
        LookingStore store = new LookingStore();
        JournalWriter writer = new JournalWriter(store, Head.none(), new byte[HashChain.HASH_LENGTH]);
        SyncAgent sync = new SyncAgent(store, file, Durability.MEMORY, writer);
        writer.tell(sync, false);

        factory.settings((byte) 1).appendTo(writer);

        assertEquals(0, store.begunAtAppend);
        assertEquals(1, begun());

        factory.record(2).appendTo(writer); // In the same file.
        writer.roll();
        factory.record(3).appendTo(writer);

        assertEquals(1, store.begunAtAppend);
        assertEquals(3, begun());
        writer.roll();
        file.close();
        assertSame(
                JournalException.Reason.DISK_FAILED,
                assertThrows(JournalException.class, () -> factory.record(4).appendTo(writer))
                        .reason());
        assertEquals(3, writer.sequence()); // A record whose file could not be named is not shown, so not answered.
        assertTrue(writer.failure() instanceof JournalException);
    }

    @Test
    void shouldNameAFileWithDiskAfterItsNameIsForcedAndBeforeItsRecordsMayBeAnswered() throws Exception {
        LookingStore store = new LookingStore();
        JournalWriter writer = new JournalWriter(store, Head.none(), new byte[HashChain.HASH_LENGTH]);
        SyncAgent sync = new SyncAgent(store, file, Durability.DISK, writer);
        writer.tell(sync, true);
        store.sync = sync;
        factory.settings((byte) 1).appendTo(writer);
        assertEquals(0, begun());

        sync.start();
        Await.until("the first record may be answered", () -> sync.watermark() == 1);

        assertEquals(0, store.begunAtForce);
        assertEquals(0, store.answerableAtForce);
        assertEquals(1, begun());
        sync.stop();
    }

    @Test
    void shouldKeepTheNameWithEachPromiseAndForgetItWithTheNextStart() throws Exception {
        JournalDirectory.Options options =
                JournalDirectory.Options.of(Durability.MEMORY).withSegmentLength(256 * 1024);
        Path journalPath = directory.resolve("journal");
        try (JournalDirectory journal = JournalDirectory.open(journalPath, options)) {
            factory.settings((byte) 1).appendTo(journal.writer());
            journal.writer().roll();
            factory.record(2).appendTo(journal.writer());
            Await.until("the first file is promised", () -> journal.watermark() == 1);

            assertEquals(2, WatermarkFile.read(journalPath).begunSequence());
            assertEquals(2, WatermarkFile.read(journalPath).requiredSequence());
        }
        assertEquals(0, WatermarkFile.read(journalPath).requiredSequence());
        try (JournalDirectory journal = JournalDirectory.open(journalPath, options)) {
            assertEquals(0, WatermarkFile.read(journalPath).begunSequence());
            assertFalse(journal.recovery().isNew());
        }
    }

    private long begun() {
        return WatermarkFile.read(directory).begunSequence();
    }

    /** Keeps nothing, and looks at the watermark file when a record or a force comes. */
    private final class LookingStore implements RecordStore {
        private boolean isNewFile = true;
        private long begunAtAppend = -1;
        private volatile long begunAtForce = -1;
        private volatile long answerableAtForce = -1;
        private SyncAgent sync;

        @Override
        public boolean append(byte[] record, int offset, int length) {
            begunAtAppend = begun();
            boolean isFirst = isNewFile;
            isNewFile = false;
            return isFirst;
        }

        @Override
        public void roll() {
            isNewFile = true;
        }

        @Override
        public void force() {
            begunAtForce = begun();
            answerableAtForce = sync.watermark();
        }

        @Override
        public Head retire() {
            return Head.none();
        }

        @Override
        public long bytesAhead() {
            return 0;
        }

        @Override
        public Throwable failure() {
            return null;
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
