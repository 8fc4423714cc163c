package io.ringfence.journal;

import io.ringfence.limit.Deadline;
import io.ringfence.schemas.Durability;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@EnabledOnOs(OS.LINUX)
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class IdleThreadsTest {
    private static final long WATCH_MS = 2000;
    private static final long MOST_WAKES =
            40; // 8 periods of 250 ms, each a few switches; polling would give thousands.

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(
            value = Durability.class,
            names = {"MEMORY", "DISK"})
    void shouldHardlyWakeWhileNothingIsAppended(Durability durability) throws InterruptedException {
        JournalDirectory.Options options =
                JournalDirectory.Options.of(durability).withSegmentLength(1024 * 1024);
        try (JournalDirectory journal = JournalDirectory.open(directory, options)) {
            RecordFactory factory = new RecordFactory(1);
            factory.settings((byte) 1).appendTo(journal.writer());
            for (long sequence = 2; sequence <= 100; sequence++) {
                factory.record(sequence).appendTo(journal.writer());
            }
            // First the next file is made and the periods double up to 250 ms, which takes as long as machine and disk
            // make it.
            Deadline deadline = Deadline.inSeconds(200);
            Map<String, Long> wakes = wakesOfAWhile();
            while (wakes.getOrDefault("ringfence-sync", 0L) > MOST_WAKES
                    || wakes.getOrDefault("ringfence-pages", 0L) > MOST_WAKES) {
                deadline.require("the threads hardly wake: wakes=" + wakes);
                wakes = wakesOfAWhile();
            }
        }
    }

    private static Map<String, Long> wakesOfAWhile() throws InterruptedException {
        Map<String, Long> before = ThreadWakes.counts();
        Thread.sleep(WATCH_MS);
        return ThreadWakes.since(before);
    }

    @ParameterizedTest
    @EnumSource(
            value = Durability.class,
            names = {"MEMORY", "DISK"})
    void shouldAnswerEachRecordThatComesAlone(Durability durability) throws Exception {
        JournalDirectory.Options options =
                JournalDirectory.Options.of(durability).withSegmentLength(1024 * 1024);
        try (JournalDirectory journal = JournalDirectory.open(directory, options)) {
            RecordFactory factory = new RecordFactory(1);
            factory.settings((byte) 1).appendTo(journal.writer());
            for (long sequence = 2; sequence <= 300; sequence++) {
                factory.record(sequence).appendTo(journal.writer());
                long appended = sequence;
                Await.until("an answer to " + appended, () -> journal.answerableSequence() >= appended);
            }
        }
    }
}
