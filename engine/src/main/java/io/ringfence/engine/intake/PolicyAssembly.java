package io.ringfence.engine.intake;

import io.ringfence.engine.policy.Policy;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.PolicyActivateDecoder;
import io.ringfence.schemas.PolicyPartDecoder;
import io.ringfence.schemas.PolicySection;
import io.ringfence.schemas.PolicyStateDecoder;
import io.ringfence.schemas.PolicyStateEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Tristate;

/**
 * Collects the pieces of the next policy and puts it into force when all of them match what was announced.
 *
 * <p>Pieces of one epoch are collected at a time: a piece of another epoch drops what was collected. A policy of which only
 * some pieces arrived blocks no later policy, not even one of a lower epoch. The policy in force never changes but by a matching activation. One thread; allocates, for policies are rare.
 */
public final class PolicyAssembly {
    /** Highest epoch that there is. */
    public static final long EPOCH_MAX = 1L << 62;

    private static final long FIRST_EPOCH_MAX = 1L << 61; // Nanoseconds since 1970 are below it until 2043.
    private static final long EPOCH_JUMP_MAX = 1L << 56;

    private final int bytesMax;
    private PolicyPieces active = new PolicyPieces(0);
    private PolicyPieces next = new PolicyPieces(0);
    private Policy policy;

    /** Highest epoch that may follow, so that no policy uses up the epochs that are left; {@code epoch} is 0 before the first. */
    public static long highestAfter(long epoch) {
        return epoch == 0 ? FIRST_EPOCH_MAX : Math.min(EPOCH_MAX, epoch + EPOCH_JUMP_MAX);
    }

    /** @param bytesMax of all pieces of one policy. */
    public PolicyAssembly(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** The policy in force; null before the first activation. */
    public Policy policy() {
        return policy;
    }

    /** Bytes of a section of the policy in force; empty before the first activation. */
    public byte[] section(PolicySection section) {
        return policy == null ? new byte[0] : active.bytesOf(section);
    }

    /**
     * Takes one piece. {@link ReasonCode#APPLIED}, or why not; then nothing has changed.
     *
     * <p>Of the same epoch, a piece that counts its section's pieces anew drops the section's earlier ones: a policy may have
     * been sent in part, and edited before it came again.
     */
    public ReasonCode accept(PolicyPartDecoder part) {
        if (part.epoch() <= active.epoch()) {
            return ReasonCode.EPOCH_NOT_NEWER;
        }
        if (part.epoch() > highestAfter(active.epoch())) {
            return ReasonCode.FIELD_OUT_OF_RANGE;
        }
        PolicyPieces pieces = part.epoch() == next.epoch() ? next : new PolicyPieces(part.epoch());
        int index = part.index();
        int count = part.count();
        PolicySection section = part.section();
        byte[] content = new byte[part.contentLength()];
        part.getContent(content, 0, content.length);
        if (pieces.bytesWith(section, index, count, content.length) > bytesMax) {
            return ReasonCode.BOUND_REACHED;
        }
        ReasonCode result = pieces.accept(section, index, count, content);
        if (result == ReasonCode.APPLIED) {
            next = pieces; // A refused piece must change nothing: an epoch without a piece is in no snapshot.
        }
        return result;
    }

    /** Activates the collected epoch. {@link ReasonCode#APPLIED}, or why not; then the policy in force stays. */
    public ReasonCode activate(PolicyActivateDecoder command) {
        if (command.epoch() <= active.epoch()) {
            return ReasonCode.EPOCH_NOT_NEWER;
        }
        if (command.epoch() != next.epoch() || !next.isComplete()) {
            return ReasonCode.POLICY_INCOMPLETE;
        }
        Policy decoded = next.decode();
        if (decoded == null) {
            return ReasonCode.POLICY_INVALID;
        }
        if (!next.match(command, decoded)) {
            return ReasonCode.POLICY_INCOMPLETE;
        }
        policy = decoded;
        active = next;
        next = new PolicyPieces(0);
        return ReasonCode.APPLIED;
    }

    /** How many bytes {@link #writeState} would append now. */
    public long stateLength() {
        return active.stateLength() + next.stateLength();
    }

    /** Writes the pieces of the policy in force, then of the next: by section, then index. */
    public void writeState(StateWriter writer, MessageHeaderEncoder header) {
        PolicyStateEncoder state = new PolicyStateEncoder();
        active.writeState(writer, header, state, Tristate.YES);
        next.writeState(writer, header, state, Tristate.NO);
    }

    /** Takes the message at the reader's position, if it is one of this owner's. */
    public boolean readState(StateReader reader, MessageHeaderDecoder header) {
        if (header.templateId() != PolicyStateDecoder.TEMPLATE_ID) {
            return false;
        }
        PolicyStateDecoder state =
                new PolicyStateDecoder().wrapAndApplyHeader(reader.buffer(), reader.position(), header);
        long epoch = state.epoch();
        PolicySection section = state.section();
        boolean isActive = state.isActive() == Tristate.YES;
        int index = state.index();
        int count = state.count();
        byte[] content = new byte[state.contentLength()];
        state.getContent(content, 0, content.length);
        if (isActive && active.epoch() != epoch) {
            active = new PolicyPieces(epoch);
        } else if (!isActive && next.epoch() != epoch) {
            next = new PolicyPieces(epoch);
        }
        (isActive ? active : next).accept(section, index, count, content);
        reader.advance(MessageHeaderDecoder.ENCODED_LENGTH + state.encodedLength());
        return true;
    }

    /** Puts the restored active pieces into force. To be called once all messages are read. */
    public void restored() {
        policy = active.epoch() == 0 ? null : active.decode();
    }
}
