package io.ringfence.gateway.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.schemas.Action;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.SettleKind;
import io.ringfence.schemas.Tristate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The plain twin of what stands, kept by what was asked and answered alone. It refuses every answer that allows something
 * without a standing hold, and every answer about a hold that cannot be.
 *
 * <p>An answer that comes as a repetition was lost the first time; what it says of its hold is of today, not of then.
 */
final class HoldBook {
    private final Map<Long, Hold> holds = new HashMap<>();
    private final List<Hold> inOrder = new ArrayList<>();
    private long earlierSequence;

    Collection<Hold> holds() {
        return inOrder;
    }

    boolean isEmpty() {
        return inOrder.isEmpty();
    }

    /** A hold of the last ones; 0 is the newest. */
    Hold recent(int age) {
        return inOrder.get(Math.max(0, inOrder.size() - 1 - age));
    }

    /** What all holds of an account keep. */
    long heldMicros(long accountId) {
        return inOrder.stream()
                .filter(hold -> hold.accountId() == accountId)
                .mapToLong(Hold::heldMicros)
                .sum();
    }

    /** An admission or an order: a yes stands on a hold of its own, anything else is a reject. */
    void asked(Hold hold, AdmissionDecisionDecoder decision) {
        if (!isYes(decision)) {
            rejects(decision);
            return;
        }
        assertEquals(decision.sequence(), decision.holdId(), "a yes without a hold of its own");
        assertTrue(decision.actedCandidateId() > 0);
        assertTrue(decision.heldMicros() > 0);
        assertEquals(ReasonCode.NONE, failedControl(decision));
        if (!hold.mayExpire()) {
            assertEquals(Tristate.YES, decision.holdStands(), "a yes whose hold does not stand");
        }
        hold.begin(decision.heldMicros());
        holds.put(hold.id(), hold);
        inOrder.add(hold);
    }

    /** A replace: a yes stands on the hold of its order. */
    void replaced(long holdId, long orderQuantity, AdmissionDecisionDecoder decision) {
        if (!isYes(decision)) {
            rejects(decision);
            return;
        }
        Hold hold = standing(holdId, decision);
        assertTrue(hold.isOrder());
        assertEquals(holdId, decision.holdId());
        hold.replace(orderQuantity);
        hold.held(decision.heldMicros());
    }

    /** A cancel ends nothing. */
    void cancelled(long holdId, AdmissionDecisionDecoder decision) {
        grantsNothing(decision);
        if (decision.reason() == ReasonCode.APPLIED) {
            assertTrue(standing(holdId, decision).isOrder());
        }
    }

    /** An execution is a fact, and is booked for an order that has ended, too. */
    void executed(Request.Execution execution, AdmissionDecisionDecoder decision) {
        grantsNothing(decision);
        if (decision.reason() != ReasonCode.APPLIED) {
            return;
        }
        Hold hold = holds.get(execution.holdId());
        assertNotNull(hold, "an execution was booked for an order that nobody was allowed");
        assertTrue(hold.isOrder());
        hold.booked(execution);
        switch (execution.kind()) {
            case FILL -> hold.fill(execution.quantity(), execution.leaves());
            case REPLACED -> hold.replaced();
            case REPLACE_REJECTED -> hold.replaceRejected();
            case BUST, CORRECTION -> {} // The order goes on as it was.
            default -> hold.ended();
        }
        hold.held(decision.heldMicros());
        tellsWhetherItStands(hold, decision);
    }

    /** A settle ends its hold unless it commits a part. The cost of one that has ended is booked, too, once it was not settled for good. */
    void settled(long holdId, SettleKind kind, AdmissionDecisionDecoder decision) {
        grantsNothing(decision);
        if (decision.reason() == ReasonCode.HOLD_UNKNOWN && holds.containsKey(holdId)) {
            Hold hold = holds.get(holdId);
            assertTrue(hold.hasEnded() || hold.mayExpire(), () -> "a standing hold is not known: holdId=" + holdId);
            hold.end();
        }
        if (decision.reason() == ReasonCode.FACT_OUTSTANDING && holds.containsKey(holdId)) {
            Hold hold = holds.get(holdId);
            assertTrue(
                    hold.isOrder() || hold.hasEnded() || hold.mayExpire(),
                    () -> "the cost of a standing hold is not booked: holdId=" + holdId);
        }
        if (decision.reason() != ReasonCode.APPLIED) {
            return;
        }
        Hold hold = holds.get(holdId);
        assertNotNull(hold, () -> "acted on a hold that nobody was given: holdId=" + holdId);
        assertFalse(hold.isOrder());
        boolean isLate = decision.holdStands() == Tristate.NO && kind == SettleKind.COMMIT_PART;
        assertTrue(
                !isLate || hold.hasEnded() || hold.mayExpire() || decision.isDuplicate() == Tristate.YES,
                () -> "a part of its cost ended a hold: " + decision);
        if (isLate || kind != SettleKind.COMMIT_PART) {
            hold.end();
        }
        hold.held(decision.heldMicros());
        tellsWhetherItStands(hold, decision);
    }

    /** Another body under a known id. */
    void reused(AdmissionDecisionDecoder decision) {
        grantsNothing(decision);
        assertEquals(ReasonCode.REQUEST_ID_REUSED, decision.reason());
        assertEquals(AdmissionDecisionDecoder.holdIdNullValue(), decision.holdId());
    }

    /** Whatever asks for no admission is allowed nothing. */
    void grantsNothing(AdmissionDecisionDecoder decision) {
        assertEquals(Action.NOTHING_GRANTED, decision.action());
    }

    private void rejects(AdmissionDecisionDecoder decision) {
        assertEquals(Action.REJECT, decision.action());
        assertEquals(AdmissionDecisionDecoder.holdIdNullValue(), decision.holdId());
        assertEquals(Tristate.NO, decision.holdStands());
        assertEquals(0, decision.actedCandidateId());
    }

    /** Repetitions of answers up to this sequence may be looked up, so that later answers overtake them. */
    void earlierLife(long lastSequence) {
        earlierSequence = lastSequence;
    }

    /** A repetition: its hold stands if and only if the book says so; what may have run out may say either. */
    void repeated(AdmissionDecisionDecoder decision) {
        if (decision.holdId() == AdmissionDecisionDecoder.holdIdNullValue()) {
            assertEquals(Tristate.NO, decision.holdStands());
            return;
        }
        Hold hold = holds.get(decision.holdId());
        assertNotNull(hold);
        if (hold.id() <= earlierSequence && hold.hasEnded() && decision.holdStands() == Tristate.YES) {
            return;
        }
        if (hold.hasEnded() || !hold.mayExpire()) {
            assertEquals(
                    hold.hasEnded() ? Tristate.NO : Tristate.YES,
                    decision.holdStands(),
                    () -> "a repetition does not say truly whether its hold stands: holdId=" + hold.id());
        } else if (decision.holdStands() == Tristate.NO) {
            hold.end();
        }
    }

    static boolean isYes(AdmissionDecisionDecoder decision) {
        return decision.action() == Action.EXECUTE || decision.action() == Action.SUBSTITUTE;
    }

    private static ReasonCode failedControl(AdmissionDecisionDecoder decision) {
        long control = decision.failedControlId();
        return control == AdmissionDecisionDecoder.failedControlIdNullValue()
                ? ReasonCode.NONE
                : ReasonCode.get((int) control);
    }

    private Hold standing(long holdId, AdmissionDecisionDecoder decision) {
        Hold hold = holds.get(holdId);
        assertNotNull(hold, () -> "acted on a hold that nobody was given: holdId=" + holdId);
        assertFalse(hold.hasEnded(), () -> "acted on a hold that had ended: " + decision);
        return hold;
    }

    private static void tellsWhetherItStands(Hold hold, AdmissionDecisionDecoder decision) {
        if (decision.isDuplicate() != Tristate.YES) {
            assertEquals(hold.hasEnded() ? Tristate.NO : Tristate.YES, decision.holdStands());
            assertEquals(hold.hasEnded() ? AdmissionDecisionDecoder.holdIdNullValue() : hold.id(), decision.holdId());
        }
    }
}
