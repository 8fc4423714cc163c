package io.ringfence.journal.recovery;

import io.ringfence.journal.fault.JournalException.Fault;
import io.ringfence.journal.record.RecordView;
import io.ringfence.journal.store.RecordSearch;
import io.ringfence.journal.store.RollFileReader;
import io.ringfence.journal.store.RollFiles;
import io.ringfence.journal.store.RollFiles.RollBytes;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Tells whether a fault above the watermark is the torn end of a journal, or damage.
 *
 * <p>A killed process leaves at most one record whose length word was never written, at the very end; the reading of a roll file takes that
 * for an end and not for a fault. So as long as the machine has not restarted, every fault is damage. A restart may lose pages of
 * 4,096 bytes that were not yet written to the disk, in any order; they hold zeros then. So after a restart a fault is a torn end when the
 * bytes that it lacks are whole zero pages, or zeros up to the end of a page that was written before the record began. Any other
 * fault is damage when a whole record of a later sequence stands behind it.
 */
final class Tail {
    private static final int PAGE_LENGTH = 4096;
    private static final int WORD_LENGTH = Integer.BYTES;
    private static final int FLAGS = 0xC000_0000;

    private final List<Path> files;
    private final boolean isRestarted;
    private final byte[] page = new byte[PAGE_LENGTH];
    private final UnsafeBuffer view = new UnsafeBuffer(page);
    private int fileIndex;
    private long position;

    /**
     * @param files       of the journal, oldest first.
     * @param isRestarted has the machine restarted since the watermark was written?
     */
    Tail(List<Path> files, boolean isRestarted) {
        this.files = files;
        this.isRestarted = isRestarted;
    }

    /**
     * Why the journal must not end before a fault.
     *
     * @param fault         above the watermark.
     * @param lastFileIndex file of the last proved record; -1: there is none.
     * @param lastEnd       position behind that record.
     * @return what shows that it is damage, in one line; null if it is a torn end.
     */
    String damage(Fault fault, int lastFileIndex, long lastEnd) throws IOException {
        locate(fault, lastFileIndex, lastEnd);
        if (isRestarted && isLost()) {
            return null;
        }
        String behind = behind(fault.sequence());
        return behind != null ? behind : isRestarted ? null : "no append that was broken off leaves that";
    }

    /** Finds where the first bad record begins: behind the last proved one, or in the file that goes on with its sequence. */
    private void locate(Fault fault, int lastFileIndex, long lastEnd) throws IOException {
        fileIndex = lastFileIndex;
        position = lastEnd;
        int next = lastFileIndex + 1;
        if (next < files.size() && (lastFileIndex < 0 || goesOn(next, fault.sequence()))) {
            fileIndex = next;
            try (RollBytes bytes = bytes(files.get(next))) {
                position = beginning(bytes);
            }
        }
    }

    /** Position of the first record, or of what is wrong before it. */
    private static long beginning(RollBytes bytes) throws IOException {
        RollFileReader reader = new RollFileReader();
        reader.reset(bytes);
        reader.next();
        return reader.recordPosition();
    }

    /** Has a file without a header, which has records, lost the page of its header? */
    boolean hasLostHeader(Path file) throws IOException {
        try (RollBytes bytes = bytes(file)) {
            position = beginning(bytes);
            return isRestarted && isLost(bytes);
        }
    }

    private boolean goesOn(int next, long sequence) throws IOException {
        try (RollBytes bytes = bytes(files.get(fileIndex))) {
            return RollFiles.firstSequence(name(next)) == sequence
                    && (read(bytes, position) < WORD_LENGTH || word() == 0);
        }
    }

    /** Is what is missing here zeros, as far as the system would have lost them at once? */
    private boolean isLost() throws IOException {
        if (fileIndex < 0) {
            return false;
        }
        try (RollBytes bytes = bytes(files.get(fileIndex))) {
            return isLost(bytes);
        }
    }

    private boolean isLost(RollBytes bytes) throws IOException {
        if (position >= bytes.length()) {
            return bytes.length() == 0; // Its name is there, its length was lost.
        }
        int count = read(bytes, position);
        int rest = (int) Math.min(count, pageEnd(position) - position);
        if (word() == 0) {
            return isZero(rest);
        }
        return isPlausible(rest) && hasZeroPage(bytes, position + WORD_LENGTH + word());
    }

    /** Could the length word be the right one, as far as its page tells? */
    private boolean isPlausible(int rest) {
        int length = word();
        if ((length & FLAGS) != 0 || length > RecordView.MAX_LENGTH) {
            return false;
        }
        if (rest < WORD_LENGTH + RecordView.COMMAND_OFFSET) {
            return true;
        }
        return RecordView.hasRecordHeader(view, WORD_LENGTH)
                && length == RecordView.announcedLength(view, WORD_LENGTH) - RecordView.AUTHENTICATION_LENGTH;
    }

    /** Is one of the pages that the record reaches into zero as a whole? What a file of whole pages lacks at its end counts as zeros. */
    private boolean hasZeroPage(RollBytes bytes, long end) throws IOException {
        boolean isOfWholePages = bytes.length() % PAGE_LENGTH == 0;
        for (long at = pageEnd(position); at < end; at += PAGE_LENGTH) {
            int count = read(bytes, at);
            if (isZero(count) && (count == PAGE_LENGTH || isOfWholePages)) {
                return true;
            }
        }
        return false;
    }

    /** Where the first whole record of a later sequence stands, in one line; null if there is none. */
    private String behind(long sequence) throws IOException {
        RecordSearch search = new RecordSearch();
        for (int i = Math.max(0, fileIndex); i < files.size(); i++) {
            try (RollBytes bytes = bytes(files.get(i))) {
                if (search.find(bytes, i == fileIndex ? position + WORD_LENGTH : 0, sequence)) {
                    return "behind it sequence " + search.sequence() + " stands in " + name(i) + " at byte "
                            + search.position();
                }
            }
        }
        return null;
    }

    private int read(RollBytes bytes, long at) throws IOException {
        Arrays.fill(page, (byte) 0);
        return bytes.read(at, page, 0, PAGE_LENGTH);
    }

    private int word() {
        return view.getInt(0, ByteOrder.LITTLE_ENDIAN);
    }

    private boolean isZero(int count) {
        for (int i = 0; i < count; i++) {
            if (page[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private static long pageEnd(long at) {
        return (at / PAGE_LENGTH + 1) * PAGE_LENGTH;
    }

    private static RollBytes bytes(Path file) {
        return RollFiles.bytes(List.of(file)).get(0);
    }

    private String name(int index) {
        return files.get(index).getFileName().toString();
    }
}
