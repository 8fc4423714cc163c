package io.ringfence.gateway.answers;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.pipeline.OutcomeFacts;
import io.ringfence.schemas.ReasonCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FactsIndexTest {
    private static final byte[] JOURNAL = new byte[32];

    @TempDir
    private Path directory;

    @Test
    void shouldSayWhyThereAreNoFacts() {
        try (FactsIndex index = FactsIndex.inMemory(4, 10)) {
            for (long sequence = 12; sequence <= 20; sequence += 2) {
                index.add(facts(sequence), sequence);
                index.answered(sequence + 1);
            }

            assertEquals(ReasonCode.OUTCOME_TOO_EARLY, index.find(22, new OutcomeFacts()));
            assertEquals(ReasonCode.FIELD_INVALID, index.find(21, new OutcomeFacts()));
            assertEquals(ReasonCode.NONE, index.find(20, new OutcomeFacts()));
            assertEquals(ReasonCode.NONE, index.find(14, new OutcomeFacts()));
            assertEquals(ReasonCode.FIELD_INVALID, index.find(15, new OutcomeFacts()));
            assertEquals(ReasonCode.OUTCOME_TOO_OLD, index.find(12, new OutcomeFacts()));
        }
    }

    @Test
    void shouldSayThatADecisionIsTooLongAgo() {
        try (FactsIndex index = FactsIndex.inMemory(4, 0)) {
            index.add(facts(7), 1_000);
            index.answered(7);
            index.maxAgeNs(50);

            assertEquals(ReasonCode.NONE, index.find(7, 1_050, new OutcomeFacts()));
            assertEquals(ReasonCode.OUTCOME_TOO_OLD, index.find(7, 1_051, new OutcomeFacts()));
        }
    }

    @Test
    void shouldGiveBackWhatWasKept() {
        try (FactsIndex index = FactsIndex.inMemory(4, 0)) {
            index.add(facts(7), 1);
            index.answered(7);
            OutcomeFacts found = new OutcomeFacts();

            index.find(7, found);

            assertEquals(7, found.decisionSequence());
            assertEquals(70, found.accountId());
            assertEquals(3, found.actedCandidateId());
            assertEquals(63, found.useCase());
            assertEquals(OutcomeFacts.NONE, found.regime());
            assertEquals(2, found.tier());
            assertEquals(9, found.providerId());
            assertTrue(found.isAdmitted());
            assertEquals(7, found.identityDigest()[31]);
        }
    }

    @ParameterizedTest
    @CsvSource({ // decisions before the stop, head found at the start, first and last decision known after it.
        "3,  3, 1,  3",
        "8,  8, 1,  8",
        "13, 13, 6, 13",
        "13, 11, 12, 11",
        "20, 20, 13, 20"
    })
    void shouldOutliveTheProcess(int decisions, long head, long first, long last) throws IOException {
        try (FactsIndex index = FactsIndex.open(file(), 8, JOURNAL, 0)) {
            for (int sequence = 1; sequence <= decisions; sequence++) {
                index.add(facts(sequence), sequence);
            }
        }

        try (FactsIndex index = FactsIndex.open(file(), 8, JOURNAL, head)) {
            for (long sequence = 1; sequence <= head; sequence++) {
                ReasonCode expected = sequence < first ? ReasonCode.OUTCOME_TOO_OLD : ReasonCode.NONE;
                assertEquals(expected, index.find(sequence, new OutcomeFacts()), "sequence=" + sequence);
            }
            assertEquals(ReasonCode.OUTCOME_TOO_EARLY, index.find(last + 1, new OutcomeFacts()));
            index.add(facts(head + 1), head + 1);
            index.answered(head + 1);
            assertEquals(ReasonCode.NONE, index.find(head + 1, new OutcomeFacts()));
        }
    }

    @Test
    void shouldTakeWhatARecoveryMeetsAgainAsKept() throws IOException {
        try (FactsIndex index = FactsIndex.open(file(), 8, JOURNAL, 0)) {
            for (int sequence = 1; sequence <= 5; sequence++) {
                index.add(facts(sequence), sequence);
            }
        }

        try (FactsIndex index = FactsIndex.open(file(), 8, JOURNAL, 7)) {
            for (int sequence = 3; sequence <= 7; sequence++) {
                index.add(facts(sequence), sequence);
                index.answered(sequence);
            }
            for (int sequence = 1; sequence <= 7; sequence++) {
                assertEquals(ReasonCode.NONE, index.find(sequence, new OutcomeFacts()), "sequence=" + sequence);
            }
        }
    }

    @Test
    void shouldForgetTheFactsOfAnotherJournal() throws IOException {
        try (FactsIndex index = FactsIndex.open(file(), 8, JOURNAL, 0)) {
            index.add(facts(1), 1);
        }
        byte[] other = JOURNAL.clone();
        other[0] = 1;

        try (FactsIndex index = FactsIndex.open(file(), 8, other, 5)) {
            assertEquals(ReasonCode.OUTCOME_TOO_OLD, index.find(1, new OutcomeFacts()));
        }
    }

    /** However a byte is changed, the file and the journal together give what was decided, or nothing of the oldest. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 7}) // Decisions: in the first round, a full ring, beyond it.
    void shouldGiveWrongFactsForNoChangedByte(int decisions) throws IOException {
        try (FactsIndex index = FactsIndex.open(file(), 4, JOURNAL, 0)) {
            for (int sequence = 1; sequence <= decisions; sequence++) {
                index.add(facts(sequence), sequence);
            }
        }
        byte[] written = Files.readAllBytes(file());
        long oldest = Math.max(1, decisions - 3);

        for (int position = 0; position < written.length; position++) {
            if (position == FactsFile.HEADER_LENGTH) {
                position = FactsFile.ENTRIES_OFFSET; // Zeros without a meaning lie between.
            }
            for (int change : new int[] {1, 2, 4, 0x80, 0x55, 0xff}) {
                byte[] changed = written.clone();
                changed[position] ^= (byte) change;
                Files.write(file(), changed);
                assertRightAfterARecovery(4, decisions, oldest, "byte " + position + ", change " + change);
            }
        }
    }

    @Test
    void shouldGiveWrongFactsForNoLostPage() throws IOException {
        try (FactsIndex index = FactsIndex.open(file(), 256, JOURNAL, 0)) {
            for (int sequence = 1; sequence <= 200; sequence++) {
                index.add(facts(sequence), sequence);
            }
        }
        byte[] written = Files.readAllBytes(file());

        for (int page = FactsFile.ENTRIES_OFFSET; page < written.length; page += 4_096) {
            byte[] changed = written.clone();
            Arrays.fill(changed, page, page + 4_096, (byte) 0);
            Files.write(file(), changed);
            assertRightAfterARecovery(256, 200, 1, "page at " + page);
        }
    }

    private void assertRightAfterARecovery(int window, int decisions, long oldest, String what) throws IOException {
        OutcomeFacts found = new OutcomeFacts();
        try (FactsIndex index = FactsIndex.open(file(), window, JOURNAL, decisions)) {
            for (long sequence = index.newestSequence() + 1; sequence <= decisions; sequence++) {
                index.add(facts(sequence), sequence);
            }
            for (long sequence = oldest; sequence <= decisions; sequence++) {
                ReasonCode reason = index.find(sequence, found);
                if (sequence > oldest || reason != ReasonCode.OUTCOME_TOO_OLD) {
                    assertEquals(ReasonCode.NONE, reason, what);
                    assertTrue(found.isSameAs(facts(sequence)), what);
                }
            }
        }
    }

    @Test
    void shouldGiveNoFactsThatWereChangedWhileItRan() throws IOException {
        try (FactsIndex index = FactsIndex.open(file(), 8, JOURNAL, 5);
                FileChannel file = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            index.add(facts(1), 1);
            index.add(facts(2), 2);
            file.write(ByteBuffer.wrap(new byte[] {99}), FactsFile.ENTRIES_OFFSET + Long.BYTES);

            assertEquals(ReasonCode.OUTCOME_TOO_OLD, index.find(1, new OutcomeFacts()));
            assertEquals(ReasonCode.NONE, index.find(2, new OutcomeFacts()));
        }
    }

    /** A page that is gone cannot be touched without the end of this process. */
    @Test
    void shouldTouchNothingOnceItIsClosed() throws IOException {
        FactsIndex index = FactsIndex.open(file(), 1 << 16, JOURNAL, 0);

        index.close();

        assertDoesNotThrow(index::touchAhead);
    }

    @Test
    void shouldKeepEveryFactWhileItsPagesAreTouchedAhead() throws Exception {
        int window = 4_096;
        int rounds = 40;
        AtomicBoolean isAdding = new AtomicBoolean(true);
        try (FactsIndex index = FactsIndex.open(file(), window, JOURNAL, 0)) {
            Thread toucher = new Thread(() -> {
                while (isAdding.get()) {
                    index.touchAhead();
                }
            });
            toucher.start();
            try {
                for (long sequence = 1; sequence <= rounds * window; sequence++) {
                    index.add(facts(sequence), sequence);
                }
            } finally {
                isAdding.set(false);
                toucher.join();
            }
            index.answered(rounds * window);

            for (long sequence = (rounds - 1) * window + 1; sequence <= rounds * window; sequence++) {
                assertEquals(ReasonCode.NONE, index.find(sequence, new OutcomeFacts()));
            }
        }
    }

    private Path file() {
        return directory.resolve("facts.dat");
    }

    private static OutcomeFacts facts(long sequence) {
        OutcomeFacts facts = new OutcomeFacts();
        facts.set(sequence, sequence * 10, 3, 63, OutcomeFacts.NONE, 2, 9, true);
        facts.identityDigest()[31] = (byte) sequence;
        return facts;
    }
}
