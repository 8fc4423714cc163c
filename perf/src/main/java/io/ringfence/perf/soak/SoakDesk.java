package io.ringfence.perf.soak;

import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.ClientSettings;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RefusedDecoder;
import io.ringfence.schemas.Tristate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One principal with an account of its own, which has the same number. It asks for orders and calls, reports what they come to, asks some again, and keeps the plain
 * twin of its account: what stands and what was spent. It outlives its sessions: what was not answered in one is asked again in the next.
 *
 * <p>Each answer is checked when it comes; one that cannot be true throws {@link IllegalStateException}. For one thread.
 */
final class SoakDesk implements Answer.Handler {
    private static final int IN_FLIGHT = 32;
    private static final int STANDING = 200;
    private static final int RECENT = 1_000;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long PAUSE_NS = 50_000;

    /** A hold of this desk that stands. */
    private static final class Standing {
        private final long id;
        private final boolean isOrder;
        private long quantity; // Open, in whole units.
        private long heldMicros;
        private boolean isBusy; // A request on it waits for its answer.

        private Standing(long id, boolean isOrder, long quantity, long heldMicros) {
            this.id = id;
            this.isOrder = isOrder;
            this.quantity = quantity;
            this.heldMicros = heldMicros;
        }
    }

    private final long accountId;
    private final SplittableRandom random;
    private final AnswerLog log = new AnswerLog();
    private final Map<Long, Ask> asks = new HashMap<>(); // In flight, by request id.
    private final TreeMap<Long, Ask> unanswered = new TreeMap<>(); // Never answered, by request id.
    private final List<Standing> standing = new ArrayList<>();
    private final Map<Long, Standing> byId = new HashMap<>();
    private final List<Ask> recent = new ArrayList<>(); // Answered requests for holds; the oldest is overwritten.
    private int nextRecent;
    private RingfenceClient client;
    private long committedMicros;
    private long refusedAtLimit;
    private ReasonCode refusal = ReasonCode.NONE; // That new risk may meet at the moment.
    private ReasonCode limit = ReasonCode.NONE; // That a request for a hold may meet.

    SoakDesk(long accountId, long seed) {
        this.accountId = accountId;
        this.random = new SplittableRandom(seed);
    }

    /** Begins a session and asks again, in order, what was not answered before. */
    void connect(ClientSettings settings) throws IOException {
        client = RingfenceClient.connect(settings);
        asks.clear();
        for (Ask ask : List.copyOf(unanswered.values())) {
            sendSurely(ask);
        }
        settleDown();
    }

    /** Ends the session. */
    void disconnect() {
        if (client != null) {
            client.close();
            client = null;
        }
    }

    /** One turn: asks one thing more if it is due, takes what has come. Returns false once the session is over. */
    boolean turn(boolean isDue) {
        if (isDue && asks.size() < IN_FLIGHT) {
            next();
        }
        int taken = client.poll(this, IN_FLIGHT);
        return taken > 0 || client.isConnected();
    }

    /** Takes what has come. */
    int poll() {
        return client.poll(this, IN_FLIGHT);
    }

    /** Waits until everything is answered. */
    void settleDown() {
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (!asks.isEmpty()) {
            pause(client.poll(this, IN_FLIGHT));
            if (System.nanoTime() - deadlineNs > 0) {
                throw new IllegalStateException("no answer in 30 s: account=" + accountId + ", requests=" + asks);
            }
        }
    }

    /** Asks for a hold and says whether it got one. */
    boolean isAdmitted() {
        Ask ask = new Ask(Ask.Kind.ORDER, client.nextRequestId(), 0, 1);
        sendSurely(ask);
        settleDown();
        return byId.containsKey(log.sequence(ask.id()));
    }

    /** Reports a fill of a standing order, which must be applied. */
    void fillOne() {
        for (Standing hold : standing) {
            if (hold.isOrder && !hold.isBusy) {
                act(hold);
                settleDown();
                return;
            }
        }
        throw new IllegalStateException("an order must stand: account=" + accountId);
    }

    /** Asks the same requests again and again, without pause, and returns how many were answered. */
    long askAgainFor(long durationNs) {
        settleDown();
        long endNs = System.nanoTime() + durationNs;
        long before = log.repetitions();
        int at = 0;
        while (System.nanoTime() - endNs < 0 && !recent.isEmpty()) {
            Ask ask = recent.get(at % recent.size());
            if (!asks.containsKey(ask.id()) && asks.size() < client.window() && send(ask)) {
                at++;
            }
            client.poll(this, IN_FLIGHT);
        }
        settleDown();
        return log.repetitions() - before;
    }

    /** Asks for holds until it has asked {@code count} times beyond a limit that refuses them; then ends what stands above the usual. */
    long pushBeyond(ReasonCode reason, int count) {
        limit = reason;
        long before = refusedAtLimit;
        long deadlineNs = System.nanoTime() + 2 * PATIENCE_NS;
        while (refusedAtLimit - before < count) {
            if (asks.size() < client.window()) {
                send(new Ask(Ask.Kind.ORDER, client.nextRequestId(), 0, 1));
            }
            client.poll(this, IN_FLIGHT);
            if (System.nanoTime() - deadlineNs > 0) {
                throw new IllegalStateException("a limit was not met: reason=" + reason + ", standing="
                        + standing.size() + ", refused=" + (refusedAtLimit - before));
            }
        }
        settleDown();
        limit = ReasonCode.NONE;
        endDownTo(STANDING);
        return refusedAtLimit - before;
    }

    /** Ends the holds that were opened last, until so many stand. */
    void endDownTo(int left) {
        long deadlineNs = System.nanoTime() + 2 * PATIENCE_NS;
        while (standing.size() > left) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new IllegalStateException("holds must end within 60 s: standing=" + standing.size());
            }
            Standing last = standing.get(standing.size() - 1);
            if (!last.isBusy && asks.size() < IN_FLIGHT) {
                last.isBusy = true;
                sendSurely(new Ask(
                        last.isOrder ? Ask.Kind.CANCELLED : Ask.Kind.SETTLE, client.nextRequestId(), last.id, 0));
            }
            settleDown();
        }
    }

    /** From now on new risk may be refused with this code; {@code NONE} for no refusal. */
    void mayBeRefused(ReasonCode reason) {
        refusal = reason;
    }

    /** Names no earlier decision any more: their outcomes would be too old. */
    void forgetEarlierDecisions() {
        recent.clear();
        nextRecent = 0;
    }

    /** Its account, and its principal. */
    long accountId() {
        return accountId;
    }

    AnswerLog log() {
        return log;
    }

    /** How many requests wait for their first answer. */
    int unansweredCount() {
        return unanswered.size();
    }

    /** What the account must keep reserved, in micros. */
    long reservedMicros() {
        return standing.stream().mapToLong(hold -> hold.heldMicros).sum();
    }

    /** What it must have spent, in micros. */
    long committedMicros() {
        return committedMicros;
    }

    private void next() {
        int lot = random.nextInt(100);
        if (standing.isEmpty() || lot < 45 && standing.size() < STANDING) {
            Ask.Kind kind = lot < 30 ? Ask.Kind.ORDER : Ask.Kind.CALL;
            send(new Ask(kind, client.nextRequestId(), 0, 1 + random.nextInt(4)));
        } else if (lot < 88) {
            Standing hold = standing.get(random.nextInt(standing.size()));
            if (!hold.isBusy) {
                act(hold);
            }
        } else if (!recent.isEmpty()) {
            Ask earlier = recent.get(random.nextInt(recent.size()));
            if (lot < 94) {
                send(new Ask(Ask.Kind.OUTCOME, client.nextRequestId(), log.sequence(earlier.id()), 0));
            } else if (!asks.containsKey(earlier.id())) {
                send(earlier);
            }
        }
    }

    private void act(Standing hold) {
        Ask.Kind kind = Ask.Kind.SETTLE;
        long quantity = 0;
        if (hold.isOrder) {
            int lot = random.nextInt(10);
            kind = lot < 2
                    ? Ask.Kind.CANCELLED
                    : lot < 6 && hold.quantity > 1 ? Ask.Kind.FILL_PART : Ask.Kind.FILL_REST;
            quantity = kind == Ask.Kind.FILL_PART ? 1 : kind == Ask.Kind.FILL_REST ? hold.quantity : 0;
        }
        hold.isBusy = true;
        Ask ask = new Ask(kind, client.nextRequestId(), hold.id, quantity);
        if (!send(ask)) {
            hold.isBusy = false;
        }
    }

    private void sendSurely(Ask ask) {
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (asks.size() >= IN_FLIGHT || !send(ask)) {
            pause(client.poll(this, IN_FLIGHT));
            if (System.nanoTime() - deadlineNs > 0) {
                throw new IllegalStateException("not sent in 30 s: " + ask + ", isConnected=" + client.isConnected());
            }
        }
    }

    private boolean send(Ask ask) {
        Standing hold = byId.get(ask.holdId());
        ask.write(client, accountId, hold == null ? 0 : Math.max(0, hold.quantity - ask.quantity()));
        if (client.offer() <= 0) {
            return false;
        }
        asks.put(ask.id(), ask);
        if (!log.isAnswered(ask.id())) {
            unanswered.put(ask.id(), ask);
        }
        return true;
    }

    @Override
    public void onDecision(AdmissionDecisionDecoder decision) {
        Ask ask = asks.remove(decision.clientRequestId());
        require(ask != null, "an answer to a request that is not in flight", decision);
        boolean isRepetition = log.isAnswered(ask.id());
        log.add(decision);
        if (isRepetition) {
            require(decision.isDuplicate() == Tristate.YES, "a repetition must say that it is one", decision);
            tellsTrulyWhetherItStands(decision);
            return;
        }
        unanswered.remove(ask.id());
        if (ask.isRequest()) {
            asked(ask, decision);
        } else if (ask.kind() != Ask.Kind.OUTCOME) {
            reported(ask, decision);
        }
    }

    private void asked(Ask ask, AdmissionDecisionDecoder decision) {
        boolean isYes = decision.actedCandidateId() > 0;
        if (!isYes) {
            require(limit != ReasonCode.NONE && decision.reason() == limit, "a sane request was rejected", decision);
            refusedAtLimit++;
            return;
        }
        require(decision.holdId() == decision.sequence(), "a yes without a hold", decision);
        require(decision.holdStands() == Tristate.YES, "a yes whose hold does not stand", decision);
        Standing hold =
                new Standing(decision.sequence(), ask.kind() == Ask.Kind.ORDER, ask.quantity(), decision.heldMicros());
        standing.add(hold);
        byId.put(hold.id, hold);
        if (recent.size() < RECENT) {
            recent.add(ask);
        } else {
            recent.set(nextRecent++ % RECENT, ask);
        }
    }

    private void reported(Ask ask, AdmissionDecisionDecoder decision) {
        require(decision.reason() == ReasonCode.APPLIED, "a report must be applied", decision);
        Standing hold = byId.get(ask.holdId());
        require(hold != null, "a report on a hold that had ended was applied", decision);
        committedMicros += ask.chargeMicros();
        hold.quantity -= ask.quantity();
        hold.heldMicros = decision.heldMicros();
        hold.isBusy = false;
        if (ask.isEnd()) {
            byId.remove(hold.id);
            standing.set(standing.indexOf(hold), standing.get(standing.size() - 1));
            standing.remove(standing.size() - 1);
        }
    }

    /** A hold with a request in flight may end before or after this answer was given. */
    private void tellsTrulyWhetherItStands(AdmissionDecisionDecoder decision) {
        Standing hold = byId.get(decision.sequence());
        if (hold != null && !hold.isBusy) {
            require(decision.holdStands() == Tristate.YES, "a repetition denies a standing hold", decision);
        }
    }

    @Override
    public void onRefused(RefusedDecoder refused) {
        Ask ask = asks.remove(refused.clientRequestId());
        if (ask == null
                || !ask.isRequest()
                || refusal == ReasonCode.NONE
                || refused.reason() != refusal
                || log.isAnswered(ask.id())) {
            throw new IllegalStateException(
                    "a request was refused: account=" + accountId + ", request=" + ask + ", refusal=" + refused);
        }
        unanswered.remove(ask.id());
        refusedAtLimit++;
    }

    /** How many requests met a limit, or were refused while they could be. */
    long refusedCount() {
        return refusedAtLimit;
    }

    private void require(boolean isTrue, String rule, AdmissionDecisionDecoder decision) {
        if (!isTrue) {
            throw new IllegalStateException(rule + ": account=" + accountId + ", answer=" + decision);
        }
    }

    private static void pause(int taken) {
        if (taken == 0) {
            LockSupport.parkNanos(PAUSE_NS);
        }
    }
}
