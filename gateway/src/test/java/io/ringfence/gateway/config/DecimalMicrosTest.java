package io.ringfence.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecimalMicrosTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1000000",
        "0.01, 10000",
        "-2.5, -2500000",
        "99999.99, 99999990000",
        "1.0000000, 1000000",
        "9223372036854.775807, 9223372036854775807",
        ".5, 500000"
    })
    void shouldReadExactMicros(String text, long micros) {
        assertEquals(micros, DecimalMicros.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "0.0000001, must have at most 6 digits behind the point",
        "9223372036854.775808, must fit into 64 bits of micros",
        "1e3, must be a decimal number such as 12.50",
        "+1, must be a decimal number such as 12.50",
        "1.2.3, must be a decimal number such as 12.50",
        "'', must be a decimal number such as 12.50",
        "., must be a decimal number such as 12.50",
        "-, must be a decimal number such as 12.50",
        "NaN, must be a decimal number such as 12.50"
    })
    void shouldSayWhatWasExpected(String text, String rule) {
        NumberFormatException refused = assertThrows(NumberFormatException.class, () -> DecimalMicros.parse(text));
        assertEquals(rule, refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1500000, 1.5", "-10000, -0.01", "100000000, 100"})
    void shouldPrintTheShortestText(long micros, String text) {
        assertEquals(text, DecimalMicros.text(micros));
    }
}
