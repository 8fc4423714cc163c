package io.ringfence.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.gateway.client.Answer;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.tools.ExitCode.BadInputException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What an operator does about a principal of a running engine. */
@Command(
        name = "principal",
        subcommands = PrincipalsCommand.Restart.class,
        description = "Act on a principal of a running engine.",
        footer = "  ringfence principal restart 1 --why \"ids at their end\"")
final class PrincipalsCommand extends CommandGroup {
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
    static final class Restart extends JustifiedCommand {
        @Parameters(paramLabel = "ID", description = "The principal that begins anew.")
        @OptionRule.Mirrors("principals.id")
        private int restarted;

        @Option(names = "--principal", paramLabel = "ID", description = "As whom to log on (default 2).")
        @OptionRule.Mirrors("principals.id")
        private int principalId = 2;

        @Override
        public Integer call() {
            return report(give(
                    principalId,
                    (client, why) ->
                            client.principalRestart().principalId(restarted).justification(why),
                    "the principal began anew"));
        }

        private int report(Answer answer) {
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
                case NOTHING_TO_FORGET -> "principal " + restarted + ": nothing to forget: it never sent a request";
                default -> "principal " + restarted + ": not restarted: " + ReasonText.of(reason);
            };
        }
    }
}
