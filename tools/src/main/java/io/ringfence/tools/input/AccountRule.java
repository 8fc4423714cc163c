package io.ringfence.tools.input;

/**
 * Gives each order of a book an account: the {@code (splitmix64(order id) mod n)}-th of n accounts, counted from 0.
 *
 * <p>All on 64 bits without sign, {@code >>} filling with zeros, {@code *} and {@code +} modulo 2^64:
 * <pre>
 *  z = id + 0x9E3779B97F4A7C15
 *  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9
 *  z = (z ^ (z >> 27)) * 0x94D049BB133111EB
 *  splitmix64(id) = z ^ (z >> 31)
 * </pre>
 * So with the accounts 1 to n an order's account is {@code 1 + splitmix64(order id) mod n}. The round does not count: an order
 * has the same account each time its file is played.
 *
 * @see <a href="https://doi.org/10.1145/2660193.2660195">Steele, Lea and Flood: Fast splittable pseudorandom number
 *     generators</a>
 */
public final class AccountRule {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private final long[] accountIds;

    /**
     * A rule over accounts.
     *
     * @param accountIds in the order in which they are counted; at least one.
     */
    public AccountRule(long... accountIds) {
        if (accountIds.length == 0) {
            throw new IllegalArgumentException("there must be an account: accountIds.length=0");
        }
        this.accountIds = accountIds.clone();
    }

    /** Account of an order. */
    public long accountId(long orderId) {
        return accountIds[(int) Long.remainderUnsigned(splitmix64(orderId), accountIds.length)];
    }

    /** The hash: evenly spread over 64 bits. */
    public static long splitmix64(long value) {
        long z = value + GOLDEN_GAMMA;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
