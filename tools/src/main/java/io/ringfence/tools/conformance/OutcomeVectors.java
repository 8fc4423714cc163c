package io.ringfence.tools.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringfence.engine.kernel.KernelDecision;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.Strategy;
import io.ringfence.tools.evaluation.OutcomeRecord;
import io.ringfence.tools.evaluation.OutcomeRecord.Fault;
import io.ringfence.tools.evaluation.OutcomeRecord.Identity;
import io.ringfence.tools.evaluation.OutcomeRecord.Observation;
import io.ringfence.tools.evaluation.OutcomeRecord.SelectionMade;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Checks outcome records: what is wrong with each by itself and against its decision, and the three digests. */
public final class OutcomeVectors extends KernelCases.Suite {
    private static final HexFormat HEX = HexFormat.of();

    /** @param files all that are checked together; the kernel vectors are among them, or beside the one that is checked. */
    public OutcomeVectors(List<Path> files) {
        super("outcome", files);
    }

    @Override
    void check(JsonNode vector, KernelCases.Decided of, ExpectedResults results) {
        OutcomeRecord outcome = outcome(vector);
        results.expect("validate", vector.path("validate"), name(outcome.fault(), outcome, of.decision()));
        results.expect(
                "validate_against",
                vector.path("validate_against"),
                name(outcome.faultAgainst(of.catalog(), of.identity(), of.decision()), outcome, of.decision()));
        results.expect(
                "identity_digest",
                vector.path("identity_digest"),
                HEX.formatHex(outcome.identity().digest()));
        results.expect(
                "selection_digest",
                vector.path("selection_digest"),
                HEX.formatHex(outcome.selection().digest()));
        results.expect("outcome_digest", vector.path("outcome_digest"), HEX.formatHex(outcome.digest()));
    }

    private static OutcomeRecord outcome(JsonNode vector) {
        JsonNode identity = VectorFile.row(vector, "identity", 4);
        JsonNode selection = VectorFile.row(vector, "selection", 3);
        JsonNode observation = VectorFile.row(vector, "observation", 3);
        JsonNode propensity = selection.get(2);
        return new OutcomeRecord(
                new Identity(
                        HEX.parseHex(identity.get(0).asText()),
                        HEX.parseHex(identity.get(1).asText()),
                        HEX.parseHex(identity.get(2).asText()),
                        VectorFile.u64(identity.get(3))),
                VectorFile.u64(vector.path("observed_at_micros")),
                VectorFile.u32(vector.path("revision")),
                new SelectionMade(
                        Strategy.get((short) VectorFile.u8(selection.get(0))),
                        VectorFile.u32(selection.get(1)),
                        propensity.isNull() ? OptionalInt.empty() : OptionalInt.of(VectorFile.u16(propensity))),
                Disposition.get((short) VectorFile.u8(vector.path("disposition"))),
                new Observation(
                        observation.get(0).isNull()
                                ? OptionalLong.empty()
                                : OptionalLong.of(VectorFile.u64(observation.get(0))),
                        observation.get(1).isNull()
                                ? OptionalLong.empty()
                                : OptionalLong.of(VectorFile.u32(observation.get(1))),
                        observation.get(2).isNull() ? null : observation.get(2).asBoolean()));
    }

    /** The vectors' name of a fault. */
    private static String name(Optional<Fault> fault, OutcomeRecord outcome, KernelDecision decision) {
        if (fault.isEmpty()) {
            return "Ok";
        }
        SelectionMade selection = outcome.selection();
        int propensity = selection.propensityBps().orElse(0);
        long acted = selection.actedId();
        return switch (fault.get()) {
            case UNKNOWABLE_PROPENSITY -> "UnknowablePropensity";
            case MISSING_PROPENSITY ->
                "MissingPropensity(" + (selection.strategy() == Strategy.FOLLOW ? "MaximiseUtility" : "Explore") + ")";
            case PROPENSITY_OUT_OF_RANGE -> "PropensityOutOfRange(" + propensity + ")";
            case DETERMINISTIC_PROPENSITY -> "DeterministicPropensity(" + propensity + ")";
            case EMPTY_OBSERVATION -> "EmptyObservation";
            case OBSERVATION_ON_ABANDONED -> "ObservationOnAbandoned";
            case COMPLETED_IN_FLIGHT -> "CompletedInFlight";
            case OTHER_POLICY -> "IdentityMismatch(Policy)";
            case OTHER_INPUT -> "IdentityMismatch(Input)";
            case OTHER_DECISION -> "IdentityMismatch(Decision)";
            case OTHER_SEQUENCE -> "IdentityMismatch(RequestSequence)";
            case ACTED_ON_REJECTION -> "ActedOnRejection";
            case ACTED_NOT_SELECTED ->
                "ActedModelNotSelected { acted: " + acted + ", selected: " + decision.selectedId() + " }";
            case ACTED_NOT_IN_CATALOG -> "ActedModelNotInCatalog(" + acted + ")";
        };
    }
}
