package io.ringfence.gateway.replay;

import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.Verdict.DecisionFacts;
import io.ringfence.gateway.answers.AnswerEncoder;
import io.ringfence.gateway.answers.FactsIndex;
import io.ringfence.gateway.answers.PastAnswers.PastQuestion;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.journal.record.RecordView;
import io.ringfence.schemas.CommandKind;
import java.nio.file.Path;
import org.agrona.collections.LongHashSet;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Finds answers, and the facts of decisions, in a journal by their sequences: opens the roll file that holds the record, and proves what
 * it reads.
 *
 * <p>It goes on from where it stands while the next record is further on in the same file or the one after, and keeps the facts of the
 * last decisions that it passed. So records that are asked for about in order cost one reading of their files. Not thread safe.
 */
final class RecordSearch implements AutoCloseable {
    private static final int KEPT_DECISIONS = 1 << 13;

    /** So many records are read sooner than the directory is listed to find the file of a sequence. */
    private static final int NEAR_RECORDS = 64;

    private final RecordedDecision decision = new RecordedDecision();
    private final LongHashSet doubtful = new LongHashSet(); // Records read that do not come to what they say.
    private final Path directory;
    private JournalReader reader; // Null while nothing is open.
    private PolicyHistory history;
    private FactsIndex facts;
    private long position;
    private JournalException broken; // Why the reading of the open file went no further.

    /** @param directory of the journal, which may be written meanwhile. */
    RecordSearch(Path directory) {
        this.directory = directory;
    }

    /**
     * The facts of a decision: an {@code OutcomeFacts} block; null if the sequence is no decision's.
     *
     * @param sequence of a complete record.
     * @throws JournalException {@code DAMAGED} if the record cannot be proved or does not come to what it says.
     */
    byte[] facts(long sequence) {
        int offset = find(sequence);
        if (offset == FactsIndex.NONE) {
            return null;
        }
        byte[] found = new byte[DecisionFacts.LENGTH];
        facts.buffer().getBytes(offset, found);
        return found;
    }

    private int find(long sequence) {
        move(sequence, reader != null && !facts.isElsewhere(sequence));
        return facts.offset(sequence);
    }

    /**
     * The decision that outcomes of this one charge; 0 for none.
     *
     * @param sequence of a complete record.
     * @throws JournalException as {@link #facts}.
     */
    long parent(long sequence) {
        int offset = find(sequence);
        return offset == FactsIndex.NONE ? 0 : facts.parent(offset);
    }

    /**
     * The first answer to a request, with the durability of this process; null if the sequence is not that of this principal's first
     * request of this id.
     *
     * @param question with the sequence of a complete record.
     * @param encoder  for the answer.
     * @throws JournalException {@code DAMAGED} if the record cannot be proved or does not come to what it says.
     */
    byte[] answer(PastQuestion question, AnswerEncoder encoder) {
        move(question.sequence(), reader != null && position < question.sequence());
        DecisionEvent event = decision.event();
        boolean isAsked = event.sequence() == question.sequence()
                && event.command().isOfClient()
                && event.command().principalId() == question.principalId()
                && event.command().clientRequestId() == question.clientRequestId()
                && AnswerEncoder.isFirstOfItsId(event);
        if (!isAsked) {
            return null;
        }
        byte[] answer = new byte[AnswerEncoder.LENGTH];
        encoder.encode(event, new UnsafeBuffer(answer), 0);
        return answer;
    }

    /** Reads up to a record, unless it was passed and need not be read again. */
    private void move(long sequence, boolean isAheadOrKept) {
        try {
            if (!isAheadOrKept || broken != null || sequence - position > NEAR_RECORDS) {
                long first = JournalReader.firstOfFile(directory, sequence);
                if (!isAheadOrKept || first > position + 1) {
                    open(first);
                }
            }
            while (position < sequence) {
                advance(sequence);
            }
        } catch (RuntimeException cannotRead) {
            if (cannotRead != broken) {
                close(); // Another try begins anew.
            }
            throw cannotRead;
        }
        if (doubtful.contains(sequence)) {
            throw damaged("sequence " + sequence + ": does not come to what it says");
        }
    }

    private void open(long first) {
        close();
        reader = JournalReader.follow(directory, first);
        facts = new FactsIndex(KEPT_DECISIONS, Long.MAX_VALUE, first - 1);
        position = first - 1;
    }

    private void advance(long asked) {
        if (broken != null) {
            throw broken;
        }
        if (!reader.next()) {
            String where = reader.fault() != null ? reader.fault().text() : "its end, sequence " + position;
            broken = damaged(where);
            throw broken;
        }
        if (history == null) {
            history = PolicyHistory.before(directory, reader.policySequenceBefore());
        }
        RecordView record = reader.record();
        history.accept(record);
        boolean isDecision = record.kind() == CommandKind.ADMISSION || record.kind() == CommandKind.ORDER;
        if (isDecision || record.sequence() == asked) {
            decision.read(record, history.policy());
            if (decision.difference() != null) {
                doubtful.add(record.sequence());
            } else {
                facts.add(decision.event());
            }
        }
        position = record.sequence();
    }

    private JournalException damaged(String what) {
        return new JournalException(
                JournalException.Reason.DAMAGED, "the journal in " + directory + " is damaged at " + what);
    }

    /** Closes the file. It may be asked again. */
    @Override
    public void close() {
        if (reader != null) {
            reader.close();
            facts.close();
        }
        reader = null;
        history = null;
        facts = null;
        broken = null;
        doubtful.clear();
    }
}
