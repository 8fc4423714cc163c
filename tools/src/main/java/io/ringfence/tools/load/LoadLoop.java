package io.ringfence.tools.load;

import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.tools.ExitCode.BadInputException;
import io.ringfence.tools.ExitCode.EnvironmentException;
import io.ringfence.tools.input.OrderEvent;
import io.ringfence.tools.input.OrderTape;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/**
 * Plays a tape at a pace, in rounds, until the plan is done; then waits until every message is answered.
 *
 * <p>It ends before the order that would be one too many. Only orders are paced: what happens to them follows at once. One
 * thread; allocates nothing of its own.
 */
final class LoadLoop {
    private static final int POLL_LIMIT = 64;
    private static final int EVENT_LIMIT = 16;
    private static final int IDLE_SPINS = 100;
    private static final long SILENCE_MAX_NS = TimeUnit.SECONDS.toNanos(30);

    private final IdleStrategy idle = new BackoffIdleStrategy(IDLE_SPINS, Long.MAX_VALUE, 1, 1); // Spins, then yields.
    private final RingfenceClient client;
    private final OrderDesk desk;
    private final OrderTape tape;
    private final LoadPlan.Pace pace;
    private final long requestsMax;
    private final long durationMaxNs;
    private final long warmupNs;

    private boolean isOnEvent;
    private boolean isWarm;
    private boolean isOver;
    private boolean isCut;
    private volatile boolean isStopAsked;
    private long askedCold;
    private long askedBefore;
    private long startNs;
    private long endNs;
    private long heardNs;

    LoadLoop(RingfenceClient client, OrderDesk desk, OrderTape tape, LoadPlan.Pace pace, LoadPlan plan) {
        this.client = client;
        this.desk = desk;
        this.tape = tape;
        this.pace = pace;
        this.requestsMax = plan.requestsMax();
        this.durationMaxNs = plan.durationMaxNs();
        this.warmupNs = plan.warmupNs();
    }

    /** Runs to the end. */
    void run() {
        startNs = System.nanoTime();
        heardNs = startNs;
        pace.start(startNs);
        while (!isOver || !desk.isDrained()) {
            idle.idle(turn());
        }
        endNs = System.nanoTime();
    }

    /** Sends no more orders, and ends once what was sent is answered. Any thread. */
    void stop() {
        isStopAsked = true;
    }

    /** Time from the end of the warm-up to the last answer. */
    long durationNs() {
        return endNs - startNs;
    }

    /** Was it {@link #stop() stopped} before the plan was done? */
    boolean isCut() {
        return isCut;
    }

    private int turn() {
        int polled = client.poll(desk, POLL_LIMIT);
        int workCount = polled + desk.send(pace.unansweredMax());
        long nowNs = System.nanoTime();
        if (polled > 0 || client.unansweredCount() == 0) {
            heardNs = nowNs;
        } else if (!client.isConnected()) {
            throw new EnvironmentException("the gateway ended the session: " + client.unansweredCount()
                    + " messages are unanswered: it is not known whether they took effect");
        } else if (nowNs - heardNs > SILENCE_MAX_NS) {
            throw new EnvironmentException("no answer for " + TimeUnit.NANOSECONDS.toSeconds(SILENCE_MAX_NS) + " s: "
                    + client.unansweredCount() + " messages are unanswered");
        }
        if (!isWarm && nowNs - startNs >= warmupNs) {
            warm(nowNs);
        }
        isCut |= isStopAsked && !isOver;
        isOver |= isStopAsked || isWarm && nowNs - startNs >= durationMaxNs;
        for (int events = 0; events < EVENT_LIMIT && !isOver && isReady() && isPlayed(nowNs); events++) {
            workCount += 1 + desk.send(pace.unansweredMax());
        }
        return workCount;
    }

    /** Begins to count. */
    private void warm(long nowNs) {
        isWarm = true;
        startNs = nowNs;
        askedCold = desk.asked();
        desk.count();
    }

    private boolean isDone() {
        return isWarm && desk.asked() - askedCold >= requestsMax;
    }

    private boolean isReady() {
        return !desk.hasOutgoing() && client.unansweredCount() < pace.unansweredMax();
    }

    /** Gives the next event to the flow; false if it is not due yet or the plan is done. */
    private boolean isPlayed(long nowNs) {
        if (!isOnEvent) {
            advance();
        }
        boolean isOrder = !isOver && tape.event().kind() == OrderEvent.Kind.CREATED;
        isOver |= isOrder && isDone();
        if (isOver || (isOrder && !pace.isDue(desk.asked(), nowNs))) {
            return false;
        }
        if (isOrder) {
            desk.nextSince(pace.sinceNs(desk.asked()));
        }
        isOnEvent = false;
        desk.flow().onEvent(tape.event());
        return true;
    }

    private void advance() {
        isOnEvent = tape.advance();
        if (isOnEvent) {
            return;
        }
        isOver = isDone();
        if (desk.asked() == askedBefore) {
            throw new BadInputException("the input must ask for something: no order in it has a volume and a price");
        }
        if (!isOver) {
            askedBefore = desk.asked();
            tape.rewind();
            isOnEvent = tape.advance();
            desk.flow().nextRound();
        }
    }
}
