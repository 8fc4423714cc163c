package io.ringfence.journal.fault;

/**
 * The first thing that is wrong with a journal.
 *
 * @param sequence first one that cannot be trusted.
 * @param place    file and, where it is known, byte.
 * @param detail   what is wrong there.
 */
public record Fault(long sequence, String place, String detail) {
    /** One line that says all three. */
    public String text() {
        return "sequence " + sequence + ", " + place + ": " + detail;
    }
}
