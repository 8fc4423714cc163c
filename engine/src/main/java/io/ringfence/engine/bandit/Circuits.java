package io.ringfence.engine.bandit;

import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.CircuitStateDecoder;
import io.ringfence.schemas.CircuitStateEncoder;
import io.ringfence.schemas.CircuitStateEncoder.FailuresEncoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.Tristate;
import java.util.Arrays;

/**
 * Has one circuit for each provider: ten decisions in a row that failed open it, and while it is open, requests are kept from the provider.
 *
 * <p>Outcomes count in the order of their arrival, and only while their decision is younger than the greatest age: so a late batch opens
 * nothing. In a row each decision counts once. A report that is answered as {@code LEARNING_FROZEN} counts each time it comes.
 *
 * <p>{@link #OPEN_NS} of event time after the opening, one request may probe the provider. The outcome of a probe counts at any age: a
 * success closes the circuit, a failure opens it for {@link #OPEN_NS} more. While no outcome of the probe comes, the next request may
 * probe {@link #OPEN_NS} after it. Of all probes since the opening, the outcome that comes first decides. Decisions from before the first
 * probe count no more.
 *
 * <p>One thread; allocates nothing. All of it is state, except the greatest age.
 */
public final class Circuits {
    /** Decisions in a row that failed and open a circuit. */
    public static final int FAILURES_TO_OPEN = 10;

    /** Event time from the opening to the first probe, and from one probe to the next, in ns. */
    public static final long OPEN_NS = 30_000_000_000L;

    private static final int PROVIDERS = Long.SIZE;
    private static final long CLOSED = 0;
    private static final long NO_PROBE = 0;
    private static final long PROBED = Long.MIN_VALUE;

    private final long maxAgeNs;
    private final long[] failed = new long[PROVIDERS * FAILURES_TO_OPEN]; // Decisions, by provider, oldest first.
    private final int[] failedCounts = new int[PROVIDERS];
    private final long[] probeFromNs = new long[PROVIDERS];
    private final long[] probeSequences = new long[PROVIDERS]; // First probe since the circuit opened last.
    private final CircuitStateEncoder encoder = new CircuitStateEncoder();
    private final CircuitStateDecoder decoder = new CircuitStateDecoder();
    private long open; // A bit for each provider.

    /** @param maxAgeNs age of a decision from which on its outcome counts for nothing, in ns; 0: no circuit opens. */
    public Circuits(long maxAgeNs) {
        this.maxAgeNs = maxAgeNs;
    }

    /** Providers whose circuit is not closed, a bit each. */
    public long open() {
        return open;
    }

    /** Those of them that a request at this event time may probe. */
    public long ready(long nowNs) {
        long ready = 0;
        for (long left = open; left != 0; left &= left - 1) {
            int provider = Long.numberOfTrailingZeros(left);
            ready |= probeFromNs[provider] <= nowNs ? 1L << provider : 0;
        }
        return ready;
    }

    /** Event time from which the circuit of a provider, which is open, is half open; {@link Long#MIN_VALUE} once a request has probed it. */
    long halfOpenFromNs(int provider) {
        return probeSequences[provider] == NO_PROBE ? probeFromNs[provider] : PROBED;
    }

    /**
     * A request probes a provider.
     *
     * @param provider that is {@link #ready}.
     * @param sequence of the request.
     */
    public void probe(int provider, long sequence, long nowNs) {
        if (probeSequences[provider] == NO_PROBE) {
            probeSequences[provider] = sequence;
        }
        probeFromNs[provider] = nowNs + OPEN_NS;
    }

    /**
     * Takes note of an outcome.
     *
     * @param provider         of the candidate that acted; none where it is not 0 to 63.
     * @param decisionSequence of the decision.
     * @param decidedNs        event time of the decision.
     * @param nowNs            event time of the outcome; not before that.
     * @param success          what the outcome says; {@link Tristate#UNKNOWN} counts for nothing.
     * @return whether a circuit opened, or opened again.
     */
    public boolean observe(int provider, long decisionSequence, long decidedNs, long nowNs, Tristate success) {
        boolean isSaid = success == Tristate.YES || success == Tristate.NO;
        if (!isSaid || Integer.compareUnsigned(provider, PROVIDERS) >= 0) {
            return false;
        }
        if (decisionSequence < probeSequences[provider]) {
            return false;
        }
        boolean isSuccess = success == Tristate.YES;
        if (probeFromNs[provider] != CLOSED) {
            return probeSequences[provider] != NO_PROBE && decide(provider, nowNs, isSuccess);
        }
        if (nowNs - decidedNs >= maxAgeNs) {
            return false;
        }
        if (isSuccess) {
            failedCounts[provider] = 0;
            return false;
        }
        return fail(provider, decisionSequence, nowNs);
    }

    /** The outcome of a probe came. */
    private boolean decide(int provider, long nowNs, boolean isSuccess) {
        if (isSuccess) {
            probeFromNs[provider] = CLOSED;
            open &= ~(1L << provider);
            return false;
        }
        open(provider, nowNs);
        return true;
    }

    private boolean fail(int provider, long decisionSequence, long nowNs) {
        int begin = provider * FAILURES_TO_OPEN;
        int end = begin + failedCounts[provider];
        for (int i = begin; i < end; i++) {
            if (failed[i] == decisionSequence) {
                return false; // Reported again.
            }
        }
        failed[end] = decisionSequence;
        failedCounts[provider]++;
        if (failedCounts[provider] < FAILURES_TO_OPEN) {
            return false;
        }
        open(provider, nowNs);
        return true;
    }

    private void open(int provider, long nowNs) {
        failedCounts[provider] = 0;
        probeSequences[provider] = NO_PROBE;
        probeFromNs[provider] = nowNs + OPEN_NS;
        open |= 1L << provider;
    }

    long stateLength() {
        long length = 0;
        for (int provider = 0; provider < PROVIDERS; provider++) {
            if (hasState(provider)) {
                length += StateWriter.length(1, CircuitStateEncoder.BLOCK_LENGTH)
                        + FailuresEncoder.sbeHeaderSize()
                        + (long) failedCounts[provider] * FailuresEncoder.sbeBlockLength();
            }
        }
        return length;
    }

    private boolean hasState(int provider) {
        return (probeFromNs[provider] | probeSequences[provider] | failedCounts[provider]) != 0;
    }

    /** The circuits that are not as they began, ascending by provider. */
    void writeState(StateWriter writer, MessageHeaderEncoder header) {
        for (int provider = 0; provider < PROVIDERS; provider++) {
            if (hasState(provider)) {
                encoder.wrapAndApplyHeader(writer.buffer(), writer.position(), header)
                        .providerId((short) provider)
                        .probeFromNs(probeFromNs[provider])
                        .probeSequence(probeSequences[provider]);
                FailuresEncoder failures = encoder.failuresCount(failedCounts[provider]);
                for (int i = 0; i < failedCounts[provider]; i++) {
                    failures.next().decisionSequence(failed[provider * FAILURES_TO_OPEN + i]);
                }
                writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
            }
        }
    }

    /** Takes the next message if it is a {@code CircuitState}, whose header is read. */
    boolean readState(StateReader reader, MessageHeaderDecoder header) {
        if (header.templateId() != CircuitStateDecoder.TEMPLATE_ID) {
            return false;
        }
        decoder.wrapAndApplyHeader(reader.buffer(), reader.position(), header);
        int provider = decoder.providerId();
        probeFromNs[provider] = decoder.probeFromNs();
        probeSequences[provider] = decoder.probeSequence();
        open |= probeFromNs[provider] == CLOSED ? 0 : 1L << provider;
        CircuitStateDecoder.FailuresDecoder failures = decoder.failures();
        failedCounts[provider] = failures.count();
        for (int i = 0; failures.hasNext(); i++) {
            failed[provider * FAILURES_TO_OPEN + i] = failures.next().decisionSequence();
        }
        reader.advance(MessageHeaderDecoder.ENCODED_LENGTH + decoder.encodedLength());
        return true;
    }

    void clear() {
        Arrays.fill(failedCounts, 0);
        Arrays.fill(probeFromNs, CLOSED);
        Arrays.fill(probeSequences, NO_PROBE);
        open = 0;
    }
}
