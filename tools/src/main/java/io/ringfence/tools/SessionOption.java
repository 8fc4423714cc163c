package io.ringfence.tools;

import io.ringfence.gateway.counters.CountersView;
import io.ringfence.tools.ExitCode.BadInputException;
import io.ringfence.tools.ExitCode.EnvironmentException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Option;

/**
 * Says whether a command may end the session that its principal has. A principal has one session, so a program that is logged on would lose
 * it to the command.
 */
public final class SessionOption {
    private static final long PATIENCE_S = 5;
    private static final long LOOK_EVERY_MS = 20;

    @Option(
            names = "--replace",
            description =
                    "End the session that the principal has, if any. Without it the command waits 5 s for its end, and"
                            + " is then refused.")
    private boolean isReplacing;

    /**
     * Waits until the principal has no session, for 5 s at most. Does not wait with {@code --replace}.
     *
     * @param directory of a running engine.
     * @throws BadInputException    if it has one still.
     * @throws EnvironmentException if the wait is interrupted.
     */
    public void requireFree(Path directory, int principalId) {
        if (isReplacing) {
            return;
        }
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        try (CountersView counters = RunningEngine.counters(directory)) {
            while (counters.principalsWithSession().contains(principalId)) {
                if (System.nanoTime() - deadlineNs > 0) {
                    throw new BadInputException(
                            "--principal: must be one without a session, or --replace must be given: " + principalId
                                    + " has a session, also after " + PATIENCE_S + " s");
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
            }
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            throw new EnvironmentException("interrupted while it waited for the end of a session", asked);
        }
    }
}
