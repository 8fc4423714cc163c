package io.ringfence.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.config.DecimalMicros;
import io.ringfence.schemas.AccountCommandEncoder;
import io.ringfence.schemas.AccountVerb;
import io.ringfence.tools.ExitCode.BadInputException;
import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that change one account of a running engine. */
final class ChangesAccount {
    private ChangesAccount() {}

    /** Says who may give such a command, and as whom it is given. */
    static final class PersonOption {
        @Option(
                names = "--principal",
                paramLabel = "ID",
                description = "As whom to log on: one with the role risk or operator (default 2).")
        @OptionRule.Mirrors("principals.id")
        private int id = 2;

        int id() {
            return id;
        }
    }

    /** Prints what was done: as text, or the answer as JSON. */
    private static void report(ToolCommand command, Answer answer, long accountId, String text) {
        if (command.isJson()) {
            ObjectNode object = Json.object()
                    .put("action", answer.decision().action().name())
                    .put("reason", answer.reason().name())
                    .put("account_id", accountId)
                    .put("available_micros", answer.decision().remainingMicros());
            Json.unsigned(object, "sequence", answer.decision().sequence());
            command.out().println(Json.text(object));
        } else {
            new Page(command.out())
                    .text(
                            "",
                            "%s at sequence %d: available %s",
                            text,
                            answer.decision().sequence(),
                            DecimalMicros.text(answer.decision().remainingMicros()));
        }
    }

    /** An amount of the command line, in micros. */
    static long micros(String source, String text, long least) {
        try {
            long micros = DecimalMicros.parse(text);
            if (micros < least) {
                throw new BadInputException(
                        source + ": must be " + (least == 0 ? "0 or more" : "above 0") + ": \"" + text + '"');
            }
            return micros;
        } catch (NumberFormatException wrong) {
            throw new BadInputException(source + ": " + wrong.getMessage() + ": \"" + text + '"');
        }
    }

    /** Changes an account that there is, for a reason that a person gives. */
    private abstract static class Change extends JustifiedCommand {
        @Parameters(index = "0", paramLabel = "ACCOUNT", description = "Name or id of the account.")
        private String account;

        @Mixin
        private PersonOption person;

        /** The account as it was given. */
        final String account() {
            return account;
        }

        final void change(AccountVerb verb, long amountMicros, String done) {
            long accountId = AskedNames.accountOf(directory(), "ACCOUNT", account);
            Answer answer = give(
                    person.id(),
                    (client, why) -> client.account()
                            .accountId(accountId)
                            .verb(verb)
                            .amountMicros(amountMicros)
                            .name(why),
                    "the account was changed");
            requireApplied(answer, "ACCOUNT", account, person.id());
            report(this, answer, accountId, done);
        }
    }

    /** Opens an account. */
    @Command(
            name = "open",
            description = {
                "Open an account of a running engine, with its budget. Its id is for good, and so are its parent and its currency.",
                "Write it into the accounts file, too: from there other commands know its name.",
                "The command and its sender are journaled. Exit 0: opened; 2: refused."
            },
            footer = {
                "  ringfence account open 7 --name desk-7 --granted 500000",
                "  ringfence account open 71 --name algo-1 --granted 100000 --cap 20000 \\",
                "      --parent desk-7"
            })
    static final class Open extends EngineCommand {
        private static final Pattern CURRENCY = Pattern.compile("[A-Z0-9]{1,8}");

        @Parameters(paramLabel = "ID", description = "Its number, which no account had before.")
        @OptionRule.Within(least = 1, most = Long.MAX_VALUE)
        private long id;

        @Option(names = "--name", paramLabel = "TEXT", required = true, description = "Its name, as people say it.")
        private String name;

        @Option(
                names = "--granted",
                paramLabel = "AMOUNT",
                required = true,
                description = "What it may spend in all, at most 6 digits behind the point.")
        private String granted;

        @Option(
                names = "--cap",
                paramLabel = "AMOUNT",
                description = "Most that it may hold at once (default: no cap).")
        private String cap;

        @Option(names = "--parent", paramLabel = "ACCOUNT", description = "Name or id of the account above it.")
        private String parent;

        @Option(
                names = "--currency",
                paramLabel = "CODE",
                description = "Such as USD (default: the parent's, else none).")
        private String currency;

        @Mixin
        private PersonOption person;

        @Override
        public Integer call() {
            requireLine("--name", name);
            if (currency != null && !CURRENCY.matcher(currency).matches()) {
                throw new BadInputException("--currency: must be 1 to 8 of A-Z and 0-9: \"" + currency + '"');
            }
            long grantedMicros = micros("--granted", granted, 0);
            long capMicros = cap == null ? 0 : micros("--cap", cap, 1);
            Long parentId = parent == null ? null : AskedNames.accountOf(directory(), "--parent", parent);
            Answer answer = send(
                    person.id(), client -> write(client, grantedMicros, capMicros, parentId), "the account was opened");
            boolean isOfParent = parent != null
                    && switch (answer.reason()) {
                        case PARENT_UNKNOWN, TREE_TOO_DEEP, ACCOUNT_CLOSED -> true;
                        default -> false;
                    };
            requireApplied(answer, isOfParent ? "--parent" : "ID", isOfParent ? parent : id, person.id());
            report(this, answer, id, String.format(Locale.ROOT, "opened account %d (%s)", id, name));
            return ExitCode.DONE;
        }

        private void write(RingfenceClient client, long grantedMicros, long capMicros, Long parentId) {
            AccountCommandEncoder command = client.account()
                    .accountId(id)
                    .verb(AccountVerb.OPEN)
                    .amountMicros(grantedMicros)
                    .capMicros(capMicros)
                    .currency(currency == null ? "" : currency);
            if (parentId != null) {
                command.parentAccountId(parentId);
            }
            command.name(name); // Last: it stands behind the block.
        }
    }

    /** Grants more to an account. */
    @Command(
            name = "top-up",
            description = {
                "Grant more to an account of a running engine: what it may spend grows by the amount.",
                "The command, its sender and its reason are journaled. Exit 0: granted; 2: refused."
            },
            footer = "  ringfence account top-up desk-4 500000 --why \"day limit raised\"")
    static final class TopUp extends Change {
        @Parameters(
                index = "1",
                paramLabel = "AMOUNT",
                description = "How much more, at most 6 digits behind the point.")
        private String amount;

        @Override
        public Integer call() {
            change(
                    AccountVerb.TOP_UP,
                    micros("AMOUNT", amount, 1),
                    "granted " + amount + " more to account " + account());
            return ExitCode.DONE;
        }
    }

    /** Sets or lifts the cap of an account. */
    @Command(
            name = "cap",
            description = {
                "Set the most that an account of a running engine may hold at once, or lift it. What is held stays held.",
                "The command, its sender and its reason are journaled. Exit 0: set; 2: refused."
            },
            footer = {
                "  ringfence account cap desk-3 150000 --why \"busy hours\"",
                "  ringfence account cap desk-3 none --why \"busy hours are over\""
            })
    static final class Cap extends Change {
        private static final String NONE = "none";

        @Parameters(index = "1", paramLabel = "AMOUNT", description = "The most, or none to lift the cap.")
        private String amount;

        @Override
        public Integer call() {
            boolean isLifted = amount.equals(NONE);
            long micros = isLifted ? 0 : micros("AMOUNT", amount, 1);
            String done = isLifted ? "lifted the cap of account " : "set the cap to " + amount + " of account ";
            change(AccountVerb.SET_CAP, micros, done + account());
            return ExitCode.DONE;
        }
    }

    /** Closes an account. */
    @Command(
            name = "close",
            description = {
                "Close an account of a running engine, for good: it and the accounts below it take no more requests and orders."
                        + " Standing orders go on, and what is reported of them is booked.",
                "The command, its sender and its reason are journaled. Exit 0: closed; 2: refused."
            },
            footer = "  ringfence account close desk-4 --why \"desk moved to Paris\"")
    static final class Close extends Change {
        @Override
        public Integer call() {
            change(AccountVerb.CLOSE, 0, "closed account " + account());
            return ExitCode.DONE;
        }
    }
}
