package io.ringfence.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.engine.budget.BudgetListing.StandingHold;
import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.config.DecimalMicros;
import io.ringfence.gateway.replay.OwnedHolds;
import io.ringfence.gateway.replay.OwnedHolds.OwnedHold;
import io.ringfence.schemas.HoldVerb;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RefusedDecoder;
import io.ringfence.tools.ExitCode.BadInputException;
import io.ringfence.tools.journal.FactsCommand;
import io.ringfence.tools.journal.JournalPath;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What a person does about accounts: opens, tops up, caps, closes one, sees how they stand, which holds stand and which facts wait,
 * releases a hold, books or drops a fact.
 */
@Command(
        name = "account",
        subcommands = {
            ShowAccounts.class,
            ChangesAccount.Open.class,
            ChangesAccount.TopUp.class,
            ChangesAccount.Cap.class,
            ChangesAccount.Close.class,
            AccountCommand.HoldsOfAccount.class,
            AccountCommand.Release.class,
            FactsCommand.class,
            SettlesFacts.Book.class,
            SettlesFacts.Drop.class
        },
        description = {
            "See accounts, open, top up, cap or close one.",
            "See their holds, and release one whose owner is gone.",
            "See outstanding facts, and book or drop them."
        },
        footer = {"  ringfence account show", "  ringfence account top-up desk-4 500000 --why \"day limit raised\""})
final class AccountCommand extends CommandGroup {
    /** Lists the holds that stand. */
    @Command(
            name = "holds",
            description = {
                "List the holds that stand, oldest first, each with the principal that asked for it. An owner without a role"
                        + " any more is marked: its hold ends by no report of its own.",
                "The journal is read, not the engine asked: also beside a running engine, and after its end."
            },
            footer = {"  ringfence account holds --account 1", "  ringfence account holds --orphaned --json"})
    static final class HoldsOfAccount extends ToolCommand {
        private static final long SECOND_NS = 1_000_000_000L;

        @Option(names = "--dir", paramLabel = "D", description = "The journal's directory (default ./ringfence-data).")
        private Path directory = RunningEngine.DEFAULT_DIRECTORY;

        @Option(names = "--account", paramLabel = "A", description = "Those of this account only: name or id.")
        private String account;

        @Option(names = "--orphaned", description = "Only those whose principal has no role any more.")
        private boolean isOrphaned;

        @Option(names = "--limit", paramLabel = "N", description = "List at most so many (default 1000).")
        @OptionRule.Within(least = 1, most = Integer.MAX_VALUE)
        private int limit = 1_000;

        @Override
        public Integer call() {
            JournalPath.require("--dir", directory);
            Long only = account == null ? null : AskedNames.accountOf(directory, "--account", account);
            OwnedHolds found = OwnedHolds.read(directory, hold -> only == null || hold.accountId() == only);
            List<OwnedHold> listed = found.holds().stream()
                    .filter(hold -> !isOrphaned || hold.isOrphan())
                    .limit(limit)
                    .toList();
            if (isJson()) {
                out().println(Json.text(json(found.sequence(), listed)));
            } else {
                print(found.sequence(), listed);
            }
            return ExitCode.DONE;
        }

        private static ObjectNode json(long sequence, List<OwnedHold> holds) {
            ObjectNode object = Json.object().put("sequence", sequence);
            ArrayNode array = object.putArray("holds");
            for (OwnedHold owned : holds) {
                StandingHold hold = owned.hold();
                ObjectNode one = array.addObject()
                        .put("hold_id", hold.id())
                        .put("account_id", hold.accountId())
                        .put("held_micros", hold.heldMicros())
                        .put("principal_id", owned.principalId())
                        .put("orphan", owned.isOrphan());
                Json.unsigned(one, "timestamp_ns", owned.timestampNs());
                Json.textOrNull(one, "external_id", owned.externalId());
                one.put("side", side(hold)).put("instrument_id", hold.instrumentId());
                one.put("open_quantity", hold.openQuantity()).put("limit_price_micros", hold.limitPriceMicros());
                Json.orNull(one, "deadline_ns", hold.deadlineNs(), Long.MAX_VALUE);
            }
            return object;
        }

        private void print(long sequence, List<OwnedHold> holds) {
            Page page = new Page(out());
            page.line("%d holds after sequence %d", holds.size(), sequence);
            if (holds.isEmpty()) {
                return;
            }
            List<List<String>> rows = new ArrayList<>(
                    List.of(List.of("hold", "account", "held", "principal", "since", "order", "external id")));
            for (OwnedHold owned : holds) {
                StandingHold hold = owned.hold();
                rows.add(List.of(
                        Long.toString(hold.id()),
                        Long.toString(hold.accountId()),
                        DecimalMicros.text(hold.heldMicros()),
                        owned.principalId() + (owned.isOrphan() ? " (gone)" : ""),
                        Instant.ofEpochSecond(owned.timestampNs() / SECOND_NS).toString(),
                        hold.side() == 0 ? "-" : order(hold),
                        owned.externalId().isEmpty() ? "-" : owned.externalId()));
            }
            page.table(rows);
        }

        private static String order(StandingHold hold) {
            return side(hold).toLowerCase(Locale.ROOT) + ' ' + QuantityText.of(hold.openQuantity()) + " of "
                    + hold.instrumentId() + " at " + DecimalMicros.text(hold.limitPriceMicros());
        }

        private static String side(StandingHold hold) {
            return switch (hold.side()) {
                case 1 -> "BUY";
                case 2 -> "SELL";
                default -> null;
            };
        }
    }

    /** Releases one hold by the word of a person. */
    @Command(
            name = "release",
            description = {
                "End a standing hold of a running engine, and free what it keeps. For a hold whose owner is gone: make sure first"
                        + " that the order is no longer open at its venue. A fill that is reported later is booked all the same.",
                "The command, its sender and its reason are journaled. Exit 0: released; 2: no such hold, or no right to it."
            },
            footer = "  ringfence account release 4711 --why \"desk closed, venue confirmed\"")
    static final class Release extends JustifiedCommand {
        @Parameters(paramLabel = "HOLD", description = "The hold: the sequence of its decision.")
        @OptionRule.Within(least = 1, most = Long.MAX_VALUE)
        private long hold;

        @Option(
                names = "--principal",
                paramLabel = "ID",
                description = "As whom to log on: one with the role risk or operator (default 2).")
        @OptionRule.Mirrors("principals.id")
        private int principalId = 2;

        @Override
        public Integer call() {
            report(give(
                    principalId,
                    (client, why) ->
                            client.hold().holdId(hold).verb(HoldVerb.WRITE_OFF).justification(why),
                    "the hold was released"));
            return ExitCode.DONE;
        }

        private void report(Answer answer) {
            if (!answer.isApplied()) {
                throw new BadInputException(refusal(answer));
            }
            if (isJson()) {
                ObjectNode object = Json.object()
                        .put("action", answer.decision().action().name())
                        .put("reason", answer.reason().name())
                        .put("hold_id", hold);
                Json.unsigned(object, "sequence", answer.decision().sequence());
                out().println(Json.text(object));
            } else {
                new Page(out())
                        .line(
                                "released hold %d at sequence %d",
                                hold, answer.decision().sequence());
            }
        }

        private String refusal(Answer answer) {
            ReasonCode reason = answer.reason();
            if (reason == ReasonCode.NOT_ALLOWED || reason == ReasonCode.ROLE_NOT_PERMITTED) {
                return "--principal: must have the role risk or operator: " + principalId;
            }
            RefusedDecoder refused = answer.refusal();
            return "HOLD: " + reason + ": " + hold + ": " + ReasonText.of(reason)
                    + (refused == null ? "" : " (field " + refused.fieldId() + ", value " + refused.value() + ')');
        }
    }
}
