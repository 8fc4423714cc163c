package io.ringfence.gateway.answers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringfence.schemas.AdmissionDecisionEncoder;
import io.ringfence.schemas.ExecutionDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OrderCancelDecoder;
import io.ringfence.schemas.OrderReplaceDecoder;
import io.ringfence.schemas.SettleDecoder;
import io.ringfence.schemas.Tristate;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 20, unit = TimeUnit.SECONDS) // A chain that does not end would be walked for ever.
class AnswerMemoryTest {
    private static final long NO_HOLD = AdmissionDecisionEncoder.holdIdNullValue();

    private final AnswerMemory memory = new AnswerMemory(16);
    private final AdmissionDecisionEncoder answer = new AdmissionDecisionEncoder();

    @Test
    void shouldFindAnAnswerByPrincipalAndRequest() {
        add(1, 7, 100, 100, AnswerMemory.NO_DEADLINE);
        add(2, 7, 101, NO_HOLD, AnswerMemory.NO_DEADLINE);

        assertEquals(100, sequenceAt(memory.find(1, 7)));
        assertEquals(101, sequenceAt(memory.find(2, 7)));
        assertEquals(AnswerMemory.NONE, memory.find(1, 8));
        assertEquals(AnswerMemory.NONE, memory.find(3, 7));
    }

    @Test
    void shouldTellWhatBecameOfAHold() {
        add(1, 1, 10, 10, AnswerMemory.NO_DEADLINE);
        add(1, 2, 11, 11, 5_000);
        add(1, 3, 12, 10, AnswerMemory.NO_DEADLINE);
        add(1, 4, 13, NO_HOLD, AnswerMemory.NO_DEADLINE);
        add(1, 5, 14, 3, AnswerMemory.NO_DEADLINE);

        assertEquals(Tristate.YES, memory.holdStands(memory.find(1, 1)));
        memory.sweptTo(4_999);
        assertEquals(Tristate.YES, memory.holdStands(memory.find(1, 2)));
        memory.sweptTo(5_000);
        assertEquals(Tristate.NO, memory.holdStands(memory.find(1, 2)));
        assertEquals(Tristate.YES, memory.holdStands(memory.find(1, 3)));
        memory.holdEnded(10);
        assertEquals(Tristate.NO, memory.holdStands(memory.find(1, 1)));
        assertEquals(Tristate.NO, memory.holdStands(memory.find(1, 3)));
        assertEquals(Tristate.NO, memory.holdStands(memory.find(1, 4)));
        assertEquals(Tristate.UNKNOWN, memory.holdStands(memory.find(1, 5)));
    }

    /** A tick takes a sequence and has no answer: what is overwritten follows from sequences alone. */
    @Test
    void shouldKeepTheAnswersOfTheLastCommands() {
        add(1, 1, 10, NO_HOLD, AnswerMemory.NO_DEADLINE);
        add(1, 2, 25, NO_HOLD, AnswerMemory.NO_DEADLINE);

        assertEquals(10, sequenceAt(memory.find(1, 1)));
        assertEquals(25, sequenceAt(memory.find(1, 2)));

        add(1, 3, 26, NO_HOLD, AnswerMemory.NO_DEADLINE);

        assertEquals(AnswerMemory.NONE, memory.find(1, 1));
        assertEquals(25, sequenceAt(memory.find(1, 2)));
        memory.holdEnded(10); // In the slot of 26, which has no hold.
        assertEquals(26, sequenceAt(memory.find(1, 3)));
    }

    @Test
    void shouldTellTheHighestRequestIdOfEachPrincipal() {
        memory.seen(1, 7);
        memory.seen(2, 9);
        memory.seen(1, 5);

        assertEquals(7, memory.highestRequestId(1));
        assertEquals(9, memory.highestRequestId(2));
        assertEquals(0, memory.highestRequestId(3));
    }

    /** The twin is a map of all answers, of which the last sixteen are kept. */
    @Test
    void shouldKeepTheNewestAnswers() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        Map<Long, Long> ordinals = new HashMap<>();
        for (long ordinal = 0; ordinal < 5_000; ordinal++) {
            int principalId = 1 + random.nextInt(3);
            long requestId = 1 + ordinal + random.nextInt(40) * 16L;
            if (ordinals.putIfAbsent(principalId * 1_000_000L + requestId, ordinal) != null) {
                ordinal--;
                continue;
            }
            add(principalId, requestId, ordinal + 1, NO_HOLD, AnswerMemory.NO_DEADLINE);
            long head = ordinal;
            ordinals.forEach((key, added) -> {
                if (added > head - 40) {
                    int offset = memory.find((int) (key / 1_000_000), key % 1_000_000);
                    long expected = added > head - 16 ? added + 1 : AnswerMemory.NONE;
                    assertEquals(expected, offset == AnswerMemory.NONE ? offset : sequenceAt(offset), "seed=" + seed);
                }
            });
            ordinals.values().removeIf(added -> added < head - 60);
        }
    }

    @Test
    void shouldFindTheHoldOfEveryMessageThatActsOnOneAtTheSameOffset() {
        assertEquals(OrderReplaceDecoder.holdIdEncodingOffset(), OrderCancelDecoder.holdIdEncodingOffset());
        assertEquals(OrderReplaceDecoder.holdIdEncodingOffset(), ExecutionDecoder.holdIdEncodingOffset());
        assertEquals(OrderReplaceDecoder.holdIdEncodingOffset(), SettleDecoder.holdIdEncodingOffset());
    }

    private void add(int principalId, long clientRequestId, long sequence, long holdId, long deadlineNs) {
        int offset = memory.add(principalId, clientRequestId, sequence, deadlineNs);
        answer.wrapAndApplyHeader(memory.buffer(), offset, new MessageHeaderEncoder())
                .clientRequestId(clientRequestId)
                .sequence(sequence)
                .holdId(holdId)
                .holdStands(holdId == NO_HOLD ? Tristate.NO : Tristate.YES);
    }

    private long sequenceAt(int offset) {
        return memory.buffer()
                .getLong(offset
                        + MessageHeaderEncoder.ENCODED_LENGTH
                        + AdmissionDecisionEncoder.sequenceEncodingOffset());
    }
}
