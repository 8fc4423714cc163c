package io.ringfence.gateway;

import io.ringfence.engine.digest.Sha256;
import io.ringfence.engine.pipeline.Engine;
import io.ringfence.engine.pipeline.EngineSettings;
import io.ringfence.engine.pipeline.EngineState;
import io.ringfence.engine.pipeline.SnapshotSink;
import io.ringfence.gateway.SnapshotWriter.Author;
import io.ringfence.gateway.SnapshotWriter.Written;
import io.ringfence.gateway.counters.CountersFile;
import io.ringfence.gateway.counters.EngineCounter;
import io.ringfence.gateway.server.GatewayAgent.JournalStatus;
import io.ringfence.journal.snapshot.SnapshotFiles.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Decides who writes a snapshot: at a marker the stages, while all of their states are short; above that a {@link SnapshotFollower}; at a
 * clean stop the stopping thread. Files are written by the thread {@code ringfence-snapshots}, on which the follower works too.
 *
 * <p>With {@code DISK} a file is written only after the marker's record was forced: a snapshot must never be ahead of its journal. A
 * snapshot that cannot be written is counted, and the engine goes on.
 */
final class Snapshots implements SnapshotSink, SnapshotFollower.Markers, AutoCloseable {
    /**
     * Longest state that the stages write themselves, all of them together, in bytes. That is some hundred rows, which take less than 2 ms; the
     * first time in a process, before the code is compiled, some ms.
     */
    static final long STAGES_LENGTH_MAX = 64 << 10;

    private static final int REHEARSALS = 3;

    private static final long LOOK_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long FOLLOW_EVERY_MS = 20;
    private static final int RECORDS_A_TURN = 1 << 20;
    private static final long CLOSE_TIMEOUT_S = 60;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread snapshots = new Thread(task, "ringfence-snapshots");
        snapshots.setDaemon(true);
        return snapshots;
    });
    private final ConcurrentHashMap<Long, Sections> collected = new ConcurrentHashMap<>();
    private final AtomicLong snapshotId = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong skipped = new AtomicLong();
    private final Pace pace = new Pace();
    private final Path directory;
    private final long interval;
    private final long stagesLengthMax;
    private final JournalStatus journal;
    private final LongSupplier answerableSequence;
    private final ErrorLine lines;
    private final SnapshotWriter writer;

    private LongConsumer requests;
    private EngineSettings settings;
    private int principalCount;
    private long requestedSequence;
    private SnapshotFollower follower; // For the snapshots' thread; null when there is none.
    private volatile long followedSequence;
    private volatile boolean isFollowing;
    private volatile boolean isFollowerOff;
    private volatile boolean isTaking; // Not before begin: a start replays markers of the past.

    /** States of one marker as the stages write them; null when they are too long. The ring orders the stages' visits. */
    private final class Sections {
        private byte[][] states = new byte[Engine.STAGE_NAMES.size()][];
        private long length;

        boolean takes(long more) {
            length += more;
            if (length > stagesLengthMax) {
                states = null;
            }
            return states != null;
        }
    }

    /**
     * @param interval           commands between two snapshots; 0: only one at the stop.
     * @param writer             writes the files beside the journal of the directory.
     * @param answerableSequence last sequence of the journal that may be answered. Any thread.
     * @param stagesLengthMax    longest state that the stages write themselves, in bytes.
     * @param lines              take what an operator must know.
     */
    Snapshots(
            Path directory,
            long interval,
            SnapshotWriter writer,
            JournalStatus journal,
            LongSupplier answerableSequence,
            long stagesLengthMax,
            ErrorLine lines) {
        this.directory = directory;
        this.interval = interval;
        this.writer = writer;
        this.stagesLengthMax = stagesLengthMax;
        this.journal = journal;
        this.answerableSequence = answerableSequence;
        this.lines = lines;
    }

    /**
     * Begins to ask for snapshots. If the state is long already, the follower begins with a copy of it.
     *
     * @param live           stands still meanwhile.
     * @param requests       takes the number of each snapshot that is to be made.
     * @param lastSnapshotId number of the last snapshot of the journal; 0 for none.
     */
    void begin(Engine live, EngineSettings settings, LongConsumer requests, long lastSnapshotId) {
        this.requests = requests;
        this.requestedSequence = live.lastSequence();
        this.settings = settings;
        this.principalCount = live.rights().entries().size();
        snapshotId.set(lastSnapshotId);
        isTaking = true;
        try {
            writer.begin();
            long length = live.state().length();
            if (interval > 0 && hasRoom(length)) {
                follower = new SnapshotFollower(directory, settings, writer, this, pace);
                if (isByStages(length)) {
                    rehearse(live);
                } else {
                    follower.beginBeside(live);
                    follow();
                }
            }
        } catch (IOException
                | RuntimeException
                | Error cannot) { // A start does without snapshots rather than not at all.
            isFollowerOff = true;
            follower = null;
            failed(cannot);
        }
    }

    /** Has the code that writes states loaded before the stages run it at a marker: loading takes ten times as long as writing. */
    private static void rehearse(Engine live) {
        for (int i = 0; i < REHEARSALS; i++) {
            live.stateDigest();
        }
    }

    /** Asks for a snapshot when as many records as configured were appended since the last request. The watch's thread. */
    void request(long appendedSequence) {
        if (interval > 0 && appendedSequence - requestedSequence >= interval) {
            requestedSequence = appendedSequence;
            requests.accept(snapshotId.incrementAndGet());
        }
    }

    @Override
    public boolean takes(long snapshotId, int stage, long length) {
        return isTaking
                && collected.computeIfAbsent(snapshotId, id -> new Sections()).takes(length);
    }

    @Override
    public void onSection(long snapshotId, int stage, byte[] bytes, int length) {
        collected.get(snapshotId).states[stage] = bytes.length == length ? bytes : Arrays.copyOf(bytes, length);
    }

    @Override
    public void onComplete(long snapshotId, long sequence, byte[] entryHash) {
        Sections sections = collected.remove(snapshotId);
        if (sections == null) {
            return; // It is of the past, or the stop writes it.
        }
        if (sections.states == null) {
            onLong();
        } else {
            thread.execute(() -> tryWrite(snapshotId, sequence, entryHash, sections.states));
        }
    }

    /** The stages did not write: a follower does, from this marker on. */
    private void onLong() {
        if (isFollowing) {
            return;
        }
        if (isFollowerOff || interval == 0) {
            skipped.incrementAndGet();
        } else {
            isFollowing = true;
            thread.execute(this::beginFollowing);
        }
    }

    private void beginFollowing() {
        try {
            follower.beginFromNewest();
            follow();
        } catch (IOException | RuntimeException | Error cannot) {
            endFollowing();
            failed(cannot);
        }
    }

    private void follow() {
        isFollowing = true;
        followedSequence = follower.sequence();
        thread.scheduleWithFixedDelay(this::turn, FOLLOW_EVERY_MS, FOLLOW_EVERY_MS, TimeUnit.MILLISECONDS);
    }

    /** One turn of the follower. What breaks it ends it; the engine goes on. */
    private void turn() {
        if (follower == null) {
            return;
        }
        try {
            if (hasRoom(follower.stateLength())) {
                follower.turn(answerableSequence, RECORDS_A_TURN);
                followedSequence = follower.sequence();
            } else {
                endFollowing();
            }
        } catch (CancellationException stopped) {
            endFollowing();
        } catch (RuntimeException | Error broken) {
            endFollowing();
            failed(broken);
            lines.print("no snapshots until the next start: the follower has stopped; see OPERATING");
        }
    }

    private void endFollowing() {
        isFollowerOff = true;
        isFollowing = false;
        if (follower != null) {
            follower.close();
            follower = null; // The copy of the state can be collected now.
        }
    }

    /** Says once that a follower does not fit the heap. */
    private boolean hasRoom(long stateLength) {
        String refusal = HeapShares.followerRefusal(
                settings, principalCount, stateLength, Runtime.getRuntime().maxMemory());
        if (refusal != null) {
            isFollowerOff = true;
            lines.print(refusal);
        }
        return refusal == null;
    }

    @Override
    public long lastAskedId() {
        return snapshotId.get();
    }

    @Override
    public boolean isByStages(long stateLength) {
        return stateLength <= stagesLengthMax;
    }

    @Override
    public void skipped() {
        skipped.incrementAndGet();
    }

    @Override
    public void failed(Throwable cause) {
        failures.incrementAndGet();
        lines.onError(cause);
    }

    /** How many snapshots could not be written. Any thread. */
    long failures() {
        return failures.get();
    }

    /** The snapshot written last. Any thread. */
    Written last() {
        return writer.last();
    }

    /** Shows what was written and what was not. Any thread. */
    void show(CountersFile counters) {
        Written last = writer.last();
        counters.set(EngineCounter.SNAPSHOT_FAILURES, failures.get());
        counters.set(EngineCounter.SNAPSHOTS_SKIPPED, skipped.get());
        counters.set(EngineCounter.SNAPSHOT_SEQUENCE, last.sequence());
        counters.set(EngineCounter.SNAPSHOT_AT_MS, last.timeMs());
        counters.set(EngineCounter.SNAPSHOT_BYTES, last.length());
        counters.set(EngineCounter.SNAPSHOT_BY, last.author().ordinal());
        counters.set(EngineCounter.FOLLOWED, isFollowing ? followedSequence : 0);
    }

    /** Counts and reports a failure: one that is thrown would be lost with its thread. */
    private void tryWrite(long snapshotId, long sequence, byte[] entryHash, byte[][] states) {
        try {
            awaitReleased(sequence);
            byte[][] digests = new byte[states.length][];
            for (int stage = 0; stage < states.length; stage++) {
                digests[stage] = Sha256.of(states[stage]);
            }
            byte[] stateDigest = EngineState.digest(digests);
            writer.write(new Snapshot(
                    snapshotId, sequence, Engine.SEMANTICS_VERSION, entryHash, stateDigest, List.of(states)));
        } catch (IOException | RuntimeException | Error failed) {
            failed(failed);
        }
    }

    private void awaitReleased(long sequence) {
        while (journal.releasedSequence() < sequence) {
            if (Thread.interrupted()) {
                throw new IllegalStateException("stopped before the marker was safe: sequence=" + sequence);
            }
            LockSupport.parkNanos(LOOK_EVERY_NS);
        }
    }

    /** Ends the follower and the thread after its pending files; waits up to 60 s. After this the stages write no states. */
    @Override
    public void close() {
        isTaking = false;
        pace.end();
        if (!thread.isShutdown()) {
            thread.execute(this::endFollowing);
            Housekeeping.end(thread, CLOSE_TIMEOUT_S);
        }
    }

    /** Number of the snapshot that the stop writes. */
    long nextSnapshotId() {
        return snapshotId.incrementAndGet();
    }

    /**
     * Writes the snapshot of a stop, on the caller's thread, after {@link #close}.
     *
     * @param engine    stands still, right behind the marker.
     * @param entryHash of the marker's record, 32 bytes.
     */
    void writeLast(Engine engine, byte[] entryHash) {
        try {
            awaitReleased(engine.lastSequence());
            writer.write(engine, snapshotId.get(), entryHash, Author.STOP, () -> {});
        } catch (IOException | RuntimeException | Error failed) {
            failed(failed);
        }
    }
}
