package io.ringfence.engine.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.budget.BudgetResult;
import io.ringfence.engine.kernel.KernelDecision;
import io.ringfence.engine.policy.Policy;
import io.ringfence.engine.selection.Selection;
import io.ringfence.schemas.CommandKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordDecoderTest {
    private static final EngineSettings SETTINGS =
            new EngineSettings(7, 1_000_000, 32, 300, 100, 250, 100, 64, 128, 100_000_000L, false, new byte[32]);

    private final List<byte[]> records = new ArrayList<>();
    private final List<Policy> policies = new ArrayList<>();
    private final List<String> live = new ArrayList<>();
    private final Set<CommandKind> kinds = EnumSet.noneOf(CommandKind.class);
    private final RecordDecoder decoder = new RecordDecoder();
    private final DecisionEvent event = new DecisionEvent();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldBringBackWhatTheStagesLeft(long seed) {
        run(seed, 3_000);

        for (int i = 0; i < records.size(); i++) {
            String difference = decoder.decode(new UnsafeBuffer(records.get(i)), policies.get(i), event);

            assertNull(difference, "seed " + seed + ", record " + i);
            assertEquals(live.get(i), text(event), "seed " + seed + ", record " + i);
        }
        assertTrue(kinds.size() >= 14, () -> "kinds seen: " + kinds);
    }

    @Test
    void shouldNameWhatIsNotWhatItComesTo() {
        run(4, 200);
        int order = indexOfAdmitted();
        byte[] digest = HexFormat.of().parseHex(live.get(order).replaceAll("(?s).*digest ([0-9a-f]+).*", "$1"));
        byte[] record = records.get(order).clone();
        int position = indexOf(record, digest);

        record[position + 31] ^= 1;
        String difference = decoder.decode(new UnsafeBuffer(record), policies.get(order), event);

        assertTrue(difference.startsWith("decision digest: recorded "), difference);
        assertEquals(digest[31] ^ 1, event.proof().decisionDigest()[31]);
    }

    @Test
    void shouldNotTakeAnotherPolicysWord() {
        run(4, 200);
        int order = indexOfAdmitted();
        UnsafeBuffer record = new UnsafeBuffer(records.get(order));

        String withoutPolicy = decoder.decode(record, null, event);

        assertEquals("an effective input stands where there is no request or no policy", withoutPolicy);
        assertFalse(event.isAdmitted());
    }

    private void run(long seed, int count) {
        Engine engine = new Engine(SETTINGS, this::append, SnapshotSink.NONE);
        new Traffic(seed, engine, applied -> {
                    kinds.add(applied.command().kind());
                    policies.add(applied.intake().policy());
                    live.add(text(applied));
                })
                .run(SETTINGS, count);
    }

    private void append(MutableDirectBuffer record, int length, byte[] entryHash) {
        byte[] sealed = new byte[length + entryHash.length];
        record.getBytes(0, sealed, 0, length);
        Arrays.fill(entryHash, (byte) (records.size() + 1));
        System.arraycopy(entryHash, 0, sealed, length, entryHash.length);
        records.add(sealed);
    }

    private int indexOfAdmitted() {
        for (int i = 0; i < live.size(); i++) {
            if (live.get(i).startsWith("ORDER EXECUTE") || live.get(i).startsWith("ORDER SUBSTITUTE")) {
                return i;
            }
        }
        throw new AssertionError("no order was admitted");
    }

    private static int indexOf(byte[] bytes, byte[] wanted) {
        for (int i = 0; i + wanted.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        throw new AssertionError("not in there");
    }

    /** Everything that an answer, or a person, is told of an event. */
    private static String text(DecisionEvent event) {
        KernelDecision decision = event.decision().decision();
        Selection selection = event.selection().selection();
        BudgetResult budget = event.budget().result();
        StringBuilder draws = new StringBuilder();
        for (int tier = 0; tier < event.effective().choice().tierCount(); tier++) {
            draws.append(event.effective().choice().successes(tier))
                    .append('/')
                    .append(event.effective().choice().failures(tier))
                    .append('/')
                    .append(event.effective().choice().draw(tier))
                    .append(' ');
        }
        return String.join(
                "\n",
                event.command().kind() + " " + event.action() + " " + event.reason(),
                "stamp " + event.sequence() + " " + event.stamp().timestampNs() + " "
                        + event.stamp().sessionId() + " " + event.stamp().principalId() + " "
                        + event.stamp().facts().decisionSequence() + " "
                        + hex(event.stamp().facts().identityDigest()),
                "intake " + event.intake().result() + " " + event.intake().originalSequence(),
                "regime " + event.regime().isPresent() + " " + event.regime().regime() + " "
                        + event.regime().severity() + " " + event.regime().floorStepBps(),
                "effective " + event.effective().isPresent() + " "
                        + event.effective().floorSource() + " "
                        + event.effective().choice().tier() + " " + draws,
                "input " + hex(event.proof().inputDigest()),
                "kernel " + event.decision().isPresent() + " " + decision.action() + " " + decision.reason() + " "
                        + decision.selectedId() + " " + decision.costMicros() + " " + decision.utilityMicros() + " "
                        + decision.counterfactualId() + " " + decision.counterfactualUtilityMicros(),
                "digest " + hex(event.proof().decisionDigest()),
                "selection " + event.selection().isPresent() + " " + selection.action() + " " + selection.reason() + " "
                        + selection.actedCandidateId() + " " + selection.strategy() + " " + selection.propensityBps()
                        + " " + event.selection().costMicros() + " "
                        + event.selection().tier() + " " + event.selection().providerId(),
                "budget " + event.budget().isPresent() + " " + budget.reason() + " " + budget.heldMicros() + " "
                        + budget.remainingMicros() + " " + budget.isControlFailed() + " " + budget.controlLimit()
                        + " " + budget.controlObserved() + " " + budget.controlHeadroom(),
                "record " + hex(event.record().entryHash()) + " "
                        + event.record().length());
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
