package io.ringfence.journal.read;

import io.ringfence.journal.chain.HashChain;
import io.ringfence.journal.chain.Head;
import io.ringfence.journal.fault.Fault;
import io.ringfence.journal.record.RecordView;
import java.io.IOException;
import java.util.Arrays;

/** Holds copies of consecutive records, so that one thread can check their hashes while others read on. Not thread safe. */
final class RecordBatch {
    private static final int CAPACITY = 256 * 1024;
    private static final int MAX_RECORDS = 4096;

    private final byte[] bytes = new byte[CAPACITY];
    private final int[] offsets = new int[MAX_RECORDS];
    private final int[] hashOffsets = new int[MAX_RECORDS];
    private final HashChain chain = new HashChain();
    private final byte[] previousHash = new byte[HashChain.HASH_LENGTH];
    private long firstSequence;
    private int count;
    private String place;

    /** Takes the scan's next records; false if there is none. The scan may be shared: the caller holds its lock. */
    boolean fill(RecordScan scan) throws IOException {
        count = 0;
        int length = 0;
        while (count < MAX_RECORDS && length <= CAPACITY - RecordView.MAX_LENGTH && scan.next()) {
            RecordView record = scan.record();
            if (count == 0) {
                System.arraycopy(scan.previousHash(), 0, previousHash, 0, HashChain.HASH_LENGTH);
                firstSequence = scan.sequence();
                place = "in the batch that begins in " + scan.place();
            }
            System.arraycopy(record.array(), record.arrayOffset(), bytes, length, record.length());
            offsets[count] = length;
            hashOffsets[count] = length + record.entryHashOffset();
            length += record.length();
            count++;
        }
        return count > 0;
    }

    /** How many records it holds. */
    int count() {
        return count;
    }

    /** The first record whose hash is not the one that it must have, or null. */
    Fault prove() {
        chain.resume(previousHash, 0);
        for (int i = 0; i < count; i++) {
            if (!chain.proves(bytes, offsets[i], hashOffsets[i] - offsets[i], hashOffsets[i])) {
                return new Fault(firstSequence + i, place, RecordScan.OFF_CHAIN);
            }
        }
        return null;
    }

    /** Head before a record of this batch. */
    Head headBefore(long sequence) {
        int index = (int) (sequence - firstSequence);
        if (sequence == 1) {
            return Head.none();
        }
        if (index == 0) {
            return new Head(sequence - 1, previousHash.clone());
        }
        int offset = hashOffsets[index - 1];
        return new Head(sequence - 1, Arrays.copyOfRange(bytes, offset, offset + HashChain.HASH_LENGTH));
    }
}
