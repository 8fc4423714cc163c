package io.ringfence.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.engine.policy.Candidate;
import io.ringfence.engine.policy.Catalog;
import io.ringfence.engine.policy.Policy.UseCase;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.gateway.config.ConfigFault;
import io.ringfence.gateway.config.DecimalMicros;
import io.ringfence.gateway.config.Names;
import io.ringfence.gateway.config.Names.NameKind;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Checks and shows policy files, and puts one into force in a running engine. */
@Command(
        name = "policy",
        subcommands = {PolicyCommand.Check.class, PolicyCommand.Show.class, ActivatesPolicy.class},
        description = "Check or show a policy file, or put one into force in a running engine.",
        footer = "  ringfence policy check conf/policies/venues.yaml")
final class PolicyCommand extends CommandGroup {
    /** The two digests of what decides, a line each; the record of an activation has the same. */
    static String digests(CompiledPolicy policy) {
        return "  policy digest    " + HexFormat.of().formatHex(policy.policyDigest())
                + "  limits and candidates" + System.lineSeparator()
                + "  adaptive digest  " + HexFormat.of().formatHex(policy.adaptiveDigest())
                + "  tiers, use cases, learning";
    }

    /** Compiles a policy file and says what is wrong with it, or looks wrong. */
    @Command(
            name = "check",
            description = {
                "Compile a policy file. Exit 0: it is right; 1: it is right, and a use case or a tier in it can never be"
                        + " served; 2: it is wrong, in one line that names file, line, field and rule.",
                "Prices that can hardly be meant are warned of on standard error, or as price_warnings of --json, and change no"
                        + " exit code: 0 where others are above 0, 1000 times the median of their kind or more, and less than"
                        + " 0.001 for a million units. So is exploration that cannot happen, or to which every candidate is near"
                        + " (exploration_warnings)."
            },
            footer = "  ringfence policy check conf/policies/venues.yaml")
    static final class Check extends ToolCommand {
        @Parameters(paramLabel = "FILE", description = "A policy file.")
        @OptionRule.OfFile
        private Path file;

        @Override
        public Integer call() {
            CompiledPolicy policy;
            try {
                policy = CompiledPolicy.read(file);
            } catch (ConfigFault fault) {
                if (isJson()) {
                    out().println(Json.text(Json.object()
                            .put("file", file.toString())
                            .put("ok", false)
                            .put("fault", fault.getMessage())));
                }
                throw fault;
            }
            List<String> warnings = policy.check();
            if (!isJson()) {
                policy.priceWarnings().forEach(err()::println);
                policy.explorationWarnings().forEach(err()::println);
            }
            if (isJson()) {
                printJson(policy, warnings);
            } else {
                print(policy, warnings);
            }
            return warnings.isEmpty() ? ExitCode.DONE : ExitCode.CHECK_FAILED;
        }

        private void print(CompiledPolicy policy, List<String> warnings) {
            for (String warning : warnings) {
                out().println(file + ": warning: " + warning);
            }
            out().printf(
                            Locale.ROOT,
                            "%s: %s, epoch %s, %d candidates, %d use cases, %d tiers%n%s%n",
                            file,
                            warnings.isEmpty() ? "ok" : "ok but for " + warnings.size() + " warnings",
                            Long.toUnsignedString(policy.epoch()),
                            policy.catalog().count(),
                            policy.adaptive().useCases().size(),
                            policy.adaptive().tierCount(),
                            digests(policy));
        }

        private void printJson(CompiledPolicy policy, List<String> warnings) {
            ObjectNode object = Json.object().put("file", file.toString()).put("ok", true);
            Json.unsigned(object, "epoch", policy.epoch());
            object.put("candidates", policy.catalog().count())
                    .put("use_cases", policy.adaptive().useCases().size())
                    .put("tiers", policy.adaptive().tierCount())
                    .put("policy_digest", HexFormat.of().formatHex(policy.policyDigest()))
                    .put("adaptive_digest", HexFormat.of().formatHex(policy.adaptiveDigest()))
                    .put("names_digest", HexFormat.of().formatHex(policy.namesDigest()));
            warnings.forEach(object.putArray("warnings")::add);
            policy.priceWarnings().forEach(object.putArray("price_warnings")::add);
            policy.explorationWarnings().forEach(object.putArray("exploration_warnings")::add);
            object.putNull("fault");
            out().println(Json.text(object));
        }
    }

    /** Shows what a policy file means to the engine: every name beside its number. */
    @Command(
            name = "show",
            description =
                    "Show a policy as the engine sees it: candidates with their prices, use cases with their defaults, beliefs, exploration, reward and"
                            + " alarms, and how what was learnt fades.",
            footer = "  ringfence policy show conf/policies/models.yaml")
    static final class Show extends ToolCommand {
        private static final String CANDIDATE_ROW = "  %-6s %-24s %-10s %7s %7s %8s %22s %22s%s%n";
        private static final String USE_CASE_ROW = "  %-6s %-24s %14s %14s %7s %10s %7s %7s %9s%n";

        @Parameters(paramLabel = "FILE", description = "A policy file.")
        @OptionRule.OfFile
        private Path file;

        @Override
        public Integer call() {
            CompiledPolicy policy = CompiledPolicy.read(file);
            if (isJson()) {
                printJson(policy);
            } else {
                printCandidates(policy);
                printUseCases(policy);
            }
            return ExitCode.DONE;
        }

        private void printCandidates(CompiledPolicy policy) {
            Names names = policy.names();
            out().printf(
                            Locale.ROOT,
                            "%s, epoch %s%n%s%n%n",
                            file,
                            Long.toUnsignedString(policy.epoch()),
                            digests(policy));
            out().printf(
                            Locale.ROOT,
                            CANDIDATE_ROW,
                            "id",
                            "candidate",
                            "provider",
                            "quality",
                            "ceiling",
                            "p95 ms",
                            "price in per M",
                            "price out per M",
                            "");
            Catalog catalog = policy.catalog();
            for (int index = 0; index < catalog.count(); index++) {
                Candidate candidate = catalog.candidate(index);
                out().printf(
                                Locale.ROOT,
                                CANDIDATE_ROW,
                                candidate.id(),
                                names.name(NameKind.CANDIDATE, candidate.id()),
                                names.name(NameKind.PROVIDER, candidate.providerId()),
                                candidate.qualityBps(),
                                candidate.riskCeilingBps(),
                                candidate.p95LatencyMs(),
                                price(candidate.inputPriceMicrosPerM()),
                                price(candidate.outputPriceMicrosPerM()),
                                candidate.isEnabled() ? "" : "  disabled");
            }
        }

        private void printUseCases(CompiledPolicy policy) {
            out().println();
            out().printf(
                            Locale.ROOT,
                            USE_CASE_ROW,
                            "code",
                            "use case",
                            "value",
                            "bps of order",
                            "risk",
                            "confidence",
                            "floor",
                            "target",
                            "explores");
            for (UseCase useCase : policy.adaptive().useCases()) {
                out().printf(
                                Locale.ROOT,
                                USE_CASE_ROW,
                                useCase.code(),
                                policy.names().name(NameKind.USE_CASE, useCase.code()),
                                DecimalMicros.text(useCase.defaults().businessValueMicros()),
                                useCase.defaults().valueBpsOfNotional(),
                                useCase.defaults().riskBps(),
                                useCase.defaults().confidenceBps(),
                                Math.max(useCase.hardFloorBps(), useCase.recommendedFloorBps()),
                                useCase.targetSuccessBps(),
                                useCase.exploration().method().name().toLowerCase(Locale.ROOT));
            }
            Page page = new Page(out());
            policy.adaptive().useCases().forEach(useCase -> new UseCaseText(useCase, policy.names()).print(page));
            long halfLife = policy.adaptive().halfLifeMinutes();
            page.line(
                    "%nwhat was learnt %s", halfLife == 0 ? "does not fade" : "halves every " + halfLife + " minutes");
        }

        private void printJson(CompiledPolicy policy) {
            ObjectNode object = Json.object().put("file", file.toString());
            Json.unsigned(object, "epoch", policy.epoch());
            object.put("policy_digest", HexFormat.of().formatHex(policy.policyDigest()))
                    .put("adaptive_digest", HexFormat.of().formatHex(policy.adaptiveDigest()));
            ArrayNode candidates = object.putArray("candidates");
            Catalog catalog = policy.catalog();
            for (int index = 0; index < catalog.count(); index++) {
                Candidate candidate = catalog.candidate(index);
                candidates
                        .addObject()
                        .put("id", candidate.id())
                        .put("name", policy.names().name(NameKind.CANDIDATE, candidate.id()))
                        .put("provider", policy.names().name(NameKind.PROVIDER, candidate.providerId()))
                        .put("quality_bps", candidate.qualityBps())
                        .put("risk_ceiling_bps", candidate.riskCeilingBps())
                        .put("p95_latency_ms", candidate.p95LatencyMs())
                        .put("enabled", candidate.isEnabled())
                        .put("input_price_micros_per_million", unsigned(candidate.inputPriceMicrosPerM()))
                        .put("output_price_micros_per_million", unsigned(candidate.outputPriceMicrosPerM()));
            }
            ArrayNode tiers = object.putArray("tiers");
            for (int tier = 0; tier < policy.adaptive().tierCount(); tier++) {
                tiers.addObject()
                        .put("name", policy.names().name(NameKind.TIER, tier))
                        .put("floor_bps", policy.adaptive().tierFloorBps(tier));
            }
            object.put("half_life_minutes", policy.adaptive().halfLifeMinutes());
            ArrayNode useCases = object.putArray("use_cases");
            for (UseCase useCase : policy.adaptive().useCases()) {
                useCases.add(new UseCaseText(useCase, policy.names()).json());
            }
            out().println(Json.text(object));
        }

        private static String price(long microsPerM) {
            return microsPerM < 0 ? unsigned(microsPerM) + "e-6" : DecimalMicros.text(microsPerM);
        }

        private static BigInteger unsigned(long bits) {
            return new BigInteger(Long.toUnsignedString(bits));
        }
    }
}
