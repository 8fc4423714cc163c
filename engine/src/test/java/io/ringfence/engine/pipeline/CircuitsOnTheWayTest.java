package io.ringfence.engine.pipeline;

import static io.ringfence.engine.pipeline.GuardedEngine.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RecordHeaderDecoder;
import io.ringfence.schemas.RecordSectionsDecoder.EffectiveDecoder;
import io.ringfence.schemas.Substitution;
import io.ringfence.schemas.Tristate;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Circuits in the whole engine: whom an open one keeps away, what the record says of it, and how a provider comes back. */
class CircuitsOnTheWayTest {
    private static final int LOW_FLOOR = 1_000;
    private static final int FLOOR_OF_THE_DEAREST = 9_000; // Candidate 3 of provider 2 alone reaches it.

    private final GuardedEngine engine = new GuardedEngine(new Commands().policy(1));

    @Test
    void shouldKeepRequestsFromAProviderThatFailedTenTimesInARow() {
        long usual = engine.order(LOW_FLOOR);
        int provider = engine.event.selection().providerId();
        engine.outcome(usual, Tristate.YES);
        fail(LOW_FLOOR, 10);

        engine.order(LOW_FLOOR);

        assertTrue(engine.event.verdict().isAdmitted());
        assertNotEquals(provider, engine.event.selection().providerId());
        assertEquals(~(1L << provider), engine.event.input().allowedProviderMask());
        DecisionEvent read = new DecisionEvent();
        assertNull(engine.decode(engine.event.sequence(), last(), read));
        assertEquals(~(1L << provider), read.input().allowedProviderMask());
        assertEquals(-1L, read.request().allowedProviderMask());
        engine.requireReplayAndRestoreAlike();
    }

    @Test
    void shouldRejectWhereNoOtherProviderWillDo() {
        fail(FLOOR_OF_THE_DEAREST, 10);

        engine.order(FLOOR_OF_THE_DEAREST);
        assertFalse(engine.event.verdict().isAdmitted());
        assertEquals(ReasonCode.QUALITY_TOO_LOW, engine.event.verdict().reason());

        engine.order(LOW_FLOOR, 3, Substitution.NEVER);
        assertEquals(ReasonCode.REQUESTED_NOT_ELIGIBLE, engine.event.verdict().reason());
    }

    /** Nine failures, and a success that counts although its report is a revision. */
    @Test
    void shouldCountRevisions() {
        List<Long> decisions = fail(FLOOR_OF_THE_DEAREST, 9);
        assertEquals(ReasonCode.OUTCOME_REVISED, engine.outcome(decisions.get(0), Tristate.YES, 65_535, 1));
        fail(FLOOR_OF_THE_DEAREST, 9);

        engine.order(FLOOR_OF_THE_DEAREST);

        assertTrue(engine.event.verdict().isAdmitted());
    }

    @Test
    void shouldNotOpenByABatchOfOutcomesOfOldDecisions() {
        List<Long> decisions = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            decisions.add(engine.order(FLOOR_OF_THE_DEAREST));
        }
        engine.nowNs += 60 * SECOND;
        decisions.forEach(decision -> engine.outcome(decision, Tristate.NO));

        engine.order(FLOOR_OF_THE_DEAREST);

        assertTrue(engine.event.verdict().isAdmitted());
    }

    /** Only a request on which the provider would act becomes its probe. */
    @Test
    void shouldLetOneRequestProbeAfterThirtySeconds() {
        fail(FLOOR_OF_THE_DEAREST, 10);
        engine.nowNs += 30 * SECOND - 1;
        engine.order(FLOOR_OF_THE_DEAREST);
        assertFalse(engine.event.verdict().isAdmitted());
        engine.nowNs++;
        engine.order(LOW_FLOOR, 1, Substitution.NEVER); // A candidate of another provider would act.
        assertEquals(0, engine.event.selection().providerId());
        assertEquals(~4L, engine.event.input().allowedProviderMask());

        long probe = engine.order(FLOOR_OF_THE_DEAREST);
        assertTrue(engine.event.verdict().isAdmitted());
        assertEquals(2, engine.event.selection().providerId());
        assertEquals(-1L, engine.event.input().allowedProviderMask());
        engine.order(FLOOR_OF_THE_DEAREST);
        assertFalse(engine.event.verdict().isAdmitted(), "one probe at a time");
        int whileProbing = (int) engine.event.sequence();

        engine.outcome(probe, Tristate.YES);
        engine.order(FLOOR_OF_THE_DEAREST);
        assertTrue(engine.event.verdict().isAdmitted());
        engine.requireReplayAndRestoreAlike(whileProbing);
    }

    @Test
    void shouldOpenAgainWhenTheProbeFailsAndProbeAgainWhenNothingComes() {
        fail(FLOOR_OF_THE_DEAREST, 10);
        engine.nowNs += 30 * SECOND;
        long failing = engine.order(FLOOR_OF_THE_DEAREST, 3, Substitution.NEVER);
        assertTrue(engine.event.verdict().isAdmitted());
        engine.outcome(failing, Tristate.NO);
        engine.order(FLOOR_OF_THE_DEAREST);
        assertFalse(engine.event.verdict().isAdmitted());

        engine.nowNs += 30 * SECOND;
        engine.order(FLOOR_OF_THE_DEAREST);
        assertTrue(engine.event.verdict().isAdmitted());
        engine.nowNs += 30 * SECOND;
        engine.order(FLOOR_OF_THE_DEAREST);
        assertTrue(engine.event.verdict().isAdmitted(), "no outcome of the last probe");
        engine.requireReplayAndRestoreAlike();
    }

    @Test
    void shouldSeeARecordedMaskThatIsNotNarrower() {
        fail(LOW_FLOOR, 10);
        long sequence = engine.order(LOW_FLOOR);
        byte[] narrowed = last();
        int at = maskOffset(narrowed);
        for (int i = 0; i < Long.BYTES; i++) {
            narrowed[at + i] = -1; // As the request says: null.
        }

        String difference = engine.decode(sequence, narrowed, new DecisionEvent());

        assertTrue(difference != null, "the kernel chooses another candidate then");
    }

    /** Decisions that this floor brings to one provider, each reported as failed. */
    private List<Long> fail(int floorBps, int count) {
        List<Long> decisions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long decision = engine.order(floorBps);
            assertTrue(engine.event.verdict().isAdmitted());
            engine.outcome(decision, Tristate.NO);
            decisions.add(decision);
        }
        return decisions;
    }

    private byte[] last() {
        List<byte[]> records = engine.records();
        return records.get(records.size() - 1);
    }

    private static int maskOffset(byte[] record) {
        RecordHeaderDecoder header =
                new RecordHeaderDecoder().wrapAndApplyHeader(new UnsafeBuffer(record), 0, new MessageHeaderDecoder());
        int position = header.limit() + header.commandLength();
        for (int group = 0; group < 3; group++) {
            position += 2 + (record[position] & 0xFF) * (record[position + 1] & 0xFF);
        }
        return position + 2 + EffectiveDecoder.allowedProviderMaskEncodingOffset();
    }
}
