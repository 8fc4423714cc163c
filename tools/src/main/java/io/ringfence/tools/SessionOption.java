package io.ringfence.tools;

import io.ringfence.gateway.client.ClientSettings;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.counters.CountersView;
import io.ringfence.tools.ExitCode.BadInputException;
import io.ringfence.tools.ExitCode.EnvironmentException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Option;

/**
 * Says whether a command may end the session that its principal has. A principal has one session, so a program that is logged on would lose
 * it to the command.
 */
public final class SessionOption {
    private static final long PATIENCE_S = 5;
    private static final long LOOK_EVERY_MS = 50;

    @Option(
            names = "--replace",
            description =
                    "End the session that the principal has, if any. Without it the command waits 5 s for its end, and"
                            + " is then refused.")
    private boolean isReplacing;

    /**
     * Begins a session that replaces none, unless {@code --replace} is given. While the principal has one, it waits for its end, for 5 s at
     * most. The engine decides: of two commands that begin at the same moment one has the session, and the other waits for its end.
     *
     * @param directory of a running engine.
     * @param settings  of the client, for that engine.
     * @throws BadInputException    if the principal has a session still, or is not known.
     * @throws EnvironmentException if the wait is interrupted, or {@link RunningEngine#connect} fails.
     */
    public RingfenceClient connect(Path directory, ClientSettings settings) {
        if (isReplacing) {
            return RunningEngine.connect(settings);
        }
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        Optional<RingfenceClient> client = RunningEngine.connectReplacingNobody(settings);
        while (client.isEmpty()) {
            awaitEnd(directory, settings.principalId(), deadlineNs);
            client = RunningEngine.connectReplacingNobody(settings);
        }
        return client.get();
    }

    private static void awaitEnd(Path directory, int principalId, long deadlineNs) {
        try (CountersView counters = RunningEngine.counters(directory)) {
            do {
                if (System.nanoTime() - deadlineNs > 0) {
                    throw new BadInputException(
                            "--principal: must be one without a session, or --replace must be given: " + principalId
                                    + " has a session, also after " + PATIENCE_S + " s");
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
            } while (counters.principalsWithSession().contains(principalId));
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            throw new EnvironmentException("interrupted while it waited for the end of a session", asked);
        }
    }
}
