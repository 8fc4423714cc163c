package io.ringfence.engine.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MicrosTest {
    private static final BigInteger SCALE = BigInteger.valueOf(100_000_000);

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "1, 1, 1",
        "100000000, 25100000, 25100000",
        "100000001, 25100000, 25100001",
        "9223372036854775807, 100000000, 9223372036854775807",
        "9223372036854775807, 100000001, -1",
        "9223372036854775807, 9223372036854775807, -1"
    })
    void shouldRoundUpOrSayThatItOverflows(long quantity, long price, long expected) {
        assertEquals(expected, Micros.ceilMicros(quantity, price));
    }

    @Test
    void shouldAgreeWithBigIntegers() {
        long seed = 20261121;
        Random random = new Random(seed);
        for (int i = 0; i < 200_000; i++) {
            long quantity = random.nextLong() >>> 1 + random.nextInt(63);
            long price = random.nextLong() >>> 1 + random.nextInt(63);

            long actual = Micros.ceilMicros(quantity, price);

            assertEquals(
                    plain(quantity, price),
                    actual,
                    () -> "seed=" + seed + ", quantity=" + quantity + ", price=" + price);
        }
    }

    @Test
    void shouldRefuseWhatIsNegative() {
        assertThrows(IllegalArgumentException.class, () -> Micros.ceilMicros(-1, 1));
        assertThrows(IllegalArgumentException.class, () -> Micros.ceilMicros(1, -1));
    }

    private static long plain(long quantity, long price) {
        BigInteger product = BigInteger.valueOf(quantity).multiply(BigInteger.valueOf(price));
        BigInteger rounded = product.add(SCALE).subtract(BigInteger.ONE).divide(SCALE);
        return rounded.bitLength() > 63 ? Micros.OVERFLOW : rounded.longValueExact();
    }
}
