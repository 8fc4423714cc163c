package io.ringfence.engine.control;

import io.ringfence.engine.rights.Rights;
import io.ringfence.schemas.AccountLimit;

/**
 * What a control may read of accounts. An account is named by its slot; amounts are micros.
 *
 * <p>Nothing here changes an account: a check stays pure.
 */
public interface AccountView extends Rights.AccountTree {
    /** In place of a limit: it is not set. */
    long NOT_SET = Long.MIN_VALUE;

    /** Does an account stand below this one? */
    boolean isParent(int slot);

    /** Bits of the controls for which this account alone has a limit or cap: {@link ControlCode#bit()}. */
    long limited(int slot);

    /** Reported facts that a person has to book or drop; at most {@link Integer#MAX_VALUE} of one account. */
    long outstandingFacts(int slot);

    /** A limit in its unit, 0 and above, or {@link #NOT_SET}. */
    long limit(int slot, AccountLimit limit);

    /** What was granted in all. */
    long grantedMicros(int slot);

    /** Above 0 what is available, below 0 the overdraft. */
    long freeMicros(int slot);

    /** What is held, by its own holds and those of accounts below it. */
    long reservedMicros(int slot);

    /** The cap on what is held; 0 for none. */
    long capMicros(int slot);
}
