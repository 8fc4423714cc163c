package io.ringfence.gateway.server;

import io.ringfence.engine.pipeline.RecordLog;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.MutableDirectBuffer;

/** A journal that keeps nothing: its entry hashes say the sequence; it can be told to fail, to hold back and to be full. */
final class TestJournal implements RecordLog, JournalStatus {
    private final AtomicLong appended = new AtomicLong();
    private volatile long released = Long.MAX_VALUE;
    private volatile long failingSequence = Long.MAX_VALUE;
    private volatile boolean areReleasesFailing;
    private volatile boolean isDiskLow;

    @Override
    public void append(MutableDirectBuffer record, int length, byte[] entryHash) {
        long sequence = appended.incrementAndGet();
        if (sequence >= failingSequence) {
            throw new IllegalStateException("the test journal was told to fail: sequence=" + sequence);
        }
        for (int i = 0; i < Long.BYTES; i++) {
            entryHash[i] = (byte) (sequence >>> (8 * i));
        }
    }

    void failFromNow() {
        failingSequence = appended.get() + 1;
    }

    /** From now on it cannot say what may be answered. */
    void failReleases() {
        areReleasesFailing = true;
    }

    boolean isFailing() {
        return areReleasesFailing || failingSequence != Long.MAX_VALUE;
    }

    void releaseUpTo(long sequence) {
        released = sequence;
    }

    void diskLow(boolean isLow) {
        isDiskLow = isLow;
    }

    long appended() {
        return appended.get();
    }

    @Override
    public long releasedSequence() {
        if (areReleasesFailing) {
            throw new IllegalStateException("the test journal was told to release nothing");
        }
        return released;
    }

    @Override
    public long watermark() {
        return Math.min(released, appended.get());
    }

    @Override
    public long lastSyncNs() {
        return 5;
    }

    @Override
    public long maxSyncNs() {
        return 7;
    }

    @Override
    public boolean isDiskLow() {
        return isDiskLow;
    }
}
