package io.ringfence.gateway.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Names of one kind with their numbers, as one part of a policy file gives them. */
final class NumberedNames {
    static final int NUMBER_MAX = 63;

    private final NameKind kind;
    private final Map<String, Integer> numbers = new LinkedHashMap<>();

    /** Reads {@code name: number} pairs, each number 0 to 63 and once, and adds them to the names of the policy. */
    static NumberedNames read(NameKind kind, YamlMapping keys, Names.Builder names) {
        NumberedNames numbered = new NumberedNames(kind);
        keys.entries().forEach((name, value) -> {
            int number = value.wholeInt(0, NUMBER_MAX);
            if (!names.add(kind, number, checked(name, value))) {
                throw value.fault("must be the number of one " + kind.word() + " only", value.shown());
            }
            numbered.numbers.put(name, number);
        });
        return numbered;
    }

    private NumberedNames(NameKind kind) {
        this.kind = kind;
    }

    /** Number of the name that a value holds. */
    int number(YamlValue value) {
        String name = value.text();
        Integer number = numbers.get(name);
        if (number == null) {
            throw value.fault(
                    "must be a known " + kind.word() + ", " + Nearest.hint(name, numbers.keySet()), value.shown());
        }
        return number;
    }

    /** One bit for each name in a list. */
    long bits(List<YamlValue> values) {
        long bits = 0;
        for (YamlValue value : values) {
            bits |= 1L << number(value);
        }
        return bits;
    }

    static String checked(String name, YamlValue value) {
        boolean isClean = name.equals(name.strip()) && name.chars().noneMatch(Character::isISOControl);
        int length = name.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
        if (!isClean || length < 1 || length > Names.LENGTH_MAX) {
            throw value.faultAtKey("must be a name of 1 to " + Names.LENGTH_MAX + " bytes: \"" + name + '"');
        }
        return name;
    }
}
