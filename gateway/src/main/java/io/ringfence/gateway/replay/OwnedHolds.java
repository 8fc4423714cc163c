package io.ringfence.gateway.replay;

import io.ringfence.engine.budget.BudgetListing.StandingHold;
import io.ringfence.engine.pipeline.Engine;
import io.ringfence.engine.rights.Rights;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.journal.record.RecordView;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.OrderRequestDecoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The holds that stand at the end of a journal, each with its owner, as the journal alone says: from the newest good snapshot, else from
 * the first record.
 *
 * <p>The journal may be in use meanwhile; nothing is written. One thread; allocates, and takes the memory of an engine.
 *
 * @param sequence of the last record that was read.
 * @param holds    that stand behind it, ascending by id.
 */
public record OwnedHolds(long sequence, List<OwnedHold> holds) {
    /**
     * One hold.
     *
     * @param hold        as it stands.
     * @param principalId who asked for it.
     * @param isOrphan    has that principal no role any more?
     * @param externalId  the client's order id; empty where there is none.
     * @param timestampNs event time of its decision.
     */
    public record OwnedHold(
            StandingHold hold, int principalId, boolean isOrphan, String externalId, long timestampNs) {}

    /**
     * Reads them.
     *
     * @param directory of the journal.
     * @param wanted    which holds are looked up; the record of each is read.
     * @throws JournalException {@code DAMAGED} when a record does not prove, or is not what this build computes.
     */
    public static OwnedHolds read(Path directory, Predicate<StandingHold> wanted) {
        Engine engine = EngineAtEnd.of(directory);
        Set<Integer> withRole = engine.rights().entries().stream()
                .map(Rights.Entry::principalId)
                .collect(Collectors.toSet());
        List<OwnedHold> owned = new ArrayList<>();
        try (Decisions decisions = new Decisions(directory)) {
            for (StandingHold hold : engine.holds()) {
                if (wanted.test(hold)) {
                    owned.add(decisions.owned(hold, withRole));
                }
            }
        }
        return new OwnedHolds(engine.lastSequence(), owned);
    }

    /** Reads the records of decisions, in ascending order. */
    private static final class Decisions implements AutoCloseable {
        /** Up to as many records are read on rather than a file opened anew. */
        private static final long NEAR = 1 << 16;

        private final Path directory;
        private final MessageHeaderDecoder header = new MessageHeaderDecoder();
        private final OrderRequestDecoder order = new OrderRequestDecoder();
        private JournalReader reader;
        private long lastSequence;

        Decisions(Path directory) {
            this.directory = directory;
        }

        OwnedHold owned(StandingHold hold, Set<Integer> withRole) {
            RecordView record = record(hold.id());
            String externalId = record.kind() == CommandKind.ORDER
                    ? order.wrapAndApplyHeader(record.buffer(), record.commandOffset(), header)
                            .externalId()
                    : "";
            return new OwnedHold(
                    hold,
                    record.principalId(),
                    !withRole.contains(record.principalId()),
                    externalId,
                    record.timestampNs());
        }

        private RecordView record(long sequence) {
            if (reader == null || sequence - lastSequence > NEAR) {
                close();
                reader = JournalReader.follow(directory, sequence);
            }
            while (reader.next()) {
                lastSequence = reader.record().sequence();
                if (lastSequence == sequence) {
                    return reader.record();
                }
            }
            throw damaged(directory, "sequence " + sequence + ": the record of a standing hold cannot be read");
        }

        @Override
        public void close() {
            if (reader != null) {
                reader.close();
            }
        }
    }

    private static JournalException damaged(Path directory, String what) {
        return new JournalException(JournalException.Reason.DAMAGED, directory + ": " + what);
    }
}
