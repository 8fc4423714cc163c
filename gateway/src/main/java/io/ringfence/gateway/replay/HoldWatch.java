package io.ringfence.gateway.replay;

import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.Tristate;
import org.agrona.collections.Long2LongHashMap;

/** Tells which holds still stand at the end of a reading of the journal. Not thread safe. */
final class HoldWatch {
    private static final long NOT_FOLLOWED = Long.MIN_VALUE;
    private static final long ENDED = 0;

    private final Long2LongHashMap deadlinesNs = new Long2LongHashMap(NOT_FOLLOWED);
    private long sweptToNs;

    /** Begins to follow a hold that stands. */
    void follow(long holdId, long deadlineNs) {
        deadlinesNs.put(holdId, deadlineNs);
    }

    /** Could a record of this kind end a hold that is followed? */
    boolean isOfInterest(CommandKind kind) {
        return !deadlinesNs.isEmpty()
                && (kind == CommandKind.EXECUTION || kind == CommandKind.SETTLE || kind == CommandKind.HOLD);
    }

    /** Takes a record that may have ended a hold. */
    void accept(DecisionEvent event) {
        if (event.verdict().isHoldEnded()) {
            deadlinesNs.replace(event.command().holdId(), ENDED);
        }
    }

    /** Ends the followed holds whose deadline is not after this event time. */
    void sweptTo(long timestampNs) {
        sweptToNs = timestampNs;
    }

    /** Does a hold stand? UNKNOWN for a hold that is not followed. */
    Tristate holdStands(long holdId) {
        long deadlineNs = deadlinesNs.get(holdId);
        if (deadlineNs == NOT_FOLLOWED) {
            return Tristate.UNKNOWN;
        }
        return deadlineNs <= sweptToNs ? Tristate.NO : Tristate.YES;
    }

    /** Does any followed hold stand? */
    boolean hasStanding() {
        Long2LongHashMap.ValueIterator deadlines = deadlinesNs.values().iterator();
        while (deadlines.hasNext()) {
            if (deadlines.nextValue() > sweptToNs) {
                return true;
            }
        }
        return false;
    }
}
