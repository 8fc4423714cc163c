package io.ringfence.gateway.config;

import io.ringfence.engine.intake.PolicyAssembly;
import io.ringfence.engine.policy.Adaptive;
import io.ringfence.engine.policy.AdaptiveFault;
import io.ringfence.engine.policy.AlarmRule;
import io.ringfence.engine.policy.Bps;
import io.ringfence.engine.policy.Candidate;
import io.ringfence.engine.policy.Catalog;
import io.ringfence.engine.policy.CatalogFault;
import io.ringfence.engine.policy.Checked;
import io.ringfence.engine.policy.ExplorationRule;
import io.ringfence.engine.policy.ExplorationRule.Method;
import io.ringfence.engine.policy.Policy.UseCase;
import io.ringfence.engine.policy.PriorPattern;
import io.ringfence.engine.policy.RewardRule;
import io.ringfence.gateway.config.CandidateReader.NumberedNames;
import io.ringfence.gateway.config.Names.NameKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Compiles a policy file, from the domain's words to what the engine decides under. */
final class PolicyReader {
    private static final int MULTIPLIER_MAX_BPS = 50_000;
    private static final long EPOCH_MAX = PolicyAssembly.EPOCH_MAX;
    private static final long U32_MAX = 0xFFFF_FFFFL;
    private static final long PERIOD_MIN_NS = 1_000_000_000L;
    private static final long PERIOD_MAX_NS = 365 * 86_400_000_000_000L;

    /** Largest number of what has one bit in a mask, and of a use case. */
    private static final int NUMBER_MAX = 63;

    private final YamlFile file;
    private final YamlMapping root;
    private final Names.Builder names = Names.builder();
    private final ExplorationCheck explorationCheck = new ExplorationCheck();

    PolicyReader(YamlFile file) {
        this.file = file;
        this.root = file.root();
    }

    CompiledPolicy read() {
        Catalog.Head head = head(root.value("policy").mapping());
        CandidateReader candidateReader = new CandidateReader(
                numbered(NameKind.PROVIDER, root.value("providers").mapping()),
                numbered(NameKind.CAPABILITY, root.mapping("capabilities")),
                numbered(NameKind.REGION, root.mapping("regions")));
        int[] tierFloorsBps = tierFloorsBps(root.value("tiers"));
        List<UseCase> useCases = useCases(root.value("use_cases"), tierFloorsBps.length);
        YamlMapping learning = root.mapping("learning");
        long halfLifeMinutes = learning.find("half_life_minutes")
                .map(minutes -> minutes.wholeNumber(0, Adaptive.HALF_LIFE_MINUTES_MAX))
                .orElse(0L);
        learning.refuseUnknown();
        YamlValue list = root.value("candidates");
        root.refuseUnknown();
        List<Candidate> candidates = new ArrayList<>();
        PriceCheck prices = new PriceCheck();
        boolean hasVenues = false;
        boolean hasModels = false;
        for (YamlValue value : list.list()) {
            candidates.add(candidateReader.read(value, names));
            prices.add(value.mapping());
            hasVenues |= CandidateReader.isVenue(value);
            hasModels |= !CandidateReader.isVenue(value);
        }
        Checked<Catalog, CatalogFault> catalog = Catalog.trusted(head, candidates);
        if (!catalog.isValid()) {
            throw list.fault(catalog.fault().orElseThrow().text());
        }
        Checked<Adaptive, AdaptiveFault> adaptive = Adaptive.of(tierFloorsBps, useCases, halfLifeMinutes);
        if (!adaptive.isValid()) {
            throw root.value("use_cases").fault(adaptive.fault().orElseThrow().text());
        }
        CompiledPolicy.Target target = hasVenues && hasModels
                ? CompiledPolicy.Target.BOTH
                : hasVenues ? CompiledPolicy.Target.ORDERS : CompiledPolicy.Target.CALLS;
        return new CompiledPolicy(
                catalog.value(),
                adaptive.value(),
                names.build(),
                file.source(),
                target,
                prices.warnings(),
                explorationCheck.warnings());
    }

    private static Catalog.Head head(YamlMapping keys) {
        YamlValue epoch = keys.value("epoch");
        Catalog.Head head = new Catalog.Head(
                epoch.wholeNumber(1, EPOCH_MAX),
                keys.find("catalog_epoch").orElse(epoch).wholeNumber(1, EPOCH_MAX),
                keys.value("hard_risk_limit_bps").bps(),
                keys.value("minimum_confidence_bps").bps(),
                keys.value("risk_penalty_multiplier_bps").wholeInt(0, MULTIPLIER_MAX_BPS),
                keys.value("latency_penalty_micros_per_ms").unsigned());
        keys.refuseUnknown();
        return head;
    }

    /** Reads {@code name: number} pairs: each number from 0 to 63, and once. */
    private NumberedNames numbered(NameKind kind, YamlMapping keys) {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        keys.entries().forEach((name, value) -> {
            int number = value.wholeInt(0, NUMBER_MAX);
            if (!names.add(kind, number, value.keyAsName(name))) {
                throw value.fault("must be the number of one " + kind.word() + " only", value.shown());
            }
            numbers.put(name, number);
        });
        return new NumberedNames(kind, numbers);
    }

    private int[] tierFloorsBps(YamlValue list) {
        List<YamlValue> tiers = list.list();
        if (tiers.isEmpty() || tiers.size() > Adaptive.TIERS_MAX) {
            throw list.fault("must list 1 to " + Adaptive.TIERS_MAX + " tiers", Integer.toString(tiers.size()));
        }
        int[] floorsBps = new int[tiers.size()];
        for (int tier = 0; tier < floorsBps.length; tier++) {
            YamlMapping keys = tiers.get(tier).mapping();
            YamlValue name = keys.value("name");
            YamlValue floor = keys.value("floor_bps");
            floorsBps[tier] = floor.bps();
            keys.refuseUnknown();
            if (tier > 0 && floorsBps[tier] <= floorsBps[tier - 1]) {
                throw floor.fault("must be above the cheaper tier's, which is " + floorsBps[tier - 1], floor.shown());
            }
            if (!names.add(NameKind.TIER, tier, name.name())) {
                throw name.fault("must stand once among the tiers", name.shown());
            }
        }
        return floorsBps;
    }

    private List<UseCase> useCases(YamlValue section, int tierCount) {
        List<UseCase> useCases = new ArrayList<>();
        section.mapping().entries().forEach((name, value) -> useCases.add(useCase(name, value, tierCount)));
        if (useCases.isEmpty()) {
            throw section.fault("must name a use case: there is none");
        }
        useCases.sort(Comparator.comparingInt(UseCase::code));
        return useCases;
    }

    private UseCase useCase(String name, YamlValue value, int tierCount) {
        YamlMapping keys = value.mapping();
        YamlValue code = keys.value("code");
        PriorPattern pattern = keys.value("pattern").word(PriorPattern.class);
        UseCase useCase = new UseCase(
                code.wholeInt(0, NUMBER_MAX),
                defaults(value, keys),
                keys.find("hard_floor_bps").map(YamlValue::bps).orElse(0),
                keys.find("recommended_floor_bps").map(YamlValue::bps).orElse(0),
                keys.find("target_success_bps").map(YamlValue::bps).orElse(pattern.targetSuccessBps()),
                pattern.priors(
                        tierCount,
                        keys.find("prior_outcomes")
                                .map(outcomes -> outcomes.wholeInt(1, PriorPattern.OUTCOMES_MAX))
                                .orElse(pattern.outcomes())),
                keys.find("exploration").map(PolicyReader::exploration).orElse(ExplorationRule.NONE),
                keys.find("reward").map(PolicyReader::reward).orElse(RewardRule.NONE),
                keys.find("alarms").map(PolicyReader::alarms).orElse(AlarmRule.NONE));
        keys.refuseUnknown();
        explorationCheck.add(keys, useCase);
        if (!names.add(NameKind.USE_CASE, useCase.code(), value.keyAsName(name))) {
            throw code.fault("must stand once among the use cases", code.shown());
        }
        return useCase;
    }

    /** The bounds must be given: what explores without them would be nobody's decision. */
    private static ExplorationRule exploration(YamlValue value) {
        YamlMapping keys = value.mapping();
        Method method = keys.value("method").word(Method.class);
        keys.standOnlyWith("method keyed", "rate_bps");
        keys.standOnlyWith("method keyed or thompson", "within", "period", "max_decisions", "max_spend");
        ExplorationRule rule = ExplorationRule.NONE;
        if (method != Method.NONE) {
            rule = new ExplorationRule(
                    method,
                    method == Method.KEYED ? keys.value("rate_bps").bps() : 0,
                    keys.value("within").micros(0, Long.MAX_VALUE),
                    keys.value("period").time(PERIOD_MIN_NS, PERIOD_MAX_NS),
                    keys.value("max_decisions").wholeNumber(0, U32_MAX),
                    keys.value("max_spend").micros(0, Long.MAX_VALUE));
        }
        keys.refuseUnknown();
        return rule;
    }

    /** Each alarm that stands has its threshold: there is none that fits every use case. */
    private static AlarmRule alarms(YamlValue value) {
        YamlMapping keys = value.mapping();
        boolean hasDrift = keys.find("drift").isPresent();
        boolean hasDivergence = keys.find("divergence").isPresent();
        YamlMapping drift = keys.mapping("drift");
        YamlMapping divergence = keys.mapping("divergence");
        AlarmRule rule = new AlarmRule(
                hasDrift ? drift.value("window").wholeNumber(1, AlarmRule.OUTCOMES_MAX) : 0,
                hasDrift ? drift.value("slack_bps").bps() : 0,
                hasDrift ? drift.value("threshold").wholeNumber(1, AlarmRule.OUTCOMES_MAX) : 0,
                hasDivergence ? divergence.value("tolerated_bps").bps() : 0,
                hasDivergence ? divergence.value("threshold").wholeNumber(1, AlarmRule.OUTCOMES_MAX) : 0);
        drift.refuseUnknown();
        divergence.refuseUnknown();
        keys.refuseUnknown();
        if (!hasDrift && !hasDivergence) {
            throw value.fault("must have drift or divergence", "neither");
        }
        return rule;
    }

    /** What has no weight needs no reference, and with all weights 0 there is no rule. */
    private static RewardRule reward(YamlValue value) {
        YamlMapping keys = value.mapping();
        int cost = weight(keys, "cost_weight");
        int latency = weight(keys, "latency_weight");
        keys.standOnlyWith("a cost_weight above 0", "cost");
        keys.standOnlyWith("a latency_weight above 0", "latency_ms");
        keys.standOnlyWith("a weight above 0", "threshold_bps");
        RewardRule weights = new RewardRule(
                weight(keys, "quality_weight"),
                cost,
                latency,
                weight(keys, "retry_weight"),
                weight(keys, "escalation_weight"),
                cost == 0 ? 0 : keys.value("cost").micros(1, Long.MAX_VALUE),
                latency == 0 ? 0 : keys.value("latency_ms").wholeNumber(1, U32_MAX - 1),
                0);
        if (!weights.isGiven()) {
            keys.refuseUnknown();
            return RewardRule.NONE;
        }
        int thresholdBps = keys.value("threshold_bps").wholeInt(1, Bps.ONE);
        keys.refuseUnknown();
        return new RewardRule(
                weights.qualityWeight(),
                cost,
                latency,
                weights.retryWeight(),
                weights.escalationWeight(),
                weights.costMicros(),
                weights.latencyMs(),
                thresholdBps);
    }

    private static int weight(YamlMapping keys, String key) {
        return keys.find(key)
                .map(weight -> weight.wholeInt(0, RewardRule.WEIGHT_MAX))
                .orElse(0);
    }

    private static UseCase.Defaults defaults(YamlValue value, YamlMapping keys) {
        boolean hasValue = keys.find("value").isPresent();
        boolean hasValueOfNotional = keys.find("value_bps_of_notional").isPresent();
        if (!hasValue && !hasValueOfNotional) {
            throw value.fault("must have value or value_bps_of_notional", "neither");
        }
        return new UseCase.Defaults(
                keys.find("value")
                        .map(amount -> amount.micros(0, Long.MAX_VALUE))
                        .orElse(0L),
                keys.find("value_bps_of_notional")
                        .map(bps -> bps.wholeNumber(0, U32_MAX))
                        .orElse(0L),
                keys.value("risk_bps").bps(),
                keys.value("confidence_bps").bps(),
                keys.find("output_units")
                        .map(units -> units.wholeNumber(0, U32_MAX - 1))
                        .orElse(0L),
                keys.find("max_p95_latency_ms")
                        .map(ms -> ms.wholeNumber(0, U32_MAX - 1))
                        .orElse(0L));
    }
}
