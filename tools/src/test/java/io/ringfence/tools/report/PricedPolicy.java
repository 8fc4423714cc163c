package io.ringfence.tools.report;

import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.tools.journal.WrittenJournal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A policy of three candidates, one a tier, whose prices can be reckoned by hand: cheap (id 1, quality 8,000), middle (2, 9,000) and dear (3,
 * 9,900). Use case 0 is called asking, 1 telling; both want 70 % success.
 */
final class PricedPolicy {
    static final int CHEAP = 1;
    static final int MIDDLE = 2;
    static final int DEAR = 3;

    /** Worth of a request on which the cheap one has the highest utility, in micros. */
    static final long LOW = 20_000;

    /** Worth of a request on which the dear one has. */
    static final long HIGH = 100_000;

    private static final long GRANTED_MICROS = 1_000_000_000;

    private PricedPolicy() {}

    /** Compiles it; the prices are those of a million units, in micros a unit. */
    static CompiledPolicy of(Path folder, int epoch, double cheap, double middle, double dear) {
        return of(folder, epoch, "", new double[] {cheap, middle, dear}, "cheap, floor_bps: 0");
    }

    /** The same, without the tier below the middle one: there are two. */
    static CompiledPolicy ofTwoTiers(Path folder, int epoch) {
        return of(folder, epoch, "", new double[] {1, 3, 10}, null);
    }

    /** A new journal {@code journal} in a folder, which begins with this policy at prices of 1, 3 and 10. */
    static WrittenJournal journal(Path folder) {
        return new WrittenJournal(folder.resolve("journal"), of(folder, 1, 1, 3, 10), GRANTED_MICROS);
    }

    private static CompiledPolicy of(Path folder, int epoch, String lines, double[] prices, String cheapTier) {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, """
                policy:
                  epoch: %d
                  hard_risk_limit_bps: 9500
                  minimum_confidence_bps: 0
                  risk_penalty_multiplier_bps: 0
                  latency_penalty_micros_per_ms: 0
                providers: {arms: 0}
                tiers:
                """, epoch));
        text.append(lines);
        if (cheapTier != null) {
            text.append("  - {name: ").append(cheapTier).append("}\n");
        }
        text.append("  - {name: middle, floor_bps: ")
                .append(cheapTier == null ? 0 : 8_500)
                .append("}\n");
        text.append("  - {name: dear, floor_bps: 9500}\n");
        text.append("use_cases:\n");
        String[] names = {"asking", "telling"};
        for (int code = 0; code < names.length; code++) {
            text.append("  ").append(names[code]).append(":\n");
            text.append("    code: ").append(code).append('\n');
            text.append("    pattern: support\n    value: 0.1\n    risk_bps: 0\n    confidence_bps: 10000\n");
            text.append("    output_units: 0\n    target_success_bps: 7000\n");
        }
        text.append("candidates:\n");
        int[] qualities = {8_000, 9_000, 9_900};
        String[] candidates = {"cheap", "middle", "dear"};
        for (int index = 0; index < prices.length; index++) {
            text.append(String.format(
                    Locale.ROOT,
                    "  - {id: %d, name: %s, provider: arms, quality_bps: %d, risk_ceiling_bps: 10000,"
                            + " p95_latency_ms: 0, price: {input_per_million: %.2f, output_per_million: 0}}%n",
                    index + 1,
                    candidates[index],
                    qualities[index],
                    prices[index]));
        }
        try {
            return CompiledPolicy.read(Files.writeString(folder.resolve("policy-" + epoch + ".yaml"), text));
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
    }
}
