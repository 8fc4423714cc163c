package io.ringfence.gateway.replay;

import io.ringfence.gateway.answers.PastAnswers;
import io.ringfence.gateway.answers.PastAnswers.PastQuestion;
import io.ringfence.schemas.Durability;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiPredicate;
import java.util.function.LongSupplier;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;

/**
 * Looks up earlier answers in the journal, on a thread of its own.
 *
 * <p>An answer has the bytes of the first answer, except for two fields: the durability is that of this process, and the state of
 * the hold is that at the end of the reading, UNKNOWN if the reading cannot tell. A repeated request
 * is known by its sequence, so its reading begins with the roll file that holds it. A journal has no index by request id: a query
 * has it read from the first record. A reading proves what it reads, and ends when all answers are found and every hold of theirs has
 * ended. Questions that arrive meanwhile share the next reading. This is slow for a long journal, and meant for rare questions about
 * answers that the gateway no longer remembers.
 */
public final class JournalAnswers implements PastAnswers, AutoCloseable {
    private static final int QUEUE_LENGTH = 256;
    private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final ManyToOneConcurrentArrayQueue<PastQuestion> queue = new ManyToOneConcurrentArrayQueue<>(QUEUE_LENGTH);
    private final Path directory;
    private final Durability durability;
    private final LongSupplier answerableSequence;
    private final ErrorHandler errors;
    private final Thread thread = new Thread(this::run, "ringfence-past-answers");

    private BiPredicate<PastQuestion, byte[]> destination;
    private volatile boolean isClosed;

    /**
     * @param directory          of the journal, which may be written meanwhile.
     * @param durability         named in every answer.
     * @param answerableSequence last sequence that may be answered; asked on the look-up thread.
     * @param errors             takes the cause when a reading breaks off; its questions then have no answer.
     */
    public JournalAnswers(Path directory, Durability durability, LongSupplier answerableSequence, ErrorHandler errors) {
        this.directory = directory;
        this.durability = durability;
        this.answerableSequence = answerableSequence;
        this.errors = errors;
    }

    /**
     * Starts the thread.
     *
     * @param answered takes a question with its answer, null for none, on the look-up thread; returns false to be called again.
     */
    public void start(BiPredicate<PastQuestion, byte[]> answered) {
        destination = answered;
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

    /** Ends the thread. Questions that are open then get no answer. */
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
            questions.clear();
            if (queue.drainTo(questions, QUEUE_LENGTH) == 0) {
                LockSupport.park(this);
            } else {
                lookUp(questions);
            }
        }
    }

    private void lookUp(List<PastQuestion> questions) {
        AnswerSearch search = new AnswerSearch(questions, durability);
        try {
            search.read(directory, answerableSequence.getAsLong(), () -> isClosed);
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
