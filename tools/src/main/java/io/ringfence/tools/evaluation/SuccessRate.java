package io.ringfence.tools.evaluation;

/**
 * A rate of successes with its 95 % interval by Wilson's score, which stays within 0 and 1 also for few trials.
 *
 * @param successes 0 to {@code trials}.
 * @param trials    0 and above.
 * @see <a href="https://doi.org/10.1080/01621459.1927.10502953">Wilson: Probable inference, the law of succession, and statistical
 *     inference, JASA 22, 1927</a>
 */
public record SuccessRate(long successes, long trials) {
    private static final double Z = 1.96;

    public SuccessRate {
        if (successes < 0 || successes > trials) {
            throw new IllegalArgumentException(
                    "successes must be from 0 to trials: successes=" + successes + ", trials=" + trials);
        }
    }

    /** Successes by trials; not a number without trials. */
    public double rate() {
        return (double) successes / trials;
    }

    /** Lower end of the interval; 0 without trials. */
    public double low() {
        return trials == 0 ? 0 : Math.max(0, centre() - half());
    }

    /** Upper end of the interval; 1 without trials. */
    public double high() {
        return trials == 0 ? 1 : Math.min(1, centre() + half());
    }

    private double centre() {
        return (rate() + Z * Z / (2 * trials)) / (1 + Z * Z / trials);
    }

    private double half() {
        return Z / (1 + Z * Z / trials) * Math.sqrt(rate() * (1 - rate()) / trials + Z * Z / (4.0 * trials * trials));
    }
}
