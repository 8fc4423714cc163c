package io.ringfence.journal.fault;

/**
 * The first thing that is wrong with a journal.
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
