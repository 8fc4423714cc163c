package io.ringfence.engine.pipeline;

import com.lmax.disruptor.BatchEventProcessor;
import com.lmax.disruptor.BatchEventProcessorBuilder;
import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.WaitStrategy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The ring that carries every command through an engine's stages, in one of four modes.
 *
 * <p>One thread claims, publishes, works and polls replies: the gateway's duty cycle. It never waits: it asks for capacity
 * first. A slot is free again once its event was polled. Every slot takes the next sequence, so cursor and sequence differ by a
 * constant.
 */
public final class Pipeline implements AutoCloseable {
    private static final long JOIN_TIMEOUT_MS = TimeUnit.SECONDS.toMillis(10);

    private final Engine engine;
    private final PipelineMode mode;
    private final RingBuffer<DecisionEvent> ring;
    private final StageRunner[] runners;
    private final long sequenceOfCursorZero;
    private final Sequence released = new Sequence();
    private final Sequence appended;
    private final EventPoller<DecisionEvent> poller;
    private final EventPoller.Handler<DecisionEvent> pollHandler = this::onReply;
    private final List<BatchEventProcessor<DecisionEvent>> processors = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    private ReplyHandler replyHandler;
    private int replyLimit;
    private int replies;
    private long claimed = -1;

    /**
     * Starts the threads of the mode. The engine belongs to the pipeline until {@link #close}.
     *
     * @param engine       whose last record has {@code lastSequence}.
     * @param mode         on which threads the stages run.
     * @param ringSize     slots; a power of two.
     * @param waitStrategy how stage threads wait; unused in {@code INVOKER} and {@code COMPACT}.
     */
    public Pipeline(Engine engine, PipelineMode mode, int ringSize, WaitStrategy waitStrategy) {
        this.engine = engine;
        this.mode = mode;
        this.runners = engine.runners();
        this.sequenceOfCursorZero = engine.lastSequence() + 1;
        this.ring = RingBuffer.createSingleProducer(DecisionEvent::new, ringSize, waitStrategy);
        this.appended = startStages();
        this.poller = ring.newPoller(released);
        ring.addGatingSequences(poller.getSequence());
    }

    /** Are that many slots free? */
    public boolean hasCapacity(int slots) {
        return ring.hasAvailableCapacity(slots);
    }

    /** The next slot, to be filled and published. Only after {@link #hasCapacity} said yes. */
    public DecisionEvent claim() {
        claimed = ring.next();
        return ring.get(claimed);
    }

    /** The sequence that the next claimed slot must be stamped with. */
    public long nextSequence() {
        return claimed + 1 + sequenceOfCursorZero;
    }

    /** Makes the claimed slot visible to the first stage. In {@code INVOKER} the stages have run when this returns. */
    public void publish() {
        ring.publish(claimed);
        if (mode == PipelineMode.INVOKER) {
            work();
        }
    }

    /**
     * Runs all stages over what is published, on the caller's thread; does nothing where stages have threads.
     *
     * @return how many events were run.
     */
    public int work() {
        if (!runsOnCaller()) {
            return 0;
        }
        long begin = appended.get();
        for (long cursor = begin + 1; cursor <= claimed; cursor++) {
            DecisionEvent event = ring.get(cursor);
            for (StageRunner runner : runners) {
                runner.onEvent(event);
            }
            appended.set(cursor);
        }
        return (int) (claimed - begin);
    }

    /**
     * Hands over events whose record is appended, in order, and frees their slots.
     *
     * @param handler          takes each event.
     * @param releasedSequence replies up to this sequence may leave: the durable watermark, or {@link Long#MAX_VALUE} where the
     *                         append is enough.
     * @param limit            most events to hand over; 1 and above.
     * @return how many were handed over.
     * @throws EngineStoppedException when a stage has failed: nothing more is answered.
     */
    public int pollReplies(ReplyHandler handler, long releasedSequence, int limit) {
        long releasedCursor =
                releasedSequence == Long.MAX_VALUE ? Long.MAX_VALUE : releasedSequence - sequenceOfCursorZero;
        long upTo = Math.min(appended.get(), releasedCursor);
        if (upTo <= poller.getSequence().get()) {
            return 0;
        }
        if (engine.latch().isLatched()) {
            throw new EngineStoppedException(engine.latch().failure());
        }
        released.set(upTo);
        replyHandler = handler;
        replyLimit = limit;
        replies = 0;
        try {
            poller.poll(pollHandler);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("a reply handler throws nothing that is checked", e);
        }
        return replies;
    }

    private boolean onReply(DecisionEvent event, long cursor, boolean isEndOfBatch) {
        replyHandler.onEvent(event);
        replies++;
        return replies < replyLimit;
    }

    /** Sequence of the last record appended, as far as this thread can see. */
    public long appendedSequence() {
        return appended.get() + sequenceOfCursorZero;
    }

    /** Slots claimed and not yet polled. */
    public int depth() {
        return (int) (claimed - poller.getSequence().get());
    }

    /** Slots in all. */
    public int ringSize() {
        return ring.getBufferSize();
    }

    /** A slot by its cursor, for tests that fill slots before use. */
    DecisionEvent slot(long cursor) {
        return ring.get(cursor);
    }

    /** The mode it runs in. */
    public PipelineMode mode() {
        return mode;
    }

    /** The first failure of any stage. Safe from any thread. */
    public FailureLatch latch() {
        return engine.latch();
    }

    /** Ends the stage threads; what is on the ring and not yet appended is lost, so drain first. Safe to call again. */
    @Override
    public void close() {
        processors.forEach(BatchEventProcessor::halt);
        for (Thread thread : threads) {
            try {
                thread.join(JOIN_TIMEOUT_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            if (thread.isAlive()) {
                throw new IllegalStateException("stage thread does not end: thread=" + thread.getName());
            }
        }
    }

    private boolean runsOnCaller() {
        return mode == PipelineMode.INVOKER || mode == PipelineMode.COMPACT;
    }

    /** Starts the stage threads, if any, and returns the sequence of the last appended slot. */
    private Sequence startStages() {
        if (runsOnCaller()) {
            return new Sequence();
        }
        List<StageRunner[]> groups = new ArrayList<>();
        if (mode == PipelineMode.SHARED) {
            groups.add(runners);
        } else {
            for (StageRunner runner : runners) {
                groups.add(new StageRunner[] {runner});
            }
        }
        SequenceBarrier barrier = ring.newBarrier();
        Sequence last = null;
        for (StageRunner[] group : groups) {
            BatchEventProcessor<DecisionEvent> processor =
                    new BatchEventProcessorBuilder().build(ring, barrier, new StageHandler(group));
            processor.setExceptionHandler(new Rethrow());
            processors.add(processor);
            last = processor.getSequence();
            barrier = ring.newBarrier(last);
            String name = groups.size() == 1 ? "ringfence-engine" : "ringfence-" + group[0].name();
            Thread thread = new Thread(processor, name);
            thread.setDaemon(true);
            thread.setUncaughtExceptionHandler((failed, cause) -> {
                // Latched where it was thrown; the duty cycle finds it there.
            });
            threads.add(thread);
        }
        threads.forEach(Thread::start);
        return last;
    }
}
