package io.ringfence.engine.selection;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.AllocatedBytes;
import io.ringfence.engine.bandit.Lesson;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CandidatePosteriorsTest {
    private static final int MOST = 1_000;

    private final CandidatePosteriors posteriors = new CandidatePosteriors(MOST);

    @Test
    void shouldAddUpLessonsPerUseCaseRegimeAndCandidate() {
        posteriors.learn(1, 2, 7, 256, 1, 0);
        posteriors.learn(1, 2, 7, -256, 1, 0);
        posteriors.learn(1, 2, 7, 128, 1, 0);
        posteriors.learn(63, 7, 0xFFFF_FFFFL, -256, 1, 0);

        assertEquals(256 + 192, posteriors.successes(1, 2, 7, 0));
        assertEquals(256 + 64, posteriors.failures(1, 2, 7, 0));
        assertEquals(256, posteriors.failures(63, 7, 0xFFFF_FFFFL, 0));
        assertEquals(0, posteriors.successes(1, 3, 7, 0));
        assertEquals(0, posteriors.successes(2, 2, 7, 0));
        assertEquals(0, posteriors.successes(1, 2, 8, 0));
    }

    @Test
    void shouldLearnNothingOfNobodyNorFromNothing() {
        posteriors.learn(1, 2, 0, 256, 1, 0);
        posteriors.learn(1, 2, 7, Lesson.NOTHING, 1, 0);

        assertEquals(0, state(posteriors).length);
    }

    @Test
    void shouldHalveBothCountsWhenOneIsFull() {
        int full = Integer.MAX_VALUE / 256;
        for (int lesson = 0; lesson < full; lesson++) {
            posteriors.learn(1, 2, 7, 256, 1, 0);
        }
        posteriors.learn(1, 2, 7, -256, 1, 0);
        assertEquals(full * 256L, posteriors.successes(1, 2, 7, 0));

        posteriors.learn(1, 2, 7, 256, 1, 0);

        assertEquals(full * 256L / 2 + 256, posteriors.successes(1, 2, 7, 0));
        assertEquals(128, posteriors.failures(1, 2, 7, 0));
    }

    @Test
    void shouldForgetTheOneThatHasLearntLeastAtTheBound() {
        CandidatePosteriors three = new CandidatePosteriors(3);
        three.learn(1, 0, 10, 256, 1, 0);
        three.learn(1, 0, 20, 256, 1, 0);
        three.learn(1, 0, 30, 256, 1, 0);
        three.learn(1, 0, 10, 256, 1, 0);

        three.learn(1, 0, 40, -256, 1, 0);

        assertEquals(512, three.successes(1, 0, 10, 0));
        assertEquals(0, three.successes(1, 0, 20, 0)); // As little as 30, and of the lower id.
        assertEquals(256, three.successes(1, 0, 30, 0));
        assertEquals(256, three.failures(1, 0, 40, 0));
    }

    @Test
    void shouldTakeALessonBackAndFallInTheOrderOfThoseThatLearntLeast() {
        CandidatePosteriors two = new CandidatePosteriors(2);
        two.learn(1, 0, 10, 256, 5, 0);
        two.learn(1, 0, 10, -256, 6, 0);
        two.learn(1, 0, 20, 200, 7, 0);
        two.takeBack(1, 0, 10, 256, 5, 0, 0);
        assertEquals(0, two.successes(1, 0, 10, 0));
        assertEquals(256, two.failures(1, 0, 10, 0));

        two.takeBack(1, 0, 10, -256, 6, 0, 0);
        two.takeBack(1, 0, 10, -256, 6, 0, 0);
        two.learn(1, 0, 30, 256, 8, 0);

        assertEquals(0, two.failures(1, 0, 10, 0));
        assertEquals(228, two.successes(1, 0, 20, 0), "10 had nothing left, so it fell");
        assertEquals(256, two.successes(1, 0, 30, 0));
    }

    @Test
    void shouldTakeBackNothingThatWasForgottenAlsoOnceRestored() {
        CandidatePosteriors one = new CandidatePosteriors(1);
        one.learn(1, 0, 10, 256, 5, 0);
        one.learn(1, 0, 20, 256, 6, 0);
        one.learn(1, 0, 10, 256, 7, 0); // Begins anew.
        byte[] state = state(one);
        CandidatePosteriors restored = new CandidatePosteriors(1);
        restored.readState(new StateReader(state, 0, state.length));

        restored.takeBack(1, 0, 10, 256, 5, 0, 0);
        restored.takeBack(1, 0, 20, 256, 6, 0, 0);
        assertArrayEquals(state, state(restored));
        restored.takeBack(1, 0, 10, 256, 7, 0, 0);

        assertEquals(0, restored.successes(1, 0, 10, 0));
    }

    @Test
    void shouldFallBackToWhatWasNamedOfTheUseCase() {
        posteriors.learn(1, 2, 7, 256, 9, 0);
        posteriors.learn(2, 2, 7, 256, 9, 0);
        posteriors.name(1, 2);
        posteriors.learn(1, 2, 7, -256, 9, 0);
        posteriors.learn(1, 3, 8, -256, 9, 0);
        posteriors.learn(2, 2, 7, -256, 9, 0);

        posteriors.fallBack(1, 10);

        assertEquals(256, posteriors.successes(1, 2, 7, 0));
        assertEquals(0, posteriors.failures(1, 2, 7, 0));
        assertEquals(0, posteriors.failures(1, 3, 8, 0));
        assertEquals(256, posteriors.failures(2, 2, 7, 0));
        posteriors.fallBack(2, 10);
        assertEquals(0, posteriors.successes(2, 2, 7, 0));
    }

    @Test
    void shouldResetOneAndKeepWhatWasNamedOfIt() {
        posteriors.learn(1, 2, 7, 256, 9, 0);
        posteriors.learn(1, 2, 8, 256, 9, 0);
        posteriors.name(0, 64);

        posteriors.reset(1, 2, 7, 10);
        posteriors.reset(1, 2, 99, 10);

        assertEquals(0, posteriors.successes(1, 2, 7, 0));
        assertEquals(256, posteriors.successes(1, 2, 8, 0));
        posteriors.fallBack(1, 10);
        assertEquals(256, posteriors.successes(1, 2, 7, 0));
    }

    /** At the bound, with names, resets and falls back in between, beside a restored one. */
    @Test
    void shouldGoOnAlikeWhenRestoredWithWhatWasNamed() {
        Random random = new Random(5);
        CandidatePosteriors live = new CandidatePosteriors(30);
        CandidatePosteriors restored = new CandidatePosteriors(30);
        for (int i = 0; i < 20_000; i++) {
            int useCase = random.nextInt(3);
            int regime = random.nextInt(4);
            int candidate = 1 + random.nextInt(6);
            int what = random.nextInt(60);
            int lesson = random.nextBoolean() ? 256 : -256;
            for (CandidatePosteriors each : new CandidatePosteriors[] {live, restored}) {
                switch (what) {
                    case 0 -> each.name(useCase, useCase + 1);
                    case 1 -> each.fallBack(useCase, i);
                    case 2 -> each.reset(useCase, regime, candidate, i);
                    case 3, 4, 5 -> each.takeBack(useCase, regime, candidate, lesson, i - 300, age(i - 300), age(i));
                    default -> each.learn(useCase, regime, candidate, lesson, i, age(i));
                }
            }
            if (i % 501 == 0) {
                byte[] state = state(live);
                assertEquals(state.length, live.stateLength());
                assertArrayEquals(state, state(restored), "i=" + i);
                restored = new CandidatePosteriors(30);
                restored.readState(new StateReader(state, 0, state.length));
                assertArrayEquals(state, state(restored), "i=" + i);
            }
        }
    }

    @Test
    void shouldKeepWhatAPlainTwinKeeps() {
        Random random = new Random(12);
        CandidatePosteriors few = new CandidatePosteriors(40);
        Map<Long, long[]> twin = new HashMap<>();
        int forgotten = 0;
        for (int round = 0; round < 40_000; round++) {
            int useCase = random.nextInt(3);
            int regime = random.nextInt(2);
            long candidate = 1 + random.nextInt(1 + random.nextInt(30));
            int lesson = random.nextInt(513) - 256;
            long key = (long) useCase << 40 | (long) regime << 32 | candidate;
            if (!twin.containsKey(key) && twin.size() == 40) {
                long least = twin.entrySet().stream()
                        .min((a, b) -> {
                            int byCounts = Long.compare(sum(a.getValue()), sum(b.getValue()));
                            return byCounts != 0 ? byCounts : Long.compare(a.getKey(), b.getKey());
                        })
                        .orElseThrow()
                        .getKey();
                twin.remove(least);
                forgotten++;
            }
            long[] counts = twin.computeIfAbsent(key, unknown -> new long[2]);
            counts[0] += Lesson.successes(lesson);
            counts[1] += Lesson.failures(lesson);

            few.learn(useCase, regime, candidate, lesson, 1, 0);

            assertEquals(counts[0], few.successes(useCase, regime, candidate, 0), "round=" + round);
            if (round % 5_000 == 0) { // A restored one goes on alike.
                byte[] state = state(few);
                few = new CandidatePosteriors(40);
                few.readState(new StateReader(state, 0, state.length));
            }
        }
        CandidatePosteriors kept = few;
        twin.forEach((key, counts) -> {
            assertEquals(
                    counts[0], kept.successes((int) (key >>> 40), (int) (key >>> 32 & 0xFF), key & 0xFFFF_FFFFL, 0));
            assertEquals(
                    counts[1], kept.failures((int) (key >>> 40), (int) (key >>> 32 & 0xFF), key & 0xFFFF_FFFFL, 0));
        });
        assertEquals(40L * (8 + 46), kept.stateLength());
        assertTrue(forgotten > 1_000, "forgotten=" + forgotten);
    }

    private static long sum(long[] counts) {
        return counts[0] + counts[1];
    }

    @Test
    void shouldRestoreWhatItWroteWhateverTheOrderOfLearning() {
        Random random = new Random(9);
        long[] ids = random.longs(MOST, 1, 1L << 32).toArray();
        CandidatePosteriors backwards = new CandidatePosteriors(MOST);
        for (int index = 0; index < ids.length; index++) {
            learn(posteriors, ids[index]);
            learn(backwards, ids[ids.length - 1 - index]);
        }
        byte[] state = state(posteriors);
        CandidatePosteriors restored = new CandidatePosteriors(MOST);
        restored.learn(1, 1, 5, 256, 1, 0);

        restored.readState(new StateReader(state, 0, state.length));

        assertArrayEquals(state, state(backwards));
        assertArrayEquals(state, state(restored));
        assertEquals(state.length, restored.stateLength());
    }

    private static void learn(CandidatePosteriors posteriors, long id) {
        posteriors.learn((int) (id % 64), (int) (id % 8), id, (int) (id % 257), 1, 0);
    }

    @Test
    void shouldAllocateNothingAlsoAtTheBound() {
        long allocated = AllocatedBytes.leastOf(() -> {
            for (int round = 0; round < 100_000; round++) {
                posteriors.learn(round % 3, round % 8, 1 + round % 2_222, round % 256, 1, 0);
            }
        });

        assertEquals(0, allocated);
    }

    /** So that evidence fades by twenty half-lives in 20,000 steps. */
    private static long age(int step) {
        return (long) step << 14;
    }

    private static byte[] state(CandidatePosteriors posteriors) {
        StateWriter writer = new StateWriter();
        posteriors.writeState(writer);
        return Arrays.copyOf(writer.byteArray(), writer.position());
    }
}
