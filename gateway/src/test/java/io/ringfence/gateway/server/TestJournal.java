package io.ringfence.gateway.server;

import io.ringfence.engine.pipeline.RecordLog;
import io.ringfence.gateway.server.GatewayAgent.JournalStatus;
import io.ringfence.limit.Deadline;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.RecordHeaderDecoder;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/** A journal that keeps nothing: its entry hashes say the sequence; it can be told to fail, to hold back and to be full. */
final class TestJournal implements RecordLog, JournalStatus {
    private static final int HASH_LENGTH = 32;

    private static final int KIND = MessageHeaderDecoder.ENCODED_LENGTH + RecordHeaderDecoder.kindEncodingOffset();

    private final AtomicLong appended = new AtomicLong();
    private final AtomicIntegerArray kinds = new AtomicIntegerArray(256);
    private volatile long released = Long.MAX_VALUE;
    private volatile long failingSequence = Long.MAX_VALUE;
    private volatile boolean areReleasesFailing;
    private volatile boolean isDiskLow;
    private volatile long diskLooks; // Written by the duty cycle only.
    private volatile boolean isJournalDamaged;
    private volatile boolean isHeld;

    @Override
    public void append(long sequence, byte[] bytes, int offset, int length) {
        if (sequence != appended.incrementAndGet()) {
            throw new IllegalStateException("a record out of sequence: sequence=" + sequence);
        }
        Deadline deadline = Deadline.inSeconds(60);
        while (isHeld) {
            deadline.require("the test lets the journal go on");
            Thread.onSpinWait();
        }
        if (sequence >= failingSequence) {
            throw new IllegalStateException("the test journal was told to fail: sequence=" + sequence);
        }
        kinds.incrementAndGet(bytes[offset + KIND] & 0xFF);
        Arrays.fill(bytes, offset + length, offset + length + HASH_LENGTH, (byte) 0);
        for (int i = 0; i < Long.BYTES; i++) {
            bytes[offset + length + i] = (byte) (sequence >>> (8 * i));
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

    /** While held, the stage that appends waits: the ring fills. For modes with stage threads. */
    void hold(boolean hold) {
        isHeld = hold;
    }

    /** How often the duty cycle has looked at the disk: once a turn. */
    long diskLooks() {
        return diskLooks;
    }

    void diskLow(boolean isLow) {
        isDiskLow = isLow;
    }

    /** How many records of a kind were appended. */
    int count(CommandKind kind) {
        return kinds.get(kind.value());
    }

    void damaged(boolean isDamaged) {
        isJournalDamaged = isDamaged;
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
        diskLooks++;
        return isDiskLow;
    }

    @Override
    public boolean isDamaged() {
        return isJournalDamaged;
    }
}
