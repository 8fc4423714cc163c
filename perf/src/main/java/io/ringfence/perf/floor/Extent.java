package io.ringfence.perf.floor;

/**
 * How long to send: whatever ends first.
 *
 * @param messages   to send at most.
 * @param durationNs after which nothing more is sent.
 */
record Extent(long messages, long durationNs) {
    /** The same, of no more than so many messages. */
    Extent atMost(long most) {
        return new Extent(Math.min(messages, most), durationNs);
    }
}
