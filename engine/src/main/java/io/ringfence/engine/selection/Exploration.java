package io.ringfence.engine.selection;

import io.ringfence.engine.digest.Sha256;
import io.ringfence.engine.kernel.Kernel;
import io.ringfence.engine.kernel.KernelDecision;
import io.ringfence.engine.kernel.KernelInput;
import io.ringfence.engine.policy.Bps;
import io.ringfence.engine.policy.Catalog;
import io.ringfence.schemas.Strategy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;

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
    /** Least length of a key, in bytes. */
    public static final int KEY_LENGTH_MIN = 32;

    private static final byte[] TAG = "calyexp1".getBytes(StandardCharsets.US_ASCII);
    private static final String MAC = "HmacSHA256";
    private static final int RECORD_LENGTH = TAG.length + 3 * Sha256.LENGTH + 2 + 8 + 4 + 1 + 4 + 8 + 8;

    private final Mac mac;
    private final MessageDigest sha256 = Sha256.newDigest();
    private final byte[] draw = new byte[Sha256.LENGTH];
    private final ByteBuffer drawn = ByteBuffer.wrap(draw);
    private final ByteBuffer record = ByteBuffer.allocate(RECORD_LENGTH).order(ByteOrder.BIG_ENDIAN);
    private final int rateBps;
    private final long windowMicros;

    private int actedIndex;
    private long actedId;
    private boolean isExplored;
    private int windowSize;
    private long numerator;
    private long denominator;

    /**
     * @param key          32 bytes and more, kept secret.
     * @param rateBps      share of requests that explore, 0 to 10,000.
     * @param windowMicros utility below the choice's at which a candidate still counts as near; u64 bits.
     * @throws IllegalArgumentException for a shorter key, then for a rate out of range.
     */
    public Exploration(byte[] key, int rateBps, long windowMicros) {
        if (key.length < KEY_LENGTH_MIN) {
            throw new IllegalArgumentException(
                    "a key must have " + KEY_LENGTH_MIN + " bytes at least: length=" + key.length);
        }
        if (rateBps < 0 || rateBps > Bps.ONE) {
            throw new IllegalArgumentException("rateBps must be from 0 to 10000: rateBps=" + rateBps);
        }
        this.mac = newMac(key);
        this.rateBps = rateBps;
        this.windowMicros = windowMicros;
    }

    private static Mac newMac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(key, MAC));
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java platform has " + MAC, e);
        }
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
        isExplored = false;
        if (!decision.isSelected()) {
            chosen(Catalog.NO_INDEX, 0, 0, 1, 1);
            return;
        }
        windowSize = 1 + countOthers(catalog, input, decision);
        draw(policyDigest, inputDigest);
        long roll = Long.remainderUnsigned(drawn.getLong(0), Bps.ONE);
        int pick = (int) Long.remainderUnsigned(drawn.getLong(Long.BYTES), windowSize);
        long whole = (long) Bps.ONE * windowSize;
        if (roll < rateBps && pick > 0) {
            isExplored = true;
            int index = other(catalog, input, decision, pick);
            chosen(index, catalog.candidate(index).id(), windowSize, rateBps, whole);
        } else {
            long kept = windowSize == 1 ? whole : (long) (Bps.ONE - rateBps) * windowSize + rateBps;
            chosen(decision.selectedIndex(), decision.selectedId(), windowSize, kept, whole);
        }
    }

    private void chosen(int index, long candidateId, int size, long ofWhole, long whole) {
        actedIndex = index;
        actedId = candidateId;
        windowSize = size;
        numerator = ofWhole;
        denominator = whole;
    }

    private int countOthers(Catalog catalog, KernelInput input, KernelDecision decision) {
        int count = 0;
        for (int index = 0; index < catalog.count(); index++) {
            count += isNear(catalog, index, input, decision) ? 1 : 0;
        }
        return count;
    }

    /** Index in the catalog of the other candidate with this number, counted from 1. */
    private int other(Catalog catalog, KernelInput input, KernelDecision decision, int number) {
        int left = number;
        int index = -1;
        while (left > 0) {
            index++;
            left -= isNear(catalog, index, input, decision) ? 1 : 0;
        }
        return index;
    }

    /** Is it eligible, not the choice, and near? Both utilities are above 0, so their difference fits. */
    private boolean isNear(Catalog catalog, int index, KernelInput input, KernelDecision decision) {
        if (catalog.candidate(index).id() == decision.selectedId() || !Kernel.isEligible(catalog, index, input)) {
            return false;
        }
        long below = decision.utilityMicros() - Kernel.utilityMicros(catalog, index, input);
        return Long.compareUnsigned(below, windowMicros) <= 0;
    }

    private void draw(byte[] policyDigest, byte[] inputDigest) {
        mac.update(TAG);
        mac.update(policyDigest, 0, Sha256.LENGTH);
        mac.update(inputDigest, 0, Sha256.LENGTH);
        try {
            mac.doFinal(draw, 0);
        } catch (ShortBufferException e) {
            throw new IllegalStateException("a draw has 32 bytes", e);
        }
    }

    /** Index of the acting candidate in the catalog; {@link Catalog#NO_INDEX} when none acts. */
    public int actedIndex() {
        return actedIndex;
    }

    /** Id of the acting candidate, u32; 0 when none acts. */
    public long actedId() {
        return actedId;
    }

    /** Does another candidate than the kernel's choice act? */
    public boolean isExplored() {
        return isExplored;
    }

    /** Candidates in the window, the choice included; 0 when none acts. */
    public int windowSize() {
        return windowSize;
    }

    /** Probability of what was chosen, in parts of {@link #denominator}; not reduced. */
    public long numerator() {
        return numerator;
    }

    /** {@code 10,000 * windowSize}, or 1 when none acts. */
    public long denominator() {
        return denominator;
    }

    /** The probability to the nearest basis point, halves upwards; 1 to 10,000. */
    public int propensityBps() {
        return (int) Math.max(1, (numerator * Bps.ONE + denominator / 2) / denominator);
    }

    /** How it was chosen: a choice that was certain is followed, every other one is explored, also where the kernel's choice was kept. */
    public Strategy strategy() {
        return numerator == denominator ? Strategy.FOLLOW : Strategy.EXPLORE;
    }

    /**
     * SHA-256 of the last choice, 32 bytes in a new array. The hashed bytes are {@code "calyexp1"}, the three digests, then rate u16, window
     * u64, acted candidate u32, explored u8 (0 or 1), window size u32, numerator u64 and denominator u64. Numbers are big endian.
     */
    public byte[] recordDigest(byte[] policyDigest, byte[] inputDigest, byte[] decisionDigest) {
        record.clear()
                .put(TAG)
                .put(policyDigest, 0, Sha256.LENGTH)
                .put(inputDigest, 0, Sha256.LENGTH)
                .put(decisionDigest, 0, Sha256.LENGTH)
                .putShort((short) rateBps)
                .putLong(windowMicros)
                .putInt((int) actedId)
                .put((byte) (isExplored ? 1 : 0))
                .putInt(windowSize)
                .putLong(numerator)
                .putLong(denominator);
        return sha256.digest(record.array());
    }
}
