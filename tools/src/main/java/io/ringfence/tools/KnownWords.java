package io.ringfence.tools;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The words that stand for an enum's constants on a command line, upper and lower case alike. What SBE adds to an enum for its
 * own use is none of them.
 *
 * @param <E> the enum.
 */
final class KnownWords<E extends Enum<E>> implements ITypeConverter<E> {
    private static final Set<String> OF_SBE = Set.of("NULL_VAL", "SBE_UNKNOWN");

    private final Class<E> type;

    KnownWords(Class<E> type) {
        this.type = type;
    }

    /** The words of a type that is an enum, in its order. */
    static List<String> of(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> ((Enum<?>) constant).name())
                .filter(name -> !OF_SBE.contains(name))
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList();
    }

    @Override
    public E convert(String word) {
        if (!of(type).contains(word.toLowerCase(Locale.ROOT))) {
            throw new TypeConversionException("no known word: " + word);
        }
        return Enum.valueOf(type, word.toUpperCase(Locale.ROOT));
    }
}
