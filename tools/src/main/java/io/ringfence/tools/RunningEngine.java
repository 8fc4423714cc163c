package io.ringfence.tools;

import io.ringfence.gateway.RunFile;
import io.ringfence.gateway.counters.CountersFile;
import io.ringfence.gateway.counters.CountersView;
import java.io.IOException;
import java.nio.file.Path;

/** Finds the engine that runs on a data directory. */
public final class RunningEngine {
    /** Where {@code serve} keeps its journal unless told otherwise. */
    public static final Path DEFAULT_DIRECTORY = Path.of("ringfence-data");

    private RunningEngine() {}

    /**
     * Where to reach it.
     *
     * @throws BadInputException    if no engine ever ran there.
     * @throws EnvironmentException if it runs no more.
     */
    public static RunFile find(Path directory) {
        RunFile run = lastRun(directory);
        if (!run.isProcessAlive()) {
            throw new EnvironmentException(
                    directory + ": no engine runs here: the last one, process " + run.processId() + ", has ended");
        }
        return run;
    }

    private static RunFile lastRun(Path directory) {
        try {
            return RunFile.read(directory)
                    .orElseThrow(() -> new BadInputException("--dir: must be the directory of a running engine: "
                            + directory + " has no " + RunFile.NAME));
        } catch (IOException cannot) {
            throw new EnvironmentException(cannot.getMessage(), cannot);
        }
    }

    /**
     * Its numbers; also of one that has ended.
     *
     * @throws BadInputException if no engine ever ran there.
     */
    public static CountersView counters(Path directory) {
        try {
            return CountersView.open(directory.resolve(CountersFile.NAME));
        } catch (IOException none) {
            throw new BadInputException(
                    "--dir: must be the directory of an engine that runs or ran: " + none.getMessage());
        }
    }
}
