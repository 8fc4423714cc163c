package io.ringfence.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.gateway.client.Answer;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.tools.ExitCode.BadInputException;
import io.ringfence.tools.ExitCode.EnvironmentException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What a person says about the clock of a running engine. */
@Command(
        name = "clock",
        subcommands = ClockCommand.Accept.class,
        description = "Accept that the wall clock stepped.",
        footer = "  ringfence clock accept --why \"time server mended\"")
final class ClockCommand extends CommandGroup {
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
    static final class Accept extends JustifiedCommand {
        @Option(
                names = "--principal",
                paramLabel = "ID",
                description = "As whom to log on: one with the role risk (default 3).")
        @OptionRule.Mirrors("principals.id")
        private int principalId = 3;

        @Override
        public Integer call() {
            report(give(principalId, (client, why) -> client.clock().justification(why), "the clock was accepted"));
            return ExitCode.DONE;
        }

        private void report(Answer answer) {
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
