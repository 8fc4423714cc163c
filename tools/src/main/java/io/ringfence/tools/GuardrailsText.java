package io.ringfence.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.gateway.RunFile;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.gateway.config.ConfigFault;
import io.ringfence.gateway.config.Names;
import io.ringfence.gateway.config.Names.NameKind;
import io.ringfence.gateway.counters.ActivePolicy;
import io.ringfence.gateway.counters.CountersView;
import io.ringfence.gateway.counters.EngineCounter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;

/** The use cases whose learning is frozen and the providers whose circuit is not closed, with their names in the policy in force. */
final class GuardrailsText {
    /** What freezes learning, as it is called in JSON and on a page. */
    private static final Map<EngineCounter, String> CAUSES = new EnumMap<>(Map.of(
            EngineCounter.FROZEN_BY_COMMAND, "command",
            EngineCounter.FROZEN_BY_DRIFT, "drift_alarm",
            EngineCounter.FROZEN_BY_DIVERGENCE, "divergence_alarm"));

    private static final String OPEN = "open";
    private static final String HALF_OPEN = "half_open";

    private final Optional<Names> names;
    private final Map<Integer, String> frozen = new TreeMap<>(); // By what, by use case.
    private final Map<Integer, String> circuits = new TreeMap<>(); // Open or half open, by provider.

    private GuardrailsText(Map<EngineCounter, Long> engine, Optional<Names> names) {
        this.names = names;
        CAUSES.forEach((counter, cause) -> put(engine.getOrDefault(counter, 0L), cause, frozen));
        long open = engine.getOrDefault(EngineCounter.OPEN_CIRCUITS, 0L);
        put(open, OPEN, circuits);
        put(open & engine.getOrDefault(EngineCounter.HALF_OPEN_CIRCUITS, 0L), HALF_OPEN, circuits);
    }

    private static void put(long mask, String value, Map<Integer, String> values) {
        for (long left = mask; left != 0; left &= left - 1) {
            values.put(Long.numberOfTrailingZeros(left), value);
        }
    }

    /** Use cases whose learning is frozen, by whatever, a bit for each code. */
    static long frozen(CountersView counters) {
        Map<EngineCounter, Long> engine = counters.engine();
        return CAUSES.keySet().stream()
                .mapToLong(counter -> engine.getOrDefault(counter, 0L))
                .reduce(0, (one, other) -> one | other);
    }

    /** What an engine shows; names only where its policy in force can be read. */
    static GuardrailsText of(CountersView counters, Optional<CompiledPolicy> policy) {
        return new GuardrailsText(counters.engine(), policy.map(CompiledPolicy::names));
    }

    /** The policy in force, where its file can be read. */
    static Optional<CompiledPolicy> policy(CountersView counters, Path directory) {
        ActivePolicy active = counters.policy();
        try {
            return RunFile.read(directory)
                    .map(run -> CompiledPolicy.read(run.activePolicyFile()))
                    .filter(policy -> active != null
                            && policy.epoch() == active.epoch()
                            && HexFormat.of().formatHex(policy.policyDigest()).equals(active.digest()));
        } catch (IOException | ConfigFault unnamed) {
            return Optional.empty(); // The numbers stand without names.
        }
    }

    /** Adds two arrays, each ascending by number. */
    void putInto(ObjectNode object) {
        ArrayNode ofLearning = object.putArray("frozen_learning");
        frozen.forEach((useCase, cause) -> {
            ObjectNode one = ofLearning.addObject().put("use_case", useCase);
            name(NameKind.USE_CASE, useCase).ifPresent(name -> one.put("name", name));
            one.put("by", cause);
        });
        ArrayNode ofProviders = object.putArray("circuits");
        circuits.forEach((provider, state) -> {
            ObjectNode one = ofProviders.addObject().put("provider", provider);
            name(NameKind.PROVIDER, provider).ifPresent(name -> one.put("name", name));
            one.put("state", state);
        });
    }

    /** A paragraph for each of the two that has something to say. */
    void print(Page page) {
        if (!frozen.isEmpty()) {
            StringJoiner list = new StringJoiner(", ");
            frozen.forEach((useCase, cause) -> list.add(text(NameKind.USE_CASE, useCase) + " by " + words(cause)));
            page.text("Frozen      ", "learning of %s", list);
        }
        if (!circuits.isEmpty()) {
            StringJoiner list = new StringJoiner(", ");
            circuits.forEach((provider, state) -> list.add(text(NameKind.PROVIDER, provider) + " " + words(state)));
            page.text("Circuits    ", "%s; all others closed", list);
        }
    }

    private Optional<String> name(NameKind kind, int number) {
        return names.filter(known -> !known.name(kind, number).equals(Integer.toString(number)))
                .map(known -> known.name(kind, number));
    }

    private String text(NameKind kind, int number) {
        return number + name(kind, number).map(name -> " " + name).orElse("");
    }

    private static String words(String value) {
        return value.replace('_', ' ');
    }
}
