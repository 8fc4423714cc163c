package io.ringfence.tools.journal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.engine.bandit.Lesson;
import io.ringfence.engine.bandit.RetryCharge;
import io.ringfence.engine.bandit.TierBandit.TierChoice;
import io.ringfence.engine.budget.BudgetResult;
import io.ringfence.engine.command.Command;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.command.Stamp;
import io.ringfence.engine.control.ControlCode;
import io.ringfence.engine.control.ControlFailure;
import io.ringfence.engine.kernel.Kernel;
import io.ringfence.engine.kernel.KernelDecision;
import io.ringfence.engine.kernel.KernelDecision.Gate;
import io.ringfence.engine.kernel.KernelInput;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.ParentCharge;
import io.ringfence.engine.pipeline.StandingOutcome;
import io.ringfence.engine.pipeline.Verdict.DecisionFacts;
import io.ringfence.engine.policy.Catalog;
import io.ringfence.engine.selection.Explored;
import io.ringfence.engine.selection.Selection;
import io.ringfence.gateway.config.Names.NameKind;
import io.ringfence.gateway.replay.PolicyHistory;
import io.ringfence.gateway.replay.RecordedDecision;
import io.ringfence.schemas.OutcomeFactsDecoder;
import io.ringfence.schemas.OutcomeLessonDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Tristate;
import io.ringfence.tools.FailedControl;
import io.ringfence.tools.Json;
import io.ringfence.tools.evaluation.Propensities;
import java.math.BigInteger;

/** Writes the results of the stages as JSON. Not thread safe. */
final class DecisionJson {
    private static final int DRAW_BITS = 16;
    private static final Gate[] GATES = Gate.values();

    /** Puts the results of each stage that took part. */
    void put(DecisionEvent event, PolicyHistory names, ObjectNode object) {
        if (event.isDuplicate()) {
            Json.unsigned(object, "duplicate_of", event.originalSequence());
        }
        putFacts(event.command(), names, object);
        putLesson(event, object);
        putFloor(event, names, object);
        putKernel(event, names, object);
        putSelection(event, names, object);
        putBudget(event, names, object);
    }

    /** Lessons in 1/256 of an outcome, -256 to 256; null for an outcome that taught nothing. */
    private static void putLesson(DecisionEvent event, ObjectNode object) {
        if (event.type() == CommandType.OUTCOME && event.command().hasLesson()) {
            OutcomeLessonDecoder earlier = event.command().lesson();
            ObjectNode node = object.putObject("earlier_outcome");
            Json.unsigned(node, "sequence", earlier.sequence());
            node.put("revision", earlier.revision());
            putLesson(node, Lesson.recorded(earlier.lesson()));
        }
        if (StandingOutcome.is(event)) {
            putLesson(object, event.learnt().lesson());
            putRetries(object, event.learnt().charge());
        }
        if (event.type() == CommandType.OUTCOME && event.command().hasParent()) {
            putParent(event, object.putObject("retried_decision"));
        }
    }

    /** The decision that an outcome of a retry charges: what it taught before, and teaches from here on. */
    private static void putParent(DecisionEvent event, ObjectNode node) {
        Stamp parent = event.command().ofParent();
        ParentCharge charged = event.learnt().ofParent();
        Json.unsigned(node, "decision_sequence", parent.facts().sequence());
        node.put("is_charged_anew", charged.isChanged());
        if (parent.hasLesson()) {
            ObjectNode earlier = node.putObject("earlier_outcome");
            Json.unsigned(earlier, "sequence", parent.lesson().sequence());
            putLesson(earlier, Lesson.recorded(parent.lesson().lesson()));
        }
        if (charged.isChanged()) {
            putLesson(node, charged.lesson());
            putRetries(node, charged.charge());
        }
    }

    private static void putRetries(ObjectNode node, RetryCharge charge) {
        if (!charge.isNone()) {
            node.putObject("retries")
                    .put("count", charge.retries())
                    .put("cost_micros", charge.costMicros())
                    .put("latency_ms", charge.latencyMs());
        }
    }

    private static void putLesson(ObjectNode node, int lesson) {
        node.put("lesson", lesson == Lesson.NOTHING ? null : (Integer) lesson);
    }

    private static void putFacts(Command command, PolicyHistory names, ObjectNode object) {
        if (!command.hasFacts()) {
            return;
        }
        OutcomeFactsDecoder facts = command.facts();
        byte[] entryHash = new byte[OutcomeFactsDecoder.entryHashLength()];
        facts.getEntryHash(entryHash, 0, entryHash.length);
        ObjectNode node = object.putObject("facts");
        Json.unsigned(node, "decision_sequence", facts.sequence());
        Json.unsigned(node, "account_id", facts.accountId());
        long acted = facts.actedCandidateId();
        node.put("account", names.account(facts.accountId()))
                .put("acted_candidate", acted == 0 ? null : names.name(NameKind.CANDIDATE, acted))
                .put("use_case", names.name(NameKind.USE_CASE, facts.useCase()));
        Json.orNull(node, "regime", facts.regime(), DecisionFacts.NONE);
        node.put("tier", facts.tier() == DecisionFacts.NONE ? null : names.name(NameKind.TIER, facts.tier()))
                .put(
                        "provider",
                        facts.providerId() == DecisionFacts.NONE
                                ? null
                                : names.name(NameKind.PROVIDER, facts.providerId()))
                .put("admitted", facts.isAdmitted() == Tristate.YES);
        Json.hex(node, "entry_hash", entryHash);
    }

    private static void putFloor(DecisionEvent event, PolicyHistory names, ObjectNode object) {
        if (event.isDecided()) {
            object.put("regime", event.regime())
                    .put("severity", event.severity())
                    .put("floor_step_bps", event.floorStepBps());
        }
        if (!event.isDecided()) {
            return;
        }
        TierChoice choice = event.choice();
        object.put("floor_bps", event.input().minimumQualityBps())
                .put("floor_source", event.floorSource().name())
                .put("tier", choice.tier() == TierChoice.NO_TIER ? null : names.name(NameKind.TIER, choice.tier()));
        ArrayNode draws = object.putArray("tier_draws");
        for (int tier = 0; tier < choice.tierCount(); tier++) {
            ObjectNode draw = draws.addObject()
                    .put("tier", names.name(NameKind.TIER, tier))
                    .put("successes_256th", choice.successes(tier))
                    .put("failures_256th", choice.failures(tier));
            if (tier < choice.sampledCount()) {
                draw.put("draw_65536th", choice.draw(tier));
            } else {
                draw.putNull("draw_65536th"); // Sampling stopped before this tier.
            }
        }
        putInput(event.input(), object.putObject("effective"));
        putWithheld(event, names, object);
        Json.unsigned(object, "policy_epoch", event.policy().epoch());
    }

    /** The providers that the request allows and whose circuit kept it from them. */
    private static void putWithheld(DecisionEvent event, PolicyHistory names, ObjectNode object) {
        long withheld = event.request().allowedProviderMask() & ~event.input().allowedProviderMask();
        ArrayNode providers = withheld == 0 ? null : object.putArray("withheld_providers");
        for (long left = withheld; left != 0; left &= left - 1) {
            providers.add(names.name(NameKind.PROVIDER, Long.numberOfTrailingZeros(left)));
        }
    }

    private static void putInput(KernelInput input, ObjectNode node) {
        node.put("input_units", input.inputUnits())
                .put("output_units", input.outputUnits())
                .put("business_value_micros", input.businessValueMicros());
        Json.unsignedOrOpen(node, "cost_limit_micros", input.costLimitMicros());
        node.put("risk_bps", input.riskBps())
                .put("confidence_bps", input.confidenceBps())
                .put("max_p95_latency_ms", input.maxP95LatencyMs());
        Json.unsigned(node, "required_capabilities", input.requiredCapabilities());
        Json.unsignedOrOpen(node, "allowed_provider_mask", input.allowedProviderMask());
        Json.unsigned(node, "required_region_mask", input.requiredRegionMask());
    }

    private void putKernel(DecisionEvent event, PolicyHistory names, ObjectNode object) {
        if (!event.isDecided()) {
            return;
        }
        KernelDecision decision = event.decision();
        ObjectNode node = object.putObject("kernel")
                .put("action", decision.action().name())
                .put("reason", decision.reason().name())
                .put("selected_id", decision.selectedId())
                .put("selected", candidate(names, decision.selectedId()))
                .put("utility_micros", decision.utilityMicros());
        Json.unsigned(node, "cost_micros", decision.costMicros());
        node.put("runner_up_id", decision.counterfactualId())
                .put("runner_up", candidate(names, decision.counterfactualId()))
                .put("runner_up_utility_micros", decision.counterfactualUtilityMicros())
                .put("evaluated", decision.evaluatedCount())
                .put("eligible", decision.eligibleCount())
                .put("requested", requested(event));
        ObjectNode stopped = node.putObject("stopped");
        for (Gate gate : GATES) {
            if (decision.gateCount(gate) > 0) {
                stopped.put(gate.reason().name(), decision.gateCount(gate));
            }
        }
        Json.hex(object, "input_digest", event.inputDigest());
        Json.hex(object, "decision_digest", event.decisionDigest());
    }

    /** How the requested candidate fared by itself: ELIGIBLE, the reason of the gate it stopped at, or UNKNOWN; null for any. */
    private String requested(DecisionEvent event) {
        KernelInput input = event.input();
        Catalog catalog = event.policy().catalog();
        int index = catalog.indexOf(input.requestedCandidateId());
        if (input.requestedCandidateId() == 0) {
            return null;
        }
        if (index == Catalog.NO_INDEX) {
            return "UNKNOWN";
        }
        int stoppedAt = Kernel.gateOf(catalog, index, input);
        return stoppedAt == 0 ? "ELIGIBLE" : ReasonCode.get(stoppedAt).name();
    }

    private static void putSelection(DecisionEvent event, PolicyHistory names, ObjectNode object) {
        if (event.isDecided()) {
            Selection selection = event.selection();
            ObjectNode node = object.putObject("selection")
                    .put("candidate", candidate(names, selection.actedCandidateId()))
                    .put("strategy", selection.strategy().name());
            Json.orNull(node, "propensity_bps", selection.propensityBps(), Selection.NO_PROPENSITY);
            Json.unsigned(node, "cost_micros", selection.costMicros());
            if (selection.hasNear()) {
                putExplored(selection.explored(), names, object.putObject("exploration"));
            }
        }
        if (event.verdict().isAdmitted()) {
            long acted = event.verdict().actedCandidateId();
            object.put("acted_candidate_id", acted).put("acted_candidate", candidate(names, acted));
        }
    }

    /** What kept the kernel's choice, or what was drawn: by the key, or of each candidate in play from its posterior. */
    private static void putExplored(Explored explored, PolicyHistory names, ObjectNode node) {
        node.put("guard", explored.guard().name())
                .put("near", explored.windowSize() - 1)
                .put("explored", explored.isExplored());
        if (explored.isDrawn()) {
            Json.unsigned(node, "draw", explored.draw());
            Json.unsigned(node, "pick", explored.pick());
            node.put("probability", explored.numerator() + "/" + explored.denominator());
        }
        if (explored.inPlayCount() > 0) {
            ArrayNode draws = node.putArray("candidate_draws");
            for (int place = 0; place < explored.inPlayCount(); place++) {
                draws.addObject()
                        .put("candidate", candidate(names, explored.candidateId(place)))
                        .put("successes_256th", explored.successes(place))
                        .put("failures_256th", explored.failures(place))
                        .put("draw_65536th", explored.draw(place))
                        .put("worth_by_draw_micros", worthByDraw(explored, place));
            }
        }
    }

    /** Puts with which probability the posteriors gave the floor, and with which the acting candidate was chosen given the floor. */
    static void putPropensities(RecordedDecision decision, ObjectNode object) {
        if (!decision.event().isDecided() || decision.difference() != null) {
            return;
        }
        Propensities propensities = Propensities.of(decision.event());
        ObjectNode node = object.putObject("propensities").put("floor_given_posteriors", propensities.floor());
        if (propensities.selection().isPresent()) {
            node.put("selection_given_floor", propensities.selection().getAsDouble());
        } else {
            node.putNull("selection_given_floor"); // The client directed.
        }
    }

    /** The utility with the draw in place of the catalog's quality, rounded down: what the candidates in play are ranked by. */
    private static BigInteger worthByDraw(Explored explored, int place) {
        return BigInteger.valueOf(explored.stakeMicros())
                .multiply(BigInteger.valueOf(explored.draw(place)))
                .shiftRight(DRAW_BITS)
                .subtract(BigInteger.valueOf(explored.burdenMicros(place)));
    }

    /** The controls that ran, by their reasons, in the order in which they are checked. */
    private static void putControls(long bits, ObjectNode object) {
        if (bits != 0) {
            ArrayNode ran = object.putArray("controls");
            for (ControlCode control : ControlCode.values()) {
                if ((bits & control.bit()) != 0) {
                    ran.add(control.reason().name());
                }
            }
        }
    }

    private static void putBudget(DecisionEvent event, PolicyHistory names, ObjectNode object) {
        if (!event.isBooked()) {
            return;
        }
        BudgetResult result = event.budget();
        object.put("held_micros", result.heldMicros())
                .put("remaining_micros", result.balance().availableMicros());
        if (event.isDuplicate()) {
            object.put("hold_stands", result.isHoldStanding());
        }
        putControls(result.controls(), object);
        if (result.isControlFailed()) {
            ControlFailure failure = result.failure();
            new FailedControl(
                            result.reason(),
                            failure.limit(),
                            failure.observed(),
                            failure.asked(),
                            failure.headroom(),
                            names.account(failure.accountId()))
                    .putInto(object.putObject("failed_control"));
        }
    }

    private static String candidate(PolicyHistory names, long candidateId) {
        return candidateId == 0 ? null : names.name(NameKind.CANDIDATE, candidateId);
    }
}
