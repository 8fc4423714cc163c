package io.ringfence.tools.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuccessRateTest {
    /** The ends of the interval are where a rate p deviates from what was seen by just 1.96 of its own standard deviations. */
    @ParameterizedTest
    @CsvSource({"1, 10", "5, 10", "9, 10", "100, 101", "37, 1000"})
    void shouldEndWhereTheScoreIsAtItsBound(long successes, long trials) {
        SuccessRate rate = new SuccessRate(successes, trials);

        for (double p : new double[] {rate.low(), rate.high()}) {
            double deviations = Math.abs(rate.rate() - p) / Math.sqrt(p * (1 - p) / trials);
            assertEquals(1.96, deviations, 1e-9);
        }
    }

    @Test
    void shouldStayWithinZeroAndOne() {
        assertEquals(0, new SuccessRate(0, 3).low());
        assertTrue(new SuccessRate(0, 3).high() < 1);
        assertEquals(1, new SuccessRate(3, 3).high());
        assertEquals(0, new SuccessRate(0, 0).low());
        assertEquals(1, new SuccessRate(0, 0).high());
    }

    @Test
    void shouldRefuseMoreSuccessesThanTrials() {
        assertThrows(IllegalArgumentException.class, () -> new SuccessRate(2, 1));
    }
}
