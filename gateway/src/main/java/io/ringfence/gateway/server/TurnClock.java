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
 * far behind the last event at start, when event time would have to stand still. Once a person has {@link #accept accepted} a step,
 * event time goes on from where it is, and from then on keeps its distance to the wall clock.
 */
public final class TurnClock {
    private static final long COMPARE_EVERY_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long SLEW_NS = TimeUnit.MICROSECONDS.toNanos(500);

    private final NanoClock monotonic;
    private final EpochNanoClock wall;
    private final long maxStepNs;

    private long aheadNs; // Of the wall clock, as accepted.
    private long wallOffsetNs;
    private long comparedAtNs;
    private long aheadOfWallNs; // When last compared.
    private long nowNs;
    private long timestampNs;
    private boolean hasStepped;

    /**
     * Starts to carry wall time on.
     *
     * @param lastTimestampNs event time of the journal's last record; 0 for none.
     * @param acceptedAheadNs how far event time is ahead of the wall clock by steps that were accepted, 0 and above. It counts only
     *                        for a wall clock that is still behind the last event.
     * @param maxStepNs       largest difference of the wall clock that is followed.
     */
    public TurnClock(
            NanoClock monotonic, EpochNanoClock wall, long lastTimestampNs, long acceptedAheadNs, long maxStepNs) {
        this.monotonic = monotonic;
        this.wall = wall;
        this.maxStepNs = maxStepNs;
        nowNs = monotonic.nanoTime();
        comparedAtNs = nowNs;
        long wallNs = wall.nanoTime();
        aheadNs = lastTimestampNs - wallNs > maxStepNs ? acceptedAheadNs : 0;
        wallOffsetNs = wallNs + aheadNs - nowNs;
        timestampNs = Math.max(nowNs + wallOffsetNs, lastTimestampNs);
        aheadOfWallNs = timestampNs - wallNs;
        hasStepped = lastTimestampNs - (nowNs + wallOffsetNs) > maxStepNs;
    }

    /**
     * Goes on with the wall clock as it is.
     *
     * @param ofWallNs how far event time is to stay ahead of it, 0 and above.
     */
    void accept(long ofWallNs) {
        aheadNs = ofWallNs;
        long wallNs = wall.nanoTime();
        wallOffsetNs = wallNs + aheadNs - nowNs;
        timestampNs = Math.max(timestampNs, nowNs + wallOffsetNs); // The next command may be of this turn.
        aheadOfWallNs = Math.max(timestampNs - wallNs, aheadNs);
        comparedAtNs = nowNs;
        hasStepped = false;
    }

    /** Begins a turn: reads the time. */
    public void turn() {
        nowNs = monotonic.nanoTime();
        if (nowNs - comparedAtNs >= COMPARE_EVERY_NS) {
            comparedAtNs = nowNs;
            follow(wall.nanoTime());
        }
        timestampNs = Math.max(timestampNs, nowNs + wallOffsetNs);
    }

    private void follow(long wallNs) {
        long behindNs = wallNs + aheadNs - (nowNs + wallOffsetNs);
        hasStepped |= Math.abs(behindNs) > maxStepNs;
        if (!hasStepped) {
            wallOffsetNs += Math.max(-SLEW_NS, Math.min(SLEW_NS, behindNs));
        }
        aheadOfWallNs = Math.max(timestampNs, nowNs + wallOffsetNs) - wallNs;
    }

    /** Monotonic time of this turn. */
    long nowNs() {
        return nowNs;
    }

    /** Event time of this turn, ns since 1970. */
    public long timestampNs() {
        return timestampNs;
    }

    /** What the wall clock says now, ns since 1970. */
    public long wallNs() {
        return wall.nanoTime();
    }

    /** How far event time was ahead of the wall clock when they were last compared, about a second ago; ns, below 0: behind. */
    public long aheadOfWallNs() {
        return aheadOfWallNs;
    }

    /** Did the wall clock step too far to be followed, and nobody has accepted that yet? */
    public boolean hasStepped() {
        return hasStepped;
    }
}
