package io.ringfence.tools.input;

/** What one event of the book changed against the one before it. Written over once it is applied. */
final class BookChange {
    private long timestampMs;
    private long fall;
    private long priceMicros;
    private long volume;
    private boolean isReplace;
    private boolean isEnd;
    private BookChange next;

    void set(long timestampMs, long fall, long priceMicros, long volume, boolean isReplace, boolean isEnd) {
        this.timestampMs = timestampMs;
        this.fall = fall;
        this.priceMicros = priceMicros;
        this.volume = volume;
        this.isReplace = isReplace;
        this.isEnd = isEnd;
    }

    /** When. */
    long timestampMs() {
        return timestampMs;
    }

    /** Of the volume: what traded; 0 and above. */
    long fall() {
        return fall;
    }

    /** The price after it. */
    long priceMicros() {
        return priceMicros;
    }

    /** The volume after it. */
    long volume() {
        return volume;
    }

    /** Is the price another one, or did the volume rise? */
    boolean isReplace() {
        return isReplace;
    }

    /** Has the order left the book? */
    boolean isEnd() {
        return isEnd;
    }

    /** The change that waits behind this one; null: none. */
    BookChange next() {
        return next;
    }

    void next(BookChange behind) {
        next = behind;
    }
}
