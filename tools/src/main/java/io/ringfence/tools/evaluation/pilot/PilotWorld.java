package io.ringfence.tools.evaluation.pilot;

import io.ringfence.engine.kernel.Kernel;
import io.ringfence.engine.kernel.KernelInput;
import io.ringfence.engine.policy.Bps;
import io.ringfence.engine.policy.Candidate;
import io.ringfence.engine.policy.Catalog;
import io.ringfence.engine.policy.Policy.UseCase;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.tools.evaluation.run.Messages;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Four simulated weeks of requests whose every outcome is known, drawn from a seed and a policy.
 *
 * <p>Each request has a hidden difficulty from 0 to 1, uniform. A candidate succeeds at it when its true skill in the use case is above: the
 * catalog quality, off by up to {@link #OFF} in either direction. All candidates meet the same request. People
 * ask by habit: six of ten times for one of the best quarter of those that may act, else for any of these. One thread.
 */
final class PilotWorld {
    /** Requests in all. */
    static final int REQUESTS = 10_000;
    /** Weeks that they are spread over evenly. */
    static final int WEEKS = 4;
    /** Event time of the first: a Monday, 00:00 UTC. */
    static final long BEGIN_NS = TimeUnit.SECONDS.toNanos(1_767_571_200);

    private static final long STEP_NS = TimeUnit.DAYS.toNanos(7) * WEEKS / REQUESTS;
    private static final double OFF = 0.05;
    private static final double HABIT = 0.6;
    private static final int BEST_PART = 4;
    private static final double REPORTED = 0.9;
    private static final double MEAN_DELAY_HOURS = 6;
    private static final int UNITS_MIN = 200;
    private static final int UNITS_TIMES = 20;
    private static final int RISK_SPREAD_BPS = 1_000;

    private final SplittableRandom random;
    private final Catalog catalog;
    private final List<UseCase> useCases;
    private final double[][] skills; // By index of the use case, then of the catalog.
    private final OptionalDouble worth;
    private final KernelInput input = new KernelInput();
    private int next;

    /**
     * One request, and what nobody knows of it.
     *
     * @param timeNs      event time.
     * @param valueMicros that it states; {@link Messages#USUAL_VALUE}: none.
     * @param asked       index in the catalog of the candidate that is asked for.
     * @param difficulty  from 0 to 1.
     * @param reportedNs  event time of the report on it; {@link Long#MAX_VALUE}: never.
     */
    record Request(
            long timeNs,
            int useCaseIndex,
            int riskBps,
            long valueMicros,
            long units,
            int asked,
            double difficulty,
            long reportedNs) {}

    /** @param worth of a request, in costs of the dearest candidate; empty: it states no value, so that of its use case counts. */
    PilotWorld(CompiledPolicy policy, long seed, OptionalDouble worth) {
        random = new SplittableRandom(seed);
        this.worth = worth;
        catalog = policy.catalog();
        useCases = policy.adaptive().useCases();
        skills = new double[useCases.size()][catalog.count()];
        for (double[] ofUseCase : skills) {
            for (int index = 0; index < ofUseCase.length; index++) {
                double quality = (double) catalog.candidate(index).qualityBps() / Bps.ONE;
                ofUseCase[index] = quality + OFF * (2 * random.nextDouble() - 1);
            }
        }
    }

    /** The next request; null after the last. */
    Request next() {
        if (next == REQUESTS) {
            return null;
        }
        long timeNs = BEGIN_NS + next++ * STEP_NS;
        int useCaseIndex = random.nextInt(useCases.size());
        int usualRiskBps = useCases.get(useCaseIndex).defaults().riskBps();
        int riskBps = usualRiskBps + random.nextInt(2 * RISK_SPREAD_BPS + 1) - RISK_SPREAD_BPS;
        riskBps = Math.max(0, Math.min(Bps.ONE, riskBps));
        long units = Math.round(UNITS_MIN * Math.exp(Math.log(UNITS_TIMES) * random.nextDouble()));
        int asked = asked(useCases.get(useCaseIndex), riskBps);
        double difficulty = random.nextDouble();
        double delayHours = -MEAN_DELAY_HOURS * Math.log(1 - random.nextDouble());
        boolean isReported = random.nextDouble() < REPORTED;
        return new Request(
                timeNs,
                useCaseIndex,
                riskBps,
                valueMicros(useCases.get(useCaseIndex), units),
                units,
                asked,
                difficulty,
                isReported ? timeNs + (long) (delayHours * TimeUnit.HOURS.toNanos(1)) : Long.MAX_VALUE);
    }

    private long valueMicros(UseCase useCase, long units) {
        if (worth.isEmpty()) {
            return Messages.USUAL_VALUE;
        }
        input.inputUnits(units);
        input.outputUnits(useCase.defaults().outputUnits());
        long most = 0;
        for (int index = 0; index < catalog.count(); index++) {
            most = Math.max(most, Kernel.costMicros(catalog, index, input));
        }
        return (long) Math.ceil(worth.getAsDouble() * most);
    }

    /** Does a candidate succeed at a request? */
    boolean succeeds(Request request, int index) {
        return request.difficulty() < skills[request.useCaseIndex()][index];
    }

    /** Id of the candidate at an index of the catalog. */
    long candidateId(int index) {
        return catalog.candidate(index).id();
    }

    /** Code of the request's use case. */
    int useCase(Request request) {
        return useCases.get(request.useCaseIndex()).code();
    }

    /** People keep to the hard rules: floor, latency and risk. Where nobody does, they ask for the best of all. */
    private int asked(UseCase useCase, int riskBps) {
        List<Integer> allowed = new ArrayList<>();
        int best = 0;
        for (int index = 0; index < catalog.count(); index++) {
            Candidate candidate = catalog.candidate(index);
            best = candidate.qualityBps() > catalog.candidate(best).qualityBps() ? index : best;
            if (candidate.isEnabled()
                    && candidate.qualityBps() >= useCase.hardFloorBps()
                    && isFastEnough(candidate, useCase)
                    && candidate.riskCeilingBps() >= riskBps) {
                allowed.add(index);
            }
        }
        allowed.sort(Comparator.comparingInt(
                (Integer index) -> -catalog.candidate(index).qualityBps()));
        boolean isHabit = random.nextDouble() < HABIT;
        int among = isHabit ? (allowed.size() + BEST_PART - 1) / BEST_PART : allowed.size();
        int pick = random.nextInt(Math.max(1, among));
        return allowed.isEmpty() ? best : allowed.get(pick);
    }

    private static boolean isFastEnough(Candidate candidate, UseCase useCase) {
        long capMs = useCase.defaults().maxP95LatencyMs();
        return capMs == 0 || candidate.p95LatencyMs() <= capMs;
    }
}
