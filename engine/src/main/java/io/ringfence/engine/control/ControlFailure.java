package io.ringfence.engine.control;

/** Why a control said no: at which account, and the figures in the control's own unit. Mutable and reused; allocates nothing. */
public final class ControlFailure {
    private long accountId;
    private long limit;
    private long observed;
    private long asked;
    private long headroom;

    /** Takes all of it. */
    public void set(long failedAccountId, long itsLimit, long itObserved, long wasAsked, long wasLeft) {
        accountId = failedAccountId;
        limit = itsLimit;
        observed = itObserved;
        asked = wasAsked;
        headroom = wasLeft;
    }

    /** Takes what another one says. */
    public void set(ControlFailure other) {
        set(other.accountId, other.limit, other.observed, other.asked, other.headroom);
    }

    /** Account at which the control failed: the command's own or one above it. */
    public long accountId() {
        return accountId;
    }

    /** Limit of the control. */
    public long limit() {
        return limit;
    }

    /** What the control saw, with what was asked; at most i64. */
    public long observed() {
        return observed;
    }

    /** What the command asked of the control. */
    public long asked() {
        return asked;
    }

    /** What was left below the limit; below 0 when it was passed before. */
    public long headroom() {
        return headroom;
    }
}
