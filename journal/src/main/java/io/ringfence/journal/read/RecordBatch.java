package io.ringfence.journal.read;

import io.ringfence.journal.chain.HashChain;
import io.ringfence.journal.chain.Head;
import io.ringfence.journal.fault.JournalException.Fault;
import io.ringfence.journal.record.RecordView;
import java.io.IOException;
import java.util.Arrays;

/** Copies of consecutive records: one thread checks their hashes while another reads on. Not thread safe. */
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

    /** Copies the next records of a scan; false if there are none. If the scan is shared, the caller holds its lock. */
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

    /** Number of records held. */
    int count() {
        return count;
    }

    /** Fault of the first record whose entry hash is wrong; null if all are right. */
    Fault prove() {
        chain.resume(previousHash, 0);
        for (int i = 0; i < count; i++) {
            if (!chain.proves(bytes, offsets[i], hashOffsets[i] - offsets[i], hashOffsets[i])) {
                return new Fault(firstSequence + i, place, RecordScan.OFF_CHAIN);
            }
        }
        return null;
    }

    /** Head of the journal before a record of this batch; allocates. */
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
