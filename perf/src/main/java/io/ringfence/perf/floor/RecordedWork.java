package io.ringfence.perf.floor;

import io.ringfence.journal.read.JournalReader;
import io.ringfence.journal.record.RecordView;
import io.ringfence.perf.floor.Contestant.Work;
import io.ringfence.schemas.CommandKind;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;

/** Counts in a journal the work done for a client's messages. The engine's own records do not count. */
final class RecordedWork {
    private static final int HASHES_OF_ORDER = 3;
    private static final int KIND_COUNT = Script.Kind.values().length;

    private RecordedWork() {}

    /** Counts all records of orders, replaces, executions and outcomes. */
    static Work count(Path journal) {
        long[] counts = new long[3];
        forEach(journal, (record, kind) -> {
            counts[0]++;
            counts[1] += record.length();
            counts[2] += kind == Script.Kind.ORDER ? HASHES_OF_ORDER : 1;
        });
        return new Work(counts[0], counts[1], counts[2]);
    }

    /**
     * Gives each message of a script the length of its own record.
     *
     * @param firstRequestId of the script's first message; the others follow.
     */
    static void lengths(Path journal, Script script, long firstRequestId) {
        forEach(journal, (record, kind) -> {
            long requestId = record.buffer()
                    .getLong(record.commandOffset() + FloorLink.REQUEST_ID_OFFSET, ByteOrder.LITTLE_ENDIAN);
            long index = requestId - firstRequestId;
            if (index >= 0 && index < script.count()) {
                script.recordLength((int) index, record.length());
            }
        });
    }

    /** Mean length of a record in bytes by ordinal of {@link Script.Kind}; 0 where there is none. */
    static int[] meanLengths(Path journal) {
        long[] bytes = new long[KIND_COUNT];
        long[] counts = new long[KIND_COUNT];
        forEach(journal, (record, kind) -> {
            bytes[kind.ordinal()] += record.length();
            counts[kind.ordinal()]++;
        });
        int[] means = new int[KIND_COUNT];
        Arrays.setAll(means, i -> counts[i] == 0 ? 0 : (int) Math.round((double) bytes[i] / counts[i]));
        return means;
    }

    private interface Visitor {
        void onRecord(RecordView record, Script.Kind kind);
    }

    private static void forEach(Path journal, Visitor visitor) {
        try (JournalReader reader = JournalReader.open(journal)) {
            while (reader.next()) {
                Script.Kind kind = kind(reader.record().kind());
                if (kind != null) {
                    visitor.onRecord(reader.record(), kind);
                }
            }
            if (reader.fault() != null) {
                throw new IllegalStateException("the journal must verify: " + reader.fault());
            }
        }
    }

    private static Script.Kind kind(CommandKind kind) {
        return switch (kind) {
            case ORDER -> Script.Kind.ORDER;
            case REPLACE -> Script.Kind.REPLACE;
            case EXECUTION -> Script.Kind.EXECUTION;
            case OUTCOME -> Script.Kind.OUTCOME;
            default -> null;
        };
    }
}
