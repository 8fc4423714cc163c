package io.ringfence.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.config.DecimalMicros;
import io.ringfence.gateway.config.Names.NameKind;
import io.ringfence.schemas.Action;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RefusedDecoder;
import io.ringfence.tools.ExitCode.BadInputException;
import io.ringfence.tools.ExitCode.EnvironmentException;
import java.util.HexFormat;

/**
 * Prints the answer to one question, with its reasons, for a person or a program.
 *
 * @param answer    to report; may be unknown.
 * @param names     for the numbers of the question.
 * @param candidate that was requested, or {@link AskedNames#ANY}.
 */
record AnswerReport(Answer answer, AskedNames names, String candidate) {
    private static final int DIGEST_LENGTH = 32;

    /**
     * Requires a decision that can be reported.
     *
     * @throws BadInputException    if the gateway refused the request.
     * @throws EnvironmentException if the gateway had no room or did not answer.
     */
    void requireDecision() {
        if (answer.decision() != null) {
            return;
        }
        RefusedDecoder refused = answer.refusal();
        if (refused == null) {
            throw new EnvironmentException("no answer in time: it is not known whether the request was decided");
        }
        String line = "refused: " + refused.reason() + ": " + ReasonText.of(refused.reason());
        if (ReasonText.isOfEnvironment(refused.reason())) {
            throw new EnvironmentException(line);
        }
        throw new BadInputException(line + " (field " + refused.fieldId() + ", value " + refused.value() + ')');
    }

    ObjectNode json() {
        AdmissionDecisionDecoder decision = answer.decision();
        ObjectNode object = Json.object()
                .put("action", action().name())
                .put("reason", decision.reason().name())
                .put("explanation", why())
                .put("requested_candidate", candidate)
                .put("acted_candidate_id", decision.actedCandidateId())
                .put("acted_candidate", name(decision.actedCandidateId()))
                .put("runner_up_id", decision.counterfactualCandidateId())
                .put("runner_up", name(decision.counterfactualCandidateId()))
                .put("runner_up_utility_micros", decision.counterfactualUtilityMicros())
                .put("kernel_action", decision.kernelAction().name())
                .put("kernel_reason", decision.kernelReason().name())
                .put("utility_micros", decision.utilityMicros())
                .put("acted_utility_micros", actedUtilityMicros());
        Json.unsigned(object, "cost_micros", decision.costMicros());
        object.put("held_micros", decision.heldMicros()).put("remaining_micros", decision.remainingMicros());
        Json.unsigned(object, "sequence", decision.sequence());
        Json.unsigned(object, "timestamp_ns", decision.timestampNs());
        Json.unsignedOrNull(object, "hold_id", decision.holdId(), AdmissionDecisionDecoder.holdIdNullValue());
        Json.orNull(object, "floor_bps", decision.floorBps(), AdmissionDecisionDecoder.floorBpsNullValue());
        object.put("floor_source", hasFloor() ? decision.floorSource().name() : null);
        object.put("regime", isNull(decision.regime()) ? null : (int) decision.regime());
        object.put("tier", tier());
        object.put("durability", decision.durability().name());
        if (hasFailedControl()) {
            failedControl().putInto(object.putObject("control").put("id", decision.failedControlId()));
        } else {
            object.putNull("control");
        }
        return object.put("decision_digest", decisionDigest()).put("entry_hash", entryHash());
    }

    void print(Page page) {
        AdmissionDecisionDecoder decision = answer.decision();
        page.line("%s", headline());
        page.text("  why         ", "%s: %s", decision.reason(), why());
        if (hasFailedControl()) {
            page.text(
                    "  control     ",
                    "%s: %s",
                    failedControl().control(),
                    failedControl().text());
        }
        if (hasFloor()) {
            page.line("  floor       %d bps, %s", decision.floorBps(), floorSource());
        }
        if (!isNull(decision.regime())) {
            page.line("  regime      %d of 0 to 7, tier %s", decision.regime(), tier());
        }
        if (isAnotherThanTheKernels()) {
            page.text("  kernel      ", "%s", kernelWords());
        } else if (decision.counterfactualCandidateId() != 0) {
            page.line(
                    "  runner-up   %s, worth %s against %s",
                    name(decision.counterfactualCandidateId()),
                    DecimalMicros.text(decision.counterfactualUtilityMicros()),
                    DecimalMicros.text(decision.utilityMicros()));
        }
        if (action() != Action.REJECT || hasFailedControl()) {
            page.line("  cost        %s", DecimalMicros.text(decision.costMicros()));
            page.line("  held        %s", DecimalMicros.text(decision.heldMicros()));
            page.line("  remaining   %s", DecimalMicros.text(decision.remainingMicros()));
        }
        page.line("  sequence    %d", decision.sequence());
        page.line("  decision    %s", decisionDigest());
        page.line("  entry hash  %s", entryHash());
    }

    private String headline() {
        String acted = name(answer.decision().actedCandidateId());
        return switch (action()) {
            case EXECUTE -> "EXECUTE     as asked: " + acted;
            case SUBSTITUTE -> "SUBSTITUTE  " + acted + (isAny() ? ", of any" : " in place of " + candidate);
            default -> "REJECT      do not do it";
        };
    }

    private boolean isAny() {
        return candidate.equals(AskedNames.ANY);
    }

    /** The sentence of the reason; where no candidate was requested, it speaks of none. */
    private String why() {
        ReasonCode reason = answer.decision().reason();
        if (isAny() && reason == ReasonCode.BETTER_CANDIDATE) {
            return "Any candidate may act, and this one is worth most.";
        }
        if (isAny() && reason == ReasonCode.REQUESTED_NOT_ELIGIBLE) {
            return "No substitute is allowed, and no candidate was requested.";
        }
        return ReasonText.of(reason);
    }

    /** Does another candidate act than the kernel's choice? The answer has the utility of that choice, and not its id. */
    private boolean isAnotherThanTheKernels() {
        ReasonCode reason = answer.decision().reason();
        return reason == ReasonCode.EXPLORED || reason == ReasonCode.REQUESTED_DIRECTED;
    }

    private String kernelWords() {
        AdmissionDecisionDecoder decision = answer.decision();
        long runnerUp = decision.counterfactualCandidateId();
        String choice = "its choice " + (decision.kernelAction() == Action.EXECUTE ? candidate + " " : "") + "is worth "
                + DecimalMicros.text(decision.utilityMicros());
        if (runnerUp == 0) {
            return choice;
        }
        String worth = DecimalMicros.text(decision.counterfactualUtilityMicros());
        return runnerUp == decision.actedCandidateId()
                ? choice + "; " + name(runnerUp) + ", which acts, is worth " + worth
                : choice + "; its runner-up " + name(runnerUp) + " is worth " + worth;
    }

    /** Utility of who acts; null where nobody does, and where the answer does not tell it. */
    private Long actedUtilityMicros() {
        AdmissionDecisionDecoder decision = answer.decision();
        if (decision.actedCandidateId() == 0) {
            return null;
        }
        if (!isAnotherThanTheKernels()) {
            return decision.utilityMicros();
        }
        return decision.actedCandidateId() == decision.counterfactualCandidateId()
                ? decision.counterfactualUtilityMicros()
                : null;
    }

    /** EXECUTE and SUBSTITUTE by name; every other action is shown as REJECT. */
    private Action action() {
        Action action = answer.decision().action();
        return action == Action.EXECUTE || action == Action.SUBSTITUTE ? action : Action.REJECT;
    }

    private String name(long candidateId) {
        return candidateId == 0 ? null : names.names().name(NameKind.CANDIDATE, candidateId);
    }

    private String tier() {
        short tier = answer.decision().tier();
        return isNull(tier) ? null : names.names().name(NameKind.TIER, tier);
    }

    private String floorSource() {
        return switch (answer.decision().floorSource()) {
            case HARD -> "the hard floor of the use case";
            case CLIENT -> "the request's own minimum";
            case RECOMMENDED -> "recommended for this kind of request";
            default -> "of an unknown source";
        };
    }

    private boolean hasFloor() {
        return answer.decision().floorBps() != AdmissionDecisionDecoder.floorBpsNullValue();
    }

    private boolean hasFailedControl() {
        return answer.decision().failedControlId() != AdmissionDecisionDecoder.failedControlIdNullValue();
    }

    private FailedControl failedControl() {
        AdmissionDecisionDecoder decision = answer.decision();
        return new FailedControl(
                ReasonCode.get((int) decision.failedControlId()),
                decision.controlLimit(),
                decision.controlObserved(),
                decision.controlAsked(),
                decision.controlHeadroom(),
                "account " + Long.toUnsignedString(decision.controlAccountId()));
    }

    private static boolean isNull(short regimeOrTier) {
        return regimeOrTier == AdmissionDecisionDecoder.tierNullValue();
    }

    private String decisionDigest() {
        byte[] digest = new byte[DIGEST_LENGTH];
        answer.decision().getDecisionDigest(digest, 0, digest.length);
        return HexFormat.of().formatHex(digest);
    }

    private String entryHash() {
        byte[] hash = new byte[DIGEST_LENGTH];
        answer.decision().getEntryHash(hash, 0, hash.length);
        return HexFormat.of().formatHex(hash);
    }
}
