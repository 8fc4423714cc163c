package io.ringfence.engine.policy;

import static org.agrona.BitUtil.SIZE_OF_BYTE;
import static org.agrona.BitUtil.SIZE_OF_INT;
import static org.agrona.BitUtil.SIZE_OF_LONG;
import static org.agrona.BitUtil.SIZE_OF_SHORT;

import io.ringfence.engine.policy.CatalogFault.Rule;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Encodes a catalog as the canonical bytes that the policy digest covers, and decodes them. Little endian, no padding.
 *
 * <pre>
 *   head 30:      policy epoch u64 | catalog epoch u64 | hard risk limit u16 | minimum confidence u16
 *                 risk penalty multiplier u16 | latency penalty u64
 *   candidate 47, ascending by id: id u32 | provider u16 | quality u16 | risk ceiling u16 | enabled u8 | p95 u32
 *                 capabilities u64 | regions u64 | input price u64 | output price u64
 * </pre>
 */
public final class CatalogCodec {
    /** Bytes before the first candidate. */
    public static final int HEAD_LENGTH = 2 * SIZE_OF_LONG + 3 * SIZE_OF_SHORT + SIZE_OF_LONG;

    /** Bytes of a candidate. */
    public static final int CANDIDATE_LENGTH =
            SIZE_OF_INT + 3 * SIZE_OF_SHORT + SIZE_OF_BYTE + SIZE_OF_INT + 4 * SIZE_OF_LONG;

    private static final long U32_MASK = 0xFFFF_FFFFL;

    private CatalogCodec() {}

    /** The canonical bytes; equal ids keep their order. */
    public static byte[] encode(Catalog catalog) {
        ByteBuffer buffer = ByteBuffer.allocate(HEAD_LENGTH + catalog.count() * CANDIDATE_LENGTH)
                .order(ByteOrder.LITTLE_ENDIAN);
        putHead(buffer, catalog.head());
        IntStream.range(0, catalog.count())
                .mapToObj(catalog::candidate)
                .sorted(Comparator.comparingLong(Candidate::id))
                .forEachOrdered(candidate -> putCandidate(buffer, candidate));
        return buffer.array();
    }

    private static void putHead(ByteBuffer buffer, Catalog.Head head) {
        buffer.putLong(head.policyEpoch())
                .putLong(head.catalogEpoch())
                .putShort((short) head.hardRiskLimitBps())
                .putShort((short) head.minimumConfidenceBps())
                .putShort((short) head.riskPenaltyMultiplierBps())
                .putLong(head.latencyPenaltyMicrosPerMs());
    }

    private static void putCandidate(ByteBuffer buffer, Candidate candidate) {
        buffer.putInt((int) candidate.id())
                .putShort((short) candidate.providerId())
                .putShort((short) candidate.qualityBps())
                .putShort((short) candidate.riskCeilingBps())
                .put((byte) candidate.enabled())
                .putInt((int) candidate.p95LatencyMs())
                .putLong(candidate.capabilities())
                .putLong(candidate.regionMask())
                .putLong(candidate.inputPriceMicrosPerM())
                .putLong(candidate.outputPriceMicrosPerM());
    }

    /**
     * Reads a trusted catalog. Bad bytes never throw.
     *
     * @param bytes  that hold the catalog.
     * @param offset of the first.
     * @param length in bytes.
     * @return the catalog, or the first rule that the bytes break.
     */
    public static Checked<Catalog, CatalogFault> decode(byte[] bytes, int offset, int length) {
        if (length < HEAD_LENGTH || (length - HEAD_LENGTH) % CANDIDATE_LENGTH != 0) {
            return Checked.refused(CatalogFault.ofWhole(Rule.LENGTH_UNEVEN, length));
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length).order(ByteOrder.LITTLE_ENDIAN);
        Catalog.Head head = head(buffer);
        List<Candidate> candidates = new ArrayList<>();
        long previousId = -1;
        while (buffer.hasRemaining()) {
            Candidate candidate = candidate(buffer);
            if (candidate.id() < previousId) {
                return Checked.refused(CatalogFault.of(Rule.NOT_ASCENDING, candidate, candidate.id()));
            }
            previousId = candidate.id();
            candidates.add(candidate);
        }
        return Catalog.trusted(head, candidates);
    }

    private static Catalog.Head head(ByteBuffer buffer) {
        return new Catalog.Head(
                buffer.getLong(), buffer.getLong(), u16(buffer), u16(buffer), u16(buffer), buffer.getLong());
    }

    private static Candidate candidate(ByteBuffer buffer) {
        return new Candidate(
                u32(buffer),
                u16(buffer),
                u16(buffer),
                u16(buffer),
                Byte.toUnsignedInt(buffer.get()),
                u32(buffer),
                buffer.getLong(),
                buffer.getLong(),
                buffer.getLong(),
                buffer.getLong());
    }

    private static int u16(ByteBuffer buffer) {
        return Short.toUnsignedInt(buffer.getShort());
    }

    private static long u32(ByteBuffer buffer) {
        return buffer.getInt() & U32_MASK;
    }
}
