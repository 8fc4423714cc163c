package io.ringfence.gateway.replay;

import io.ringfence.engine.command.CommandType;
import io.ringfence.gateway.answers.AnswerEncoder;
import io.ringfence.gateway.answers.PastAnswers;
import io.ringfence.gateway.answers.PastFacts;
import io.ringfence.schemas.Durability;
import io.ringfence.schemas.ReasonCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiPredicate;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;

/**
 * Looks up earlier answers, and facts and outcomes of earlier decisions, in the journal, on a thread of its own.
 *
 * <p>Everything is found by its sequence, so a look-up reads at most one roll file up to its record. Look-ups of one principal that are
 * about in order share one reading: {@link RecordSearch}. An answer has the bytes of the first answer, except for the durability, which
 * is that of this process.
 */
public final class JournalAnswers implements PastAnswers, AutoCloseable {
    /** Takes commands whose decisions were looked up. */
    @FunctionalInterface
    public interface FactsDestination {
        /**
         * Takes a command, on the look-up thread.
         *
         * @param result NONE; FIELD_INVALID if what it names is no decision; ANSWER_NOT_KEPT if the journal cannot be read there.
         * @param found  null unless {@code result} is NONE.
         * @return false to be called again.
         */
        boolean offer(LateCommand command, ReasonCode result, PastFacts found);
    }

    /** Principals whose readings stay open; one that comes back later begins at the head of its roll file. */
    private static final int OPEN_SEARCHES = 4;

    private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long KEEP_OPEN_NS = TimeUnit.SECONDS.toNanos(1);

    private final ManyToOneConcurrentArrayQueue<LookUp> queue = new ManyToOneConcurrentArrayQueue<>(CAPACITY);
    private final List<LookUp> batch = new ArrayList<>();
    private final Map<Integer, RecordSearch> searches =
            new LinkedHashMap<>(); // By principal, the last one served at the end.
    private final RecordSearch
            parents; // Apart, so that going back to a parent leaves the reading of its retries where it is.
    private final OutcomeSearch outcomes;
    private final AnswerEncoder encoder;
    private final Path directory;
    private final ErrorHandler errors;
    private final Thread thread = new Thread(this::run, "ringfence-past-answers");

    private BiPredicate<PastQuestion, byte[]> destination;
    private FactsDestination factsDestination;
    private Throwable reported;
    private volatile boolean isClosed;

    /**
     * @param directory  of the journal, which may be written meanwhile.
     * @param durability named in every answer.
     * @param errors     takes the cause when a record cannot be read; what stands there has no answer.
     */
    public JournalAnswers(Path directory, Durability durability, ErrorHandler errors) {
        this.directory = directory;
        this.parents = new RecordSearch(directory);
        this.outcomes = new OutcomeSearch(directory);
        this.encoder = new AnswerEncoder(durability);
        this.errors = errors;
    }

    /**
     * Starts the thread.
     *
     * @param answered takes a question with its answer, null for none, on the look-up thread; returns false to be called again.
     * @param stamped  takes a command with the facts of its decision.
     */
    public void start(BiPredicate<PastQuestion, byte[]> answered, FactsDestination stamped) {
        destination = answered;
        factsDestination = stamped;
        thread.setDaemon(true);
        thread.start();
    }

    /** Takes a look-up, also before {@link #start}. Any thread. */
    @Override
    public boolean offer(LookUp lookUp) {
        boolean isTaken = !isClosed && queue.offer(lookUp);
        if (isTaken) {
            LockSupport.unpark(thread);
        }
        return isTaken;
    }

    /** Ends the thread. Nothing is handed over after that; who asked has been answered before. */
    @Override
    public void close() {
        isClosed = true;
        LockSupport.unpark(thread);
        boolean isInterrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!isClosed) {
            batch.clear();
            if (queue.drainTo(batch, CAPACITY) > 0) {
                batch.sort(Comparator.comparingInt(LookUp::principalId).thenComparingLong(LookUp::sequence));
                batch.forEach(this::lookUp);
            } else {
                rest();
            }
        }
        closeSearches();
    }

    private void rest() {
        if (searches.isEmpty()) {
            LockSupport.park(this);
            return;
        }
        LockSupport.parkNanos(this, KEEP_OPEN_NS);
        if (queue.isEmpty()) {
            closeSearches();
        }
    }

    private void closeSearches() {
        searches.values().forEach(RecordSearch::close);
        searches.clear();
        parents.close();
        outcomes.close();
    }

    private void lookUp(LookUp lookUp) {
        Object found = null;
        ReasonCode result = ReasonCode.ANSWER_NOT_KEPT;
        try {
            found = isClosed ? null : find(lookUp);
            result = found == null ? ReasonCode.FIELD_INVALID : ReasonCode.NONE;
        } catch (RuntimeException
                | Error broken) { // Without this thread look-ups would fill the window of their session.
            if (broken != reported) { // One damaged place may be in the way of many.
                errors.onError(broken);
            }
            reported = broken;
        }
        while (!isClosed && !hand(lookUp, result, found)) {
            LockSupport.parkNanos(RETRY_NS);
        }
    }

    private Object find(LookUp lookUp) {
        RecordSearch search = search(lookUp.principalId());
        return lookUp instanceof PastQuestion question
                ? search.answer(question, encoder)
                : find((LateCommand) lookUp, search);
    }

    private PastFacts find(LateCommand command, RecordSearch search) {
        byte[] facts = search.facts(command.decision());
        if (facts == null) {
            return null;
        }
        if (command.type() != CommandType.OUTCOME) {
            return new PastFacts(facts, null, 0, null);
        }
        long charged = search.parent(command.decision());
        PastFacts parent = null;
        if (charged != 0) { // Before its retry, so that the outcomes are read in one go.
            byte[] lesson = outcomes.find(charged, Long.MAX_VALUE);
            parent = new PastFacts(parents.facts(charged), lesson, outcomes.readTo(), null);
        }
        byte[] lesson = outcomes.find(command.decision(), Long.MAX_VALUE);
        return new PastFacts(facts, lesson, outcomes.readTo(), parent);
    }

    private RecordSearch search(int principalId) {
        RecordSearch search = searches.remove(principalId);
        if (search == null) {
            search = new RecordSearch(directory);
        }
        searches.put(principalId, search);
        if (searches.size() > OPEN_SEARCHES) {
            Iterator<RecordSearch> longestUnused = searches.values().iterator();
            longestUnused.next().close();
            longestUnused.remove();
        }
        return search;
    }

    private boolean hand(LookUp lookUp, ReasonCode result, Object found) {
        return lookUp instanceof LateCommand command
                ? factsDestination.offer(command, result, (PastFacts) found)
                : destination.test((PastQuestion) lookUp, (byte[]) found);
    }
}
