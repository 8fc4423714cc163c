package io.ringfence.engine.intake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringfence.engine.intake.RequestMemory.Finding;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.ReasonCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestMemoryTest {
    @Test
    void shouldTellDuplicateFromReusedFromNew() {
        RequestMemory memory = new RequestMemory(4);
        memory.remember(1, 10, 100, 77);

        assertEquals(Finding.DUPLICATE, memory.find(1, 10, 77));
        assertEquals(100, memory.foundSequence());
        assertEquals(Finding.REUSED, memory.find(1, 10, 78));
        assertEquals(Finding.NEW, memory.find(1, 11, 77));
        assertEquals(Finding.NEW, memory.find(2, 10, 77));
    }

    @Test
    void shouldCallAnIdTooOldThatIsNotAboveTheHighestForgotten() {
        RequestMemory memory = new RequestMemory(2);
        memory.remember(1, 10, 1, 0);
        memory.remember(1, 20, 2, 0);
        memory.remember(1, 30, 3, 0);

        assertEquals(Finding.TOO_OLD, memory.find(1, 10, 0));
        assertEquals(Finding.TOO_OLD, memory.find(1, 9, 0));
        assertEquals(Finding.NEW, memory.find(1, 11, 0));
        assertEquals(Finding.DUPLICATE, memory.find(1, 20, 0));
    }

    @Test
    void shouldTakeAnyFirstIdAndThenNoneTooFarAboveTheHighest() {
        RequestMemory memory = new RequestMemory(4);
        long first = RequestMemory.REQUEST_ID_MAX / 2;

        assertEquals(Finding.NEW, memory.find(1, RequestMemory.REQUEST_ID_MAX, 0));
        memory.remember(1, first, 1, 0);

        assertEquals(Finding.NEW, memory.find(1, first + RequestMemory.JUMP_MAX, 0));
        assertEquals(Finding.TOO_FAR, memory.find(1, first + RequestMemory.JUMP_MAX + 1, 0));
        assertEquals(Finding.TOO_FAR, memory.find(1, RequestMemory.REQUEST_ID_MAX, 0));
        assertEquals(Finding.NEW, memory.find(2, RequestMemory.REQUEST_ID_MAX, 0));
        assertEquals(Finding.NEW, memory.find(1, 1, 0));
    }

    @Test
    void shouldMeasureAJumpFromTheHighestIdAlsoWhenItIsForgotten() {
        RequestMemory memory = new RequestMemory(1);
        long high = 1L << 60;
        memory.remember(1, high, 1, 0);
        memory.remember(1, high + 1, 2, 0);
        RequestMemory restored = new RequestMemory(1);
        read(stateOf(memory), restored);

        assertEquals(Finding.NEW, restored.find(1, high + 1 + RequestMemory.JUMP_MAX, 0));
        assertEquals(Finding.TOO_FAR, restored.find(1, high + 2 + RequestMemory.JUMP_MAX, 0));
    }

    @Test
    void shouldForgetWhatOnePrincipalAskedAndLetItBeginAnywhere() {
        RequestMemory memory = new RequestMemory(2);
        memory.remember(1, RequestMemory.REQUEST_ID_MAX, 1, 0);
        memory.remember(1, 5, 2, 0);
        memory.remember(1, 6, 3, 0);
        memory.remember(2, 7, 4, 0);
        assertEquals(Finding.TOO_OLD, memory.find(1, 7, 0));

        assertEquals(ReasonCode.NONE, memory.restart(1));

        assertEquals(1, memory.size());
        assertEquals(Finding.NEW, memory.find(1, 6, 0));
        assertEquals(Finding.NEW, memory.find(1, RequestMemory.REQUEST_ID_MAX, 0));
        assertEquals(Finding.DUPLICATE, memory.find(2, 7, 0));
        assertEquals(ReasonCode.NOTHING_TO_FORGET, memory.restart(1));
        assertEquals(ReasonCode.NOTHING_TO_FORGET, memory.restart(3));
    }

    @Tag("model")
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 20261121})
    void shouldAgreeWithAPlainTwin(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int perPrincipal = 1 + random.nextInt(40);
        RequestMemory memory = new RequestMemory(perPrincipal);
        PlainMemory twin = new PlainMemory(perPrincipal);
        for (long sequence = 1; sequence <= 20_000; sequence++) {
            int principal = random.nextInt(5);
            if (random.nextInt(3_000) == 0) {
                memory.restart(principal);
                twin.restart(principal);
            }
            long id = 1 + random.nextLong(1 + sequence / 2);
            if (random.nextInt(50) == 0) {
                id += random.nextLong(2 * RequestMemory.JUMP_MAX);
            }
            long hash = random.nextInt(3);

            Finding finding = memory.find(principal, id, hash);

            assertEquals(twin.find(principal, id, hash), finding, "seed=" + seed + ", sequence=" + sequence);
            if (finding == Finding.NEW) {
                memory.remember(principal, id, sequence, hash);
                twin.remember(principal, id, sequence, hash);
            }
            assertEquals(twin.rows.size(), memory.size());
        }

        RequestMemory restored = new RequestMemory(perPrincipal);
        byte[] state = stateOf(memory);
        read(state, restored);
        assertArrayEquals(state, stateOf(restored));
        RequestMemory copy = new RequestMemory(perPrincipal);
        memory.copyTo(copy);
        assertArrayEquals(state, stateOf(copy));
        twin.rows.forEach(row -> assertEquals(row[3], copy.sequence((int) row[0], row[1])));
    }

    @Test
    void shouldForgetNoRequestForAnotherPrincipals() {
        RequestMemory memory = new RequestMemory(2);
        memory.remember(1, 10, 1, 77);
        for (int id = 1; id <= 1_000; id++) {
            memory.remember(2, id, 1 + id, 0);
        }

        assertEquals(Finding.DUPLICATE, memory.find(1, 10, 77));
        assertEquals(1, memory.foundSequence());
        assertEquals(1, memory.sequence(1, 10));
        assertEquals(0, memory.sequence(2, 10));
    }

    private static void read(byte[] state, RequestMemory restored) {
        StateReader reader = new StateReader(state, 0, state.length);
        while (reader.hasRemaining()) {
            restored.readState(reader, new MessageHeaderDecoder().wrap(reader.buffer(), reader.position()));
        }
    }

    private static byte[] stateOf(RequestMemory memory) {
        StateWriter writer = new StateWriter();
        memory.writeState(writer, new MessageHeaderEncoder());
        return Arrays.copyOf(writer.byteArray(), writer.position());
    }

    /** The rule as the design says it, in a list. */
    private static final class PlainMemory {
        private final int perPrincipal;
        private final List<long[]> rows = new ArrayList<>();
        private final Map<Long, Long> forgotten = new HashMap<>();
        private final Map<Long, Long> highest = new HashMap<>();

        PlainMemory(int perPrincipal) {
            this.perPrincipal = perPrincipal;
        }

        Finding find(long principal, long id, long hash) {
            for (long[] row : rows) {
                if (row[0] == principal && row[1] == id) {
                    return row[2] == hash ? Finding.DUPLICATE : Finding.REUSED;
                }
            }
            if (id <= forgotten.getOrDefault(principal, 0L)) {
                return Finding.TOO_OLD;
            }
            Long above = highest.get(principal);
            return above != null && id - above > RequestMemory.JUMP_MAX ? Finding.TOO_FAR : Finding.NEW;
        }

        void remember(long principal, long id, long sequence, long hash) {
            if (rows.stream().filter(row -> row[0] == principal).count() == perPrincipal) {
                forget(rows.stream()
                        .filter(row -> row[0] == principal)
                        .findFirst()
                        .orElseThrow());
            }
            rows.add(new long[] {principal, id, hash, sequence});
            highest.merge(principal, id, Math::max);
        }

        void restart(long principal) {
            rows.removeIf(row -> row[0] == principal);
            forgotten.remove(principal);
            highest.remove(principal);
        }

        private void forget(long[] row) {
            rows.remove(row);
            forgotten.merge(row[0], row[1], Math::max);
        }
    }
}
