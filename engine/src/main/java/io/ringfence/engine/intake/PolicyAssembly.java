package io.ringfence.engine.intake;

import io.ringfence.engine.policy.Policy;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.PolicyActivateDecoder;
import io.ringfence.schemas.PolicyChangeDecoder;
import io.ringfence.schemas.PolicyPartDecoder;
import io.ringfence.schemas.PolicyPieceDecoder;
import io.ringfence.schemas.PolicySection;
import io.ringfence.schemas.PolicyStateDecoder;
import io.ringfence.schemas.PolicyStateEncoder;
import io.ringfence.schemas.PolicyUploadStateDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Tristate;

/**
 * Collects the pieces of the next policy and puts it into force when all of them match what was announced.
 *
 * <p>One policy is collected at a time, from a start or from a client: the piece that begins one drops what was collected of
 * another. Pieces of a start begin one by another epoch, pieces of a client by their upload id. A policy of which only
 * some pieces arrived blocks no later policy, not even one of a lower epoch. The policy in force never changes but by a matching
 * activation. One thread; allocates, for policies are rare.
 */
public final class PolicyAssembly {
    /** Highest epoch that there is. */
    public static final long EPOCH_MAX = 1L << 62;

    /** Bytes of each piece of a client but the last of its section, which may be shorter. */
    public static final int PIECE_LENGTH = 448;

    /** Most pieces that a client may announce for one section. The bytes that a policy may have are the narrower bound. */
    public static final int PIECES_MAX = 1 << 18;

    private static final long FIRST_EPOCH_MAX = 1L << 61; // Nanoseconds since 1970 are below it until 2043.
    private static final long EPOCH_JUMP_MAX = 1L << 56;

    /** How far above the active epoch that of a client may be, so that no client uses up the epochs that are left. */
    private static final long CLIENT_EPOCH_JUMP_MAX = 1L << 32;

    private final int bytesMax;
    private PolicyPieces active = new PolicyPieces(0);
    private PolicyPieces next = new PolicyPieces(0); // Of a start.
    private PolicyUpload upload; // Of a client; null: none. While there is one, next is empty.
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
        ReasonCode ofEpoch = checkEpoch(part.epoch());
        if (ofEpoch != ReasonCode.NONE) {
            return ofEpoch;
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
            upload = null;
        }
        return result;
    }

    /**
     * Takes one piece of a client. {@link ReasonCode#APPLIED}, or why not; then nothing has changed.
     *
     * @param principalId who sent it.
     * @param timestampNs event time; an epoch may be as high, or 2^32 above the active one.
     * @param piece       begins an upload if its upload id is its own request id.
     */
    public ReasonCode accept(int principalId, long timestampNs, PolicyPieceDecoder piece) {
        ReasonCode ofEpoch = checkEpoch(piece.epoch());
        if (ofEpoch != ReasonCode.NONE) {
            return ofEpoch;
        }
        if (active.epoch() > 0 && piece.epoch() > Math.max(active.epoch() + CLIENT_EPOCH_JUMP_MAX, timestampNs)) {
            return ReasonCode.FIELD_OUT_OF_RANGE;
        }
        long uploadId = piece.uploadId();
        PolicyUpload uploading = upload;
        if (uploadId == piece.clientRequestId()) {
            uploading = new PolicyUpload(principalId, uploadId, piece.epoch());
        } else if (!isUploading(principalId, uploadId, piece.epoch())) {
            return ReasonCode.POLICY_INCOMPLETE;
        }
        ReasonCode result = uploading.accept(piece, bytesMax);
        if (result == ReasonCode.APPLIED) {
            upload = uploading;
            next = new PolicyPieces(0);
        }
        return result;
    }

    private boolean isUploading(int principalId, long uploadId, long epoch) {
        return upload != null && upload.is(principalId, uploadId, epoch);
    }

    private ReasonCode checkEpoch(long epoch) {
        if (epoch <= active.epoch()) {
            return ReasonCode.EPOCH_NOT_NEWER;
        }
        return epoch > highestAfter(active.epoch()) ? ReasonCode.FIELD_OUT_OF_RANGE : ReasonCode.NONE;
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
        become(next, decoded);
        return ReasonCode.APPLIED;
    }

    /**
     * Activates what this client has uploaded. {@link ReasonCode#APPLIED}, or why not; then the policy in force stays. A complete upload
     * that is refused is dropped: to decode a long policy takes long, so each try must bring one.
     */
    public ReasonCode activate(int principalId, PolicyChangeDecoder command) {
        if (command.epoch() <= active.epoch()) {
            return ReasonCode.EPOCH_NOT_NEWER;
        }
        if (!isUploading(principalId, command.uploadId(), command.epoch()) || !upload.isComplete()) {
            return ReasonCode.POLICY_INCOMPLETE;
        }
        PolicyPieces uploaded = upload.pieces();
        upload = null;
        Policy decoded = uploaded.decode();
        if (decoded == null) {
            return ReasonCode.POLICY_INVALID;
        }
        if (!uploaded.match(command, decoded)) {
            return ReasonCode.POLICY_INCOMPLETE;
        }
        become(uploaded, decoded);
        return ReasonCode.APPLIED;
    }

    private void become(PolicyPieces pieces, Policy decoded) {
        policy = decoded;
        active = pieces;
        next = new PolicyPieces(0);
        upload = null;
    }

    /** How many bytes {@link #writeState} would append now. */
    public long stateLength() {
        return active.stateLength() + next.stateLength() + (upload == null ? 0 : upload.stateLength());
    }

    /** Writes the pieces of the policy in force, then of the next, then of the upload: by section, then index. */
    public void writeState(StateWriter writer, MessageHeaderEncoder header) {
        PolicyStateEncoder state = new PolicyStateEncoder();
        active.writeState(writer, header, state, Tristate.YES);
        next.writeState(writer, header, state, Tristate.NO);
        if (upload != null) {
            upload.writeState(writer, header);
        }
    }

    /** Takes the message at the reader's position, if it is one of this owner's. */
    public boolean readState(StateReader reader, MessageHeaderDecoder header) {
        if (header.templateId() == PolicyUploadStateDecoder.TEMPLATE_ID) {
            PolicyUploadStateDecoder piece =
                    new PolicyUploadStateDecoder().wrapAndApplyHeader(reader.buffer(), reader.position(), header);
            upload = PolicyUpload.restored(upload, piece, bytesMax);
            reader.advance(MessageHeaderDecoder.ENCODED_LENGTH + piece.encodedLength());
            return true;
        }
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
