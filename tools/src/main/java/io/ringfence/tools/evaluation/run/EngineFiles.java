package io.ringfence.tools.evaluation.run;

import io.ringfence.engine.digest.Sha256;
import io.ringfence.engine.policy.Adaptive;
import io.ringfence.gateway.config.ConfigFault;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.config.YamlFile;
import io.ringfence.gateway.config.YamlMapping;
import io.ringfence.gateway.config.YamlValue;
import io.ringfence.tools.evaluation.data.ArmMeans;
import io.ringfence.tools.evaluation.data.Trial;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The files that an engine is started with for a trial: one configuration for all sets, and a policy whose figures come from the training
 * rows.
 *
 * <p>{@code engine.yaml} is a server's configuration; {@code common.yaml} says how a policy is made. Texts of its keys {@code policy} and
 * {@code use_case} stand in the policy as they are, so that what the engine learns to do can be switched on for all sets at once.
 */
public final class EngineFiles {
    private static final Pattern SEED = Pattern.compile("(?m)^(\\s*seed:\\s*)\\d+");
    /** Sizes are given to the engine in thousandths, so that small ones are not rounded away. */
    static final double UNIT = 1_000;

    private static final double MICROS = 1e6;
    private static final int QUALITY_MIN_BPS = 100;
    private static final double TRAINING_MARGIN = 1.2;
    private static final int BPS = 10_000;

    private final String engine;
    private final String sha256;
    private final String pattern;
    private final List<String> policyLines;
    private final List<String> useCaseLines;

    /**
     * Reads the configuration for all sets.
     *
     * @param folder that holds {@code engine.yaml} and {@code common.yaml}.
     * @throws ConfigFault for the first thing wrong in it.
     */
    public EngineFiles(Path folder) {
        YamlFile server = YamlFile.read(folder.resolve("engine.yaml"));
        YamlFile common = YamlFile.read(folder.resolve("common.yaml"));
        engine = new String(server.source(), StandardCharsets.UTF_8);
        ServerConfig.read(server.path());
        if (SEED.matcher(engine).results().count() != 1) {
            throw ConfigFault.ofFile(server.path(), "must have one line with seed, whose number each run replaces");
        }
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(server.source());
        both.writeBytes(common.source());
        sha256 = HexFormat.of().formatHex(Sha256.of(both.toByteArray()));
        YamlMapping root = common.root();
        pattern = root.value("pattern").text();
        policyLines = lines(root.find("policy"));
        useCaseLines = lines(root.find("use_case"));
        root.refuseUnknown();
    }

    private static List<String> lines(Optional<YamlValue> text) {
        return text.map(value -> value.text().lines().toList()).orElse(List.of());
    }

    /** SHA-256 of both files, one behind the other, lower-case hex. */
    public String sha256() {
        return sha256;
    }

    /**
     * Writes the files of one run and reads them.
     *
     * @param folder takes them, and the journal.
     * @param seed   of the engine.
     * @param worth  of a success, in costs of the best arm.
     */
    ServerConfig write(Path folder, Trial trial, long seed, double worth) throws IOException {
        return write(folder, policy(trial, worth), List.of("evaluation"), seed);
    }

    /**
     * Writes the files of a run under any policy and reads them.
     *
     * @param folder   takes them, and the journal.
     * @param policy   text of a policy file.
     * @param accounts names of accounts for calls, which get the ids from 1 on.
     * @param seed     of the engine.
     */
    public ServerConfig write(Path folder, String policy, List<String> accounts, long seed) throws IOException {
        Files.createDirectories(folder);
        StringBuilder accountLines = new StringBuilder("accounts:\n");
        for (int index = 0; index < accounts.size(); index++) {
            accountLines.append(String.format(
                    Locale.ROOT,
                    "  - {id: %d, name: %s, granted: 1000000000000, for: calls}%n",
                    index + 1,
                    accounts.get(index)));
        }
        Path server = Files.writeString(
                folder.resolve("engine.yaml"), SEED.matcher(engine).replaceFirst("$1" + seed));
        ServerConfig config = ServerConfig.read(server);
        return config.with(
                folder.resolve("journal"),
                Optional.empty(),
                config.durability(),
                Optional.empty(),
                Files.writeString(folder.resolve("policy.yaml"), policy),
                Files.writeString(folder.resolve("accounts.yaml"), accountLines));
    }

    private String policy(Trial trial, double worth) {
        List<String> lines = new ArrayList<>(List.of(
                "policy:",
                "  epoch: 1",
                "  hard_risk_limit_bps: 10000",
                "  minimum_confidence_bps: 0",
                "  risk_penalty_multiplier_bps: 0",
                "  latency_penalty_micros_per_ms: 0"));
        lines.addAll(policyLines);
        lines.add("providers: {arms: 0}");
        lines.add("tiers:");
        List<Integer> floors = tierFloorsBps(trial.means());
        for (int tier = 0; tier < floors.size(); tier++) {
            lines.add(String.format(Locale.ROOT, "  - {name: tier-%d, floor_bps: %d}", tier, floors.get(tier)));
        }
        lines.add("use_cases:");
        for (int useCase = 0; useCase < trial.useCaseCount(); useCase++) {
            lines.add("  kind-" + useCase + ":");
            lines.add("    code: " + useCase);
            lines.add("    pattern: " + pattern);
            lines.add("    value: 0");
            lines.add("    risk_bps: 0");
            lines.add("    confidence_bps: 10000");
            lines.add("    output_units: 0");
            lines.add("    target_success_bps: 0");
            useCaseLines.forEach(line -> lines.add("    " + line));
        }
        lines.add("candidates:");
        for (int arm = 0; arm < trial.armCount(); arm++) {
            lines.add("  - id: " + (arm + 1));
            lines.add("    name: \"" + trial.mapping().arms().get(arm).name() + '"');
            lines.add("    provider: arms");
            lines.add("    quality_bps: " + qualityBps(trial.means(), arm, worth));
            lines.add("    risk_ceiling_bps: 10000");
            lines.add("    p95_latency_ms: 0");
            lines.add(String.format(
                    Locale.ROOT,
                    "    price: {input_per_million: %.6f, output_per_million: 0}",
                    trial.means().costs()[arm] / trial.meanUnits() * MICROS / UNIT));
        }
        return String.join("\n", lines) + "\n";
    }

    /**
     * What the arm reached on training rows, and not so low that the kernel would not let it act on a request of mean size, unless it costs
     * more than a success is worth: in some use case it may be the best.
     */
    private static int qualityBps(ArmMeans means, int arm, double worth) {
        double ofCost = means.costs()[arm] / (worth * means.costs()[means.best()]);
        int leastBps = (int) Math.min(BPS, Math.ceil(ofCost * BPS) + QUALITY_MIN_BPS);
        return Math.max(leastBps, qualityBps(means.qualities()[arm]));
    }

    private static int qualityBps(double quality) {
        return Math.max(QUALITY_MIN_BPS, (int) Math.round(quality * BPS));
    }

    /** Tiers begin midway between two neighbours on the front of arms; without the smallest steps if there are more than eight. */
    private static List<Integer> tierFloorsBps(ArmMeans means) {
        List<Integer> qualities = new ArrayList<>();
        means.front().forEach(arm -> {
            int quality = qualityBps(means.qualities()[arm]);
            if (qualities.isEmpty() || quality > qualities.get(qualities.size() - 1)) {
                qualities.add(quality);
            }
        });
        while (qualities.size() > Adaptive.TIERS_MAX) {
            int smallest = 1;
            for (int i = 2; i < qualities.size() - 1; i++) {
                if (qualities.get(i) - qualities.get(i - 1) < qualities.get(smallest) - qualities.get(smallest - 1)) {
                    smallest = i;
                }
            }
            qualities.remove(smallest);
        }
        List<Integer> floors = new ArrayList<>(List.of(0));
        for (int i = 1; i < qualities.size(); i++) {
            floors.add((qualities.get(i - 1) + qualities.get(i) + 1) / 2);
        }
        return floors;
    }

    /** What a success is worth to the engine, in micros: so many costs of the arm that was best on training rows. */
    static double worthMicros(Trial trial, double worth) {
        return worth * trial.means().costs()[trial.means().best()] * MICROS;
    }

    /** What a training request of size 1 states as its value, in micros: so much that every arm may act. */
    static double trainingMicrosPerUnit(Trial trial) {
        ArmMeans means = trial.means();
        double dearest = 0;
        for (int arm = 0; arm < trial.armCount(); arm++) {
            dearest = Math.max(dearest, means.costs()[arm] * BPS / qualityBps(means.qualities()[arm]));
        }
        return TRAINING_MARGIN * dearest / trial.meanUnits() * MICROS;
    }
}
