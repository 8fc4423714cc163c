package io.ringfence.engine.bandit;

import io.ringfence.engine.bandit.Evidence.LearningAge;
import io.ringfence.engine.policy.Adaptive;
import io.ringfence.engine.policy.Adaptive.TierPrior;
import io.ringfence.engine.policy.Bps;
import io.ringfence.engine.policy.Policy.UseCase;
import io.ringfence.engine.snapshot.Snapshotted;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.BanditStateDecoder;
import io.ringfence.schemas.BanditStateEncoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OutcomeFactsDecoder;
import io.ringfence.schemas.ReasonCode;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Chooses the cheapest quality tier that is likely to succeed, by Thompson sampling over the outcomes learnt.
 *
 * <p>The posterior of a (use case, regime, tier) is the prior of the active policy plus the counts learnt. A new policy brings new priors. It
 * keeps the counts if it has as many tiers as the one before; with another number the tiers are others, and the counts are dropped. An
 * outcome of an older decision teaches the tier of the same number, if there is one. A count is at most half of a u32: one more halves
 * both counts of the cell, which keeps their proportion. With a half-life in the policy, counts fade with event time; priors do not.
 * Taken back is what is left of a lesson, and nothing where the counts were dropped or reset since; no count falls below 0.
 *
 * <p>State is the number of tiers, the record that changed it last, the age of the learning, and the counts. Priors and targets are the
 * policy's. Which outcome taught what is in the journal alone. Called by its owner's thread only. Allocates nothing.
 *
 * @see <a href="https://doi.org/10.1093/biomet/25.3-4.285">Thompson: On the likelihood that one unknown probability exceeds
 *     another in view of the evidence of two samples, Biometrika 25, 1933</a>
 */
public final class TierBandit implements Snapshotted {
    /** Regimes are 0 to 7. */
    public static final int REGIMES = 8;

    /** Purpose of the draws made here, as {@link BetaSampler.CounterRandom} counts them; the arm is the tier. */
    static final int PURPOSE = 1;

    private static final int NOT_DEFINED = -1;

    final TierCounts learnt = new TierCounts();
    private final Evidence evidence = learnt.evidence();
    private final BetaSampler sampler;
    private final int[] targetsBps = new int[Adaptive.USE_CASES_MAX];
    private final long[] priorSuccesses = new long[Adaptive.USE_CASES_MAX * Adaptive.TIERS_MAX];
    private final long[] priorFailures = new long[priorSuccesses.length];
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final LearningAge ages = new LearningAge();
    private long age; // At the event in hand.
    int tierCount;
    private long forgottenSequence; // Record that changed the number of tiers last.

    /** @param seed of the engine's draws, from its settings. */
    public TierBandit(long seed) {
        sampler = new BetaSampler(seed);
        Arrays.fill(targetsBps, NOT_DEFINED);
    }

    /** Begins an event; before anything else of it. */
    public void begin(long nowNs) {
        age = ages.at(nowNs);
    }

    /** Age of the learning at the event in hand, in 2^-24 of a half-life: it stands still while there is none. */
    public long age() {
        return age;
    }

    /**
     * Makes the tiers, targets, priors and the half-life of a policy active.
     *
     * @param sequence of the record that does so.
     * @param nowNs    its event time.
     */
    public void activate(Adaptive adaptive, long sequence, long nowNs) {
        ages.pace(TimeUnit.MINUTES.toMillis(adaptive.halfLifeMinutes()), nowNs);
        if (tierCount != 0 && tierCount != adaptive.tierCount()) {
            learnt.forget();
            forgottenSequence = sequence;
        }
        tierCount = adaptive.tierCount();
        Arrays.fill(targetsBps, NOT_DEFINED);
        for (UseCase useCase : adaptive.useCases()) {
            targetsBps[useCase.code()] = useCase.targetSuccessBps();
            for (int tier = 0; tier < tierCount; tier++) {
                TierPrior prior = useCase.priors().get(tier);
                priorSuccesses[useCase.code() * Adaptive.TIERS_MAX + tier] = prior.successes();
                priorFailures[useCase.code() * Adaptive.TIERS_MAX + tier] = prior.failures();
            }
        }
    }

    /**
     * Samples the tiers from the cheapest up and stops at the first whose draw reaches the target success. That tier is chosen;
     * the top tier if none reaches it.
     *
     * @param sequence of the request. With it, anyone can repeat the draws.
     * @param useCase  code that the active policy defines.
     * @param regime   0 to 7.
     * @param out      receives the tier, the posterior of every tier, and the draws of the sampled tiers.
     * @throws IllegalArgumentException if the active policy does not define the use case.
     */
    public void choose(long sequence, int useCase, int regime, TierChoice out) {
        int targetBps = targetsBps[useCase];
        if (targetBps == NOT_DEFINED) {
            throw new IllegalArgumentException("use case must be defined by the policy: useCase=" + useCase);
        }
        out.begin(tierCount);
        int prior = useCase * Adaptive.TIERS_MAX;
        int cell = cell(useCase, regime, 0);
        for (int tier = 0; tier < tierCount; tier++) {
            out.posterior(
                    tier,
                    priorSuccesses[prior + tier] + evidence.successes(cell + tier, age),
                    priorFailures[prior + tier] + evidence.failures(cell + tier, age));
        }
        int tier = 0;
        while ((long) draw(sequence, tier, out) * Bps.ONE < (long) targetBps * BetaSampler.ONE
                && tier < tierCount - 1) {
            tier++;
        }
        out.chosen(tier);
    }

    private int draw(long sequence, int tier, TierChoice out) {
        int draw = sampler.sample(sequence, PURPOSE, tier, out.successes(tier), out.failures(tier));
        out.drawn(tier, draw);
        return draw;
    }

    /**
     * Learns from an outcome that stands.
     *
     * @param facts  of the decision, with which the outcome was stamped.
     * @param lesson from {@link Lesson#of}.
     * @return NONE if the lesson was taken, else the first that applies: OUTCOME_WITHOUT_LESSON, OUTCOME_WITHOUT_TIER.
     */
    public ReasonCode learn(OutcomeFactsDecoder facts, int lesson) {
        if (lesson == Lesson.NOTHING) {
            return ReasonCode.OUTCOME_WITHOUT_LESSON;
        }
        if (!isCell(facts.useCase(), facts.regime(), facts.tier())) {
            return ReasonCode.OUTCOME_WITHOUT_TIER;
        }
        evidence.learn(cell(facts.useCase(), facts.regime(), facts.tier()), lesson, age);
        return ReasonCode.NONE;
    }

    /**
     * Takes back what is left of a lesson that an earlier outcome taught. Nothing is left of a lesson from before the number of tiers changed,
     * or from before the tier was reset or fell back.
     *
     * @param facts          of the decision.
     * @param lesson         -256 to 256, as it was taught.
     * @param taughtSequence record of the outcome that taught it.
     * @param taughtAge      age of the learning then.
     */
    public void takeBack(OutcomeFactsDecoder facts, int lesson, long taughtSequence, long taughtAge) {
        if (taughtSequence > forgottenSequence && isCell(facts.useCase(), facts.regime(), facts.tier())) {
            learnt.takeBack(
                    cell(facts.useCase(), facts.regime(), facts.tier()), lesson, taughtSequence, taughtAge, age);
        }
    }

    @Override
    public long stateLength() {
        return StateWriter.length(1, BanditStateEncoder.BLOCK_LENGTH) + learnt.stateLength();
    }

    /** The tier count, then each cell that learnt something or was set. */
    @Override
    public void writeState(StateWriter writer) {
        new BanditStateEncoder()
                .wrapAndApplyHeader(writer.buffer(), writer.position(), headerEncoder)
                .tierCount((short) tierCount)
                .forgottenSequence(forgottenSequence)
                .halfLifeMs(ages.halfLifeMs())
                .pacedNs(ages.sinceNs())
                .pacedAge(ages.ageThen());
        writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + BanditStateEncoder.BLOCK_LENGTH);
        learnt.writeState(writer);
    }

    /** Restores the learnt counts. The policy, which brings targets and priors, must be activated next. */
    @Override
    public void readState(StateReader reader) {
        learnt.forget();
        BanditStateDecoder head =
                new BanditStateDecoder().wrapAndApplyHeader(reader.buffer(), reader.position(), headerDecoder);
        tierCount = head.tierCount();
        forgottenSequence = head.forgottenSequence();
        ages.restore(head.halfLifeMs(), head.pacedNs(), head.pacedAge());
        reader.advance(MessageHeaderDecoder.ENCODED_LENGTH + headerDecoder.blockLength());
        while (reader.hasRemaining()) {
            learnt.readState(reader, headerDecoder);
        }
    }

    private boolean isCell(int useCase, int regime, int tier) {
        return Integer.compareUnsigned(useCase, Adaptive.USE_CASES_MAX) < 0
                && Integer.compareUnsigned(regime, REGIMES) < 0
                && Integer.compareUnsigned(tier, tierCount) < 0;
    }

    static int cell(int useCase, int regime, int tier) {
        return (useCase * REGIMES + regime) * Adaptive.TIERS_MAX + tier;
    }

    /** The chosen tier, the posterior of every tier, and the draws of the sampled tiers. Mutable and reused; not thread safe. */
    public static final class TierChoice {
        /** The tier of a choice that was not made. */
        public static final int NO_TIER = 255;

        private final long[] successes = new long[Adaptive.TIERS_MAX];
        private final long[] failures = new long[Adaptive.TIERS_MAX];
        private final int[] draws = new int[Adaptive.TIERS_MAX];
        private int tierCount;
        private int sampledCount;
        private int tier = NO_TIER;
        private long age;

        /** Empties the choice: no tiers, no draws, {@link #NO_TIER}. */
        public void clear() {
            begin(0);
            tier = NO_TIER;
        }

        /**
         * Starts a new choice without draws. The posterior of each tier must be written next.
         *
         * @param tierCount tiers of the policy, 0 to {@link Adaptive#TIERS_MAX}.
         */
        public void begin(int tierCount) {
            this.tierCount = tierCount;
            sampledCount = 0;
        }

        /** Writes the posterior of a tier, in 1/256 of an outcome. */
        public void posterior(int tier, long successes, long failures) {
            this.successes[tier] = successes;
            this.failures[tier] = failures;
        }

        /** Writes the draw of a tier, in 1/65,536. Tiers are drawn in order from 0. */
        public void drawn(int tier, int draw) {
            draws[tier] = draw;
            sampledCount = tier + 1;
        }

        /** Writes the chosen tier, or {@link #NO_TIER}. */
        public void chosen(int tier) {
            this.tier = tier;
        }

        /** Writes the age of the learning, which an outcome has too. */
        public void age(long ofLearning) {
            age = ofLearning;
        }

        /** Age of the learning, in 2^-24 of a half-life; of a record that was read, only where it is an outcome that stands. */
        public long age() {
            return age;
        }

        /** Tiers of the policy: each has a posterior. 0 when no choice was made. */
        public int tierCount() {
            return tierCount;
        }

        /** Tiers 0 to {@code sampledCount - 1} were sampled and have a draw; 0 to {@link #tierCount()}. */
        public int sampledCount() {
            return sampledCount;
        }

        /** The chosen tier, 0 is the cheapest, or {@link #NO_TIER}. */
        public int tier() {
            return tier;
        }

        /** Alpha of a tier's posterior in 1/256; 1 to 2^32 - 2. */
        public long successes(int tier) {
            return successes[tier];
        }

        /** Beta of a tier's posterior in 1/256; 1 to 2^32 - 2. */
        public long failures(int tier) {
            return failures[tier];
        }

        /** The draw of a sampled tier in 1/65,536, rounded down, 0 to 65,535; 0 for a tier that was not sampled. */
        public int draw(int tier) {
            return tier < sampledCount ? draws[tier] : 0;
        }
    }
}
