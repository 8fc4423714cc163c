package io.ringfence.gateway.answers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.intake.RequestMemory;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class AnswerMemoryTest {
    private static final int PER_PRINCIPAL = 4;

    private final AnswerMemory memory = new AnswerMemory(16, PER_PRINCIPAL);
    private final UnsafeBuffer answer = new UnsafeBuffer(new byte[AnswerEncoder.LENGTH]);

    @Test
    void shouldFindTheFirstAnswerOfEachPrincipalsRequest() {
        record(1, 7, 100);
        record(2, 7, 101);

        assertEquals(100, memory.sequence(1, 7));
        assertEquals(101, memory.sequence(2, 7));
        assertEquals(0, memory.sequence(1, 8));
        assertEquals(0, memory.sequence(3, 7));
        assertEquals(100, markAt(memory.find(100)));
        assertEquals(101, markAt(memory.find(101)));
        assertEquals(AnswerMemory.NONE, memory.find(102));
    }

    /** A tick takes a sequence and has no answer: what is overwritten follows from sequences alone. */
    @Test
    void shouldHaveTheAnswersOfTheLastCommandsAtHandAndKnowWhereOthersAre() {
        record(1, 1, 10);
        record(1, 2, 25);
        assertEquals(10, markAt(memory.find(10)));

        record(2, 1, 26);

        assertEquals(AnswerMemory.NONE, memory.find(10));
        assertEquals(10, memory.sequence(1, 1));
        assertEquals(25, markAt(memory.find(25)));
    }

    @Test
    void shouldForgetNoRequestForAnotherPrincipals() {
        record(1, 1, 1);
        for (int i = 1; i <= 1_000; i++) {
            record(2, i, 1 + i);
        }

        assertEquals(1, memory.sequence(1, 1));
        assertEquals(0, memory.sequence(2, 1_000 - PER_PRINCIPAL));
        assertEquals(1_001, memory.sequence(2, 1_000));
    }

    @Test
    void shouldTellWhatIsTakenAndNotAnsweredYet() {
        memory.taken(1, 7);
        memory.taken(1, 8);
        assertTrue(memory.isOpen(1, 7));
        assertFalse(memory.isOpen(2, 7));

        record(1, 7, 100);
        memory.ended(1, 8);

        assertFalse(memory.isOpen(1, 7));
        assertFalse(memory.isOpen(1, 8));
    }

    @Test
    void shouldBeginWithWhatIntakeRemembers() {
        RequestMemory intake = new RequestMemory(PER_PRINCIPAL);
        for (int i = 1; i <= 5; i++) {
            intake.remember(1, 10 * i, i, 77);
        }

        memory.begin(intake);

        assertEquals(0, memory.sequence(1, 10));
        assertEquals(2, memory.sequence(1, 20));
        assertEquals(5, memory.sequence(1, 50));
        assertEquals(50, memory.highestRequestId(1));
        assertEquals(0, memory.highestRequestId(2));
        record(1, 60, 6);
        assertEquals(0, memory.sequence(1, 20), "it forgets as intake does");
    }

    private void record(int principalId, long clientRequestId, long sequence) {
        answer.putLong(0, sequence);
        memory.record(principalId, clientRequestId, sequence, answer, 0);
    }

    private long markAt(int offset) {
        return memory.buffer().getLong(offset);
    }
}
