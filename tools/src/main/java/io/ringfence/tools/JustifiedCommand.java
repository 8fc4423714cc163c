package io.ringfence.tools;

import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.ClientSettings;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.tools.ExitCode.BadInputException;
import io.ringfence.tools.ExitCode.EnvironmentException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BiConsumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command of a person to a running engine. It is journaled with its sender and with the reason that the person gives. */
abstract class JustifiedCommand extends ToolCommand {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int WHY_LENGTH_MAX = 128;

    @Option(names = "--why", paramLabel = "TEXT", required = true, description = "Reason, for the journal.")
    private String why;

    @Option(
            names = "--dir",
            paramLabel = "D",
            description = "Directory of the running engine (default ./ringfence-data).")
    private Path directory = RunningEngine.DEFAULT_DIRECTORY;

    @Mixin
    private SessionOption session;

    /**
     * Gives the command in a session of its own, and waits for the answer for 10 s at most.
     *
     * @param command begins the message in a client, with the reason as its justification.
     * @param what    was not done, as far as is known without an answer: "the hold was released".
     * @throws BadInputException    if the reason cannot be journaled, or the engine cannot be reached as this principal.
     * @throws EnvironmentException if there is no answer in time.
     */
    final Answer give(int principalId, BiConsumer<RingfenceClient, String> command, String what) {
        int length = why.getBytes(StandardCharsets.UTF_8).length;
        if (length < 1 || length > WHY_LENGTH_MAX || why.chars().anyMatch(Character::isISOControl)) {
            throw new BadInputException("--why: must be one line of 1 to " + WHY_LENGTH_MAX + " bytes: " + length);
        }
        RunningEngine.find(directory);
        session.requireFree(directory, principalId);
        return RunningEngine.inSession(ClientSettings.ofJournal(directory, principalId), client -> {
            command.accept(client, why);
            Answer answer = client.ask(TIMEOUT);
            if (!answer.isKnown()) {
                throw new EnvironmentException("no answer in time: it is not known whether " + what);
            }
            return answer;
        });
    }
}
