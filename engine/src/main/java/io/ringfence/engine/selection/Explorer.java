package io.ringfence.engine.selection;

import io.ringfence.engine.bandit.BetaSampler;
import io.ringfence.engine.kernel.KernelDecision;
import io.ringfence.engine.kernel.KernelInput;
import io.ringfence.engine.policy.Adaptive;
import io.ringfence.engine.policy.Adaptive.TierPrior;
import io.ringfence.engine.policy.ExplorationRule;
import io.ringfence.engine.policy.ExplorationRule.Method;
import io.ringfence.engine.policy.Policy;
import io.ringfence.engine.policy.Policy.UseCase;
import io.ringfence.engine.snapshot.Snapshotted;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.ExplorationGuard;
import io.ringfence.schemas.ExplorationStateDecoder;
import io.ringfence.schemas.ExplorationStateEncoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import java.util.Arrays;

/**
 * Lets candidates that are nearly as good as the kernel's choice act now and then, within the bounds of the use case, and keeps what
 * outcomes taught about each.
 *
 * <p>The bounds hold per use case and period of event time. They are looked at before a draw: a bound that the dearest near candidate
 * could pass keeps the kernel's choice, so the probability of a draw never depends on them. What is drawn counts, also where the budget
 * refuses it then. A candidate must pass every gate, the quality floor with its hard part included, whatever is believed of it.
 *
 * <p>State is the counts of each period and the posteriors; the key is not part of it. One thread; allocates nothing once warm.
 */
public final class Explorer implements Snapshotted {
    /** Purpose of the draws from posteriors of candidates; the arm is the candidate's id. That of tiers is 1. */
    static final int PURPOSE = 2;

    private final long[] periods = new long[Adaptive.USE_CASES_MAX];
    private final long[] decisions = new long[Adaptive.USE_CASES_MAX];
    private final long[] spendsMicros = new long[Adaptive.USE_CASES_MAX];
    private final PublishedExploration published = new PublishedExploration();
    private final CandidatePosteriors posteriors;
    private final BetaSampler sampler;
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final ExplorationStateEncoder encoder = new ExplorationStateEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final ExplorationStateDecoder decoder = new ExplorationStateDecoder();
    private long age; // Of the learning, at the event in hand.
    private KeyedDraw key; // Null without one, as in every replay.

    /**
     * @param seed          of the engine's draws, from its settings.
     * @param posteriorsMax posteriors of candidates that are kept; 1 and above.
     */
    public Explorer(long seed, int posteriorsMax) {
        posteriors = new CandidatePosteriors(posteriorsMax);
        sampler = new BetaSampler(seed);
    }

    /** Bytes that the posteriors take. */
    public static long bytes(int posteriorsMax) {
        return (long) posteriorsMax * CandidatePosteriors.CELL_BYTES;
    }

    /** Begins an event; before anything else of it. The age of the learning is in 2^-24 of a half-life. */
    public void begin(long learningAge) {
        age = learningAge;
    }

    /** What other threads are told of the bounds. Any thread. */
    public PublishedExploration published() {
        return published;
    }

    /** Draws by this key from here on; null: by the draws that records hold. */
    public void key(KeyedDraw next) {
        key = next;
    }

    /**
     * Chooses among the near candidates of a request on which the kernel was followed, and lets the one that was drawn act.
     *
     * @param policy      in force.
     * @param useCase     of the request; its rule explores.
     * @param regime      of the request, 0 to 7.
     * @param nowNs       event time.
     * @param inputDigest of the input, 32 bytes.
     * @param decision    that selects a candidate.
     * @param selection   as it followed the kernel; receives who acts.
     */
    public void explore(
            Policy policy,
            UseCase useCase,
            int regime,
            long nowNs,
            KernelInput input,
            byte[] inputDigest,
            KernelDecision decision,
            Selection selection) {
        ExplorationRule rule = useCase.exploration();
        if (!selection.explore(policy, input, decision, rule.nearMicros())) {
            return;
        }
        Explored explored = selection.explored();
        roll(useCase.code(), nowNs / rule.periodNs());
        publish(useCase.code(), rule);
        ExplorationGuard guard = guard(useCase.code(), rule, explored);
        if (guard != ExplorationGuard.NONE) {
            explored.withhold(guard);
        } else if (rule.method() == Method.KEYED) {
            drawByKey(policy, rule, input.requestSequence(), inputDigest, explored);
        } else {
            drawFromPosteriors(policy, useCase, regime, input, explored);
        }
        selection.follow(policy, input);
        if (explored.isExplored()) {
            decisions[useCase.code()]++;
            spendsMicros[useCase.code()] += selection.costMicros(); // Within the bound, so it fits.
            publish(useCase.code(), rule);
        }
    }

    private void publish(int useCase, ExplorationRule rule) {
        published.publish(useCase, rule, periods[useCase], decisions[useCase], spendsMicros[useCase]);
    }

    private void roll(int useCase, long period) {
        if (periods[useCase] != period) {
            periods[useCase] = period;
            decisions[useCase] = 0;
            spendsMicros[useCase] = 0;
        }
    }

    private ExplorationGuard guard(int useCase, ExplorationRule rule, Explored explored) {
        if (decisions[useCase] >= rule.decisionsMax()) {
            return ExplorationGuard.DECISIONS;
        }
        long leftMicros = Math.max(0, rule.spendMaxMicros() - spendsMicros[useCase]);
        boolean isBeyond = Long.compareUnsigned(explored.greatestCostMicros(), leftMicros) > 0;
        return isBeyond ? ExplorationGuard.SPEND : ExplorationGuard.NONE;
    }

    private void drawByKey(Policy policy, ExplorationRule rule, long sequence, byte[] inputDigest, Explored explored) {
        if (key != null) {
            key.draw(policy.digest(), inputDigest);
            explored.draw(rule.rateBps(), key.draw(), key.pick());
        } else if (explored.isDrawRecorded(sequence)) {
            explored.draw(rule.rateBps(), explored.recordedDraw(), explored.recordedPick());
        } else {
            explored.withhold(ExplorationGuard.NO_KEY);
        }
    }

    private void drawFromPosteriors(Policy policy, UseCase useCase, int regime, KernelInput input, Explored explored) {
        explored.play(input);
        for (int place = 0; place < explored.inPlayCount(); place++) {
            long candidateId = explored.candidateId(place);
            TierPrior prior = useCase.priors().get(policy.tierOfIndex(explored.index(place)));
            long alpha = prior.successes() + posteriors.successes(useCase.code(), regime, candidateId, age);
            long beta = prior.failures() + posteriors.failures(useCase.code(), regime, candidateId, age);
            int draw = sampler.sample(input.requestSequence(), PURPOSE, (int) candidateId, alpha, beta);
            explored.posterior(place, alpha, beta, draw);
        }
        explored.playTo();
    }

    /**
     * Learns one lesson, once per decision: the caller passes on only what the tiers took.
     *
     * @param useCase     of the decision, 0 to 63, as the regime is 0 to 7 and the candidate is that which acted.
     * @param candidateId u32; 0: none acted, nothing is learnt.
     * @param lesson      from {@link io.ringfence.engine.bandit.Lesson#of}.
     * @param sequence    of the outcome.
     */
    public void learn(int useCase, int regime, long candidateId, int lesson, long sequence) {
        posteriors.learn(useCase, regime, candidateId, lesson, sequence, age);
    }

    /**
     * Takes back a lesson, as far as it is left.
     *
     * @param lesson         that was taught; {@link io.ringfence.engine.bandit.Lesson#NOTHING}: nothing is taken back.
     * @param taughtSequence of the outcome that taught it.
     * @param taughtAge      of the learning then.
     */
    public void takeBack(int useCase, int regime, long candidateId, int lesson, long taughtSequence, long taughtAge) {
        posteriors.takeBack(useCase, regime, candidateId, lesson, taughtSequence, taughtAge, age);
    }

    /** What is learnt of the candidates of the use cases {@code [begin, end)} now is what an alarm falls back to. */
    public void name(int begin, int end) {
        posteriors.name(begin, end);
    }

    /** The candidates of a use case have learnt what was named, and nothing since. */
    public void fallBack(int useCase, long sequence) {
        posteriors.fallBack(useCase, sequence);
    }

    /** One candidate stands at its tier's prior again. */
    public void reset(int useCase, int regime, long candidateId, long sequence) {
        posteriors.reset(useCase, regime, candidateId, sequence);
    }

    @Override
    public long stateLength() {
        int explored = 0;
        for (int useCase = 0; useCase < decisions.length; useCase++) {
            explored += decisions[useCase] != 0 ? 1 : 0;
        }
        return StateWriter.length(explored, ExplorationStateEncoder.BLOCK_LENGTH) + posteriors.stateLength();
    }

    /** The counts of each use case that has explored in its last period, then the posteriors. */
    @Override
    public void writeState(StateWriter writer) {
        for (int useCase = 0; useCase < decisions.length; useCase++) {
            if (decisions[useCase] != 0) {
                encoder.wrapAndApplyHeader(writer.buffer(), writer.position(), headerEncoder)
                        .useCase((short) useCase)
                        .period(periods[useCase])
                        .decisions(decisions[useCase])
                        .spendMicros(spendsMicros[useCase]);
                writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
            }
        }
        posteriors.writeState(writer);
    }

    @Override
    public void readState(StateReader reader) {
        Arrays.fill(periods, 0);
        Arrays.fill(decisions, 0);
        Arrays.fill(spendsMicros, 0);
        posteriors.clear();
        published.clear();
        while (reader.hasRemaining()) {
            headerDecoder.wrap(reader.buffer(), reader.position());
            if (headerDecoder.templateId() == ExplorationStateDecoder.TEMPLATE_ID) {
                decoder.wrapAndApplyHeader(reader.buffer(), reader.position(), headerDecoder);
                periods[decoder.useCase()] = decoder.period();
                decisions[decoder.useCase()] = decoder.decisions();
                spendsMicros[decoder.useCase()] = decoder.spendMicros();
                publish(decoder.useCase(), null);
                reader.advance(MessageHeaderDecoder.ENCODED_LENGTH + decoder.encodedLength());
            } else {
                posteriors.readState(reader, headerDecoder);
            }
        }
    }
}
