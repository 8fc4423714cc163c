package io.ringfence.gateway.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.schemas.Action;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.FactVerb;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RefusedDecoder;
import io.ringfence.schemas.Tristate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A client that asks at random, several at a time, logs the sequence and entry hash of every answer, and holds each to its
 * {@link HoldBook}. It outlives its sessions: what was not answered in one is asked again in the next, to the letter.
 */
final class Desk implements Answer.Handler {
    private static final int IN_FLIGHT = 16;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(20);
    private static final long PAUSE_NS = 20_000;
    private static final Duration PERSONS_PATIENCE = Duration.ofSeconds(20);

    /** Takes the answers to what a person had to ask again, after the first one. */
    private static final Answer.Handler REPEATED = new Answer.Handler() {
        @Override
        public void onDecision(AdmissionDecisionDecoder decision) {}

        @Override
        public void onRefused(RefusedDecoder refused) {}
    };

    private final HoldBook book = new HoldBook();
    private final Map<Long, Request> inFlight = new LinkedHashMap<>(); // By session sequence.
    private final TreeMap<Long, Request> unanswered = new TreeMap<>(); // By request id.
    private final Map<Long, First> firstAnswers = new LinkedHashMap<>();
    private final TreeMap<Long, String> entryHashes = new TreeMap<>();
    private final ArrayDeque<Fact> outstanding = new ArrayDeque<>();
    private RingfenceClient person;
    private int dropped;
    private final Map<ReasonCode, Integer> reasons = new EnumMap<>(ReasonCode.class);
    private final Business business;

    private RingfenceClient client;
    private boolean hasEngineFailed;
    private boolean mayRunOutOfRoom;
    private int roomRefusals;
    private int repetitions;
    private int lateAnswers;

    /** A fact that waits for a person. */
    private record Fact(long accountId, long sequence) {}

    private record First(long sequence, Action action, ReasonCode reason) {}

    Desk(long seed, boolean hasTimesToLive) {
        this.business = new Business(seed, hasTimesToLive, book, firstAnswers::containsKey);
    }

    HoldBook book() {
        return book;
    }

    /** Entry hash of every sequence that an answer named. */
    Map<Long, String> entryHashes() {
        return entryHashes;
    }

    /** Highest sequence that an answer named. */
    long lastSequence() {
        return entryHashes.isEmpty() ? 0 : entryHashes.lastKey();
    }

    /** How many requests were answered. */
    int answerCount() {
        return firstAnswers.size();
    }

    /** How many requests wait for their answer, in this session or from earlier ones. */
    int unansweredCount() {
        return unanswered.size();
    }

    /** What it came to, in one line. */
    String summary() {
        return "answers=" + firstAnswers.size() + " repetitions=" + repetitions + " answered_late=" + lateAnswers
                + " holds=" + book.holds().size() + " reasons=" + reasons;
    }

    /** Begins a session: asks again, in order, whatever was not answered, and waits for all of it. */
    void begin(RingfenceClient newSession) {
        long highestAnswered =
                firstAnswers.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
        assertTrue(newSession.nextRequestId() > highestAnswered, "an answered request id is free again");
        assertTrue(newSession.nextRequestId() <= business.lastId() + 1, "a request id is taken that was never sent");
        client = newSession;
        inFlight.clear();
        for (Request request : List.copyOf(unanswered.values())) {
            offer(request);
        }
        settleDown();
    }

    /** From now on this person drops what waits for one. */
    void person(RingfenceClient operator) {
        person = operator;
    }

    /** How many outstanding facts a person dropped. */
    int dropped() {
        return dropped;
    }

    private void drop(Fact fact) {
        person.fact()
                .accountId(fact.accountId())
                .firstSequence(fact.sequence())
                .lastSequence(fact.sequence())
                .count(1)
                .verb(FactVerb.DROP)
                .justification("looked into");
        Answer answer = person.ask(PERSONS_PATIENCE);
        assertTrue(answer.isApplied(), () -> "an outstanding fact is not known: " + fact + ", " + answer.reason());
        dropped++;
    }

    /** One turn of business: asks one thing more if it may, takes what has come. */
    void turn() {
        if (person != null) {
            person.poll(REPEATED, 1); // Or its session would end for silence.
            if (!outstanding.isEmpty()) {
                drop(outstanding.remove());
            }
        }
        if (inFlight.size() < IN_FLIGHT) {
            Request request = business.next();
            request.write(client);
            note(request, client.offer());
        }
        if (client.poll(this, IN_FLIGHT) == 0) {
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    /** Takes what has come, and asks nothing. */
    int poll() {
        return client.poll(this, IN_FLIGHT);
    }

    /** Waits until everything is answered. */
    void settleDown() {
        await(() -> inFlight.isEmpty());
    }

    /** Sends the request of every hold of the book again, which tells whether the hold stands, and then asks for each first answer. */
    void auditHolds() {
        settleDown();
        book.earlierLife(0);
        for (Hold hold : book.holds()) {
            offer(hold.request());
        }
        settleDown();
        for (Hold hold : book.holds()) {
            offer(new Request.Query(hold.request().id()));
        }
        settleDown();
    }

    /** Asks the last requests again, to the letter. */
    void askAgain() {
        for (Request request : business.recentRequests()) {
            offer(request);
        }
        settleDown();
    }

    private void offer(Request request) {
        await(() -> inFlight.size() < IN_FLIGHT);
        await(() -> {
            request.write(client);
            return note(request, client.offer());
        });
    }

    private boolean note(Request request, long sessionSequence) {
        if (sessionSequence <= 0) {
            return false;
        }
        inFlight.put(sessionSequence, request);
        if (!firstAnswers.containsKey(request.id())) {
            unanswered.put(request.id(), request);
        }
        business.sent(request);
        return true;
    }

    private void await(BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (!condition.getAsBoolean()) {
            if (client.poll(this, IN_FLIGHT) == 0) {
                LockSupport.parkNanos(PAUSE_NS);
            }
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError("no answer: inFlight=" + inFlight + ", isConnected=" + client.isConnected());
            }
        }
    }

    @Override
    public void onDecision(AdmissionDecisionDecoder decision) {
        Request request = take(decision);
        String earlier = entryHashes.putIfAbsent(decision.sequence(), entryHash(decision));
        First first = firstAnswers.get(request.id());
        if (request instanceof Request.Reuse) {
            request.book(book, decision);
        } else if (first == null) {
            firstAnswers.put(request.id(), new First(decision.sequence(), decision.action(), decision.reason()));
            reasons.merge(decision.reason(), 1, Integer::sum);
            if (decision.reason() == ReasonCode.FACT_OUTSTANDING) {
                outstanding.add(new Fact(decision.controlAccountId(), decision.sequence()));
            }
            lateAnswers += decision.isDuplicate() == Tristate.YES ? 1 : 0;
            request.book(book, decision);
        } else {
            assertEquals(Tristate.YES, decision.isDuplicate(), "one id was taken twice");
            assertEquals(first, new First(decision.sequence(), decision.action(), decision.reason()));
            assertEquals(earlier, entryHash(decision));
            repetitions++;
            if (request instanceof Request.Query) {
                assertEquals(
                        Tristate.UNKNOWN, decision.holdStands(), "a query takes no sequence at which a hold stands");
            } else {
                book.repeated(decision);
            }
        }
        unanswered.remove(request.id());
    }

    /**
     * Takes the request that was answered out of those in flight. A request asked again and another body under its id may be in flight
     * together, and an answer that is looked up comes after one that is at hand: the reason tells the two apart.
     */
    private Request take(AdmissionDecisionDecoder decision) {
        boolean isReuse = decision.reason() == ReasonCode.REQUEST_ID_REUSED;
        Iterator<Request> requests = inFlight.values().iterator();
        while (requests.hasNext()) {
            Request request = requests.next();
            if (request.id() == decision.clientRequestId() && request instanceof Request.Reuse == isReuse) {
                requests.remove();
                return request;
            }
        }
        throw new AssertionError("an answer to what was not asked: " + decision);
    }

    private static String entryHash(AdmissionDecisionDecoder decision) {
        byte[] hash = new byte[AdmissionDecisionDecoder.entryHashLength()];
        decision.getEntryHash(hash, 0, hash.length);
        return HexFormat.of().formatHex(hash);
    }

    /** From now on new risk, and nothing else, may be refused for lack of room. */
    void mayRunOutOfRoom() {
        mayRunOutOfRoom = true;
    }

    /** How many requests were refused for lack of room. */
    int roomRefusals() {
        return roomRefusals;
    }

    /** Did the server say that its engine has stopped? */
    boolean hasEngineFailed() {
        return hasEngineFailed;
    }

    @Override
    public void onRefused(RefusedDecoder refused) {
        if (refused.reason() == ReasonCode.ENGINE_FAILED) {
            hasEngineFailed = true;
            return;
        }
        Request request = inFlight.remove(refused.sessionSequence());
        assertNotNull(request, () -> "a refusal of what was not asked: " + refused);
        if (mayRunOutOfRoom && refused.reason() == ReasonCode.DISK_LOW) {
            assertTrue(request.isNewRisk(), () -> "refused for lack of room: " + request);
            unanswered.remove(request.id());
            roomRefusals++;
            return;
        }
        if (request instanceof Request.Outcome && refused.reason() == ReasonCode.OUTCOME_TOO_EARLY) {
            unanswered.remove(request.id()); // An earlier report on the decision is not recorded yet.
            return;
        }
        throw new AssertionError("refused: " + request + ", " + refused);
    }
}
