package io.ringfence.engine.selection;

import io.ringfence.engine.digest.Sha256;
import io.ringfence.engine.kernel.KernelDecision;
import io.ringfence.engine.kernel.KernelInput;
import io.ringfence.engine.policy.Bps;
import io.ringfence.engine.policy.Catalog;
import io.ringfence.schemas.Strategy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;

/**
 * Lets a candidate that is nearly as good as the kernel's choice act, at a rate, by a draw that a key, the policy and the input
 * determine: who has the key can draw again, nobody else can foresee it.
 *
 * <p>The window holds the choice and each eligible candidate whose utility is at most {@code windowMicros} below it: {@code k}
 * candidates. {@code draw = HMAC-SHA-256(key, "calyexp1" | policy digest | input digest)}; {@code roll} is its first 8 bytes, big endian,
 * modulo 10,000, and {@code pick} the next 8 modulo {@code k}. Another candidate acts when {@code roll < rate} and {@code pick > 0}:
 * number {@code pick} of the others, in the order of the catalog. The probability of what was chosen is exact: {@code rate} in {@code 10,000
 * * k} for each other, the rest for the choice itself.
 *
 * <p>Mutable and reused; one thread.
 */
public final class Exploration {
    private static final int RECORD_LENGTH = KeyedDraw.TAG.length + 3 * Sha256.LENGTH + 2 + 8 + 4 + 1 + 4 + 8 + 8;

    private final KeyedDraw key;
    private final Explored explored = new Explored();
    private final MessageDigest sha256 = Sha256.newDigest();
    private final ByteBuffer record = ByteBuffer.allocate(RECORD_LENGTH).order(ByteOrder.BIG_ENDIAN);
    private final int rateBps;
    private final long windowMicros;

    private long actedId;
    private int windowSize;

    /**
     * @param key          32 bytes and more, kept secret.
     * @param rateBps      share of requests that explore, 0 to 10,000.
     * @param windowMicros utility below the choice's at which a candidate still counts as near; u64 bits.
     * @throws IllegalArgumentException for a shorter key, then for a rate out of range.
     */
    public Exploration(byte[] key, int rateBps, long windowMicros) {
        this.key = new KeyedDraw(key);
        if (rateBps < 0 || rateBps > Bps.ONE) {
            throw new IllegalArgumentException("rateBps must be from 0 to 10000: rateBps=" + rateBps);
        }
        this.rateBps = rateBps;
        this.windowMicros = windowMicros;
    }

    /**
     * Chooses for one request and writes every field.
     *
     * @param catalog      sorted by candidate id, as a trusted one is: the order decides whom a pick names.
     * @param policyDigest 32 bytes, as the next.
     * @param inputDigest  of this input.
     * @param decision     the kernel's on them.
     */
    public void choose(
            Catalog catalog, byte[] policyDigest, KernelInput input, byte[] inputDigest, KernelDecision decision) {
        if (!decision.isSelected()) {
            explored.clear();
            actedId = 0;
            windowSize = 0;
            return;
        }
        explored.begin(catalog, input, decision, windowMicros);
        key.draw(policyDigest, inputDigest);
        explored.draw(rateBps, key.draw(), key.pick());
        actedId = catalog.candidate(explored.actedIndex()).id();
        windowSize = explored.windowSize();
    }

    /** Index of the acting candidate in the catalog; {@link Catalog#NO_INDEX} when none acts. */
    public int actedIndex() {
        return explored.actedIndex();
    }

    /** Id of the acting candidate, u32; 0 when none acts. */
    public long actedId() {
        return actedId;
    }

    /** Does another candidate than the kernel's choice act? */
    public boolean isExplored() {
        return explored.isExplored();
    }

    /** Candidates in the window, the choice included; 0 when none acts. */
    public int windowSize() {
        return windowSize;
    }

    /** Probability of what was chosen, in parts of {@link #denominator}; not reduced. */
    public long numerator() {
        return explored.numerator();
    }

    /** {@code 10,000 * windowSize}, or 1 when none acts. */
    public long denominator() {
        return explored.denominator();
    }

    /** The probability to the nearest basis point, halves upwards; 1 to 10,000. */
    public int propensityBps() {
        return explored.propensityBps();
    }

    /** How it was chosen: a choice that was certain is followed, every other one is explored, also where the kernel's choice was kept. */
    public Strategy strategy() {
        return numerator() == denominator() ? Strategy.FOLLOW : Strategy.EXPLORE;
    }

    /**
     * SHA-256 of the last choice, 32 bytes in a new array. The hashed bytes are {@code "calyexp1"}, the three digests, then rate u16, window
     * u64, acted candidate u32, explored u8 (0 or 1), window size u32, numerator u64 and denominator u64. Numbers are big endian.
     */
    public byte[] recordDigest(byte[] policyDigest, byte[] inputDigest, byte[] decisionDigest) {
        record.clear()
                .put(KeyedDraw.TAG)
                .put(policyDigest, 0, Sha256.LENGTH)
                .put(inputDigest, 0, Sha256.LENGTH)
                .put(decisionDigest, 0, Sha256.LENGTH)
                .putShort((short) rateBps)
                .putLong(windowMicros)
                .putInt((int) actedId)
                .put((byte) (isExplored() ? 1 : 0))
                .putInt(windowSize)
                .putLong(numerator())
                .putLong(denominator());
        return sha256.digest(record.array());
    }
}
