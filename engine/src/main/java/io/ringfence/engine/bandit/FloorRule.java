package io.ringfence.engine.bandit;

import io.ringfence.engine.policy.Bps;
import io.ringfence.schemas.FloorSource;

/** Settles the least quality of a request and whose it is. Mutable and reused; not thread safe. */
public final class FloorRule {
    private int floorBps;
    private FloorSource source = FloorSource.HARD;

    /**
     * The floor for a request that names none: the higher of the use case's and the chosen tier's, moved by the regime's step,
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
     * @param askedFloorBps the client's if it gave one, else the recommended one.
     * @param askedSource   whose that is.
     */
    public void resolve(int hardFloorBps, int askedFloorBps, FloorSource askedSource) {
        boolean isRaised = hardFloorBps > askedFloorBps;
        floorBps = isRaised ? hardFloorBps : askedFloorBps;
        source = isRaised ? FloorSource.HARD : askedSource;
    }

    /** The least quality that a candidate must have. */
    public int floorBps() {
        return floorBps;
    }

    /** Whose floor that is. */
    public FloorSource source() {
        return source;
    }
}
