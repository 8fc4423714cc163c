package io.ringfence.gateway.replay;

import io.ringfence.gateway.answers.PastAnswers;
import io.ringfence.gateway.answers.PastQuestion;
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
 * Looks up in the journal what was once answered, on a thread of its own.
 *
 * <p>An answer comes out byte for byte as it was first given, but for the durability, which is this process's, and whether its
 * hold still stands, which is told as of the end of the reading; UNKNOWN where it cannot be told. A journal has no index by
 * request, so each look-up reads it from the first record, proving it, until all is found and every hold that was granted has
 * ended; questions that come meanwhile share the next reading. That is slow for a long journal, and meant for the rare client
 * that asks for what is no longer kept at hand.
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
     * @param durability         that every answer says it waited for.
     * @param answerableSequence last sequence that may be answered; asked on the look-up thread.
     * @param errors             told why a reading broke off; its questions have no answer then.
     */
    public JournalAnswers(Path directory, Durability durability, LongSupplier answerableSequence, ErrorHandler errors) {
        this.directory = directory;
        this.durability = durability;
        this.answerableSequence = answerableSequence;
        this.errors = errors;
    }

    /**
     * Begins to look up.
     *
     * @param answered takes a question with its answer, null for none, on the look-up thread; false: try again.
     */
    public void start(BiPredicate<PastQuestion, byte[]> answered) {
        destination = answered;
        thread.setDaemon(true);
        thread.start();
    }

    /** Takes a question, before the start too. Any thread. */
    @Override
    public boolean offer(PastQuestion question) {
        boolean isTaken = !isClosed && queue.offer(question);
        if (isTaken) {
            LockSupport.unpark(thread);
        }
        return isTaken;
    }

    /** Ends the thread; what is not answered then stays so. */
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
        } catch (RuntimeException broken) {
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
