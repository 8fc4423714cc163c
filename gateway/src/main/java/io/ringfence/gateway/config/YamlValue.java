package io.ringfence.gateway.config;

import io.ringfence.engine.policy.Bps;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** One value of a file. Reads it as an expected type, or throws a {@link ConfigFault} with file, line, field and rule. */
public final class YamlValue {
    private static final String NAME_RULE = "must be a name of 1 to " + Names.LENGTH_MAX + " bytes";
    private static final BigInteger U64_MAX = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    private static final int QUANTITY_DIGITS = 8;

    private final String file;
    private final String field;
    private final Node node;
    private final int keyLine;

    YamlValue(String file, String field, Node node) {
        this(file, field, node, line(node));
    }

    private YamlValue(String file, String field, Node node, int keyLine) {
        this.file = file;
        this.field = field;
        this.node = node;
        this.keyLine = keyLine;
    }

    int line() {
        return line(node);
    }

    String field() {
        return field;
    }

    /** Is the value of the key empty? */
    boolean isNull() {
        return node instanceof ScalarNode && node.getTag().equals(Tag.NULL);
    }

    /** The value as a level of keys. */
    public YamlMapping mapping() {
        if (node instanceof MappingNode mapping) {
            return new YamlMapping(this, mapping);
        }
        throw fault("must be a mapping of keys to values", shown());
    }

    /** The value as a list. */
    public List<YamlValue> list() {
        if (!(node instanceof SequenceNode sequence)) {
            throw fault("must be a list", shown());
        }
        List<YamlValue> values = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            values.add(new YamlValue(file, field + '[' + values.size() + ']', item));
        }
        return Collections.unmodifiableList(values);
    }

    /** The value as it is written. */
    public String text() {
        if (node instanceof ScalarNode scalar && !isNull()) {
            return scalar.getValue();
        }
        throw fault("must be a single value", shown());
    }

    /** Text of 1 to 255 bytes in UTF-8, without control characters, and without blanks at its ends. */
    public String name() {
        String text = text();
        if (!isName(text)) {
            throw fault(NAME_RULE, shown());
        }
        return text;
    }

    /** The key of this value as a name, under the same rule as {@link #name()}. */
    String keyAsName(String key) {
        if (!isName(key)) {
            throw faultAtKey(NAME_RULE + ": \"" + key + '"');
        }
        return key;
    }

    private static boolean isName(String text) {
        boolean isClean = text.equals(text.strip()) && text.chars().noneMatch(Character::isISOControl);
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        return isClean && length >= 1 && length <= Names.LENGTH_MAX;
    }

    /** The enum constant that the text names in lower case. */
    public <E extends Enum<E>> E word(Class<E> words) {
        String text = text();
        List<String> known = new ArrayList<>();
        for (E word : words.getEnumConstants()) {
            String name = word.name().toLowerCase(java.util.Locale.ROOT);
            if (name.equals(text)) {
                return word;
            }
            known.add(name);
        }
        throw fault("must be one of " + String.join(", ", known), shown());
    }

    /** The value as {@code true} or {@code false}. */
    public boolean isTrue() {
        return switch (text()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw fault("must be true or false", shown());
        };
    }

    /** A whole number; both ends belong to the range. */
    public long wholeNumber(long least, long most) {
        return wholeNumber(BigInteger.valueOf(least), BigInteger.valueOf(most)).longValueExact();
    }

    /** The same, in 32 bits. */
    public int wholeInt(int least, int most) {
        return (int) wholeNumber(least, most);
    }

    /** A proportion, 0 to 10,000. */
    public int bps() {
        return wholeInt(0, Bps.ONE);
    }

    /** A number of 64 bits without sign, as its bits. */
    long unsigned() {
        return wholeNumber(BigInteger.ZERO, U64_MAX).longValue();
    }

    /** An amount in decimal currency units, as micros. */
    long micros(long leastMicros, long mostMicros) {
        long micros;
        try {
            micros = DecimalMicros.parse(text());
        } catch (NumberFormatException refused) {
            throw fault(refused.getMessage(), shown());
        }
        if (micros < leastMicros || micros > mostMicros) {
            throw fault(
                    "must be from " + DecimalMicros.text(leastMicros) + " to " + DecimalMicros.text(mostMicros),
                    shown());
        }
        return micros;
    }

    /** A whole number with a unit of time, in ns. */
    long time(long leastNs, long mostNs) {
        ValueRange<Long> range = ValueRange.time(leastNs, mostNs);
        return range.read(text()).orElseThrow(() -> fault(range.rule(), shown()));
    }

    /**
     * A decimal number from 0 on, moved by some digits, as the bits of a u64.
     *
     * @param digits     that the point moves to the right.
     * @param digitsMost behind the point.
     */
    long scaledUnsigned(int digits, int digitsMost) {
        BigDecimal value = decimal();
        if (value.signum() < 0) {
            throw fault("must not be negative", shown());
        }
        if (value.stripTrailingZeros().scale() > digitsMost) {
            throw fault("must have at most " + digitsMost + " digits behind the point", shown());
        }
        BigInteger scaled = value.movePointRight(digits).toBigIntegerExact();
        if (scaled.compareTo(U64_MAX) > 0) {
            throw fault(
                    "must be at most "
                            + new BigDecimal(U64_MAX).movePointLeft(digits).toPlainString(),
                    shown());
        }
        return scaled.longValue();
    }

    /**
     * As {@link #scaledUnsigned}, but a number below 0 is a rebate, which counts as 0.
     *
     * @param rebateMax most that one may be.
     */
    long scaledOrRebate(int digits, int digitsMost, int rebateMax) {
        BigDecimal value = decimal();
        if (value.signum() >= 0) {
            return scaledUnsigned(digits, digitsMost);
        }
        if (value.compareTo(BigDecimal.valueOf(-rebateMax)) < 0) {
            throw fault("must not be below -" + rebateMax, shown());
        }
        if (value.stripTrailingZeros().scale() > digitsMost) {
            throw fault("must have at most " + digitsMost + " digits behind the point", shown());
        }
        return 0;
    }

    /** A quantity in whole units, from 0 on, with at most 8 digits behind the point, in 1e-8 units. */
    long quantity() {
        long quantity = scaledUnsigned(QUANTITY_DIGITS, QUANTITY_DIGITS);
        if (quantity < 0) {
            throw fault("must be at most 92233720368.54775807", shown());
        }
        return quantity;
    }

    /** The value as a setting has it. */
    <T> T as(Setting<T> setting) {
        Optional<T> value =
                node instanceof ScalarNode scalar && !isNull() ? setting.read(scalar.getValue()) : Optional.empty();
        return value.orElseThrow(() -> fault(setting.rule(), shown()));
    }

    YamlValue below(String key, Node child) {
        return new YamlValue(file, fieldBelow(key), child, line(child));
    }

    YamlMapping empty(String key) {
        YamlValue nothing = new YamlValue(
                file,
                fieldBelow(key),
                new MappingNode(Tag.MAP, true, List.of(), FlowStyle.BLOCK, node.getStartMark(), node.getEndMark()),
                keyLine);
        return nothing.mapping();
    }

    String fieldBelow(String key) {
        return field.equals("file") ? key : field + '.' + key;
    }

    /** A fault of this value that shows what was found. */
    public ConfigFault fault(String rule, String found) {
        return new ConfigFault(file, line(), field, rule + ": " + found);
    }

    /** A fault of this value. */
    public ConfigFault fault(String rule) {
        return new ConfigFault(file, line(), field, rule);
    }

    ConfigFault faultAtKey(String rule) {
        return new ConfigFault(file, keyLine, field, rule);
    }

    ConfigFault faultAt(String otherField, String rule) {
        return new ConfigFault(file, line(), otherField, rule);
    }

    /** The value in words, for a fault. */
    public String shown() {
        if (node instanceof ScalarNode scalar) {
            return isNull() ? "nothing" : '"' + scalar.getValue() + '"';
        }
        return node instanceof SequenceNode ? "a list" : "a mapping";
    }

    private BigInteger wholeNumber(BigInteger least, BigInteger most) {
        String text = text().replace("_", "");
        if (ValueRange.WHOLE.matcher(text).matches()) {
            BigInteger value = new BigInteger(text);
            if (value.compareTo(least) >= 0 && value.compareTo(most) <= 0) {
                return value;
            }
        }
        throw fault("must be a whole number from " + least + " to " + most, shown());
    }

    /** Is it a list? */
    public boolean isList() {
        return node instanceof SequenceNode;
    }

    /** A decimal number. */
    public BigDecimal decimal() {
        String text = text();
        if (!ValueRange.DECIMAL.matcher(text).matches()) {
            throw fault("must be a decimal number such as 12.50", shown());
        }
        return new BigDecimal(text);
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(ConfigFault.NO_LINE);
    }
}
