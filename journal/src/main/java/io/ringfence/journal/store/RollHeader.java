package io.ringfence.journal.store;

import io.ringfence.journal.chain.HashChain;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.RollHeaderDecoder;
import io.ringfence.schemas.RollHeaderEncoder;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The first document of a roll file behind the store's own pages: says where the file stands in the journal.
 *
 * <p>A checksum covers its bytes, so a changed byte is found in the file alone. That it is the header that belongs here is
 * found by the chain: the first record's entry hash commits to {@link #copyPreviousHash the hash before it}, and a reader that
 * comes from the file before compares all of it. Not thread safe.
 */
public final class RollHeader {
    /** Version of the roll files that this build writes and reads. Version 1 had no header. */
    public static final int FORMAT_VERSION = 2;

    /** Position of its length word, the same in every file: the store's own header and index pages end here. */
    static final int POSITION = 16_656;

    /** Length in bytes. */
    static final int LENGTH = MessageHeaderEncoder.ENCODED_LENGTH + RollHeaderEncoder.BLOCK_LENGTH;

    private static final int BLOCK_OFFSET = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int CHECKSUM_OFFSET = BLOCK_OFFSET + RollHeaderEncoder.checksumEncodingOffset();

    private final byte[] bytes = new byte[LENGTH];
    private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
    private final RollHeaderDecoder decoder = new RollHeaderDecoder();
    private final CRC32C checksum = new CRC32C();

    /** Begins as the header of no file: all its bytes are zero. */
    public RollHeader() {
        decoder.wrap(buffer, BLOCK_OFFSET, RollHeaderDecoder.BLOCK_LENGTH, RollHeaderDecoder.SCHEMA_VERSION);
    }

    /**
     * Sets all that it says.
     *
     * @param firstSequence  of the file's first record.
     * @param hashes         hold the hash that this record is chained to, 32 bytes.
     * @param offset         of the first of them.
     * @param policySequence last PolicyActivate or PolicyChange before the file; 0: none.
     */
    RollHeader set(long firstSequence, byte[] hashes, int offset, long policySequence) {
        RollHeaderEncoder encoder = new RollHeaderEncoder()
                .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .firstSequence(firstSequence)
                .putPreviousHash(hashes, offset, HashChain.HASH_LENGTH)
                .policySequence(policySequence)
                .formatVersion(FORMAT_VERSION);
        encoder.checksum(computedChecksum());
        return this;
    }

    /**
     * Copies a document and checks it.
     *
     * @return null if it is a header; else what is wrong with it, and nothing else may be asked.
     */
    String read(byte[] document, int offset, int length) {
        if (length != LENGTH) {
            return "the file does not begin with its header: length=" + length;
        }
        System.arraycopy(document, offset, bytes, 0, LENGTH);
        int blockLength = unsigned(MessageHeaderDecoder.blockLengthEncodingOffset());
        int template = unsigned(MessageHeaderDecoder.templateIdEncodingOffset());
        int schema = unsigned(MessageHeaderDecoder.schemaIdEncodingOffset());
        if (blockLength != RollHeaderDecoder.BLOCK_LENGTH
                || template != RollHeaderDecoder.TEMPLATE_ID
                || schema != RollHeaderDecoder.SCHEMA_ID) {
            return "the file does not begin with its header: block=" + blockLength + ", template=" + template
                    + ", schema=" + schema;
        }
        if (computedChecksum() != decoder.checksum()) {
            return "the checksum of the file's header does not match its bytes";
        }
        return null;
    }

    /** Version of the file that it begins. Only a header of {@link #FORMAT_VERSION} may be asked for more. */
    int formatVersion() {
        return decoder.formatVersion();
    }

    /** Sequence of the file's first record. */
    public long firstSequence() {
        return decoder.firstSequence();
    }

    /** Sequence of the last PolicyActivate or PolicyChange before the file, applied or refused; 0: none. */
    public long policySequence() {
        return decoder.policySequence();
    }

    /** Copies the hash that the file's first record is chained to, 32 bytes. */
    public void copyPreviousHash(byte[] destination, int offset) {
        decoder.getPreviousHash(destination, offset, HashChain.HASH_LENGTH);
    }

    /** All its bytes. */
    byte[] bytes() {
        return bytes;
    }

    private int unsigned(int offset) {
        return buffer.getShort(offset, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }

    private long computedChecksum() {
        checksum.reset();
        checksum.update(bytes, 0, CHECKSUM_OFFSET);
        return checksum.getValue();
    }
}
