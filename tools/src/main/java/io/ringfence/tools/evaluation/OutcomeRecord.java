package io.ringfence.tools.evaluation;

import io.ringfence.engine.digest.Sha256;
import io.ringfence.engine.kernel.KernelDecision;
import io.ringfence.engine.policy.Bps;
import io.ringfence.engine.policy.Catalog;
import io.ringfence.engine.proof.DecisionSeal;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.Strategy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The outcome of one decision. The record names the decision by digests of its policy, its input and itself, so it fits no other decision.
 *
 * <pre>
 * selection, 16 bytes at most: tag calysel1 9 | strategy u8 | acted candidate u32 | is there a propensity u8 [| propensity u16]
 * outcome: tag calyout1 9 | identity digest 32 | observed at, micros u64 | revision u32 | selection digest 32 | disposition u8
 *          | is there a cost u8 [| micros u64] | is there a latency u8 [| ms u32] | is there a success u8 [| 0 or 1 u8]
 * </pre>
 *
 * <p>All numbers are little endian. Immutable; safe from any thread.
 *
 * @param identity         names the decision.
 * @param observedAtMicros when the outcome was seen, by the reporter's clock; u64 bits.
 * @param revision         0 for the first report; a higher one replaces a lower; u32.
 * @param selection        how the acting candidate was chosen.
 * @param disposition      whether the decision was acted on.
 * @param observation      what was seen.
 */
public record OutcomeRecord(
        Identity identity,
        long observedAtMicros,
        long revision,
        SelectionMade selection,
        Disposition disposition,
        Observation observation) {
    private static final int BYTES_MAX = 128;

    /** Why a record cannot be so. */
    public enum Fault {
        /** A directed choice has a propensity, which nobody can know. */
        UNKNOWABLE_PROPENSITY,
        /** A choice by policy or draw has none. */
        MISSING_PROPENSITY,
        /** The propensity is not from 1 to 10,000. */
        PROPENSITY_OUT_OF_RANGE,
        /** The kernel's choice was followed, which is certain, and the propensity says otherwise. */
        DETERMINISTIC_PROPENSITY,
        /** It was applied, and nothing was seen. */
        EMPTY_OBSERVATION,
        /** It was abandoned, and something was seen. */
        OBSERVATION_ON_ABANDONED,
        /** It is in flight, and has succeeded or failed already. */
        COMPLETED_IN_FLIGHT,
        /** It names another policy. */
        OTHER_POLICY,
        /** It names another input. */
        OTHER_INPUT,
        /** It names another decision. */
        OTHER_DECISION,
        /** It names another sequence. */
        OTHER_SEQUENCE,
        /** The decision was a rejection, and was acted on. */
        ACTED_ON_REJECTION,
        /** The kernel's choice was followed, and another candidate acted. */
        ACTED_NOT_SELECTED,
        /** The candidate that acted is not in the catalog. */
        ACTED_NOT_IN_CATALOG
    }

    /**
     * Names a decision.
     *
     * @param policyDigest   32 bytes, as are the next two; not copied, never changed.
     * @param inputDigest    of the kernel's input.
     * @param decisionDigest of the kernel's decision.
     * @param sequence       of the request, u64 bits.
     */
    public record Identity(byte[] policyDigest, byte[] inputDigest, byte[] decisionDigest, long sequence) {
        /** SHA-256 of the four, 32 bytes. */
        public byte[] digest() {
            byte[] digest = new byte[Sha256.LENGTH];
            new DecisionSeal().identity(policyDigest, inputDigest, decisionDigest, sequence, digest, 0);
            return digest;
        }
    }

    /**
     * How the acting candidate was chosen.
     *
     * @param actedId       u32; 0 when none acted.
     * @param propensityBps probability of the choice, u16; empty when nobody can know it.
     */
    public record SelectionMade(Strategy strategy, long actedId, OptionalInt propensityBps) {
        /** SHA-256, 32 bytes. */
        public byte[] digest() {
            ByteBuffer bytes = tagged("calysel1").put((byte) strategy.value()).putInt((int) actedId);
            bytes.put(presence(propensityBps.isPresent()));
            propensityBps.ifPresent(bps -> bytes.putShort((short) bps));
            return hash(bytes);
        }

        Optional<Fault> fault() {
            if (strategy == Strategy.DIRECTED) {
                return when(propensityBps.isPresent(), Fault.UNKNOWABLE_PROPENSITY);
            }
            if (propensityBps.isEmpty()) {
                return Optional.of(Fault.MISSING_PROPENSITY);
            }
            int bps = propensityBps.getAsInt();
            if (bps < 1 || bps > Bps.ONE) {
                return Optional.of(Fault.PROPENSITY_OUT_OF_RANGE);
            }
            return when(strategy == Strategy.FOLLOW && bps != Bps.ONE, Fault.DETERMINISTIC_PROPENSITY);
        }
    }

    /**
     * What was seen.
     *
     * @param costMicros u64 bits.
     * @param latencyMs  u32.
     * @param isSuccess  null when it is not known.
     */
    public record Observation(OptionalLong costMicros, OptionalLong latencyMs, Boolean isSuccess) {
        private boolean isEmpty() {
            return costMicros.isEmpty() && latencyMs.isEmpty() && isSuccess == null;
        }
    }

    /** SHA-256 of the whole record, 32 bytes. */
    public byte[] digest() {
        ByteBuffer bytes = tagged("calyout1")
                .put(identity.digest())
                .putLong(observedAtMicros)
                .putInt((int) revision)
                .put(selection.digest())
                .put((byte) disposition.value());
        bytes.put(presence(observation.costMicros().isPresent()));
        observation.costMicros().ifPresent(bytes::putLong);
        bytes.put(presence(observation.latencyMs().isPresent()));
        observation.latencyMs().ifPresent(ms -> bytes.putInt((int) ms));
        bytes.put(presence(observation.isSuccess() != null));
        if (observation.isSuccess() != null) {
            bytes.put(presence(observation.isSuccess()));
        }
        return hash(bytes);
    }

    /** The first fault of the record by itself; empty: it can be so. */
    public Optional<Fault> fault() {
        return selection.fault().or(this::observationFault);
    }

    private Optional<Fault> observationFault() {
        return switch (disposition) {
            case APPLIED -> when(observation.isEmpty(), Fault.EMPTY_OBSERVATION);
            case ABANDONED -> when(!observation.isEmpty(), Fault.OBSERVATION_ON_ABANDONED);
            case IN_FLIGHT -> when(observation.isSuccess() != null, Fault.COMPLETED_IN_FLIGHT);
            case NULL_VAL, SBE_UNKNOWN ->
                throw new IllegalArgumentException("disposition must be known: disposition=" + disposition);
        };
    }

    /**
     * The first fault of the record by itself, then as an outcome of this decision; empty: it can be so.
     *
     * @param of names the decision.
     */
    public Optional<Fault> faultAgainst(Catalog catalog, Identity of, KernelDecision decision) {
        return fault().or(() -> identityFault(of)).or(() -> actFault(catalog, decision));
    }

    private Optional<Fault> identityFault(Identity of) {
        if (!Arrays.equals(identity.policyDigest, of.policyDigest)) {
            return Optional.of(Fault.OTHER_POLICY);
        }
        if (!Arrays.equals(identity.inputDigest, of.inputDigest)) {
            return Optional.of(Fault.OTHER_INPUT);
        }
        if (!Arrays.equals(identity.decisionDigest, of.decisionDigest)) {
            return Optional.of(Fault.OTHER_DECISION);
        }
        return when(identity.sequence != of.sequence, Fault.OTHER_SEQUENCE);
    }

    private Optional<Fault> actFault(Catalog catalog, KernelDecision decision) {
        if (!decision.isSelected() && disposition != Disposition.ABANDONED) {
            return Optional.of(Fault.ACTED_ON_REJECTION);
        }
        if (selection.strategy() == Strategy.FOLLOW && selection.actedId() != decision.selectedId()) {
            return Optional.of(Fault.ACTED_NOT_SELECTED);
        }
        boolean isKnown = !decision.isSelected() || catalog.indexOf(selection.actedId()) != Catalog.NO_INDEX;
        return when(!isKnown, Fault.ACTED_NOT_IN_CATALOG);
    }

    private static Optional<Fault> when(boolean isSo, Fault fault) {
        return isSo ? Optional.of(fault) : Optional.empty();
    }

    private static byte presence(boolean isPresent) {
        return (byte) (isPresent ? 1 : 0);
    }

    private static ByteBuffer tagged(String tag) {
        return ByteBuffer.allocate(BYTES_MAX)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(tag.getBytes(StandardCharsets.US_ASCII))
                .put((byte) 0);
    }

    private static byte[] hash(ByteBuffer bytes) {
        return Sha256.of(bytes.array(), bytes.position());
    }
}
