package io.ringfence.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.engine.policy.Adaptive.TierPrior;
import io.ringfence.engine.policy.AlarmRule;
import io.ringfence.engine.policy.Bps;
import io.ringfence.engine.policy.ExplorationRule;
import io.ringfence.engine.policy.ExplorationRule.Method;
import io.ringfence.engine.policy.Policy.UseCase;
import io.ringfence.engine.policy.RewardRule;
import io.ringfence.gateway.config.DecimalMicros;
import io.ringfence.gateway.config.Names;
import io.ringfence.gateway.config.Names.NameKind;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** Says all that a policy says of a use case, under the keys of the policy file. */
final class UseCaseText {
    private static final String NONE = "none";
    private static final int NANO_DIGITS = 9;
    private static final double PERCENT_BPS = 100;

    private final UseCase useCase;
    private final Names names;

    UseCaseText(UseCase useCase, Names names) {
        this.useCase = useCase;
        this.names = names;
    }

    /** One paragraph for each of its keys that has no column of its own. */
    void print(Page page) {
        UseCase.Defaults defaults = useCase.defaults();
        page.line("%n  %d %s", useCase.code(), names.name(NameKind.USE_CASE, useCase.code()));
        page.text(
                "    defaults     ",
                "%d output units, %s",
                defaults.outputUnits(),
                defaults.maxP95LatencyMs() == 0
                        ? "no cap of p95 latency"
                        : "p95 latency at most " + defaults.maxP95LatencyMs() + " ms");
        page.text(
                "    floors       ",
                "hard %d bps, recommended %d bps",
                useCase.hardFloorBps(),
                useCase.recommendedFloorBps());
        page.text(
                "    beliefs      ",
                "worth %d outcomes: %s",
                outcomes(useCase.priors().get(0)),
                beliefs());
        page.text("    exploration  ", "%s", explorationWords());
        page.text("    reward       ", "%s", rewardWords());
        page.text("    alarms       ", "%s", alarmsWords());
    }

    private String beliefs() {
        StringJoiner beliefs = new StringJoiner(", ");
        for (int tier = 0; tier < useCase.priors().size(); tier++) {
            beliefs.add(String.format(
                    Locale.ROOT,
                    "%s succeeds in %.1f %%",
                    names.name(NameKind.TIER, tier),
                    successBps(useCase.priors().get(tier)) / PERCENT_BPS));
        }
        return beliefs.toString();
    }

    private String explorationWords() {
        ExplorationRule rule = useCase.exploration();
        if (!rule.explores()) {
            return NONE;
        }
        return String.format(
                Locale.ROOT,
                "%s, %swithin %s of the best; in each period of %s s at most %d decisions and %s spent",
                rule.method().name().toLowerCase(Locale.ROOT),
                rule.method() == Method.KEYED ? "on " + rule.rateBps() + " bps of requests, " : "",
                DecimalMicros.text(rule.nearMicros()),
                BigDecimal.valueOf(rule.periodNs(), NANO_DIGITS)
                        .stripTrailingZeros()
                        .toPlainString(),
                rule.decisionsMax(),
                DecimalMicros.text(rule.spendMaxMicros()));
    }

    private String rewardWords() {
        RewardRule rule = useCase.reward();
        if (!rule.isGiven()) {
            return "none: the graded quality, else success or failure, is the lesson";
        }
        return String.format(
                Locale.ROOT,
                "weights: quality %d, cost %d%s, latency %d%s, retry %d, escalation %d; a success from %d bps on",
                rule.qualityWeight(),
                rule.costWeight(),
                rule.costWeight() == 0 ? "" : " (score 0 at " + DecimalMicros.text(rule.costMicros()) + ")",
                rule.latencyWeight(),
                rule.latencyWeight() == 0 ? "" : " (score 0 at " + rule.latencyMs() + " ms)",
                rule.retryWeight(),
                rule.escalationWeight(),
                rule.thresholdBps());
    }

    private String alarmsWords() {
        AlarmRule rule = useCase.alarms();
        StringJoiner alarms = new StringJoiner("; ").setEmptyValue(NONE);
        if (rule.window() != 0) {
            alarms.add("drift: window " + rule.window() + " outcomes, slack " + rule.slackBps() + " bps, threshold "
                    + rule.driftOutcomes());
        }
        if (rule.divergenceOutcomes() != 0) {
            alarms.add("divergence: tolerated " + rule.toleratedBps() + " bps, threshold " + rule.divergenceOutcomes());
        }
        return alarms.toString();
    }

    private static long outcomes(TierPrior prior) {
        return (prior.successes() + prior.failures()) / TierPrior.ONE_OUTCOME;
    }

    private static long successBps(TierPrior prior) {
        long counts = prior.successes() + prior.failures();
        return (prior.successes() * Bps.ONE + counts / 2) / counts;
    }

    /** All of it; what the file leaves out has the value that the engine takes, and a rule that is not there is null. */
    ObjectNode json() {
        UseCase.Defaults defaults = useCase.defaults();
        List<TierPrior> priors = useCase.priors();
        ObjectNode node = Json.object()
                .put("code", useCase.code())
                .put("name", names.name(NameKind.USE_CASE, useCase.code()))
                .put("value_micros", defaults.businessValueMicros())
                .put("value_bps_of_notional", defaults.valueBpsOfNotional())
                .put("risk_bps", defaults.riskBps())
                .put("confidence_bps", defaults.confidenceBps())
                .put("output_units", defaults.outputUnits())
                .put("max_p95_latency_ms", defaults.maxP95LatencyMs())
                .put("hard_floor_bps", useCase.hardFloorBps())
                .put("recommended_floor_bps", useCase.recommendedFloorBps())
                .put("target_success_bps", useCase.targetSuccessBps())
                .put("prior_outcomes", outcomes(priors.get(0)));
        ArrayNode beliefs = node.putArray("prior_success_bps"); // By tier, cheapest first.
        priors.forEach(prior -> beliefs.add(successBps(prior)));
        node.set("exploration", exploration());
        node.set("reward", reward());
        node.set("alarms", alarms());
        return node;
    }

    private ObjectNode exploration() {
        ExplorationRule rule = useCase.exploration();
        ObjectNode node = Json.object().put("method", rule.method().name());
        if (rule.explores()) {
            node.put("rate_bps", rule.rateBps())
                    .put("within_micros", rule.nearMicros())
                    .put("period_ns", rule.periodNs())
                    .put("max_decisions", rule.decisionsMax())
                    .put("max_spend_micros", rule.spendMaxMicros());
        }
        return node;
    }

    private ObjectNode reward() {
        RewardRule rule = useCase.reward();
        return rule.isGiven()
                ? Json.object()
                        .put("quality_weight", rule.qualityWeight())
                        .put("cost_weight", rule.costWeight())
                        .put("latency_weight", rule.latencyWeight())
                        .put("retry_weight", rule.retryWeight())
                        .put("escalation_weight", rule.escalationWeight())
                        .put("cost_micros", rule.costMicros())
                        .put("latency_ms", rule.latencyMs())
                        .put("threshold_bps", rule.thresholdBps())
                : null;
    }

    private ObjectNode alarms() {
        AlarmRule rule = useCase.alarms();
        if (rule.equals(AlarmRule.NONE)) {
            return null;
        }
        ObjectNode node = Json.object();
        if (rule.window() != 0) {
            node.putObject("drift")
                    .put("window", rule.window())
                    .put("slack_bps", rule.slackBps())
                    .put("threshold", rule.driftOutcomes());
        }
        if (rule.divergenceOutcomes() != 0) {
            node.putObject("divergence")
                    .put("tolerated_bps", rule.toleratedBps())
                    .put("threshold", rule.divergenceOutcomes());
        }
        return node;
    }
}
