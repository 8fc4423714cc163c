package io.ringfence.engine.bandit;

import io.ringfence.engine.policy.Bps;
import io.ringfence.schemas.FloorSource;

/** Computes the least quality of a request, and which rule set it. Mutable and reused; not thread safe. */
public final class FloorRule {
    private int floorBps;
    private FloorSource source = FloorSource.HARD;

    /**
     * Returns the floor for a request that states none: the higher of the use case's and the chosen tier's, moved by the regime's step,
     * within 0 to 10,000.
     *
     * @param stepBps from the regime; negative lowers.
     */
    public static int recommendedBps(int useCaseFloorBps, int tierFloorBps, int stepBps) {
        return Math.max(0, Math.min(Bps.ONE, Math.max(useCaseFloorBps, tierFloorBps) + stepBps));
    }

    /**
     * Takes the higher of the hard floor and the one asked for. The hard floor is the source only where it raises.
     *
     * @param hardFloorBps  of the use case.
     * @param askedFloorBps the client's if it stated one, else the recommended one.
     * @param askedSource   the rule that asked for it.
     */
    public void resolve(int hardFloorBps, int askedFloorBps, FloorSource askedSource) {
        boolean isRaised = hardFloorBps > askedFloorBps;
        floorBps = isRaised ? hardFloorBps : askedFloorBps;
        source = isRaised ? FloorSource.HARD : askedSource;
    }

    /** Least quality of a candidate, 0 to 10,000. */
    public int floorBps() {
        return floorBps;
    }

    /** The rule that set the floor. */
    public FloorSource source() {
        return source;
    }
}
