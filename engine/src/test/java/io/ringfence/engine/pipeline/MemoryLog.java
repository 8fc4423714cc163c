package io.ringfence.engine.pipeline;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Keeps records in memory, chained by a plain SHA-256 over the previous hash and the record. */
final class MemoryLog implements RecordLog {
    private final List<byte[]> records = new ArrayList<>();
    private byte[] previous;

    MemoryLog() {
        this(new byte[32]);
    }

    /** Goes on behind a record. */
    MemoryLog(byte[] previous) {
        this.previous = previous.clone();
    }

    @Override
    public synchronized void append(long sequence, byte[] bytes, int offset, int length) {
        byte[] record = Arrays.copyOfRange(bytes, offset, offset + length);
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(previous);
            previous = digest.digest(record);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        System.arraycopy(previous, 0, bytes, offset + length, previous.length);
        records.add(record);
    }

    synchronized List<byte[]> records() {
        return new ArrayList<>(records);
    }
}
