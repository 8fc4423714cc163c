package io.ringfence.engine.policy;

import java.util.List;

/**
 * What one kind of request needs: its defaults, floors, target and prior beliefs.
 *
 * @param code                0 to 63.
 * @param defaults            for the fields a request leaves null.
 * @param hardFloorBps        least quality whatever the client or the engine says, 0 to 10,000.
 * @param recommendedFloorBps least quality where the client names none, 0 to 10,000.
 * @param targetSuccessBps    how likely success must be, 0 to 10,000.
 * @param priors              one a tier, cheapest first.
 */
public record UseCase(
        int code,
        UseCaseDefaults defaults,
        int hardFloorBps,
        int recommendedFloorBps,
        int targetSuccessBps,
        List<TierPrior> priors) {
    public UseCase {
        priors = List.copyOf(priors);
    }
}
