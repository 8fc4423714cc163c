package io.ringfence.gateway.server;

import io.ringfence.engine.command.Command;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.Pipeline.ReplyHandler;
import io.ringfence.gateway.answers.PastFacts;
import io.ringfence.gateway.counters.CountersFile;
import io.ringfence.schemas.ReasonCode;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
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
            byte[] facts,
            byte[] lesson,
            byte[] message) {}

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
    public boolean isOutcomeOpen(long decision) {
        return inner.isOutcomeOpen(decision);
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
        byte[] facts = null;
        if (command.hasFacts()) {
            facts = new byte[command.factsBytes().capacity()];
            command.factsBytes().getBytes(0, facts);
        }
        byte[] lesson = null;
        if (command.hasLesson()) {
            lesson = new byte[command.lessonBytes().capacity()];
            command.lessonBytes().getBytes(0, lesson);
        }
        waiting.add(new Waiting(type, sessionId, principalId, decision, command.ticket(), facts, lesson, message));
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
        if (next.facts() != null) {
            command.stampFacts(new UnsafeBuffer(next.facts()), 0);
        }
        if (next.lesson() != null) {
            command.stampLesson(new UnsafeBuffer(next.lesson()), 0);
        }
        inner.take(next.type(), next.sessionId(), next.principalId(), next.decision());
    }

    @Override
    public void show(CountersFile counters) {
        inner.show(counters);
    }
}
