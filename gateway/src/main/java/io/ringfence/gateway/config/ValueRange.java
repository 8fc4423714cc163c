package io.ringfence.gateway.config;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The values that a setting may have, and how people write them.
 *
 * @param <T>    the value as the server uses it.
 * @param rule   what a value must be, range included, for the line that refuses another: {@code must be a time from 1ms to 1h}.
 * @param shown  the range for tables: {@code 1ms to 1h}, or the words.
 * @param ends   least and greatest value as people write them, or all words; empty when any text of the kind will do.
 * @param reader gives empty for a text that breaks the rule.
 */
record ValueRange<T>(String rule, String shown, List<String> ends, Function<String, Optional<T>> reader) {
    /** A whole number as people write it. */
    static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,20}");

    /** A decimal number as people write it. */
    static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,20}(\\.[0-9]{1,20})?");

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,63}");
    private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,18}) ?([A-Za-z]*)");
    private static final int MICRO_DIGITS = 6;
    private static final int HUNDREDTH_DIGITS = 2;
    private static final Map<String, Long> TIMES_NS = Map.of(
            "ns", 1L,
            "us", 1_000L,
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L,
            "d", 86_400_000_000_000L);
    private static final Map<String, Long> SIZES = Map.of("B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);

    /** A path; a relative one starts where the setting says. */
    static ValueRange<Path> path() {
        return new ValueRange<>("must be a path", "a path", List.of(), text -> {
            try {
                return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
            } catch (InvalidPathException noPath) {
                return Optional.empty();
            }
        });
    }

    /** A name that the machine knows: of {@code kind}, such as "a group". */
    static ValueRange<String> name(String kind) {
        return new ValueRange<>(
                "must be the name of " + kind,
                kind,
                List.of(),
                text -> NAME.matcher(text).matches() ? Optional.of(text) : Optional.empty());
    }

    /** One of the constants, in lower case. */
    static <E extends Enum<E>> ValueRange<E> words(List<E> constants) {
        List<String> words = constants.stream()
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .toList();
        return words(words, word -> Optional.of(constants.get(words.indexOf(word))));
    }

    /** One of the constants, in lower case, or the word for none of them. */
    static <E extends Enum<E>> ValueRange<Optional<E>> wordsOr(String none, List<E> constants) {
        ValueRange<E> range = words(constants);
        List<String> words =
                Stream.concat(Stream.of(none), range.ends().stream()).toList();
        return words(words, word -> Optional.of(word.equals(none) ? Optional.empty() : range.read(word)));
    }

    private static <T> ValueRange<T> words(List<String> words, Function<String, Optional<T>> known) {
        int last = words.size() - 1;
        String anyOf = String.join(", ", words.subList(0, last)) + " or " + words.get(last);
        return new ValueRange<>(
                "must be " + anyOf, anyOf, words, text -> words.contains(text) ? known.apply(text) : Optional.empty());
    }

    /** A whole number; underscores may part its digits. */
    static ValueRange<Integer> whole(int least, int most) {
        return numbers("a whole number", BigInteger.valueOf(least), BigInteger.valueOf(most))
                .map(BigInteger::intValueExact);
    }

    /** A whole number of 64 bits without sign, as its bits. */
    static ValueRange<Long> unsigned(BigInteger most) {
        return numbers("a whole number", BigInteger.ZERO, most).map(BigInteger::longValue);
    }

    static ValueRange<Integer> powerOfTwo(int least, int most) {
        return numbers("a power of two", BigInteger.valueOf(least), BigInteger.valueOf(most))
                .filter(number -> number.bitCount() == 1)
                .map(BigInteger::intValueExact);
    }

    private static ValueRange<BigInteger> numbers(String kind, BigInteger least, BigInteger most) {
        return between(kind, least, most, BigInteger::toString, text -> {
            String digits = text.replace("_", "");
            return WHOLE.matcher(digits).matches() ? Optional.of(new BigInteger(digits)) : Optional.empty();
        });
    }

    /** A whole number with a unit of time; in ns. */
    static ValueRange<Long> time(long leastNs, long mostNs) {
        return amount("a time", TIMES_NS, leastNs, mostNs);
    }

    /** A whole number with a unit of bytes; in bytes. */
    static ValueRange<Long> size(long least, long most) {
        return amount("a size", SIZES, least, most);
    }

    private static ValueRange<Long> amount(String kind, Map<String, Long> units, long least, long most) {
        return between(kind, BigInteger.valueOf(least), BigInteger.valueOf(most), value -> text(units, value), text -> {
                    Matcher matcher = AMOUNT.matcher(text);
                    return matcher.matches() && units.containsKey(matcher.group(2))
                            ? Optional.of(new BigInteger(matcher.group(1))
                                    .multiply(BigInteger.valueOf(units.get(matcher.group(2)))))
                            : Optional.empty();
                })
                .map(BigInteger::longValueExact);
    }

    /** An amount in decimal currency units; in micros. */
    static ValueRange<Long> micros(long least, long most) {
        return decimal("an amount", MICRO_DIGITS, least, most).map(BigInteger::longValueExact);
    }

    /** A decimal number; in hundredths. */
    static ValueRange<Integer> hundredths(int least, int most) {
        return decimal("a number", HUNDREDTH_DIGITS, least, most).map(BigInteger::intValueExact);
    }

    private static ValueRange<BigInteger> decimal(String kind, int digits, long least, long most) {
        ValueRange<BigInteger> range = between(
                kind,
                BigInteger.valueOf(least),
                BigInteger.valueOf(most),
                value -> new BigDecimal(value, digits).stripTrailingZeros().toPlainString(),
                text -> {
                    if (!DECIMAL.matcher(text).matches()) {
                        return Optional.empty();
                    }
                    BigDecimal scaled =
                            new BigDecimal(text).movePointRight(digits).stripTrailingZeros();
                    return scaled.scale() > 0 ? Optional.empty() : Optional.of(scaled.toBigIntegerExact());
                });
        return new ValueRange<>(
                range.rule + " with at most " + digits + " digits behind the point",
                range.shown,
                range.ends,
                range.reader);
    }

    private static ValueRange<BigInteger> between(
            String kind,
            BigInteger least,
            BigInteger most,
            Function<BigInteger, String> writer,
            Function<String, Optional<BigInteger>> reader) {
        List<String> ends = List.of(writer.apply(least), writer.apply(most));
        return new ValueRange<BigInteger>(
                        "must be " + kind + " from " + ends.get(0) + " to " + ends.get(1),
                        ends.get(0) + " to " + ends.get(1),
                        ends,
                        reader)
                .filter(value -> value.compareTo(least) >= 0 && value.compareTo(most) <= 0);
    }

    /** A time in the largest unit that divides it: 30d, 100ms. */
    static String timeText(long ns) {
        return text(TIMES_NS, BigInteger.valueOf(ns));
    }

    /** A size in the largest unit that divides it: 64MiB. */
    static String sizeText(long bytes) {
        return text(SIZES, BigInteger.valueOf(bytes));
    }

    private static String text(Map<String, Long> units, BigInteger value) {
        long amount = value.longValueExact();
        if (amount == 0) {
            return 0 + (units == SIZES ? "B" : "ns");
        }
        return units.entrySet().stream()
                .filter(unit -> amount % unit.getValue() == 0)
                .max(Map.Entry.comparingByValue())
                .map(unit -> amount / unit.getValue() + unit.getKey())
                .orElseThrow();
    }

    /** Reads a text; empty if it breaks the rule. */
    Optional<T> read(String text) {
        return reader.apply(text);
    }

    private <U> ValueRange<U> map(Function<T, U> mapping) {
        return new ValueRange<>(rule, shown, ends, text -> read(text).map(mapping));
    }

    private ValueRange<T> filter(Predicate<T> condition) {
        return new ValueRange<>(rule, shown, ends, text -> read(text).filter(condition));
    }
}
