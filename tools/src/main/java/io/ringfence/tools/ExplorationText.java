package io.ringfence.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.engine.policy.ExplorationRule;
import io.ringfence.engine.policy.Policy.UseCase;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.gateway.config.DecimalMicros;
import io.ringfence.gateway.config.Names.NameKind;
import io.ringfence.gateway.counters.CountersFile.ExplorationFigure;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.agrona.concurrent.SystemEpochNanoClock;

/**
 * How much of its bounds each use case has explored in its last period. Bounds, names and the begin of the period come from the policy in
 * force; where that cannot be read, the numbers stand alone.
 */
final class ExplorationText {
    private static final Map<ExplorationFigure, Long> NOTHING = Map.of();

    private final Map<Integer, Map<ExplorationFigure, Long>> used;
    private final Map<Integer, UseCase> exploring = new TreeMap<>();
    private final Optional<CompiledPolicy> policy;

    /** @param used by use case, as the counters show it. */
    ExplorationText(Map<Integer, Map<ExplorationFigure, Long>> used, Optional<CompiledPolicy> policy) {
        this.used = new TreeMap<>(used);
        this.policy = policy;
        policy.ifPresent(known -> known.adaptive().useCases().stream()
                .filter(UseCase::explores)
                .forEach(useCase -> exploring.put(useCase.code(), useCase)));
        if (policy.isPresent()) {
            this.used.keySet().retainAll(exploring.keySet()); // Of an earlier policy: no bound holds any more.
        }
        exploring.keySet().forEach(useCase -> this.used.putIfAbsent(useCase, NOTHING));
    }

    /** Adds an object for each use case that explores, ascending by code. */
    void putInto(ArrayNode array) {
        used.forEach((code, figures) -> {
            ObjectNode one = array.addObject().put("use_case", code);
            policy.ifPresent(known -> one.put("name", known.names().name(NameKind.USE_CASE, code)));
            one.put("decisions", figures.getOrDefault(ExplorationFigure.DECISIONS, 0L))
                    .put("spend_micros", figures.getOrDefault(ExplorationFigure.SPEND_MICROS, 0L));
            if (exploring.containsKey(code)) {
                ExplorationRule rule = exploring.get(code).exploration();
                one.put("max_decisions", rule.decisionsMax()).put("max_spend_micros", rule.spendMaxMicros());
                one.put("period_ns", rule.periodNs());
                one.put("period_begin_ns", figures.isEmpty() ? null : beginNs(figures, rule));
            }
        });
    }

    /** A paragraph, if a use case explores. */
    void print(Page page) {
        StringJoiner list = new StringJoiner("; ");
        used.forEach((code, figures) -> list.add(text(code, figures)));
        if (!used.isEmpty()) {
            page.text("Explored    ", "%s", list);
        }
    }

    private String text(int code, Map<ExplorationFigure, Long> figures) {
        long decisions = figures.getOrDefault(ExplorationFigure.DECISIONS, 0L);
        String spent = DecimalMicros.text(figures.getOrDefault(ExplorationFigure.SPEND_MICROS, 0L));
        if (!exploring.containsKey(code)) {
            return code + ": " + decisions + " decisions, " + spent + " spent";
        }
        ExplorationRule rule = exploring.get(code).exploration();
        return code + " " + policy.orElseThrow().names().name(NameKind.USE_CASE, code) + ": " + decisions + " of "
                + rule.decisionsMax() + " decisions, " + spent + " of " + DecimalMicros.text(rule.spendMaxMicros())
                + " spent" + (figures.isEmpty() ? "" : period(beginNs(figures, rule), rule.periodNs()));
    }

    private static String period(long beginNs, long lengthNs) {
        long ageNs = SystemEpochNanoClock.INSTANCE.nanoTime() - beginNs;
        return " in the period from " + Instant.EPOCH.plus(Duration.ofNanos(beginNs))
                + (ageNs >= lengthNs ? ", which is over" : "");
    }

    /** Wrong while nothing was asked of the use case since a policy gave it another length of the period; then it is over. */
    private static long beginNs(Map<ExplorationFigure, Long> figures, ExplorationRule rule) {
        long period = figures.get(ExplorationFigure.PERIOD);
        return period > Long.MAX_VALUE / rule.periodNs() ? 0 : period * rule.periodNs();
    }
}
