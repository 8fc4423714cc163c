package io.ringfence.perf;

import io.ringfence.engine.bandit.TierBandit;
import io.ringfence.engine.bandit.TierBandit.TierChoice;
import io.ringfence.engine.policy.Adaptive;
import io.ringfence.engine.policy.Policy.UseCase;
import io.ringfence.engine.policy.PriorPattern;
import io.ringfence.engine.regime.RegimeEstimator;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Time to resolve one adaptive floor: the regime of a request, and a choice among four tiers, few or all of them sampled. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 2,
        jvmArgsAppend = {"--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED"})
public class AdaptiveFloorBenchmark {
    private static final int REQUESTS = 4_096;
    private static final Adaptive POLICY = Adaptive.of(
                    new int[] {5_000, 6_500, 8_000, 9_000},
                    Stream.of(PriorPattern.values())
                            .map(AdaptiveFloorBenchmark::useCase)
                            .toList())
            .value();

    /** The same with a target that no draw reaches. */
    private static final Adaptive DEMANDING = Adaptive.of(
                    new int[] {5_000, 6_500, 8_000, 9_000},
                    POLICY.useCases().stream()
                            .map(of -> new UseCase(
                                    of.code(),
                                    of.defaults(),
                                    of.hardFloorBps(),
                                    of.recommendedFloorBps(),
                                    10_000,
                                    of.priors()))
                            .toList())
            .value();

    private final RegimeEstimator regimes = new RegimeEstimator(10_000_000_000L, 256, 400, 100, 250, 100);
    private final TierBandit bandit = new TierBandit(1);
    private final TierBandit demanding = new TierBandit(1);
    private final TierChoice choice = new TierChoice();
    private final long[] sizes = new long[REQUESTS];
    private final long[] valuesMicros = new long[REQUESTS];
    private final int[] risksBps = new int[REQUESTS];
    private long sequence;

    /** Starts with requests of every size, and with nothing learnt. */
    public AdaptiveFloorBenchmark() {
        bandit.activate(POLICY, 1, 1);
        demanding.activate(DEMANDING, 1, 1);
        Random random = new Random(1);
        for (int request = 0; request < REQUESTS; request++) {
            sizes[request] = 1 + (random.nextInt() >>> 1 >>> random.nextInt(20));
            valuesMicros[request] = 1 + (random.nextLong() >>> 22 >>> random.nextInt(20));
            risksBps[request] = random.nextInt(10_001);
        }
    }

    /** Samples tiers up to the first that reaches its target and settles the floor. */
    @Benchmark
    public int floor() {
        sequence++;
        int useCase = (int) sequence & 7;
        bandit.choose(sequence, useCase, (int) (sequence >> 3) & 7, choice);
        return settle(useCase, 0);
    }

    /** Samples all four tiers, because none can reach the target, and settles the floor. */
    @Benchmark
    public int floorOfFourDraws() {
        sequence++;
        int useCase = (int) sequence & 7;
        demanding.choose(sequence, useCase, (int) (sequence >> 3) & 7, choice);
        return settle(useCase, choice.sampledCount());
    }

    /** Samples tiers up to the first that reaches its target and settles the floor, with the regime. */
    @Benchmark
    public int regimeAndFloor() {
        sequence++;
        int useCase = (int) sequence & 7;
        observe();
        bandit.choose(sequence, useCase, regimes.regime(), choice);
        return settle(useCase, regimes.floorStepBps());
    }

    /** The regime without tiers. */
    @Benchmark
    public int regime() {
        sequence++;
        observe();
        return regimes.severity();
    }

    private void observe() {
        int request = (int) sequence & (REQUESTS - 1);
        regimes.observe(sizes[request], valuesMicros[request], risksBps[request]);
    }

    private int settle(int useCase, int stepBps) {
        UseCase rules = POLICY.useCases().get(useCase);
        return rules.floorBps(rules.recommendedFloorBps(POLICY.tierFloorBps(choice.tier()), stepBps));
    }

    private static UseCase useCase(PriorPattern pattern) {
        UseCase.Defaults defaults = new UseCase.Defaults(1_000_000, 0, 500, 9_000, 500, 0);
        return new UseCase(pattern.ordinal(), defaults, 1_000, 5_000, pattern.targetSuccessBps(), pattern.priors(4));
    }
}
