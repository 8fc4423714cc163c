package io.ringfence.engine.regime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.regime.RegimeEstimator.Log2;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Log2Test {
    @ParameterizedTest
    @CsvSource({
        "-9223372036854775808, 0",
        "-1, 0",
        "0, 0",
        "1, 0",
        "2, 65536",
        "4294967296, 2097152",
        "4611686018427387904, 4063232",
        "9223372036854775807, 4128767"
    })
    void shouldHitPowersOfTwoAndTheEnds(long value, int logarithm) {
        assertEquals(logarithm, Log2.q16(value));
    }

    @Test
    void shouldStayJustBelowTheTrueLogarithm() {
        Random random = new Random(3);
        for (int round = 0; round < 1_000_000; round++) {
            long value = (random.nextLong() >>> 1 >>> random.nextInt(63)) | 1;
            double error = StrictMath.log(value) / StrictMath.log(2) * 65_536 - Log2.q16(value);
            assertTrue(error > -1e-6 * 65_536 && error < 3, "value=" + value + ", error=" + error);
        }
    }

    @Test
    void shouldNeverFallWhenTheValueRises() {
        for (long value = 1; value < 1 << 20; value++) {
            assertTrue(Log2.q16(value) <= Log2.q16(value + 1));
        }
        Random random = new Random(4);
        for (int round = 0; round < 1_000_000; round++) {
            long value = random.nextLong() >>> 1 >>> random.nextInt(63);
            assertTrue(Log2.q16(value) <= Log2.q16(Math.max(value, value + 1)));
        }
    }
}
