package io.ringfence.engine.policy;

import io.ringfence.engine.policy.Adaptive.TierPrior;
import io.ringfence.engine.policy.Policy.UseCase;
import java.util.List;

/** Adaptive policy parts that tests share. */
final class AdaptiveSamples {
    private static final long U32_MAX = 0xFFFF_FFFFL;

    private AdaptiveSamples() {}

    /** Two tiers and two use cases whose fields stand at the ends of their ranges. */
    static Adaptive atTheEnds() {
        UseCase.Defaults lowest = new UseCase.Defaults(-Long.MAX_VALUE, 0, 0, 0, 0, 0);
        UseCase.Defaults highest =
                new UseCase.Defaults(Long.MAX_VALUE, U32_MAX, 10_000, 10_000, U32_MAX - 1, U32_MAX - 1);
        TierPrior least = new TierPrior(1, 1);
        TierPrior most = new TierPrior(TierPrior.COUNT_MAX, TierPrior.COUNT_MAX);
        List<UseCase> useCases = List.of(
                new UseCase(0, lowest, 0, 0, 0, List.of(least, least)),
                new UseCase(63, highest, 10_000, 10_000, 10_000, List.of(most, most))
                        .with(new ExplorationRule(
                                ExplorationRule.Method.KEYED,
                                10_000,
                                Long.MAX_VALUE,
                                Long.MAX_VALUE,
                                U32_MAX,
                                Long.MAX_VALUE))
                        .with(new RewardRule(
                                10_000, 10_000, 10_000, 10_000, 10_000, Long.MAX_VALUE, U32_MAX - 1, 10_000))
                        .with(new AlarmRule(
                                AlarmRule.OUTCOMES_MAX,
                                10_000,
                                AlarmRule.OUTCOMES_MAX,
                                10_000,
                                AlarmRule.OUTCOMES_MAX)));
        return Adaptive.of(new int[] {0, 10_000}, useCases, Adaptive.HALF_LIFE_MINUTES_MAX)
                .value();
    }
}
