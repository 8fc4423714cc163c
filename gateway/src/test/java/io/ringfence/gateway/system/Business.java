package io.ringfence.gateway.system;

import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.SettleKind;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.Substitution;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;

/** Thinks of what to ask next: mostly sense, at times nonsense, at times the same again. */
final class Business {
    private static final int RECENT = 64;
    private static final long UNIT = 100_000_000;
    private static final long NOBODY = 99;
    private static final long NO_HOLD = 1L << 40;
    private static final long NOT_YET = 1L << 41;
    private static final long NO_REFERENCE = Request.Execution.NO_REFERENCE;
    private static final ExecutionKind[] ENDS = {
        ExecutionKind.CANCELLED, ExecutionKind.EXPIRED, ExecutionKind.REJECTED_BY_VENUE
    };
    private static final SettleKind[] SETTLES = {SettleKind.COMMIT_PART, SettleKind.COMMIT_FINAL, SettleKind.RELEASE};

    private final SplittableRandom random;
    private final boolean hasTimesToLive;
    private final HoldBook book;
    private final LongPredicate isAnswered;
    private final ArrayDeque<Request> recentRequests = new ArrayDeque<>();
    private long lastId;

    Business(long seed, boolean hasTimesToLive, HoldBook book, LongPredicate isAnswered) {
        this.random = new SplittableRandom(seed);
        this.hasTimesToLive = hasTimesToLive;
        this.book = book;
        this.isAnswered = isAnswered;
    }

    /** Highest id that was sent. */
    long lastId() {
        return lastId;
    }

    /** The last ones that were sent, oldest first. */
    List<Request> recentRequests() {
        return List.copyOf(recentRequests);
    }

    /** Notes that a request was sent, which uses up its id. */
    void sent(Request request) {
        lastId = Math.max(lastId, request.id());
        recentRequests.addLast(request);
        if (recentRequests.size() > RECENT) {
            recentRequests.removeFirst();
        }
    }

    /** A request; its id stays free until it is sent. */
    Request next() {
        long id = lastId + 1;
        int lot = random.nextInt(100);
        if (lot < 28 || book.isEmpty()) {
            return order(id);
        }
        if (lot < 48) {
            return admission(id);
        }
        Hold hold = book.recent(random.nextInt(RECENT));
        if (lot < 68) {
            return execution(id, hold);
        }
        if (lot < 78) {
            return settlement(id, hold.id());
        }
        if (lot < 83) {
            return new Request.Replace(id, hold.id(), (1 + random.nextInt(8)) * UNIT, priceMicros());
        }
        if (lot < 87) {
            return new Request.Cancel(id, hold.id());
        }
        if (lot < 91) {
            return new Request.Outcome(id, hold.id(), random.nextBoolean());
        }
        if (lot < 93) {
            return settlement(id, NO_HOLD + id);
        }
        return again(id);
    }

    private Request order(long id) {
        int riskBps = random.nextInt(20) == 0 ? 6_000 : 400;
        return new Request.Order(
                id,
                accountId(),
                useCase(),
                random.nextInt(9),
                riskBps,
                random.nextBoolean() ? Side.BUY : Side.SELL,
                (1 + random.nextInt(5)) * UNIT,
                priceMicros());
    }

    private Request admission(long id) {
        boolean isPassing = hasTimesToLive && random.nextInt(3) > 0;
        return new Request.Admission(
                id,
                accountId(),
                useCase(),
                random.nextInt(9),
                random.nextInt(4) == 0 ? Substitution.NEVER : Substitution.ALLOWED,
                random.nextInt(10) == 0 ? 1 : 5_000_000,
                isPassing ? TimeUnit.MILLISECONDS.toNanos(1 + random.nextInt(300)) : Request.Admission.FOREVER);
    }

    private Request execution(long id, Hold hold) {
        int lot = random.nextInt(14);
        if (lot < 6) {
            long traded = random.nextInt(8) == 0 ? 7 * UNIT : Math.max(UNIT, hold.quantity() / 2);
            return fill(id, hold.id(), id, traded, Math.max(0, hold.quantity() - traded));
        }
        if (lot < 10) {
            return revision(id, hold);
        }
        ExecutionKind kind = lot == 10
                ? ExecutionKind.REPLACED
                : lot == 11 ? ExecutionKind.REPLACE_REJECTED : ENDS[random.nextInt(ENDS.length)];
        return new Request.Execution(id, hold.id(), id, kind, 0, 0, 0, NO_REFERENCE);
    }

    private Request fill(long id, long holdId, long executionId, long traded, long leaves) {
        return new Request.Execution(
                id, holdId, executionId, ExecutionKind.FILL, traded, priceMicros(), leaves, NO_REFERENCE);
    }

    /** Of a trade that was told, maybe not for the first time; or of one that is told later, if at all. */
    private Request revision(long id, Hold hold) {
        ExecutionKind kind = random.nextInt(3) == 0 ? ExecutionKind.CORRECTION : ExecutionKind.BUST;
        List<Request.Execution> earlier = recentRequests.stream()
                .filter(Request.Execution.class::isInstance)
                .map(Request.Execution.class::cast)
                .toList();
        if (earlier.isEmpty() || random.nextInt(3) == 0) {
            return new Request.Execution(id, hold.id(), id, kind, UNIT, priceMicros(), 0, NOT_YET + id);
        }
        Request.Execution about = earlier.get(random.nextInt(earlier.size()));
        if (about.referenceId() >= NOT_YET) {
            return fill(id, about.holdId(), about.referenceId(), UNIT, UNIT);
        }
        return new Request.Execution(id, about.holdId(), id, kind, UNIT, priceMicros(), 0, about.executionId());
    }

    private Request settlement(long id, long holdId) {
        SettleKind kind = SETTLES[random.nextInt(SETTLES.length)];
        return new Request.Settlement(id, holdId, kind, kind == SettleKind.RELEASE ? 0 : random.nextInt(50_000));
    }

    /** The same request again, or another one under its id. */
    private Request again(long freshId) {
        Iterator<Request> requests = recentRequests.iterator();
        Request earlier = requests.next();
        for (int skip = random.nextInt(RECENT); skip > 0 && requests.hasNext(); skip--) {
            earlier = requests.next();
        }
        if (earlier instanceof Request.Reuse || earlier instanceof Request.Query) {
            return order(freshId);
        }
        boolean isMistake = random.nextInt(5) == 0 && isAnswered.test(earlier.id());
        return isMistake ? new Request.Reuse(earlier.id(), NO_HOLD) : earlier;
    }

    private long accountId() {
        int lot = random.nextInt(100);
        return lot < 70 ? 1 : lot < 85 ? 2 : lot < 97 ? 3 : NOBODY;
    }

    private int useCase() {
        return random.nextInt(30) == 0 ? 9 : random.nextInt(3);
    }

    private long priceMicros() {
        return (10 + random.nextInt(40)) * 1_000_000L;
    }
}
