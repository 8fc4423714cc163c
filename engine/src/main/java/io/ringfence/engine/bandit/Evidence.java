package io.ringfence.engine.bandit;

import java.math.BigInteger;
import java.util.concurrent.TimeUnit;

/**
 * Successes and failures learnt, in numbered cells. They fade with the age of the learning.
 *
 * <p>A cell holds its counts and the age at which it was changed last. What is left at a later age is computed when it is asked for, and asking
 * changes nothing: so it does not matter who asks, when, or in which order. Both counts of a cell are halved when one is full, which
 * keeps their proportion. One thread; allocates nothing once made.
 *
 * @see Discount
 */
public final class Evidence {
    /** Bytes of one cell. */
    public static final int CELL_BYTES = 3 * Long.BYTES;

    private static final int COUNT_MAX = Integer.MAX_VALUE;
    private static final int BITS = Discount.FRACTION_BITS;

    private final long[] successes; // In 2^-24 of 1/256 of an outcome.
    private final long[] failures;
    private final long[] ages;

    /** @param cells how many there are; all are empty. */
    public Evidence(int cells) {
        successes = new long[cells];
        failures = new long[cells];
        ages = new long[cells];
    }

    /** Number of cells. */
    public int cells() {
        return ages.length;
    }

    /** Successes left at an age in 1/256, rounded down; 0 to 2^31 - 1. */
    public int successes(int cell, long age) {
        return (int) (Discount.left(successes[cell], age - ages[cell]) >>> BITS);
    }

    /** Failures left at an age in 1/256, rounded down; 0 to 2^31 - 1. */
    public int failures(int cell, long age) {
        return (int) (Discount.left(failures[cell], age - ages[cell]) >>> BITS);
    }

    /** Adds a lesson, -256 to 256, to what is left. */
    public void learn(int cell, int lesson, long age) {
        fade(cell, age);
        if ((successes[cell] >>> BITS) > COUNT_MAX - Lesson.successes(lesson)
                || (failures[cell] >>> BITS) > COUNT_MAX - Lesson.failures(lesson)) {
            successes[cell] = successes[cell] >>> BITS + 1 << BITS;
            failures[cell] = failures[cell] >>> BITS + 1 << BITS;
        }
        successes[cell] += (long) Lesson.successes(lesson) << BITS;
        failures[cell] += (long) Lesson.failures(lesson) << BITS;
    }

    /**
     * Takes back what is left of a lesson; no count falls below 0.
     *
     * @param taughtAge age at which it was taught.
     */
    public void takeBack(int cell, int lesson, long taughtAge, long age) {
        fade(cell, age);
        long since = age - taughtAge;
        successes[cell] -= Math.min(successes[cell], Discount.left((long) Lesson.successes(lesson) << BITS, since));
        failures[cell] -= Math.min(failures[cell], Discount.left((long) Lesson.failures(lesson) << BITS, since));
        if (!isAny(cell)) {
            clear(cell); // An empty cell has no age: it need not be written in a snapshot.
        }
    }

    private void fade(int cell, long age) {
        successes[cell] = Discount.left(successes[cell], age - ages[cell]);
        failures[cell] = Discount.left(failures[cell], age - ages[cell]);
        ages[cell] = age;
    }

    /** Empties a cell. */
    public void clear(int cell) {
        set(cell, 0, 0, 0);
    }

    /** Empties all cells. */
    public void clear() {
        for (int cell = 0; cell < ages.length; cell++) {
            clear(cell);
        }
    }

    /** Was a count of a cell above 0 after its last change? It may have faded to 0 since. */
    public boolean isAny(int cell) {
        return (successes[cell] | failures[cell]) != 0;
    }

    /**
     * Compares how much is left in two cells, both counts of a cell taken together. The result is the same at every age.
     *
     * <p>Each sum is compared by its logarithm plus its age. Between cells of different ages that is exact to 1/11 of a half-life; between
     * cells of one age it is the order of the sums.
     *
     * @return below 0 if less is left in the first cell, 0 if as much, above 0 if more.
     */
    public int compare(int cell, int other) {
        long sum = successes[cell] + failures[cell];
        long otherSum = successes[other] + failures[other];
        int byScore = Long.compare(score(sum, ages[cell]), score(otherSum, ages[other]));
        return byScore != 0 ? byScore : Long.compare(sum, otherSum);
    }

    /** Age plus the logarithm to base 2 in 2^-24, a straight line between powers of two; -1 for nothing. */
    private static long score(long sum, long age) {
        if (sum == 0) {
            return -1;
        }
        int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(sum);
        long line = (sum - (1L << exponent) << Long.SIZE - 2 - exponent) >>> Long.SIZE - 2 - BITS;
        return age + ((long) exponent << BITS) + line;
    }

    /** Successes in 2^-24 of 1/256 of an outcome, at the cell's age. */
    public long successes(int cell) {
        return successes[cell];
    }

    /** Failures in 2^-24 of 1/256 of an outcome, at the cell's age. */
    public long failures(int cell) {
        return failures[cell];
    }

    /** Age of the learning when the cell was changed last, in 2^-24 of a half-life. */
    public long age(int cell) {
        return ages[cell];
    }

    /** Copies a cell from the cell of the same number of another. */
    public void copy(int cell, Evidence from) {
        set(cell, from.successes[cell], from.failures[cell], from.ages[cell]);
    }

    /** Restores a cell. */
    public void set(int cell, long ofSuccesses, long ofFailures, long age) {
        successes[cell] = ofSuccesses;
        failures[cell] = ofFailures;
        ages[cell] = age;
    }

    /**
     * Halves evidence once for each half-life of age, in integers.
     *
     * <p>Evidence is held in 2^-24 of 1/256 of an outcome, age in 2^-24 of a half-life. The factor 2^-f of a fraction f of a half-life is the
     * product of three numbers from tables, each within 2^-62 of its value; products are rounded down. So the result is at most 2^-59 of the
     * evidence, and 1 unit, below the exact one, and never above it. No table is larger than 2 KiB. Safe from any thread; allocates nothing.
     */
    public static final class Discount {
        /** Bits of an age below the whole half-lives, and of evidence below 1/256 of an outcome. */
        public static final int FRACTION_BITS = 24;

        /** Bits of evidence at most. */
        private static final int EVIDENCE_BITS = 31 + FRACTION_BITS;

        private static final int ONE_BITS = 62;
        private static final int TABLE_BITS = 8;
        private static final int MASK = (1 << TABLE_BITS) - 1;
        private static final long[] COARSE = table(2 * TABLE_BITS);
        private static final long[] MIDDLE = table(TABLE_BITS);
        private static final long[] FINE = table(0);

        private Discount() {}

        /** 2^-(i x 2^shift / 2^24) in 2^-62 for i from 0 to 255, each rounded down from products that are exact to 2^-126. */
        private static long[] table(int shift) {
            int bits = 2 * ONE_BITS + 4;
            BigInteger one = BigInteger.ONE.shiftLeft(bits);
            BigInteger root = one.shiftRight(1); // 2^-1, whose square roots are 2^-(1/2), 2^-(1/4) ...
            for (int i = 0; i < FRACTION_BITS - shift; i++) {
                root = root.shiftLeft(bits).sqrt();
            }
            long[] table = new long[1 << TABLE_BITS];
            BigInteger power = one;
            for (int i = 0; i < table.length; i++) {
                table[i] = power.shiftRight(bits - ONE_BITS).longValueExact();
                power = power.multiply(root).shiftRight(bits);
            }
            return table;
        }

        /**
         * What is left of evidence.
         *
         * @param evidence 0 to 2^55 - 1.
         * @param age      since it was that much, 0 and above.
         * @return 0 to {@code evidence}; all of it at the age 0.
         */
        public static long left(long evidence, long age) {
            if (age == 0) {
                return evidence;
            }
            long halvings = age >>> FRACTION_BITS;
            if (halvings > EVIDENCE_BITS) {
                return 0;
            }
            long factor = product(
                    product(COARSE[(int) (age >>> 2 * TABLE_BITS) & MASK], MIDDLE[(int) (age >>> TABLE_BITS) & MASK]),
                    FINE[(int) age & MASK]);
            return product(evidence, factor) >>> halvings;
        }

        /** One times the other, which is in 2^-62; rounded down. */
        private static long product(long one, long other) {
            return Math.multiplyHigh(one, other) << Long.SIZE - ONE_BITS | one * other >>> ONE_BITS;
        }
    }

    /**
     * The age of the learning, in 2^-24 of a half-life. It grows by 2^24 for each half-life of event time, and not at all while the policy
     * has no half-life.
     *
     * <p>A new half-life changes how fast it grows from then on, and not what it is: what has faded by then stays faded. One thread; allocates
     * nothing.
     */
    static final class LearningAge {
        private long halfLifeMs;
        private long sinceNs; // Event time of the last change.
        private long ageThen;

        /**
         * Sets the half-life from an event on; the same one changes nothing.
         *
         * @param nextHalfLifeMs in ms; 0: the age grows no more.
         * @param nowNs          event time; not below the last one.
         */
        void pace(long nextHalfLifeMs, long nowNs) {
            if (nextHalfLifeMs != halfLifeMs) {
                ageThen = at(nowNs);
                sinceNs = nowNs;
                halfLifeMs = nextHalfLifeMs;
            }
        }

        /** The age at an event time, which never falls. */
        long at(long nowNs) {
            if (halfLifeMs == 0) {
                return ageThen;
            }
            long elapsedMs = TimeUnit.NANOSECONDS.toMillis(nowNs - sinceNs);
            long whole = elapsedMs / halfLifeMs;
            long part = elapsedMs % halfLifeMs;
            return ageThen + (whole << Discount.FRACTION_BITS) + (part << Discount.FRACTION_BITS) / halfLifeMs;
        }

        long halfLifeMs() {
            return halfLifeMs;
        }

        long sinceNs() {
            return sinceNs;
        }

        long ageThen() {
            return ageThen;
        }

        void restore(long ofHalfLifeMs, long ofSinceNs, long ofAgeThen) {
            halfLifeMs = ofHalfLifeMs;
            sinceNs = ofSinceNs;
            ageThen = ofAgeThen;
        }
    }
}
