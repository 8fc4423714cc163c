package io.ringfence.gateway.replay;

import io.ringfence.engine.pipeline.StandingOutcome;
import io.ringfence.gateway.answers.StandingOutcomes;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.journal.record.RecordView;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.OutcomeLessonDecoder;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.agrona.collections.Long2LongHashMap;

/**
 * Finds in a journal that outcome of a decision which stands, its own or one of a retry that charges it: reads from the decision's roll file on, and proves what it reads.
 *
 * <p>It remembers the last outcome of each decision that it passed and goes on from where it stands, so that asking again reads what was
 * written since. A decision before the file with which it began makes it begin anew. What it remembers has a bound; beyond it nothing is
 * wrong, only read again. Not thread safe.
 */
public final class OutcomeSearch implements AutoCloseable {
    private static final int KEPT_MAX = 1 << 18;

    private final Long2LongHashMap last = new Long2LongHashMap(StandingOutcomes.NONE); // Outcomes by decision.
    private final Path directory;
    private JournalReader reader; // Null while nothing is open.
    private long position;
    private long from; // Of decisions from here on all outcomes up to the position are in the map.

    /** @param directory of the journal, which may be written meanwhile. */
    public OutcomeSearch(Path directory) {
        this.directory = directory;
    }

    /**
     * The outcome that stands of a decision: an {@code OutcomeLesson} block; null if none does.
     *
     * @param decision sequence of a complete record.
     * @param before   outcomes from this sequence on do not count; {@link Long#MAX_VALUE} for all that can be read.
     * @throws JournalException {@code DAMAGED} if a record cannot be proved or has another shape.
     */
    public byte[] find(long decision, long before) {
        try {
            return read(move(decision, before), decision);
        } catch (RuntimeException cannotRead) {
            close(); // Another try begins anew.
            throw cannotRead;
        }
    }

    /** Last sequence that was read. */
    public long readTo() {
        return position;
    }

    private long move(long decision, long before) {
        if (reader == null || decision < from) {
            open(JournalReader.firstOfFile(directory, decision));
        }
        long found = last.get(decision);
        while (position < before - 1 && reader.next()) {
            RecordView record = reader.record();
            position = record.sequence();
            for (int entry = entry(record, 0); entry >= 0; entry = entry(record, entry)) {
                long named = decision(record, entry);
                found = named == decision ? position : found;
                remember(named);
            }
        }
        if (reader.fault() != null) {
            throw damaged(reader.fault().text());
        }
        return found;
    }

    /** At the bound all is forgotten: outcomes of later decisions stand behind this one. */
    private void remember(long decision) {
        last.put(decision, position);
        if (last.size() > KEPT_MAX) {
            last.clear();
            from = position + 1;
        }
    }

    private int entry(RecordView record, int behind) {
        if (record.kind() != CommandKind.OUTCOME) {
            return -1;
        }
        String fault = behind == 0 ? RecordShape.fault(record) : null;
        if (fault != null) {
            throw damaged("sequence " + record.sequence() + ": " + fault);
        }
        return RecordShape.standingOutcome(record, behind);
    }

    private static long decision(RecordView record, int entry) {
        int offset = entry + OutcomeLessonDecoder.decisionSequenceEncodingOffset();
        return record.buffer().getLong(offset, ByteOrder.LITTLE_ENDIAN);
    }

    private byte[] read(long sequence, long decision) {
        if (sequence == StandingOutcomes.NONE) {
            return null;
        }
        try (JournalReader at = JournalReader.follow(directory, sequence)) {
            if (!at.next()) {
                throw damaged("sequence " + sequence + ": cannot be read again");
            }
            int entry = entry(at.record(), 0);
            while (decision(at.record(), entry) != decision) {
                entry = entry(at.record(), entry);
            }
            byte[] found = new byte[StandingOutcome.LENGTH];
            at.record().buffer().getBytes(entry, found);
            return found;
        }
    }

    private void open(long first) {
        close();
        reader = JournalReader.follow(directory, first);
        position = first - 1;
        from = first;
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
        }
        reader = null;
        last.clear();
    }
}
