package io.ringfence.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.schemas.FactCommandEncoder;
import io.ringfence.schemas.FactVerb;
import io.ringfence.tools.ExitCode.BadInputException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends one command about outstanding facts to a running engine. */
abstract class SettlesFacts extends JustifiedCommand {
    @Parameters(paramLabel = "FACT", description = "Sequence of the fact, or of the first of several.")
    @OptionRule.Within(least = 1, most = Long.MAX_VALUE)
    private long first;

    @Option(names = "--last", paramLabel = "N", description = "Last of several that are settled together.")
    @OptionRule.Within(least = 1, most = Long.MAX_VALUE)
    private Long last;

    @Option(names = "--count", paramLabel = "N", description = "How many these are (default 1).")
    @OptionRule.Within(least = 1, most = Long.MAX_VALUE)
    private long count = 1;

    @Option(
            names = "--account",
            paramLabel = "A",
            description = "Account of the facts, or to book them on: name or id.")
    private String account;

    @Option(
            names = "--principal",
            paramLabel = "ID",
            description = "As whom to log on: one with the role risk or operator (default 2).")
    @OptionRule.Mirrors("principals.id")
    private int principalId = 2;

    /** Writes verb and figures. */
    abstract void write(FactCommandEncoder command);

    @Override
    public Integer call() {
        Long accountId = account == null ? null : AskedNames.accountOf(directory(), "--account", account);
        report(give(principalId, (client, why) -> write(client, accountId, why), "the facts were settled"));
        return ExitCode.DONE;
    }

    private void write(RingfenceClient client, Long accountId, String why) {
        FactCommandEncoder command = client.fact()
                .firstSequence(first)
                .lastSequence(last == null ? first : last)
                .count(count);
        if (accountId != null) {
            command.accountId(accountId);
        }
        write(command);
        command.justification(why);
    }

    private void report(Answer answer) {
        if (!answer.isApplied()) {
            throw new BadInputException("not settled: " + answer.reason() + ": " + ReasonText.of(answer.reason()));
        }
        if (isJson()) {
            ObjectNode object = Json.object()
                    .put("action", answer.decision().action().name())
                    .put("reason", answer.reason().name());
            Json.unsigned(object, "sequence", answer.decision().sequence());
            out().println(Json.text(object));
        } else {
            out().println("settled at sequence "
                    + Long.toUnsignedString(answer.decision().sequence()));
        }
    }

    /** Books what a person found to be true. */
    @Command(
            name = "book",
            description = {
                "Book outstanding facts of a running engine with the figures that you found to be true; the facts are settled.",
                "The command, its sender and its reason are journaled. Exit 0: booked; 2: no such facts, or no right to them."
            },
            footer = "  ringfence account book 4711 --account 1 --charge 25100000 --why \"as the venue says\"")
    static final class Book extends SettlesFacts {

        @Option(
                names = "--charge",
                paramLabel = "MICROS",
                required = true,
                description = "What is committed, in micros; below 0 it comes back.")
        private long charge;

        @Option(
                names = "--quantity",
                paramLabel = "Q",
                description = "What is added to the position, at most 8 digits behind the point: bought above 0, sold"
                        + " below.")
        private String quantity = "0";

        @Option(names = "--instrument", paramLabel = "I", description = "Instrument of the quantity.")
        @OptionRule.Within(least = 0, most = 0xFFFF_FFFEL)
        private Long instrument;

        @Option(names = "--more-follows", description = "Keep the facts as outstanding: another book follows.")
        private boolean moreFollows;

        @Override
        void write(FactCommandEncoder command) {
            command.verb(moreFollows ? FactVerb.BOOK_PART : FactVerb.BOOK)
                    .chargeMicros(charge)
                    .quantity(QuantityText.ofEitherSign("--quantity", quantity));
            if (instrument != null) {
                command.instrumentId(instrument);
            }
        }
    }

    /** Drops what a person found to be false, or booked already. */
    @Command(
            name = "drop",
            description = {
                "Drop outstanding facts of a running engine: nothing is booked, and the facts are settled.",
                "The command, its sender and its reason are journaled. Exit 0: dropped; 2: no such facts, or no right to them."
            },
            footer = "  ringfence account drop 4711 --account 1 --why \"reported twice\"")
    static final class Drop extends SettlesFacts {
        @Override
        void write(FactCommandEncoder command) {
            command.verb(FactVerb.DROP);
        }
    }
}
