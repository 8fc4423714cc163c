package io.ringfence.tools.report;

import io.ringfence.engine.bandit.TierBandit.TierChoice;
import io.ringfence.engine.pipeline.DecisionEvent;
import java.util.Map;
import java.util.TreeMap;

/**
 * How often which tier acted on admitted requests whose floor came from which sampled tier, by use case. When a policy has another number
 * of tiers, the tiers are others and it begins anew, as the engine's beliefs do. One thread.
 */
final class TierPairs {
    private final TreeMap<Integer, TreeMap<Pair, Long>> counts = new TreeMap<>();
    private int tierCount;
    private long since;

    /**
     * The two tiers of a decision.
     *
     * @param sampled whose draw reached the target first: it gave the floor.
     * @param acted   of the candidate that acted: an outcome teaches this one.
     */
    record Pair(int sampled, int acted) implements Comparable<Pair> {
        boolean isEqual() {
            return sampled == acted;
        }

        @Override
        public int compareTo(Pair other) {
            return sampled != other.sampled ? sampled - other.sampled : acted - other.acted;
        }
    }

    /** A policy came into force. */
    void activated(long sequence, int ofTierCount) {
        if (ofTierCount != tierCount) {
            tierCount = ofTierCount;
            since = sequence;
            counts.clear();
        }
    }

    /** Takes a recorded decision. Where the client stated the floor, no tier was sampled. */
    void accept(DecisionEvent event) {
        if (event.isDecided()
                && !event.isDuplicate()
                && event.verdict().isAdmitted()
                && event.choice().tier() != TierChoice.NO_TIER) {
            int acted = event.policy()
                    .tierOfIndex(
                            event.policy().catalog().indexOf(event.verdict().actedCandidateId()));
            counts.computeIfAbsent(event.request().useCase(), none -> new TreeMap<>())
                    .merge(new Pair(event.choice().tier(), acted), 1L, Long::sum);
        }
    }

    /** Sequence from which on the tiers are those of the policy in force. */
    long since() {
        return since;
    }

    /** How many tiers there are; 0 before the first policy. */
    int tierCount() {
        return tierCount;
    }

    /** Pairs of a use case with their counts, ascending. */
    Map<Pair, Long> of(int useCase) {
        return counts.getOrDefault(useCase, new TreeMap<>());
    }
}
