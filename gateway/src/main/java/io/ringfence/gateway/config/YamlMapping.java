package io.ringfence.gateway.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * One level of keys in a file. Keys that were never asked for are unknown.
 */
public final class YamlMapping {
    private static final int SLIP_LENGTH_MIN = 5;

    private final YamlValue self;
    private final Map<String, YamlValue> values = new LinkedHashMap<>();
    private final Set<String> known = new LinkedHashSet<>();
    private final Map<String, String> conditions = new LinkedHashMap<>(); // Of keys that may stand elsewhere, by key.

    YamlMapping(YamlValue self, MappingNode node) {
        this.self = self;
        for (NodeTuple tuple : node.getValue()) {
            YamlValue key = self.below("key", tuple.getKeyNode());
            if (!(tuple.getKeyNode() instanceof ScalarNode scalar)) {
                throw key.fault("must be a plain word", "a key that is a list or a mapping");
            }
            String name = scalar.getValue();
            YamlValue value = self.below(name, tuple.getValueNode());
            if (values.putIfAbsent(name, value) != null) {
                throw key.faultAt(self.fieldBelow(name), "must stand once: it stands above, too");
            }
        }
    }

    /** The value of a key that must be there. */
    public YamlValue value(String key) {
        return find(key)
                .orElseThrow(() -> self.faultAt(self.fieldBelow(key), "must be given: it is missing" + slip(key)));
    }

    /** The value of a key that may be left out. */
    public Optional<YamlValue> find(String key) {
        known.add(key);
        return Optional.ofNullable(values.get(key)).filter(value -> !value.isNull());
    }

    /** The value of a setting that may be left out. */
    <T> Optional<T> find(Setting<T> setting) {
        return find(setting.leaf()).map(value -> value.as(setting));
    }

    /** The value of a setting; its default when it is left out. */
    <T> T read(Setting<T> setting) {
        return find(setting).orElseGet(setting::byDefault);
    }

    /** The level below a key; an empty one if the key is left out. */
    public YamlMapping mapping(String key) {
        return find(key).map(YamlValue::mapping).orElseGet(() -> self.empty(key));
    }

    /** The values of a list below a key; empty if the key is left out. */
    public List<YamlValue> list(String key) {
        return find(key).map(YamlValue::list).orElseGet(List::of);
    }

    /**
     * Says of keys that are not asked for here with what they may stand, for the line that refuses them.
     *
     * @param condition as in {@code may stand only with method keyed}.
     */
    void standOnlyWith(String condition, String... keys) {
        for (String key : keys) {
            conditions.put(key, condition);
        }
    }

    /** All keys with their values, for a level whose keys are names. */
    public Map<String, YamlValue> entries() {
        known.addAll(values.keySet());
        return values;
    }

    /** Refuses the first key that was never asked for. To be called after all known keys were asked for. */
    public void refuseUnknown() {
        for (Map.Entry<String, YamlValue> entry : values.entrySet()) {
            String key = entry.getKey();
            if (!known.contains(key)) {
                String condition = conditions.get(key);
                throw entry.getValue()
                        .faultAtKey(
                                condition == null
                                        ? "is no known key: " + Nearest.hint(key, known)
                                        : "may stand only with " + condition);
            }
        }
    }

    /** Keys that were asked for and are left out. */
    List<String> leftOut() {
        List<String> keys = new ArrayList<>(known);
        keys.removeAll(values.keySet());
        return keys;
    }

    private String slip(String key) {
        return values.keySet().stream()
                .filter(given -> !known.contains(given) && given.length() >= SLIP_LENGTH_MIN)
                .filter(given -> Nearest.of(given, List.of(key)).isPresent())
                .findFirst()
                .map(given -> ", but there is " + given)
                .orElse("");
    }
}
