package io.ringfence.gateway.replay;

import io.ringfence.gateway.answers.PastAnswers;
import io.ringfence.gateway.answers.PastAnswers.LateCommand;
import io.ringfence.gateway.answers.PastAnswers.PastQuestion;
import io.ringfence.schemas.Durability;
import io.ringfence.schemas.ReasonCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiPredicate;
import java.util.function.LongSupplier;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;

/**
 * Looks up earlier answers, and facts of earlier decisions, in the journal, on a thread of its own.
 *
 * <p>An answer has the bytes of the first answer, except for two fields: the durability is that of this process, and the state of
 * the hold is that at the end of the reading, UNKNOWN if the reading cannot tell. A repeated request
 * is known by its sequence, so its reading begins with the roll file that holds it. A journal has no index by request id: a query
 * has it read from the first record. A reading proves what it reads, and ends when all answers are found and every hold of theirs has
 * ended. Questions that arrive meanwhile share the next reading. This is slow for a long journal, and meant for rare questions about
 * answers that the gateway no longer remembers.
 *
 * <p>Commands that wait for facts go first, also in the middle of the reading for answers; {@link FactsSearch} finds them.
 */
public final class JournalAnswers implements PastAnswers, AutoCloseable {
    /** Takes commands whose decisions were looked up. */
    @FunctionalInterface
    public interface FactsDestination {
        /**
         * Takes a command, on the look-up thread.
         *
         * @param result NONE; FIELD_INVALID if what it names is no decision; ANSWER_NOT_KEPT if the journal cannot be read there.
         * @param facts  of the decision; null unless {@code result} is NONE.
         * @return false to be called again.
         */
        boolean offer(LateCommand command, ReasonCode result, byte[] facts);
    }

    private static final int QUEUE_LENGTH = 256;
    private static final int LATE_QUEUE_LENGTH = 1 << 14;
    private static final int LATE_BATCH = 1 << 10;
    private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long KEEP_OPEN_NS = TimeUnit.SECONDS.toNanos(1);

    private final ManyToOneConcurrentArrayQueue<PastQuestion> queue = new ManyToOneConcurrentArrayQueue<>(QUEUE_LENGTH);
    private final ManyToOneConcurrentArrayQueue<LateCommand> lateQueue =
            new ManyToOneConcurrentArrayQueue<>(LATE_QUEUE_LENGTH);
    private final List<LateCommand> late = new ArrayList<>();
    private final FactsSearch facts;
    private final Path directory;
    private final Durability durability;
    private final LongSupplier answerableSequence;
    private final ErrorHandler errors;
    private final Thread thread = new Thread(this::run, "ringfence-past-answers");

    private BiPredicate<PastQuestion, byte[]> destination;
    private FactsDestination factsDestination;
    private Throwable reported;
    private volatile boolean isClosed;

    /**
     * @param directory          of the journal, which may be written meanwhile.
     * @param durability         named in every answer.
     * @param answerableSequence last sequence that may be answered; asked on the look-up thread.
     * @param errors             takes the cause when a reading breaks off; its questions then have no answer.
     */
    public JournalAnswers(Path directory, Durability durability, LongSupplier answerableSequence, ErrorHandler errors) {
        this.directory = directory;
        this.facts = new FactsSearch(directory);
        this.durability = durability;
        this.answerableSequence = answerableSequence;
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

    /** Takes a question, also before {@link #start}. Any thread. */
    @Override
    public boolean offer(PastQuestion question) {
        boolean isTaken = !isClosed && queue.offer(question);
        if (isTaken) {
            LockSupport.unpark(thread);
        }
        return isTaken;
    }

    /** Takes a command, also before {@link #start}; 16,384 at a time. Any thread. */
    @Override
    public boolean offer(LateCommand command) {
        boolean isTaken = !isClosed && lateQueue.offer(command);
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
        List<PastQuestion> questions = new ArrayList<>();
        while (!isClosed) {
            boolean hasStamped = stampLate();
            questions.clear();
            if (queue.drainTo(questions, QUEUE_LENGTH) > 0) {
                lookUp(questions);
            } else if (!hasStamped) {
                rest();
            }
        }
        facts.close();
    }

    private void rest() {
        if (!facts.isOpen()) {
            LockSupport.park(this);
            return;
        }
        LockSupport.parkNanos(this, KEEP_OPEN_NS);
        if (queue.isEmpty() && lateQueue.isEmpty()) {
            facts.close();
        }
    }

    /** Finds the facts for commands that wait, those of the earliest decisions first; false if none waits. */
    private boolean stampLate() {
        late.clear();
        if (lateQueue.drainTo(late, LATE_BATCH) == 0) {
            return false;
        }
        late.sort(Comparator.comparingLong(LateCommand::decision));
        late.forEach(this::stamp);
        return true;
    }

    private void stamp(LateCommand command) {
        byte[] found = null;
        ReasonCode result = ReasonCode.ANSWER_NOT_KEPT;
        try {
            found = isClosed ? null : facts.find(command.decision());
            result = found == null ? ReasonCode.FIELD_INVALID : ReasonCode.NONE;
        } catch (RuntimeException
                | Error broken) { // Without this thread commands would fill the window of their session.
            if (broken != reported) { // One damaged place may be in the way of many.
                errors.onError(broken);
            }
            reported = broken;
        }
        while (!isClosed && !factsDestination.offer(command, result, found)) {
            LockSupport.parkNanos(RETRY_NS);
        }
    }

    /** Between two records of a reading; true ends it. */
    private boolean isToEnd() {
        stampLate();
        return isClosed;
    }

    private void lookUp(List<PastQuestion> questions) {
        AnswerSearch search = new AnswerSearch(questions, durability);
        try {
            search.read(directory, answerableSequence.getAsLong(), this::isToEnd);
        } catch (RuntimeException | Error broken) { // Without this thread a session's look-ups would fill its window.
            errors.onError(broken);
        }
        questions.forEach(question -> hand(question, search.answer(question)));
    }

    private void hand(PastQuestion question, byte[] answer) {
        while (!isClosed && !destination.test(question, answer)) {
            LockSupport.parkNanos(RETRY_NS);
        }
    }
}
