package io.ringfence.journal.durability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.ringfence.journal.Await;
import io.ringfence.journal.chain.Head;
import io.ringfence.journal.store.RecordStore;
import io.ringfence.schemas.Durability;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 300, unit = TimeUnit.SECONDS)
class SyncAgentTest {
    @TempDir
    Path directory;

    @Test
    void shouldTellWhenAnErrorEndedIt() throws Exception {
        Error full = new InternalError("a fault in an unsafe access");
        try (WatermarkFile file = WatermarkFile.open(directory)) {
            OneRecord writer = new OneRecord();
            SyncAgent agent = new SyncAgent(new FailingStore(full), file, Durability.DISK, writer);
            writer.sequence = 1;

            agent.start();
            Await.until("the thread ends", () -> writer.failure != null);

            assertSame(full, writer.failure);
            assertEquals(0, agent.watermark());
            agent.stop();
        }
    }

    /** Has appended up to one record. */
    private static final class OneRecord implements SyncAgent.Writer {
        private volatile long sequence;
        private volatile Throwable failure;

        @Override
        public long sequence() {
            return sequence;
        }

        @Override
        public Head head() {
            return new Head(sequence, new byte[32]);
        }

        @Override
        public byte[] journalId() {
            return new byte[32];
        }

        @Override
        public void fail(Throwable cause) {
            failure = cause;
        }
    }

    /** Keeps nothing and cannot be forced. */
    private record FailingStore(Error error) implements RecordStore {
        @Override
        public boolean append(byte[] record, int offset, int length) {
            throw error;
        }

        @Override
        public void roll() {
            throw error;
        }

        @Override
        public void force() throws IOException {
            throw error;
        }

        @Override
        public Head retire() throws IOException {
            throw error;
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
        public void close() throws IOException {
            throw error;
        }
    }
}
