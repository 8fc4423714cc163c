package io.ringfence.tools;

import io.ringfence.gateway.RunFile;
import io.ringfence.gateway.client.ClientSettings;
import io.ringfence.gateway.client.LogonRefusedException;
import io.ringfence.gateway.client.MissingRight;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.counters.CountersFile;
import io.ringfence.gateway.counters.CountersView;
import io.ringfence.journal.JournalDirectory;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.tools.ExitCode.BadInputException;
import io.ringfence.tools.ExitCode.EnvironmentException;
import io.ringfence.tools.journal.JournalPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Finds the engine that runs on a data directory. */
public final class RunningEngine {
    /** Default directory of the journal of {@code serve}. */
    public static final Path DEFAULT_DIRECTORY = Path.of("ringfence-data");

    /** As whom the tools log on that only ask: a principal of their own in the shipped configuration. */
    public static final int TOOLS_PRINCIPAL = 4;

    private RunningEngine() {}

    /**
     * How to reach the engine.
     *
     * @throws BadInputException    if no engine ever ran there.
     * @throws EnvironmentException if the engine has ended.
     */
    public static RunFile find(Path directory) {
        RunFile run = lastRun(directory);
        if (!isAlive(directory)) {
            throw new EnvironmentException(
                    directory + ": no engine runs here: the last one, process " + run.processId() + ", has ended");
        }
        return run;
    }

    /**
     * Does work in a session with the engine, which ends with it.
     *
     * @param connect begins the session, as {@link #connect} or {@link SessionOption#connect} does.
     */
    static <T> T inSession(Supplier<RingfenceClient> connect, Function<RingfenceClient, T> work) {
        try (RingfenceClient client = connect.get()) {
            return Faults.orEnd(() -> work.apply(client));
        }
    }

    private static boolean isAlive(Path directory) {
        try {
            return JournalDirectory.isInUse(directory);
        } catch (IOException unknown) {
            throw new EnvironmentException(
                    directory + ": cannot be asked whether an engine runs here: " + Faults.text(unknown), unknown);
        }
    }

    /**
     * Begins a session with the engine.
     *
     * @throws BadInputException    if it knows no such principal.
     * @throws EnvironmentException if it refuses for another reason, or cannot be reached.
     */
    public static RingfenceClient connect(ClientSettings settings) {
        return connect(settings, false).orElseThrow();
    }

    /** The same, but empty while the principal has a session. */
    static Optional<RingfenceClient> connectReplacingNobody(ClientSettings settings) {
        return connect(settings, true);
    }

    private static Optional<RingfenceClient> connect(ClientSettings settings, boolean replacesNobody) {
        try {
            return Optional.of(
                    replacesNobody
                            ? RingfenceClient.connectReplacingNobody(settings)
                            : RingfenceClient.connect(settings));
        } catch (LogonRefusedException refused) {
            if (refused.reason() == ReasonCode.SESSION_STANDS) {
                return Optional.empty();
            }
            if (refused.reason() == ReasonCode.PRINCIPAL_UNKNOWN) {
                throw new BadInputException(
                        "--principal: the gateway knows none of this id: " + settings.principalId());
            }
            throw new EnvironmentException(refused.getMessage(), refused);
        } catch (IOException none) {
            throw new EnvironmentException(none.getMessage(), none);
        }
    }

    private static RunFile lastRun(Path directory) {
        requireFile(directory, RunFile.NAME, "a running engine");
        try {
            return RunFile.read(directory).orElseThrow(() -> missing(directory, RunFile.NAME, "a running engine"));
        } catch (IOException cannot) {
            throw new EnvironmentException(Faults.text(cannot), cannot);
        }
    }

    /**
     * The counters of the engine, also of one that has ended.
     *
     * @throws BadInputException if no engine ever ran there.
     */
    public static CountersView counters(Path directory) {
        requireFile(directory, CountersFile.NAME, "an engine that runs or ran");
        try {
            return CountersView.open(directory.resolve(CountersFile.NAME));
        } catch (IOException unreadable) {
            throw new BadInputException(
                    "--dir: must be the directory of an engine that runs or ran: " + Faults.text(unreadable));
        }
    }

    /** Looks also for the right to see the file: without it a file that is there looks as if it were not. */
    private static void requireFile(Path directory, String name, String whose) {
        String lacking = MissingRight.find(directory.resolve(name), false);
        if (lacking != null) {
            throw new EnvironmentException(lacking);
        }
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
