package io.ringfence.gateway.server;

import io.ringfence.engine.command.CommandType;
import io.ringfence.gateway.answers.AnswerMemory;
import io.ringfence.gateway.answers.FactsIndex;
import io.ringfence.gateway.answers.PastAnswers;
import io.ringfence.gateway.answers.PastAnswers.LateCommand;
import io.ringfence.gateway.answers.PastFacts;
import io.ringfence.gateway.counters.CountersFile;
import io.ringfence.gateway.counters.EngineCounter;
import io.ringfence.gateway.session.Principals;
import io.ringfence.gateway.session.Sessions;
import io.ringfence.gateway.transport.Transport;
import io.ringfence.schemas.Durability;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.SessionEnd;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;

/**
 * The gateway's duty cycle: takes requests, gives them to the sequencer, brings the answers out.
 *
 * <p>It alone takes commands, and it reads them last. When the engine fails, or the duty cycle itself does, it tells every
 * client, answers nothing more and ends its thread. Requests and answers move without allocation once warm.
 */
public final class GatewayAgent implements Agent {
    /** Tells the duty cycle how far the journal is. Every method returns at once and allocates nothing. */
    public interface JournalStatus {
        /** Replies up to this sequence may leave: the watermark with DISK, {@link Long#MAX_VALUE} with MEMORY. */
        long releasedSequence();

        /** Sequence known to be on the disk. */
        long watermark();

        /** Duration of the last sync in ns; 0 before the first. */
        long lastSyncNs();

        /** Duration of the longest sync in ns; 0 before the first. */
        long maxSyncNs();

        /** Is new risk refused, because the disk has too little room or the next roll file cannot be made? */
        boolean isDiskLow();

        /** Is new risk refused, because a record that the start had not proved is damaged or cannot be read? */
        boolean isDamaged();
    }

    /**
     * Configuration of a gateway's duty cycle.
     *
     * @param sessions   limits of every session.
     * @param principals who may log on.
     */
    public record Settings(Sessions.Settings sessions, Principals principals) {}

    /**
     * What the duty cycle remembers of requests.
     *
     * @param answers     which requests are open, and where each first answer is.
     * @param facts       of answered decisions, for outcomes.
     * @param pastAnswers finds what {@code answers} does not have at hand.
     */
    public record Memory(AnswerMemory answers, FactsIndex facts, PastAnswers pastAnswers) {}

    /** By then a stop has ended by itself, in ms. Before, its thread must not be interrupted: files would be closed under it. */
    public static final int STOP_TIMEOUT_MS = 20_000;

    /** Small, so that the answers to what was taken leave soon. */
    private static final int REQUEST_LIMIT = 16;

    /** Looks for requests in one turn while there are none: all else of a turn takes longer than a look. */
    private static final int LOOKS = 4;

    private static final int REPLY_LIMIT = 256;
    private static final long SHOW_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long DRAIN_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long LOOK_UP_TIMEOUT_NS = DRAIN_TIMEOUT_NS / 2;

    /** Of a stop, kept for the ends of sessions after the look-ups. */
    private static final long END_NS = TimeUnit.SECONDS.toNanos(2);

    private final Transport transport;
    private final Sequencer sequencer;
    private final JournalStatus journal;
    private final CountersFile counters;
    private final DecisionCounters decided;
    private final TurnClock clock;
    private final EngineCommands commands;
    private final Sessions sessions;
    private final LookUps lookUps;
    private final AnswerRepeater repeater;
    private final AdminPort admin;
    private final RequestAdapter requests;
    private final LateAdapter late;
    private final Replies replies;

    private long shownAtNs;
    private long shownChanges;
    private volatile Throwable failure;

    /**
     * Wires the duty cycle; nothing happens before the first turn. What is handed in stays the caller's to close, after the
     * agent has ended.
     */
    public GatewayAgent(
            Settings settings,
            Transport transport,
            Sequencer sequencer,
            Memory memory,
            JournalStatus journal,
            CountersFile counters,
            TurnClock clock) {
        this.transport = transport;
        this.sequencer = sequencer;
        this.journal = journal;
        this.counters = counters;
        this.clock = clock;
        Durability durability = settings.sessions().durability();
        commands = new EngineCommands(sequencer);
        sessions = new Sessions(settings.principals(), settings.sessions(), commands, clock.nowNs());
        lookUps = new LookUps(memory.pastAnswers(), sessionId -> sessions.named(sessionId) != null);
        repeater = new AnswerRepeater(memory.answers(), lookUps, durability, clock);
        admin = new AdminPort(sequencer, repeater, sessions, lookUps, this::takeLate, clock.nowNs());
        decided = new DecisionCounters(counters);
        replies = new Replies(durability, sessions, memory.answers(), memory.facts(), repeater, admin, decided, clock);
        sequencer.handler(replies);
        requests =
                new RequestAdapter(sessions, sequencer, replies, memory.answers(), repeater, lookUps, counters, clock);
        late = new LateAdapter(requests, sessions, sequencer, memory.answers(), lookUps, counters, clock);
        shownAtNs = clock.nowNs() - SHOW_EVERY_NS; // The monotonic clock may be negative.
        sequencer.show(counters);
    }

    /** Where other threads hand in commands. */
    public AdminPort admin() {
        return admin;
    }

    /** What is counted of decisions and accounts. For the duty cycle, and for its owner before and after that. */
    public DecisionCounters decided() {
        return decided;
    }

    /** Why the duty cycle ended by itself or could not end cleanly; null while it runs and after a clean end. Any thread. */
    public Throwable failure() {
        return failure;
    }

    @Override
    public String roleName() {
        return "ringfence-gateway";
    }

    @Override
    public int doWork() {
        if (failure != null) {
            throw new AgentTerminationException(failure);
        }
        try {
            clock.turn();
            requests.turn(journal.isDiskLow(), journal.isDamaged());
            int workCount = pollRequests();
            workCount += admin.doWork(clock.nowNs());
            workCount += replies.hasRoom(CommandType.TICK, sequencer.takenCount()) ? commands.tick() : 0;
            workCount += carryThrough();
            workCount += sessions.doWork(clock.nowNs(), clock.timestampNs());
            workCount += transport.doWork(clock.nowNs());
            show();
            return workCount;
        } catch (RuntimeException | Error broken) {
            fail(broken);
            throw new AgentTerminationException(broken);
        }
    }

    private boolean takeLate(LateCommand command, ReasonCode result, PastFacts found) {
        return late.take(command, result, found);
    }

    private int pollRequests() {
        int workCount = 0;
        for (int look = 0; look < LOOKS && workCount == 0; look++) {
            workCount = transport.poll(requests, REQUEST_LIMIT);
        }
        return workCount;
    }

    /** Takes what was appended, and lets leave what has waited for the disk. */
    private int carryThrough() {
        return sequencer.carryOn(REPLY_LIMIT) + replies.release(journal.releasedSequence());
    }

    private void show() {
        if (clock.nowNs() - shownAtNs < SHOW_EVERY_NS) {
            return;
        }
        shownAtNs = clock.nowNs();
        decided.show();
        sequencer.show(counters);
        counters.set(EngineCounter.WATERMARK, journal.watermark());
        counters.set(EngineCounter.LAST_SYNC_NS, journal.lastSyncNs());
        counters.set(EngineCounter.MAX_SYNC_NS, journal.maxSyncNs());
        counters.set(EngineCounter.SESSIONS, sessions.count());
        showSessions();
        counters.set(EngineCounter.CLOCK_STEPPED, clock.hasStepped() ? 1 : 0);
        counters.set(EngineCounter.CLOCK_AHEAD_NS, clock.aheadOfWallNs());
        counters.set(EngineCounter.DISK_LOW, journal.isDiskLow() ? 1 : 0);
    }

    private void showSessions() {
        if (sessions.changeCount() != shownChanges) {
            shownChanges = sessions.changeCount();
            sessions.forEach(session -> counters.watchSessionsOf(session.principalId()));
            counters.showSessions(sessions::has);
        }
    }

    private void fail(Throwable cause) {
        failure = cause;
        counters.set(EngineCounter.FAILED, 1);
        sessions.forEach(session -> session.refuseAll(ReasonCode.ENGINE_FAILED, clock.nowNs()));
        admin.close();
    }

    /**
     * Answers what was taken, ends the sessions, and has that recorded; at most ten seconds long. A stop that cannot do all of
     * it is a failure as any other.
     */
    @Override
    public void onClose() {
        try {
            if (failure == null) {
                finish();
            }
        } catch (RuntimeException | Error broken) {
            fail(broken);
            throw broken;
        } finally {
            shownAtNs = clock.nowNs() - SHOW_EVERY_NS;
            show();
        }
    }

    private void finish() {
        clock.turn();
        long deadlineNs = clock.nowNs() + DRAIN_TIMEOUT_NS;
        drain(deadlineNs);
        endLookUps(Math.min(clock.nowNs() + LOOK_UP_TIMEOUT_NS, deadlineNs - END_NS));
        drain(deadlineNs);
        sessions.endAll(SessionEnd.SHUTDOWN);
        drain(deadlineNs);
        admin.close();
    }

    /** Answers what is being looked up. What is not found in time is not answered: a client asks for it again after the next start. */
    private void endLookUps(long deadlineNs) {
        while (!lookUps.isSettled() && clock.nowNs() - deadlineNs < 0) {
            clock.turn();
            int workCount = admin.doWork(clock.nowNs()) + carryOn();
            if (workCount == 0) {
                Thread.yield();
            }
        }
        lookUps.close(open -> late.refuse(open, ReasonCode.RING_FULL, 0, 0));
    }

    private void drain(long deadlineNs) {
        while (isAnyOpen()) {
            clock.turn();
            int workCount = carryOn();
            if (isAnyOpen() && clock.nowNs() - deadlineNs > 0) {
                throw new IllegalStateException(
                        "what was taken could not be answered before the stop: commands=" + sequencer.takenCount());
            }
            if (workCount == 0) {
                Thread.yield();
            }
        }
    }

    private boolean isAnyOpen() {
        return sequencer.takenCount() > 0 || !replies.isEmpty() || !admin.isSettled() || !sessions.isSettled();
    }

    /** A turn that takes nothing new. */
    private int carryOn() {
        return carryThrough() + sessions.doWork(clock.nowNs(), clock.timestampNs()) + transport.doWork(clock.nowNs());
    }
}
