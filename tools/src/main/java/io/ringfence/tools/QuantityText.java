package io.ringfence.tools;

import io.ringfence.gateway.config.DecimalMicros;
import io.ringfence.tools.ExitCode.BadInputException;
import java.math.BigDecimal;

/** Quantities as people read and write them, in whole units of 1e-8, exactly. Any thread. */
public final class QuantityText {
    private static final int DIGITS = 8;

    private QuantityText() {}

    /**
     * Units of a plain decimal number such as {@code 0.5}.
     *
     * @param option begins the error line.
     * @param text   digits, at most one point, 8 digits behind it; an optional minus sign.
     * @return above 0; 1e-8 is 1.
     * @throws BadInputException when the text is no such number, or not above 0, or beyond i64.
     */
    static long above0(String option, String text) {
        long units = units(text);
        if (units <= 0) {
            throw new BadInputException(option + ": must be a number above 0 and up to 92233720368 with at most "
                    + DIGITS + " digits behind the point: \"" + text + '"');
        }
        return units;
    }

    /** The same for what may also be 0 or below: above {@code -2^63}. */
    static long ofEitherSign(String option, String text) {
        long units = units(text);
        if (units == Long.MIN_VALUE) {
            throw new BadInputException(option + ": must be a number from -92233720368 to 92233720368 with at most "
                    + DIGITS + " digits behind the point: \"" + text + '"');
        }
        return units;
    }

    /** A quantity as a plain decimal number, without zeros at its end; 1 is {@code 0.00000001}. */
    public static String of(long units) {
        return BigDecimal.valueOf(units, DIGITS).stripTrailingZeros().toPlainString();
    }

    /** {@code Long.MIN_VALUE} for what is none. */
    private static long units(String text) {
        if (!DecimalMicros.isPlain(text)) {
            return Long.MIN_VALUE;
        }
        try {
            return new BigDecimal(text).movePointRight(DIGITS).longValueExact();
        } catch (ArithmeticException beyond) {
            return Long.MIN_VALUE;
        }
    }
}
