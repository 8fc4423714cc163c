package io.ringfence.gateway.session;

import io.ringfence.schemas.SessionEnd;

/** Takes the beginning and the end of each session into the total order of commands. */
public interface SessionLog {
    /**
     * Records that a session begins, and names it.
     *
     * @return false when there is no room now: nothing was recorded, the caller tries again later.
     */
    boolean offerOpened(Session session);

    /**
     * Records that a session ended.
     *
     * @return false when there is no room now: nothing was recorded, the caller tries again later.
     */
    boolean offerEnded(Session session, SessionEnd end);
}
