package io.ringfence.engine.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.kernel.Kernel;
import io.ringfence.engine.kernel.KernelInput;
import io.ringfence.engine.policy.Bps;
import io.ringfence.engine.policy.Catalog;
import io.ringfence.engine.policy.ExplorationRule;
import io.ringfence.engine.policy.ExplorationRule.Method;
import io.ringfence.engine.policy.Policy;
import io.ringfence.engine.policy.Policy.UseCase;
import io.ringfence.engine.selection.Exploration;
import io.ringfence.engine.selection.Explored;
import io.ringfence.engine.selection.KeyedDraw;
import io.ringfence.engine.selection.Selection;
import io.ringfence.schemas.Action;
import io.ringfence.schemas.AdmissionRequestEncoder;
import io.ringfence.schemas.ExplorationGuard;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RecordHeaderDecoder;
import io.ringfence.schemas.RecordSectionsDecoder.ExplorationDecoder;
import io.ringfence.schemas.Strategy;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("model")
class ExplorationOnTheWayTest {
    private static final int COMMANDS = 6_000;
    private static final int SEAL_LENGTH = 34;

    /** Header, block, and the header of no group. */
    private static final int WITHOUT_FEATURES = 8 + AdmissionRequestEncoder.BLOCK_LENGTH + 2;

    private static final byte[] KEY = "what nobody else knows, 32 bytes".getBytes(StandardCharsets.US_ASCII);
    private static final EngineSettings SETTINGS =
            new EngineSettings(9, 1_000_000L, 64, 400, 100, 250, 100, 256, 100_000_000L, false, new byte[32]);

    private final MemoryLog log = new MemoryLog();
    private final Engine engine = new Engine(SETTINGS, log, SnapshotSink.NONE);

    @Test
    void shouldWriteTheSameBytesWhenReplayedWithoutTheKey() {
        run(KEY, event -> {});
        MemoryLog replayedLog = new MemoryLog();
        Engine replaying = new Engine(SETTINGS, replayedLog, SnapshotSink.NONE);
        RecordDecoder decoder = new RecordDecoder();
        DecisionEvent event = new DecisionEvent();

        for (byte[] record : log.records()) {
            decoder.accept(new UnsafeBuffer(record), event);
            replaying.apply(event);
        }

        assertSame(log.records(), replayedLog.records());
        assertArrayEquals(engine.stateDigest(), replaying.stateDigest());
    }

    /** A server gets its key, loses it and gets another: each record is replayed as it was. */
    @Test
    void shouldReplayRecordsOfServersWithAndWithoutAKey() {
        int[] seen = new int[3];
        run(KEY, event -> {
            int phase = (int) (event.sequence() / (COMMANDS / 3));
            if (event.sequence() % (COMMANDS / 3) == 0) {
                engine.explorationKey(phase == 1 ? null : new KeyedDraw(new byte[40]));
            }
            boolean isDrawn = explored(event) != null && explored(event).isDrawn();
            int decidedIn = (int) ((event.sequence() - 1) / (COMMANDS / 3)); // Before the key was changed behind it.
            seen[Math.min(2, decidedIn)] += isDrawn ? 1 : 0;
        });
        MemoryLog replayedLog = new MemoryLog();
        Engine replaying = new Engine(SETTINGS, replayedLog, SnapshotSink.NONE);
        RecordDecoder decoder = new RecordDecoder();
        DecisionEvent event = new DecisionEvent();

        for (byte[] record : log.records()) {
            decoder.accept(new UnsafeBuffer(record), event);
            replaying.apply(event);
        }

        assertSame(log.records(), replayedLog.records());
        assertTrue(seen[0] > 50 && seen[1] == 0 && seen[2] > 50, Arrays.toString(seen));
    }

    @Test
    void shouldFollowAndSayWhyWithoutAKey() {
        int[] seen = new int[1];
        run(null, event -> {
            if (isOfMethod(event, Method.KEYED) && explored(event) != null) {
                assertEquals(
                        ExplorationGuard.NO_KEY, event.selection().explored().guard());
                assertEquals(Strategy.FOLLOW, event.selection().strategy());
                assertEquals(10_000, event.selection().propensityBps());
                assertEquals(event.decision().selectedId(), event.selection().actedCandidateId());
                seen[0]++;
            }
        });

        assertTrue(seen[0] > 100, "seen=" + seen[0]);
    }

    @Test
    void shouldKeepTheBytesOfTheDrawAndNeverTheKey() throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
        List<Long> drawn = new ArrayList<>();
        run(KEY, event -> {
            if (explored(event) != null && explored(event).isDrawn()) {
                mac.update("calyexp1".getBytes(StandardCharsets.US_ASCII));
                mac.update(event.policy().digest());
                ByteBuffer expected = ByteBuffer.wrap(mac.doFinal(event.inputDigest()));
                assertEquals(expected.getLong(), event.selection().explored().draw());
                assertEquals(expected.getLong(), event.selection().explored().pick());
                byte[] record = log.records().get((int) event.sequence() - 1);
                assertTrue(holds(record, reversed(mac, event)), "the record holds the draw, little endian");
                drawn.add(event.sequence());
            }
        });

        assertTrue(drawn.size() > 100, "drawn=" + drawn.size());
        for (byte[] record : log.records()) {
            assertFalse(holds(record, KEY));
        }
    }

    /** The class that the shared vectors check comes to the same, for each draw that was made. */
    @Test
    void shouldChooseAsTheVectorsDo() {
        ExplorationRule rule = Commands.KEYED;
        Exploration reference = new Exploration(KEY, rule.rateBps(), rule.nearMicros());
        Map<Action, Integer> explored = new EnumMap<>(Action.class);
        int[] kept = new int[1];
        run(KEY, event -> {
            Selection selection = event.isDecided() ? event.selection() : null;
            if (selection == null
                    || !selection.hasNear()
                    || !selection.explored().isDrawn()) {
                return;
            }
            reference.choose(
                    event.policy().catalog(),
                    event.policy().digest(),
                    event.input(),
                    event.inputDigest(),
                    event.decision());
            assertEquals(reference.actedId(), selection.actedCandidateId());
            assertEquals(reference.propensityBps(), selection.propensityBps());
            assertEquals(reference.strategy(), selection.strategy());
            if (reference.isExplored()) {
                explored.merge(selection.action(), 1, Integer::sum);
                assertEquals(ReasonCode.EXPLORED, selection.reason());
                boolean isAsked =
                        selection.actedCandidateId() == event.request().requestedCandidateId();
                assertEquals(isAsked ? Action.EXECUTE : Action.SUBSTITUTE, selection.action());
            } else {
                kept[0]++;
                assertEquals(event.decision().reason(), selection.reason());
            }
        });

        assertTrue(explored.get(Action.EXECUTE) > 5 && explored.get(Action.SUBSTITUTE) > 20, explored.toString());
        assertTrue(kept[0] > 50, "kept=" + kept[0]);
    }

    @Test
    void shouldLetTheNearCandidateActThatIsWorthMostByItsDraw() {
        int[] acted = new int[Explored.IN_PLAY_MAX];
        int[] dearer = new int[1];
        run(KEY, event -> {
            Explored explored = explored(event);
            if (!isOfMethod(event, Method.THOMPSON) || explored == null || explored.inPlayCount() == 0) {
                return;
            }
            Catalog catalog = event.policy().catalog();
            int best = 0;
            BigInteger most = null;
            int highestDraw = 0;
            for (int place = 0; place < explored.inPlayCount(); place++) {
                int index = catalog.indexOf(explored.candidateId(place));
                assertEquals(0, Kernel.gateOf(catalog, index, event.input()));
                long below = event.decision().utilityMicros() - Kernel.utilityMicros(catalog, index, event.input());
                assertTrue(below >= 0 && below <= Commands.THOMPSON.nearMicros());
                BigInteger worth = worthByItsDraw(event, index, explored.draw(place));
                best = most == null || worth.compareTo(most) > 0 ? place : best;
                most = most == null ? worth : most.max(worth);
                highestDraw = explored.draw(place) > explored.draw(highestDraw) ? place : highestDraw;
            }
            assertEquals(event.decision().selectedId(), explored.candidateId(0));
            assertEquals(explored.candidateId(best), event.selection().actedCandidateId());
            assertEquals(Strategy.EXPLORE, event.selection().strategy());
            assertEquals(Selection.NO_PROPENSITY, event.selection().propensityBps());
            acted[best]++;
            dearer[0] += best != highestDraw ? 1 : 0;
        });

        assertTrue(acted[0] > 10 && acted[1] > 20, Arrays.toString(acted));
        assertTrue(dearer[0] > 0, "the highest draw was never too dear");
    }

    /** Value times confidence times the draw, less what the utility takes off; in micros, times 65,536. */
    private static BigInteger worthByItsDraw(DecisionEvent event, int index, int draw) {
        Catalog catalog = event.policy().catalog();
        KernelInput input = event.input();
        BigInteger stake = BigInteger.valueOf(input.businessValueMicros())
                .multiply(BigInteger.valueOf(input.confidenceBps()))
                .divide(BigInteger.valueOf(Bps.ONE));
        BigInteger ofQuality = BigInteger.valueOf(input.businessValueMicros())
                .multiply(BigInteger.valueOf(
                        (long) input.confidenceBps() * catalog.candidate(index).qualityBps()))
                .divide(BigInteger.valueOf((long) Bps.ONE * Bps.ONE));
        BigInteger burden = ofQuality.subtract(BigInteger.valueOf(Kernel.utilityMicros(catalog, index, input)));
        return stake.multiply(BigInteger.valueOf(draw)).subtract(burden.shiftLeft(16));
    }

    /** A twin counts again what was explored, from the records alone. */
    @Test
    void shouldNeverPassABoundOfAPeriod() {
        Map<List<Long>, long[]> twin = new HashMap<>(); // Decisions, and what they cost, of a use case and period.
        Map<ExplorationGuard, Integer> guards = new EnumMap<>(ExplorationGuard.class);
        run(KEY, event -> {
            Explored explored = explored(event);
            if (explored == null) {
                return;
            }
            UseCase useCase = event.policy().useCase(event.request().useCase());
            ExplorationRule rule = useCase.exploration();
            long period = event.command().timestampNs() / rule.periodNs();
            long[] counts = twin.computeIfAbsent(List.of((long) useCase.code(), period), first -> new long[2]);
            long dearest = dearestNear(event, rule);
            ExplorationGuard expected = counts[0] >= rule.decisionsMax()
                    ? ExplorationGuard.DECISIONS
                    : dearest > rule.spendMaxMicros() - counts[1] ? ExplorationGuard.SPEND : ExplorationGuard.NONE;
            assertEquals(expected, explored.guard(), "sequence=" + event.sequence());
            guards.merge(explored.guard(), 1, Integer::sum);
            if (explored.isExplored()) {
                counts[0]++;
                counts[1] += event.selection().costMicros();
                assertTrue(counts[0] <= rule.decisionsMax() && counts[1] <= rule.spendMaxMicros());
            }
        });

        assertTrue(guards.getOrDefault(ExplorationGuard.DECISIONS, 0) > 20, guards.toString());
        assertTrue(guards.getOrDefault(ExplorationGuard.SPEND, 0) > 10, guards.toString());
        assertTrue(guards.getOrDefault(ExplorationGuard.NONE, 0) > 100, guards.toString());
    }

    private static long dearestNear(DecisionEvent event, ExplorationRule rule) {
        Catalog catalog = event.policy().catalog();
        long dearest = 0;
        for (int index = 0; index < catalog.count(); index++) {
            boolean isOther = catalog.candidate(index).id() != event.decision().selectedId();
            if (isOther && Kernel.isEligible(catalog, index, event.input())) {
                long below = event.decision().utilityMicros() - Kernel.utilityMicros(catalog, index, event.input());
                if (below <= rule.nearMicros()) {
                    dearest = Math.max(dearest, Kernel.costMicros(catalog, index, event.input()));
                }
            }
        }
        return dearest;
    }

    @Test
    void shouldDirectOrRejectWhereNoSubstituteIsAllowed() {
        int[] seen = new int[2];
        run(KEY, event -> {
            if (event.isDecided()
                    && !event.request().mayBeSubstituted()
                    && event.decision().isSelected()) {
                Selection selection = event.selection();
                boolean isChoice =
                        event.decision().selectedId() == event.request().requestedCandidateId();
                assertFalse(selection.hasNear());
                assertEquals(isChoice ? Strategy.FOLLOW : Strategy.DIRECTED, selection.strategy());
                seen[isChoice ? 0 : 1]++;
            }
        });

        assertTrue(seen[0] > 20 && seen[1] > 20, Arrays.toString(seen));
    }

    @Test
    void shouldHoldAndChargeWhatTheActingCandidateCosts() {
        int[] seen = new int[1];
        run(KEY, event -> {
            if (explored(event) != null && explored(event).isExplored()) {
                Catalog catalog = event.policy().catalog();
                int index = catalog.indexOf(event.selection().actedCandidateId());
                assertEquals(
                        Kernel.costMicros(catalog, index, event.input()),
                        event.selection().costMicros());
                UseCase useCase = event.policy().useCase(event.request().useCase());
                assertTrue(catalog.candidate(index).qualityBps() >= useCase.hardFloorBps());
                assertTrue(
                        catalog.candidate(index).qualityBps() >= event.input().minimumQualityBps());
                assertEquals(
                        event.policy().tierOfIndex(index), event.selection().tier());
                assertEquals(
                        event.policy().providerOfIndex(index), event.selection().providerId());
                if (event.verdict().isAdmitted()) {
                    long asked =
                            event.request().notionalMicros() + event.selection().costMicros();
                    assertEquals(
                            Math.max(event.request().exposureMicros(), asked),
                            event.budget().heldMicros());
                    assertEquals(ReasonCode.EXPLORED, event.verdict().reason());
                    assertEquals(
                            event.selection().actedCandidateId(),
                            event.verdict().actedCandidateId());
                    seen[0]++;
                }
            }
        });

        assertTrue(seen[0] > 20, "seen=" + seen[0]);
    }

    @Test
    void shouldKeepEveryRecordOfARequestWithinItsLength() {
        int[] longest = new int[2];
        run(KEY, event -> {
            if (event.type().isRequest()) {
                boolean isExplored = explored(event) != null;
                boolean isOrder = event.type() == CommandType.ORDER;
                int features = isOrder ? 0 : event.command().length() - WITHOUT_FEATURES;
                int length = event.recordLength() + SEAL_LENGTH - features;
                int at = isExplored || !event.verdict().isAdmitted() ? 1 : 0;
                longest[at] = Math.max(longest[at], length);
            }
        });

        assertTrue(longest[0] > 400 && longest[0] <= 512, Arrays.toString(longest));
        assertTrue(longest[1] > 400 && longest[1] <= 640, Arrays.toString(longest));
    }

    @Test
    void shouldBringBackWhatWasDrawn() {
        List<String> live = new ArrayList<>();
        List<Policy> policies = new ArrayList<>();
        run(KEY, event -> {
            live.add(text(event));
            policies.add(event.policy());
        });
        RecordDecoder decoder = new RecordDecoder();
        DecisionEvent event = new DecisionEvent();

        List<byte[]> records = log.records();
        for (int i = 0; i < records.size(); i++) {
            byte[] sealed = Arrays.copyOf(records.get(i), records.get(i).length + 32);
            assertNull(decoder.decode(new UnsafeBuffer(sealed), policies.get(i), event), "record=" + (i + 1));
            assertEquals(live.get(i), text(event), "record=" + (i + 1));
        }
    }

    /** Each byte of an exploration section is part of what is computed again, or of what acts by it. */
    @Test
    void shouldNameAForgedDrawOrGuard() {
        List<Policy> policies = new ArrayList<>();
        int[] sequences = new int[3]; // Of a keyed draw that explored, of a guard, of candidates in play that explored.
        run(KEY, event -> {
            policies.add(event.policy());
            Explored explored = explored(event);
            if (explored != null && explored.isExplored()) {
                sequences[explored.isDrawn() ? 0 : 2] = (int) event.sequence();
            } else if (explored != null && explored.guard() == ExplorationGuard.DECISIONS) {
                sequences[1] = (int) event.sequence();
            }
        });
        RecordDecoder decoder = new RecordDecoder();
        DecisionEvent event = new DecisionEvent();
        for (int sequence : sequences) {
            byte[] record = log.records().get(sequence - 1);
            byte[] sealed = Arrays.copyOf(record, record.length + 32);
            assertNull(decoder.decode(new UnsafeBuffer(sealed), policies.get(sequence - 1), event));
            int guard = guardOffset(sealed);
            sealed[guard] ^= 4; // No guard that this build knows.
            String unknown = decoder.decode(new UnsafeBuffer(sealed), policies.get(sequence - 1), event);
            sealed[guard] ^= 4 ^ 1; // Another one.
            String other = decoder.decode(new UnsafeBuffer(sealed), policies.get(sequence - 1), event);
            sealed[guard] ^= 1;
            sealed[guard - 1] ^= 1; // A byte of the pick.
            String pick = decoder.decode(new UnsafeBuffer(sealed), policies.get(sequence - 1), event);

            assertTrue(unknown != null && unknown.startsWith("guard "), unknown);
            assertTrue(other != null, "sequence=" + sequence);
            assertTrue(pick != null || sequence == sequences[0], "sequence=" + sequence); // Another draw may act alike.
        }
    }

    private static int guardOffset(byte[] record) {
        UnsafeBuffer buffer = new UnsafeBuffer(record);
        RecordHeaderDecoder header =
                new RecordHeaderDecoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderDecoder());
        int position = header.limit() + header.commandLength();
        for (int group = 0; group < 9; group++) {
            position += 2 + (record[position] & 0xFF) * (record[position + 1] & 0xFF);
        }
        return position + 2 + ExplorationDecoder.guardEncodingOffset();
    }

    private static String text(DecisionEvent event) {
        Explored explored = explored(event);
        if (explored == null) {
            return "";
        }
        StringBuilder text = new StringBuilder(
                explored.guard() + " " + explored.draw() + " " + explored.pick() + " " + explored.isExplored());
        for (int place = 0; place < explored.inPlayCount(); place++) {
            text.append(' ').append(explored.candidateId(place)).append('/').append(explored.successes(place));
            text.append('/').append(explored.failures(place)).append('/').append(explored.draw(place));
        }
        return text.toString();
    }

    private void run(byte[] key, Consumer<DecisionEvent> observer) {
        engine.explorationKey(key == null ? null : new KeyedDraw(key));
        new Traffic(17, engine, observer).run(SETTINGS, COMMANDS);
    }

    private static Explored explored(DecisionEvent event) {
        return event.isDecided() ? event.selection().explored() : null;
    }

    private static boolean isOfMethod(DecisionEvent event, Method method) {
        return event.isDecided()
                && event.policy()
                                .useCase(event.request().useCase())
                                .exploration()
                                .method()
                        == method;
    }

    private static void assertSame(List<byte[]> expected, List<byte[]> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), actual.get(i), "record=" + (i + 1));
        }
    }

    /** The first 16 bytes of the draw as the record has them: each word in the byte order of the schema. */
    private static byte[] reversed(Mac mac, DecisionEvent event) {
        mac.update("calyexp1".getBytes(StandardCharsets.US_ASCII));
        mac.update(event.policy().digest());
        ByteBuffer drawn = ByteBuffer.wrap(mac.doFinal(event.inputDigest()));
        return ByteBuffer.allocate(16)
                .putLong(Long.reverseBytes(drawn.getLong()))
                .putLong(Long.reverseBytes(drawn.getLong()))
                .array();
    }

    private static boolean holds(byte[] bytes, byte[] wanted) {
        for (int i = 0; i + wanted.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
                return true;
            }
        }
        return false;
    }
}
