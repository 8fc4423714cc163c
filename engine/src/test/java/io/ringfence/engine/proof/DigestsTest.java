package io.ringfence.engine.proof;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.AllocatedBytes;
import io.ringfence.engine.kernel.GoldenCase;
import io.ringfence.engine.kernel.Kernel;
import io.ringfence.engine.kernel.KernelDecision;
import io.ringfence.engine.kernel.KernelInput;
import io.ringfence.engine.policy.Catalog;
import io.ringfence.engine.policy.Policy;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Expected digests were worked out by hand-packed bytes and another SHA-256. */
class DigestsTest {
    private static final String POLICY = "b24bcc619cd4ad0631bfa7a02ed72a5365abe336ce588c27ba7b7a1634542e71";
    private static final String INPUT = "c30c3b1bba5b740e55e23d58862ec0ae841eab999ae1db413a0ba16010b7b3c5";
    private static final String DECISION = "fcadcf252eb835c2acad8d1430f208404091ed47831e24f990e2d864e2ff1dfa";
    private static final String IDENTITY = "d5844e73583fb2bbbf1c79f4525944582bfad995662d944d750028465ab0e452";
    private static final String LEDGER = "5be6527284d77d31ff97503cb46fb61f8682c98741936aea53e742a2dacb3de7";
    private static final String LEDGER_WITH_WATERMARK =
            "d1a57fe5bea8505a9ffd7c30e699419cb7acbae0065e2cbc54cdef656b4d591f";

    private static final long VERSION = Long.MIN_VALUE + 5;
    private static final List<LedgerDigest.Row> ROWS = List.of(
            row("desk-1", 100, 60, 30, 10),
            row("\uD800\uDC00", -1, 0, -2, Long.MAX_VALUE),
            row("\uE000", 5, 5, 0, 0),
            row("", 1, 1, 0, 0));

    private final Catalog catalog = GoldenCase.catalog();
    private final KernelInput input = GoldenCase.input();
    private final KernelDecision decision = new KernelDecision();
    private final DecisionSeal seal = new DecisionSeal();

    @Test
    void shouldDigestTheGoldenCase() {
        new Kernel().evaluate(catalog, input, decision);
        byte[] ofInput = new byte[32];
        byte[] ofDecision = new byte[32];
        byte[] identity = new byte[32];

        byte[] policy = Policy.digestOf(catalog);
        seal.input(input, ofInput, 0);
        seal.decision(decision, ofDecision, 0);
        seal.identity(policy, ofInput, ofDecision, 1, identity, 0);

        assertEquals(POLICY, hex(policy));
        assertEquals(INPUT, hex(ofInput));
        assertEquals(DECISION, hex(ofDecision));
        assertEquals(IDENTITY, hex(identity));
    }

    @Test
    void shouldDigestAPolicyWhateverTheOrderOfItsList() {
        Catalog swapped = Catalog.asGiven(GoldenCase.HEAD, List.of(GoldenCase.SECOND, GoldenCase.FIRST));

        assertEquals(POLICY, hex(Policy.digestOf(swapped)));
    }

    @Test
    void shouldWriteAtTheOffsetAndNowhereElse() {
        byte[] out = new byte[40];

        seal.input(input, out, 5);

        assertEquals(INPUT, hex(Arrays.copyOfRange(out, 5, 37)));
        assertArrayEquals(new byte[5], Arrays.copyOf(out, 5));
        assertArrayEquals(new byte[3], Arrays.copyOfRange(out, 37, 40));
    }

    @Test
    void shouldChangeWithEveryFieldOfTheInput() {
        List<Consumer<KernelInput>> changes = List.of(
                changed -> changed.requestSequence(2),
                changed -> changed.requestedCandidateId(0xFFFF_FFFFL),
                changed -> changed.inputUnits(0xFFFF_FFFFL),
                changed -> changed.outputUnits(0xFFFF_FFFFL),
                changed -> changed.businessValueMicros(-1),
                changed -> changed.costLimitMicros(-1),
                changed -> changed.riskBps(65_535),
                changed -> changed.confidenceBps(65_535),
                changed -> changed.minimumQualityBps(65_535),
                changed -> changed.maxP95LatencyMs(0xFFFF_FFFFL),
                changed -> changed.requiredCapabilities(-1),
                changed -> changed.allowedProviderMask(1),
                changed -> changed.requiredRegionMask(-1));
        for (var change : changes) {
            KernelInput changed = GoldenCase.input();
            change.accept(changed);
            byte[] digest = new byte[32];

            seal.input(changed, digest, 0);

            assertFalse(INPUT.equals(hex(digest)), () -> "change " + changes.indexOf(change));
        }
    }

    @Test
    void shouldOrderLedgerRowsByTheBytesOfTheirIds() {
        assertEquals(LEDGER, hex(LedgerDigest.of(VERSION, 3, ROWS, OptionalLong.empty())));
    }

    @Test
    void shouldHashAWatermarkOnlyWhenThereIsOne() {
        assertEquals(LEDGER_WITH_WATERMARK, hex(LedgerDigest.of(VERSION, 3, ROWS, OptionalLong.of(9))));
    }

    @Test
    void shouldAllocateNothingOnceWarm() {
        byte[] out = new byte[96];
        byte[] identity = new byte[32];

        long allocated = AllocatedBytes.leastOf(() -> digestOften(out, identity));

        assertTrue(allocated < 1_000, () -> "bytes allocated by 60,000 digests: " + allocated);
    }

    private void digestOften(byte[] out, byte[] identity) {
        for (int turn = 0; turn < 20_000; turn++) {
            seal.input(input, out, 0);
            seal.decision(decision, out, 32);
            seal.identity(out, out, out, turn, identity, 0);
        }
    }

    private static LedgerDigest.Row row(String id, long initial, long remaining, long reserved, long committed) {
        return new LedgerDigest.Row(id.getBytes(StandardCharsets.UTF_8), initial, remaining, reserved, committed);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
