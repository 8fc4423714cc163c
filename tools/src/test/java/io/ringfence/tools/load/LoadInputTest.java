package io.ringfence.tools.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.tools.ExitCode.BadInputException;
import io.ringfence.tools.input.OrderTape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadInputTest {
    @TempDir
    Path folder;

    @Test
    void shouldMakeAsManyOrdersAsAreWanted() {
        OrderTape tape = LoadInput.of("synthetic:7").tape(1_000);

        assertEquals(1_000, tape.createdCount());
        assertTrue(tape.count() > 2_000);
    }

    @Test
    void shouldMakeNoMoreThanAreRepeated() {
        OrderTape tape = LoadInput.of("synthetic").tape(Long.MAX_VALUE);

        assertEquals(LoadInput.MADE_ORDERS_MAX, tape.createdCount());
    }

    @Test
    void shouldMakeTheSameOfASeedAndOthersOfAnother() {
        OrderTape one = LoadInput.of("synthetic:1").tape(100);
        OrderTape same = LoadInput.of("synthetic").tape(100);
        OrderTape other = LoadInput.of("synthetic:2").tape(100);

        assertEquals(volumes(one), volumes(same));
        assertTrue(volumes(one) != volumes(other));
    }

    @Test
    void shouldRefuseAFileWithoutAnOrder() throws IOException {
        Path file = Files.writeString(
                folder.resolve("orders.csv"), "id,timestamp,price,volume,action,direction\n1,1,10.00,5,deleted,bid\n");

        BadInputException refused = assertThrows(
                BadInputException.class, () -> LoadInput.of("bitstamp:" + file).tape(10));

        assertEquals("--input: " + file + ": must hold a created order: it holds none", refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bitstamp", "bitstamp:", "synthetic:", "synthetic:x", "synthetic:-1", "file.csv"})
    void shouldRefuseAnyOtherWord(String text) {
        BadInputException refused = assertThrows(BadInputException.class, () -> LoadInput.of(text));

        assertTrue(refused.getMessage().startsWith("--input: must be synthetic, "), refused.getMessage());
    }

    private static long volumes(OrderTape tape) {
        long sum = 0;
        while (tape.advance()) {
            sum += tape.event().volume();
        }
        return sum;
    }
}
