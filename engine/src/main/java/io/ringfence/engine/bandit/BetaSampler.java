package io.ringfence.engine.bandit;

/**
 * Draws from Beta distributions; the draws are the same on every machine.
 *
 * <p>Beta(a, b) = X / (X + Y) with X of Gamma(a) and Y of Gamma(b). A Gamma is drawn by the squeezed rejection of Marsaglia and
 * Tsang; a shape below 1 is raised by one and brought down again by U^(1/a), in logarithms, so that tiny shapes do not
 * underflow. Normals are drawn by a ziggurat of {@link #LAYERS} layers of equal area, whose edges are computed when the class is loaded. Doubles are strict IEEE since Java 17, and what is not a
 * basic operation is {@link StrictMath}. Rejections are bounded: after {@link #ATTEMPTS_MAX} the centre is taken, which
 * happens in less than one draw in 10^40 and is the same on every machine.
 *
 * <p>Not thread safe; allocates nothing.
 *
 * @see <a href="https://doi.org/10.1145/358407.358414">Marsaglia, Tsang: A simple method for generating Gamma variables, ACM
 *     TOMS 26(3), 2000</a>
 * @see <a href="https://doi.org/10.18637/jss.v005.i08">Marsaglia, Tsang: The ziggurat method for generating random variables, Journal
 *     of Statistical Software 5(8), 2000; here with a number of its own for the layer and for the place in it</a>
 */
public final class BetaSampler {
    /** A sample is a whole number of 1/65,536. */
    public static final int ONE = 1 << 16;

    private static final int ATTEMPTS_MAX = 64;
    private static final double ONE_COUNT = 1.0 / 256;
    private static final double ONE_THIRD = 1.0 / 3;

    /** Layers of the ziggurat; the lowest one has the tail. */
    private static final int LAYERS = 128;

    private static final double TAIL_BEGIN = 3.442619855899;
    private static final double LAYER_AREA = 9.91256303526217e-3;
    private static final double[] EDGES = edges(); // Of each layer from the lowest up; the last one is 0.
    private static final double[] HEIGHTS = heights(); // Of the density at each edge, where that of 0 is 1.

    private final CounterRandom random;

    private static double[] edges() {
        double[] edges = new double[LAYERS + 1];
        double height = density(TAIL_BEGIN);
        edges[0] = LAYER_AREA / height; // As if the tail were a part of the rectangle.
        edges[1] = TAIL_BEGIN;
        for (int layer = 2; layer < LAYERS; layer++) {
            height += LAYER_AREA / edges[layer - 1];
            edges[layer] = StrictMath.sqrt(-2 * StrictMath.log(height));
        }
        return edges;
    }

    private static double[] heights() {
        double[] heights = new double[LAYERS + 1];
        for (int layer = 0; layer <= LAYERS; layer++) {
            heights[layer] = density(EDGES[layer]);
        }
        return heights;
    }

    private static double density(double x) {
        return StrictMath.exp(-0.5 * x * x);
    }

    /** @param seed of the engine's draws, from its settings. */
    public BetaSampler(long seed) {
        random = new CounterRandom(seed);
    }

    /**
     * One sample; a pure function of the seed and all arguments.
     *
     * @param alpha successes in 1/256; 1 to 2^32 - 1.
     * @param beta  failures in 1/256; 1 to 2^32 - 1.
     * @return the sample in 1/65,536, rounded down; 0 to 65,535.
     */
    public int sample(long sequence, int purpose, int arm, long alpha, long beta) {
        return Math.min((int) (exactly(sequence, purpose, arm, alpha, beta) * ONE), ONE - 1);
    }

    /** The same before it is rounded, in [0, 1]. */
    double exactly(long sequence, int purpose, int arm, long alpha, long beta) {
        random.rewind(sequence, purpose, arm);
        double a = alpha * ONE_COUNT;
        double b = beta * ONE_COUNT;
        return a >= 1 && b >= 1 ? ofGammas(a, b) : ofLogarithms(a, b);
    }

    private double ofGammas(double a, double b) {
        double x = nextGamma(a);
        return x / (x + nextGamma(b));
    }

    private double ofLogarithms(double a, double b) {
        double logX = nextLogGamma(a);
        return 1 / (1 + StrictMath.exp(nextLogGamma(b) - logX));
    }

    private double nextLogGamma(double shape) {
        if (shape >= 1) {
            return StrictMath.log(nextGamma(shape));
        }
        return StrictMath.log(nextGamma(shape + 1)) + StrictMath.log(random.nextUniform()) / shape;
    }

    /** Gamma of a shape of at least 1, scale 1. */
    private double nextGamma(double shape) {
        double d = shape - ONE_THIRD;
        double c = 1 / StrictMath.sqrt(9 * d);
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            double x = nextNormal();
            double root = 1 + c * x;
            if (root > 0) {
                double v = root * root * root;
                if (isAccepted(random.nextUniform(), x * x, d, v)) {
                    return d * v;
                }
            }
        }
        return d;
    }

    private static boolean isAccepted(double u, double xx, double d, double v) {
        return u < 1 - 0.0331 * xx * xx || StrictMath.log(u) < 0.5 * xx + d * (1 - v + StrictMath.log(v));
    }

    /** One number chooses the layer by its lowest bits, and the place in it by its highest. Package private for its test. */
    double nextNormal() {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            long bits = random.next();
            int layer = (int) bits & (LAYERS - 1);
            double x = CounterRandom.signed(bits) * EDGES[layer];
            double distance = Math.abs(x);
            if (distance < EDGES[layer + 1]) {
                return x; // Below the density as a whole: ninety-seven of a hundred.
            }
            if (layer == 0) {
                return Math.copySign(nextOfTail(), x);
            }
            double height = HEIGHTS[layer] + random.nextUniform() * (HEIGHTS[layer + 1] - HEIGHTS[layer]);
            if (height < density(distance)) {
                return x;
            }
        }
        return 0;
    }

    /** A normal beyond the last edge, by Marsaglia's method: an exponential that is accepted as often as the density asks for. */
    private double nextOfTail() {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            double x = -StrictMath.log(random.nextUniform()) / TAIL_BEGIN;
            double y = -StrictMath.log(random.nextUniform());
            if (2 * y > x * x) {
                return TAIL_BEGIN + x;
            }
        }
        return TAIL_BEGIN;
    }

    /**
     * Random numbers that anyone can repeat: each draw is a pure function of (seed, sequence, purpose, arm, counter).
     *
     * <p>Seed, sequence, and purpose with arm are absorbed one after the other into a 64-bit key; draw number {@code counter} is
     * a mix of the key and the counter's multiple of the golden gamma, which is SplitMix64 started at the key. For one seed,
     * different sequences give different keys, and so do different purposes or arms of one sequence, because each step is a bijection.
     * Rewinding to one (sequence, purpose, arm) starts its counter at 0, so no draw depends on how many others were made.
     *
     * <p>Not thread safe; allocates nothing.
     *
     * @see <a href="https://doi.org/10.1145/2660193.2660195">Steele, Lea, Flood: Fast splittable pseudorandom number generators,
     *     OOPSLA 2014: SplitMix64, its gamma and its mixing function (Stafford's variant 13)</a>
     */
    static final class CounterRandom {
        private static final long GOLDEN_GAMMA = 0x9E37_79B9_7F4A_7C15L;
        private static final double ULP_OF_UNIFORM = 0x1.0p-52;

        private final long seedKey;
        private long state;

        CounterRandom(long seed) {
            this.seedKey = mix(seed + GOLDEN_GAMMA);
        }

        /** Returns one draw by itself. */
        static long draw(long seed, long sequence, int purpose, int arm, long counter) {
            return mix(key(seed, sequence, purpose, arm) + (counter + 1) * GOLDEN_GAMMA);
        }

        /** The start of SplitMix64 for one purpose and arm. */
        static long key(long seed, long sequence, int purpose, int arm) {
            return keyOfSeed(mix(seed + GOLDEN_GAMMA), sequence, purpose, arm);
        }

        /** Makes the next draw number 0 of this purpose and arm. */
        void rewind(long sequence, int purpose, int arm) {
            state = keyOfSeed(seedKey, sequence, purpose, arm);
        }

        /** The next draw: 64 uniform bits. */
        long next() {
            state += GOLDEN_GAMMA;
            return mix(state);
        }

        /** The next draw as a uniform number in (0, 1): a multiple of 2^-52 plus half of it, so neither end occurs. */
        double nextUniform() {
            return ((next() >>> 12) + 0.5) * ULP_OF_UNIFORM;
        }

        /** A draw as a uniform number in [-1, 1), by its highest 53 bits. */
        static double signed(long bits) {
            return (bits >> 11) * ULP_OF_UNIFORM;
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
}
