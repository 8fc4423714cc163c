package io.ringfence.engine.selection;

import io.ringfence.engine.bandit.Lesson;
import io.ringfence.engine.snapshot.Snapshotted;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.CandidatePosteriorDecoder;
import io.ringfence.schemas.CandidatePosteriorEncoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import java.util.Arrays;
import org.agrona.collections.Long2LongHashMap;

/**
 * Keeps the successes and failures learnt of each candidate, across policies, in 1/256 of an outcome.
 *
 * <p>No decision uses it yet. Both counts of a candidate are halved when one is full. One thread; allocates only for a
 * candidate it has not met before.
 */
public final class CandidatePosteriors implements Snapshotted {
    private static final int COUNT_MAX = Integer.MAX_VALUE;
    private static final long NONE = 0;

    /** Candidate id to its counts: successes in the upper 32 bits, failures in the lower. A known candidate has some. */
    private final Long2LongHashMap counts = new Long2LongHashMap(NONE);

    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final CandidatePosteriorEncoder encoder = new CandidatePosteriorEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final CandidatePosteriorDecoder decoder = new CandidatePosteriorDecoder();

    /**
     * Learns one lesson, once per decision: the caller passes on only what the tiers took.
     *
     * @param candidateId that acted; 0: none acted, nothing is learnt.
     * @param lesson      from {@link Lesson#of}; {@link Lesson#NOTHING}: nothing is learnt.
     */
    public void learn(long candidateId, int lesson) {
        if (candidateId == 0 || lesson == Lesson.NOTHING) {
            return;
        }
        long successes = successes(candidateId);
        long failures = failures(candidateId);
        if (successes + Lesson.successes(lesson) > COUNT_MAX || failures + Lesson.failures(lesson) > COUNT_MAX) {
            successes >>>= 1;
            failures >>>= 1;
        }
        put(candidateId, successes + Lesson.successes(lesson), failures + Lesson.failures(lesson));
    }

    /** Successes learnt of a candidate in 1/256; 0 to 2^31 - 1. */
    public long successes(long candidateId) {
        return counts.get(candidateId) >>> Integer.SIZE;
    }

    /** Failures learnt of a candidate in 1/256; 0 to 2^31 - 1. */
    public long failures(long candidateId) {
        return counts.get(candidateId) & COUNT_MAX;
    }

    @Override
    public long stateLength() {
        return StateWriter.length(counts.size(), CandidatePosteriorEncoder.BLOCK_LENGTH);
    }

    @Override
    public void writeState(StateWriter writer) {
        long[] candidateIds = new long[counts.size()];
        int[] index = {0};
        counts.forEachLong((candidateId, ignored) -> candidateIds[index[0]++] = candidateId);
        Arrays.sort(candidateIds);
        for (long candidateId : candidateIds) {
            encoder.wrapAndApplyHeader(writer.buffer(), writer.position(), headerEncoder)
                    .candidateId(candidateId)
                    .successes(successes(candidateId))
                    .failures(failures(candidateId));
            writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
        }
    }

    @Override
    public void readState(StateReader reader) {
        counts.clear();
        while (reader.hasRemaining()) {
            decoder.wrapAndApplyHeader(reader.buffer(), reader.position(), headerDecoder);
            put(decoder.candidateId(), decoder.successes(), decoder.failures());
            reader.advance(MessageHeaderDecoder.ENCODED_LENGTH + decoder.encodedLength());
        }
    }

    private void put(long candidateId, long successes, long failures) {
        counts.put(candidateId, successes << Integer.SIZE | failures);
    }
}
