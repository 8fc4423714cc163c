package io.ringfence.gateway.session;

import io.ringfence.schemas.Durability;
import java.util.concurrent.TimeUnit;

/**
 * What holds for every session of a gateway.
 *
 * @param maxSessions most sessions at a time; 1 and above.
 * @param window      most requests of one session that are unanswered or whose answers are unread; 1..1,024, so that
 *                    a window of answers fits the response stream.
 * @param timeoutNs   silence of a client after which its session ends; also how long a log on may take.
 * @param patienceNs  how long a session's answers may be held up by back pressure before it ends.
 * @param durability  what answers wait for; told at log on.
 */
public record SessionSettings(int maxSessions, int window, long timeoutNs, long patienceNs, Durability durability) {
    /** The largest window: beyond it a window of answers might not fit the response stream. */
    public static final int MAX_WINDOW = 1_024;

    /** Checks the ranges above. */
    public SessionSettings {
        require(maxSessions > 0, "maxSessions must be positive", maxSessions);
        require(window > 0 && window <= MAX_WINDOW, "window must be 1..1024", window);
        require(timeoutNs > 0, "timeoutNs must be positive", timeoutNs);
        require(patienceNs > 0, "patienceNs must be positive", patienceNs);
    }

    /** 64 sessions, a window of 1,024, ten seconds of silence, one of back pressure. */
    public static SessionSettings defaults(Durability durability) {
        return new SessionSettings(
                64, MAX_WINDOW, TimeUnit.SECONDS.toNanos(10), TimeUnit.SECONDS.toNanos(1), durability);
    }

    private static void require(boolean holds, String rule, long value) {
        if (!holds) {
            throw new IllegalArgumentException(rule + ": value=" + value);
        }
    }
}
