package io.ringfence.engine.bandit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.bandit.Evidence.Discount;
import io.ringfence.engine.bandit.Evidence.LearningAge;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Evidence that fades, beside a twin in double precision that knows the closed form: the sum of lesson x 2^-(age / half-life). */
class DiscountTest {
    private static final long ONE = 1L << Discount.FRACTION_BITS;

    @Test
    void shouldHalveAtEachWholeHalfLife() {
        long evidence = (1L << 55) - 1;
        for (int halvings = 0; halvings < 70; halvings++) {
            assertEquals(halvings > 55 ? 0 : evidence >>> halvings, Discount.left(evidence, halvings * ONE));
        }
    }

    @Test
    void shouldStayWithinItsBoundOfTheClosedForm() {
        Random random = new Random(5);
        for (int round = 0; round < 1_000_000; round++) {
            long evidence = random.nextLong() >>> 9 + random.nextInt(55);
            long age = random.nextLong(20 * ONE);
            double exact = evidence * Math.pow(2, -(double) age / ONE);

            long left = Discount.left(evidence, age);

            // Below by 2^-59 of it and 1 unit at most; a double is itself off by some 2^-52.
            assertTrue(
                    left <= exact + exact * 0x1p-50 && left >= exact - 1 - exact * 0x1p-50,
                    "evidence=" + evidence + ", age=" + age + ", left=" + left + ", exact=" + exact);
        }
    }

    @Test
    void shouldNeverGrowWithAge() {
        long before = 1L << 54;
        for (long age = 0; age < 3 * ONE; age += 97) {
            long left = Discount.left(1L << 54, age);
            assertTrue(left <= before, "age=" + age);
            before = left;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 1 << 10, 1 << 20, 1 << 24})
    void shouldKeepWithinOneUnitALessonOfTheClosedFormOverALongStream(long greatestStep) {
        Random random = new Random(greatestStep);
        Evidence evidence = new Evidence(1);
        List<long[]> lessons = new ArrayList<>(); // Lesson, age; a lesson that was taken back is removed.
        long age = 0;
        int writes = 0;
        for (int round = 0; round < 20_000; round++) {
            age += greatestStep == 0 ? 0 : random.nextLong(greatestStep + 1);
            if (!lessons.isEmpty() && random.nextInt(4) == 0) {
                long[] earlier = lessons.remove(random.nextInt(lessons.size()));
                evidence.takeBack(0, (int) earlier[0], earlier[1], age);
            } else {
                int lesson = random.nextInt(513) - 256;
                evidence.learn(0, lesson, age);
                lessons.add(new long[] {lesson, age});
            }
            writes++;
            evidence.successes(0, age + random.nextLong(ONE)); // Reading changes nothing.
            if (round % 1_000 == 0) {
                long at = age + random.nextLong(2 * ONE);
                // Each write loses at most 2 units of 2^-24 of 1/256, a take-back gains at most 1; reading rounds down.
                double bound = 2.0 * writes / ONE + 1e-6;
                double successes = exact(lessons, at, true);
                double failures = exact(lessons, at, false);
                assertTrue(Math.abs(evidence.successes(0, at) + 0.5 - successes) <= 0.5 + bound, "round=" + round);
                assertTrue(Math.abs(evidence.failures(0, at) + 0.5 - failures) <= 0.5 + bound, "round=" + round);
            }
        }
    }

    private static double exact(List<long[]> lessons, long age, boolean ofSuccesses) {
        double sum = 0;
        for (long[] lesson : lessons) {
            int counted = ofSuccesses ? Lesson.successes((int) lesson[0]) : Lesson.failures((int) lesson[0]);
            sum += counted * Math.pow(2, -(double) (age - lesson[1]) / ONE);
        }
        return sum;
    }

    @Test
    void shouldOrderCellsAlikeAtEveryAge() {
        Random random = new Random(3);
        Evidence evidence = new Evidence(40);
        for (int cell = 0; cell < 40; cell++) {
            evidence.learn(cell, random.nextInt(513) - 256, random.nextLong(5 * ONE));
        }
        int compared = 0;
        for (int a = 0; a < 40; a++) {
            for (int b = 0; b < 40; b++) {
                double difference = sum(evidence, a) - sum(evidence, b);
                if (Math.abs(difference) > 0.09) { // In half-lives.
                    assertEquals(Math.signum(difference), Math.signum(evidence.compare(a, b)));
                    compared++;
                }
            }
        }
        assertTrue(compared > 1_000, "compared=" + compared);
    }

    /** Logarithm of what is left at the age 0, to base 2. */
    private static double sum(Evidence evidence, int cell) {
        double sum = evidence.successes(cell) + evidence.failures(cell);
        return Math.log(sum) / Math.log(2) + (double) evidence.age(cell) / ONE;
    }

    @Test
    void shouldGrowOlderByOneEachHalfLifeAndCarryOnOverAChange() {
        LearningAge ages = new LearningAge();
        long hourNs = TimeUnit.HOURS.toNanos(1);
        long begin = 77 * hourNs + 5;
        assertEquals(0, ages.at(begin));

        ages.pace(TimeUnit.HOURS.toMillis(2), begin);
        assertEquals(ONE / 2, ages.at(begin + hourNs));
        ages.pace(TimeUnit.HOURS.toMillis(2), begin + hourNs / 3); // The same again changes nothing.
        assertEquals(3 * ONE, ages.at(begin + 6 * hourNs));

        ages.pace(TimeUnit.HOURS.toMillis(1), begin + 6 * hourNs);
        assertEquals(5 * ONE, ages.at(begin + 8 * hourNs));
        ages.pace(0, begin + 8 * hourNs);
        assertEquals(5 * ONE, ages.at(begin + 800 * hourNs));
    }

    @Test
    void shouldHoldAHundredYearsOfTheShortestAndOfTheLongestHalfLife() {
        long centuryNs = TimeUnit.DAYS.toNanos(36_500);
        LearningAge fast = new LearningAge();
        LearningAge slow = new LearningAge();
        fast.pace(TimeUnit.MINUTES.toMillis(1), 1);
        slow.pace(TimeUnit.DAYS.toMillis(3_650), 1);

        assertEquals(36_500L * 24 * 60 * ONE, fast.at(centuryNs + 1));
        assertEquals(10 * ONE, slow.at(centuryNs + 1));
    }
}
