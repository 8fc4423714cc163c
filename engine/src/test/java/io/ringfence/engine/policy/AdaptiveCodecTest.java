package io.ringfence.engine.policy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.policy.Adaptive.TierPrior;
import io.ringfence.engine.policy.Policy.UseCase;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class AdaptiveCodecTest {
    @Test
    void shouldGiveBackWhatItWroteAtEveryEndOfEveryRange() {
        Adaptive adaptive = AdaptiveSamples.atTheEnds();

        Checked<Adaptive, AdaptiveFault> result = decode(AdaptiveCodec.encode(adaptive));

        assertTrue(result.isValid());
        assertEquals(adaptive, result.value());
    }

    @Test
    void shouldKeepItsBytes() {
        UseCase.Defaults defaults = new UseCase.Defaults(-2, 3, 0x0405, 0x0607, 8, 9);
        UseCase useCase = new UseCase(5, defaults, 0x0102, 0x0304, 0x0506, List.of(new TierPrior(7, 0x01020304)))
                .with(new ExplorationRule(ExplorationRule.Method.KEYED, 0x0708, 9, 0x0A0B, 12, 13))
                .with(new RewardRule(0x0102, 0x0103, 0x0104, 0x0105, 0x0106, 14, 15, 0x0107))
                .with(new AlarmRule(0x01_0203, 0x0D0E, 15, 0x0F10, 17));
        Adaptive adaptive =
                Adaptive.of(new int[] {0x0A0B}, List.of(useCase), 0x0E0F).value();

        assertEquals(
                "050101" + "0f0e0000" + "0b0a" + "05" + "feffffffffffffff" + "03000000" + "0504" + "0706" + "08000000"
                        + "09000000"
                        + "0201" + "0403" + "0605" + "01" + "0807" + "0900000000000000" + "0b0a000000000000"
                        + "0c000000"
                        + "0d00000000000000" + "0201" + "0301" + "0401" + "0501" + "0601" + "0e00000000000000"
                        + "0f000000"
                        + "0701" + "03020100" + "0e0d" + "0f000000" + "100f" + "11000000" + "07000000" + "04030201",
                HexFormat.of().formatHex(AdaptiveCodec.encode(adaptive)));
    }

    @Test
    void shouldRefuseEveryTruncationAndEveryTrailingByte() {
        byte[] bytes = AdaptiveCodec.encode(AdaptiveSamples.atTheEnds());

        for (int length = 0; length < bytes.length; length++) {
            Checked<Adaptive, AdaptiveFault> result = decode(Arrays.copyOf(bytes, length));
            assertEquals(
                    AdaptiveFault.Rule.TRUNCATED, result.fault().orElseThrow().rule(), "length=" + length);
        }
        Checked<Adaptive, AdaptiveFault> longer = decode(Arrays.copyOf(bytes, bytes.length + 1));
        assertEquals(
                AdaptiveFault.Rule.TRAILING_BYTES, longer.fault().orElseThrow().rule());
        assertEquals(1, longer.fault().orElseThrow().value());
    }

    @Test
    void shouldReadWithinTheRangeItWasGiven() {
        byte[] bytes = AdaptiveCodec.encode(AdaptiveSamples.atTheEnds());
        byte[] amid = new byte[bytes.length + 20];
        Arrays.fill(amid, (byte) 0xA5);
        System.arraycopy(bytes, 0, amid, 7, bytes.length);

        Checked<Adaptive, AdaptiveFault> result = AdaptiveCodec.decode(new UnsafeBuffer(amid), 7, bytes.length);

        assertEquals(AdaptiveSamples.atTheEnds(), result.value());
    }

    @Test
    void shouldNeverThrowNorTakeTwoFormsForOne() {
        byte[] bytes = AdaptiveCodec.encode(AdaptiveSamples.atTheEnds());
        Random random = new Random(20261121);

        for (int round = 0; round < 100_000; round++) {
            byte[] changed = bytes.clone();
            changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            Checked<Adaptive, AdaptiveFault> result = decode(changed);
            if (result.isValid()) {
                assertArrayEquals(changed, AdaptiveCodec.encode(result.value()));
            } else {
                AdaptiveFault fault = result.fault().orElseThrow();
                assertFalse(fault.text().isEmpty());
            }
        }
    }

    @Test
    void shouldNameTheFieldThatIsWrong() {
        byte[] bytes = AdaptiveCodec.encode(AdaptiveSamples.atTheEnds());
        int lastPrior = bytes.length - 4;
        Arrays.fill(bytes, lastPrior, bytes.length, (byte) 0);

        Checked<Adaptive, AdaptiveFault> result = decode(bytes);

        assertEquals(
                "use case 63: tier 1: prior_failures must be 1 to 2147483647: 0",
                result.fault().orElseThrow().text());
    }

    private static Checked<Adaptive, AdaptiveFault> decode(byte[] bytes) {
        return AdaptiveCodec.decode(new UnsafeBuffer(bytes), 0, bytes.length);
    }
}
