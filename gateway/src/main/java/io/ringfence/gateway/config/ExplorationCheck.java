package io.ringfence.gateway.config;

import io.ringfence.engine.policy.ExplorationRule;
import io.ringfence.engine.policy.ExplorationRule.Method;
import io.ringfence.engine.policy.Policy.UseCase;
import java.util.ArrayList;
import java.util.List;

/** Finds bounds of exploration that break no rule and can hardly be meant. One thread, while a file is read. */
final class ExplorationCheck {
    private final List<String> warnings = new ArrayList<>();

    /**
     * Looks at one use case, which was read without a fault.
     *
     * @param keys of the use case.
     */
    void add(YamlMapping keys, UseCase useCase) {
        if (!useCase.explores()) {
            return;
        }
        ExplorationRule rule = useCase.exploration();
        YamlMapping bounds = keys.value("exploration").mapping();
        if (rule.decisionsMax() == 0) {
            warn(bounds.value("max_decisions"), "is 0: the use case never explores");
        }
        if (rule.method() == Method.KEYED && rule.rateBps() == 0) {
            warn(bounds.value("rate_bps"), "is 0: the use case never explores");
        }
        if (rule.spendMaxMicros() == 0) {
            warn(
                    bounds.value("max_spend"),
                    "is 0: the use case explores only where every near candidate costs nothing");
        }
        UseCase.Defaults defaults = useCase.defaults();
        boolean hasOneValue = defaults.valueBpsOfNotional() == 0; // Else the value is another with each order.
        if (hasOneValue && rule.nearMicros() >= defaults.businessValueMicros()) {
            warn(
                    bounds.value("within"),
                    "is the value of the use case, " + DecimalMicros.text(defaults.businessValueMicros())
                            + ", or more: for a request without a value of its own every candidate that passes is near");
        }
    }

    private void warn(YamlValue value, String text) {
        warnings.add(value.fault("warning: " + text, value.text()).getMessage());
    }

    /** One line for each; each names file, line, field and what stands there. */
    List<String> warnings() {
        return warnings;
    }
}
