package io.ringfence.engine.intake;

import io.ringfence.engine.digest.Sha256;
import io.ringfence.engine.policy.Policy;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.PolicyActivateDecoder;
import io.ringfence.schemas.PolicyChangeDecoder;
import io.ringfence.schemas.PolicySection;
import io.ringfence.schemas.PolicyStateEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Tristate;
import java.util.Arrays;

/** The pieces of one epoch's policy, by section. */
final class PolicyPieces {
    /** Most pieces of one section: so many of 32,704 bytes are the 64 MiB that a policy may have by the settings. */
    private static final int MAX_PIECES = 2_053;

    private static final int MAX_PIECE_LENGTH = 32 * 1024;
    private static final PolicySection[] SECTIONS = {
        PolicySection.CATALOG, PolicySection.ADAPTIVE, PolicySection.NAMES, PolicySection.SOURCE
    };

    private final long epoch;
    private final byte[][][] pieces = new byte[SECTIONS.length][][];

    PolicyPieces(long epoch) {
        this.epoch = epoch;
    }

    long epoch() {
        return epoch;
    }

    /** Takes a piece; one that gives another count begins its section anew. Refused, it changes nothing. */
    ReasonCode accept(PolicySection section, int index, int count, byte[] content) {
        int ordinal = ordinalOf(section);
        if (ordinal < 0 || count < 1 || count > MAX_PIECES || index >= count || content.length > MAX_PIECE_LENGTH) {
            return ReasonCode.FIELD_OUT_OF_RANGE;
        }
        if (pieces[ordinal] == null || pieces[ordinal].length != count) {
            pieces[ordinal] = new byte[count][];
        }
        pieces[ordinal][index] = content;
        return ReasonCode.APPLIED;
    }

    /** Takes all pieces of a section, as they are. */
    void take(int ordinal, byte[][] all) {
        pieces[ordinal] = all;
    }

    /** How many bytes the pieces would have with one more, taken as {@link #accept} takes it. */
    long bytesWith(PolicySection section, int index, int count, int length) {
        int ordinal = ordinalOf(section);
        long bytes = length;
        for (int other = 0; other < pieces.length; other++) {
            boolean isKept = pieces[other] != null && (other != ordinal || pieces[other].length == count);
            for (int i = 0; isKept && i < pieces[other].length; i++) {
                boolean isReplaced = other == ordinal && i == index;
                bytes += pieces[other][i] == null || isReplaced ? 0 : pieces[other][i].length;
            }
        }
        return bytes;
    }

    /** Are all pieces here? */
    boolean isComplete() {
        for (byte[][] section : pieces) {
            if (section == null || Arrays.asList(section).contains(null)) {
                return false;
            }
        }
        return true;
    }

    /** Do the complete pieces have the digests that were announced? The catalog's is its policy's. */
    boolean match(PolicyActivateDecoder announced, Policy policy) {
        byte[] digest = new byte[Sha256.LENGTH];
        announced.getPolicyDigest(digest, 0, digest.length);
        boolean isCatalog = Arrays.equals(digest, policy.digest());
        announced.getAdaptiveDigest(digest, 0, digest.length);
        boolean isAdaptive = has(PolicySection.ADAPTIVE, digest);
        announced.getNamesDigest(digest, 0, digest.length);
        return isCatalog && isAdaptive && has(PolicySection.NAMES, digest);
    }

    /** The same for what a client announces, which vouches for the source too. */
    boolean match(PolicyChangeDecoder announced, Policy policy) {
        byte[] digest = new byte[Sha256.LENGTH];
        announced.getPolicyDigest(digest, 0, digest.length);
        boolean isCatalog = Arrays.equals(digest, policy.digest());
        announced.getAdaptiveDigest(digest, 0, digest.length);
        boolean isAdaptive = has(PolicySection.ADAPTIVE, digest);
        announced.getNamesDigest(digest, 0, digest.length);
        boolean isNames = has(PolicySection.NAMES, digest);
        announced.getSourceDigest(digest, 0, digest.length);
        return isCatalog && isAdaptive && isNames && has(PolicySection.SOURCE, digest);
    }

    private boolean has(PolicySection section, byte[] digest) {
        return Arrays.equals(digest, Sha256.of(bytesOf(section)));
    }

    /** The policy that the complete pieces spell, or null if they spell none of this epoch. */
    Policy decode() {
        return Policy.decode(epoch, bytesOf(PolicySection.CATALOG), bytesOf(PolicySection.ADAPTIVE));
    }

    long stateLength() {
        int beside = MessageHeaderEncoder.ENCODED_LENGTH
                + PolicyStateEncoder.BLOCK_LENGTH
                + PolicyStateEncoder.contentHeaderLength();
        long length = 0;
        for (byte[][] section : pieces) {
            for (int index = 0; section != null && index < section.length; index++) {
                length += section[index] == null ? 0 : beside + section[index].length;
            }
        }
        return length;
    }

    void writeState(StateWriter writer, MessageHeaderEncoder header, PolicyStateEncoder state, Tristate isActive) {
        for (int ordinal = 0; ordinal < SECTIONS.length; ordinal++) {
            int count = pieces[ordinal] == null ? 0 : pieces[ordinal].length;
            for (int index = 0; index < count; index++) {
                byte[] content = pieces[ordinal][index];
                if (content != null) {
                    state.wrapAndApplyHeader(writer.buffer(), writer.position(), header)
                            .epoch(epoch)
                            .section(SECTIONS[ordinal])
                            .isActive(isActive)
                            .index(index)
                            .count(count)
                            .putContent(content, 0, content.length);
                    writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + state.encodedLength());
                }
            }
        }
    }

    /** The bytes of a section whose pieces are all here. */
    byte[] bytesOf(PolicySection section) {
        byte[][] all = pieces[ordinalOf(section)];
        int length = 0;
        for (byte[] piece : all) {
            length += piece.length;
        }
        byte[] bytes = new byte[length];
        int position = 0;
        for (byte[] piece : all) {
            System.arraycopy(piece, 0, bytes, position, piece.length);
            position += piece.length;
        }
        return bytes;
    }

    static int sectionCount() {
        return SECTIONS.length;
    }

    static PolicySection sectionOf(int ordinal) {
        return SECTIONS[ordinal];
    }

    /** Place of a section in the order of a state; below 0 for no section. */
    static int ordinalOf(PolicySection section) {
        for (int ordinal = 0; ordinal < SECTIONS.length; ordinal++) {
            if (SECTIONS[ordinal] == section) {
                return ordinal;
            }
        }
        return -1;
    }
}
