package io.ringfence.engine.kernel;

import io.ringfence.engine.policy.Candidate;
import io.ringfence.engine.policy.Catalog;
import java.util.List;

/** The worked check of the semantics: two candidates, a request, and what comes of them by hand. */
public final class GoldenCase {
    /** Requested by {@link #input()}, and better. */
    public static final Candidate FIRST = new Candidate(1, 0, 9_000, 9_500, 1, 200, 5, -1, 250, 1_000);
    /** Cheaper and faster, of less quality. */
    public static final Candidate SECOND = new Candidate(2, 1, 7_500, 9_500, 1, 90, 1, -1, 25, 125);
    /** Limits of both. */
    public static final Catalog.Head HEAD = new Catalog.Head(7, 42, 9_600, 5_500, 3_500, 2);

    private GoldenCase() {}

    /** Both candidates. */
    public static Catalog catalog() {
        return Catalog.trusted(HEAD, List.of(FIRST, SECOND)).value();
    }

    /** Asks for the first. */
    public static KernelInput input() {
        KernelInput input = new KernelInput();
        input.requestSequence(1);
        input.requestedCandidateId(1);
        input.inputUnits(1_000);
        input.outputUnits(500);
        input.businessValueMicros(100_000);
        input.costLimitMicros(50_000_000);
        input.riskBps(1_000);
        input.confidenceBps(9_000);
        input.minimumQualityBps(5_000);
        input.maxP95LatencyMs(1_000);
        input.requiredCapabilities(1);
        input.allowedProviderMask(-1);
        return input;
    }
}
