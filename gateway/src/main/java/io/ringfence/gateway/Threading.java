package io.ringfence.gateway;

import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.PhasedBackoffWaitStrategy;
import com.lmax.disruptor.SleepingWaitStrategy;
import com.lmax.disruptor.WaitStrategy;
import com.lmax.disruptor.YieldingWaitStrategy;
import io.ringfence.engine.pipeline.Engine;
import io.ringfence.engine.pipeline.Pipeline;
import io.ringfence.engine.pipeline.PipelineMode;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.config.Setting;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;

/** Decides from the configuration on which threads an engine runs, how they wait, and how many slots its ring has. */
final class Threading {
    private static final int IDLE_SPINS = 100;
    private static final int IDLE_YIELDS = 100;
    private static final long IDLE_MIN_PARK_NS = 1_000;
    private static final long IDLE_MAX_PARK_NS = TimeUnit.MICROSECONDS.toNanos(50);

    /** A turn without work and a yield take about half a microsecond, so these are some 10 ms. */
    private static final int BACKOFF_YIELDS = 20_000;

    private static final long BACKOFF_SPIN_US = 100;
    private static final long BACKOFF_YIELD_US = 10_000;

    private final ServerConfig config;
    private final PipelineMode mode;

    Threading(ServerConfig config) {
        this.config = config;
        this.mode = config.mode()
                .orElseGet(() -> PipelineMode.forCores(Runtime.getRuntime().availableProcessors()));
    }

    /** The mode: the one configured, or by the number of cores. */
    PipelineMode mode() {
        return mode;
    }

    /** Starts the stage threads of the mode. */
    Pipeline pipeline(Engine engine) {
        int ringSize = config.ringSize()
                .orElse(mode == PipelineMode.COMPACT ? Setting.RING_SIZE_COMPACT : Setting.RING_SIZE_THREADED);
        return new Pipeline(engine, mode, ringSize, waitStrategy());
    }

    /** Starts the thread of the gateway's duty cycle. */
    AgentRunner start(Agent agent) {
        AgentRunner runner = new AgentRunner(idleStrategy(), new ErrorLine(System.err, "gateway"), null, agent);
        AgentRunner.startOnThread(runner, task -> new Thread(new RunOnceTask(task)));
        return runner;
    }

    private WaitStrategy waitStrategy() {
        return switch (config.waitStrategy()) {
            case BUSY_SPIN -> new BusySpinWaitStrategy();
            case YIELDING -> new YieldingWaitStrategy();
            case BACKOFF ->
                new PhasedBackoffWaitStrategy(
                        BACKOFF_SPIN_US,
                        BACKOFF_YIELD_US,
                        TimeUnit.MICROSECONDS,
                        new SleepingWaitStrategy(0, config.idle().sleepMaxNs()));
            case SLEEPING -> new SleepingWaitStrategy();
            case BLOCKING -> new BlockingWaitStrategy();
        };
    }

    private IdleStrategy idleStrategy() {
        return switch (config.waitStrategy()) {
            case BUSY_SPIN -> BusySpinIdleStrategy.INSTANCE;
            case YIELDING -> YieldingIdleStrategy.INSTANCE;
            case BACKOFF ->
                new BackoffIdleStrategy(
                        IDLE_SPINS,
                        BACKOFF_YIELDS,
                        Math.min(IDLE_MAX_PARK_NS, config.idle().sleepMaxNs()),
                        config.idle().sleepMaxNs());
            case SLEEPING, BLOCKING ->
                new BackoffIdleStrategy(IDLE_SPINS, IDLE_YIELDS, IDLE_MIN_PARK_NS, IDLE_MAX_PARK_NS);
        };
    }

    /**
     * Runs a task once and then drops its reference to it, so that the engine can be collected after its thread has ended.
     *
     * <p>A {@link Thread} keeps its task, and libraries keep threads: with assertions on, the Disruptor's check for a single
     * producer keeps the gateway's thread for the life of the process.
     */
    private static final class RunOnceTask implements Runnable {
        private Runnable task;

        RunOnceTask(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            Runnable once = task;
            task = null;
            once.run();
        }
    }
}
