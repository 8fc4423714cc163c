package io.ringfence.engine.pipeline;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import org.agrona.MutableDirectBuffer;

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
    public synchronized void append(MutableDirectBuffer record, int length, byte[] entryHash) {
        byte[] bytes = new byte[length];
        record.getBytes(0, bytes);
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(previous);
            previous = digest.digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        System.arraycopy(previous, 0, entryHash, 0, previous.length);
        records.add(bytes);
    }

    synchronized List<byte[]> records() {
        return new ArrayList<>(records);
    }
}
