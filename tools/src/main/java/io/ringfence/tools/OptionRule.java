package io.ringfence.tools;

import io.ringfence.gateway.config.Setting;
import io.ringfence.journal.fault.RegularFile;
import io.ringfence.tools.ExitCode.BadInputException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Field;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/** Checks the values of options and words their refusal, in the same way for every command. */
public final class OptionRule {
    /** The range of an option's number; both ends belong to it. Checked before the command runs. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.FIELD)
    public @interface Within {
        /** Least value. */
        double least();

        /** Greatest value; by default there is none. */
        double most() default Double.POSITIVE_INFINITY;
    }

    /** The path must be that of a file that is there. Checked before the command runs. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.FIELD)
    public @interface OfFile {}

    /** The option stands for a key of {@code ringfence.yaml}: {@link Setting} states what it may be. Checked before the command runs. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.FIELD)
    public @interface Mirrors {
        /** The key, with the levels above it. */
        String value();
    }

    /**
     * Reads a word as a constant of an enum; upper and lower case are the same. The constants that SBE adds for its own use are
     * refused.
     *
     * @param <E> the enum.
     */
    static final class KnownWords<E extends Enum<E>> implements ITypeConverter<E> {
        private final Class<E> type;

        KnownWords(Class<E> type) {
            this.type = type;
        }

        @Override
        public E convert(String word) {
            if (!words(type).contains(word.toLowerCase(Locale.ROOT))) {
                throw new TypeConversionException("no known word: " + word);
            }
            return Enum.valueOf(type, word.toUpperCase(Locale.ROOT));
        }
    }

    /** Reads a number in ASCII digits alone: those of other scripts would be read in one place and refused in the next. */
    static void registerNumbers(CommandLine line) {
        ITypeConverter<Integer> ints = word -> Integer.valueOf(inDigits(WHOLE, word));
        ITypeConverter<Long> longs = word -> Long.valueOf(inDigits(WHOLE, word));
        ITypeConverter<Double> doubles = word -> Double.valueOf(inDigits(DECIMAL, word));
        line.registerConverter(int.class, ints).registerConverter(Integer.class, ints);
        line.registerConverter(long.class, longs).registerConverter(Long.class, longs);
        line.registerConverter(double.class, doubles).registerConverter(Double.class, doubles);
    }

    private static String inDigits(Pattern pattern, String word) {
        if (!pattern.matcher(word).matches()) {
            throw new TypeConversionException("no number: " + word);
        }
        return word;
    }

    private static final Pattern WHOLE = Pattern.compile("-?[0-9]+");
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");
    private static final Set<String> OF_SBE = Set.of("NULL_VAL", "SBE_UNKNOWN");

    private OptionRule() {}

    /**
     * Refuses two options that exclude each other.
     *
     * @throws BadInputException if both are given; the value of an option that is not given is null.
     */
    public static void notBoth(String one, Object oneValue, String other, Object otherValue) {
        if (oneValue != null && otherValue != null) {
            throw new BadInputException(one + " and " + other + ": must not both be given");
        }
    }

    /** Reads a path, for every option and argument that is one. An empty one would be the current directory, and be printed as nothing. */
    static Path path(String given) {
        if (given.isEmpty()) {
            throw new TypeConversionException("it is empty");
        }
        try {
            return Path.of(given);
        } catch (InvalidPathException noPath) {
            throw new TypeConversionException("it is no path");
        }
    }

    /** The value of an option that stands for a setting; upper and lower case are the same. Empty if it breaks the rule. */
    public static <T> Optional<T> value(Setting<T> setting, String given) {
        return setting.read(given.toLowerCase(Locale.ROOT));
    }

    /**
     * Refuses a path that is no regular file, so that none waits for the other end of a FIFO.
     *
     * @param source option, argument or key that names it; begins the error line.
     * @throws BadInputException if it is none.
     */
    public static void requireFile(String source, Path file) {
        String otherwise = RegularFile.otherwise(file);
        if (otherwise != null) {
            throw new BadInputException(source + ": must be a file: " + otherwise + ": " + file);
        }
    }

    /**
     * Refuses the first value given that lies outside of its option's {@link Within}, or of the setting that it {@link Mirrors}, or that
     * is no file where one {@linkplain OfFile must be}.
     */
    static void requireWithin(ParseResult parsed) {
        if (parsed.isUsageHelpRequested()) {
            return; // Help is shown whatever else is given.
        }
        for (ArgSpec arg : parsed.matchedArgs()) {
            Within range = range(arg);
            String given = arg.originalStringValues().isEmpty()
                    ? ""
                    : arg.originalStringValues().get(0);
            boolean isOutside = range != null && arg.getValue() instanceof Number number && !isWithin(number, range);
            if (isOutside
                    || mirrored(arg)
                            .filter(setting -> value(setting, given).isEmpty())
                            .isPresent()) {
                throw new ParameterException(parsed.commandSpec().commandLine(), given, arg, given);
            }
            if (arg.userObject() instanceof Field field && field.isAnnotationPresent(OfFile.class)) {
                arg.originalStringValues().forEach(path -> requireFile(parsed, Faults.name(arg), Path.of(path)));
            }
        }
        if (parsed.hasSubcommand()) {
            requireWithin(parsed.subcommand());
        }
    }

    private static void requireFile(ParseResult parsed, String source, Path file) {
        try {
            requireFile(source, file);
        } catch (BadInputException none) {
            throw new ParameterException(parsed.commandSpec().commandLine(), none.getMessage());
        }
    }

    private static boolean isWithin(Number number, Within range) {
        return number.doubleValue() >= range.least() && number.doubleValue() <= range.most();
    }

    /** What the value of an option or an argument must be: {@code must be a whole number from 1 to 9}. */
    static String of(ArgSpec arg) {
        Optional<Setting<?>> mirrored = mirrored(arg);
        if (mirrored.isPresent()) {
            return mirrored.get().rule();
        }
        if (isPath(arg)) {
            return "must name a " + (arg.paramLabel().startsWith("D") ? "directory" : "file");
        }
        Class<?> type = arg.type();
        if (type.isEnum()) {
            return "must be " + anyOf(words(type));
        }
        boolean isReal = type == double.class || type == Double.class;
        return (isReal ? "must be a number" : "must be a whole number") + text(range(arg));
    }

    static boolean isPath(ArgSpec arg) {
        return arg.auxiliaryTypes()[0] == Path.class;
    }

    private static Optional<Setting<?>> mirrored(ArgSpec arg) {
        Mirrors mirrors = arg.userObject() instanceof Field field ? field.getAnnotation(Mirrors.class) : null;
        return Optional.ofNullable(mirrors).map(Mirrors::value).map(Setting::named);
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

    /** The words of an enum, in its order. */
    private static List<String> words(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> ((Enum<?>) constant).name())
                .filter(name -> !OF_SBE.contains(name))
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList();
    }
}
