package io.ringfence.journal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.journal.Await;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.store.SegmentStore.Preparation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentAgentTest {
    private static final long LENGTH = SegmentStore.MIN_SEGMENT_LENGTH;
    private static final long NEEDED = LENGTH + EmptySegment.BESIDE_LENGTH;

    @TempDir
    Path directory;

    private final List<Long> attemptsAtNs = new CopyOnWriteArrayList<>();
    private volatile long usableBytes = NEEDED;
    private SegmentAgent agent;

    @AfterEach
    void close() throws Exception {
        agent.close();
    }

    @Test
    void shouldWriteNothingWhereTheDiskHasLessRoomThanTheFileNeeds() throws Exception {
        start();
        Segment first = agent.take();
        Await.until("the second file is ready", agent::hasReady);
        usableBytes = NEEDED - 1;
        Segment second = agent.take();
        Await.until("the third file has no room", () -> agent.prepareFailure() != null);

        JournalException failure = assertThrows(JournalException.class, agent::take);

        assertEquals(
                JournalException.Reason.NO_ROOM,
                assertInstanceOf(JournalException.class, failure.getCause()).reason());
        usableBytes = NEEDED;
        Await.until("the third file is made", agent::hasReady);
        assertTrue(Files.exists(RollFiles.nextPath(directory, 3)), "an attempt without room made a file");
        first.discard();
        second.discard();
    }

    @Test
    void shouldPauseLongerAfterEachFailedAttemptUntilTheWriterWaits() throws Exception {
        usableBytes = 0;
        start();

        Await.until("four attempts", () -> attemptsAtNs.size() >= 4);

        for (int i = 0; i < 3; i++) {
            long pauseMs = TimeUnit.NANOSECONDS.toMillis(attemptsAtNs.get(i + 1) - attemptsAtNs.get(i));
            assertTrue(pauseMs >= 250L << i, "pause " + i + ": ms=" + pauseMs);
        }
        long leastMs = Long.MAX_VALUE; // A busy machine may hold one up; after the pauses each would take 4 s or more.
        for (int i = 0; i < 5 && leastMs >= 4_000; i++) {
            long beginNs = System.nanoTime();
            assertThrows(JournalException.class, agent::take);
            leastMs = Math.min(leastMs, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beginNs));
        }
        assertTrue(leastMs < 4_000, "two attempts at once, not after 2 s and 4 s: ms=" + leastMs);
    }

    private void start() {
        agent = new SegmentAgent(directory, Disk.REAL, Preparation.WRITTEN_BLOCKS, LENGTH, () -> {
            attemptsAtNs.add(System.nanoTime());
            return usableBytes;
        });
        agent.start();
    }
}
