package io.ringfence.journal.fault;

/** Says in one line why a journal cannot be opened, written or read. */
public final class JournalException extends RuntimeException {
    /**
     * First fault of a journal.
     *
     * @param sequence first sequence that cannot be trusted.
     * @param place    file and, if known, byte.
     * @param detail   what is wrong there.
     */
    public record Fault(long sequence, String place, String detail) {
        /** Sequence, place and detail in one line. */
        public String text() {
            return "sequence " + sequence + ", " + place + ": " + detail;
        }
    }

    private static final long serialVersionUID = 1L;

    /** Kinds of failure. */
    public enum Reason {
        /** Another process, or another part of this one, writes this journal. */
        IN_USE,
        /** The disk has too little room. */
        NO_ROOM,
        /** A record that must be there is missing or wrong. */
        DAMAGED,
        /** The roll files have another format version than this build's. */
        OTHER_VERSION,
        /** There is no journal here. */
        MISSING,
        /** The disk failed. */
        DISK_FAILED
    }

    private final Reason reason;

    /**
     * @param reason  kind of failure.
     * @param message one line: what happened and where.
     */
    public JournalException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /**
     * @param reason  kind of failure.
     * @param message one line: what happened and where.
     * @param cause   the exception that led to this one.
     */
    public JournalException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Kind of failure. */
    public Reason reason() {
        return reason;
    }
}
