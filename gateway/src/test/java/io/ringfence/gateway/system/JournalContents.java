package io.ringfence.gateway.system;

import io.ringfence.journal.read.JournalReader;
import io.ringfence.journal.record.RecordView;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RecordHeaderDecoder;
import io.ringfence.schemas.RecordSectionsDecoder;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** What a journal says of each sequence, read by its own reader and without an engine. */
final class JournalContents {
    private final Map<Long, Entry> entries = new TreeMap<>();
    private final RecordSectionsDecoder sections = new RecordSectionsDecoder();

    /**
     * One record.
     *
     * @param budget     result of the budget section; null where the stage took no part.
     * @param heldMicros of that section.
     */
    record Entry(CommandKind kind, int principalId, String entryHash, ReasonCode budget, long heldMicros) {
        /** Is it something that a client asked for? */
        boolean isRequest() {
            return principalId != 0 && kind != CommandKind.SESSION_OPENED && kind != CommandKind.SESSION_CLOSED;
        }
    }

    private JournalContents() {}

    /** Reads all of it. */
    static JournalContents read(Path directory) {
        JournalContents contents = new JournalContents();
        try (JournalReader reader = JournalReader.open(directory)) {
            reader.forEach(contents::add);
        }
        return contents;
    }

    /** The records by sequence. */
    Map<Long, Entry> entries() {
        return entries;
    }

    /** How many of them clients asked for. */
    long requestCount() {
        return entries.values().stream().filter(Entry::isRequest).count();
    }

    private void add(RecordView record) {
        byte[] hash = new byte[32];
        record.copyEntryHash(hash, 0);
        ReasonCode budget = null;
        long heldMicros = 0;
        skipToBudget(record);
        RecordSectionsDecoder.BudgetDecoder group = sections.budget();
        if (group.hasNext()) {
            group.next();
            budget = group.result();
            heldMicros = group.heldMicros();
        }
        entries.put(
                record.sequence(),
                new Entry(record.kind(), record.principalId(), HexFormat.of().formatHex(hash), budget, heldMicros));
    }

    /** Groups lie one behind the other, so those before the budget are walked over. */
    private void skipToBudget(RecordView record) {
        sections.wrap(
                record.buffer(),
                record.sectionsOffset(),
                RecordSectionsDecoder.BLOCK_LENGTH,
                RecordHeaderDecoder.SCHEMA_VERSION);
        sections.stamp().forEach(group -> {});
        sections.intake().forEach(group -> {});
        sections.regime().forEach(group -> {});
        sections.effective().forEach(group -> {});
        sections.tierPosterior().forEach(group -> {});
        sections.tierDraw().forEach(group -> {});
        sections.decision().forEach(group -> {});
        sections.proof().forEach(group -> {});
        sections.selection().forEach(group -> {});
        sections.exploration().forEach(group -> {});
    }
}
