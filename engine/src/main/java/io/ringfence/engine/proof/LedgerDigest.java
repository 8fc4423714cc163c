package io.ringfence.engine.proof;

import static org.agrona.BitUtil.SIZE_OF_INT;
import static org.agrona.BitUtil.SIZE_OF_LONG;

import io.ringfence.engine.digest.Sha256;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/**
 * Digest of a ledger's balances: SHA-256, little endian, under the tag {@code calyldg1}.
 *
 * <pre>
 *   tag 9 | version u64 | rows u64 | open holds u64
 *   each row, ascending by the bytes of its id: id length u32 | id | initial | remaining | reserved | committed, i64 each
 *   only with a watermark: "calybris.ledger.wal-watermark.v1" and a zero byte | watermark u64
 * </pre>
 *
 * <p>A pure function; allocates.
 */
public final class LedgerDigest {
    private static final byte[] TAG = "calyldg1\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] WATERMARK_TAG =
            "calybris.ledger.wal-watermark.v1\0".getBytes(StandardCharsets.US_ASCII);
    private static final int HEAD_LENGTH = TAG.length + 3 * SIZE_OF_LONG;
    private static final int ROW_LENGTH = SIZE_OF_INT + 4 * SIZE_OF_LONG;
    private static final Comparator<Row> BY_ID_BYTES = Comparator.comparing(Row::id, Arrays::compareUnsigned);

    /**
     * One account of a ledger.
     *
     * @param id              in UTF-8; not copied.
     * @param initialMicros   granted in total.
     * @param remainingMicros neither reserved nor committed.
     * @param reservedMicros  held.
     * @param committedMicros spent.
     */
    public record Row(byte[] id, long initialMicros, long remainingMicros, long reservedMicros, long committedMicros) {}

    private LedgerDigest() {}

    /**
     * Returns the digest, 32 bytes.
     *
     * @param version   of the snapshot that holds the rows; u64 bits.
     * @param openHolds u64 bits.
     * @param rows      in any order.
     * @param watermark u64 bits; may be empty.
     */
    public static byte[] of(long version, long openHolds, List<Row> rows, OptionalLong watermark) {
        MessageDigest sha256 = Sha256.newDigest();
        sha256.update(bytes(HEAD_LENGTH)
                .put(TAG)
                .putLong(version)
                .putLong(rows.size())
                .putLong(openHolds)
                .array());
        rows.stream().sorted(BY_ID_BYTES).forEachOrdered(row -> sha256.update(bytesOf(row)));
        watermark.ifPresent(sequence -> sha256.update(bytes(WATERMARK_TAG.length + SIZE_OF_LONG)
                .put(WATERMARK_TAG)
                .putLong(sequence)
                .array()));
        return sha256.digest();
    }

    private static byte[] bytesOf(Row row) {
        return bytes(ROW_LENGTH + row.id().length)
                .putInt(row.id().length)
                .put(row.id())
                .putLong(row.initialMicros())
                .putLong(row.remainingMicros())
                .putLong(row.reservedMicros())
                .putLong(row.committedMicros())
                .array();
    }

    private static ByteBuffer bytes(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
