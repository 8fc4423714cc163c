package io.ringfence.gateway.server;

import io.ringfence.engine.command.Command;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.command.Stamp;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.Pipeline.ReplyHandler;
import io.ringfence.gateway.answers.PastFacts;
import io.ringfence.gateway.counters.CountersFile;
import io.ringfence.schemas.ReasonCode;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Orders commands as a replicated sequencer might: some turns after they were taken, and those of different sessions in another order.
 * What comes by one session keeps its order.
 */
final class LateSequencer implements Sequencer {
    private static final int MOST_WAITING = 64;
    private static final int TURNS = 4;

    private record Waiting(
            CommandType type,
            int sessionId,
            int principalId,
            long decision,
            long ticket,
            Stamped ofDecision,
            Stamped ofParent,
            byte[] message) {}

    /** A copy of a stamp; null for what it does not have. */
    private record Stamped(byte[] facts, byte[] lesson) {
        static Stamped of(Stamp stamp) {
            return new Stamped(
                    stamp.hasFacts() ? bytes(stamp.factsBytes()) : null,
                    stamp.hasLesson() ? bytes(stamp.lessonBytes()) : null);
        }

        private static byte[] bytes(DirectBuffer buffer) {
            byte[] copy = new byte[buffer.capacity()];
            buffer.getBytes(0, copy);
            return copy;
        }

        void into(Stamp stamp) {
            if (facts != null) {
                stamp.stampFacts(new UnsafeBuffer(facts), 0);
            }
            if (lesson != null) {
                stamp.stampLesson(new UnsafeBuffer(lesson), 0);
            }
        }
    }

    private final List<Waiting> waiting = new ArrayList<>();
    private final DecisionEvent slot = new DecisionEvent();
    private final SplittableRandom random = new SplittableRandom(7);
    private final Sequencer inner;
    private int lastName = 1_000_000; // No sequence of what opens the session.
    private int turn;

    LateSequencer(Sequencer inner) {
        this.inner = inner;
    }

    @Override
    public void handler(ReplyHandler handler) {
        inner.handler(handler);
    }

    @Override
    public DecisionEvent slot() {
        return slot;
    }

    @Override
    public boolean hasRoom(CommandType type) {
        return inner.hasRoom(type) && waiting.size() < MOST_WAITING;
    }

    @Override
    public boolean isTickDue() {
        return inner.isTickDue() && waiting.stream().noneMatch(next -> next.type() == CommandType.TICK);
    }

    @Override
    public int nextName() {
        return hasRoom(CommandType.SESSION_OPENED) ? ++lastName : 0;
    }

    @Override
    public ReasonCode check(CommandType type, long decision) {
        return inner.check(type, decision);
    }

    @Override
    public boolean isAtHand(CommandType type, long decision) {
        return inner.isAtHand(type, decision);
    }

    @Override
    public boolean isOutcomeOpen(long decision, long parent) {
        return inner.isOutcomeOpen(decision, parent);
    }

    @Override
    public boolean isCurrent(long decision, PastFacts found) {
        return inner.isCurrent(decision, found);
    }

    @Override
    public boolean isTooOld(long decidedAtNs) {
        return inner.isTooOld(decidedAtNs);
    }

    @Override
    public void take(CommandType type, int sessionId, int principalId, long decision) {
        Command command = slot.command();
        byte[] message = new byte[command.length()];
        command.message().getBytes(0, message);
        waiting.add(new Waiting(
                type,
                sessionId,
                principalId,
                decision,
                command.ticket(),
                Stamped.of(command.ofDecision()),
                Stamped.of(command.ofParent()),
                message));
    }

    @Override
    public int takenCount() {
        return waiting.size() + inner.takenCount();
    }

    @Override
    public int carryOn(int limit) {
        if (!waiting.isEmpty() && ++turn % TURNS == 0) {
            while (!waiting.isEmpty() && inner.hasRoom(waiting.get(0).type())) {
                order(waiting.remove(anyThatIsFirstOfItsSession()));
            }
        }
        return inner.carryOn(limit);
    }

    private int anyThatIsFirstOfItsSession() {
        int chosen = random.nextInt(waiting.size());
        for (int i = 0; i < chosen; i++) {
            if (waiting.get(i).sessionId() == waiting.get(chosen).sessionId()) {
                return i;
            }
        }
        return chosen;
    }

    private void order(Waiting next) {
        Command command = inner.slot().command();
        command.load(new UnsafeBuffer(next.message()), 0, next.message().length);
        command.ticket(next.ticket());
        next.ofDecision().into(command.ofDecision());
        next.ofParent().into(command.ofParent());
        inner.take(next.type(), next.sessionId(), next.principalId(), next.decision());
    }

    @Override
    public void show(CountersFile counters) {
        inner.show(counters);
    }
}
