package io.ringfence.tools;

import java.lang.reflect.Field;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** What the values of options must be, and how that is said; the same for every command. */
public final class OptionRule {
    private OptionRule() {}

    /**
     * Refuses two options that cannot be meant together.
     *
     * @throws BadInputException if both are given; one that is not is null.
     */
    public static void notBoth(String one, Object oneValue, String other, Object otherValue) {
        if (oneValue != null && otherValue != null) {
            throw new BadInputException(one + " and " + other + ": must not both be given");
        }
    }

    /** Refuses the first number given that lies outside of its option's {@link Within}. */
    static void requireWithin(ParseResult parsed) {
        if (parsed.isUsageHelpRequested()) {
            return; // Who asks for help gets it.
        }
        for (OptionSpec option : parsed.matchedOptions()) {
            Within range = range(option);
            if (range != null && option.getValue() instanceof Number number && !isWithin(number, range)) {
                String given = option.originalStringValues().get(0);
                throw new ParameterException(parsed.commandSpec().commandLine(), given, option, given);
            }
        }
        if (parsed.hasSubcommand()) {
            requireWithin(parsed.subcommand());
        }
    }

    private static boolean isWithin(Number number, Within range) {
        return number.doubleValue() >= range.least() && number.doubleValue() <= range.most();
    }

    /** What the value of an option or an argument must be: {@code must be a whole number from 1 to 9}. */
    static String of(ArgSpec arg) {
        Class<?> type = arg.type();
        if (type.isEnum()) {
            return "must be " + anyOf(KnownWords.of(type));
        }
        boolean isReal = type == double.class || type == Double.class;
        return (isReal ? "must be a number" : "must be a whole number") + text(range(arg));
    }

    private static Within range(ArgSpec arg) {
        return arg.userObject() instanceof Field field ? field.getAnnotation(Within.class) : null;
    }

    private static String text(Within range) {
        if (range == null) {
            return "";
        }
        return Double.isInfinite(range.most())
                ? " of " + text(range.least()) + " or more"
                : " from " + text(range.least()) + " to " + text(range.most());
    }

    private static String text(double end) {
        return end == Math.rint(end) ? Long.toString((long) end) : String.format(Locale.ROOT, "%s", end);
    }

    private static String anyOf(List<String> words) {
        int last = words.size() - 1;
        return last == 0 ? words.get(0) : String.join(", ", words.subList(0, last)) + " or " + words.get(last);
    }
}
