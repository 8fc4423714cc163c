package io.ringfence.tools;

import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.ClientSettings;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.tools.ExitCode.BadInputException;
import io.ringfence.tools.ExitCode.EnvironmentException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command of a person to a running engine. It is journaled with its sender. */
abstract class EngineCommand extends ToolCommand {
    /** Bytes of UTF-8 that a name or a reason may have. */
    static final int TEXT_LENGTH_MAX = 128;

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @Option(
            names = "--dir",
            paramLabel = "D",
            description = "Directory of the running engine (default ./ringfence-data).")
    private Path directory = RunningEngine.DEFAULT_DIRECTORY;

    @Mixin
    private SessionOption session;

    /** The directory of the engine. */
    final Path directory() {
        return directory;
    }

    /**
     * Gives the command in a session of its own, and waits for the answer for 10 s at most.
     *
     * @param command begins the message in a client.
     * @param what    may or may not have happened when no answer comes, for the error line: "the hold was released".
     * @throws BadInputException    if the engine cannot be reached as this principal.
     * @throws EnvironmentException if there is no answer in time.
     */
    final Answer send(int principalId, Consumer<RingfenceClient> command, String what) {
        RunningEngine.find(directory);
        return inSession(principalId, client -> ask(client, command, what));
    }

    /** Does work in a session of its own with the engine, whose directory was found; fails to begin as {@link #send} does. */
    final Answer inSession(int principalId, Function<RingfenceClient, Answer> work) {
        ClientSettings settings = ClientSettings.ofJournal(directory, principalId);
        return RunningEngine.inSession(() -> session.connect(directory, settings), work);
    }

    /** One command in a session that stands already; waits for the answer for 10 s at most. */
    static Answer ask(RingfenceClient client, Consumer<RingfenceClient> command, String what) {
        command.accept(client);
        Answer answer = client.ask(TIMEOUT);
        if (!answer.isKnown()) {
            throw new EnvironmentException("no answer in time: it is not known whether " + what);
        }
        return answer;
    }

    /** Refuses a text that the journal does not take. */
    static String requireLine(String option, String text) {
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        if (length < 1 || length > TEXT_LENGTH_MAX || text.chars().anyMatch(Character::isISOControl)) {
            throw new BadInputException(option + ": must be one line of 1 to " + TEXT_LENGTH_MAX + " bytes: " + length);
        }
        return text;
    }

    /**
     * Does nothing if the command took effect.
     *
     * @param what      is named where the engine refuses it: "ACCOUNT".
     * @param given     its value.
     * @param principal that gave the command.
     * @throws BadInputException    if the sender lacks role or right, or what is named is refused.
     * @throws EnvironmentException if the engine takes no commands now.
     */
    static void requireApplied(Answer answer, String what, Object given, int principal) {
        if (answer.isApplied()) {
            return;
        }
        ReasonCode reason = answer.reason();
        if (reason == ReasonCode.NOT_ALLOWED || reason == ReasonCode.ROLE_NOT_PERMITTED) {
            throw new BadInputException("--principal: must have the role risk or operator: " + principal);
        }
        if (reason == ReasonCode.ACCOUNT_NOT_PERMITTED) {
            throw new BadInputException(
                    "--principal: must have the right to act on " + what + ' ' + given + ": " + principal);
        }
        String line = reason + ": " + ReasonText.of(reason);
        if (ReasonText.isOfEnvironment(reason)) {
            throw new EnvironmentException(line);
        }
        throw new BadInputException(what + ": " + line.replaceAll("\\.$", "") + ": " + given);
    }
}
