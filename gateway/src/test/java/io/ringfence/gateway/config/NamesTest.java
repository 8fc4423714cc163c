package io.ringfence.gateway.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.config.Names.NameKind;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NamesTest {
    @Test
    void shouldLayNamesDownByKindThenId() {
        Names.Builder builder = Names.builder();
        builder.add(NameKind.PROVIDER, 0, "ice");
        builder.add(NameKind.CANDIDATE, 0xFFFF_FFFFL, "é");
        builder.add(NameKind.CANDIDATE, 1, "XNAS");

        byte[] bytes = builder.build().encode();

        byte[] expected = {
            1,
            1,
            0,
            0,
            0,
            4,
            'X',
            'N',
            'A',
            'S', //
            1,
            -1,
            -1,
            -1,
            -1,
            2,
            (byte) 0xC3,
            (byte) 0xA9, //
            2,
            0,
            0,
            0,
            0,
            3,
            'i',
            'c',
            'e'
        };
        assertArrayEquals(expected, bytes);
    }

    @Test
    void shouldFindByNameAndById() {
        Names names = Names.decode(sample()).orElseThrow();

        assertEquals("XNAS", names.name(NameKind.CANDIDATE, 1));
        assertEquals("7", names.name(NameKind.CANDIDATE, 7));
        assertEquals(OptionalLong.of(2), names.id(NameKind.CANDIDATE, "XNYS"));
        assertEquals(OptionalLong.empty(), names.id(NameKind.CANDIDATE, "xnys"));
        assertEquals(List.of("XNAS", "XNYS"), List.copyOf(names.names(NameKind.CANDIDATE)));
        assertArrayEquals(sample(), names.encode());
    }

    @Test
    void shouldRefuseAnIdOrANameThatStandsTwice() {
        Names.Builder builder = Names.builder();

        assertTrue(builder.add(NameKind.TIER, 1, "a"));
        assertFalse(builder.add(NameKind.TIER, 1, "b"));
        assertFalse(builder.add(NameKind.TIER, 2, "a"));
        assertTrue(builder.add(NameKind.REGION, 1, "a"));
    }

    @Test
    void shouldTakeNoBytesButTheOneForm() {
        byte[] bytes = sample();

        for (int length = 0; length < bytes.length; length++) {
            Optional<Names> cut = Names.decode(Arrays.copyOf(bytes, length));
            int end = length;
            assertTrue(
                    cut.isEmpty() || Arrays.equals(cut.get().encode(), Arrays.copyOf(bytes, end)), () -> "at " + end);
        }
        Random random = new Random(5);
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = bytes.clone();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            Optional<Names> names = Names.decode(damaged);
            assertTrue(names.isEmpty() || Arrays.equals(damaged, names.get().encode()));
        }
    }

    private static byte[] sample() {
        Names.Builder builder = Names.builder();
        builder.add(NameKind.CANDIDATE, 1, "XNAS");
        builder.add(NameKind.CANDIDATE, 2, "XNYS");
        builder.add(NameKind.USE_CASE, 0, "équités");
        return builder.build().encode();
    }
}
