package io.ringfence.journal.store;

import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.record.RecordView;
import io.ringfence.journal.store.RollFiles.RollBytes;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Walks the documents of one roll file and trusts none of its bytes.
 *
 * <p>A roll file is a sequence of documents. Each is a little-endian length word, that many bytes, and zeros up to the next
 * multiple of 4. In the word the top bit means not complete, the next bit means metadata, the rest is the length. The first document is the
 * store's header, then come its index pages, all of them metadata; then the {@link RollHeader}, and behind it only records follow. A word of zero ends
 * the file: the store writes a record's bytes first, in ascending order, and its length word last. So behind a zero
 * word there may be the beginning of one record whose append was broken off, and then zeros only. Anything else is reported as
 * a fault; it never causes an exception, a skipped record or a read outside the file. A sound header of another format version is
 * no fault: it throws. Not thread safe.
 */
public final class RollFileReader {
    /** Result of a step. */
    public enum Step {
        /** A record: {@link #array()}, {@link #offset()}, {@link #length()}. */
        RECORD,
        /** The end; only zeros follow. */
        END,
        /** The end; bytes of one unfinished record follow. */
        TORN_END,
        /** Bytes that the store does not write: {@link #detail()}. */
        FAULT
    }

    private static final int WORD_LENGTH = Integer.BYTES;
    private static final int NOT_COMPLETE = 0x8000_0000;
    private static final int META_DATA = 0x4000_0000;
    private static final int LENGTH_MASK = 0x3FFF_FFFF;
    private static final int FIELD_NAME = 0xB9;
    private static final int MAX_NAME_LENGTH = 16;
    private static final String HEADER = "header";
    private static final Set<String> INDEX_PAGES = Set.of("index2index", "index");
    private static final byte[] ZEROS = new byte[64 * 1024];

    private final byte[] window;
    private final UnsafeBuffer view;
    private final RollHeader header = new RollHeader();
    private final byte[] word = new byte[WORD_LENGTH];
    private RollBytes bytes;
    private boolean isLive;
    private long windowPosition;
    private int windowLength;
    private long position;
    private long recordPosition;
    private int offset;
    private int length;
    private boolean hasHeader;
    private String detail;

    /** Makes a reader that reads a mebibyte at a time. */
    public RollFileReader() {
        this(1024 * 1024);
    }

    /**
     * @param windowLength number of bytes read at a time; {@link RecordView#MAX_LENGTH} + 8 and above.
     */
    public RollFileReader(int windowLength) {
        if (windowLength < RecordView.MAX_LENGTH + 2 * WORD_LENGTH) {
            throw new IllegalArgumentException("window must hold a record: windowLength=" + windowLength);
        }
        this.window = new byte[windowLength];
        this.view = new UnsafeBuffer(window);
    }

    /** Moves before the first document of a file. The caller closes the file. */
    public void reset(RollBytes bytes) {
        reset(bytes, false);
    }

    /**
     * Moves before the first document of a file. The caller closes the file.
     *
     * @param isLive true: a writer may be at work, so a length word of zero is an end for now, and nothing behind it is read.
     */
    public void reset(RollBytes bytes, boolean isLive) {
        this.bytes = bytes;
        this.isLive = isLive;
        windowPosition = 0;
        windowLength = 0;
        position = 0;
        recordPosition = 0;
        hasHeader = false;
        detail = null;
    }

    /**
     * Moves to the next record. After any other result it returns the same result again, unless a writer has appended.
     *
     * @throws JournalException {@code OTHER_VERSION} if the file has another format version.
     */
    public Step next() throws IOException {
        while (true) {
            int at = load(position, WORD_LENGTH);
            if (at < 0) {
                return atFileEnd();
            }
            int word = view.getInt(at, ByteOrder.LITTLE_ENDIAN);
            if (word == 0 && isLive) {
                if (!isWritten()) {
                    recordPosition = position;
                    return Step.END;
                }
                forget();
                continue;
            }
            if (word == 0) {
                forget(); // A writer may have moved on since this was read.
                at = load(position, WORD_LENGTH);
                if (at < 0 || view.getInt(at, ByteOrder.LITTLE_ENDIAN) == 0) {
                    Step step = atZeroWord();
                    if (step != null) {
                        return step;
                    }
                }
                continue;
            }
            if ((word & NOT_COMPLETE) != 0) {
                return fault("length word says not complete: 0x" + Integer.toHexString(word));
            }
            if ((word & META_DATA) != 0) {
                if (!skipMetaData(word & LENGTH_MASK)) {
                    return Step.FAULT;
                }
            } else if (hasHeader) {
                return document(word);
            } else if (document(word) != Step.RECORD || !isHeader()) {
                return Step.FAULT;
            }
        }
    }

    /** Has {@link #next} come behind the file's header? */
    public boolean hasHeader() {
        return hasHeader;
    }

    /** The file's header, once {@link #hasHeader}; valid until {@link #reset}. */
    public RollHeader header() {
        return header;
    }

    /** Array that holds the record; valid until the next step. */
    public byte[] array() {
        return window;
    }

    /** Offset of the record in {@link #array()}. */
    public int offset() {
        return offset;
    }

    /** Length of the record in bytes. */
    public int length() {
        return length;
    }

    /** Position in the file: of the last record's length word, or of the end or the fault. */
    public long recordPosition() {
        return recordPosition;
    }

    /** Position behind the last record and its padding. */
    public long position() {
        return position;
    }

    /** What is wrong at {@link #recordPosition()}. */
    public String detail() {
        return detail;
    }

    /** Has a writer filled the length word at this position meanwhile? Reads 4 bytes, not a window: it may be asked often. */
    private boolean isWritten() throws IOException {
        return bytes.read(position, word, 0, WORD_LENGTH) == WORD_LENGTH
                && (word[0] | word[1] | word[2] | word[3]) != 0;
    }

    private boolean isHeader() {
        String wrong = header.read(window, offset, length);
        if (wrong != null) {
            position = recordPosition;
            fault(wrong);
            return false;
        }
        if (header.formatVersion() != RollHeader.FORMAT_VERSION) { // Its checksum is right, so this is no damage.
            throw new JournalException(
                    JournalException.Reason.OTHER_VERSION,
                    bytes.name() + ": has format version " + header.formatVersion() + ": this build reads version "
                            + RollHeader.FORMAT_VERSION + " only");
        }
        hasHeader = true;
        return true;
    }

    private Step document(int recordLength) throws IOException {
        if (position == 0) {
            return fault("the file does not begin with its header");
        }
        if (recordLength > RecordView.MAX_LENGTH) {
            return fault("length word says " + recordLength + " bytes, more than any record has");
        }
        long end = position + WORD_LENGTH + recordLength;
        int padding = padding(end);
        int at = load(position, WORD_LENGTH + recordLength + padding);
        if (at < 0) { // The file may end with the record itself.
            padding = 0;
            at = load(position, WORD_LENGTH + recordLength);
        }
        if (at < 0) {
            return fault("length word says " + recordLength + " bytes, which run past the end of the file");
        }
        for (int i = 0; i < padding; i++) {
            if (window[at + WORD_LENGTH + recordLength + i] != 0) {
                return fault("the padding behind the record is not zero");
            }
        }
        recordPosition = position;
        offset = at + WORD_LENGTH;
        length = recordLength;
        position = end + padding;
        return Step.RECORD;
    }

    private boolean skipMetaData(int metaLength) throws IOException {
        if (hasHeader) {
            fault("a record is marked as the store's metadata");
            return false;
        }
        int at = load(position, WORD_LENGTH + 2 + MAX_NAME_LENGTH);
        long end = position + WORD_LENGTH + metaLength;
        if (end > RollHeader.POSITION) {
            fault("the store's metadata is longer than any that it writes: length=" + metaLength);
            return false;
        }
        if (at < 0 || end > bytes.length()) {
            fault("the store's metadata runs past the end of the file: length=" + metaLength);
            return false;
        }
        String name = name(at + WORD_LENGTH);
        if (position == 0 ? !HEADER.equals(name) : !INDEX_PAGES.contains(name)) {
            fault("metadata that the store does not write");
            return false;
        }
        position = end + padding(end);
        return true;
    }

    private String name(int at) {
        int nameLength = window[at + 1];
        if ((window[at] & 0xFF) != FIELD_NAME || nameLength < 1 || nameLength > MAX_NAME_LENGTH) {
            return "";
        }
        return new String(window, at + 2, nameLength, StandardCharsets.ISO_8859_1);
    }

    private Step atFileEnd() throws IOException {
        if (position == 0) {
            return fault("the file is too short for its header");
        }
        int rest = (int) Math.max(0, bytes.length() - position);
        int at = rest == 0 ? 0 : load(position, rest);
        for (int i = 0; i < rest && at >= 0; i++) {
            if (window[at + i] != 0) {
                return fault("the file ends within a length word");
            }
        }
        recordPosition = position;
        return Step.END;
    }

    /** Result at a zero word, by the bytes behind it; null if a writer has filled the word meanwhile. */
    private Step atZeroWord() throws IOException {
        if (position == 0) {
            return fault("the file has no header");
        }
        if (!hasHeader && position != RollHeader.POSITION) { // A changed length has passed over the header.
            return fault("the store's own pages end here, not at byte " + RollHeader.POSITION);
        }
        long lastByte = lastNonZero(position + WORD_LENGTH);
        int at = load(
                position,
                WORD_LENGTH + RecordView.COMMAND_OFFSET); // After the scan, because a writer may append meanwhile.
        boolean isBegun = at >= 0 && RecordView.hasRecordHeader(view, at + WORD_LENGTH);
        int begunLength =
                !hasHeader ? RollHeader.LENGTH : isBegun ? RecordView.announcedLength(view, at + WORD_LENGTH) : 0;
        forget();
        at = load(position, WORD_LENGTH);
        if (at >= 0 && view.getInt(at, ByteOrder.LITTLE_ENDIAN) != 0) {
            return null;
        }
        if (lastByte >= position + WORD_LENGTH + begunLength) {
            return fault("length word is zero, yet bytes that no broken-off append leaves stand behind it up to byte "
                    + lastByte);
        }
        recordPosition = position;
        return lastByte < 0 ? Step.END : Step.TORN_END;
    }

    /** Position of the last byte from here on that is not zero, or -1. */
    private long lastNonZero(long from) throws IOException {
        long last = -1;
        long at = from;
        while (true) {
            int count = bytes.read(at, window, 0, ZEROS.length);
            if (count <= 0) {
                forget();
                return last;
            }
            if (Arrays.mismatch(window, 0, count, ZEROS, 0, count) >= 0) {
                int i = count - 1;
                while (window[i] == 0) {
                    i--;
                }
                last = at + i;
            }
            at += count;
        }
    }

    /** Loads bytes into the window; returns their offset there, or -1 if the file has fewer. */
    private int load(long from, int count) throws IOException {
        if (from < windowPosition || from + count > windowPosition + windowLength) {
            windowPosition = from;
            windowLength = bytes.read(from, window, 0, window.length);
            if (windowLength < count) {
                return -1;
            }
        }
        return (int) (from - windowPosition);
    }

    private void forget() {
        windowLength = 0;
    }

    private Step fault(String what) {
        detail = what;
        recordPosition = position;
        return Step.FAULT;
    }

    private static int padding(long end) {
        return (int) (-end & 3);
    }
}
