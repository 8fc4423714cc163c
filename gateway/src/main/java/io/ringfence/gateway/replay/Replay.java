package io.ringfence.gateway.replay;

import io.ringfence.engine.command.Command;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.command.Stamp;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.Engine;
import io.ringfence.engine.pipeline.EngineSettings;
import io.ringfence.engine.pipeline.SnapshotSink;
import io.ringfence.engine.pipeline.Verdict.DecisionFacts;
import io.ringfence.gateway.answers.FactsIndex;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.read.JournalProver;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.journal.record.RecordView;
import io.ringfence.journal.snapshot.SnapshotFiles;
import io.ringfence.journal.snapshot.SnapshotFiles.Snapshot;
import io.ringfence.schemas.ReasonCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Replays a whole journal through a fresh engine and compares everything: each record's bytes, each stamp with the record
 * that it is of (facts with that of their decision, the earlier outcome with its own), and the state digest with the live one.
 *
 * <p>Needs no other file than the journal; the snapshot beside it only tells the live state digest. One thread, beside the
 * one that reads ahead.
 */
public final class Replay {
    /**
     * Result of a replay.
     *
     * @param isOk             every record came out with the same bytes, and the state digest equals the live one where there is one.
     * @param records          number of records replayed.
     * @param recordsPerSecond records replayed a second; the time includes reading and proving.
     * @param stateDigest      of the replaying engine at the head, lower-case hex; null when there is no record.
     * @param liveStateDigest  of the live engine at the head, written at a clean stop; null otherwise, as after a crash.
     * @param firstDifference  first difference in one line; null if there is none.
     */
    public record Report(
            boolean isOk,
            long records,
            long recordsPerSecond,
            String stateDigest,
            String liveStateDigest,
            String firstDifference) {}

    private static final long PROGRESS_INTERVAL = 1 << 14;

    private final Path directory;
    private final RecordReplay replay = new RecordReplay();
    private final FactsIndex facts;

    private final UnsafeBuffer kept = new UnsafeBuffer(0, 0);
    private final RecordSearch search;
    private final OutcomeSearch outcomes;
    private final Command scratch = new Command();

    private Engine engine;
    private String difference;
    private long liveSequence;

    private Replay(Path directory, int window) {
        this.directory = directory;
        this.facts = new FactsIndex(window, Long.MAX_VALUE, 0);
        this.search = new RecordSearch(directory);
        this.outcomes = new OutcomeSearch(directory);
    }

    /**
     * Replays the journal of a directory; reads only.
     *
     * @throws JournalException when there is no journal or the disk fails.
     */
    public static Report run(Path directory) {
        return run(directory, records -> {});
    }

    /**
     * The same.
     *
     * @param progress takes the number of records replayed so far, now and then.
     */
    public static Report run(Path directory, LongConsumer progress) {
        return run(directory, progress, FactsIndex.DEFAULT_WINDOW);
    }

    /**
     * The same.
     *
     * @param window decisions whose facts are kept at hand; those of others are read from their records.
     */
    static Report run(Path directory, LongConsumer progress, int window) {
        return new Replay(directory, window).replay(progress);
    }

    private Report replay(LongConsumer progress) {
        long startNs = System.nanoTime();
        long records = 0;
        Optional<Snapshot> live = Optional.empty();
        difference = replay.refusal(directory);
        try (JournalProver reader = JournalProver.beside(JournalReader.open(directory))) {
            live = new SnapshotFiles(directory).newest(Long.MAX_VALUE);
            long snapshotSequence = live.map(Snapshot::sequence).orElse(0L);
            while (difference == null && reader.next()) {
                apply(reader.record());
                records++;
                if (records % PROGRESS_INTERVAL == 0) {
                    progress.accept(records);
                }
                if (difference == null && reader.record().sequence() == snapshotSequence) {
                    compareState(reader.record(), live.orElseThrow());
                }
            }
            if (difference == null && reader.fault() != null) {
                difference = reader.fault().text();
            }
        } catch (IOException e) {
            throw new JournalException(
                    JournalException.Reason.DISK_FAILED, directory + ": cannot be read: " + e.getMessage(), e);
        } finally {
            facts.close();
            search.close();
            outcomes.close();
        }
        long elapsedNs = System.nanoTime() - startNs;
        return report(records, elapsedNs, live);
    }

    /** Compares the state digests unless the snapshot belongs to another journal. */
    private void compareState(RecordView record, Snapshot live) {
        byte[] entryHash = new byte[live.entryHash().length];
        record.copyEntryHash(entryHash, 0);
        if (!Arrays.equals(entryHash, live.entryHash())) {
            return;
        }
        byte[] replayed = engine.stateDigest();
        liveSequence = live.sequence();
        if (!Arrays.equals(replayed, live.stateDigest())) {
            difference = "sequence " + live.sequence() + ": state digest: live " + hex(live.stateDigest())
                    + ", replayed " + hex(replayed) + RecordReplay.ALTERED;
        }
    }

    /** The live digest at the head is known only if the last record is a snapshot marker, as after a clean stop. */
    private Report report(long records, long elapsedNs, Optional<Snapshot> live) {
        String replayed = engine == null ? null : hex(engine.stateDigest());
        boolean isLiveAtHead = live.isPresent() && liveSequence == records;
        return new Report(
                difference == null,
                records,
                elapsedNs == 0 ? 0 : Math.round(records * 1e9 / elapsedNs),
                replayed,
                isLiveAtHead ? hex(live.get().stateDigest()) : null,
                difference);
    }

    private void apply(RecordView record) {
        if (engine == null) {
            EngineSettings settings =
                    EngineSettings.decode(record.buffer(), record.commandOffset(), record.commandLength());
            engine = new Engine(settings, replay.log(), SnapshotSink.NONE);
        }
        difference = replay.apply(engine, record);
        if (difference == null) {
            compareStamps(replay.event());
        }
    }

    private void compareStamps(DecisionEvent event) {
        Command command = event.command();
        if (command.hasFacts()) {
            compareFacts(command, command.ofDecision());
        }
        if (command.hasFacts() && difference == null && command.type() == CommandType.OUTCOME) {
            compareLesson(command, command.ofDecision());
            compareParent(command);
        }
        facts.add(event);
        facts.answered(event.sequence());
    }

    /** An outcome is stamped with the decision that it charges, if it charges one, and with no other. */
    private void compareParent(Command command) {
        long decision = command.facts().sequence();
        Stamp stamped = command.ofParent();
        long stampedParent = stamped.hasFacts() ? stamped.facts().sequence() : 0;
        long parent = facts.isElsewhere(decision) ? search.parent(decision) : facts.parent(facts.offset(decision));
        if (difference == null && stampedParent != parent) {
            difference = "sequence " + command.sequence() + ": stamped with decision " + stampedParent
                    + " as the one to charge, and decision " + decision + " retries " + parent + RecordReplay.ALTERED;
        }
        if (difference == null && parent != 0) {
            compareFacts(command, stamped);
        }
        if (difference == null && parent != 0) {
            compareLesson(command, stamped);
        }
    }

    private void compareFacts(Command command, Stamp stamped) {
        long decision = stamped.facts().sequence();
        DirectBuffer decided = null;
        if (facts.isElsewhere(decision)) {
            byte[] found = search.facts(decision);
            decided = found == null ? null : new UnsafeBuffer(found);
        } else if (facts.check(decision, command.timestampNs()) == ReasonCode.NONE) {
            kept.wrap(facts.buffer(), facts.offset(decision), DecisionFacts.LENGTH);
            decided = kept;
        }
        String field =
                decided == null ? "there is no such decision" : RecordFields.ofStamps(stamped.factsBytes(), decided);
        if (field != null) {
            difference = "sequence " + command.sequence() + ": stamped facts differ from decision " + decision + ": "
                    + field + RecordReplay.ALTERED;
        }
    }

    /** The outcome with which one is stamped must be the one that stood; none only where none did. */
    private void compareLesson(Command command, Stamp stamped) {
        long decision = stamped.facts().sequence();
        scratch.dropStamps();
        if (facts.isElsewhere(decision) || !facts.outcomes().isAtHand(decision)) {
            byte[] found = outcomes.find(decision, command.sequence());
            if (found != null) {
                kept.wrap(found);
                scratch.stampLesson(kept, 0);
            }
        } else {
            facts.outcomes().stamp(scratch.ofDecision(), decision);
        }
        String field = null;
        if (scratch.hasLesson() != stamped.hasLesson()) {
            field = stamped.hasLesson() ? "stamped one, and none stood" : "stamped none, and one stood";
        } else if (stamped.hasLesson()) {
            field = RecordFields.ofLessons(stamped.lessonBytes(), scratch.lessonBytes());
        }
        if (field != null) {
            difference = "sequence " + command.sequence() + ": the stamped outcome differs from that of decision "
                    + decision + ": " + field + RecordReplay.ALTERED;
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
