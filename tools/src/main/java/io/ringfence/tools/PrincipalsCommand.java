package io.ringfence.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.gateway.RunFile;
import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.ClientSettings;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.tools.ExitCode.BadInputException;
import io.ringfence.tools.ExitCode.EnvironmentException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What an operator does about a principal of a running engine. */
@Command(
        name = "principal",
        subcommands = PrincipalsCommand.Restart.class,
        description = "Act on a principal of a running engine.",
        descriptionHeading = "%n",
        optionListHeading = "%n",
        commandListHeading = "%nCommands:%n",
        footerHeading = "%nExample:%n",
        footer = "  ringfence principal restart 1 --why \"ids at their end\"")
final class PrincipalsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean isHelpAsked;

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(),
                "a command is needed: known are "
                        + String.join(", ", spec.subcommands().keySet()));
    }

    /** Gives a principal a new beginning. */
    @Command(
            name = "restart",
            description = {
                "Give a principal a new beginning: its next request id may be any. What it asked before is forgotten, so a request"
                        + " of before that it sends again is decided again. Stop its client first, and see to it that"
                        + " nothing of before is sent again.",
                "Exit 0: done; 1: it has a session, or it never sent a request; nothing changed."
            },
            footer = "  ringfence principal restart 1 --why \"ids at their end\" --dir ringfence-data")
    static final class Restart extends ToolCommand {
        private static final Duration TIMEOUT = Duration.ofSeconds(10);
        private static final int WHY_LENGTH_MAX = 128;

        @Parameters(paramLabel = "ID", description = "The principal that begins anew.")
        @OptionRule.Mirrors("principals.id")
        private int restarted;

        @Option(names = "--why", paramLabel = "TEXT", required = true, description = "The reason, for the journal.")
        private String why;

        @Option(names = "--dir", paramLabel = "D", description = "Directory of the engine (default ringfence-data).")
        private Path directory = RunningEngine.DEFAULT_DIRECTORY;

        @Option(names = "--principal", paramLabel = "ID", description = "As whom to log on (default 2).")
        @OptionRule.Mirrors("principals.id")
        private int principalId = 2;

        @Override
        public Integer call() {
            int length = why.getBytes(StandardCharsets.UTF_8).length;
            if (length == 0 || length > WHY_LENGTH_MAX || why.chars().anyMatch(Character::isISOControl)) {
                throw new BadInputException(
                        "--why: must be one line of 1 to " + WHY_LENGTH_MAX + " bytes: \"" + why.strip() + '"');
            }
            RunFile engine = RunningEngine.find(directory);
            try (RingfenceClient client = RunningEngine.connect(
                    ClientSettings.of(engine.aeronDirectory(), engine.requestStreamId(), principalId))) {
                client.principalRestart().principalId(restarted).justification(why);
                return report(client.ask(TIMEOUT));
            }
        }

        private int report(Answer answer) {
            if (!answer.isKnown()) {
                throw new EnvironmentException("no answer in time: it is not known whether the principal began anew");
            }
            if (answer.decision() == null) {
                throw new BadInputException("refused: " + answer.reason() + ": " + ReasonText.of(answer.reason()));
            }
            if (isJson()) {
                ObjectNode object = Json.object()
                        .put("action", answer.decision().action().name())
                        .put("reason", answer.reason().name());
                Json.unsigned(object, "sequence", answer.decision().sequence());
                out().println(Json.text(object));
            } else {
                out().println(text(answer.reason()));
            }
            return answer.isApplied() ? ExitCode.DONE : ExitCode.CHECK_FAILED;
        }

        private String text(ReasonCode reason) {
            return switch (reason) {
                case APPLIED -> "principal " + restarted + ": begins anew: its next request id may be any";
                case FIELD_OUT_OF_RANGE -> "principal " + restarted + ": nothing to forget: it never sent a request";
                default -> "principal " + restarted + ": not restarted: " + ReasonText.of(reason);
            };
        }
    }
}
