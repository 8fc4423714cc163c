package io.ringfence.tools.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.gateway.Simulation;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.replay.Replay;
import io.ringfence.journal.read.JournalProver;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.tools.evaluation.DriftingArms.Feedback;
import io.ringfence.tools.evaluation.DriftingArms.Report;
import io.ringfence.tools.evaluation.run.Messages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Delay and drift together: the engine in a world whose best arm is known and changes, with feedback that is late, batched, missing and revised.
 * Beside it a plain twin of its rule in floating point, with and without fading of old outcomes.
 */
@Tag("model")
@Tag("once")
class FeedbackTest {
    private static final long BEGIN_NS = TimeUnit.SECONDS.toNanos(1_700_000_000);
    private static final long VALUE_MICROS = 1_220_000;
    private static final long MICROS = 1_000_000;
    private static final double HALF_LIFE_DAYS = 0.5;
    private static final int HALF_LIFE_MINUTES = 720;
    private static final double NEVER = Double.POSITIVE_INFINITY;
    private static final Set<ReasonCode> ANSWERS_TO_REVISIONS =
            EnumSet.of(ReasonCode.OUTCOME_REVISED, ReasonCode.OUTCOME_REPEATED);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(Feedback.class)
    void shouldDegradeAndNeverBreak(Feedback feedback) throws IOException {
        DriftingArms world = new DriftingArms(feedback, 1);
        runEngine(world, 0);

        double twin = mean(feedback, NEVER);
        print("engine", feedback, world, twin);
        requireLike(world, twin);
    }

    /** The engine with a half-life, beside itself without one and beside the twin with the same. */
    @ParameterizedTest
    @EnumSource(Feedback.class)
    void shouldLoseLessWithAHalfLife(Feedback feedback) throws IOException {
        DriftingArms world = new DriftingArms(feedback, 1);
        runEngine(world, HALF_LIFE_MINUTES);

        double twin = mean(feedback, HALF_LIFE_DAYS);
        print("fading", feedback, world, twin);
        requireLike(world, twin);
        double undiscounted = mean(feedback, NEVER);
        assertTrue(world.regret() < 0.8 * undiscounted, () -> world.regret() + " against " + undiscounted);
    }

    private void requireLike(DriftingArms world, double twin) {
        JournalProver.Report verified = JournalProver.verify(folder.resolve("journal"), records -> {});
        Replay.Report replayed = Replay.run(folder.resolve("journal"));
        assertTrue(verified.isOk(), verified::toString);
        assertTrue(replayed.isOk(), replayed::toString);
        assertNotNull(replayed.liveStateDigest());
        assertEquals(1, world.regret() / twin, 0.25, () -> "regret=" + world.regret() + ", twin=" + twin);
    }

    /** What fading is worth: the same rule, whose old outcomes lose half their weight in half a day of event time. */
    @ParameterizedTest
    @EnumSource(Feedback.class)
    void shouldLoseLessWhereOldOutcomesFade(Feedback feedback) {
        double discounted = mean(feedback, HALF_LIFE_DAYS);
        double undiscounted = mean(feedback, NEVER);

        System.out.printf(
                Locale.ROOT, "%-8s discounted %,8.0f  undiscounted %,8.0f%n", feedback, discounted, undiscounted);
        assertTrue(discounted < 0.75 * undiscounted, () -> discounted + " against " + undiscounted);
    }

    @Test
    void shouldKnowTheBestArmOfEachWeek() {
        DriftingArms knowing = new DriftingArms(Feedback.PROMPT, 1);
        while (knowing.advance()) {
            long week = knowing.timeNs() / TimeUnit.DAYS.toNanos(7);
            knowing.act(week % 2 == 0 ? DriftingArms.CHEAP : DriftingArms.MIDDLE);
        }

        assertEquals(0, knowing.regret());
        assertTrue(random(Feedback.PROMPT) > 0);
    }

    /** The engine's decisions and reports in a world, with a half-life or 0 for none; every command must come to what a sound client expects. */
    private void runEngine(DriftingArms world, int halfLifeMinutes) throws IOException {
        Map<Integer, Long> decisions = new HashMap<>();
        try (Simulation engine = new Simulation(config(halfLifeMinutes), BEGIN_NS)) {
            Messages messages = new Messages(engine);
            while (world.advance()) {
                engine.timeNs(BEGIN_NS + world.timeNs());
                for (Report report : world.arrived()) {
                    DecisionEvent outcome = messages.report(
                            decisions.get(report.request()),
                            report.revision(),
                            report.isSuccess() ? 1 : 0,
                            Math.round(DriftingArms.COSTS[report.arm()] * MICROS),
                            BEGIN_NS + world.timeNs());
                    assertNotNull(outcome);
                    ReasonCode reason = outcome.verdict().reason();
                    assertTrue(
                            report.revision() == 0
                                    ? reason == ReasonCode.APPLIED
                                    : ANSWERS_TO_REVISIONS.contains(reason),
                            reason::name);
                }
                DecisionEvent decided = messages.ask(0, 1_000, VALUE_MICROS, 1_000, Messages.ANY_CANDIDATE);
                assertTrue(
                        decided.verdict().isAdmitted(),
                        () -> decided.verdict().reason().name());
                int arm = (int) decided.verdict().actedCandidateId() - 1;
                long decision = decided.sequence();
                decisions.put(world.request(), decision);
                assertEquals(
                        ReasonCode.APPLIED,
                        messages.commit(decision, Math.round(DriftingArms.COSTS[arm] * MICROS))
                                .verdict()
                                .reason());
                world.act(arm);
            }
        }
    }

    private ServerConfig config(int halfLifeMinutes) throws IOException {
        StringBuilder policy = new StringBuilder("""
                policy:
                  epoch: 1
                  hard_risk_limit_bps: 10000
                  minimum_confidence_bps: 0
                  risk_penalty_multiplier_bps: 0
                  latency_penalty_micros_per_ms: 0
                providers: {arms: 0}
                tiers:
                  - {name: cheap, floor_bps: 0}
                  - {name: middle, floor_bps: 8500}
                  - {name: dear, floor_bps: 9500}
                use_cases:
                  drifting:
                    code: 0
                    pattern: support
                    value: 0
                    risk_bps: 0
                    confidence_bps: 10000
                    output_units: 0
                    target_success_bps: 7000
                """);
        policy.append("learning: {half_life_minutes: ").append(halfLifeMinutes).append("}\n");
        policy.append("candidates:\n");
        int[] qualities = {8_000, 9_000, 9_900};
        for (int arm = 0; arm < DriftingArms.ARMS; arm++) {
            policy.append(String.format(
                    Locale.ROOT,
                    "  - {id: %d, name: arm-%d, provider: arms, quality_bps: %d, risk_ceiling_bps: 10000,"
                            + " p95_latency_ms: 0, price: {input_per_million: %.1f, output_per_million: 0}}%n",
                    arm + 1,
                    arm,
                    qualities[arm],
                    DriftingArms.COSTS[arm] * 1_000));
        }
        Path policyFile = Files.writeString(folder.resolve("policy.yaml"), policy);
        Path accounts = Files.writeString(
                folder.resolve("accounts.yaml"), "accounts:\n  - {id: 1, name: world, granted: 1000000, for: calls}\n");
        ServerConfig config =
                ServerConfig.read(Path.of(System.getProperty("ringfence.root"), "conf", "evaluation", "engine.yaml"));
        return config.with(
                folder.resolve("journal"),
                Optional.empty(),
                config.durability(),
                Optional.empty(),
                policyFile,
                accounts);
    }

    private static void print(String what, Feedback feedback, DriftingArms world, double twin) {
        System.out.printf(
                Locale.ROOT,
                "%-8s %s %,8.0f (weeks %,.0f %,.0f %,.0f %,.0f)  twin %,8.0f  random %,8.0f%n",
                feedback,
                what,
                world.regret(),
                world.regretOfWeek(0),
                world.regretOfWeek(1),
                world.regretOfWeek(2),
                world.regretOfWeek(3),
                twin,
                random(feedback));
    }

    private static double random(Feedback feedback) {
        DriftingArms world = new DriftingArms(feedback, 1);
        SplittableRandom random = new SplittableRandom(9);
        while (world.advance()) {
            world.act(random.nextInt(DriftingArms.ARMS));
        }
        return world.regret();
    }

    private static double mean(Feedback feedback, double halfLifeDays) {
        double sum = 0;
        int seeds = 5;
        for (int seed = 1; seed <= seeds; seed++) {
            DriftingArms world = new DriftingArms(feedback, seed);
            new Twin(seed, halfLifeDays).run(world);
            sum += world.regret() / seeds;
        }
        return sum;
    }

    /**
     * Thompson sampling over tiers in doubles: the first tier whose sample reaches the target acts, the last if none does. Of a decision the last
     * report teaches: what is left of the one before is taken back. Its outcomes fade by event time, its priors do not.
     */
    private static final class Twin {
        private static final double TARGET = 0.7;
        private static final double PRIOR_OUTCOMES = 16;
        private static final double[] PRIOR_SUCCESS = {0.6, 0.75, 0.9};

        private final SplittableRandom random;
        private final double halfLifeNs;
        private final double[] successes = new double[DriftingArms.ARMS];
        private final double[] failures = new double[DriftingArms.ARMS];
        private final Map<Integer, Report> taught = new HashMap<>(); // The last report, by request.
        private final Map<Integer, Long> taughtAtNs = new HashMap<>();
        private long fadedAtNs;

        Twin(long seed, double halfLifeDays) {
            this.random = new SplittableRandom(~seed);
            this.halfLifeNs = halfLifeDays * TimeUnit.DAYS.toNanos(1);
        }

        void run(DriftingArms world) {
            while (world.advance()) {
                double kept = Math.pow(0.5, (world.timeNs() - fadedAtNs) / halfLifeNs);
                fadedAtNs = world.timeNs();
                for (int arm = 0; arm < DriftingArms.ARMS; arm++) {
                    successes[arm] *= kept;
                    failures[arm] *= kept;
                }
                for (Report report : world.arrived()) {
                    Report earlier = taught.put(report.request(), report);
                    if (earlier != null) {
                        double left = Math.pow(0.5, (world.timeNs() - taughtAtNs.get(report.request())) / halfLifeNs);
                        (earlier.isSuccess() ? successes : failures)[report.arm()] -= left;
                    }
                    (report.isSuccess() ? successes : failures)[report.arm()]++;
                    taughtAtNs.put(report.request(), world.timeNs());
                }
                int arm = 0;
                while (arm < DriftingArms.DEAR && sample(arm) < TARGET) {
                    arm++;
                }
                world.act(arm);
            }
        }

        private double sample(int arm) {
            double alpha = PRIOR_OUTCOMES * PRIOR_SUCCESS[arm] + Math.max(0, successes[arm]);
            double beta = PRIOR_OUTCOMES * (1 - PRIOR_SUCCESS[arm]) + Math.max(0, failures[arm]);
            double one = gamma(alpha);
            return one / (one + gamma(beta));
        }

        /** Marsaglia and Tsang, for shapes of 1 and above. */
        private double gamma(double shape) {
            double d = shape - 1.0 / 3;
            double c = 1 / Math.sqrt(9 * d);
            while (true) {
                double x = random.nextGaussian();
                double v = 1 + c * x;
                v = v * v * v;
                if (v > 0 && Math.log(1 - random.nextDouble()) < x * x / 2 + d - d * v + d * Math.log(v)) {
                    return d * v;
                }
            }
        }
    }
}
