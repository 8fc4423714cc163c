package io.ringfence.journal.store;

import io.ringfence.journal.record.RecordView;
import io.ringfence.journal.store.RollFiles.RollBytes;
import java.io.IOException;
import java.nio.ByteOrder;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Finds whole records by their shape, where the documents of a roll file cannot be walked because one of them is damaged. It computes
 * no hash. Not thread safe.
 */
public final class RecordSearch {
    private static final int WORD_LENGTH = Integer.BYTES;
    private static final int WINDOW = 1024 * 1024;

    private final byte[] window = new byte[WINDOW];
    private final UnsafeBuffer view = new UnsafeBuffer(window);
    private final RecordView record = new RecordView();
    private long position;

    /**
     * Moves to the first whole record from a position on.
     *
     * @param from          position of a length word, in bytes; a multiple of 4.
     * @param aboveSequence the record's sequence must be above it.
     * @return false if there is none.
     */
    public boolean find(RollBytes bytes, long from, long aboveSequence) throws IOException {
        long at = from;
        while (true) {
            int count = bytes.read(at, window, 0, WINDOW);
            int last = count - WORD_LENGTH - RecordView.COMMAND_OFFSET;
            if (last < 0) {
                return false;
            }
            int i = 0;
            while (i <= last && !RecordView.hasRecordHeader(view, i + WORD_LENGTH)) {
                i += WORD_LENGTH;
            }
            if (i > 0) { // Again from here on, so that a record that begins here is in the window as a whole.
                at += i;
            } else if (isWhole(count) && record.sequence() > aboveSequence) {
                position = at;
                return true;
            } else {
                at += WORD_LENGTH;
            }
        }
    }

    private boolean isWhole(int count) {
        int length = view.getInt(0, ByteOrder.LITTLE_ENDIAN);
        return length > 0
                && length <= count - WORD_LENGTH
                && record.wrap(window, WORD_LENGTH, length) == null
                && record.sequence() > 0;
    }

    /** Sequence of the record that {@link #find} moved to. */
    public long sequence() {
        return record.sequence();
    }

    /** Position of its length word, in bytes. */
    public long position() {
        return position;
    }

    /** Position behind it and its padding, in bytes. */
    public long end() {
        return BitUtil.align(position + WORD_LENGTH + record.length(), WORD_LENGTH);
    }
}
