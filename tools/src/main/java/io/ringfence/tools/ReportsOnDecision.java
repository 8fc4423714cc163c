package io.ringfence.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.config.DecimalMicros;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.FollowUp;
import io.ringfence.schemas.OutcomeReportEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.SettleEncoder;
import io.ringfence.schemas.SettleKind;
import io.ringfence.schemas.Tristate;
import io.ringfence.tools.ExitCode.BadInputException;
import io.ringfence.tools.ExitCode.EnvironmentException;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that reports to a running engine on one decision: its outcome, or the cost of what it admitted. */
abstract class ReportsOnDecision extends EngineCommand {
    private static final long BPS_MAX = 10_000;

    @Parameters(paramLabel = "SEQUENCE", description = "The decision: the sequence of its answer.")
    @OptionRule.Within(least = 1, most = Long.MAX_VALUE)
    private long sequence;

    @Option(
            names = "--principal",
            paramLabel = "ID",
            description = "As whom to log on: one who may act on the decision's account (default 4, tools).")
    @OptionRule.Mirrors("principals.id")
    private int principalId = RunningEngine.TOOLS_PRINCIPAL;

    final long sequence() {
        return sequence;
    }

    final Answer send(Consumer<RingfenceClient> command, String what) {
        return send(principalId, command, what);
    }

    /** Prints the answer; refuses what the engine refused. */
    final int report(Answer answer, Set<ReasonCode> refusals) {
        ReasonCode reason = answer.reason();
        if (answer.decision() == null && reason == ReasonCode.FIELD_INVALID) {
            throw new BadInputException("SEQUENCE: must be that of a decision: " + sequence);
        }
        if (reason == ReasonCode.NOT_ALLOWED || reason == ReasonCode.ROLE_NOT_PERMITTED) {
            throw new BadInputException("--principal: must have the role trader: " + principalId);
        }
        if (reason == ReasonCode.DECISION_NOT_PERMITTED || reason == ReasonCode.HOLD_NOT_PERMITTED) {
            throw new BadInputException("--principal: must have the right to act on the account of decision " + sequence
                    + ": " + principalId);
        }
        String line = reason + ": " + ReasonText.of(reason);
        if (answer.decision() == null || refusals.contains(reason)) {
            if (ReasonText.isOfEnvironment(reason)) {
                throw new EnvironmentException(line);
            }
            throw new BadInputException("SEQUENCE: " + line.replaceAll("\\.$", "") + ": " + sequence);
        }
        AdmissionDecisionDecoder decision = answer.decision();
        if (isJson()) {
            ObjectNode object =
                    Json.object().put("action", decision.action().name()).put("reason", reason.name());
            Json.unsigned(object, "sequence", decision.sequence());
            Json.unsigned(object, "decision_sequence", sequence);
            put(decision, object);
            out().println(Json.text(object));
        } else {
            new Page(out()).text("", "recorded at sequence %d: %s", decision.sequence(), text(line, decision));
        }
        return reason == ReasonCode.FACT_OUTSTANDING ? ExitCode.CHECK_FAILED : ExitCode.DONE;
    }

    /** Adds what else the answer tells to an object. */
    void put(AdmissionDecisionDecoder decision, ObjectNode object) {
        // Nothing more, unless a command has it.
    }

    /** What is said of an answer: its reason, unless a command has more to say. */
    String text(String reason, AdmissionDecisionDecoder decision) {
        return reason;
    }

    /** Reports how it went: what the engine learns from. */
    @Command(
            name = "outcome",
            description = {
                "Tell a running engine how an admitted action went: it learns from that. Say success, a graded quality, or that it"
                        + " was not done; cost, latency and what was done after count where the use case's reward weighs them.",
                "A report may be corrected: the same with a higher --revision takes back what the earlier one taught.",
                "Exit 0: recorded, and the line says whether it took effect; 2: no such decision, no right to it, or another report of this"
                        + " revision stands; 3: the engine takes no commands now."
            },
            footer = {
                "  ringfence outcome 26 --success yes --cost 0.14",
                "  ringfence outcome 26 --quality-bps 4000 --follow-up retry --revision 1"
            })
    static final class Outcome extends ReportsOnDecision {
        private static final Set<ReasonCode> REFUSALS = EnumSet.of(
                ReasonCode.ACTED_ON_REJECTION, ReasonCode.OUTCOME_SUPERSEDED, ReasonCode.OUTCOME_CONTRADICTORY);

        /** What was done after the action, as it is said on a command line. */
        private enum AfterWord {
            RETRY,
            ESCALATION
        }

        /** An answer as it is said on a command line. */
        private enum YesNo {
            YES,
            NO
        }

        @Option(names = "--success", paramLabel = "S", description = "Did it succeed: yes or no.")
        private YesNo success;

        @Option(names = "--quality-bps", paramLabel = "N", description = "Graded quality, 0 to 10,000.")
        @OptionRule.Within(least = 0, most = BPS_MAX)
        private Integer quality;

        @Option(names = "--cost", paramLabel = "A", description = "What it did cost, in currency units.")
        private String cost;

        @Option(names = "--latency-ms", paramLabel = "N", description = "How long it took.")
        @OptionRule.Within(least = 0, most = 0xFFFF_FFFEL)
        private Long latency;

        @Option(names = "--follow-up", paramLabel = "F", description = "What was done after: retry or escalation.")
        private AfterWord followUp;

        @Option(names = "--not-done", description = "The action was not done; it teaches nothing.")
        private boolean isAbandoned;

        @Option(names = "--revision", paramLabel = "N", description = "0 (default) first, then growing.")
        @OptionRule.Within(least = 0, most = 0xFFFF_FFFEL)
        private long revision;

        @Override
        public Integer call() {
            if (isAbandoned == (success != null || quality != null)) {
                throw new BadInputException(
                        "--success, --quality-bps or --not-done: must be given: one of the first two, both, or the last alone");
            }
            Long costMicros = cost == null ? null : (Long) ChangesAccount.micros("--cost", cost, 0);
            return report(send(client -> write(client, costMicros), "the outcome was recorded"), REFUSALS);
        }

        private void write(RingfenceClient client, Long costMicros) {
            long nowMs = System.currentTimeMillis();
            client.outcome()
                    .decisionSequence(sequence())
                    .revision(revision)
                    .disposition(isAbandoned ? Disposition.ABANDONED : Disposition.APPLIED)
                    .success(success == null ? Tristate.UNKNOWN : success == YesNo.YES ? Tristate.YES : Tristate.NO)
                    .qualityBps(quality == null ? OutcomeReportEncoder.qualityBpsNullValue() : quality)
                    .realizedCostMicros(
                            costMicros == null ? OutcomeReportEncoder.realizedCostMicrosNullValue() : costMicros)
                    .realizedLatencyMs(latency == null ? OutcomeReportEncoder.realizedLatencyMsNullValue() : latency)
                    .followUp(
                            followUp == null
                                    ? FollowUp.NONE
                                    : followUp == AfterWord.RETRY ? FollowUp.RETRY : FollowUp.ESCALATION)
                    .observedAtMicros(TimeUnit.MILLISECONDS.toMicros(nowMs))
                    .clientTimestampNs(TimeUnit.MILLISECONDS.toNanos(nowMs));
        }
    }

    /** Ends what an admitted call holds. */
    @Command(
            name = "settle",
            description = {
                "Tell a running engine what an admitted call did cost: that is committed, and what is held besides is free again. An"
                        + " order's hold ends by an execution instead.",
                "A cost is a fact and never refused. Where no hold of a call stands under this sequence, because it was settled before or"
                        + " is an order's, it is kept as outstanding, and its account takes no new risk until a person has"
                        + " settled that (account book, account drop). So do not repeat what was answered.",
                "Exit 0: settled; 1: kept as outstanding; 2: no hold to release, no right to it, or an order's; 3: the engine takes no"
                        + " commands now."
            },
            footer = {"  ringfence settle 26 --cost 0.012", "  ringfence settle 26 --release"})
    static final class Settle extends ReportsOnDecision {
        @Option(names = "--cost", paramLabel = "A", description = "What it did cost, in currency units.")
        private String cost;

        @Option(names = "--part", description = "With --cost: a part of it; the rest stays held.")
        private boolean isPart;

        @Option(names = "--release", description = "It cost nothing: all that is held is free again.")
        private boolean isRelease;

        @Override
        public Integer call() {
            OptionRule.notBoth("--cost", cost, "--release", isRelease ? true : null);
            if (!isRelease && cost == null) {
                throw new BadInputException("--cost or --release: one of them must be given");
            }
            if (isRelease && isPart) {
                throw new BadInputException("--part: may stand only with --cost");
            }
            long amount = isRelease ? 0 : ChangesAccount.micros("--cost", cost, 0);
            Answer answer = send(client -> write(client, amount), "the hold was settled");
            boolean isRecorded = answer.isApplied() || answer.reason() == ReasonCode.FACT_OUTSTANDING;
            return report(answer, isRecorded ? Set.of() : Set.of(answer.reason()));
        }

        private void write(RingfenceClient client, long amountMicros) {
            client.settle()
                    .holdId(sequence())
                    .accountId(SettleEncoder.accountIdNullValue())
                    .amountMicros(amountMicros)
                    .kind(isRelease ? SettleKind.RELEASE : isPart ? SettleKind.COMMIT_PART : SettleKind.COMMIT_FINAL)
                    .clientTimestampNs(TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()));
        }

        @Override
        void put(AdmissionDecisionDecoder decision, ObjectNode object) {
            object.put("held_micros", decision.heldMicros()).put("available_micros", decision.remainingMicros());
        }

        @Override
        String text(String reason, AdmissionDecisionDecoder decision) {
            if (decision.reason() != ReasonCode.APPLIED) {
                return reason;
            }
            return "held " + DecimalMicros.text(decision.heldMicros()) + ", available "
                    + DecimalMicros.text(decision.remainingMicros());
        }
    }
}
