package io.ringfence.gateway.system;

import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.AdmissionRequestEncoder;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.ExecutionEncoder;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.SettleKind;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.Substitution;
import io.ringfence.schemas.TimeInForce;
import io.ringfence.schemas.Tristate;

/** One request as it was asked, so that it can be asked again to the letter, and which of the book's rules its answer is under. */
sealed interface Request {
    /** The client's name for it. */
    long id();

    /** Could it add risk? */
    default boolean isNewRisk() {
        return this instanceof Admission || this instanceof Order || this instanceof Replace;
    }

    /** Begins its message. */
    void write(RingfenceClient client);

    /** Holds its answer against the book, and books it. */
    void book(HoldBook book, AdmissionDecisionDecoder decision);

    /** May this be done? */
    record Admission(
            long id,
            long accountId,
            int useCase,
            int candidateId,
            Substitution substitution,
            long valueMicros,
            long ttlNs)
            implements Request {
        static final long FOREVER = AdmissionRequestEncoder.timeToLiveNsNullValue();

        @Override
        public void write(RingfenceClient client) {
            client.admission()
                    .clientRequestId(id)
                    .accountId(accountId)
                    .useCase((short) useCase)
                    .requestedCandidateId(candidateId)
                    .substitution(substitution)
                    .inputUnits(1_000)
                    .businessValueMicros(valueMicros)
                    .timeToLiveNs(ttlNs);
        }

        @Override
        public void book(HoldBook book, AdmissionDecisionDecoder decision) {
            book.asked(new Hold(decision.sequence(), this, accountId, false, 0, ttlNs != FOREVER), decision);
        }
    }

    /** May this order be sent? */
    record Order(
            long id,
            long accountId,
            int useCase,
            int candidateId,
            int riskBps,
            Side side,
            long quantity,
            long priceMicros)
            implements Request {
        @Override
        public void write(RingfenceClient client) {
            client.order()
                    .clientRequestId(id)
                    .accountId(accountId)
                    .useCase((short) useCase)
                    .requestedCandidateId(candidateId)
                    .businessValueMicros(5_000_000)
                    .riskBps(riskBps)
                    .side(side)
                    .orderType(OrderType.LIMIT)
                    .timeInForce(TimeInForce.DAY)
                    .quantity(quantity)
                    .limitPriceMicros(priceMicros)
                    .externalId("D-" + id);
        }

        @Override
        public void book(HoldBook book, AdmissionDecisionDecoder decision) {
            book.asked(new Hold(decision.sequence(), this, accountId, true, quantity, false), decision);
        }
    }

    /** The order is being cancelled. */
    record Cancel(long id, long holdId) implements Request {
        @Override
        public void write(RingfenceClient client) {
            client.cancel().clientRequestId(id).holdId(holdId);
        }

        @Override
        public void book(HoldBook book, AdmissionDecisionDecoder decision) {
            book.cancelled(holdId, decision);
        }
    }

    /** May the order be changed? */
    record Replace(long id, long holdId, long orderQuantity, long priceMicros) implements Request {
        @Override
        public void write(RingfenceClient client) {
            client.replace()
                    .clientRequestId(id)
                    .holdId(holdId)
                    .orderQuantity(orderQuantity)
                    .limitPriceMicros(priceMicros);
        }

        @Override
        public void book(HoldBook book, AdmissionDecisionDecoder decision) {
            book.replaced(holdId, orderQuantity, decision);
        }
    }

    /** What happened to the order. */
    record Execution(
            long id,
            long holdId,
            long executionId,
            ExecutionKind kind,
            long quantity,
            long priceMicros,
            long leaves,
            long referenceId)
            implements Request {
        static final long NO_REFERENCE = ExecutionEncoder.referenceExecutionIdNullValue();

        @Override
        public void write(RingfenceClient client) {
            client.execution()
                    .clientRequestId(id)
                    .holdId(holdId)
                    .executionId(executionId)
                    .kind(kind)
                    .quantity(quantity)
                    .priceMicros(priceMicros)
                    .feeMicros(quantity == 0 ? 0 : 1_000)
                    .leavesQuantity(leaves)
                    .referenceExecutionId(referenceId);
        }

        @Override
        public void book(HoldBook book, AdmissionDecisionDecoder decision) {
            book.executed(this, decision);
        }
    }

    /** What the action did cost. */
    record Settlement(long id, long holdId, SettleKind kind, long amountMicros) implements Request {
        @Override
        public void write(RingfenceClient client) {
            client.settle().clientRequestId(id).holdId(holdId).kind(kind).amountMicros(amountMicros);
        }

        @Override
        public void book(HoldBook book, AdmissionDecisionDecoder decision) {
            book.settled(holdId, kind, decision);
        }
    }

    /** How it went. */
    record Outcome(long id, long decisionSequence, boolean isSuccess) implements Request {
        @Override
        public void write(RingfenceClient client) {
            client.outcome()
                    .clientRequestId(id)
                    .decisionSequence(decisionSequence)
                    .disposition(Disposition.APPLIED)
                    .success(isSuccess ? Tristate.YES : Tristate.NO)
                    .realizedLatencyMs(3);
        }

        @Override
        public void book(HoldBook book, AdmissionDecisionDecoder decision) {
            book.grantsNothing(decision);
        }
    }

    /** Another body under an id that was used before: a mistake. */
    record Reuse(long id, long holdId) implements Request {
        @Override
        public void write(RingfenceClient client) {
            client.cancel().clientRequestId(id).holdId(holdId);
        }

        @Override
        public void book(HoldBook book, AdmissionDecisionDecoder decision) {
            book.reused(decision);
        }
    }

    /** What was the answer? Takes no sequence. */
    record Query(long id) implements Request {
        @Override
        public void write(RingfenceClient client) {
            client.query(id);
        }

        @Override
        public void book(HoldBook book, AdmissionDecisionDecoder decision) {
            throw new AssertionError("a query gets no answer of its own: " + decision);
        }
    }
}
