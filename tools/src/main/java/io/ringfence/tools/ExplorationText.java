package io.ringfence.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.engine.selection.PublishedExploration.Figure;
import io.ringfence.gateway.config.DecimalMicros;
import io.ringfence.gateway.config.Names;
import io.ringfence.gateway.config.Names.NameKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import org.agrona.concurrent.SystemEpochNanoClock;

/**
 * How much of its bounds each use case has used, as the engine shows it: in the last period, by the rule that its last request with a near
 * candidate was held to.
 *
 * @param used  figures by the code of the use case.
 * @param names of the policy in force, where they are known.
 */
record ExplorationText(Map<Integer, Map<Figure, Long>> used, Optional<Names> names) {
    /** Adds an object for each use case, ascending by code. Period and bounds are null while they are not known. */
    void putInto(ArrayNode array) {
        used.forEach((code, figures) -> {
            ObjectNode one = array.addObject().put("use_case", code);
            names.ifPresent(known -> one.put("name", known.name(NameKind.USE_CASE, code)));
            figures.forEach((figure, value) ->
                    one.put(figure.label(), isOfTheRule(figure) && !isRuleKnown(figures) ? null : value));
        });
    }

    private static boolean isOfTheRule(Figure figure) {
        return figure != Figure.DECISIONS && figure != Figure.SPEND_MICROS;
    }

    private static boolean isRuleKnown(Map<Figure, Long> figures) {
        return figures.get(Figure.PERIOD_NS) != 0;
    }

    /** A paragraph, if a use case explores. */
    void print(Page page) {
        StringJoiner list = new StringJoiner("; ");
        used.forEach((code, figures) -> list.add(text(code, figures)));
        if (!used.isEmpty()) {
            page.text("Explored    ", "%s", list);
        }
    }

    private String text(int code, Map<Figure, Long> figures) {
        String useCase = code
                + names.map(known -> " " + known.name(NameKind.USE_CASE, code)).orElse("") + ": ";
        String spent = DecimalMicros.text(figures.get(Figure.SPEND_MICROS));
        if (!isRuleKnown(figures)) {
            return useCase + figures.get(Figure.DECISIONS) + " decisions, " + spent + " spent before the last start";
        }
        return useCase + figures.get(Figure.DECISIONS) + " of " + figures.get(Figure.MAX_DECISIONS) + " decisions, "
                + spent + " of " + DecimalMicros.text(figures.get(Figure.MAX_SPEND_MICROS))
                + " spent in the period from "
                + Instant.EPOCH.plus(Duration.ofNanos(figures.get(Figure.PERIOD_BEGIN_NS)))
                + (isOver(figures) ? ", which is over" : "");
    }

    private static boolean isOver(Map<Figure, Long> figures) {
        long ageNs = SystemEpochNanoClock.INSTANCE.nanoTime() - figures.get(Figure.PERIOD_BEGIN_NS);
        return ageNs >= figures.get(Figure.PERIOD_NS);
    }
}
