package io.ringfence.engine.pipeline;

/** Which kind of request it is, and whether it is usual. Written by {@link RegimeStage}. */
public final class RegimeSection extends Section {
    private boolean isPresent;
    private int regime;
    private int severity;
    private int floorStepBps;

    void notTaken(long sequence) {
        isPresent = false;
        regime = 0;
        severity = 0;
        floorStepBps = 0;
        done(sequence);
    }

    void found(long sequence, int regime, int severity, int floorStepBps) {
        this.isPresent = true;
        this.regime = regime;
        this.severity = severity;
        this.floorStepBps = floorStepBps;
        done(sequence);
    }

    /** Did the stage take part? */
    public boolean isPresent() {
        return isPresent;
    }

    /** 0..7. */
    public int regime() {
        return regime;
    }

    /** Above 0: anomalous; below 0: common; 0: neither. */
    public int severity() {
        return severity;
    }

    /** Step on the recommended floor in bps; negative lowers it. */
    public int floorStepBps() {
        return floorStepBps;
    }
}
