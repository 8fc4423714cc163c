package io.ringfence.gateway.config;

import java.math.BigDecimal;

/** Reads decimal amounts as whole micros, exactly or not at all. */
public final class DecimalMicros {
    private static final int MICRO_DIGITS = 6;
    private static final int TEXT_LENGTH_MAX = 64;

    private DecimalMicros() {}

    /**
     * Micros of a plain decimal number such as {@code 235.38}.
     *
     * @param text an optional minus sign, digits, at most one point; no exponent, no other sign.
     * @return the exact micros.
     * @throws NumberFormatException whose message says what was expected: no such number, more than six digits behind
     *                               the point, or beyond i64.
     */
    public static long parse(String text) {
        if (!isPlain(text)) {
            throw new NumberFormatException("must be a decimal number such as 12.50");
        }
        BigDecimal micros = new BigDecimal(text).movePointRight(MICRO_DIGITS).stripTrailingZeros();
        if (micros.scale() > 0) {
            throw new NumberFormatException("must have at most 6 digits behind the point");
        }
        return toLong(micros);
    }

    /** The shortest decimal text of an amount: {@code 1500000} micros are {@code 1.5}. */
    public static String text(long micros) {
        return BigDecimal.valueOf(micros, MICRO_DIGITS).stripTrailingZeros().toPlainString();
    }

    /** Is it a plain decimal number: an optional minus sign, ASCII digits and at most one point, 64 characters at most? */
    public static boolean isPlain(String text) {
        int begin = text.startsWith("-") ? 1 : 0;
        int points = 0;
        for (int index = begin; index < text.length(); index++) {
            char character = text.charAt(index);
            if (character == '.') {
                points++;
            } else if (character < '0' || character > '9') {
                return false;
            }
        }
        int digits = text.length() - begin - points;
        return points <= 1 && digits > 0 && text.length() <= TEXT_LENGTH_MAX;
    }

    private static long toLong(BigDecimal micros) {
        try {
            return micros.longValueExact();
        } catch (ArithmeticException beyond) {
            NumberFormatException refused = new NumberFormatException("must fit into 64 bits of micros");
            refused.initCause(beyond);
            throw refused;
        }
    }
}
