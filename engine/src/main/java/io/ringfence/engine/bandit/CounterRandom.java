package io.ringfence.engine.bandit;

/**
 * Random numbers that anyone can recompute: each draw is a pure function of (seed, sequence, purpose, arm, counter).
 *
 * <p>Seed, sequence, and purpose with arm are absorbed one after the other into a 64-bit key; draw number {@code counter} is
 * a mix of the key and the counter's multiple of the golden gamma, which is SplitMix64 started at the key. For one seed the
 * key tells sequences apart with certainty, and so it does purposes and arms of one sequence, for each step is a bijection.
 * Rewinding to one (sequence, purpose, arm) starts its counter at 0, so no draw depends on how many others were made.
 *
 * <p>Not thread safe; allocates nothing.
 *
 * @see <a href="https://doi.org/10.1145/2660193.2660195">Steele, Lea, Flood: Fast splittable pseudorandom number generators,
 *     OOPSLA 2014: SplitMix64, its gamma and its mixing function (Stafford's variant 13)</a>
 */
final class CounterRandom {
    private static final long GOLDEN_GAMMA = 0x9E37_79B9_7F4A_7C15L;
    private static final double ULP_OF_UNIFORM = 0x1.0p-52;

    private final long seedKey;
    private long state;

    CounterRandom(long seed) {
        this.seedKey = mix(seed + GOLDEN_GAMMA);
    }

    /** One draw alone. */
    static long draw(long seed, long sequence, int purpose, int arm, long counter) {
        return mix(key(seed, sequence, purpose, arm) + (counter + 1) * GOLDEN_GAMMA);
    }

    /** Where SplitMix64 starts for one purpose and arm. */
    static long key(long seed, long sequence, int purpose, int arm) {
        return keyOfSeed(mix(seed + GOLDEN_GAMMA), sequence, purpose, arm);
    }

    /** Makes the next draw number 0 of this purpose and arm. */
    void rewind(long sequence, int purpose, int arm) {
        state = keyOfSeed(seedKey, sequence, purpose, arm);
    }

    /** The next draw: 64 even bits. */
    long next() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /** The next draw as a uniform number in (0, 1): a multiple of 2^-52 plus half of it, so neither end is reached. */
    double nextUniform() {
        return ((next() >>> 12) + 0.5) * ULP_OF_UNIFORM;
    }

    /** The next draw as a uniform number in [-1, 1). */
    double nextSigned() {
        return (next() >> 11) * ULP_OF_UNIFORM;
    }

    private static long keyOfSeed(long seedKey, long sequence, int purpose, int arm) {
        return absorb(absorb(seedKey, sequence), ((long) purpose << 32) | (arm & 0xFFFF_FFFFL));
    }

    private static long absorb(long key, long word) {
        return mix((key ^ word) + GOLDEN_GAMMA);
    }

    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return mixed ^ (mixed >>> 31);
    }
}
