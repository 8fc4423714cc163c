package io.ringfence.engine.intake;

import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.PolicyPieceDecoder;
import io.ringfence.schemas.PolicySection;
import io.ringfence.schemas.PolicyUploadStateDecoder;
import io.ringfence.schemas.PolicyUploadStateEncoder;
import io.ringfence.schemas.ReasonCode;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The policy that one client is uploading in small pieces, in any order behind the first one.
 *
 * <p>Its pieces stand in blocks as long as the pieces of a policy in force, so that nothing is copied when it comes into force. It
 * takes at most the bytes that a policy may have, and one block more for each section. One thread; allocates, for policies are rare.
 */
final class PolicyUpload {
    private static final int PIECE_LENGTH = PolicyAssembly.PIECE_LENGTH;
    private static final int PIECES_PER_BLOCK = 73; // 32,704 bytes.
    private static final int BLOCK_LENGTH = PIECES_PER_BLOCK * PIECE_LENGTH;

    /** One section: its blocks, which of its pieces have arrived, and how long the last piece is. */
    private static final class Section {
        private final int count;
        private final byte[][] blocks;
        private final BitSet arrived;
        private int lastLength;

        Section(int count) {
            this.count = count;
            this.blocks = new byte[(count + PIECES_PER_BLOCK - 1) / PIECES_PER_BLOCK][];
            this.arrived = new BitSet(count);
        }

        int length(int index) {
            return index == count - 1 ? lastLength : PIECE_LENGTH;
        }

        long bytes() {
            boolean hasLast = arrived.get(count - 1);
            return (long) PIECE_LENGTH * (arrived.cardinality() - (hasLast ? 1 : 0)) + (hasLast ? lastLength : 0);
        }
    }

    private final int principalId;
    private final long id;
    private final long epoch;
    private final Section[] sections = new Section[PolicyPieces.sectionCount()];

    /** @param id request id of the piece that began it. */
    PolicyUpload(int principalId, long id, long epoch) {
        this.principalId = principalId;
        this.id = id;
        this.epoch = epoch;
    }

    /** Is it this principal's upload of this id and epoch? */
    boolean is(int principalId, long id, long epoch) {
        return this.principalId == principalId && this.id == id && this.epoch == epoch;
    }

    /**
     * Takes a piece; one that came before is replaced. {@link ReasonCode#APPLIED}, or why not; then nothing has changed.
     *
     * @param bytesMax of all pieces.
     */
    ReasonCode accept(PolicyPieceDecoder piece, int bytesMax) {
        byte[] content = new byte[piece.contentLength()]; // Read last: it stands behind the block.
        PolicySection section = piece.section();
        long index = piece.index();
        long count = piece.count();
        piece.getContent(content, 0, content.length);
        return accept(section, index, count, content, bytesMax);
    }

    private ReasonCode accept(PolicySection section, long index, long count, byte[] content, int bytesMax) {
        int ordinal = PolicyPieces.ordinalOf(section);
        boolean isLast = index == count - 1;
        boolean isLengthRight = isLast ? content.length <= PIECE_LENGTH : content.length == PIECE_LENGTH;
        if (ordinal < 0 || index >= count || !isLengthRight) {
            return ReasonCode.FIELD_OUT_OF_RANGE; // The gateway has refused it.
        }
        Section known = sections[ordinal];
        if (known != null && known.count != count) {
            return ReasonCode.POLICY_INCOMPLETE;
        }
        if (!fits(ordinal, count, bytesMax) || bytesWith(ordinal, (int) index, content.length) > bytesMax) {
            return ReasonCode.BOUND_REACHED;
        }
        if (known == null) {
            known = new Section((int) count);
            sections[ordinal] = known;
        }
        put(known, (int) index, content);
        return ReasonCode.APPLIED;
    }

    /** Would all announced pieces be within the bound, if the last ones were empty? So a section can announce no more than it may bring. */
    private boolean fits(int ordinal, long count, int bytesMax) {
        long pieces = count - 1;
        for (int other = 0; other < sections.length; other++) {
            pieces += other == ordinal || sections[other] == null ? 0 : sections[other].count - 1;
        }
        return pieces * PIECE_LENGTH <= bytesMax;
    }

    private long bytesWith(int ordinal, int index, int length) {
        Section known = sections[ordinal];
        boolean isRepeated = known != null && known.arrived.get(index);
        long bytes = length - (isRepeated ? known.length(index) : 0);
        for (Section section : sections) {
            bytes += section == null ? 0 : section.bytes();
        }
        return bytes;
    }

    private static void put(Section section, int index, byte[] content) {
        int block = index / PIECES_PER_BLOCK;
        if (section.blocks[block] == null) {
            section.blocks[block] = new byte[BLOCK_LENGTH];
        }
        System.arraycopy(content, 0, section.blocks[block], index % PIECES_PER_BLOCK * PIECE_LENGTH, content.length);
        section.arrived.set(index);
        if (index == section.count - 1) {
            section.lastLength = content.length;
        }
    }

    /** Have all pieces of all sections arrived? */
    boolean isComplete() {
        for (Section section : sections) {
            if (section == null || section.arrived.cardinality() != section.count) {
                return false;
            }
        }
        return true;
    }

    /** The complete upload as pieces of a policy. They share its blocks, so nothing more may be accepted. */
    PolicyPieces pieces() {
        PolicyPieces pieces = new PolicyPieces(epoch);
        for (int ordinal = 0; ordinal < sections.length; ordinal++) {
            Section section = sections[ordinal];
            int last = section.blocks.length - 1;
            int piecesOfLast = section.count - last * PIECES_PER_BLOCK;
            int lastLength = (piecesOfLast - 1) * PIECE_LENGTH + section.lastLength;
            byte[][] blocks = section.blocks.clone();
            blocks[last] = Arrays.copyOf(blocks[last], lastLength);
            pieces.take(ordinal, blocks);
        }
        return pieces;
    }

    long stateLength() {
        int beside = MessageHeaderEncoder.ENCODED_LENGTH
                + PolicyUploadStateEncoder.BLOCK_LENGTH
                + PolicyUploadStateEncoder.contentHeaderLength();
        long length = 0;
        for (Section section : sections) {
            length += section == null ? 0 : (long) beside * section.arrived.cardinality() + section.bytes();
        }
        return length;
    }

    /** Writes the pieces by section, then index. */
    void writeState(StateWriter writer, MessageHeaderEncoder header) {
        PolicyUploadStateEncoder state = new PolicyUploadStateEncoder();
        for (int ordinal = 0; ordinal < sections.length; ordinal++) {
            Section section = sections[ordinal];
            for (int index = section == null ? -1 : section.arrived.nextSetBit(0);
                    index >= 0;
                    index = section.arrived.nextSetBit(index + 1)) {
                state.wrapAndApplyHeader(writer.buffer(), writer.position(), header)
                        .epoch(epoch)
                        .uploadId(id)
                        .principalId(Integer.toUnsignedLong(principalId))
                        .index(index)
                        .count(section.count)
                        .section(PolicyPieces.sectionOf(ordinal))
                        .putContent(
                                section.blocks[index / PIECES_PER_BLOCK],
                                index % PIECES_PER_BLOCK * PIECE_LENGTH,
                                section.length(index));
                writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + state.encodedLength());
            }
        }
    }

    /**
     * Takes a piece of a snapshot.
     *
     * @return this, or an upload of its own if the piece is of another one.
     * @throws IllegalArgumentException when no upload can have such a piece.
     */
    static PolicyUpload restored(PolicyUpload upload, PolicyUploadStateDecoder state, int bytesMax) {
        int principalId = (int) state.principalId();
        boolean isSame = upload != null && upload.is(principalId, state.uploadId(), state.epoch());
        PolicyUpload restored = isSame ? upload : new PolicyUpload(principalId, state.uploadId(), state.epoch());
        PolicySection section = state.section();
        long index = state.index();
        long count = state.count();
        byte[] content = new byte[state.contentLength()];
        state.getContent(content, 0, content.length);
        if (restored.accept(section, index, count, content, bytesMax) != ReasonCode.APPLIED) {
            throw new IllegalArgumentException("no upload has such a piece: index=" + index + ", count=" + count);
        }
        return restored;
    }
}
