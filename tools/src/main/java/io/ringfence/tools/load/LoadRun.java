package io.ringfence.tools.load;

import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.config.AccountsFile;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.tools.ExitCode.BadInputException;
import io.ringfence.tools.ExitCode.EnvironmentException;
import io.ringfence.tools.Faults;
import io.ringfence.tools.StopSignal;
import io.ringfence.tools.WatchedLine;
import io.ringfence.tools.input.AccountRule;
import io.ringfence.tools.input.OrderRouting;
import io.ringfence.tools.input.OrderTape;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/**
 * Runs a load against a gateway: one client thread drives, the caller's watches.
 *
 * <p>For one run.
 */
final class LoadRun {
    private static final long INTERVAL_MS = 1_000;

    private final LoadTally tally = new LoadTally();
    private final Latencies latencies = new Latencies();
    private final LoadPlan plan;
    private final OrderTape tape;
    private final OrderRouting routing;
    private final AccountRule accounts;

    private volatile Throwable failure;

    LoadRun(LoadPlan plan, OrderTape tape, CompiledPolicy policy, AccountsFile accounts) {
        this.plan = plan;
        this.tape = tape;
        this.routing = new OrderRouting(policy);
        this.accounts = rule(accounts);
    }

    private static AccountRule rule(AccountsFile accounts) {
        if (accounts.orderAccountIds().length == 0) {
            throw new BadInputException("--accounts: must list an account for orders: there is none");
        }
        return new AccountRule(accounts.orderAccountIds());
    }

    /** What every order asks for. */
    long requestedCandidateId() {
        return routing.candidateId();
    }

    /**
     * Logs on, runs to the end, logs out.
     *
     * @param connect  begins the session.
     * @param hlog     where to write latencies.
     * @param progress takes each second's latencies.
     * @throws BadInputException    when the gateway knows no such principal.
     * @throws EnvironmentException when there is no gateway, or it ends the session.
     */
    LoadResult run(Supplier<RingfenceClient> connect, Optional<Path> hlog, Consumer<Histogram> progress) {
        Latencies.Log log = hlog.map(Latencies.Log::new).orElse(null);
        try (log;
                RingfenceClient client = connect.get()) {
            return Faults.orEnd(() -> run(client, interval -> {
                progress.accept(interval);
                if (log != null) {
                    log.add(interval);
                }
            }));
        }
    }

    private LoadResult run(RingfenceClient client, Consumer<Histogram> watcher) {
        OrderDesk desk = new OrderDesk(client, routing, accounts, tape.createdCount(), tally, latencies);
        LoadLoop loop = new LoadLoop(client, desk, tape, plan.pace(client.window()), plan);
        drive(loop, watcher);
        return new LoadResult(
                plan,
                tally,
                desk.flow().counts(),
                desk.flow().round(),
                loop.durationNs(),
                latencies.total(),
                loop.isCut());
    }

    private void drive(LoadLoop loop, Consumer<Histogram> watcher) {
        latencies.begin();
        Thread thread = new Thread(() -> run(loop), "ringfence-load");
        thread.setDaemon(true);
        thread.start();
        boolean isInterrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join(INTERVAL_MS);
            } catch (InterruptedException asked) {
                isInterrupted = true; // The client is the load thread's as long as that lives.
            }
            watcher.accept(latencies.nextInterval());
            if (StopSignal.isAsked()) {
                loop.stop();
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure instanceof RuntimeException broken) {
            throw broken;
        }
        if (failure instanceof Error broken) {
            throw broken;
        }
    }

    private void run(LoadLoop loop) {
        try {
            loop.run();
        } catch (RuntimeException | Error broken) {
            failure = broken;
        }
    }

    /** Shows a person how a load run goes: one line that each second writes over. */
    static final class ProgressLine implements Consumer<Histogram> {
        private static final double SECOND_MS = 1e3;

        private final WatchedLine line;
        private long startMs;
        private long answered;

        ProgressLine(WatchedLine line) {
            this.line = line;
        }

        @Override
        public void accept(Histogram interval) {
            if (startMs == 0) {
                startMs = interval.getStartTimeStamp();
            }
            answered += interval.getTotalCount();
            double intervalS = Math.max(1, interval.getEndTimeStamp() - interval.getStartTimeStamp()) / SECOND_MS;
            if (answered == 0) {
                line.say("warming up");
                return;
            }
            line.say(String.format(
                    Locale.ROOT,
                    "%,5.0f s  %,14d orders  %,11.0f a second  p50 %s  p99 %s",
                    (interval.getEndTimeStamp() - startMs) / SECOND_MS,
                    answered,
                    interval.getTotalCount() / intervalS,
                    LoadText.time(interval.getValueAtPercentile(50)),
                    LoadText.time(interval.getValueAtPercentile(99))));
        }
    }
}
