package io.ringfence.gateway.answers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.Engine;
import io.ringfence.engine.pipeline.EngineSettings;
import io.ringfence.engine.pipeline.SnapshotSink;
import io.ringfence.engine.pipeline.Traffic;
import io.ringfence.engine.pipeline.Verdict.DecisionFacts;
import io.ringfence.schemas.OutcomeFactsDecoder;
import io.ringfence.schemas.ReasonCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The decisions are those of a real engine under random traffic; the twin is a map of the facts of all of them. */
class FactsIndexTest {
    private static final EngineSettings SETTINGS = EngineSettings.defaults(7, new byte[32]);
    private static final long NO_MAX_AGE = Long.MAX_VALUE;

    private final Map<Long, byte[]> twin = new LinkedHashMap<>();
    private final Map<Long, Long> timestampsNs = new LinkedHashMap<>();

    @Test
    void shouldSayWhyThereAreNoFacts() {
        try (FactsIndex index = new FactsIndex(4, NO_MAX_AGE, 0)) {
            run(1, index::add);
            List<Long> decisions = new ArrayList<>(twin.keySet());
            long last = decisions.get(decisions.size() - 1);
            long oldestKept = decisions.get(decisions.size() - 4);
            long overwritten = decisions.get(decisions.size() - 5);
            long noDecision = oldestKept + 1;
            while (twin.containsKey(noDecision)) {
                noDecision++;
            }

            index.answered(last - 1);
            assertEquals(ReasonCode.OUTCOME_TOO_EARLY, index.check(last, 0));
            index.answered(last + 1);
            assertEquals(ReasonCode.NONE, index.check(last, 0));
            assertEquals(ReasonCode.NONE, index.check(oldestKept, 0));
            assertEquals(ReasonCode.FIELD_INVALID, index.check(noDecision, 0));
            assertEquals(FactsIndex.NONE, index.offset(noDecision));
            assertEquals(ReasonCode.NONE, index.check(overwritten, 0));
            assertTrue(index.isElsewhere(overwritten));
            assertFalse(index.isElsewhere(oldestKept));
            assertEquals(FactsIndex.NONE, index.offset(overwritten));
            assertEquals(ReasonCode.OUTCOME_TOO_EARLY, index.check(last + 2, 0));
        }
    }

    @Test
    void shouldSendToTheJournalForWhatIsBeforeTheFirstThatItKnows() {
        try (FactsIndex index = new FactsIndex(4, NO_MAX_AGE, 5)) {
            assertEquals(ReasonCode.NONE, index.check(5, 0));
            assertTrue(index.isElsewhere(5));
            assertEquals(FactsIndex.NONE, index.offset(5));
            assertEquals(ReasonCode.OUTCOME_TOO_EARLY, index.check(6, 0));
            assertFalse(index.isElsewhere(6));

            index.recovered(4);

            assertTrue(index.isElsewhere(3));
            assertEquals(ReasonCode.FIELD_INVALID, index.check(4, 0));
            assertEquals(ReasonCode.FIELD_INVALID, index.check(5, 0));
        }
    }

    @Test
    void shouldSayThatADecisionIsTooLongAgo() {
        try (FactsIndex index = new FactsIndex(1_024, 50, 0)) {
            run(2, index::add);
            index.answered(Long.MAX_VALUE);
            long decision = twin.keySet().iterator().next();
            long timestampNs = timestampsNs.get(decision);

            assertEquals(ReasonCode.NONE, index.check(decision, timestampNs + 50));
            assertEquals(ReasonCode.OUTCOME_TOO_OLD, index.check(decision, timestampNs + 51));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldGiveBackWhatWasKept(long seed) {
        try (FactsIndex index = new FactsIndex(64, NO_MAX_AGE, 0)) {
            run(seed, index::add);
            index.answered(Long.MAX_VALUE);
            List<Long> decisions = new ArrayList<>(twin.keySet());

            for (long decision : decisions.subList(decisions.size() - 64, decisions.size())) {
                assertFacts(index, decision, "seed " + seed + ", decision " + decision);
            }
        }
    }

    /** Admitted and rejected decisions, and requests that were never decided, in the fields that an outcome is stamped with. */
    @Test
    void shouldWriteTheFieldsOfADecision() {
        OutcomeFactsDecoder facts = new OutcomeFactsDecoder();
        List<Boolean> undecided = new ArrayList<>();
        try (FactsIndex index = new FactsIndex(4, NO_MAX_AGE, Long.MAX_VALUE)) {
            run(1, event -> {
                index.add(event);
                if (!DecisionFacts.has(event)) {
                    return;
                }
                facts.wrap(
                        index.buffer(),
                        index.offset(event.sequence()),
                        OutcomeFactsDecoder.BLOCK_LENGTH,
                        OutcomeFactsDecoder.SCHEMA_VERSION);
                byte[] entryHash = new byte[32];
                facts.getEntryHash(entryHash, 0, 32);
                assertEquals(event.sequence(), facts.sequence());
                assertEquals(event.command().timestampNs(), facts.timestampNs());
                assertEquals(event.request().accountId(), facts.accountId());
                assertEquals(event.request().useCase(), facts.useCase());
                assertEquals(event.verdict().isAdmitted(), facts.isAdmittedRaw() == 1);
                assertArrayEquals(event.entryHash(), entryHash);
                if (!event.isDecided()) {
                    assertEquals(DecisionFacts.NONE, facts.regime());
                    assertEquals(DecisionFacts.NONE, facts.tier());
                    assertEquals(DecisionFacts.NONE, facts.providerId());
                    assertEquals(0, facts.actedCandidateId());
                }
                undecided.add(!event.isDecided());
            });
        }
        assertTrue(undecided.contains(true) && undecided.contains(false), "both kinds must have been met");
    }

    /** A start may hand over again what a snapshot's records have given already. */
    @Test
    void shouldTakeADecisionOnce() {
        try (FactsIndex index = new FactsIndex(16, NO_MAX_AGE, 0)) {
            run(3, event -> {
                index.add(event);
                index.add(event);
            });
            index.answered(Long.MAX_VALUE);
            List<Long> decisions = new ArrayList<>(twin.keySet());

            for (long decision : decisions.subList(decisions.size() - 16, decisions.size())) {
                assertFacts(index, decision, "decision " + decision);
            }
        }
    }

    private void assertFacts(FactsIndex index, long decision, String what) {
        byte[] kept = new byte[DecisionFacts.LENGTH];

        assertEquals(ReasonCode.NONE, index.check(decision, 0), what);
        index.buffer().getBytes(index.offset(decision), kept);
        assertArrayEquals(twin.get(decision), kept, what);
    }

    private void run(long seed, Consumer<DecisionEvent> observer) {
        DecisionFacts facts = new DecisionFacts();
        Engine engine = new Engine(SETTINGS, FactsIndexTest::hash, SnapshotSink.NONE);
        new Traffic(seed, engine, event -> {
                    if (DecisionFacts.has(event)) {
                        byte[] bytes = new byte[DecisionFacts.LENGTH];
                        facts.write(event, new UnsafeBuffer(bytes), 0);
                        twin.put(event.sequence(), bytes);
                        timestampsNs.put(event.sequence(), event.command().timestampNs());
                    }
                    observer.accept(event); // Of any kind: those without facts change nothing.
                })
                .run(SETTINGS, 1_000);
    }

    private static void hash(long sequence, byte[] bytes, int offset, int length) {
        for (int i = 0; i < 32; i++) {
            bytes[offset + length + i] = (byte) (sequence + i);
        }
    }
}
