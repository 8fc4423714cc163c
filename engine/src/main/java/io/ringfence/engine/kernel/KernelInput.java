package io.ringfence.engine.kernel;

import io.ringfence.engine.policy.Bps;

/**
 * The effective request, which the kernel decides about. Mutable, reused, not thread safe; checks nothing.
 *
 * <p>u16 is carried as int and u32 as long, both by value; u64 is carried as long by its bits.
 */
public final class KernelInput {
    private long requestSequence;
    private long requestedCandidateId;
    private long inputUnits;
    private long outputUnits;
    private long businessValueMicros;
    private long costLimitMicros;
    private int riskBps;
    private int confidenceBps;
    private int minimumQualityBps;
    private long maxP95LatencyMs;
    private long requiredCapabilities;
    private long allowedProviderMask;
    private long requiredRegionMask;

    /** True when risk, confidence and minimum quality are each 0 to 10,000. */
    public boolean isInRange() {
        return isProportion(riskBps) && isProportion(confidenceBps) && isProportion(minimumQualityBps);
    }

    private static boolean isProportion(int bps) {
        return bps >= 0 && bps <= Bps.ONE;
    }

    /** Copies every field of another input. */
    public void copyFrom(KernelInput other) {
        requestSequence = other.requestSequence;
        requestedCandidateId = other.requestedCandidateId;
        inputUnits = other.inputUnits;
        outputUnits = other.outputUnits;
        businessValueMicros = other.businessValueMicros;
        costLimitMicros = other.costLimitMicros;
        riskBps = other.riskBps;
        confidenceBps = other.confidenceBps;
        minimumQualityBps = other.minimumQualityBps;
        maxP95LatencyMs = other.maxP95LatencyMs;
        requiredCapabilities = other.requiredCapabilities;
        allowedProviderMask = other.allowedProviderMask;
        requiredRegionMask = other.requiredRegionMask;
    }

    /** u64 bits; echoed in the decision. */
    public long requestSequence() {
        return requestSequence;
    }

    /** See {@link #requestSequence()}. */
    public void requestSequence(long requestSequence) {
        this.requestSequence = requestSequence;
    }

    /** u32; has no effect on eligibility or rank. */
    public long requestedCandidateId() {
        return requestedCandidateId;
    }

    /** See {@link #requestedCandidateId()}. */
    public void requestedCandidateId(long requestedCandidateId) {
        this.requestedCandidateId = requestedCandidateId;
    }

    /** u32. */
    public long inputUnits() {
        return inputUnits;
    }

    /** See {@link #inputUnits()}. */
    public void inputUnits(long inputUnits) {
        this.inputUnits = inputUnits;
    }

    /** u32. */
    public long outputUnits() {
        return outputUnits;
    }

    /** See {@link #outputUnits()}. */
    public void outputUnits(long outputUnits) {
        this.outputUnits = outputUnits;
    }

    /** Value of the request in micros; below 0 counts as 0. */
    public long businessValueMicros() {
        return businessValueMicros;
    }

    /** See {@link #businessValueMicros()}. */
    public void businessValueMicros(long businessValueMicros) {
        this.businessValueMicros = businessValueMicros;
    }

    /** u64 bits; a cost equal to it passes. All ones: no limit. */
    public long costLimitMicros() {
        return costLimitMicros;
    }

    /** See {@link #costLimitMicros()}. */
    public void costLimitMicros(long costLimitMicros) {
        this.costLimitMicros = costLimitMicros;
    }

    /** u16. */
    public int riskBps() {
        return riskBps;
    }

    /** See {@link #riskBps()}. */
    public void riskBps(int riskBps) {
        this.riskBps = riskBps;
    }

    /** u16. */
    public int confidenceBps() {
        return confidenceBps;
    }

    /** See {@link #confidenceBps()}. */
    public void confidenceBps(int confidenceBps) {
        this.confidenceBps = confidenceBps;
    }

    /** u16. */
    public int minimumQualityBps() {
        return minimumQualityBps;
    }

    /** See {@link #minimumQualityBps()}. */
    public void minimumQualityBps(int minimumQualityBps) {
        this.minimumQualityBps = minimumQualityBps;
    }

    /** u32; 0: no cap. */
    public long maxP95LatencyMs() {
        return maxP95LatencyMs;
    }

    /** See {@link #maxP95LatencyMs()}. */
    public void maxP95LatencyMs(long maxP95LatencyMs) {
        this.maxP95LatencyMs = maxP95LatencyMs;
    }

    /** Bits of which a candidate must have all. */
    public long requiredCapabilities() {
        return requiredCapabilities;
    }

    /** See {@link #requiredCapabilities()}. */
    public void requiredCapabilities(long requiredCapabilities) {
        this.requiredCapabilities = requiredCapabilities;
    }

    /** A bit for each provider that may act; all ones: any. */
    public long allowedProviderMask() {
        return allowedProviderMask;
    }

    /** See {@link #allowedProviderMask()}. */
    public void allowedProviderMask(long allowedProviderMask) {
        this.allowedProviderMask = allowedProviderMask;
    }

    /** Bits of which a candidate must have one; 0: any. */
    public long requiredRegionMask() {
        return requiredRegionMask;
    }

    /** See {@link #requiredRegionMask()}. */
    public void requiredRegionMask(long requiredRegionMask) {
        this.requiredRegionMask = requiredRegionMask;
    }
}
