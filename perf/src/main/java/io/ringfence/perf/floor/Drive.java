package io.ringfence.perf.floor;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Sends a script through a link with a limited number of unanswered messages, a closed loop, and measures how long orders wait for
 * their answers.
 *
 * <p>For one thread, which spins; allocates nothing of its own while it runs.
 */
final class Drive implements Link.Answers {
    /**
     * Limits of sending: the first limit reached ends it.
     *
     * @param messages   most messages to send.
     * @param durationNs time after which nothing more is sent.
     */
    record Extent(long messages, long durationNs) {
        /** A copy with at most this many messages. */
        Extent atMost(long most) {
            return new Extent(Math.min(messages, most), durationNs);
        }
    }

    private static final long NOT_SENT = 0;
    private static final long NOT_ANSWERED = -1;
    private static final int RING = 4 * Link.WINDOW;
    private static final int POLL_LIMIT = 64;
    private static final int CLOCK_EVERY = 256;
    private static final int IDLE_POLLS = 1 << 16;
    private static final long HIGHEST_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);

    private final Histogram latency = new Histogram(HIGHEST_NS, 3);
    private final Script script;
    private final Link link;
    private final int inflight;
    private final long[] holds;
    private final int[] indexes = new int[RING];
    private final long[] offeredNs = new long[RING];
    private int position;
    private boolean isWritten;
    private long requestId;
    private long firstOfferNs;
    private long sent;
    private long answered;
    private long denied;

    Drive(Script script, Link link, int inflight) {
        this.script = script;
        this.link = link;
        this.inflight = inflight;
        this.holds = new long[script.slotCount()];
    }

    /** Sends until a limit is reached, then waits for all answers. */
    void run(Extent extent) {
        long deadlineNs = System.nanoTime() + extent.durationNs();
        long last = sent + extent.messages();
        boolean isOpen = extent.messages() > 0;
        int idlePolls = 0;
        long silentSinceNs = 0;
        while (isOpen || answered < sent) {
            int polled = link.poll(this, POLL_LIMIT);
            while (isOpen && sent - answered < inflight && isSent()) {
                isOpen = sent < last && (sent % CLOCK_EVERY != 0 || System.nanoTime() - deadlineNs < 0);
            }
            idlePolls = polled > 0 ? 0 : idlePolls + 1;
            if (idlePolls == IDLE_POLLS) {
                silentSinceNs = System.nanoTime();
            } else if (idlePolls == 2 * IDLE_POLLS) {
                requireAnswer(silentSinceNs);
                idlePolls = IDLE_POLLS + 1;
            }
        }
    }

    private void requireAnswer(long silentSinceNs) {
        if (System.nanoTime() - silentSinceNs > PATIENCE_NS) {
            throw new IllegalStateException("no answer for " + TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NS)
                    + " s: messages unanswered=" + (sent - answered));
        }
    }

    private boolean isSent() {
        if (!isWritten && !isBegun()) {
            return false;
        }
        if (!link.offer(script.recordLength(position))) {
            return false;
        }
        int entry = (int) requestId & (RING - 1);
        indexes[entry] = position;
        offeredNs[entry] = firstOfferNs;
        isWritten = false;
        sent++;
        int slot = script.slot(position);
        holds[slot] = holds[slot] == NOT_SENT ? NOT_ANSWERED : holds[slot];
        advance();
        return true;
    }

    /**
     * Writes the next message, unless it is about an order whose answer is not in. In the first lap the first reports are on
     * orders that only the end of the lap sends: these are left out.
     */
    private boolean isBegun() {
        while (!script.isOrder(position) && holds[script.slot(position)] == NOT_SENT) {
            advance();
        }
        long hold = holds[script.slot(position)];
        if (!script.isOrder(position) && hold == NOT_ANSWERED) {
            return false;
        }
        requestId = link.nextRequestId();
        script.write(position, link, hold);
        isWritten = true;
        firstOfferNs = System.nanoTime();
        return true;
    }

    private void advance() {
        position = position + 1 == script.count() ? 0 : position + 1;
    }

    @Override
    public void onAnswer(long answeredId, long sequence, boolean isGranted) {
        int entry = (int) answeredId & (RING - 1);
        int index = indexes[entry];
        answered++;
        denied += isGranted ? 0 : 1;
        if (script.isOrder(index)) {
            holds[script.slot(index)] = sequence;
            latency.recordValue(Math.min(HIGHEST_NS, System.nanoTime() - offeredNs[entry]));
        }
    }

    /** Messages sent and answered. */
    long answered() {
        return answered;
    }

    /** Messages that were answered and not granted. */
    long denied() {
        return denied;
    }

    /** From an order's first offer to its answer in ns; may be reset between runs. */
    Histogram latency() {
        return latency;
    }
}
