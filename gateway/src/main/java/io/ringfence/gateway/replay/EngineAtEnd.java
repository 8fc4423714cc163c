package io.ringfence.gateway.replay;

import io.ringfence.engine.pipeline.Engine;
import io.ringfence.engine.pipeline.EngineSettings;
import io.ringfence.engine.pipeline.SnapshotSink;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.read.JournalReader;
import java.nio.file.Path;

/**
 * Brings an engine to the end of a journal, which may be in use meanwhile: from the newest good snapshot, else from the first record. One
 * thread; allocates.
 */
final class EngineAtEnd {
    private final Path directory;
    private final EngineRecovery recovery;
    private Engine engine;

    private EngineAtEnd(Path directory) {
        this.directory = directory;
        this.recovery = new EngineRecovery(directory, this::fresh, event -> {});
    }

    /**
     * Reads the journal.
     *
     * @throws JournalException {@code DAMAGED} when a record does not prove, or is not what this build computes.
     */
    static Engine of(Path directory) {
        return new EngineAtEnd(directory).read();
    }

    private Engine fresh(EngineSettings settings) {
        engine = new Engine(settings, recovery.log(), SnapshotSink.NONE);
        return engine;
    }

    private Engine read() {
        long from = recovery.begin(Long.MAX_VALUE);
        while (!isFollowedFrom(from)) {
            from = recovery.begin(from - 1);
        }
        if (engine == null) {
            throw damaged("has no first record");
        }
        return engine;
    }

    private boolean isFollowedFrom(long restored) {
        try (JournalReader reader = JournalReader.follow(directory, Math.max(1, restored))) {
            while (reader.next()) {
                if (!recovery.accept(reader.record())) {
                    return false;
                }
            }
            if (reader.fault() != null) {
                throw damaged(reader.fault().text());
            }
            return true;
        }
    }

    private JournalException damaged(String what) {
        return new JournalException(JournalException.Reason.DAMAGED, directory + ": " + what);
    }
}
