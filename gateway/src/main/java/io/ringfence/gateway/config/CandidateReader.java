package io.ringfence.gateway.config;

import io.ringfence.engine.policy.Candidate;
import io.ringfence.gateway.config.Names.NameKind;
import java.util.List;
import java.util.Map;

/**
 * Reads one candidate of a policy file.
 *
 * <p>Prices become micros per million units. For an order a unit in is one currency unit of notional and there is one unit out,
 * so 1 bps of notional is 100,000,000, and a fee of F currency units for each order is F x 10^12. A rebate, below 0, becomes 0: an order
 * may as well take, and the kernel knows no cost below 0. It comes with the fill that earns it.
 */
final class CandidateReader {
    private static final long ID_MAX = 0xFFFF_FFFFL;
    private static final long U32_MAX = 0xFFFF_FFFFL;
    private static final long ALL_REGIONS = -1L;
    private static final int MICRO_DIGITS = 6;
    private static final int BPS_TO_PRICE_DIGITS = 8;
    private static final int PER_ORDER_TO_PRICE_DIGITS = 12;
    private static final int REBATE_MAX_BPS = 10_000;

    private final NumberedNames providers;
    private final NumberedNames capabilities;
    private final NumberedNames regions;

    CandidateReader(NumberedNames providers, NumberedNames capabilities, NumberedNames regions) {
        this.providers = providers;
        this.capabilities = capabilities;
        this.regions = regions;
    }

    Candidate read(YamlValue value, Names.Builder names) {
        YamlMapping keys = value.mapping();
        YamlValue id = keys.value("id");
        YamlValue name = keys.value("name");
        Prices prices = prices(value, keys);
        Candidate candidate = new Candidate(
                id.wholeNumber(1, ID_MAX),
                providers.number(keys.value("provider")),
                keys.value("quality_bps").bps(),
                keys.value("risk_ceiling_bps").bps(),
                keys.find("enabled").map(YamlValue::isTrue).orElse(true) ? 1 : 0,
                keys.value("p95_latency_ms").wholeNumber(0, U32_MAX),
                capabilities.bits(keys.list("capabilities")),
                keys.find("regions").map(list -> regions.bits(list.list())).orElse(ALL_REGIONS),
                prices.inputMicrosPerM(),
                prices.outputMicrosPerM());
        keys.refuseUnknown();
        if (!names.add(NameKind.CANDIDATE, candidate.id(), name.name())) {
            throw name.fault(
                    "must have an id and a name that no other candidate has", name.shown() + ", id " + id.text());
        }
        return candidate;
    }

    /** Does a candidate charge a fee on orders, rather than prices of units? */
    static boolean isVenue(YamlValue value) {
        return value.mapping().find("fee").isPresent();
    }

    private static Prices prices(YamlValue value, YamlMapping keys) {
        boolean hasFee = keys.find("fee").isPresent();
        boolean hasPrice = keys.find("price").isPresent();
        if (hasFee == hasPrice) {
            throw value.fault("must have either fee (of orders) or price (of units)", hasFee ? "both" : "neither");
        }
        return hasFee ? fee(keys.mapping("fee")) : price(keys.mapping("price"));
    }

    private static Prices fee(YamlMapping fee) {
        Prices prices = new Prices(
                fee.find("bps_of_notional")
                        .map(bps -> bps.scaledOrRebate(BPS_TO_PRICE_DIGITS, BPS_TO_PRICE_DIGITS, REBATE_MAX_BPS))
                        .orElse(0L),
                fee.find("per_order")
                        .map(amount -> amount.scaledUnsigned(PER_ORDER_TO_PRICE_DIGITS, MICRO_DIGITS))
                        .orElse(0L));
        fee.refuseUnknown();
        return prices;
    }

    private static Prices price(YamlMapping price) {
        Prices prices = new Prices(
                price.value("input_per_million").scaledUnsigned(MICRO_DIGITS, MICRO_DIGITS),
                price.value("output_per_million").scaledUnsigned(MICRO_DIGITS, MICRO_DIGITS));
        price.refuseUnknown();
        return prices;
    }

    private record Prices(long inputMicrosPerM, long outputMicrosPerM) {}

    /** The names of one kind that a policy file declares, each with its number. */
    record NumberedNames(NameKind kind, Map<String, Integer> numbers) {
        /** The number of the name that a value holds; an unknown name is a fault. */
        int number(YamlValue value) {
            String name = value.text();
            Integer number = numbers.get(name);
            if (number == null) {
                throw value.fault(
                        "must be a known " + kind.word() + ", " + Nearest.hint(name, numbers.keySet()), value.shown());
            }
            return number;
        }

        /** A mask with the bit of each name in a list. */
        long bits(List<YamlValue> values) {
            long bits = 0;
            for (YamlValue value : values) {
                bits |= 1L << number(value);
            }
            return bits;
        }
    }
}
