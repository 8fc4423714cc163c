package io.ringfence.gateway.server;

import io.ringfence.gateway.answers.PastAnswers;
import io.ringfence.gateway.answers.PastAnswers.LateCommand;
import io.ringfence.gateway.answers.PastAnswers.LookUp;
import io.ringfence.gateway.answers.PastAnswers.PastQuestion;
import io.ringfence.gateway.client.IpcStreams;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/**
 * What is to be looked up in the journal on another thread: a queue for each principal, served in turn.
 *
 * <p>So one that asks without pause makes another wait for its turn, and never has it refused. For the duty cycle; allocates.
 */
final class LookUps {
    /** What one principal has on the other thread at a time. */
    private static final int OUT_MAX = 16;

    private final Map<Integer, Waiting> byPrincipal = new HashMap<>();
    private final Queue<Waiting> turns = new ArrayDeque<>(); // Those that have something queued and may send more.
    private final Map<LookUp, Waiting> out = new IdentityHashMap<>();
    private final PastAnswers pastAnswers;
    private final IntPredicate sessions;
    private boolean isClosed;

    /** @param sessions tells of a session by its name whether it is open. */
    LookUps(PastAnswers pastAnswers, IntPredicate sessions) {
        this.pastAnswers = pastAnswers;
        this.sessions = sessions;
    }

    /** Has an answer looked up, unless a stop has begun. A session asks for no more than its window; what an ended one asked for is dropped. */
    void ask(PastQuestion question) {
        if (!isClosed) {
            waiting(question).add(question);
            handOver();
        }
    }

    /** Has the facts for a command looked up; false when that cannot be, because too many of the principal's earlier sessions wait. */
    boolean ask(LateCommand command) {
        if (isClosed || !waiting(command).addLate(command)) {
            return false;
        }
        handOver();
        return true;
    }

    /** Does a command of this principal wait for facts? */
    boolean isAnyLate(int principalId) {
        Waiting waiting = byPrincipal.get(principalId);
        return waiting != null && waiting.lateCount > 0;
    }

    private Waiting waiting(LookUp lookUp) {
        return byPrincipal.computeIfAbsent(lookUp.principalId(), Waiting::new);
    }

    private void handOver() {
        while (!turns.isEmpty()
                && out.size() < PastAnswers.CAPACITY
                && turns.peek().sendOne()) {
            turns.remove().hadTurn();
        }
    }

    /** Notes that a look-up came back; false when it was given up before. */
    boolean end(LookUp lookUp) {
        Waiting waiting = out.remove(lookUp);
        if (waiting != null) {
            waiting.cameBack(lookUp);
            handOver();
        }
        return waiting != null;
    }

    /** Is nothing being looked up? */
    boolean isSettled() {
        return byPrincipal.isEmpty();
    }

    /** Takes no more, and hands over the commands that still wait: nothing comes back. Who asked for an answer is not told. */
    void close(Consumer<LateCommand> openCommands) {
        isClosed = true;
        out.keySet().forEach(lookUp -> handLate(lookUp, openCommands));
        byPrincipal.values().forEach(waiting -> waiting.queue.forEach(lookUp -> handLate(lookUp, openCommands)));
        out.clear();
        turns.clear();
        byPrincipal.clear();
    }

    private static void handLate(LookUp lookUp, Consumer<LateCommand> openCommands) {
        if (lookUp instanceof LateCommand command) {
            openCommands.accept(command);
        }
    }

    /** What one principal waits for, oldest first. */
    private final class Waiting {
        private final ArrayDeque<LookUp> queue = new ArrayDeque<>();
        private final int principalId;
        private int outCount;
        private int lateCount;
        private boolean hasTurn;

        Waiting(int principalId) {
            this.principalId = principalId;
        }

        void add(LookUp lookUp) {
            if (queue.size() >= 2 * IpcStreams.WINDOW_MAX) {
                queue.removeIf(this::isDead);
            }
            queue.add(lookUp);
            takeTurn();
        }

        boolean addLate(LateCommand command) {
            if (lateCount == IpcStreams.WINDOW_MAX) {
                return false;
            }
            lateCount++;
            add(command);
            return true;
        }

        private boolean isDead(LookUp lookUp) {
            return lookUp instanceof PastQuestion && !sessions.test(lookUp.sessionId());
        }

        private void takeTurn() {
            if (!hasTurn && outCount < OUT_MAX && !queue.isEmpty()) {
                hasTurn = true;
                turns.add(this);
            }
        }

        /** Sends or drops the oldest; false if it is not taken now. */
        boolean sendOne() {
            LookUp next = queue.peek();
            if (!isDead(next)) {
                if (!pastAnswers.offer(next)) {
                    return false;
                }
                out.put(next, this);
                outCount++;
            }
            queue.remove();
            return true;
        }

        void hadTurn() {
            hasTurn = false;
            goOn();
        }

        void cameBack(LookUp lookUp) {
            outCount--;
            lateCount -= lookUp instanceof LateCommand ? 1 : 0;
            goOn();
        }

        private void goOn() {
            takeTurn();
            if (outCount == 0 && queue.isEmpty()) {
                byPrincipal.remove(principalId);
            }
        }
    }
}
