package io.ringfence.gateway.server;

import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;

/**
 * The time of one turn of the duty cycle: read once, so that all commands of a turn have the same event time.
 *
 * <p>Event time is wall time at start carried on by the monotonic clock. It never goes back, not even behind the last event
 * of an earlier process. Once a second it is drawn towards the wall clock by half a millisecond at most; a wall clock that is
 * further off than the largest step is no longer followed, and {@link #hasStepped()} from then on; so is one that is that
 * far behind the last event at start, when event time would have to stand still.
 */
public final class TurnClock {
    private static final long COMPARE_EVERY_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long SLEW_NS = TimeUnit.MICROSECONDS.toNanos(500);

    private final NanoClock monotonic;
    private final EpochNanoClock wall;
    private final long maxStepNs;

    private long wallOffsetNs;
    private long comparedAtNs;
    private long nowNs;
    private long timestampNs;
    private boolean hasStepped;

    /**
     * Starts to carry wall time on.
     *
     * @param lastTimestampNs event time of the journal's last record; 0 for none.
     * @param maxStepNs       largest difference of the wall clock that is followed.
     */
    public TurnClock(NanoClock monotonic, EpochNanoClock wall, long lastTimestampNs, long maxStepNs) {
        this.monotonic = monotonic;
        this.wall = wall;
        this.maxStepNs = maxStepNs;
        nowNs = monotonic.nanoTime();
        comparedAtNs = nowNs;
        wallOffsetNs = wall.nanoTime() - nowNs;
        timestampNs = Math.max(nowNs + wallOffsetNs, lastTimestampNs);
        hasStepped = lastTimestampNs - (nowNs + wallOffsetNs) > maxStepNs;
    }

    /** Begins a turn: reads the time. */
    public void turn() {
        nowNs = monotonic.nanoTime();
        if (nowNs - comparedAtNs >= COMPARE_EVERY_NS) {
            comparedAtNs = nowNs;
            follow(wall.nanoTime() - (nowNs + wallOffsetNs));
        }
        timestampNs = Math.max(timestampNs, nowNs + wallOffsetNs);
    }

    private void follow(long aheadNs) {
        hasStepped |= Math.abs(aheadNs) > maxStepNs;
        if (!hasStepped) {
            wallOffsetNs += Math.max(-SLEW_NS, Math.min(SLEW_NS, aheadNs));
        }
    }

    /** Monotonic time of this turn. */
    long nowNs() {
        return nowNs;
    }

    /** Event time of this turn, ns since 1970. */
    public long timestampNs() {
        return timestampNs;
    }

    /** Did the wall clock step too far to be followed? */
    boolean hasStepped() {
        return hasStepped;
    }
}
