package io.ringfence.gateway.config;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds prices of a policy file that break no rule and can hardly be meant, by comparing the prices of one kind with each other. One thread,
 * while a file is read.
 */
final class PriceCheck {
    private static final BigDecimal FAR = BigDecimal.valueOf(1_000);
    private static final BigDecimal OF_ONE_UNIT = new BigDecimal("0.001");

    /** What a candidate charges for, by its keys. */
    private enum Kind {
        INPUT("price", "input_per_million"),
        OUTPUT("price", "output_per_million"),
        BPS("fee", "bps_of_notional"),
        PER_ORDER("fee", "per_order");

        private final String level;
        private final String key;

        Kind(String level, String key) {
            this.level = level;
            this.key = key;
        }
    }

    private record Price(YamlValue value, BigDecimal amount, boolean isCandidateFree) {
        boolean isZero() {
            return amount.signum() == 0;
        }

        String warning(String text) {
            return value.fault("warning: " + text, amount.toPlainString()).getMessage();
        }
    }

    private final Map<Kind, List<Price>> prices = new EnumMap<>(Kind.class);

    /** Takes the prices of one candidate, which was read without a fault. */
    void add(YamlMapping candidate) {
        boolean isFree = true;
        Map<Kind, YamlValue> given = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            Optional<YamlValue> value =
                    candidate.find(kind.level).flatMap(level -> level.mapping().find(kind.key));
            if (value.isPresent()) {
                given.put(kind, value.get());
                isFree &= amount(value.get()).signum() == 0;
            }
        }
        for (Map.Entry<Kind, YamlValue> entry : given.entrySet()) {
            prices.computeIfAbsent(entry.getKey(), kind -> new ArrayList<>())
                    .add(new Price(entry.getValue(), amount(entry.getValue()), isFree));
        }
    }

    private static BigDecimal amount(YamlValue value) {
        return new BigDecimal(value.text());
    }

    /** One line for each price that can hardly be meant; each names file, line, field and price. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        prices.forEach((kind, all) -> warn(kind, all, warnings));
        return warnings;
    }

    private static void warn(Kind kind, List<Price> all, List<String> warnings) {
        List<BigDecimal> above = all.stream()
                .map(Price::amount)
                .filter(amount -> amount.signum() > 0)
                .sorted()
                .toList();
        if (above.isEmpty()) {
            return; // All are free: nothing speaks against that.
        }
        BigDecimal median = above.get((above.size() - 1) / 2);
        boolean isFee = kind.level.equals("fee");
        for (Price price : all) {
            if (price.isZero() && (!isFee || price.isCandidateFree)) {
                warnings.add(price.warning("is 0, where others are above 0: is it free?"));
            } else if (price.amount.compareTo(median.multiply(FAR)) >= 0) {
                warnings.add(price.warning(
                        "is 1000 times the median of its kind, " + median.toPlainString() + ", or more: is it meant?"));
            } else if (!isFee && price.amount.signum() > 0 && price.amount.compareTo(OF_ONE_UNIT) < 0) {
                warnings.add(price.warning("is below " + OF_ONE_UNIT.toPlainString()
                        + " for a million units: is it the price of one unit?"));
            }
        }
    }
}
