package io.ringfence.journal.fault;

/** Says in one line why a journal cannot be opened, written or read. */
public final class JournalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What kind of trouble it is. */
    public enum Reason {
        /** Another process, or another part of this one, writes this journal. */
        IN_USE,
        /** The disk has too little room. */
        NO_ROOM,
        /** A record that must be there is missing or wrong. */
        DAMAGED,
        /** There is no journal here. */
        MISSING,
        /** The disk failed. */
        DISK_FAILED
    }

    private final Reason reason;

    /**
     * @param reason  what kind of trouble.
     * @param message one line: what and where.
     */
    public JournalException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /**
     * @param reason  what kind of trouble.
     * @param message one line: what and where.
     * @param cause   what failed below.
     */
    public JournalException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** What kind of trouble it is. */
    public Reason reason() {
        return reason;
    }
}
