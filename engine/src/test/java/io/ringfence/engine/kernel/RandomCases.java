package io.ringfence.engine.kernel;

import io.ringfence.engine.policy.Candidate;
import io.ringfence.engine.policy.Catalog;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Draws catalogs and inputs that meet every gate, tie, and end of range. */
final class RandomCases {
    private final SplittableRandom random;
    private boolean isTrusted;
    private boolean isWide;

    RandomCases(long seed) {
        random = new SplittableRandom(seed);
    }

    /** Chooses the character of what is drawn next: trusted or anything, narrow or wide values. */
    void turn() {
        isTrusted = random.nextInt(4) != 0;
        isWide = random.nextInt(3) == 0;
    }

    boolean isTrusted() {
        return isTrusted;
    }

    Catalog.Head head() {
        return new Catalog.Head(
                random.nextLong(),
                random.nextLong(),
                bps(9_000),
                random.nextInt(6_001),
                random.nextInt(random.nextBoolean() ? 5_000 : isTrusted ? 50_001 : 65_536),
                random.nextInt(3) == 0 ? 0 : amount(8));
    }

    List<Candidate> candidates() {
        int count = random.nextInt(20) == 0 ? random.nextInt(64, 300) : random.nextInt(isTrusted ? 1 : 0, 40);
        List<Candidate> candidates = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            boolean isTwin = index > 0 && random.nextInt(6) == 0;
            candidates.add(isTwin ? twin(candidates.get(random.nextInt(index)), index) : candidate(index));
        }
        return candidates;
    }

    private Candidate candidate(int index) {
        return new Candidate(
                id(index),
                isTrusted || random.nextInt(8) != 0 ? random.nextInt(64) : random.nextInt(65_536),
                bps(3_000),
                bps(8_000),
                random.nextInt(8) == 0 ? 0 : isTrusted ? 1 : random.nextInt(256),
                units(12),
                mask(),
                mask(),
                amount(28),
                amount(28));
    }

    /** The same but for its name: a tie down to the last rule. */
    private Candidate twin(Candidate of, int index) {
        return new Candidate(
                id(index),
                of.providerId(),
                of.qualityBps(),
                of.riskCeilingBps(),
                of.enabled(),
                of.p95LatencyMs(),
                of.capabilities(),
                of.regionMask(),
                of.inputPriceMicrosPerM(),
                of.outputPriceMicrosPerM());
    }

    private long id(int index) {
        return isTrusted ? index * 7L + 1 : random.nextInt(8);
    }

    KernelInput input() {
        KernelInput input = new KernelInput();
        input.requestSequence(random.nextLong());
        input.requestedCandidateId(random.nextInt(16));
        input.inputUnits(units(14));
        input.outputUnits(units(14));
        input.businessValueMicros(value());
        input.costLimitMicros(random.nextBoolean() ? -1 : amount(40));
        input.riskBps(bps(0));
        input.confidenceBps(bps(5_000));
        input.minimumQualityBps(random.nextBoolean() ? 0 : bps(0) / 2);
        input.maxP95LatencyMs(random.nextInt(3) != 0 ? 0 : units(13));
        input.requiredCapabilities(random.nextBoolean() ? 0 : mask() & mask() & mask() & 0xFFF);
        input.allowedProviderMask(random.nextBoolean() ? -1 : mask());
        input.requiredRegionMask(random.nextBoolean() ? 0 : mask());
        return input;
    }

    private long value() {
        long value = random.nextInt(10) == 0 ? random.nextLong() : amount(38) & Long.MAX_VALUE;
        return random.nextInt(20) == 0 ? -value : value;
    }

    private int bps(int least) {
        return isTrusted || random.nextInt(6) != 0 ? random.nextInt(least, 10_001) : random.nextInt(65_536);
    }

    private long units(int usualBits) {
        return isWide ? random.nextLong() >>> random.nextInt(32, 64) : random.nextLong(1L << random.nextInt(usualBits));
    }

    private long amount(int usualBits) {
        if (!isWide) {
            return random.nextLong(1L << random.nextInt(usualBits));
        }
        return random.nextInt(8) == 0 ? -1 : random.nextLong() >>> random.nextInt(64);
    }

    private long mask() {
        return switch (random.nextInt(4)) {
            case 0 -> -1;
            case 1 -> random.nextLong() & 0xFF;
            case 2 -> random.nextLong() | random.nextLong();
            default -> random.nextLong();
        };
    }
}
