package io.ringfence.tools.evaluation.pilot;

import io.ringfence.engine.kernel.Kernel;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.policy.Catalog;
import io.ringfence.gateway.Simulation;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.replay.PolicyHistory;
import io.ringfence.gateway.replay.RecordedDecision;
import io.ringfence.gateway.replay.Replay;
import io.ringfence.journal.read.JournalProver;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Substitution;
import io.ringfence.tools.StopSignal;
import io.ringfence.tools.evaluation.pilot.PilotWorld.Request;
import io.ringfence.tools.evaluation.run.Messages;
import io.ringfence.tools.report.Savings;
import io.ringfence.tools.report.Savings.Sums;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * A pilot in shadow, through a real engine: people act as they always did, and the engine says beside it what it would have done.
 *
 * <p>Each request is asked twice. On the account {@code advice} a substitute is allowed; the answer is the advice, and its hold is released. On the
 * account {@code as-done} only the candidate that people asked for may act; it is settled, and its outcome reported hours later, if at
 * all. So the engine learns from what people did alone. Verified and replayed at the end. For one run.
 */
final class Pilot {
    /** Names of its accounts, by id from 1 on. */
    static final List<String> ACCOUNTS = List.of("advice", "as-done");

    private static final long ADVICE = 1;
    private static final long AS_DONE = 2;
    private static final int SHOWN_EVERY = 1 << 10;

    private final ServerConfig config;
    private final PilotWorld world;
    private final LongConsumer progress;
    private final Week[] weeks = new Week[PilotWorld.WEEKS];
    private final PriorityQueue<Report> reports =
            new PriorityQueue<>(Comparator.comparingLong(Report::timeNs).thenComparingLong(Report::decision));
    private Simulation engine;
    private Messages messages;
    private long errors;
    private String firstError;

    private record Report(long timeNs, long decision, boolean isSuccess, long costMicros) {}

    /** What the advice of one week would have come to. */
    static final class Week {
        private long decisions;
        private long advised;
        private long substituted;
        private long missed;
        private long right;
        private long successesAsked;
        private long successesAdvised;
        private Sums savings = new Sums();

        /** Requests. */
        long decisions() {
            return decisions;
        }

        /** Of these, those that the advice admits. */
        long advised() {
            return advised;
        }

        /** Of these, those for which it names another candidate than was asked for. */
        long substituted() {
            return substituted;
        }

        /** Of the advised, those whose asked candidate succeeds and whose advised one fails. */
        long missed() {
            return missed;
        }

        /** Of the substituted, those that gain a success, or keep the result at a lower cost. */
        long right() {
            return right;
        }

        /** Of the advised, those whose asked candidate succeeds. */
        long successesAsked() {
            return successesAsked;
        }

        /** Of the advised, those whose advised candidate succeeds. */
        long successesAdvised() {
            return successesAdvised;
        }

        /** Missed of the advised; not a number without any. */
        double missRate() {
            return (double) missed / advised;
        }

        /** Right of the substituted; not a number without any. */
        double precision() {
            return (double) right / substituted;
        }

        /** What the advice would have saved, as the journal says. */
        Sums savings() {
            return savings;
        }

        /** Adds another week. */
        Week add(Week other) {
            decisions += other.decisions;
            advised += other.advised;
            substituted += other.substituted;
            missed += other.missed;
            right += other.right;
            successesAsked += other.successesAsked;
            successesAdvised += other.successesAdvised;
            savings.add(other.savings);
            return this;
        }
    }

    /**
     * What it came to.
     *
     * @param weeks      in order.
     * @param errors     commands that did not come to what a sound client expects.
     * @param firstError the first of them in one line; null for none.
     */
    record Result(
            List<Week> weeks, long errors, String firstError, JournalProver.Report verified, Replay.Report replayed) {
        boolean isOk() {
            return errors == 0 && verified.isOk() && replayed.isOk() && replayed.liveStateDigest() != null;
        }

        Week all() {
            Week all = new Week();
            weeks.forEach(all::add);
            return all;
        }
    }

    /** @param progress takes the number of requests so far, now and then. */
    Pilot(ServerConfig config, PilotWorld world, LongConsumer progress) {
        this.config = config;
        this.world = world;
        this.progress = progress;
        for (int week = 0; week < weeks.length; week++) {
            weeks[week] = new Week();
        }
    }

    Result run() {
        try (Simulation simulation = new Simulation(config, PilotWorld.BEGIN_NS)) {
            engine = simulation;
            messages = new Messages(simulation);
            int count = 0;
            for (Request request = world.next(); request != null; request = world.next()) {
                report(request.timeNs());
                engine.timeNs(request.timeNs());
                decide(request);
                if (++count % SHOWN_EVERY == 0) {
                    progress.accept(count);
                    StopSignal.requireNotAsked("nothing is reported of a part");
                }
            }
        }
        readSavings();
        return new Result(
                List.of(weeks),
                errors,
                firstError,
                JournalProver.verify(config.dataDir(), records -> StopSignal.requireNotAsked("verified")),
                Replay.run(config.dataDir(), records -> StopSignal.requireNotAsked("replayed")));
    }

    /** Reports that are due come before the next request, each at its own time. */
    private void report(long untilNs) {
        while (!reports.isEmpty() && reports.peek().timeNs() <= untilNs) {
            Report report = reports.poll();
            engine.timeNs(report.timeNs());
            require(
                    messages.report(
                            report.decision(), 0, report.isSuccess() ? 1 : 0, report.costMicros(), report.timeNs()),
                    "an outcome was refused");
        }
    }

    private void decide(Request request) {
        Week week = weeks[(int) ((request.timeNs() - PilotWorld.BEGIN_NS) / TimeUnit.DAYS.toNanos(7))];
        week.decisions++;
        DecisionEvent advice = ask(ADVICE, request, Substitution.ALLOWED);
        if (advice.verdict().isAdmitted()) {
            count(week, request, advice);
            require(messages.release(advice.sequence()), "a release was refused");
        } else if (!advice.isDecided()
                || advice.selection().reason() != advice.verdict().reason()) {
            error("an advice was refused", advice);
        }
        DecisionEvent done = ask(AS_DONE, request, Substitution.NEVER);
        if (!done.verdict().isAdmitted()) {
            return; // People do it all the same; the engine learns nothing of it.
        }
        long decision = done.sequence();
        long costMicros = done.verdict().costMicros();
        require(messages.commit(decision, costMicros), "a settlement was refused");
        if (request.reportedNs() != Long.MAX_VALUE) {
            reports.add(
                    new Report(request.reportedNs(), decision, world.succeeds(request, request.asked()), costMicros));
        }
    }

    private DecisionEvent ask(long accountId, Request request, Substitution substitution) {
        return messages.ask(
                accountId,
                world.useCase(request),
                request.riskBps(),
                request.valueMicros(),
                request.units(),
                world.candidateId(request.asked()),
                substitution);
    }

    private void count(Week week, Request request, DecisionEvent advice) {
        Catalog catalog = advice.policy().catalog();
        int advised = catalog.indexOf(advice.verdict().actedCandidateId());
        boolean isAskedGood = world.succeeds(request, request.asked());
        boolean isAdvisedGood = world.succeeds(request, advised);
        week.advised++;
        week.successesAsked += isAskedGood ? 1 : 0;
        week.successesAdvised += isAdvisedGood ? 1 : 0;
        week.missed += isAskedGood && !isAdvisedGood ? 1 : 0;
        if (advised != request.asked()) {
            boolean isCheaper = Long.compareUnsigned(
                            Kernel.costMicros(catalog, advised, advice.input()),
                            Kernel.costMicros(catalog, request.asked(), advice.input()))
                    < 0;
            boolean isGained = isAdvisedGood && !isAskedGood;
            week.substituted++;
            week.right += isGained || isAdvisedGood == isAskedGood && isCheaper ? 1 : 0;
        }
    }

    /** Reads them from the journal, as {@code report savings} does. */
    private void readSavings() {
        Savings savings = new Savings();
        PolicyHistory history = new PolicyHistory();
        RecordedDecision recorded = new RecordedDecision();
        try (JournalReader reader = JournalReader.open(config.dataDir(), 1)) {
            while (reader.next()) {
                history.accept(reader.record());
                if (reader.record().kind() == CommandKind.ADMISSION) {
                    recorded.read(reader.record(), history.policy());
                    savings.accept(recorded.event());
                }
            }
        }
        long beginDay = TimeUnit.NANOSECONDS.toDays(PilotWorld.BEGIN_NS);
        savings.sums().forEach((key, sums) -> {
            if (key.accountId() == ADVICE) {
                weeks[(int) ((key.week().toEpochDay() - beginDay) / 7)].savings.add(sums);
            }
        });
    }

    private void require(DecisionEvent event, String what) {
        if (event == null || event.verdict().reason() != ReasonCode.APPLIED) {
            error(what, event);
        }
    }

    private void error(String what, DecisionEvent event) {
        errors++;
        if (firstError == null) {
            firstError = event == null
                    ? what + ": its decision can no longer be named"
                    : what + ": sequence " + event.sequence() + ", "
                            + event.verdict().reason();
        }
    }
}
