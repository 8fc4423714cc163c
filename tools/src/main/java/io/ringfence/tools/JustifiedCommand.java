package io.ringfence.tools;

import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.tools.ExitCode.BadInputException;
import io.ringfence.tools.ExitCode.EnvironmentException;
import java.util.function.BiConsumer;
import picocli.CommandLine.Option;

/** A command of a person to a running engine. It is journaled with its sender and with the reason that the person gives. */
abstract class JustifiedCommand extends EngineCommand {
    @Option(names = "--why", paramLabel = "TEXT", required = true, description = "Reason, for the journal.")
    private String why;

    /**
     * The reason that the person gives.
     *
     * @throws BadInputException if it cannot be journaled.
     */
    final String why() {
        return requireLine("--why", why);
    }

    /**
     * As {@link EngineCommand#send}, with the reason as its justification.
     *
     * @throws BadInputException    also if the reason cannot be journaled.
     * @throws EnvironmentException if there is no answer in time.
     */
    final Answer give(int principalId, BiConsumer<RingfenceClient, String> command, String what) {
        String line = why();
        return send(principalId, client -> command.accept(client, line), what);
    }
}
