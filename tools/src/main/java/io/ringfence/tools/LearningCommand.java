package io.ringfence.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.config.AccountsFile;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.gateway.counters.CountersView;
import io.ringfence.schemas.LearningCommandEncoder;
import io.ringfence.schemas.LearningVerb;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.tools.ExitCode.BadInputException;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a person does about what a running engine learns: freezes or thaws it, names what an alarm falls back to, resets a posterior. */
@Command(
        name = "learning",
        subcommands = {
            LearningCommand.Freeze.class,
            LearningCommand.Thaw.class,
            LearningCommand.Name.class,
            LearningCommand.Reset.class
        },
        description =
                "Freeze or thaw what a running engine learns, name what an alarm falls back to, reset one posterior.",
        footer = {
            "  ringfence learning freeze --use-case support --why \"labels of this week are wrong\"",
            "  ringfence learning reset --use-case support --regime 3 --candidate small-1 --why \"new version\""
        })
final class LearningCommand extends CommandGroup {
    /** A command about one use case or all. */
    abstract static class OfUseCases extends JustifiedCommand {
        private static final String JOURNALED =
                "The command, its sender and its reason are journaled. Exit 0: done; 2: refused, and nothing changed.";

        @Mixin
        private ChangesAccount.PersonOption person;

        /** Names of the policy in force. */
        final AskedNames names() {
            AccountsFile none = null;
            return new AskedNames(
                    CompiledPolicy.read(RunningEngine.find(directory()).activePolicyFile()), none);
        }

        /** Gives the command, and prints what was done. */
        final int change(LearningVerb verb, Consumer<LearningCommandEncoder> what, String done) {
            return change(verb, what, done, null);
        }

        /** @param isRepeated was it so already? Null for what cannot be. */
        final int change(LearningVerb verb, Consumer<LearningCommandEncoder> what, String done, Boolean isRepeated) {
            Answer answer = give(
                    person.id(),
                    (client, why) -> {
                        LearningCommandEncoder command = client.learning().verb(verb);
                        what.accept(command);
                        command.justification(why);
                    },
                    "it was done");
            if (answer.reason() == ReasonCode.ACCOUNT_NOT_PERMITTED) {
                throw new BadInputException("--principal: must have the right to act on all accounts: " + person.id());
            }
            requireApplied(answer, "learning", verb.name().toLowerCase(Locale.ROOT), person.id());
            if (isJson()) {
                ObjectNode object = Json.object()
                        .put("action", answer.decision().action().name())
                        .put("reason", answer.reason().name());
                Json.unsigned(object, "sequence", answer.decision().sequence());
                if (isRepeated != null) {
                    object.put("repeated", isRepeated);
                }
                out().println(Json.text(object));
            } else {
                new Page(out())
                        .line("%s at sequence %d", done, answer.decision().sequence());
            }
            return ExitCode.DONE;
        }
    }

    /** A command about one use case, or about all where none is named. */
    abstract static class OfOneOrAll extends OfUseCases {
        private static final int ALL = -1;
        private static final long EVERY_BIT = -1;

        @Option(names = "--use-case", paramLabel = "U", description = "Name or code (default: all use cases).")
        private String useCase;

        final int change(LearningVerb verb, String done) {
            return change(verb, done, any -> null, done);
        }

        /**
         * The same for what may have been done before.
         *
         * @param isSo     tells it of the use cases in question that are frozen: all their bits, and those that are set.
         * @param repeated what is said then.
         */
        final int change(LearningVerb verb, String done, Function<Frozen, Boolean> isSo, String repeated) {
            RunningEngine.find(directory());
            int code = useCase == null ? ALL : names().useCase(useCase);
            Boolean isRepeated = isSo.apply(frozen(code == ALL ? EVERY_BIT : 1L << code));
            return change(
                    verb,
                    command -> {
                        if (code != ALL) {
                            command.useCase((short) code);
                        }
                    },
                    (code == ALL ? "all use cases" : useCase) + ": "
                            + (Boolean.TRUE.equals(isRepeated) ? repeated : done),
                    isRepeated);
        }

        /** What the engine showed some ms ago at most. A command that another person gave since then is not seen. */
        private Frozen frozen(long asked) {
            try (CountersView counters = RunningEngine.counters(directory())) {
                return new Frozen(asked, GuardrailsText.frozen(counters) & asked);
            }
        }

        /** Use cases, a bit for each code: those in question, and those of them whose learning is frozen. */
        record Frozen(long asked, long frozen) {}
    }

    /** Freezes learning. */
    @Command(
            name = "freeze",
            description = {
                "Let outcomes teach nothing from here on. They are journaled and answered as LEARNING_FROZEN. Decisions go on with what"
                        + " is believed now, and circuits with what outcomes say. Where it is frozen already, nothing changes, and the line"
                        + " says so.",
                OfUseCases.JOURNALED
            },
            footer = "  ringfence learning freeze --use-case support --why \"labels of this week are wrong\"")
    static final class Freeze extends OfOneOrAll {
        @Override
        public Integer call() {
            return change(
                    LearningVerb.FREEZE,
                    "frozen",
                    learning -> learning.frozen() == learning.asked(),
                    "was frozen already, nothing changed; recorded");
        }
    }

    /** Thaws learning. */
    @Command(
            name = "thaw",
            description = {
                "Let outcomes teach again, those of decisions from before too. Alarms begin anew, with an empty past. Where nothing was frozen,"
                        + " that is all it does, and the line says so.",
                OfUseCases.JOURNALED
            },
            footer = "  ringfence learning thaw --use-case support --why \"labels are right again\"")
    static final class Thaw extends OfOneOrAll {
        @Override
        public Integer call() {
            return change(
                    LearningVerb.THAW,
                    "learns again",
                    learning -> learning.frozen() == 0,
                    "was not frozen, only alarms begin anew; recorded");
        }
    }

    /** Names a state to fall back to. */
    @Command(
            name = "name",
            description = {
                "Name what is believed now as what an alarm falls back to. Until a state is named that is the priors. Another name"
                        + " replaces the one before.",
                OfUseCases.JOURNALED
            },
            footer = "  ringfence learning name --why \"checked against the week's audit\"")
    static final class Name extends OfOneOrAll {
        @Override
        public Integer call() {
            return change(LearningVerb.NAME, "named");
        }
    }

    /** Resets one posterior. */
    @Command(
            name = "reset",
            description = {
                "Let one posterior stand at its prior again: that of a tier, or of a candidate, in one use case and regime. What was named"
                        + " stays.",
                OfUseCases.JOURNALED
            },
            footer = "  ringfence learning reset --use-case support --regime 3 --tier top --why \"wrong labels\"")
    static final class Reset extends OfUseCases {
        @Option(names = "--use-case", paramLabel = "U", required = true, description = "Name or code.")
        private String useCase;

        @Option(
                names = "--regime",
                paramLabel = "N",
                required = true,
                description = "Regime, 0 to 7, as inspect shows it.")
        @OptionRule.Within(least = 0, most = 7)
        private int regime;

        @Option(names = "--tier", paramLabel = "T", description = "The tier's posterior: name, or number from 0.")
        private String tier;

        @Option(names = "--candidate", paramLabel = "C", description = "The candidate's posterior: name or id.")
        private String candidate;

        @Override
        public Integer call() {
            if ((tier == null) == (candidate == null)) {
                throw new BadInputException("--tier, --candidate: one of them must be given");
            }
            AskedNames names = names();
            int code = names.useCase(useCase);
            int tierNumber = tier == null ? 0 : names.tier(tier);
            long candidateId = candidate == null ? 0 : names.candidateId(candidate);
            if (candidate != null && candidateId == 0) {
                throw new BadInputException("--candidate: must be one candidate: \"" + candidate + '"');
            }
            return change(
                    LearningVerb.RESET,
                    command -> {
                        command.useCase((short) code).regime((short) regime);
                        if (tier == null) {
                            command.candidateId(candidateId);
                        } else {
                            command.tier((short) tierNumber);
                        }
                    },
                    useCase + ", regime " + regime + ", " + (tier == null ? candidate : tier)
                            + ": stands at its prior");
        }
    }
}
