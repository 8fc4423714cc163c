package io.ringfence.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.gateway.RunFile;
import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.ClientSettings;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.schemas.AdmissionDecisionDecoder;
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
import picocli.CommandLine.Spec;

/** What a person says about the clock of a running engine. */
@Command(
        name = "clock",
        subcommands = ClockCommand.Accept.class,
        description = "Accept that the wall clock stepped.",
        descriptionHeading = "%n",
        optionListHeading = "%n",
        commandListHeading = "%nCommands:%n",
        footerHeading = "%nExample:%n",
        footer = "  ringfence clock accept --why \"time server mended\"")
final class ClockCommand implements Callable<Integer> {
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

    /** Accepts a step, so that new risk is taken again. */
    @Command(
            name = "accept",
            description = {
                "Accept the wall clock of a running engine as it is. New risk, which is refused as CLOCK_STEP, is taken again."
                        + " Event time never falls: where it is ahead of the wall clock it goes on from there, also after"
                        + " later starts. Set the wall clock right first.",
                "The command and its reason are journaled. Exit 0: accepted, or there was no step."
            },
            footer = "  ringfence clock accept --dir ringfence-data --why \"time server mended\"")
    static final class Accept extends ToolCommand {
        private static final Duration TIMEOUT = Duration.ofSeconds(10);
        private static final int WHY_LENGTH_MAX = 128;

        @Option(
                names = "--dir",
                paramLabel = "D",
                description = "Directory of the running engine (default ./ringfence-data).")
        private Path directory = RunningEngine.DEFAULT_DIRECTORY;

        @Option(names = "--why", paramLabel = "TEXT", required = true, description = "Reason, for the journal.")
        private String why;

        @Option(
                names = "--principal",
                paramLabel = "ID",
                description = "As whom to log on: one with the role risk (default 3).")
        @OptionRule.Mirrors("principals.id")
        private int principalId = 3;

        @Override
        public Integer call() {
            int length = why.getBytes(StandardCharsets.UTF_8).length;
            if (length < 1 || length > WHY_LENGTH_MAX || why.chars().anyMatch(Character::isISOControl)) {
                throw new BadInputException("--why: must be one line of 1 to " + WHY_LENGTH_MAX + " bytes: " + length);
            }
            RunFile engine = RunningEngine.find(directory);
            try (RingfenceClient client = RunningEngine.connect(
                    ClientSettings.of(engine.aeronDirectory(), engine.requestStreamId(), principalId))) {
                client.clock().justification(why);
                report(client.ask(TIMEOUT));
            }
            return ExitCode.DONE;
        }

        private void report(Answer answer) {
            if (!answer.isKnown()) {
                throw new EnvironmentException("no answer in time: it is not known whether the clock was accepted");
            }
            if (answer.reason() == ReasonCode.NOT_ALLOWED || answer.reason() == ReasonCode.ROLE_NOT_PERMITTED) {
                throw new BadInputException("--principal: must have the role risk: " + principalId);
            }
            if (!answer.isApplied()) {
                throw new EnvironmentException(answer.reason() + ": " + ReasonText.of(answer.reason()));
            }
            AdmissionDecisionDecoder accepted = answer.decision();
            if (isJson()) {
                ObjectNode object = Json.object()
                        .put("action", accepted.action().name())
                        .put("reason", accepted.reason().name());
                Json.unsigned(object, "sequence", accepted.sequence());
                Json.unsigned(object, "timestamp_ns", accepted.timestampNs());
                out().println(Json.text(object));
            } else {
                new Page(out()).line("accepted at sequence %d: new risk is taken", accepted.sequence());
            }
        }
    }
}
