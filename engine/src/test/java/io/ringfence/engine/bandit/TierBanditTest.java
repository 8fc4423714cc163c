package io.ringfence.engine.bandit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.AllocatedBytes;
import io.ringfence.engine.bandit.TierBandit.TierChoice;
import io.ringfence.engine.policy.Adaptive;
import io.ringfence.engine.policy.Adaptive.TierPrior;
import io.ringfence.engine.policy.Policy.UseCase;
import io.ringfence.engine.policy.PriorPattern;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.BanditStateEncoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OutcomeFactsDecoder;
import io.ringfence.schemas.OutcomeFactsEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.TierPosteriorEncoder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TierBanditTest {
    private static final int HEAD_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH + BanditStateEncoder.BLOCK_LENGTH;
    private static final long SEED = 42;
    private static final int USE_CASE = 7;
    private static final int REGIME = 3;
    private static final int SUCCESS = 256;
    private static final int FAILURE = -256;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[OutcomeFactsDecoder.BLOCK_LENGTH]);
    private final OutcomeFactsEncoder encoder = new OutcomeFactsEncoder();
    private final OutcomeFactsDecoder facts = new OutcomeFactsDecoder();
    private final TierBandit bandit = new TierBandit(SEED);
    private final TierChoice choice = new TierChoice();
    private int activeTargetBps;

    @BeforeEach
    void setUp() {
        bandit.activate(policy(4, 7_200), 1, 1);
    }

    @Test
    void shouldTakeTheCheapestTierWhoseSampleReachesTheTargetElseTheTopOne() {
        int[] chosen = new int[4];
        for (long sequence = 1; sequence <= 10_000; sequence++) {
            bandit.choose(sequence, USE_CASE, REGIME, choice);

            for (int tier = 0; tier < choice.tier(); tier++) {
                assertTrue(choice.draw(tier) / 65_536.0 < 0.72);
            }
            assertTrue(choice.tier() == 3 || choice.draw(choice.tier()) / 65_536.0 >= 0.72);
            assertEquals(choice.tier() + 1, choice.sampledCount());
            chosen[choice.tier()]++;
        }

        assertTrue(Arrays.stream(chosen).allMatch(count -> count > 0), Arrays.toString(chosen));
    }

    @Test
    void shouldChooseAsATwinThatSamplesEveryTier() {
        Random random = new Random(9);
        BetaSampler sampler = new BetaSampler(SEED);
        int[] chosen = new int[8];
        for (int state = 0; state < 100_000; state++) {
            int tierCount = state < 50_000 ? 4 : 8;
            int targetBps = random.nextInt(10_001);
            if (state % 50 == 0) {
                bandit.activate(policy(tierCount, targetBps), 1, 1);
            } else {
                targetBps = activeTargetBps;
            }
            learn(bandit, USE_CASE, random.nextInt(8), random.nextInt(tierCount), random.nextInt(513) - 256);
            long sequence = random.nextLong();
            int regime = random.nextInt(8);

            bandit.choose(sequence, USE_CASE, regime, choice);

            int[] draws = new int[tierCount];
            int expected = tierCount - 1;
            for (int tier = tierCount - 1; tier >= 0; tier--) {
                draws[tier] = sampler.sample(
                        sequence, TierBandit.PURPOSE, tier, choice.successes(tier), choice.failures(tier));
                if (draws[tier] * 10_000L >= targetBps * 65_536L) {
                    expected = tier;
                }
            }
            assertEquals(expected, choice.tier());
            assertEquals(expected + 1, choice.sampledCount());
            for (int tier = 0; tier < choice.sampledCount(); tier++) {
                assertEquals(draws[tier], choice.draw(tier));
            }
            activeTargetBps = targetBps;
            chosen[choice.tier()]++;
        }

        assertTrue(Arrays.stream(chosen).allMatch(count -> count > 100), Arrays.toString(chosen));
    }

    @Test
    void shouldTakeTheCheapestForNoTargetAndTheTopOneForCertainty() {
        bandit.activate(policy(4, 0), 1, 1);
        bandit.choose(1, USE_CASE, REGIME, choice);
        assertEquals(0, choice.tier());

        bandit.activate(policy(4, 10_000), 1, 1);
        bandit.choose(1, USE_CASE, REGIME, choice);
        assertEquals(3, choice.tier());
    }

    @Test
    void shouldReportDrawsThatAnyoneCanRepeatFromTheReportedPosterior() {
        bandit.activate(policy(4, 10_000), 1, 1);

        bandit.choose(99, USE_CASE, REGIME, choice);

        assertEquals(4, choice.tierCount());
        assertEquals(4, choice.sampledCount());
        for (int tier = 0; tier < 4; tier++) {
            BetaSampler alone = new BetaSampler(SEED);
            int draw = alone.sample(99, TierBandit.PURPOSE, tier, choice.successes(tier), choice.failures(tier));
            assertEquals(draw, choice.draw(tier));
        }
    }

    @Test
    void shouldStartFromThePriorsOfThePolicy() {
        bandit.choose(1, USE_CASE, REGIME, choice);

        for (int tier = 0; tier < 4; tier++) {
            TierPrior prior = PriorPattern.CODING.priors(4).get(tier);
            assertEquals(prior, new TierPrior(choice.successes(tier), choice.failures(tier)));
        }
    }

    @Test
    void shouldKnowNoTierOnceCleared() {
        bandit.choose(1, USE_CASE, REGIME, choice);

        choice.clear();

        assertEquals(TierChoice.NO_TIER, choice.tier());
        assertEquals(0, choice.tierCount());
        assertEquals(0, choice.sampledCount());
    }

    @Test
    void shouldRefuseAUseCaseThatThePolicyDoesNotDefine() {
        assertThrows(IllegalArgumentException.class, () -> bandit.choose(1, USE_CASE + 1, REGIME, choice));
    }

    @Test
    void shouldTeachOnlyTheCellThatActed() {
        assertTrue(learn(bandit, USE_CASE, REGIME, 2, SUCCESS));
        assertTrue(learn(bandit, USE_CASE, REGIME, 2, FAILURE));
        assertTrue(learn(bandit, USE_CASE, REGIME, 2, 128));

        assertLearnt(USE_CASE, REGIME, 2, 256 + 192, 256 + 64);
        assertLearnt(USE_CASE, REGIME, 1, 0, 0);
        assertLearnt(USE_CASE, REGIME + 1, 2, 0, 0);
    }

    @Test
    void shouldLearnNothingFromFactsWithoutACell() {
        assertFalse(learn(bandit, USE_CASE, 255, 0, SUCCESS));
        assertFalse(learn(bandit, USE_CASE, REGIME, 255, SUCCESS));
        assertFalse(learn(bandit, USE_CASE, REGIME, 4, SUCCESS));
        assertFalse(learn(bandit, 64, REGIME, 0, SUCCESS));

        assertEquals(HEAD_LENGTH, state(bandit).length);
    }

    @ParameterizedTest
    @CsvSource({ // lesson, regime, tier, reason: each refusal breaks its rule and later ones.
        "-2147483648, 255, 9, OUTCOME_WITHOUT_LESSON",
        "256,         255, 1, OUTCOME_WITHOUT_TIER",
        "256,         2,   4, OUTCOME_WITHOUT_TIER",
    })
    void shouldSayTheFirstReasonWhyAnOutcomeTeachesNothing(int lesson, int regime, int tier, ReasonCode reason) {
        learn(bandit, USE_CASE, 2, 1, SUCCESS);
        byte[] before = state(bandit);

        assertEquals(reason, refusal(bandit, USE_CASE, regime, tier, lesson));

        assertArrayEquals(before, state(bandit));
    }

    @Test
    void shouldTakeALessonBackToTheBit() {
        learn(bandit, USE_CASE, REGIME, 1, FAILURE);
        byte[] before = state(bandit);
        learn(bandit, USE_CASE, REGIME, 1, 77);

        takeBack(bandit, USE_CASE, REGIME, 1, 77, 9);

        assertArrayEquals(before, state(bandit));
    }

    @Test
    void shouldTakeBackNothingBelowZeroAndNothingWithoutACell() {
        learn(bandit, USE_CASE, REGIME, 1, FAILURE);

        takeBack(bandit, USE_CASE, REGIME, 1, SUCCESS, 9);
        takeBack(bandit, USE_CASE, 255, 255, SUCCESS, 9);

        assertLearnt(USE_CASE, REGIME, 1, 0, 256);
    }

    @Test
    void shouldTakeBackNothingThatOtherTiersLearnt() {
        learn(bandit, USE_CASE, REGIME, 0, SUCCESS);
        bandit.activate(policy(3, 7_200), 50, 1);
        learn(bandit, USE_CASE, REGIME, 0, SUCCESS);
        byte[] before = state(bandit);

        takeBack(bandit, USE_CASE, REGIME, 0, SUCCESS, 49);
        assertArrayEquals(before, state(bandit));

        TierBandit restored = new TierBandit(SEED);
        restore(restored, before);
        takeBack(restored, USE_CASE, REGIME, 0, SUCCESS, 49);
        assertArrayEquals(before, state(restored));
        takeBack(restored, USE_CASE, REGIME, 0, SUCCESS, 51);
        assertEquals(HEAD_LENGTH, state(restored).length);
    }

    @Test
    void shouldKeepLessonsUnderANewPolicyOfAsManyTiers() {
        learn(bandit, USE_CASE, REGIME, 0, SUCCESS);

        bandit.activate(policy(4, 5_000), 1, 1);

        assertLearnt(USE_CASE, REGIME, 0, 256, 0);
    }

    @Test
    void shouldDropLessonsUnderANewPolicyOfOtherTiers() {
        learn(bandit, USE_CASE, REGIME, 0, SUCCESS);

        bandit.activate(policy(3, 7_200), 1, 1);

        bandit.choose(1, USE_CASE, REGIME, choice);
        assertEquals(PriorPattern.CODING.priors(3).get(0).successes(), choice.successes(0));
    }

    @Test
    void shouldDropLessonsUnderOtherTiersAfterARestoreToo() {
        learn(bandit, USE_CASE, REGIME, 0, SUCCESS);
        TierBandit restored = new TierBandit(SEED);
        restore(restored, state(bandit));

        bandit.activate(policy(3, 7_200), 1, 1);
        restored.activate(policy(3, 7_200), 1, 1);

        assertArrayEquals(state(bandit), state(restored));
    }

    @Test
    void shouldHalveTheCellWhenACountIsFull() {
        restore(bandit, stateWithCell(Integer.MAX_VALUE - 255, 1_000));

        learn(bandit, USE_CASE, REGIME, 0, SUCCESS);

        assertLearnt(USE_CASE, REGIME, 0, (Integer.MAX_VALUE - 255) / 2 + 256, 500);
    }

    @Test
    void shouldNotHalveTheCellBeforeACountIsFull() {
        restore(bandit, stateWithCell(Integer.MAX_VALUE - 256, 1_000));

        learn(bandit, USE_CASE, REGIME, 0, SUCCESS);

        assertLearnt(USE_CASE, REGIME, 0, Integer.MAX_VALUE, 1_000);
    }

    @Test
    void shouldLeaveATierThatFails() {
        Random random = new Random(1);
        for (long decision = 1; decision <= 2_000; decision++) {
            bandit.choose(decision, USE_CASE, REGIME, choice);
            double success = choice.tier() < 2 ? 0.3 : 0.95;
            learn(bandit, USE_CASE, REGIME, choice.tier(), random.nextDouble() < success ? SUCCESS : FAILURE);
        }

        int cheap = 0;
        for (long sequence = 3_000; sequence < 4_000; sequence++) {
            bandit.choose(sequence, USE_CASE, REGIME, choice);
            cheap += choice.tier() < 2 ? 1 : 0;
        }
        assertTrue(cheap < 20, "cheap=" + cheap);
    }

    @Test
    void shouldGoOnAfterARestoreAsIfNothingHappened() {
        Random random = new Random(2);
        for (long decision = 1; decision <= 80_000; decision++) {
            learnAtRandom(bandit, random);
        }
        byte[] state = state(bandit);
        TierBandit restored = new TierBandit(SEED);
        learn(restored, 1, 1, 1, SUCCESS);

        restore(restored, state);
        restored.activate(policy(4, 7_200), 1, 1);

        assertArrayEquals(state, state(restored));
        TierChoice restoredChoice = new TierChoice();
        for (long decision = 80_001; decision <= 81_000; decision++) {
            long seed = decision;
            assertEquals(learnAtRandom(bandit, new Random(seed)), learnAtRandom(restored, new Random(seed)));
            bandit.choose(decision, USE_CASE, REGIME, choice);
            restored.choose(decision, USE_CASE, REGIME, restoredChoice);
            assertEquals(choice.draw(0), restoredChoice.draw(0));
        }
        assertArrayEquals(state(bandit), state(restored));
    }

    @Test
    void shouldForgetOnRestoreWhatItKnew() {
        learn(bandit, USE_CASE, REGIME, 0, SUCCESS);
        byte[] state = state(bandit);
        learn(bandit, USE_CASE, REGIME, 1, SUCCESS);

        restore(bandit, state);

        assertArrayEquals(state, state(bandit));
    }

    @Test
    void shouldAllocateNothingWhenWarm() {
        long[] sequence = {0};

        long allocated = AllocatedBytes.leastOf(() -> {
            for (int round = 0; round < 100_000; round++) {
                bandit.choose(++sequence[0], USE_CASE, REGIME, choice);
                learn(bandit, USE_CASE, REGIME, choice.tier(), round % 3 == 0 ? FAILURE : SUCCESS);
            }
        });

        assertEquals(0, allocated);
    }

    private boolean learn(TierBandit bandit, int useCase, int regime, int tier, int lesson) {
        return refusal(bandit, useCase, regime, tier, lesson) == ReasonCode.NONE;
    }

    private ReasonCode refusal(TierBandit bandit, int useCase, int regime, int tier, int lesson) {
        return bandit.learn(facts(useCase, regime, tier), lesson);
    }

    private void takeBack(TierBandit bandit, int useCase, int regime, int tier, int lesson, long taughtSequence) {
        bandit.takeBack(facts(useCase, regime, tier), lesson, taughtSequence, 0);
    }

    private OutcomeFactsDecoder facts(int useCase, int regime, int tier) {
        encoder.wrap(buffer, 0).useCase((short) useCase).regime((short) regime).tier((short) tier);
        return facts.wrap(buffer, 0, OutcomeFactsDecoder.BLOCK_LENGTH, OutcomeFactsDecoder.SCHEMA_VERSION);
    }

    private boolean learnAtRandom(TierBandit bandit, Random random) {
        int lesson = random.nextInt(514) - 257;
        return learn(
                bandit,
                random.nextInt(64),
                random.nextInt(8),
                random.nextInt(4),
                lesson == -257 ? Lesson.NOTHING : lesson);
    }

    private void assertLearnt(int useCase, int regime, int tier, long successes, long failures) {
        TierPrior prior = PriorPattern.CODING.priors(4).get(tier);
        bandit.choose(1, useCase, regime, choice);

        assertEquals(successes, choice.successes(tier) - prior.successes());
        assertEquals(failures, choice.failures(tier) - prior.failures());
    }

    private static byte[] stateWithCell(int successes, int failures) {
        StateWriter writer = new StateWriter();
        BanditStateEncoder head = new BanditStateEncoder();
        head.wrapAndApplyHeader(writer.buffer(), 0, new MessageHeaderEncoder()).tierCount((short) 4);
        writer.advance(HEAD_LENGTH);
        TierPosteriorEncoder cell = new TierPosteriorEncoder();
        cell.wrapAndApplyHeader(writer.buffer(), writer.position(), new MessageHeaderEncoder())
                .useCase((short) USE_CASE)
                .regime((short) REGIME)
                .tier((short) 0)
                .successes(successes)
                .failures(failures);
        writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + cell.encodedLength());
        return Arrays.copyOf(writer.byteArray(), writer.position());
    }

    private static byte[] state(TierBandit bandit) {
        StateWriter writer = new StateWriter();
        bandit.writeState(writer);
        return Arrays.copyOf(writer.byteArray(), writer.position());
    }

    private static void restore(TierBandit bandit, byte[] state) {
        StateReader reader = new StateReader(state, 0, state.length);
        bandit.readState(reader);
        assertFalse(reader.hasRemaining());
    }

    private static Adaptive policy(int tierCount, int targetBps) {
        UseCase.Defaults defaults = new UseCase.Defaults(1_000_000, 0, 100, 9_000, 500, 0);
        UseCase useCase = new UseCase(USE_CASE, defaults, 0, 5_000, targetBps, PriorPattern.CODING.priors(tierCount));
        int[] floors = new int[tierCount];
        for (int tier = 0; tier < tierCount; tier++) {
            floors[tier] = 2_000 + 1_000 * tier;
        }
        return Adaptive.of(floors, List.of(useCase)).value();
    }
}
