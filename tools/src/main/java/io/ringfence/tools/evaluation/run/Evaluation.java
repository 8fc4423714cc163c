package io.ringfence.tools.evaluation.run;

import io.ringfence.tools.evaluation.data.ArmMeans;
import io.ringfence.tools.evaluation.data.DataSet;
import io.ringfence.tools.evaluation.data.Trial;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.agrona.IoUtil;

/** Runs an engine and the policies that it is compared with over a data set, once a seed. One thread. */
public final class Evaluation {
    /** The engine's name in reports. */
    public static final String RINGFENCE = "ringfence";

    /** The engine's, where labels are shuffled. */
    public static final String SHUFFLED = "shuffled";

    /** Says how far it is. */
    @FunctionalInterface
    public interface Progress {
        /** @param count rows of what is being done. */
        void show(String what, long count);
    }

    /**
     * What one policy came to with one seed.
     *
     * @param advantage quality above the best mixture of arms, at the same cost, that looks at no request; not a number for a logged set,
     *                  where no two policies are counted over the same rows.
     * @param price     what a unit of cost is worth, in successes, by the training rows of this seed.
     */
    record Sample(Tally tally, double advantage, double price) {
        /** Mean quality of a row, less what its cost is worth. */
        double utility() {
            return tally.quality() - price * tally.cost();
        }
    }

    private final EngineFiles files;
    private final DataSet set;
    private final Trial.Options options;
    private final Path folder;
    private final boolean keepsJournals;
    private final Progress progress;
    private final Map<String, List<Sample>> samples = new LinkedHashMap<>();
    private final List<EngineRun.Result> runs = new ArrayList<>();
    private EngineRun.Result first;
    private ArmMeans firstMeans;
    private long rows;
    private long decided;
    private long explored;

    /**
     * @param options       of the first trial; each further one has the next seed.
     * @param folder        takes what engines write.
     * @param keepsJournals are the journals of the first seed to stay?
     */
    public Evaluation(
            EngineFiles files,
            DataSet set,
            Trial.Options options,
            Path folder,
            boolean keepsJournals,
            Progress progress) {
        this.files = files;
        this.set = set;
        this.options = options;
        this.folder = folder;
        this.keepsJournals = keepsJournals;
        this.progress = progress;
    }

    /** Runs one more seed. */
    public void run(long seed) {
        Trial trial = new Trial(set, new Trial.Options(seed, options.stream(), options.isShuffled(), options.limit()));
        Hull hull = hull(trial);
        double price = Chooser.price(trial);
        EngineRun.Result result = engine(trial, seed, trial.mapping().worth(), RINGFENCE);
        decided += result.decided();
        explored += result.explored();
        rows += trial.rows().length;
        if (first == null) {
            first = result;
            firstMeans = trial.means();
        }
        add(RINGFENCE, result.tally(), hull, price);
        Chooser.baselines(trial, seed).forEach((name, chooser) -> add(name, play(trial, chooser), hull, price));
        if (options.isShuffled()) {
            add(SHUFFLED, result.tally(), hull, price);
        } else {
            Trial shuffled = new Trial(set, new Trial.Options(seed, options.stream(), true, options.limit()));
            Tally tally =
                    engine(shuffled, seed, trial.mapping().worth(), SHUFFLED).tally();
            add(SHUFFLED, tally, hull(shuffled), Chooser.price(shuffled));
        }
    }

    /** An arm's act on every row is known, but of a logged set, where rows of other arms are left out. */
    private static Hull hull(Trial trial) {
        ArmMeans means = ArmMeans.of(trial, trial.rows());
        return new Hull(means.costs(), means.qualities());
    }

    private void add(String name, Tally tally, Hull hull, double price) {
        boolean isLogged = set.mapping().logged().isPresent();
        double advantage = isLogged ? Double.NaN : tally.quality() - hull.quality(tally.cost());
        samples.computeIfAbsent(name, absent -> new ArrayList<>()).add(new Sample(tally, advantage, price));
    }

    /**
     * Runs an engine over a trial, and keeps what it came to.
     *
     * @param name of its folder, with the seed; not used before.
     */
    EngineRun.Result engine(Trial trial, long seed, double worth, String name) {
        Path own = folder.resolve(name + '-' + seed);
        EngineRun run = new EngineRun(files, trial, worth, count -> progress.show("seed " + seed + ", " + name, count));
        EngineRun.Result result = run.run(own, seed);
        runs.add(result);
        if (!keepsJournals || runs.size() > 1) {
            IoUtil.delete(own.toFile(), true);
        }
        return result;
    }

    private static Tally play(Trial trial, Chooser chooser) {
        Tally tally = new Tally(trial.rows().length, trial.armCount());
        for (int row : trial.training()) {
            for (int arm = 0; arm < trial.armCount(); arm++) {
                if (!Double.isNaN(trial.quality(arm, row))) {
                    chooser.learn(row, arm, trial.quality(arm, row), trial.cost(arm, row));
                }
            }
        }
        for (int row : trial.rows()) {
            int arm = chooser.choose(row);
            double quality = trial.quality(arm, row);
            Optional<Integer> logged = trial.loggedArm(row);
            if (logged.isEmpty() || logged.get() == arm) {
                double best = trial.quality(Chooser.bestOf(trial, row), row);
                tally.add(arm, quality, trial.cost(arm, row), Double.isNaN(best) ? 0 : best);
                chooser.learn(row, arm, quality, trial.cost(arm, row));
            }
        }
        return tally;
    }

    DataSet set() {
        return set;
    }

    Trial.Options options() {
        return options;
    }

    Progress progress() {
        return progress;
    }

    EngineFiles files() {
        return files;
    }

    /** What each policy came to, one sample a seed. */
    Map<String, List<Sample>> samples() {
        return samples;
    }

    /** Every engine that was run. */
    List<EngineRun.Result> runs() {
        return runs;
    }

    /** The first of them. */
    EngineRun.Result first() {
        return first;
    }

    ArmMeans firstMeans() {
        return firstMeans;
    }

    /** Of the rows that those engines were asked, the share on which another candidate than the kernel's choice acted. */
    double exploredShare() {
        return (double) explored / Math.max(1, decided);
    }

    /** Rows that engines without shuffled labels have decided. */
    long rows() {
        return rows;
    }
}
