package io.ringfence.tools.evaluation.run;

import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.selection.Explored;
import io.ringfence.gateway.Simulation;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.replay.Replay;
import io.ringfence.journal.read.JournalProver;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.tools.ExitCode.BadInputException;
import io.ringfence.tools.ExitCode.EnvironmentException;
import io.ringfence.tools.StopSignal;
import io.ringfence.tools.evaluation.data.Trial;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * Has an engine decide the rows of a trial: each row becomes a request, and if it is admitted, a settlement and an outcome. Then its journal
 * is verified and replayed.
 *
 * <p>Training rows come first: for each arm a request that only this arm may act on, so that priors are outcomes like all others, and stand
 * in the journal. For one run.
 */
final class EngineRun {
    private static final long BEGIN_NS = TimeUnit.SECONDS.toNanos(1_700_000_000);
    private static final double MICROS = 1e6;
    private static final long ROUNDING_MICROS = 200;
    private static final int POINTS = 200;
    private static final int SHOWN_EVERY = 1 << 12;

    private final EngineFiles files;
    private final Trial trial;
    private final LongConsumer progress;
    private final Tally tally;
    private final List<double[]> posteriors = new ArrayList<>();
    private final int watchedUseCase;
    private final double worth;
    private long decided;
    private long explored;
    private final double[] watched; // What is believed of each arm there.
    private Simulation engine;
    private Messages messages;
    private long timeNs = BEGIN_NS;
    private long errors;
    private String firstError;

    /**
     * What a run came to.
     *
     * @param tally      over the decided rows.
     * @param decided    rows that were asked; of a logged set more than the tally counts.
     * @param explored   of them, those on which another candidate than the kernel's choice acted.
     * @param errors     commands that did not come to what a sound client expects.
     * @param firstError the first of them in one line; null for none.
     * @param posteriors mean success that the engine believed of each arm in its busiest use case, at equal distances;
     *                   not a number while the arm was not in play.
     */
    record Result(
            Tally tally,
            long decided,
            long explored,
            long errors,
            String firstError,
            List<double[]> posteriors,
            JournalProver.Report verified,
            Replay.Report replayed) {
        boolean isOk() {
            return errors == 0 && verified.isOk() && replayed.isOk() && replayed.liveStateDigest() != null;
        }
    }

    /**
     * @param worth    of a success, in costs of the best arm.
     * @param progress takes the number of rows decided so far, now and then.
     */
    EngineRun(EngineFiles files, Trial trial, double worth, LongConsumer progress) {
        this.files = files;
        this.trial = trial;
        this.progress = progress;
        this.tally = new Tally(trial.rows().length, trial.armCount());
        this.watchedUseCase = busiest(trial);
        this.watched = new double[trial.armCount()];
        Arrays.fill(watched, Double.NaN);
        this.worth = worth;
    }

    private static int busiest(Trial trial) {
        int[] counts = new int[trial.useCaseCount()];
        int busiest = 0;
        for (int row : trial.rows()) {
            int useCase = trial.useCase(row);
            if (++counts[useCase] > counts[busiest]) {
                busiest = useCase;
            }
        }
        return busiest;
    }

    /**
     * Runs.
     *
     * @param folder takes configuration and journal.
     */
    Result run(Path folder, long seed) {
        try {
            requireCost();
            ServerConfig config = files.write(folder, trial, seed, worth);
            try (Simulation simulation = new Simulation(config, BEGIN_NS)) {
                engine = simulation;
                messages = new Messages(simulation);
                train();
                decide();
            }
            return new Result(
                    tally,
                    decided,
                    explored,
                    errors,
                    firstError,
                    posteriors,
                    JournalProver.verify(config.dataDir(), records -> StopSignal.requireNotAsked("verified")),
                    Replay.run(config.dataDir(), records -> StopSignal.requireNotAsked("replayed")));
        } catch (IOException cannot) {
            throw new EnvironmentException(folder + ": cannot be written: " + cannot.getMessage(), cannot);
        }
    }

    /** A worth is a number of costs of the best arm: where that is free, it says nothing. */
    private void requireCost() {
        if (EngineFiles.worthMicros(trial, worth) < 1) {
            throw new BadInputException(trial.mapping().name()
                    + ": worth: the arm that is best on training rows must cost something: "
                    + trial.mapping().arms().get(trial.means().best()).name());
        }
    }

    private void next() {
        timeNs += TimeUnit.MILLISECONDS.toNanos(trial.mapping().rows().stepMs());
        engine.timeNs(timeNs);
    }

    private void train() {
        double microsPerUnit = EngineFiles.trainingMicrosPerUnit(trial);
        for (int row : trial.training()) {
            next();
            for (int arm = 0; arm < trial.armCount(); arm++) {
                if (!Double.isNaN(trial.quality(arm, row))) {
                    DecisionEvent event = messages.ask(
                            trial.useCase(row),
                            trial.riskBps(row),
                            whole(microsPerUnit * trial.units(row)),
                            units(row),
                            arm + 1L);
                    if (event.verdict().isAdmitted()) {
                        outcome(event.sequence(), arm, row);
                    } else {
                        error("a training request was refused", event);
                    }
                }
            }
        }
    }

    /** Prices are rounded up to whole micros: that much more it must be worth. */
    private static long whole(double micros) {
        return (long) Math.ceil(micros) + ROUNDING_MICROS;
    }

    private long units(int row) {
        return Math.max(1, Math.round(trial.units(row) * EngineFiles.UNIT));
    }

    private void decide() {
        int stride = Math.max(1, trial.rows().length / POINTS);
        int count = 0;
        for (int row : trial.rows()) {
            next();
            decide(row);
            if (++count % stride == 0) {
                posteriors.add(watched.clone());
            }
            if (count % SHOWN_EVERY == 0) {
                progress.accept(count);
                StopSignal.requireNotAsked("nothing is reported of a part");
            }
        }
    }

    private void decide(int row) {
        DecisionEvent event = messages.ask(
                trial.useCase(row),
                trial.riskBps(row),
                Math.round(EngineFiles.worthMicros(trial, worth)),
                units(row),
                Messages.ANY_CANDIDATE);
        decided++;
        if (event.isDecided() && event.selection().hasNear()) {
            Explored among = event.selection().explored();
            explored += among.isExplored() ? 1 : 0;
            if (trial.useCase(row) == watchedUseCase) {
                watch(among);
            }
        }
        long decision = event.sequence();
        boolean isAdmitted = event.verdict().isAdmitted();
        int arm = (int) event.verdict().actedCandidateId() - 1;
        if (!isAdmitted) {
            if (!event.isDecided()
                    || event.selection().reason() != event.verdict().reason()) {
                error("a request was refused", event);
            }
            tally.reject(bestQuality(row));
            return;
        }
        if (trial.loggedArm(row).filter(logged -> logged != arm).isPresent()) {
            require(
                    messages.release(decision),
                    "a release was refused"); // Nobody knows how it would have gone: the row is not counted.
            return;
        }
        tally.add(arm, trial.quality(arm, row), trial.cost(arm, row), bestQuality(row));
        outcome(decision, arm, row);
    }

    private double bestQuality(int row) {
        double best = trial.quality(Chooser.bestOf(trial, row), row);
        return Double.isNaN(best) ? 0 : best;
    }

    private void watch(Explored among) {
        for (int place = 0; place < among.inPlayCount(); place++) {
            double successes = among.successes(place);
            watched[(int) among.candidateId(place) - 1] = successes / (successes + among.failures(place));
        }
    }

    private void outcome(long decision, int arm, int row) {
        long costMicros = Math.round(trial.cost(arm, row) * MICROS);
        require(messages.commit(decision, costMicros), "a settlement was refused");
        require(messages.report(decision, 0, trial.quality(arm, row), costMicros, timeNs), "an outcome was refused");
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
