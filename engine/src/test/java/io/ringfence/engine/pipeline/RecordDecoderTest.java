package io.ringfence.engine.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.bandit.TierBandit.TierChoice;
import io.ringfence.engine.budget.BudgetResult;
import io.ringfence.engine.command.Command;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.control.ControlFailure;
import io.ringfence.engine.kernel.KernelDecision;
import io.ringfence.engine.policy.Policy;
import io.ringfence.engine.selection.Selection;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.OrderRequestDecoder;
import io.ringfence.schemas.RecordHeaderDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordDecoderTest {
    private static final EngineSettings SETTINGS =
            new EngineSettings(7, 1_000_000, 32, 300, 100, 250, 100, 64, 100_000_000L, false, new byte[32]);

    private static final int COMMAND_OFFSET = MessageHeaderDecoder.ENCODED_LENGTH + RecordHeaderDecoder.BLOCK_LENGTH;

    private final List<byte[]> records = new ArrayList<>();
    private final List<Policy> policies = new ArrayList<>();
    private final List<String> live = new ArrayList<>();
    private final Set<CommandType> kinds = EnumSet.noneOf(CommandType.class);
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
        assertEquals(digest[31] ^ 1, event.decisionDigest()[31]);
    }

    @Test
    void shouldNotTakeAnotherPolicysWord() {
        run(4, 200);
        int order = indexOfAdmitted();
        UnsafeBuffer record = new UnsafeBuffer(records.get(order));

        String withoutPolicy = decoder.decode(record, null, event);

        assertEquals("an effective input stands where there is no request or no policy", withoutPolicy);
        assertFalse(event.verdict().isAdmitted());
    }

    @ParameterizedTest
    @CsvSource({ // Of the first admitted order: what is forged in the command, or in what is recorded of it.
        "quantity, input units",
        "limitPriceMicros, input units",
        "riskBps, risk",
        "businessValueMicros, business value",
        "confidenceBps, confidence",
        "maxP95LatencyMs, latency cap",
        "exposureMicros, amount held",
    })
    void shouldNameWhatDoesNotFollowFromTheTermsOfAnOrder(String field, String named)
            throws ReflectiveOperationException {
        run(4, 2_000);
        int order = indexOfAdmitted();
        byte[] record = records.get(order).clone();
        int offset = COMMAND_OFFSET
                + MessageHeaderDecoder.ENCODED_LENGTH
                + (int) OrderRequestDecoder.class
                        .getMethod(field + "EncodingOffset")
                        .invoke(null);
        int length = (int)
                OrderRequestDecoder.class.getMethod(field + "EncodingLength").invoke(null);

        for (int i = 0; i < length; i++) { // Little endian: no order of the traffic has such a number.
            record[offset + i] = (byte) (i == Math.min(length - 1, 5) ? 1 : 0);
        }
        String difference = decoder.decode(new UnsafeBuffer(record), policies.get(order), event);

        assertNotNull(difference, field);
        assertTrue(difference.startsWith(named + ": recorded "), difference);
    }

    private void run(long seed, int count) {
        Engine engine = new Engine(SETTINGS, this::append, SnapshotSink.NONE);
        new Traffic(seed, engine, applied -> {
                    kinds.add(applied.type());
                    policies.add(applied.policy());
                    live.add(text(applied));
                })
                .run(SETTINGS, count);
    }

    private void append(long sequence, byte[] bytes, int offset, int length) {
        Arrays.fill(bytes, offset + length, offset + length + 32, (byte) sequence);
        records.add(Arrays.copyOfRange(bytes, offset, offset + length + 32));
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
        Command command = event.command();
        Verdict verdict = event.verdict();
        BudgetResult budget = event.budget();
        return String.join(
                "\n",
                event.type() + " " + verdict.action() + " " + verdict.reason() + " " + verdict.actedCandidateId() + " "
                        + verdict.costMicros() + " " + verdict.holdId(),
                "stamp " + event.sequence() + " " + command.timestampNs() + " " + command.sessionId() + " "
                        + command.principalId() + " " + (command.hasFacts() ? command.facts() : "")
                        + (command.hasParent() ? command.ofParent().facts() : ""),
                "intake " + event.intakeResult() + " " + event.originalSequence(),
                event.isDecided() ? decided(event) : "not decided",
                "budget " + event.isBooked() + " " + budget.reason() + " " + budget.heldMicros() + " "
                        + budget.balance().availableMicros() + " " + budget.isHoldStanding() + " " + budget.controls()
                        + " "
                        + budget.isControlFailed() + failure(budget),
                "record " + hex(event.entryHash()) + " " + event.recordLength());
    }

    private static String failure(BudgetResult budget) {
        ControlFailure failure = budget.failure();
        return budget.isControlFailed()
                ? " " + failure.accountId() + " " + failure.limit() + " " + failure.observed() + " " + failure.asked()
                        + " " + failure.headroom()
                : "";
    }

    private static String decided(DecisionEvent event) {
        KernelDecision decision = event.decision();
        Selection selection = event.selection();
        TierChoice choice = event.choice();
        StringBuilder draws = new StringBuilder();
        for (int tier = 0; tier < choice.tierCount(); tier++) {
            draws.append(choice.successes(tier)).append('/').append(choice.failures(tier));
            draws.append(tier < choice.sampledCount() ? "/" + choice.draw(tier) : "")
                    .append(' ');
        }
        return String.join(
                "\n",
                "regime " + event.regime() + " " + event.severity() + " " + event.floorStepBps(),
                "effective " + event.floorSource() + " " + choice.tier() + " " + draws,
                "input " + hex(event.inputDigest()),
                "kernel " + decision.action() + " " + decision.reason() + " " + decision.selectedId() + " "
                        + decision.costMicros() + " " + decision.utilityMicros() + " " + decision.counterfactualId()
                        + " " + decision.counterfactualUtilityMicros(),
                "digest " + hex(event.decisionDigest()),
                "selection " + selection.action() + " " + selection.reason() + " " + selection.actedCandidateId() + " "
                        + selection.strategy() + " " + selection.propensityBps() + " " + selection.costMicros() + " "
                        + selection.tier() + " " + selection.providerId());
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
