package io.ringfence.gateway.session;

import io.ringfence.schemas.SessionEnd;

/** Takes the beginning and the end of each session into the total order of commands. */
public interface SessionLog {
    /** The name that a session has which begins now; 0 when there is no room for its record: the caller tries again later. */
    int nextName();

    /** Records that a session of the {@link #nextName() next name} begins. Its welcome may leave before this returns. */
    void opened(Session session);

    /**
     * Records that a session ended.
     *
     * @return false when there is no room now: nothing was recorded, the caller tries again later.
     */
    boolean offerEnded(Session session, SessionEnd end);
}
