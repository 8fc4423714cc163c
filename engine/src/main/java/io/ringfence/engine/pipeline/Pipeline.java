package io.ringfence.engine.pipeline;

import com.lmax.disruptor.BatchEventProcessor;
import com.lmax.disruptor.BatchEventProcessorBuilder;
import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.ExceptionHandler;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.WaitStrategy;
import io.ringfence.engine.pipeline.Engine.FailureLatch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The ring that carries every command through an engine's stages, in one of four modes.
 *
 * <p>One thread fills slots, publishes them and takes what is appended: the gateway's duty cycle. It never waits: it asks for capacity
 * first. In {@code INVOKER} and {@code COMPACT} publishing runs the stages and hands the event over before it returns, so one slot is
 * free again at once. In the other modes the stages have threads, and {@link #poll} hands over what they appended. Every slot takes the
 * next sequence, so cursor and sequence differ by a constant.
 */
public final class Pipeline implements AutoCloseable {
    /** Takes each event once its record is appended, in sequence order. Called by the claiming thread. */
    @FunctionalInterface
    public interface ReplyHandler {
        /** Takes one event. Its slot is reused after the call. */
        void onAppended(DecisionEvent event);
    }

    private static final long JOIN_TIMEOUT_MS = TimeUnit.SECONDS.toMillis(10);

    private final Engine engine;
    private final PipelineMode mode;
    private final boolean runsOnCaller;
    private final RingBuffer<DecisionEvent> ring;
    private final long sequenceOfCursorZero;
    private final Sequence released = new Sequence();
    private final Sequence appended;
    private final EventPoller<DecisionEvent> poller;
    private final EventPoller.Handler<DecisionEvent> pollHandler = this::onPolled;
    private final List<BatchEventProcessor<DecisionEvent>> processors = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private ReplyHandler handler = event -> {};
    private int polledLimit;
    private int polled;
    private long claimed = -1;
    private long handedOver = -1; // In INVOKER and COMPACT, which need no sequencer between threads.

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
        this.runsOnCaller = mode == PipelineMode.INVOKER || mode == PipelineMode.COMPACT;
        this.sequenceOfCursorZero = engine.lastSequence() + 1;
        this.ring = RingBuffer.createSingleProducer(DecisionEvent::new, ringSize, waitStrategy);
        this.appended = startStages();
        this.poller = ring.newPoller(released);
        ring.addGatingSequences(poller.getSequence());
    }

    /** A ring of one slot, whose stages run on the caller's thread. The engine belongs to it until another pipeline is made. */
    public static Pipeline onCaller(Engine engine) {
        return new Pipeline(engine, PipelineMode.INVOKER, 1, new BlockingWaitStrategy());
    }

    /** Says who takes what is appended; before the first command. */
    public void handler(ReplyHandler appendedHandler) {
        handler = appendedHandler;
    }

    /** Are that many slots free? */
    public boolean hasCapacity(int slots) {
        return runsOnCaller ? depth() + slots <= ring.getBufferSize() : ring.hasAvailableCapacity(slots);
    }

    /** The next free slot, to be loaded and checked before it is claimed. Only after {@link #hasCapacity} said yes. */
    public DecisionEvent next() {
        return ring.get(claimed + 1);
    }

    /** The sequence that the next published slot must be stamped with. */
    public long nextSequence() {
        return claimed + 1 + sequenceOfCursorZero;
    }

    /**
     * Claims the {@linkplain #next() next slot}, which is stamped, and makes it visible to the first stage. In {@code INVOKER} and
     * {@code COMPACT} the stages have run and the handler has taken the event when this returns.
     */
    public void publish() {
        if (runsOnCaller) {
            runOnCaller(++claimed);
        } else {
            claimed = ring.next();
            ring.publish(claimed);
        }
    }

    private void runOnCaller(long cursor) {
        DecisionEvent event = ring.get(cursor);
        engine.apply(event);
        appended.set(cursor);
        handler.onAppended(event);
        handedOver = claimed; // Not the cursor: a handler may have published.
    }

    /**
     * Hands over events that stage threads have appended, in order, and frees their slots.
     *
     * @param limit most events to hand over; 1 and above.
     * @return how many were handed over; 0 in {@code INVOKER} and {@code COMPACT}.
     * @throws EngineStoppedException when a stage has failed: nothing more is answered.
     */
    public int poll(int limit) {
        long upTo = appended.get();
        if (runsOnCaller || upTo <= poller.getSequence().get()) {
            return 0;
        }
        engine.latch().requireOpen();
        released.set(upTo);
        polledLimit = limit;
        polled = 0;
        try {
            poller.poll(pollHandler);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("a reply handler throws nothing that is checked", e);
        }
        return polled;
    }

    private boolean onPolled(DecisionEvent event, long cursor, boolean isEndOfBatch) {
        handler.onAppended(event);
        polled++;
        return polled < polledLimit;
    }

    /** Sequence of the last record appended, as far as this thread can see. */
    public long appendedSequence() {
        return appended.get() + sequenceOfCursorZero;
    }

    /** Slots claimed and not yet handed over. */
    public int depth() {
        return (int)
                (claimed - (runsOnCaller ? handedOver : poller.getSequence().get()));
    }

    /** Event time from which a tick has work, as far as the stages have come: {@link Engine#dueNs}. */
    public long dueNs() {
        return engine.dueNs();
    }

    /** What the stages tell other threads, as far as they have come. */
    public Published published() {
        return engine.published();
    }

    /** Slots in all. */
    public int ringSize() {
        return ring.getBufferSize();
    }

    /** A slot by its cursor, for tests that fill slots before use. */
    DecisionEvent slot(long cursor) {
        return ring.get(cursor);
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

    /** Starts the stage threads, if any, and returns the sequence of the last appended slot. */
    private Sequence startStages() {
        if (runsOnCaller) {
            return new Sequence();
        }
        List<EventHandler<DecisionEvent>> handlers = new ArrayList<>();
        if (mode == PipelineMode.SHARED) {
            handlers.add(new StageThread("engine") {
                @Override
                void run(DecisionEvent event) {
                    engine.apply(event);
                }
            });
        } else {
            for (int i = 0; i < Engine.STAGE_NAMES.size(); i++) {
                int stage = i;
                handlers.add(new StageThread(Engine.STAGE_NAMES.get(stage)) {
                    @Override
                    void run(DecisionEvent event) {
                        engine.run(stage, event);
                    }
                });
            }
        }
        SequenceBarrier barrier = ring.newBarrier();
        Sequence last = null;
        for (EventHandler<DecisionEvent> stageThread : handlers) {
            BatchEventProcessor<DecisionEvent> processor =
                    new BatchEventProcessorBuilder().build(ring, barrier, stageThread);
            processor.setExceptionHandler(new Rethrow());
            processors.add(processor);
            last = processor.getSequence();
            barrier = ring.newBarrier(last);
            Thread thread = new Thread(processor, stageThread.toString());
            thread.setDaemon(true);
            thread.setUncaughtExceptionHandler((failed, cause) -> {
                // Latched where it was thrown; the duty cycle finds it there.
            });
            threads.add(thread);
        }
        threads.forEach(Thread::start);
        return last;
    }

    /** Runs stages on a Disruptor thread; on a failure reports how far it came before it rethrows. */
    private abstract static class StageThread implements EventHandler<DecisionEvent> {
        private final String name;
        private Sequence progress;

        StageThread(String name) {
            this.name = "ringfence-" + name;
        }

        abstract void run(DecisionEvent event);

        @Override
        public void onEvent(DecisionEvent event, long cursor, boolean isEndOfBatch) {
            try {
                run(event);
            } catch (Throwable t) {
                progress.set(cursor - 1); // Events before this one are done: the next stage may have them.
                throw t;
            }
        }

        @Override
        public void setSequenceCallback(Sequence sequenceCallback) {
            progress = sequenceCallback;
        }

        /** Name of its thread. */
        @Override
        public String toString() {
            return name;
        }
    }

    /** Ends a stage's thread on a failure: a handler that returned would let the half-done event through. */
    private static final class Rethrow implements ExceptionHandler<DecisionEvent> {
        @Override
        public void handleEventException(Throwable failure, long cursor, DecisionEvent event) {
            throw failure instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(failure);
        }

        @Override
        public void handleOnStartException(Throwable failure) {
            throw new IllegalStateException("stage thread cannot start", failure);
        }

        @Override
        public void handleOnShutdownException(Throwable failure) {
            throw new IllegalStateException("stage thread cannot end", failure);
        }
    }
}
