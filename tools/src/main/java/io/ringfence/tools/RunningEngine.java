package io.ringfence.tools;

import io.ringfence.gateway.RunFile;
import io.ringfence.gateway.counters.CountersFile;
import io.ringfence.gateway.counters.CountersView;
import io.ringfence.tools.journal.JournalPath;
import java.io.IOException;
import java.nio.file.Files;
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
        requireFile(directory, RunFile.NAME, "a running engine");
        try {
            return RunFile.read(directory).orElseThrow(() -> missing(directory, RunFile.NAME, "a running engine"));
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
        requireFile(directory, CountersFile.NAME, "an engine that runs or ran");
        try {
            return CountersView.open(directory.resolve(CountersFile.NAME));
        } catch (IOException unreadable) {
            throw new BadInputException(
                    "--dir: must be the directory of an engine that runs or ran: " + unreadable.getMessage());
        }
    }

    private static void requireFile(Path directory, String name, String whose) {
        if (!Files.exists(directory.resolve(name))) {
            throw missing(directory, name, whose);
        }
    }

    private static BadInputException missing(Path directory, String name, String whose) {
        String below = JournalPath.below(directory);
        return new BadInputException("--dir: must be the directory of " + whose + ": " + directory
                + (Files.isDirectory(directory) ? " has no " + name : " is no directory")
                + (below.isEmpty() ? "" : ", but there is a journal in " + below));
    }
}
